#include "knowledge/patterns.h"

#include <string.h>
#include <talloc.h>

/* Numbers and addresses in a row that a term of several words steps over. */
#define OVER_MAX 8

/* Where a text had come that far last: room to the end of the step, and the first byte of what was
 * taken. */
struct state {
	uint32_t to, start;
};

/* What was found, but not yet passed by: a step can't follow another within the same words. */
struct arrival {
	uint32_t place, to, start, end;
};

/* What is at one word: the atoms that it is. */
struct spot {
	uint32_t first, count;
};

struct pattern_search {
	const struct patterns *patterns;
	struct state *states; /* by place. What is below BASE is of an earlier text */
	uint32_t base;

	/* Of the text that is searched. */
	const struct tokens *tokens;
	uint32_t *atoms;
	size_t atom_count, atom_room;
	struct spot *spots; /* of its words, then of its runs */
	struct arrival *arrivals;
	size_t arrival_count, arrival_room;
	struct pattern_hit *hits;
	size_t hit_count, hit_room;
	unsigned char *found;
	uint32_t sentence;       /* that reading has come to */
	uint32_t *last_sentence; /* by pattern: where it was found last, as BASE and the number */
};

struct pattern_search *pattern_search_new(const void *ctx, const struct patterns *patterns)
{
	struct pattern_search *search = talloc_zero(ctx, struct pattern_search);

	search->patterns = patterns;
	search->states =
	        talloc_zero_size(search, (patterns->place_count + 1) * sizeof *search->states);
	search->last_sentence = talloc_zero_size(
	        search, (patterns->pattern_count + 1) * sizeof *search->last_sentence);
	search->base = 1;
	return search;
}

/* Room for one more of COUNT elements of SIZE bytes. */
static void *room_for_one(
        struct pattern_search *search, void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = 2 * *room + 64;
	return talloc_realloc_size(search, list, *room * size);
}

static void spot_add(struct pattern_search *s, uint32_t atom)
{
	if (atom == NUMBERING_NONE)
		return;
	s->atoms = room_for_one(s, s->atoms, s->atom_count, &s->atom_room, sizeof *s->atoms);
	s->atoms[s->atom_count++] = atom;
}

/* The atoms that TOKEN is: itself, and what it begins with. */
static struct spot spot_read(struct pattern_search *s, const struct token *token)
{
	const struct numbering *atoms = &s->patterns->atoms;
	struct spot spot = {.first = (uint32_t)s->atom_count};
	const uint32_t *may_begin = s->patterns->may_begin;
	uint32_t hash = NUMBERING_HASH;

	for (uint32_t i = 0; i < token->length; i++) {
		hash = numbering_hash(hash, token->word + i, 1);
		uint32_t bit = pattern_filter_bit(hash);

		if ((may_begin[bit / 32] >> bit % 32 & 1) != 0)
			spot_add(s, numbering_find(atoms, hash, token->word, i + 1, true));
	}
	spot_add(s, numbering_find(atoms, hash, token->word, token->length, false));
	spot.count = (uint32_t)s->atom_count - spot.first;
	return spot;
}

static void spots_read(struct pattern_search *s)
{
	const struct tokens *t = s->tokens;

	s->atom_count = 0;
	s->spots = talloc_realloc_size(
	        s, s->spots, (t->word_count + t->run_count + 1) * sizeof *s->spots);
	for (size_t i = 0; i < t->word_count; i++)
		s->spots[i] = spot_read(s, &t->words[i]);
	for (size_t i = 0, word = 0; i < t->run_count; i++) {
		while (word < t->word_count && t->words[word].start < t->runs[i].start)
			word++;
		bool is_same = word < t->word_count && t->words[word].start == t->runs[i].start &&
		               t->words[word].word == t->runs[i].word &&
		               t->words[word].length == t->runs[i].length;

		s->spots[t->word_count + i] = is_same ? s->spots[word] : spot_read(s, &t->runs[i]);
	}
}

/* The node behind ATOM at NODE, which is neither 0 nor 1; 0 if there is none. */
static uint32_t edge_find(const struct patterns *p, uint32_t node, uint32_t atom)
{
	uint32_t low = p->nodes[node].edges, high = p->nodes[node + 1].edges;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (p->edges[middle].atom == atom)
			return p->edges[middle].to;
		if (p->edges[middle].atom < atom)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static void hit_add(struct pattern_search *s, uint32_t pattern, uint32_t start, uint32_t end)
{
	if (s->last_sentence[pattern] == s->base + s->sentence)
		return;
	s->last_sentence[pattern] = s->base + s->sentence;
	s->found[pattern / 8] |= (unsigned char)(1u << pattern % 8);
	s->hits = room_for_one(s, s->hits, s->hit_count, &s->hit_room, sizeof *s->hits);
	s->hits[s->hit_count++] = (struct pattern_hit){pattern, start, end, s->sentence};
}

/* A term of GROUP stands there: room FROM to TO, bytes START to END. It is a step wherever the step
 * before it was near. */
static void group_found(struct pattern_search *s, uint32_t group, uint32_t from, uint32_t to,
        uint32_t start, uint32_t end)
{
	const struct patterns *p = s->patterns;

	for (uint32_t i = p->groups[group]; i < p->groups[group + 1]; i++) {
		const struct pattern_step *step = &p->steps[i];
		const struct pattern_place *place = &p->places[step->place];
		uint32_t first = start;

		if (step->before != 0) {
			const struct state *before = &s->states[step->before - 1];

			if (before->to < s->base || before->to > s->base + from)
				continue;
			if (s->base + from - before->to > step->gap && step->gap != PATTERN_GAP_ANY)
				continue;
			first = before->start;
		}
		for (uint32_t end_of = place->ends; end_of != 0; end_of = p->ends[end_of - 1].next)
			hit_add(s, p->ends[end_of - 1].pattern, first, end);
		if (!place->goes_on)
			continue;
		s->arrivals = room_for_one(
		        s, s->arrivals, s->arrival_count, &s->arrival_room, sizeof *s->arrivals);
		s->arrivals[s->arrival_count++] =
		        (struct arrival){step->place, s->base + to, first, end};
	}
}

/* Reading has come to byte START: what ended before counts from now on. */
static void arrivals_pass(struct pattern_search *s, uint32_t start)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->arrival_count; i++) {
		const struct arrival *a = &s->arrivals[i];
		struct state *state = &s->states[a->place];

		if (a->end > start)
			s->arrivals[kept++] = *a;
		else if (a->to >= state->to)
			*state = (struct state){a->to, a->start};
	}
	s->arrival_count = kept;
}

/* Whether literal NUMBER stands in the text, its first letter at byte *START; *START and *END are
 * where it begins and ends. */
static bool literal_is_there(
        const struct pattern_search *s, uint32_t number, uint32_t *start, uint32_t *end)
{
	const struct numbering *literals = &s->patterns->literals;
	const char *literal = literals->pool + literals->keys[number].at;
	uint32_t lead = (unsigned char)literal[0], length = literals->keys[number].length - 1;

	if (*start < lead || *start - lead + length > s->tokens->length)
		return false;
	*start -= lead;
	*end = *start + length;
	return memcmp(s->tokens->text + *start, literal + 1, length) == 0;
}

static void node_reached(struct pattern_search *s, uint32_t node, const struct token *first,
        const struct token *last)
{
	const struct patterns *p = s->patterns;

	for (uint32_t i = p->nodes[node].fires; i != 0; i = p->fires[i - 1].next) {
		const struct pattern_fire *fire = &p->fires[i - 1];
		uint32_t start = first->start, end = last->end;

		if (fire->literal == 0 || literal_is_there(s, fire->literal - 1, &start, &end))
			group_found(s, fire->group, first->from, last->to, start, end);
	}
}

/* The words of a text, or its runs, with what is at each. */
struct row {
	const struct token *next, *end;
	const struct spot *spots; /* of NEXT, and those behind it */
	bool is_runs;
};

/* Follow the trie from NODE, which FIRST to LAST, the one before ROW's next, have led to. Literals
 * need each run; between the words of a term may stand what takes no room. */
static void terms_follow(struct pattern_search *s, uint32_t node, const struct token *first,
        const struct token *last, struct row row)
{
	size_t over = 0;

	node_reached(s, node, first, last);
	if (s->patterns->nodes[node].edges == s->patterns->nodes[node + 1].edges)
		return;
	while (row.next < row.end &&
	        (row.is_runs || (row.next->from == last->to && over++ <= OVER_MAX))) {
		const struct spot spot = *row.spots++;
		const struct token *token = row.next++;

		for (uint32_t i = 0; i < spot.count; i++) {
			uint32_t to = edge_find(s->patterns, node, s->atoms[spot.first + i]);

			if (to != 0)
				terms_follow(s, to, first, token, row);
		}
		if (row.is_runs || token->kind <= TOKEN_CHARACTER)
			break;
	}
}

/* Begin at the next of ROW all terms that can begin there. */
static void terms_begin(struct pattern_search *s, struct row *row)
{
	const struct spot spot = *row->spots++;
	const struct token *token = row->next++;

	if (s->arrival_count > 0)
		arrivals_pass(s, token->start);
	s->sentence = token->sentence;
	for (uint32_t i = 0; i < spot.count; i++) {
		uint32_t to = s->patterns->begins[2 * s->atoms[spot.first + i] + row->is_runs];

		if (to != 0)
			terms_follow(s, to, token, token, *row);
	}
}

/* Words and runs in the order in which they stand in the text. */
static void text_search(struct pattern_search *s)
{
	const struct tokens *t = s->tokens;
	struct row words = {t->words, t->words, s->spots, false};
	struct row runs = {t->runs, t->runs, s->spots, true};

	if (t->word_count > 0) {
		words.end += t->word_count;
		runs.spots += t->word_count;
	}
	if (t->run_count > 0) /* there is no list without any */
		runs.end += t->run_count;
	while (words.next < words.end || runs.next < runs.end)
		if (runs.next == runs.end ||
		        (words.next < words.end && words.next->start <= runs.next->start))
			terms_begin(s, &words);
		else
			terms_begin(s, &runs);
}

struct pattern_hits pattern_search_run(
        const void *ctx, struct pattern_search *s, const struct tokens *tokens)
{
	size_t bytes = s->patterns->pattern_count / 8 + 1;

	if (s->base > UINT32_MAX / 2) {
		memset(s->states, 0, s->patterns->place_count * sizeof *s->states);
		memset(s->last_sentence, 0, s->patterns->pattern_count * sizeof *s->last_sentence);
		s->base = 1;
	}
	s->tokens = tokens;
	s->hits = NULL;
	s->hit_count = s->hit_room = s->arrival_count = 0;
	s->found = talloc_zero_size(ctx, bytes);
	if (s->patterns->pattern_count > 0) {
		spots_read(s);
		text_search(s);
	}
	s->base += tokens->room + TOKEN_SENTENCE + 2;
	return (struct pattern_hits){talloc_steal(ctx, s->hits), s->hit_count, s->found};
}

bool pattern_hits_has(const struct pattern_hits *hits, uint32_t pattern)
{
	return (hits->found[pattern / 8] >> pattern % 8 & 1) != 0;
}

bool pattern_hits_beside(const struct pattern_hits *hits, size_t number, uint32_t pattern)
{
	uint32_t sentence = hits->list[number].sentence;

	if (!pattern_hits_has(hits, pattern))
		return false;
	while (number > 0 && hits->list[number - 1].sentence == sentence)
		number--;
	for (; number < hits->count && hits->list[number].sentence == sentence; number++)
		if (hits->list[number].pattern == pattern)
			return true;
	return false;
}
