#include "formats.h"

#include <string.h>
#include <talloc.h>

#include "array.h"
#include "limits.h"
#include "text.h"

/* About what the embedded formats take; more is had from malloc. */
#define FORMATS_SIZE (512u << 10)

/* A phrase that is a condition of a format. */
struct use {
	uint16_t format; /* number */
	uint8_t view;
	uint8_t group;
	uint32_t next; /* use of the same phrase, as index + 1 */
};

struct formats {
	struct format *list;
	size_t count;
	struct phrases *phrases;
	uint32_t *first_use; /* by phrase, as index + 1; 0: none */
	size_t phrase_count;
	struct use *uses;
	struct problems *problems;
	enum status status;
	bool is_loaded;
};

/* A letter, searched: which groups of conditions of each format hold by the phrases that were found. */
struct search {
	const struct letter *letter;
	struct phrase_hits *hits[VIEW_HEADER];
	uint32_t *held; /* by format, a bit for each group */
	bool header_only;
};

static bool formats_add(void *argument, const struct format *format)
{
	struct formats *formats = argument;
	struct format *list = array_grow(formats, formats->list, struct format, formats->count);

	if (list == NULL || formats->count == UINT16_MAX)
		return false;
	formats->list = list;
	list[formats->count++] = *format;
	return true;
}

static const struct format *formats_find(const void *argument, const char *name, size_t length)
{
	const struct formats *formats = argument;
	size_t i;

	for (i = formats->count; i-- > 0;)
		if (strncmp(formats->list[i].name, name, length) == 0 && formats->list[i].name[length] == '\0')
			return &formats->list[i];
	return NULL;
}

static bool is_indexed(const struct condition *condition)
{
	return condition->view != VIEW_HEADER && !condition->unless;
}

/* Note for each phrase which conditions it fulfils, so that a search costs what it finds and not what there is. */
static bool formats_index(struct formats *formats)
{
	size_t count = 0, format, i, use = 0;
	int highest = -1;

	for (format = 0; format < formats->count; format++)
		for (i = 0; i < formats->list[format].condition_count; i++)
			if (is_indexed(&formats->list[format].conditions[i])) {
				int phrase = formats->list[format].conditions[i].phrase;

				highest = phrase > highest ? phrase : highest;
				count++;
			}
	formats->phrase_count = (size_t)(highest + 1);
	formats->first_use = talloc_zero_array(formats, uint32_t, (unsigned)formats->phrase_count + 1);
	formats->uses = array_new(formats, struct use, count + 1);
	if (formats->first_use == NULL || formats->uses == NULL)
		return false;
	for (format = 0; format < formats->count; format++)
		for (i = 0; i < formats->list[format].condition_count; i++) {
			const struct condition *condition = &formats->list[format].conditions[i];
			uint32_t *first = &formats->first_use[condition->phrase];

			if (!is_indexed(condition))
				continue;
			formats->uses[use] = (struct use){(uint16_t)format, (uint8_t)condition->view, (uint8_t)condition->group, *first};
			*first = (uint32_t)++use;
		}
	return true;
}

static enum status formats_load(struct formats *formats, const struct sources *sources)
{
	struct format_sink sink = {NULL, formats->problems, formats_add, formats_find, formats};
	enum status status = STATUS_OK;
	size_t i;

	sink.phrases = formats->phrases = phrases_new(formats);
	if (formats->phrases == NULL)
		return STATUS_TRY_LATER;
	for (i = 0; status == STATUS_OK && i < sources->count; i++)
		status = format_read(formats, &sources->list[i], &sink);
	if (status == STATUS_OK && (!phrases_compile(formats->phrases) || !formats_index(formats)))
		status = STATUS_TRY_LATER;
	formats->is_loaded = status == STATUS_OK;
	return status;
}

struct formats *formats_new(const void *ctx, struct problems *problems)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct formats *formats = pool != NULL ? talloc_zero(pool, struct formats) : NULL;

	if (formats != NULL)
		formats->problems = problems;
	return formats;
}

enum status formats_read(const void *ctx, const struct sources *sources, struct problems *problems, struct formats **formats)
{
	*formats = formats_new(ctx, problems);
	return *formats != NULL ? formats_load(*formats, sources) : STATUS_TRY_LATER;
}

/* Load all formats when the first letter is to be searched. */
static bool formats_are_loaded(struct formats *formats)
{
	struct sources *sources;

	if (!formats->is_loaded && formats->status == STATUS_OK) {
		formats->status = source_list(formats, "formats", formats->problems, &sources);
		if (formats->status == STATUS_OK)
			formats->status = formats_load(formats, sources);
	}
	return formats->is_loaded;
}

enum status formats_status(const struct formats *formats)
{
	return formats->status;
}

/* Search one view of the letter. Globs of whole values are phrases between two marks (format.c). */
static struct phrase_hits *search_view(const void *ctx, const struct formats *formats, enum view view, const char *value)
{
	bool whole = view == VIEW_FROM || view == VIEW_SUBJECT;
	char *folded = whole && value != NULL ? text_fold(ctx, value, strnlen(value, VALUE_MAX)) : NULL;

	if (folded != NULL)
		value = talloc_asprintf(ctx, VALUE_BEGINS "%s" VALUE_ENDS, folded);
	return value != NULL ? phrases_search(ctx, formats->phrases, value, strlen(value)) : NULL;
}

static bool search_header(const void *ctx, const struct letter *letter, const struct condition *condition)
{
	const char *value = letter->header(letter->argument, condition->field);
	char *folded = value != NULL ? text_fold(ctx, value, strnlen(value, VALUE_MAX)) : NULL;

	return folded != NULL && text_glob(condition->glob, folded);
}

static bool condition_holds(const void *ctx, const struct search *search, const struct condition *condition)
{
	if (condition->view == VIEW_HEADER)
		return search_header(ctx, search->letter, condition);
	return search->hits[condition->view] != NULL && phrase_hits_has(search->hits[condition->view], condition->phrase);
}

/* Mark in HELD what the phrases found in VIEW fulfil. */
static void search_mark(const struct formats *formats, struct search *search, int view)
{
	const int *found;
	size_t count, i;
	uint32_t use;

	if (search->hits[view] == NULL)
		return;
	found = phrase_hits_list(search->hits[view], &count);
	for (i = 0; i < count; i++) {
		if ((size_t)found[i] >= formats->phrase_count)
			continue;
		for (use = formats->first_use[found[i]]; use != 0; use = formats->uses[use - 1].next)
			if (formats->uses[use - 1].view == view)
				search->held[formats->uses[use - 1].format] |= 1u << formats->uses[use - 1].group;
	}
}

/* Whether the rest of FORMAT's conditions hold: those on other header fields, and what must not be. */
static bool format_fits_else(const void *ctx, const struct search *search, const struct format *format, uint32_t held,
        uint32_t wanted)
{
	size_t i;

	for (i = 0; i < format->condition_count; i++) {
		const struct condition *condition = &format->conditions[i];

		if (condition->unless) {
			if (!(search->header_only && (condition->view == VIEW_BODY || condition->view == VIEW_START)) &&
			        condition_holds(ctx, search, condition))
				return false;
		} else if (condition->view == VIEW_HEADER && !(held & 1u << condition->group) &&
		           condition_holds(ctx, search, condition))
			held |= 1u << condition->group;
	}
	return held == wanted;
}

static bool format_fits(const void *ctx, const struct search *search, const struct format *format, uint32_t held)
{
	const uint32_t *of = format->groups_of;
	uint32_t header = of[VIEW_FROM] | of[VIEW_SUBJECT] | of[VIEW_HEADER], wanted = header | of[VIEW_START] | of[VIEW_BODY];

	if (wanted == 0 || format->name[0] == '.')
		return false;
	if (search->header_only)
		held |= of[VIEW_BODY] | (header != 0 ? of[VIEW_START] : 0);
	return (held | of[VIEW_HEADER]) == wanted && format_fits_else(ctx, search, format, held, wanted);
}

static const struct format *formats_search(struct formats *formats, const struct letter *letter, bool header_only)
{
	struct search search = {.letter = letter, .header_only = header_only};
	const struct format *found = NULL;
	void *ctx;
	size_t i;
	int view;

	if (!formats_are_loaded(formats))
		return NULL;
	ctx = talloc_new(formats);
	search.held = talloc_zero_array(ctx, uint32_t, (unsigned)formats->count + 1);
	for (view = 0; search.held != NULL && view < VIEW_HEADER; view++) {
		search.hits[view] = search_view(ctx, formats, (enum view)view, letter->view[view]);
		search_mark(formats, &search, view);
	}
	for (i = 0; search.held != NULL && found == NULL && i < formats->count; i++)
		if (format_fits(ctx, &search, &formats->list[i], search.held[i]))
			found = &formats->list[i];
	talloc_free(ctx);
	return found;
}

const struct format *formats_detect(struct formats *formats, const struct letter *letter)
{
	return formats_search(formats, letter, false);
}

bool formats_may_detect(struct formats *formats, const struct letter *letter)
{
	return formats_search(formats, letter, true) != NULL;
}
