#include "knowledge/phrases.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "text/text.h"

struct phrases *phrases_new(const void *ctx)
{
	struct phrases *set = talloc_zero(ctx, struct phrases);

	set->by_eight = talloc_zero_array(set, uint32_t, PHRASE_KEYS);
	set->by_four = talloc_zero_array(set, uint32_t, PHRASE_KEYS);
	set->by_byte = talloc_zero_array(set, uint32_t, 256);
	set->filter_eight = talloc_zero_array(set, uint32_t, PHRASE_FILTER_WORDS);
	set->filter_four = talloc_zero_array(set, uint32_t, PHRASE_FILTER_WORDS);
	return set;
}

/* Returns the eight bytes from AT on as a number, the first one lowest, with zeros after END. */
static uint64_t head_at(const char *at, const char *end)
{
	uint64_t head = 0;

	if (end - at >= 8)
		memcpy(&head, at, 8);
	else
		memcpy(&head, at, (size_t)(end - at));
	return GUINT64_FROM_LE(head);
}

/* Returns the key of HEAD with three bits more, which are its bit in the filter. */
static uint32_t key_of(uint64_t head)
{
	return (uint32_t)(head * 0x9E3779B97F4A7C15u >> (64 - PHRASE_KEY_BITS - 3));
}

/* Returns the key of the first four bytes of HEAD. */
static uint32_t key_of_four(uint64_t head)
{
	return key_of((uint32_t)head);
}

static bool filter_has(const uint32_t *filter, uint32_t key)
{
	return filter[key / 32] >> key % 32 & 1;
}

/* Cuts the `*` and blanks at the ends off LENGTH bytes at *TEXT: they mean nothing there, as a
 * folded text has no blanks at its ends. Returns the new length. */
static size_t phrase_trim(const char **text, size_t length)
{
	for (; length > 0 && (**text == '*' || **text == ' '); length--)
		++*text;
	while (length > 0 && ((*text)[length - 1] == '*' || (*text)[length - 1] == ' '))
		length--;
	return length;
}

/* Returns the phrase whose LENGTH bytes of TEXT begin with a first part of FIRST bytes. */
static struct phrase phrase_of(
        const char *text, size_t length, size_t first, bool before, bool after)
{
	uint64_t head = head_at(text, text + first);

	return (struct phrase){.head_low = (uint32_t)head,
	        .head_high = (uint32_t)(head >> 32),
	        .surplus = first < 8 ? (uint32_t)(64 - 8 * first) : 0,
	        .length = (uint32_t)length,
	        .first = (uint32_t)first,
	        .edge_before = before,
	        .edge_after = after};
}

/* Returns where the first phrase with the key of P, TEXT, stands; its bit in the filter is set. */
static uint32_t *slot_of(struct phrases *set, const struct phrase *p, const char *text)
{
	uint64_t head = head_at(text, text + p->first);
	uint32_t key = p->first >= 8 ? key_of(head) : key_of_four(head);
	const uint32_t *filter = p->first >= 8 ? set->filter_eight : set->filter_four;

	if (p->first == 0)
		return &set->always;
	if (p->first < 4)
		return (uint32_t *)&set->by_byte[(unsigned char)*text];
	((uint32_t *)filter)[key / 32] |= 1u << key % 32;
	return (uint32_t *)&(p->first >= 8 ? set->by_eight : set->by_four)[key >> 3];
}

/* Adds P, whose text stands at TEXT, behind a byte that can be written to. Returns its number. */
static uint32_t phrase_insert(struct phrases *set, struct phrase p, char *text)
{
	uint32_t count = set->texts.count;

	text[-1] = (char)('0' + 2 * p.edge_before + p.edge_after);
	uint32_t number = numbering_add(set, &set->texts, text - 1, 1 + p.length);
	if (number == count) {
		uint32_t *slot = slot_of(set, &p, text);
		struct phrase *list = array_grow(set, set->list, number, sizeof *list);

		p.at = set->texts.keys[number].at + 1;
		p.next = *slot;
		*slot = number + 1;
		list[number] = p;
		set->list = list;
	}
	return number;
}

uint32_t phrases_add(struct phrases *set, const char *phrase)
{
	SCOPED char *folded = talloc_size(set, 1 + strlen(phrase) + 1);
	const char *text = folded + 1;
	size_t length = phrase_trim(&text, text_fold_into(folded + 1, phrase, strlen(phrase)));
	bool before = length > 0 && *text == '%', after;

	text += before;
	length -= before;
	after = length > 0 && text[length - 1] == '%';
	length = phrase_trim(&text, length - after);
	const char *star = memchr(text, '*', length);
	size_t first = star != NULL ? (size_t)(star - text) : length;

	return phrase_insert(set, phrase_of(text, length, first, before, after), (char *)text);
}

uint32_t phrases_add_literal(struct phrases *set, const char *literal, bool before, bool after)
{
	SCOPED char *text = talloc_asprintf(set, " %s", literal);
	size_t length = strlen(literal);

	return phrase_insert(set, phrase_of(text + 1, length, length, before, after), text + 1);
}

/* Returns whether LENGTH bytes at AT have a word edge BEFORE and AFTER them, if asked for. */
static bool has_edges(
        const char *at, size_t length, bool before, bool after, const char *text, const char *end)
{
	return !(before && at > text && g_ascii_isalnum(at[-1])) &&
	       !(after && at + length < end && g_ascii_isalnum(at[length]));
}

/* Returns whether the parts of P from byte START on stand in TEXT in their order, from AT on. */
static bool parts_find(const struct phrases *set, const struct phrase *p, size_t start,
        const char *text, const char *at, const char *end)
{
	for (size_t length; start < p->length; start += length + 1) {
		const char *part = set->texts.pool + p->at + start,
		           *star = memchr(part, '*', p->length - start);

		length = star != NULL ? (size_t)(star - part) : p->length - start;
		if (length == 0 || (length == 1 && *part == ' '))
			continue; /* as in `a * * b`: anything and anything is anything */
		while ((at = memmem(at, (size_t)(end - at), part, length)) != NULL &&
		        !has_edges(at, length, p->edge_before && start == 0,
		                p->edge_after && star == NULL, text, end))
			at++;
		if (at == NULL)
			return false;
		at += length - (part[length - 1] == ' '); /* a blank serves both parts */
	}
	return true;
}

bool phrase_is_in(const struct phrases *set, uint32_t number, const char *text, size_t length)
{
	return parts_find(set, &set->list[number], 0, text, text, text + length);
}

/* A search in the text from START to END. */
struct search_of_phrases {
	const struct phrases *set;
	const char *start, *end;
	/* a bit for each phrase: it is in the text; its first part was seen before, and all of the
	 * text after that was searched then */
	uint64_t *found, *decided;
	struct phrase_places *places; /* not NULL: takes the places, and nothing else is searched */
	const void *ctx;
};

/* Notes phrase NUMBER, whose first part stands at AT. */
static void phrase_seen(struct search_of_phrases *s, uint32_t number, const char *at)
{
	const struct phrase *p = &s->set->list[number];
	uint64_t bit = UINT64_C(1) << number % 64;
	bool is_whole = p->first == p->length;

	if (!has_edges(at, p->first, p->edge_before, is_whole && p->edge_after, s->start, s->end))
		return;
	if (!is_whole) {
		if (s->decided[number / 64] & bit)
			return;
		s->decided[number / 64] |= bit;
		at += p->first;
		at -= at[-1] == ' '; /* a blank serves both parts */
		if (!parts_find(s->set, p, p->first + 1, s->start, at, s->end))
			return;
	}
	if (s->places != NULL)
		array_add(s->ctx, s->places->list, s->places->count) =
		        (struct phrase_place){number, (uint32_t)(at - s->start), p->length};
	else
		s->found[number / 64] |= bit;
}

/* Tries the phrases of the chain that starts at number FIRST - 1 at AT, where the text begins with
 * HEAD. */
static inline void chain_try(
        struct search_of_phrases *s, uint32_t first, uint64_t head, const char *at)
{
	const struct phrase *p;

	for (uint32_t i = first; i != 0; i = p->next) {
		p = &s->set->list[i - 1];
		if (((head ^ ((uint64_t)p->head_high << 32 | p->head_low)) << p->surplus) == 0 &&
		        (p->first <= sizeof head ||
		                ((size_t)(s->end - at) >= p->first &&
		                        memcmp(at, s->set->texts.pool + p->at, p->first) == 0)))
			phrase_seen(s, i - 1, at);
	}
}

static void text_try(struct search_of_phrases *s)
{
	const struct phrases *set = s->set;

	for (const char *at = s->start; at < s->end; at++) {
		uint64_t head = head_at(at, s->end);
		uint32_t eight = key_of(head), four = key_of_four(head);

		if (filter_has(set->filter_eight, eight))
			chain_try(s, set->by_eight[eight >> 3], head, at);
		if (filter_has(set->filter_four, four))
			chain_try(s, set->by_four[four >> 3], head, at);
		chain_try(s, set->by_byte[(unsigned char)*at], head, at);
	}
}

struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length)
{
	struct phrase_hits *hits = talloc(ctx, struct phrase_hits);
	size_t words = set->texts.count / 64 + 1;
	struct search_of_phrases search = {.set = set, .start = text, .end = text + length};

	hits->found = search.found = talloc_zero_size(hits, 2 * words * sizeof *hits->found);
	search.decided = hits->found + words;
	for (uint32_t i = set->always; i != 0; i = set->list[i - 1].next)
		hits->found[(i - 1) / 64] |= UINT64_C(1) << (i - 1) % 64;
	text_try(&search);
	return hits;
}

struct phrase_places phrases_places(
        const void *ctx, const struct phrases *set, const char *text, size_t length)
{
	struct phrase_places places = {NULL, 0};
	struct search_of_phrases search = {
	        .set = set, .start = text, .end = text + length, .places = &places, .ctx = ctx};

	text_try(&search);
	return places;
}
