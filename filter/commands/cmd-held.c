#include "commands/cmd-held.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "mail/maildir.h"
#include "text/text.h"

/* What of a message is looked at. */
#define SAID_MAX 1000

/* Columns of the line on which mutt says it. */
#define LINE_COLUMNS 79

/* Where a clause of LINE ends that fits into COLUMNS, so that what is cut off is advice and not the
 * point; LINE's length if all of it fits, 0 if only a few words would be left. */
static size_t clause_end(const void *ctx, const char *line, size_t columns)
{
	static const char *const ends[] = {
	        ": ", "; ", ". ", "? ", " (", "：", "；", "。", "（", " : "};
	size_t best = 0, length = strlen(line), i, n;

	if (text_width(line) <= columns)
		return length;
	for (n = 1; n < length; n++)
		for (i = 0; i < sizeof ends / sizeof *ends; i++)
			if (strncmp(line + n, ends[i], strlen(ends[i])) == 0 &&
			        text_width(talloc_strndup(ctx, line, n)) <= columns)
				best = n + (line[n] == '?');
	return best >= columns / 3 ? best : 0;
}

char *held_line(const void *ctx, const char *command, const char *said)
{
	char *prefix = talloc_asprintf(ctx, "notmuch-bounce: %s: ", command), *line, *shown, *p;
	size_t length = said != NULL ? strlen(said) : 0, start;

	while (length > 0 && said[length - 1] == '\n')
		length--;
	for (start = length; start > 0 && said[start - 1] != '\n';)
		start--;
	if (length == start)
		return NULL;
	if (length - start >= strlen(prefix) && strncmp(said + start, prefix, strlen(prefix)) == 0)
		start += strlen(prefix);
	shown = text_one_line(ctx, said + start, length - start, SAID_MAX);
	length = clause_end(ctx, shown, LINE_COLUMNS);
	if (length > 0)
		shown[length] = '\0';
	line = talloc_strdup(ctx, "");
	for (p = text_in_columns(ctx, shown, LINE_COLUMNS); *p != '\0'; p++)
		line = *p == '\'' ? talloc_strdup_append_buffer(line, "’")
		       : strchr("\"`$\\;|<>^", *p) != NULL
		               ? talloc_strdup_append_buffer(line, ".")
		               : talloc_strndup_append_buffer(line, p, 1);
	return line;
}

char *held_echo(const void *ctx, const char *command, const char *said)
{
	const char *line = held_line(ctx, command, said);

	return talloc_asprintf(ctx, "echo '%s'\n", line != NULL ? line : "notmuch-bounce:");
}

void held_forget(void)
{
	void *scratch = talloc_new(NULL);
	char *next = hold_path(scratch, "next");

	hold_forget("text");
	hold_forget("query");
	if (next != NULL)
		maildir_empty(next);
	talloc_free(scratch);
}

/* Keep the explanation, and where the other mail is. */
enum status held_put(const void *ctx, const char *text, const struct counterparts *counterparts)
{
	char *next = hold_path(ctx, "next"), *query = counterpart_in_index(ctx, counterparts);

	if (next != NULL)
		counterpart_put(ctx, counterparts, next);
	if (query != NULL)
		hold_put("query", query);
	return hold_put("text", text);
}

/* As a filter: what the pager would show is left unread, and the explanation comes in its place;
 * once. A filter that was left behind by accident shows the next mail as it is. */
static enum status print_text(const void *ctx)
{
	char *text = hold_get(ctx, "text");

	if (text == NULL)
		return io_copy(STDIN_FILENO, STDOUT_FILENO);
	io_drain(STDIN_FILENO);
	hold_forget("text");
	return cmd_print(text);
}

/* Give the folder that was filled last a name of its own. The mail program may have the one before
 * open: two take turns. */
static char *take_folder(const void *ctx)
{
	static const char *const names[] = {"mail.1", "mail.2"};
	char *next = hold_path(ctx, "next"), *paths[2];
	struct stat st[2] = {{.st_mtim = {0}}};
	size_t i;

	for (i = 0; i < 2; i++) {
		paths[i] = hold_path(ctx, names[i]);
		if (paths[i] == NULL || stat(paths[i], &st[i]) != 0)
			st[i].st_mtim = (struct timespec){0, 0};
	}
	i = st[0].st_mtim.tv_sec > st[1].st_mtim.tv_sec ||
	    (st[0].st_mtim.tv_sec == st[1].st_mtim.tv_sec &&
	            st[0].st_mtim.tv_nsec > st[1].st_mtim.tv_nsec);
	if (next == NULL || paths[i] == NULL || maildir_is_empty(next) ||
	        !maildir_move(next, paths[i]))
		return NULL;
	utimensat(AT_FDCWD, paths[i], NULL, 0); /* which was used last */
	return paths[i];
}

/* As a file of commands. neomutt, which has the index, opens the mail there. */
static enum status print_command(const void *ctx, const char *what)
{
	char *query = strcmp(what, "neomutt") == 0 ? hold_get(ctx, "query") : NULL;

	if (query == NULL)
		query = counterpart_in_folder(ctx, take_folder(ctx));
	return cmd_print(query != NULL ? query
	                               : held_echo(ctx, "explain",
	                                         cmd_text("the mail that came back is not here")));
}

enum status held_print(const void *ctx, const char *what)
{
	return strcmp(what, "text") == 0 ? print_text(ctx) : print_command(ctx, what);
}
