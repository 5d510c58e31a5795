#include "setup/shell.h"

#include <string.h>
#include <talloc.h>

#include "base/buffer.h"

char *shell_word(const void *ctx, const char *word)
{
	struct buffer quoted = buffer_new(ctx);

	if (word[0] != '\0' && word[strcspn(word, " \t\n\"'`$&|;<>()*?[]~#!\\{}^=")] == '\0')
		return talloc_strdup(ctx, word);
	buffer_add(&quoted, "'", 1);
	for (; word[0] != '\0'; word++)
		buffer_add_string(
		        &quoted, word[0] == '\'' ? "'\\''" : (const char[]){word[0], '\0'});
	buffer_add(&quoted, "'", 1);
	return buffer_text(&quoted);
}
