#include "knowledge/phrases.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "text/text.h"

/* Phrases are found by the first bytes of their first part: so many, of a shorter one by its first
 * byte, of one that has a whole head by that. */
#define KEY_LENGTH 4
#define KEY_BITS 12

struct phrase {
	const char *text;     /* without the `%`, `*` and blanks at its ends */
	size_t length, first; /* FIRST: of its first part */
	bool edge_before, edge_after;
	/* its first bytes, up to eight, and what to compare of a text with them */
	uint64_t head, mask;
	uint32_t next; /* phrase with the same key, as number + 1; 0: none */
};

struct phrases {
	struct phrase *list;
	size_t count;
	/* the first phrase, as number + 1; 0: none */
	uint32_t by_head[1u << KEY_BITS], by_key[1u << KEY_BITS], by_byte[256];
	/* by key: some are found by their head */
	bool has_heads[1u << KEY_BITS];
	/* the phrases without text */
	uint32_t always;
};

struct phrases *phrases_new(const void *ctx)
{
	return talloc_zero(ctx, struct phrases);
}

/* The eight bytes from AT on; zeros behind END. */
static uint64_t head_at(const char *at, const char *end)
{
	uint64_t head = 0;

	memcpy(&head, at, end - at >= 8 ? 8 : (size_t)(end - at));
	return head;
}

static size_t slot_of_head(uint64_t head)
{
	return (size_t)(head * 0x9E3779B97F4A7C15u >> (64 - KEY_BITS));
}

/* The slot of the first KEY_LENGTH bytes of HEAD. */
static size_t slot_of_key(uint64_t head)
{
	uint32_t key;

	memcpy(&key, &head, KEY_LENGTH);
	return (key * 0x9E3779B1u) >> (32 - KEY_BITS);
}

/* Take off what says nothing at an end: `*` and blanks, for a folded text has none there. */
static void trim(struct phrase *p)
{
	while (p->length > 0 && (*p->text == '*' || *p->text == ' ')) {
		p->text++;
		p->length--;
	}
	while (p->length > 0 && (p->text[p->length - 1] == '*' || p->text[p->length - 1] == ' '))
		p->length--;
}

static struct phrase phrase_read(const void *ctx, const char *written)
{
	struct phrase p = {.text = text_fold(ctx, written, strlen(written))};
	const char *star;

	p.length = strlen(p.text);
	trim(&p);
	p.edge_before = p.length > 0 && *p.text == '%';
	p.text += p.edge_before;
	p.length -= p.edge_before;
	p.edge_after = p.length > 0 && p.text[p.length - 1] == '%';
	p.length -= p.edge_after;
	trim(&p);
	star = memchr(p.text, '*', p.length);
	p.first = star != NULL ? (size_t)(star - p.text) : p.length;
	p.head = head_at(p.text, p.text + p.first);
	memset(&p.mask, 0xff, p.first < sizeof p.mask ? p.first : sizeof p.mask);
	return p;
}

static bool is_same(const struct phrase *a, const struct phrase *b)
{
	return a->length == b->length && a->edge_before == b->edge_before &&
	       a->edge_after == b->edge_after && memcmp(a->text, b->text, a->length) == 0;
}

int phrases_add(struct phrases *set, const char *phrase)
{
	struct phrase p = phrase_read(set, phrase);
	uint32_t *slot = &set->always;

	if (p.first >= sizeof p.head) {
		slot = &set->by_head[slot_of_head(p.head)];
		set->has_heads[slot_of_key(p.head)] = true;
	} else if (p.first >= KEY_LENGTH)
		slot = &set->by_key[slot_of_key(p.head)];
	else if (p.length > 0)
		slot = &set->by_byte[(unsigned char)*p.text];
	for (uint32_t i = *slot; i != 0; i = set->list[i - 1].next)
		if (is_same(&set->list[i - 1], &p))
			return (int)i - 1;
	p.next = *slot;
	set->list = array_grow(set, set->list, struct phrase, set->count);
	set->list[set->count++] = p;
	*slot = (uint32_t)set->count;
	return (int)set->count - 1;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* Where LENGTH bytes of PART begin in TEXT, from byte AT on, with a word edge BEFORE and AFTER them
 * if that is asked for; its end if nowhere. */
static const char *part_find(const char *part, size_t length, bool before, bool after,
        const char *text, const char *at, const char *end)
{
	for (; (at = memmem(at, (size_t)(end - at), part, length)) != NULL; at++)
		if (!(before && at > text && is_word_byte(at[-1])) &&
		        !(after && at + length < end && is_word_byte(at[length])))
			return at;
	return end;
}

/* Whether the parts of P stand in TEXT in their order, from byte AT on. */
static bool parts_find(const struct phrase *p, const char *text, const char *at, const char *end)
{
	for (size_t start = 0, length; start < p->length; start += length + 1) {
		const char *part = p->text + start, *star = memchr(part, '*', p->length - start);

		length = star != NULL ? (size_t)(star - part) : p->length - start;
		if (length == 0 || (length == 1 && *part == ' '))
			continue; /* as in `a * * b`: anything and anything is anything */
		at = part_find(part, length, p->edge_before && start == 0,
		        p->edge_after && star == NULL, text, at, end);
		if (at == end)
			return false;
		at += length - (part[length - 1] == ' '); /* a blank serves both parts */
	}
	return true;
}

bool phrase_is_in(const struct phrases *set, int number, const char *text, size_t length)
{
	return parts_find(&set->list[number], text, text, text + length);
}

struct search {
	const struct phrases *set;
	const char *text, *end;
	struct phrase_hits *hits;
	/* a bit for each phrase whose first part was there: all of the text behind it was looked at
	 * then */
	unsigned char *decided;
};

static bool bit_get(const unsigned char *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void bit_set(unsigned char *bits, size_t i)
{
	bits[i / 8] |= (unsigned char)(1u << i % 8);
}

static void hit_add(struct phrase_hits *hits, uint32_t number)
{
	bit_set(hits->found, number);
	hits->list = array_grow(hits, hits->list, int, hits->count);
	hits->list[hits->count++] = (int)number;
}

/* The first part of phrase NUMBER may stand at AT. */
static void phrase_try(struct search *s, uint32_t number, const char *at)
{
	const struct phrase *p = &s->set->list[number];

	if (bit_get(s->decided, number) || (size_t)(s->end - at) < p->first ||
	        memcmp(at, p->text, p->first) != 0)
		return;
	bit_set(s->decided, number);
	if ((p->first == p->length && !p->edge_before && !p->edge_after) ||
	        parts_find(p, s->text, at, s->end))
		hit_add(s->hits, number);
}

/* Try the phrases from number FIRST - 1 on, whose first parts begin with the same bytes as HEAD,
 * which stands at AT. */
static void chain_try(struct search *s, uint32_t first, uint64_t head, const char *at)
{
	const struct phrase *list = s->set->list;

	for (uint32_t i = first; i != 0; i = list[i - 1].next)
		if ((head & list[i - 1].mask) == list[i - 1].head)
			phrase_try(s, i - 1, at);
}

struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length)
{
	struct phrase_hits *hits = talloc_zero(ctx, struct phrase_hits);
	size_t bytes = set->count / 8 + 1;
	struct search s = {set, text, text + length, hits, talloc_zero_size(hits, bytes)};

	hits->found = talloc_zero_size(hits, bytes);
	for (uint32_t i = set->always; i != 0; i = set->list[i - 1].next)
		hit_add(hits, i - 1);
	for (const char *at = text; at < s.end; at++) {
		uint64_t head = head_at(at, s.end);
		size_t key = slot_of_key(head);
		uint32_t by_byte = set->by_byte[(unsigned char)*at];

		if (set->has_heads[key])
			chain_try(&s, set->by_head[slot_of_head(head)], head, at);
		if (set->by_key[key] != 0)
			chain_try(&s, set->by_key[key], head, at);
		if (by_byte != 0)
			chain_try(&s, by_byte, head, at);
	}
	talloc_free(s.decided);
	return hits;
}

bool phrase_hits_has(const struct phrase_hits *hits, int number)
{
	return bit_get(hits->found, (size_t)number);
}
