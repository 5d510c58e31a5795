#include <string.h>
#include <talloc.h>

#include "knowledge/phrases-set.h"
#include "knowledge/phrases.h"

struct phrase_hits {
	int *list;
	size_t count, room;
	size_t phrase_count;
	unsigned char found[]; /* a bit for each phrase */
};

/* A phrase of which some parts have been seen. It moves through its parts only forward. */
struct waiter {
	uint32_t phrase; /* number */
	uint32_t step;   /* the part it waits for */
	size_t from;     /* where that part may begin */
	uint32_t next;   /* in the same slot, as index + 1 */
};

/* Nothing here is as long as the set but a few bits, so that a search costs what the text makes it cost. */
struct search {
	const struct phrases *set;
	const char *text;
	size_t length;
	struct phrase_hits *hits;
	uint32_t *slots;        /* the first waiter, as index + 1 */
	unsigned char *started; /* a bit for each part: the phrases that begin with it are on their way */
	struct waiter *waiters;
	uint32_t waiter_count, waiter_room;
};

static bool bit_get(const unsigned char *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void bit_set(unsigned char *bits, size_t i)
{
	bits[i / 8] |= (unsigned char)(1u << i % 8);
}

static void hits_add(struct phrase_hits *hits, uint32_t phrase)
{
	if (hits->count == hits->room) {
		hits->room = 2 * hits->room + 16;
		hits->list = talloc_realloc_size(hits, hits->list, hits->room * sizeof *hits->list);
	}
	bit_set(hits->found, phrase);
	hits->list[hits->count++] = (int)phrase;
}

/* The waiter goes to the slot of the part it waits for. */
static void waiter_queue(struct search *s, uint32_t index)
{
	struct waiter *w = &s->waiters[index];
	uint32_t part = s->set->steps[s->set->phrases[w->phrase].steps + w->step];
	uint32_t *slot = &s->slots[s->set->uses[part].slot];
	w->next = *slot;
	*slot = index + 1;
}

static void waiter_add(struct search *s, uint32_t phrase, size_t from)
{
	if (s->waiter_count == s->waiter_room) {
		s->waiter_room = 2 * s->waiter_room + 16;
		s->waiters = talloc_realloc_size(s->hits, s->waiters, s->waiter_room * sizeof *s->waiters);
	}
	s->waiters[s->waiter_count] = (struct waiter){.phrase = phrase, .step = 1, .from = from};
	waiter_queue(s, s->waiter_count++);
}

/* The phrases that begin with PART, once: its first occurrence leaves the most room for their other parts. */
static void phrases_start(struct search *s, uint32_t part, size_t from)
{
	bit_set(s->started, part);
	for (uint32_t i = s->set->uses[part].first; i; i = s->set->phrases[i - 1].next) {
		if (s->set->phrases[i - 1].step_count == 1)
			hits_add(s->hits, i - 1);
		else
			waiter_add(s, i - 1, from);
	}
}

/* The phrases that wait for PART, which stands at START. One that must still wait overlaps its part before this one,
 * and that can't last longer than that part. */
static void phrases_go_on(struct search *s, uint32_t part, size_t start, size_t from)
{
	uint32_t *slot = &s->slots[s->set->uses[part].slot];
	uint32_t i = *slot;
	*slot = 0;
	while (i) {
		struct waiter *w = &s->waiters[i - 1];
		uint32_t next = w->next;
		if (w->from <= start) {
			w->step++;
			w->from = from;
		}
		if (w->step < s->set->phrases[w->phrase].step_count)
			waiter_queue(s, i - 1);
		else
			hits_add(s->hits, w->phrase);
		i = next;
	}
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* Whether PART stands at START, where the trie has seen its first DEPTH bytes. */
static bool is_there(const struct search *s, const struct part *part, size_t start)
{
	size_t end = start + part->length;
	return end <= s->length &&
	       memcmp(s->text + start + part->depth, s->set->trie->pool + part->text + part->depth, part->length - part->depth) ==
	               0 &&
	       !(part->edge_before && start > 0 && is_word_byte(s->text[start - 1])) &&
	       !(part->edge_after && end < s->length && is_word_byte(s->text[end]));
}

/* The trie reports part NUMBER at text position END (of what it has seen). */
static void part_reported(struct search *s, uint32_t number, size_t end)
{
	const struct part *part = &s->set->trie->parts[number];
	uint32_t slot = s->set->uses[number].slot;
	bool is_awaited = slot && s->slots[slot], is_started = bit_get(s->started, number);
	size_t start = end - part->depth;
	if ((is_started && !is_awaited) || !is_there(s, part, start))
		return;
	/* `user * unknown` should find "user unknown": a blank serves both parts. */
	size_t from = start + part->length - (s->set->pool[part->text + part->length - 1] == ' ');
	if (is_awaited)
		phrases_go_on(s, number, start, from);
	if (!is_started)
		phrases_start(s, number, from);
}

static bool tail_may_follow(const struct search *s, const struct part *part, size_t end)
{
	return part->depth == part->length || (end < s->length && (unsigned char)s->text[end] == part->tail);
}

static void search_run(struct search *s)
{
	const struct trie *trie = s->set->trie;
	for (uint32_t i = s->set->always; i; i = s->set->phrases[i - 1].next)
		hits_add(s->hits, i - 1);
	uint32_t state = 0;
	for (size_t i = 0; i < s->length; i++) {
		state = trie_step(trie, state, (unsigned char)s->text[i]);
		for (uint32_t node = trie->nodes[state].report; node; node = trie->nodes[trie->nodes[node].fail].report)
			for (uint32_t part = trie->nodes[node].parts; part; part = trie->parts[part].next_at_node)
				if (tail_may_follow(s, &trie->parts[part], i + 1))
					part_reported(s, part, i + 1);
	}
}

struct phrase_hits *phrases_search(const void *ctx, const struct phrases *set, const char *text, size_t length)
{
	struct phrase_hits *hits = talloc_zero_size(ctx, sizeof *hits + set->phrase_count / 8 + 1);
	hits->phrase_count = set->phrase_count;
	size_t slots_size = (set->slot_count + 1) * sizeof(uint32_t);
	char *scratch = talloc_zero_size(hits, slots_size + set->trie->part_count / 8 + 1);
	struct search s = {.set = set, .text = text, .length = length, .hits = hits};
	s.slots = (uint32_t *)(void *)scratch;
	s.started = (unsigned char *)scratch + slots_size;
	search_run(&s);
	talloc_free(scratch);
	talloc_free(s.waiters);
	return hits;
}

const int *phrase_hits_list(const struct phrase_hits *hits, size_t *count)
{
	*count = hits->count;
	return hits->list;
}

bool phrase_hits_has(const struct phrase_hits *hits, int number)
{
	return number >= 0 && (size_t)number < hits->phrase_count && bit_get(hits->found, (size_t)number);
}
