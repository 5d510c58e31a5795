#include "setup/setup-print.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

#define SHOWN_MAX 50 /* bytes of a line of the user's */

char *setup_path_text(const void *ctx, const char *path)
{
	return text_one_line(ctx, path, strlen(path), VALUE_MAX);
}

/* The line of the user's at TEXT. */
static char *shown_line(const void *ctx, const char *text)
{
	return text_one_line(ctx, text, strcspn(text, "\n"), SHOWN_MAX);
}

/* The file, and where its links lead. */
static char *file_text(const void *ctx, const struct user_file *file)
{
	char *path = setup_path_text(ctx, file->path), *target = setup_path_text(ctx, file->target);

	const char *protected = file->protected ? " (write-protected)" : "";

	if (strcmp(file->path, file->target) == 0)
		return talloc_asprintf(ctx, "%s%s", path, protected);
	return talloc_asprintf(ctx, "%s (a link to %s)%s", path, target, protected);
}

static char *there_text(const void *ctx, const struct setup_step *step, const char *file, const char *line)
{
	const char *but = setup_is_done(step) ? "" : ", but not executable";

	/* Our own begin with a mark, which says nothing. */
	if (line[0] == '#')
		return talloc_asprintf(ctx, "  already in %s, line %d%s\n", file, step->place.line, but);
	return talloc_asprintf(ctx, "  already in %s, line %d%s,\n  as %s\n", file, step->place.line, but, line);
}

/* In which file, and where in it. */
static char *where_text(const void *ctx, const struct setup_step *step)
{
	const struct place *place = &step->place;
	const char *file = file_text(ctx, &step->file), *line = shown_line(ctx, step->text + place->at);

	if (place->state == PLACE_THERE)
		return there_text(ctx, step, file, line);
	if (place->state == PLACE_BY_HAND && place->line > 0)
		return talloc_asprintf(
		        ctx, "  %s, by hand, because of line %d,\n  %s\n  %s:\n", file, place->line, line, place->why);
	if (place->state == PLACE_BY_HAND && place->why != NULL)
		return talloc_asprintf(ctx, "  %s, by hand:\n  %s:\n", file, place->why);
	if (place->state == PLACE_BY_HAND)
		return talloc_asprintf(ctx, "  %s, by hand:\n  %s\n  %s\n", file, step->topic->note, step->source);
	if (place->state == PLACE_OLD)
		return talloc_asprintf(ctx, "  %s, instead of what setup put in there, from line %d on:\n", file, place->line);
	if (!step->file.exists)
		return talloc_asprintf(ctx, "  %s, a new file:\n", file);
	if (step->text[place->at] == '\0')
		return talloc_asprintf(ctx, "  %s, at the end:\n", file);
	return talloc_asprintf(ctx, "  %s, before line %d,\n  %s\n", file, place->line, line);
}

char *setup_text(const void *ctx, const struct setup_step *step, const struct setup_topic *asked)
{
	const struct setup_topic *topic = step->topic;
	const struct place *place = &step->place;
	const char *where = where_text(ctx, step), *lines;
	char *text = talloc_asprintf(ctx, "%s: %s\n", topic->name, topic->purpose);

	if (asked != topic)
		text = talloc_asprintf_append_buffer(text, "  %s reads this file as well\n", asked->name);
	text = talloc_strdup_append_buffer(text, where);
	if (place->state == PLACE_THERE)
		return talloc_strdup_append_buffer(text, "\n");
	/* The first line of a new script as well. */
	lines = step->file.length == 0 && place->state == PLACE_FREE ? place_fill(ctx, step->text, place, step->marked)
	                                                             : step->marked;
	return talloc_asprintf_append_buffer(text, "\n%s\n", lines);
}
