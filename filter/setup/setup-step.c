/* What a topic takes here: its lines, the user's file, and the place in it. */
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/list.h"
#include "setup/setup.h"

/* What each of the languages, and the shell, takes for itself. Blanks go between quotes. */
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-@:,=%"

char *setup_source(const void *ctx, const struct setup *setup, const struct setup_topic *topic, char **place)
{
	static const char *const folders[] = {"/share", ""}; /* of the source tree */
	const char *source = setup->hooks == NULL && topic->without_index != NULL ? topic->without_index : topic->source;
	char *path = talloc_asprintf(ctx, "%s/share/notmuch-bounce/%s", setup->prefix, source);
	size_t i;

	*place = path;
	for (i = 0; access(path, R_OK) != 0; i++) {
		if (i == sizeof folders / sizeof *folders)
			return NULL;
		path = talloc_asprintf(ctx, "%s%s/%s", setup->prefix, folders[i], source);
	}
	return path;
}

/* Whether the languages take PATH as it is, between quotes. */
static bool is_plain(const char *path)
{
	return path[strspn(path, PLAIN " ")] == '\0';
}

/* PATH for where HEAD ends, with quotes if it needs and hasn't them; NULL if they would not be enough. */
static char *quoted(const void *ctx, const char *path, const char *head)
{
	if (!is_plain(path))
		return NULL;
	if (path[strspn(path, PLAIN)] == '\0' || strchr(head, '"') != NULL)
		return talloc_strdup(ctx, path);
	return talloc_asprintf(ctx, "\"%s\"", path);
}

/* A line that lets the programs find this one, if it isn't where all of them look; else an empty one. */
static char *path_line(const void *ctx, const struct setup *setup, const struct setup_topic *topic)
{
	static const char *const usual[] = {"/usr/local/bin", "/usr/bin", "/bin", NULL};
	char *folder = talloc_strndup(ctx, setup->program, (size_t)(strrchr(setup->program, '/') - setup->program));

	if (topic->path_head == NULL || list_has(usual, folder))
		return talloc_strdup(ctx, "");
	return talloc_asprintf(ctx, "%s%s:$PATH\"\n", topic->path_head, folder);
}

/* STEP's lines, which end in TAIL, between our marks. */
static enum status make_lines(
        const void *ctx, const struct setup *setup, struct setup_step *step, const char *tail, const char **why)
{
	const struct setup_topic *topic = step->topic;
	char *place = NULL, *path = topic->source != NULL ? setup_source(ctx, setup, topic, &place) : setup->program;
	char *word, *first = path_line(ctx, setup, topic), *lines;

	if (path == NULL) {
		*why = talloc_asprintf(ctx, "what came with the program is not where it should be: %s", place);
		return STATUS_NO_INPUT;
	}
	*why = talloc_asprintf(ctx, "such a file would misread this path: %s", path);
	word = quoted(ctx, path, topic->head);
	if (word == NULL || !is_plain(setup->program))
		return STATUS_NO_INPUT;
	lines = talloc_asprintf(ctx, "%s%s%s%s\n", first, topic->head, tail != NULL ? word : "", tail != NULL ? tail : "");
	step->source = topic->source != NULL ? path : NULL;
	step->marked = place_mark(ctx, topic->name, lines);
	return STATUS_OK;
}

/* Whether a script of the user's has to find the tag `new` on new mail, which has had it up to now: then that script takes it off. What setup once
 * found of it stays. */
static bool needs_tag_new(const struct setup *setup, const struct setup_step *step)
{
	static const char option[] = "--remove-tag";
	struct place_line line = {0};

	if (step->place.state == PLACE_OLD)
		return memmem(step->text + step->place.at, step->place.end - step->place.at, option, sizeof option - 1) == NULL;
	return setup_has_new_tag(setup, "new") && place_line_next(step->text, &line);
}

/* Fill STEP in, whose topic and file are known; its lines end in TAIL. */
static enum status find_place(
        const void *ctx, const struct setup *setup, struct setup_step *step, const char *tail, const char **why)
{
	const struct setup_topic *topic = step->topic;
	place_rule *rule = topic->needs_file && !step->file.exists ? place_by_hand : topic->rule;
	enum status status = make_lines(ctx, setup, step, tail, why);

	if (status == STATUS_OK)
		step->place = place_find(rule, step->text, topic->name, step->marked, topic->keys);
	return status;
}

/* Of a new script, as the user's other files have it. */
static mode_t script_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0755 & ~mask;
}

enum status setup_find(
        const void *ctx, const struct setup *setup, const struct setup_topic *topic, struct setup_step *step, const char **why)
{
	char *path = setup_path(ctx, setup, topic), *shared = NULL;
	enum status status;

	*why = talloc_asprintf(ctx, "needs a notmuch index: %s", setup->no_index != NULL ? setup->no_index : "there is none");
	if (topic->needs_index && setup->hooks == NULL)
		return STATUS_NO_INPUT;
	if (path == NULL)
		path = setup_new_path(ctx, setup, topic);
	*why = "HOME is not set, which says where your files are";
	if (path == NULL)
		return STATUS_USAGE;
	if (topic->shared != NULL && setup_is_installed(topic->shared->program))
		shared = setup_path(ctx, setup, topic->shared);
	*step = (struct setup_step){.topic = shared != NULL && strcmp(shared, path) == 0 ? topic->shared : topic};
	status = user_file_read(ctx, path, &step->file, why);
	if (status != STATUS_OK) {
		*why = talloc_asprintf(ctx, "%s %s", path, *why);
		return status;
	}
	step->mode = step->file.mode;
	step->text = step->file.text;
	if (topic->is_script) {
		step->mode = step->file.exists ? step->mode | (step->mode & 0444) >> 2 : script_mode();
		step->text = step->file.length > 0 ? step->text : "#!/bin/sh\n";
	}
	status = find_place(ctx, setup, step, step->topic->tail, why);
	if (status == STATUS_OK && topic->is_script && step->place.state != PLACE_THERE && needs_tag_new(setup, step))
		status = find_place(ctx, setup, step, " tag", why);
	return status;
}

bool setup_is_done(const struct setup_step *step)
{
	return step->place.state == PLACE_THERE && step->file.mode == step->mode;
}
