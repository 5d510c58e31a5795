#include "formats.h"

#include <string.h>
#include <talloc.h>

#include "array.h"
#include "limits.h"
#include "text.h"

/* About what the embedded formats take; more is had from malloc. */
#define FORMATS_SIZE (512u << 10)

struct formats {
	struct format *list;
	size_t count;
	struct phrases *phrases;
};

/* A letter, searched. */
struct search {
	const struct letter *letter;
	struct phrase_hits *hits[VIEW_HEADER];
	bool header_only;
};

static bool formats_add(void *argument, const struct format *format)
{
	struct formats *formats = argument;
	struct format *list = array_grow(formats, formats->list, struct format, formats->count);

	if (list == NULL)
		return false;
	formats->list = list;
	list[formats->count++] = *format;
	return true;
}

enum status formats_open(const void *ctx, struct problems *problems, struct formats **out)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct formats *formats = pool != NULL ? talloc_zero(pool, struct formats) : NULL;
	struct sources *sources;
	enum status status;
	size_t i;

	if (formats == NULL || (formats->phrases = phrases_new(formats)) == NULL)
		return STATUS_TRY_LATER;
	status = source_list(formats, "formats", problems, &sources);
	for (i = 0; status == STATUS_OK && i < sources->count; i++)
		status = format_read(formats, &sources->list[i], formats->phrases, problems, formats_add, formats);
	if (status == STATUS_OK && !phrases_compile(formats->phrases))
		status = STATUS_TRY_LATER;
	*out = formats;
	return status;
}

const struct format *formats_list(const struct formats *formats, size_t *count)
{
	*count = formats->count;
	return formats->list;
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

static bool format_looks_at_header(const struct format *format)
{
	size_t i;

	for (i = 0; i < format->condition_count; i++)
		if (format->conditions[i].view != VIEW_START && format->conditions[i].view != VIEW_BODY &&
		        !format->conditions[i].unless)
			return true;
	return false;
}

/* Whether a condition can't be judged yet. */
static bool condition_is_open(const struct search *search, const struct condition *condition, bool looks_at_header)
{
	if (!search->header_only)
		return false;
	return condition->view == VIEW_BODY || (condition->view == VIEW_START && (looks_at_header || condition->unless));
}

static bool format_fits(const void *ctx, const struct search *search, const struct format *format)
{
	bool looks_at_header = search->header_only && format_looks_at_header(format);
	unsigned long held = 0, wanted = (1ul << format->group_count) - 1;
	size_t i;

	for (i = 0; i < format->condition_count; i++) {
		const struct condition *condition = &format->conditions[i];
		bool open = condition_is_open(search, condition, looks_at_header);

		if (!condition->unless && (held & 1ul << condition->group))
			continue;
		if (condition->unless && !open && condition_holds(ctx, search, condition))
			return false;
		if (!condition->unless && (open || condition_holds(ctx, search, condition)))
			held |= 1ul << condition->group;
	}
	return held == wanted && format->group_count > 0;
}

static const struct format *formats_find(const struct formats *formats, const struct letter *letter, bool header_only)
{
	struct search search = {.letter = letter, .header_only = header_only};
	void *ctx = talloc_new(formats);
	const struct format *found = NULL;
	size_t i;
	int view;

	for (view = 0; view < VIEW_HEADER; view++)
		search.hits[view] = search_view(ctx, formats, (enum view)view, letter->view[view]);
	for (i = 0; found == NULL && i < formats->count; i++)
		if (format_fits(ctx, &search, &formats->list[i]))
			found = &formats->list[i];
	talloc_free(ctx);
	return found;
}

const struct format *formats_detect(const struct formats *formats, const struct letter *letter)
{
	return formats_find(formats, letter, false);
}

bool formats_may_detect(const struct formats *formats, const struct letter *letter)
{
	return formats_find(formats, letter, true) != NULL;
}
