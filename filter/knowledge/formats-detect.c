#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "knowledge/formats-set.h"
#include "text/text.h"

/* A letter, searched: which groups of conditions of each format hold by the phrases that were found. */
struct search {
	const struct letter *letter;
	struct phrase_hits *hits[VIEW_HEADER];
	uint32_t *held; /* by format, a bit for each group */
	bool header_only;
};

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
static bool format_fits_else(
        const void *ctx, const struct search *search, const struct format *format, uint32_t held, uint32_t wanted)
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

/* The number of the first format that LETTER fits, or of how many there are. */
static size_t formats_search(struct formats *formats, const struct letter *letter, bool header_only)
{
	struct search search = {.letter = letter, .header_only = header_only};
	void *ctx = talloc_new(formats);
	size_t i = 0;
	int view;

	formats_need(formats);
	search.held = talloc_zero_array(ctx, uint32_t, (unsigned)formats->count + 1);
	for (view = 0; view < VIEW_HEADER; view++) {
		search.hits[view] = search_view(ctx, formats, (enum view)view, letter->view[view]);
		search_mark(formats, &search, view);
	}
	while (i < formats->count && !format_fits(ctx, &search, &formats->list[i], search.held[i]))
		i++;
	talloc_free(ctx);
	return i;
}

const struct format *formats_detect(struct formats *formats, const struct letter *letter)
{
	size_t found = formats_search(formats, letter, false);

	return found < formats->count ? formats_prepared(formats, found) : NULL;
}

bool formats_may_detect(struct formats *formats, const struct letter *letter)
{
	size_t found = formats_search(formats, letter, true);

	return found < formats->count;
}
