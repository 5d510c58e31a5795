#include "knowledge/formats.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

/* The sum of weights that makes a mail a bounce, which two independent signs have; and the sum that
 * the signs in its header must have for a mail to be parsed. */
#define SIGNS_ENOUGH 6
#define SIGNS_STRONG 7 /* if the mail has an automatic reply's format */
#define SIGNS_POSSIBLE 2

struct formats {
	struct problems *problems;
	const struct format_set *set; /* NULL: not read yet */
};

struct formats *formats_new(const void *ctx, struct problems *problems)
{
	struct formats *formats = talloc_zero(ctx, struct formats);

	formats->problems = problems;
	return formats;
}

/* Returns the formats. The user's are read together with ours, whose words they may use; without
 * them, nothing need be read. */
static const struct format_set *formats_set(struct formats *formats)
{
	if (formats->set == NULL) {
		const struct sources *sources = source_list(formats, "formats", formats->problems);

		formats->set = sources->count > 0 && sources->list[0].user
		                       ? formats_parse(formats, sources, formats->problems)
		                       : &formats_built_in;
	}
	return formats->set;
}

void formats_gather(struct formats *formats)
{
	formats_set(formats);
}

struct formats *formats_read(
        const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct formats *formats = formats_new(ctx, problems);

	formats->set = formats_parse(formats, sources, problems);
	return formats;
}

const struct format *formats_general(struct formats *formats)
{
	return &formats_set(formats)->general;
}

/* What is known of a view after a condition has asked for it. All NULL: it is empty. */
struct view_answer {
	bool is_asked;
	const char *value; /* of a header field, folded */
	struct phrase_hits *hits;
	const char *within; /* not NULL: HITS count only if they are in this text, too */
};

struct format_search {
	const void *ctx;
	const struct format_set *set;
	const struct letter *letter;
	bool header_only;
	struct view_answer *asked; /* by view */
	unsigned features;
	bool has_features;
};

/* Returns whether the notice begins with START, words and all. */
static bool begins_body(const struct format_search *search, const char *start)
{
	const char *body = search->letter->view[VIEW_BODY];
	size_t length = start != NULL ? strlen(start) : 0;

	return length > 0 && body != NULL && strncmp(body, start, length) == 0 &&
	       !g_ascii_isalnum(body[length]);
}

/* Finds out what VIEW has, which was not asked for yet. */
static void search_ask(struct format_search *search, unsigned view)
{
	const struct letter *letter = search->letter;
	struct view_answer *asked = &search->asked[view];

	asked->is_asked = true;
	const char *text = NULL;

	if (view < VIEW_COUNT)
		text = letter->view[view];
	else if (letter->header != NULL)
		text = letter->header(letter->argument, search->set->fields[view - VIEW_COUNT]);

	if (text != NULL && view != VIEW_START && view != VIEW_BODY)
		text = text_fold(search->ctx, text, strnlen(text, VALUE_MAX));
	if (text != NULL && view < VIEW_START)
		text = talloc_asprintf(search->ctx, VALUE_BEGINS "%s" VALUE_ENDS, text);
	if (view >= VIEW_COUNT)
		asked->value = text;
	else if (view == VIEW_START && text == letter->view[VIEW_BODY])
		*asked = search->asked[VIEW_BODY]; /* of the body, only this was read */
	else if (view == VIEW_START && begins_body(search, text)) {
		asked->hits = search->asked[VIEW_BODY].hits;
		asked->within = text;
	} else if (text != NULL)
		asked->hits = phrases_search(search->ctx, search->set->phrases, text, strlen(text));
}

static struct format_search search_begin(
        const void *ctx, struct formats *formats, const struct letter *letter, bool header_only)
{
	const struct format_set *set = formats_set(formats);
	struct format_search search = {
	        .ctx = ctx, .set = set, .letter = letter, .header_only = header_only};

	search.asked =
	        talloc_zero_size(ctx, (VIEW_COUNT + set->field_count) * sizeof *search.asked);
	search_ask(&search, VIEW_BODY); /* callers need this too */
	return search;
}

/* Returns whether one of the phrases of RUN was found, and stands WITHIN (NULL: anywhere). */
static bool run_holds(const struct phrases *phrases, const struct phrase_hits *hits,
        const struct phrase_run *run, const char *within)
{
	uint32_t n = run->first;
	bool holds;

	while ((holds = phrase_hits_next(hits, &n, run->last)) && within != NULL &&
	        !phrase_is_in(phrases, n, within, strlen(within)))
		n++;
	return holds;
}

/* Returns whether one of the words of FORMAT for USE was found, and stands WITHIN. */
static bool any_run_holds(const struct format *format, unsigned use, const struct phrase_hits *hits,
        const char *within)
{
	const struct phrase_list *words = &format->words[use];
	size_t i = 0;

	while (i < words->count && !run_holds(format->phrases, hits, &words->list[i], within))
		i++;
	return i < words->count;
}

/* Returns whether CONDITION or one of those after it, before END, holds; all are on the same view.
 */
static bool any_holds(struct format_search *search, const struct condition *condition,
        const struct condition *end)
{
	const struct letter *letter = search->letter;
	unsigned view = condition->view;

	if (view == CONDITION_HAS) {
		if (!search->has_features && letter->features != NULL)
			search->features =
			        letter->features(letter->argument, search->asked[VIEW_BODY].hits);
		search->has_features = true;
		return (search->features & condition->features) != 0;
	}
	const struct view_answer *asked = &search->asked[view];

	if (!asked->is_asked)
		search_ask(search, view);
	if (asked->hits == NULL && asked->value == NULL)
		return false;
	for (; condition < end && condition->view == view; condition++)
		if (asked->hits != NULL ? run_holds(search->set->phrases, asked->hits,
		                                  &condition->run, asked->within)
		                        : text_glob(condition->glob, asked->value))
			return true;
	return false;
}

/* Returns whether a condition of BLOCK on VIEW, or an exception, can't be decided by the header
 * alone. */
static bool is_open(const struct format *block, unsigned view, bool is_exception)
{
	bool is_has = view == CONDITION_HAS, is_text = view == VIEW_BODY || is_has;

	if (is_exception)
		return is_text || view == VIEW_START;
	if (block->is_sign)
		return is_has && block->weight > 0 && block->asks_header;
	return is_text || (view == VIEW_START && block->asks_header);
}

/* Returns whether of each view in LIST, the conditions or IS_EXCEPTION the exceptions of BLOCK, one
 * holds or none does, as far as that can be decided. */
static bool list_fits(struct format_search *search, const struct format *block,
        const struct condition_list *list, bool is_exception)
{
	for (size_t i = 0; i < list->count;) {
		const struct condition *at = &list->list[i];

		if (!(search->header_only && is_open(block, at->view, is_exception)) &&
		        any_holds(search, at, list->list + list->count) == is_exception)
			return false;
		while (i < list->count && list->list[i].view == at->view)
			i++;
	}
	return true;
}

/* Returns whether BLOCK's conditions hold, or may hold as far as the header tells. */
static bool block_fits(struct format_search *search, const struct format *block)
{
	return block->conditions.count > 0 && list_fits(search, block, &block->conditions, false) &&
	       list_fits(search, block, &block->exceptions, true);
}

/* Returns whether HELD has another sign of SIGN's group (`group/name`) that is heavier, or as heavy
 * and earlier. */
static bool is_outweighed(const struct format_set *set, const struct format *sign, const bool *held)
{
	const char *slash = strchr(sign->name, '/');

	for (size_t i = 0; slash != NULL && i < set->count; i++) {
		const struct format *other = &set->list[i];

		if (held[i] && other != sign &&
		        strncmp(other->name, sign->name, (size_t)(slash + 1 - sign->name)) == 0 &&
		        (abs(other->weight) > abs(sign->weight) ||
		                (other->weight == sign->weight && other < sign)))
			return true;
	}
	return false;
}

/* Returns the sum of the signs' weights. */
static int search_signs(struct format_search *search)
{
	const struct format_set *set = search->set;
	bool *held = talloc_zero_array(search->ctx, bool, (unsigned)set->count + 1);
	int sum = 0;

	for (size_t i = 0; i < set->count; i++)
		held[i] = set->list[i].is_sign && block_fits(search, &set->list[i]);
	for (size_t i = 0; i < set->count; i++)
		if (held[i] && !is_outweighed(set, &set->list[i], held))
			sum += set->list[i].weight;
	return sum;
}

/* Returns the first format that fits; NULL if none does. A mail that may be a person's answer, by
 * the sign `answer`, is not a bounce. */
static const struct format *search_format(struct format_search *search)
{
	const struct format_set *set = search->set;
	const struct format *format, *end = set->list;
	bool is_answer = false;

	if (set->count > 0) /* else there is no list */
		end += set->count;
	for (format = set->list; format < end && !is_answer; format++)
		is_answer = format->is_sign && strcmp(format->name, "answer") == 0 &&
		            block_fits(search, format);
	for (format = set->list; format < end; format++)
		if (!format->is_sign &&
		        !(is_answer && kind_is_bounce(format->kind) && !format->answers) &&
		        block_fits(search, format))
			return format;
	return NULL;
}

const struct format *formats_detect(const void *ctx, struct formats *formats,
        const struct letter *letter, struct phrase_hits **hits)
{
	struct format_search search = search_begin(ctx, formats, letter, false);
	const struct format *format = search_format(&search);

	*hits = search.asked[VIEW_BODY].hits;
	if (format != NULL ? format->kind != KIND_AUTO_REPLY : letter->is_report)
		return format;
	return search_signs(&search) >= (format != NULL ? SIGNS_STRONG : SIGNS_ENOUGH)
	               ? &search.set->general
	               : format;
}

bool formats_may_detect(struct formats *formats, const struct letter *letter)
{
	SCOPED void *ctx = talloc_new(formats);
	struct format_search search = search_begin(ctx, formats, letter, true);

	return search_signs(&search) >= SIGNS_POSSIBLE || search_format(&search) != NULL;
}

struct format_words format_words_of(const struct format *format, const struct phrase_hits *hits)
{
	struct format_words words = {format, hits, 0};

	for (unsigned use = 0; hits != NULL && use < WORDS_COUNT; use++)
		if (any_run_holds(format, use, hits, NULL))
			words.uses |= 1u << use;
	return words;
}

bool format_words_in(const struct format_words *words, enum words_for use, const char *folded)
{
	return format_words_any(words, use) &&
	       any_run_holds(words->format, use, words->hits, folded);
}

bool format_words_in_line(
        const struct format_words *words, enum words_for use, const char *line, size_t length)
{
	char folded[NOTICE_LINE_MAX + 1];

	if (!format_words_any(words, use)) /* most words are nowhere in the notice */
		return false;
	text_fold_into(folded, line, MIN(length, NOTICE_LINE_MAX));
	return format_words_in(words, use, folded);
}
