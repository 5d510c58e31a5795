#include "knowledge/phrases.h"

#include <string.h>
#include <talloc.h>

#include "knowledge/phrases-set.h"
#include "text/text.h"

#define TABLE_FIRST 256

struct phrases *phrases_new(const void *ctx)
{
	return talloc_zero(ctx, struct phrases);
}

/* ARRAY with room for NEED items of SIZE bytes, grown by doubling. */
static void *room_grow(struct phrases *set, void *array, size_t *room, size_t need, size_t size)
{
	if (need <= *room)
		return array;
	*room = need < 2 * *room ? 2 * *room : need + 64;
	return talloc_realloc_size(set, array, *room * size);
}

/* Fold PHRASE to the end of the pool. */
static struct phrase phrase_fold(struct phrases *set, const char *phrase)
{
	size_t length = strlen(phrase);
	set->pool = room_grow(set, set->pool, &set->pool_room, set->pool_length + length + 1, 1);
	return (struct phrase){
	        .text = (uint32_t)set->pool_length,
	        .length = (uint32_t)text_fold_into(set->pool + set->pool_length, phrase, length),
	};
}

static bool is_filler(char c)
{
	return c == '*' || c == ' ';
}

static void trim(const char *pool, struct phrase *p)
{
	while (p->length && is_filler(pool[p->text]))
		p->text++, p->length--;
	while (p->length && is_filler(pool[p->text + p->length - 1]))
		p->length--;
}

/* Take off what says nothing at an end (`*` and blanks, for a folded text has none there) and the `%` that means a word edge. */
static void phrase_trim(const char *pool, struct phrase *p)
{
	trim(pool, p);
	if (p->length && pool[p->text] == '%') {
		p->edge_before = true;
		p->text++, p->length--;
	}
	if (p->length && pool[p->text + p->length - 1] == '%') {
		p->edge_after = true;
		p->length--;
	}
	trim(pool, p);
}

/* FNV-1a, with the edges as a last byte. */
static uint32_t phrase_hash(const char *pool, const struct phrase *p)
{
	uint32_t hash = 2166136261u;
	for (uint32_t i = 0; i < p->length; i++)
		hash = (hash ^ (unsigned char)pool[p->text + i]) * 16777619u;
	return (hash ^ (2u * p->edge_before + p->edge_after)) * 16777619u;
}

static bool is_same(const char *pool, const struct phrase *a, const struct phrase *b)
{
	return a->hash == b->hash && a->length == b->length && a->edge_before == b->edge_before &&
	       a->edge_after == b->edge_after && memcmp(pool + a->text, pool + b->text, a->length) == 0;
}

/* Where in the table a phrase like P is, or should be. */
static uint32_t *table_find(const struct phrases *set, const struct phrase *p)
{
	size_t at = p->hash & (set->table_room - 1);
	while (set->table[at] && !is_same(set->pool, &set->phrases[set->table[at] - 1], p))
		at = (at + 1) & (set->table_room - 1);
	return &set->table[at];
}

/* Keep the table at least half empty with COUNT phrases. */
static void table_grow(struct phrases *set, size_t count)
{
	if (2 * count <= set->table_room)
		return;
	while (2 * count > set->table_room)
		set->table_room = set->table_room ? 2 * set->table_room : TABLE_FIRST;
	talloc_free(set->table);
	set->table = talloc_zero_size(set, set->table_room * sizeof *set->table);
	for (size_t i = 0; i < set->phrase_count; i++)
		*table_find(set, &set->phrases[i]) = (uint32_t)i + 1;
}

void phrases_reserve(struct phrases *set, size_t count, size_t length)
{
	set->pool = room_grow(set, set->pool, &set->pool_room, length, 1);
	set->phrases = room_grow(set, set->phrases, &set->phrase_room, count, sizeof *set->phrases);
	table_grow(set, count);
}

int phrases_add(struct phrases *set, const char *phrase)
{
	struct phrase new = phrase_fold(set, phrase);
	table_grow(set, set->phrase_count + 1);
	phrase_trim(set->pool, &new);
	new.hash = phrase_hash(set->pool, &new);
	uint32_t *entry = table_find(set, &new);
	if (*entry)
		return (int)*entry - 1;
	set->phrases = room_grow(set, set->phrases, &set->phrase_room, set->phrase_count + 1, sizeof new);
	set->phrases[set->phrase_count] = new;
	set->pool_length = new.text + new.length;
	*entry = (uint32_t)++set->phrase_count;
	return (int)*entry - 1;
}

/* The part of P that begins at AT bytes of it, and in *NEXT where the one after it begins. */
static struct part part_read(const char *pool, const struct phrase *p, uint32_t at, uint32_t *next)
{
	const char *text = pool + p->text + at;
	const char *star = memchr(text, '*', p->length - at);
	uint32_t length = star ? (uint32_t)(star - text) : p->length - at;
	*next = at + length + 1;
	return (struct part){
	        .text = p->text + at,
	        .length = length,
	        .edge_before = p->edge_before && at == 0,
	        .edge_after = p->edge_after && !star,
	};
}

/* Put phrase NUMBER's parts into the trie and into the steps. */
static void phrase_compile(struct phrases *set, uint32_t number)
{
	struct phrase *p = &set->phrases[number];
	p->steps = set->step_count;
	for (uint32_t at = 0, next; at < p->length; at = next) {
		struct part part = part_read(set->pool, p, at, &next);
		if (part.length == 0 || (part.length == 1 && set->pool[part.text] == ' '))
			continue; /* as in `a * * b`: anything and anything is anything */
		uint32_t found = trie_add(set->trie, part);
		struct part_use *use = &set->uses[found];
		if (p->step_count > 0 && !use->slot)
			use->slot = ++set->slot_count;
		set->steps[set->step_count++] = found;
		p->step_count++;
	}
	uint32_t *first = p->step_count ? &set->uses[set->steps[p->steps]].first : &set->always;
	p->next = *first;
	*first = number + 1;
}

static size_t parts_count(const struct phrases *set)
{
	size_t count = set->phrase_count;
	for (size_t i = 0; i < set->pool_length; i++)
		count += set->pool[i] == '*';
	return count;
}

void phrases_compile(struct phrases *set)
{
	size_t parts = parts_count(set);
	set->trie = trie_new(set, set->pool, set->pool_length, parts);
	set->uses = talloc_zero_size(set, (parts + 1) * sizeof *set->uses);
	set->steps = talloc_size(set, (parts + 1) * sizeof *set->steps);
	for (uint32_t i = 0; i < set->phrase_count; i++)
		phrase_compile(set, i);
	trie_link(set->trie);
}
