/* A file of a user's; behind NULs, what the trial of it said, and the words of a command. A line of ours is found where it is; what is said may be shown; a
 * shell reads the same words. */
/* What cmd-setup.c does within itself is asked: it is here once more, beside the one that is linked. */
#define command_setup command_setup_here
#include "commands/cmd-setup.c"
#include <stdio.h>

#include "base/buffer.h"
#include "base/list.h"
#include "fuzz.h"

static int lines_in(const char *text, size_t length)
{
	int count = 0;

	for (; length > 0; length--)
		count += *text++ == '\n';
	return count;
}

/* TEXT with a line of TOPIC's behind it, which is found unless one was there. */
static void check_line(const void *ctx, const struct setup_topic *topic, const char *text)
{
	int before = setup_line(text, topic->keys), after, all = lines_in(text, strlen(text));
	char *more = talloc_asprintf(ctx, "%s\n  %s\n", text, topic->keys[0]);

	CHECK(before >= 0 && before <= all + 1);
	after = setup_line(more, topic->keys);
	CHECK(after == (before > 0 ? before : all + 2));
}

static void check_trial(const void *ctx, char *said)
{
	struct trial trial;
	const char *words[7];
	size_t i;

	if (!trial_read(ctx, said, &trial))
		return;
	words[0] = trial.said;
	words[1] = trial.message.folder;
	words[2] = trial.message.tags;
	words[3] = trial.message.reason;
	words[4] = trial.bounce.folder;
	words[5] = trial.bounce.tags;
	words[6] = trial.bounce.reason;
	for (i = 0; i < sizeof words / sizeof *words; i++) {
		CHECK(words[i] != NULL && strchr(words[i], '\n') == NULL);
		fuzz_check_shown(words[i]);
	}
}

/* The next word of LINE as a shell reads it, which may be nothing but letters and signs that mean nothing to it, and quotes; NULL: there is none. */
static char *shell_read(const void *ctx, const char **line)
{
	char *word = talloc_strdup(ctx, "");
	size_t plain;

	if (**line == '\0')
		return NULL;
	for (; **line != ' ' && **line != '\0'; *line += plain) {
		if (**line == '\'') {
			plain = strcspn(*line + 1, "'");
			CHECK((*line)[1 + plain] == '\'');
			word = talloc_strndup_append_buffer(word, *line + 1, plain);
			plain += 2;
		} else if (**line == '\\') {
			CHECK((*line)[1] == '\'');
			word = talloc_strdup_append_buffer(word, "'");
			plain = 2;
		} else {
			plain = strcspn(*line, " \t\n\"'`$&|;<>()*?[]~#!\\{}^=");
			CHECK(plain > 0);
			word = talloc_strndup_append_buffer(word, *line, plain);
		}
	}
	*line += **line == ' ';
	return word;
}

static void check_shell(const void *ctx, const uint8_t *data, size_t size)
{
	struct buffer line = buffer_new(ctx);
	char **command = list_new(ctx);
	const char *rest;

	while (size > 0)
		list_add(ctx, &command, fuzz_part(ctx, &data, &size));
	for (size_t i = 0; command[i] != NULL; i++)
		buffer_print(&line, "%s%s", i > 0 ? " " : "", shell_word(ctx, command[i]));
	rest = buffer_text(&line);
	for (size_t i = 0; command[i] != NULL; i++) {
		char *word = shell_read(ctx, &rest);

		CHECK(word != NULL && strcmp(word, command[i]) == 0);
	}
	CHECK(rest[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	char *text = fuzz_part(ctx, &data, &size);
	size_t i;

	for (i = 0; setup_topics[i].name != NULL; i++)
		if (setup_topics[i].keys != NULL)
			check_line(ctx, &setup_topics[i], text);
	check_trial(ctx, fuzz_part(ctx, &data, &size));
	check_shell(ctx, data, size);
	talloc_free(ctx);
	return 0;
}
