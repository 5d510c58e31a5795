#include "knowledge/patterns.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"

/* A term of several words steps over so many numbers and addresses in a row. */
#define OVER_MAX 8

/* Where in the text a place was last reached: the room up to the end of its step, and the first
 * byte of the match. */
struct state {
	uint32_t to, start;
};

/* A step that was found and ends further on in the text. It counts when reading has come to its
 * end, as the next step can't begin within its words. */
struct arrival {
	uint32_t place, to, start, end;
};

/* A word of the text, with the atoms that it matches. */
struct spot {
	const struct token *token;
	uint32_t first, count;
};

struct pattern_search {
	const struct patterns *patterns;
	struct state *states;    /* by place */
	uint32_t *last_sentence; /* by pattern: where it was last found */

	/* The text that is searched. */
	const struct tokens *tokens;
	uint32_t *atoms;
	size_t atom_count, atom_room;
	struct spot *spots; /* the words of the text */
	struct arrival *arrivals;
	size_t arrival_count, arrival_room;
	struct pattern_hit *hits;
	size_t hit_count, hit_room;
	unsigned char *reached, *found; /* a bit for each place and each pattern that has such */
};

struct pattern_search *pattern_search_new(const void *ctx, const struct patterns *patterns)
{
	struct pattern_search *s = talloc_zero(ctx, struct pattern_search);

	s->patterns = patterns;
	s->states = array_new(s, struct state, patterns->place_count + 1);
	s->last_sentence = array_new(s, uint32_t, patterns->pattern_count + 1);
	s->reached = talloc_size(s, patterns->place_count / 8 + 1);
	return s;
}

/* Returns LIST with room for one more of COUNT elements of SIZE bytes. The room is kept from one
 * text to the next. */
static void *room_for_one(
        struct pattern_search *s, void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = 2 * *room + 64;
	return talloc_realloc_size(s, list, *room * size);
}

static void atom_add(struct pattern_search *s, uint32_t atom)
{
	if (atom == NUMBERING_NONE)
		return;
	s->atoms = room_for_one(s, s->atoms, s->atom_count, &s->atom_room, sizeof *s->atoms);
	s->atoms[s->atom_count++] = atom;
}

/* Returns whether the atom of HASH may be one with a `*`, or a pair. */
static bool may_be(const struct patterns *p, uint32_t hash)
{
	uint32_t bit = pattern_filter_bit(hash);

	return (p->may_be[bit / 32] >> bit % 32 & 1) != 0;
}

/* Adds the atoms that TOKEN ends with. The shortest end tells whether there may be any. */
static void endings_read(struct pattern_search *s, const struct token *token)
{
	const struct patterns *p = s->patterns;
	char key[1 + PATTERN_ENDING_MAX] = {PATTERN_ENDING};
	uint32_t hash = numbering_hash(NUMBERING_HASH, key, 1);

	for (uint32_t i = 1; i <= MIN(token->length, PATTERN_ENDING_MAX); i++) {
		key[i] = token->word[token->length - i];
		hash = numbering_hash(hash, key + i, 1);
		if (i < PATTERN_ENDING_MIN)
			continue;
		if (may_be(p, hash))
			atom_add(s, numbering_find(&p->words, hash, key, i + 1, true));
		else if (i == PATTERN_ENDING_MIN)
			return;
	}
}

/* Returns TOKEN with the atoms that it matches: beginnings, ends, and the whole word. */
static struct spot spot_read(struct pattern_search *s, const struct token *token)
{
	const struct patterns *p = s->patterns;
	struct spot spot = {.token = token, .first = (uint32_t)s->atom_count};
	uint32_t hash = NUMBERING_HASH;

	for (uint32_t i = 0; i < token->length; i++) {
		hash = numbering_hash(hash, token->word + i, 1);
		if (may_be(p, hash))
			atom_add(s, numbering_find(&p->words, hash, token->word, i + 1, true));
	}
	atom_add(s, numbering_find(&p->words, hash, token->word, token->length, false));
	if (token->length >= PATTERN_ENDING_MIN)
		endings_read(s, token);
	spot.count = (uint32_t)s->atom_count - spot.first;
	return spot;
}

static void spots_read(struct pattern_search *s, const struct tokens *t)
{
	s->atom_count = 0;
	s->spots = talloc_realloc_size(s, s->spots, (t->word_count + 1) * sizeof *s->spots);
	for (size_t i = 0; i < t->word_count; i++)
		s->spots[i] = spot_read(s, &t->words[i]);
}

static void hit_add(
        struct pattern_search *s, uint32_t pattern, uint32_t start, uint32_t end, uint32_t sentence)
{
	if (bit_get(s->found, pattern) && s->last_sentence[pattern] == sentence)
		return;
	s->last_sentence[pattern] = sentence;
	bit_set(s->found, pattern);
	s->hits = room_for_one(s, s->hits, s->hit_count, &s->hit_room, sizeof *s->hits);
	s->hits[s->hit_count++] = (struct pattern_hit){pattern, start, end, sentence};
}

/* Notes that TERM was found: the words FIRST to LAST, bytes START to END. It is a step
 * wherever the step before it was near. */
static void term_found(struct pattern_search *s, const struct pattern_term *term,
        const struct token *first, const struct token *last, uint32_t start, uint32_t end)
{
	const struct patterns *p = s->patterns;
	const struct pattern_step *step;

	for (uint32_t i = term->first_step; i != 0; i = step->next) {
		step = &p->steps[i - 1];
		const struct pattern_place *place = &p->places[step->place];
		uint32_t taken = start;

		if (step->before != 0) {
			/* Hardly any is reached, and these bits fit into the nearest cache. */
			if (!bit_get(s->reached, step->before - 1))
				continue;
			const struct state *before = &s->states[step->before - 1];

			if (before->to > first->from || (first->from - before->to > step->gap &&
			                                        step->gap != PATTERN_GAP_ANY))
				continue;
			taken = before->start;
		}
		for (uint32_t of = place->first_end; of != 0; of = p->ends[of - 1].next)
			hit_add(s, p->ends[of - 1].pattern, taken, end, first->sentence);
		if (place->goes_on == 0)
			continue;
		s->arrivals = room_for_one(
		        s, s->arrivals, s->arrival_count, &s->arrival_room, sizeof *s->arrivals);
		s->arrivals[s->arrival_count++] =
		        (struct arrival){step->place, last->to, taken, end};
	}
}

/* Makes the steps that ended before byte START, which reading has come to, count from now on. */
static void arrivals_pass(struct pattern_search *s, uint32_t start)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->arrival_count; i++) {
		const struct arrival *a = &s->arrivals[i];
		struct state *state = &s->states[a->place];

		if (a->end > start)
			s->arrivals[kept++] = *a;
		else if (!bit_get(s->reached, a->place) || a->to >= state->to) {
			*state = (struct state){a->to, a->start};
			bit_set(s->reached, a->place);
		}
	}
	s->arrival_count = kept;
}

/* Returns the number of the pair of ATOM and WORD; NUMBERING_NONE if there is none. */
static uint32_t pair_find(const struct patterns *p, uint32_t atom, uint32_t word)
{
	if (p->atoms[atom].goes_on == 0)
		return NUMBERING_NONE;
	const uint32_t pair[2] = {GUINT32_TO_LE(atom), GUINT32_TO_LE(word)};
	uint32_t hash = numbering_hash(NUMBERING_HASH, pair, sizeof pair);

	return may_be(p, hash) ? numbering_find(&p->words, hash, pair, sizeof pair, false)
	                       : NUMBERING_NONE;
}

/* Notes the literal that was found at PLACE; FIRST is the word in which it begins. */
static void literal_found(
        struct pattern_search *s, const struct phrase_place *place, const struct spot *first)
{
	const struct patterns *p = s->patterns;
	const struct spot *last = first, *end = s->spots + s->tokens->word_count;
	uint32_t place_end = place->start + place->length;

	while (last + 1 < end && last[1].token->start < place_end)
		last++;
	for (uint32_t of = p->literal_terms[place->phrase]; of != 0; of = p->terms[of - 1].next)
		term_found(
		        s, &p->terms[of - 1], first->token, last->token, place->start, place_end);
}

/* Looks for terms that begin with the word FIRST: ATOM is found from there up to SPOT. The next
 * word must directly follow; what takes no room may stand between. */
static void words_try(
        struct pattern_search *s, uint32_t atom, const struct token *first, const struct spot *spot)
{
	const struct patterns *p = s->patterns;
	const struct token *last = spot->token;

	for (uint32_t of = p->atoms[atom].first_term; of != 0; of = p->terms[of - 1].next)
		term_found(s, &p->terms[of - 1], first, last, first->start, last->end);
	if (p->atoms[atom].goes_on == 0)
		return;
	for (size_t over = 0; ++spot < s->spots + s->tokens->word_count; over++) {
		if (spot->token->from != last->to || over > OVER_MAX)
			return;
		for (uint32_t i = 0; i < spot->count; i++) {
			uint32_t pair = pair_find(p, atom, s->atoms[spot->first + i]);

			if (pair != NUMBERING_NONE)
				words_try(s, pair, first, spot);
		}
		if (spot->token->kind <= TOKEN_CHARACTER)
			return;
	}
}

/* Goes over the words, and the PLACES of literals, in the order of the text. */
static void text_search(struct pattern_search *s, struct phrase_places places)
{
	const struct phrase_place *place = places.list;
	size_t left = places.count;

	for (const struct spot *spot = s->spots; spot < s->spots + s->tokens->word_count; spot++) {
		if (s->arrival_count > 0)
			arrivals_pass(s, spot->token->start);
		for (uint32_t i = 0; i < spot->count; i++)
			words_try(s, s->atoms[spot->first + i], spot->token, spot);
		for (; left > 0 && place->start < spot->token->end; place++, left--) {
			arrivals_pass(s, place->start);
			literal_found(s, place, spot);
		}
	}
}

struct pattern_hits pattern_search_run(
        const void *ctx, struct pattern_search *s, const struct tokens *tokens)
{
	s->tokens = tokens;
	s->hits = NULL;
	s->hit_count = s->hit_room = s->arrival_count = 0;
	s->found = talloc_zero_size(ctx, s->patterns->pattern_count / 8 + 1);
	memset(s->reached, 0, s->patterns->place_count / 8 + 1);
	if (s->patterns->pattern_count > 0) {
		SCOPED void *scratch = talloc_new(NULL);

		spots_read(s, tokens);
		text_search(s, phrases_places(scratch, s->patterns->literals, tokens->text,
		                       tokens->length));
	}
	return (struct pattern_hits){talloc_steal(ctx, s->hits), s->hit_count, s->found};
}

bool pattern_hits_beside(const struct pattern_hits *hits, size_t number, uint32_t pattern)
{
	uint32_t sentence = hits->list[number].sentence;

	if (!bit_get(hits->found, pattern))
		return false;
	while (number > 0 && hits->list[number - 1].sentence == sentence)
		number--;
	for (; number < hits->count && hits->list[number].sentence == sentence; number++)
		if (hits->list[number].pattern == pattern)
			return true;
	return false;
}
