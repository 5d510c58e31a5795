/* A letter, by which a program is chosen, and a file of its user's; behind NULs, the words of a command. The lines that setup puts in are there once,
 * and so is all that was there before; the command stands in a line for a shell. */
#include "setup/setup.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "base/list.h"
#include "setup/setup-print.h"
#include "setup/shell.h"

#define LINES_MAX 20000

/* Where the lines of TEXT start that are no comments, counted from BASE if they are behind FROM. */
struct starts {
	size_t list[LINES_MAX];
	size_t count;
};

static struct starts *starts_of(const void *ctx, const char *text)
{
	struct starts *starts = talloc(ctx, struct starts);
	struct place_line line = {0};

	for (starts->count = 0; place_line_next(text, &line); starts->count++) {
		CHECK(starts->count < LINES_MAX && line.length > 0 && line.number <= line.last);
		CHECK(line.text >= text + line.start && line.text + line.length <= text + line.next);
		CHECK(line.start == 0 || text[line.start - 1] == '\n');
		starts->list[starts->count] = line.start;
	}
	return starts;
}

static int lines_in(const char *text, size_t length)
{
	int count = 0;

	for (; length > 0; length--)
		count += *text++ == '\n';
	return count;
}

static void check_place(const char *text, const struct place *place, place_rule *rule)
{
	size_t length = strlen(text);
	int lines = lines_in(text, length) + (length > 0 && text[length - 1] != '\n');

	CHECK(place->at <= place->end || place->state == PLACE_BY_HAND);
	CHECK(place->at <= length && place->end <= length && place->line <= lines + 1);
	CHECK(place->at == 0 || place->at == length || text[place->at - 1] == '\n');
	if (place->state == PLACE_BY_HAND)
		CHECK(place->why != NULL || rule == place_by_hand);
	else if (place->at < length)
		CHECK(place->line == lines_in(text, place->at) + 1);
	if (place->state == PLACE_FREE)
		CHECK(place->at == place->end && (!place->is_last || (place->at == length && place->line == lines + 1)));
}

/* All lines of TEXT still begin where they did, and between them ours do. */
static void check_lines(const void *ctx, const char *text, const char *filled, size_t at, size_t more, const char *marked)
{
	struct starts *before = starts_of(ctx, text), *after = starts_of(ctx, filled), *ours = starts_of(ctx, marked);
	size_t i, front = (size_t)(strstr(filled + at, marked) - filled), kept = 0;

	CHECK(after->count == before->count + ours->count);
	while (kept < before->count && before->list[kept] < at)
		kept++;
	for (i = 0; i < kept; i++)
		CHECK(after->list[i] == before->list[i]);
	for (i = 0; i < ours->count; i++)
		CHECK(after->list[kept + i] == front + ours->list[i]);
	for (i = kept; i < before->count; i++)
		CHECK(after->list[ours->count + i] == before->list[i] + more);
}

/* TEXT with MARKED in PLACE: all of TEXT but what stood between our marks, all of MARKED, and empty lines. */
static char *check_filled(const void *ctx, const char *text, const struct place *place, const char *marked)
{
	char *filled = place_fill(ctx, text, place, marked);
	size_t tail = strlen(text + place->end), length = strlen(filled), more = length - place->at - tail, above, below;

	CHECK(length >= place->at + strlen(marked) + tail && strncmp(filled, text, place->at) == 0);
	CHECK(strcmp(filled + length - tail, text + place->end) == 0);
	above = strspn(filled + place->at, "\n");
	CHECK(strncmp(filled + place->at + above, marked, strlen(marked)) == 0);
	below = more - above - strlen(marked);
	CHECK(above <= 2 && below <= 1 && (below == 0 || filled[length - tail - 1] == '\n'));
	CHECK(place->state == PLACE_FREE || above + below == 0);
	if (place->state == PLACE_FREE)
		check_lines(ctx, text, filled, place->at, more, marked);
	return filled;
}

/* The file of TOPIC's program. */
static void check_rule(const void *ctx, const struct setup_topic *topic, const char *text)
{
	char *lines = talloc_asprintf(ctx, "%s/opt/%s%s\n", topic->head, topic->keys[0], topic->tail != NULL ? topic->tail : "");
	char *marked = place_mark(ctx, topic->name, lines), *filled;
	struct place place = place_find(topic->rule, text, topic->name, marked, topic->keys), again;

	check_place(text, &place, topic->rule);
	if (place.state != PLACE_FREE && place.state != PLACE_OLD)
		return;
	filled = check_filled(ctx, text, &place, marked);
	again = place_find(topic->rule, filled, topic->name, marked, topic->keys);
	CHECK(again.state == PLACE_THERE);
}

/* An installation, and a user's home, where nothing is yet. */
static struct setup new_setup(const void *ctx, const char *program)
{
	static bool is_made;
	char *home = talloc_asprintf(ctx, "%s/user", fuzz_scratch());
	struct setup setup = {.program = talloc_strdup(ctx, program), .prefix = talloc_strdup(ctx, fuzz_scratch()), .home = home};
	static const char *const folders[] = {"", "/user", "/user/.config", "/user/hooks", "/share", "/share/notmuch-bounce",
	        "/share/notmuch-bounce/plugin", "/share/notmuch-bounce/recipes"};
	size_t i;

	setup.config = talloc_asprintf(ctx, "%s/.config", home);
	setup.hooks = talloc_asprintf(ctx, "%s/hooks", home);
	setup.new_tags = "unread;new";
	for (i = 0; !is_made && i < sizeof folders / sizeof *folders; i++)
		mkdir(talloc_asprintf(ctx, "%s%s", fuzz_scratch(), folders[i]), 0755);
	for (i = 0; !is_made && setup_topics[i] != NULL; i++)
		if (setup_topics[i]->source != NULL)
			fuzz_write(talloc_asprintf(ctx, "%s/share/notmuch-bounce/%s", fuzz_scratch(), setup_topics[i]->source),
			        "", 0);
	is_made = true;
	return setup;
}

/* setup --write, once and again. */
static void check_write(
        const void *ctx, const struct setup *setup, const struct setup_topic *topic, const char *path, const char *text)
{
	struct setup_step step, again;
	char *filled, *copy, *kept, *got;
	const char *why;
	size_t length;

	CHECK(setup_find(ctx, setup, topic, &step, &why) == STATUS_OK && strcmp(step.file.target, path) == 0);
	check_place(step.text, &step.place, topic->needs_file && !step.file.exists ? place_by_hand : topic->rule);
	fuzz_check_shown(setup_text(ctx, &step, topic));
	if (setup_is_done(&step) || step.place.state == PLACE_BY_HAND)
		return;
	filled = step.place.state == PLACE_THERE ? talloc_strdup(ctx, step.text)
	                                         : check_filled(ctx, step.text, &step.place, step.marked);
	CHECK(user_file_write(ctx, &step.file, filled, step.mode, &copy, &why) == STATUS_OK);
	CHECK((copy != NULL) == step.file.exists);
	got = fuzz_read(ctx, path, &length);
	CHECK(got != NULL && strcmp(got, filled) == 0);
	if (copy != NULL) {
		kept = fuzz_read(ctx, copy, &length);
		CHECK(kept != NULL && strcmp(kept, text) == 0 && unlink(copy) == 0);
	}
	CHECK(setup_find(ctx, setup, topic, &again, &why) == STATUS_OK && setup_is_done(&again));
	/* The file was read before it was changed: nothing is written any more. */
	if (strcmp(filled, text) == 0)
		return;
	CHECK(user_file_write(ctx, &step.file, "", step.mode, &copy, &why) == STATUS_LOCKED);
	CHECK(strcmp(fuzz_read(ctx, path, &length), filled) == 0 && (copy == NULL || access(copy, F_OK) != 0));
}

static void check_file(const void *ctx, const struct setup_topic *topic, const char *text, const char *program)
{
	struct setup setup = new_setup(ctx, program);
	char *path = setup_new_path(ctx, &setup, topic), *target = path;

	if (text[0] != '\0')
		fuzz_write(path, text, strlen(text));
	/* Some keep their file elsewhere, and a link to it here. */
	if (text[0] != '\0' && strlen(text) % 3 == 0) {
		target = talloc_asprintf(ctx, "%s/user/elsewhere", fuzz_scratch());
		CHECK(rename(path, target) == 0 && symlink(target, path) == 0);
	}
	check_write(ctx, &setup, topic, target, text);
	CHECK(strcmp(path, target) == 0 || readlink(path, (char[1]){0}, 1) == 1);
	unlink(target);
	unlink(path);
}

/* The next word of LINE as a shell reads it, which may be nothing but letters and signs that mean nothing to it, and quotes; NULL: there is none. */
static char *shell_word(const void *ctx, const char **line)
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
	char **command = list_new(ctx);
	size_t count = 0, i;
	const char *line;

	while (size > 0)
		list_add(ctx, &command, &count, fuzz_part(ctx, &data, &size));
	line = shell_line(ctx, command);
	for (i = 0; i < count; i++) {
		char *word = shell_word(ctx, &line);

		CHECK(word != NULL && strcmp(word, command[i]) == 0);
	}
	CHECK(line[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *program = size % 2 ? "/usr/local/bin/notmuch-bounce" : "/opt/of mine/bin/notmuch-bounce";
	char *text = fuzz_part(ctx, &data, &size);
	size_t chosen = (unsigned char)text[0] % 32, i;

	text += text[0] != '\0';
	for (i = 0; setup_topics[i] != NULL; i++) {
		const struct setup_topic *topic = setup_topics[i];

		if (topic->rule == NULL)
			continue;
		check_rule(ctx, topic, text);
		if (i + 1 == chosen)
			check_file(ctx, topic, text, program);
	}
	check_shell(ctx, data, size);
	talloc_free(ctx);
	return 0;
}
