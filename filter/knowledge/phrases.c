#include "knowledge/phrases.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "text/text.h"

/* Phrases are found by the first bytes of their first part: eight, four or one, as many as it
 * has. */
#define KEY_BITS 12

struct phrase {
	const char *text;     /* without the `%`, `*` and blanks at its ends */
	uint64_t head, mask;  /* its first bytes, and which bits of a text to compare with them */
	size_t length, first; /* FIRST: the length of its first part */
	bool edge_before, edge_after;
	uint32_t next; /* the next phrase with the same key, as number + 1; 0: none */
};

struct phrases {
	struct phrase *list;
	size_t count;
	/* by key: the first phrase, as number + 1; 0: none */
	uint32_t by_eight[1u << KEY_BITS], by_four[1u << KEY_BITS], by_byte[256];
	bool has_longer[1u << KEY_BITS]; /* by a key of four: some keys of eight begin like it */
	uint32_t always;                 /* the phrases without text */
};

struct phrases *phrases_new(const void *ctx)
{
	return talloc_zero(ctx, struct phrases);
}

/* Returns the eight bytes from AT on, with zeros after END. */
static uint64_t head_at(const char *at, const char *end)
{
	uint64_t head = 0;

	if (end - at >= 8)
		memcpy(&head, at, 8);
	else
		memcpy(&head, at, (size_t)(end - at));
	return head;
}

static size_t slot_of(uint64_t key)
{
	return (size_t)(key * 0x9E3779B97F4A7C15u >> (64 - KEY_BITS));
}

/* Returns the slot of the first four bytes of HEAD. */
static size_t slot_of_four(uint64_t head)
{
	uint32_t four;

	memcpy(&four, &head, sizeof four);
	return slot_of(four);
}

/* Removes `*` and blanks from the ends: they mean nothing there, as a folded text has no blanks at
 * its ends. */
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

int phrases_add(struct phrases *set, const char *phrase)
{
	struct phrase p = phrase_read(set, phrase);
	uint32_t *slot = p.first >= 8   ? &set->by_eight[slot_of(p.head)]
	                 : p.first >= 4 ? &set->by_four[slot_of_four(p.head)]
	                 : p.first > 0  ? &set->by_byte[(unsigned char)*p.text]
	                                : &set->always;

	if (p.first >= 8)
		set->has_longer[slot_of_four(p.head)] = true;
	for (uint32_t i = *slot; i != 0; i = set->list[i - 1].next) {
		const struct phrase *other = &set->list[i - 1];

		if (other->length == p.length && other->edge_before == p.edge_before &&
		        other->edge_after == p.edge_after &&
		        memcmp(other->text, p.text, p.length) == 0)
			return (int)i - 1;
	}
	p.next = *slot;
	array_add(set, set->list, set->count) = p;
	*slot = (uint32_t)set->count;
	return (int)set->count - 1;
}

/* Returns where LENGTH bytes of PART begin in TEXT, from AT on, with a word edge BEFORE and AFTER
 * them if asked for; END if nowhere. */
static const char *part_find(const char *part, size_t length, bool before, bool after,
        const char *text, const char *at, const char *end)
{
	for (; (at = memmem(at, (size_t)(end - at), part, length)) != NULL; at++)
		if (!(before && at > text && g_ascii_isalnum(at[-1])) &&
		        !(after && at + length < end && g_ascii_isalnum(at[length])))
			return at;
	return end;
}

/* Returns whether the parts of P stand in TEXT in their order, from AT on. */
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

static bool bit_get(const unsigned char *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void bit_set(unsigned char *bits, size_t i)
{
	bits[i / 8] |= (unsigned char)(1u << i % 8);
}

/* Notes in FOUND the phrases of the chain that starts at number FIRST - 1 and whose first part
 * stands at AT, where the text begins with HEAD. DECIDED has a bit for each phrase whose first part
 * was seen before: all of the text after it was searched then. */
static inline void chain_try(const struct phrases *set, uint32_t first, uint64_t head,
        const char *text, const char *at, const char *end, unsigned char *found,
        unsigned char *decided)
{
	const struct phrase *p;

	for (uint32_t i = first; i != 0; i = p->next) {
		p = &set->list[i - 1];
		if ((head & p->mask) != p->head || bit_get(decided, i - 1) ||
		        (p->first > sizeof head && ((size_t)(end - at) < p->first ||
		                                           memcmp(at, p->text, p->first) != 0)))
			continue;
		bit_set(decided, i - 1);
		if ((p->first == p->length && !p->edge_before && !p->edge_after) ||
		        parts_find(p, text, at, end))
			bit_set(found, i - 1);
	}
}

struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length)
{
	struct phrase_hits *hits = talloc(ctx, struct phrase_hits);
	const char *end = text + length;
	unsigned char *decided = talloc_zero_size(hits, set->count / 8 + 1);

	hits->found = talloc_zero_size(hits, set->count / 8 + 1);
	for (uint32_t i = set->always; i != 0; i = set->list[i - 1].next)
		bit_set(hits->found, i - 1);
	for (const char *at = text; at < end; at++) {
		uint64_t head = head_at(at, end);
		size_t four = slot_of_four(head);

		if (set->has_longer[four])
			chain_try(set, set->by_eight[slot_of(head)], head, text, at, end,
			        hits->found, decided);
		chain_try(set, set->by_four[four], head, text, at, end, hits->found, decided);
		chain_try(set, set->by_byte[(unsigned char)*at], head, text, at, end, hits->found,
		        decided);
	}
	talloc_free(decided);
	return hits;
}
