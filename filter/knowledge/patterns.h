/* Searches for patterns of words (notmuch-bounce-rules(5)), all at once: one pass over a text,
 * linear, however many patterns there are.
 *
 * A pattern is a row of steps. A step is a set of terms (`mailbox`, `exist*`, `*regel`, `no
 * longer`, `受信拒否`, "spf=fail") or classes of them, and how many words may stand between it and the
 * step before. For each step the search remembers only where in the text it was last reached. That
 * is enough, because only the distance to the step before counts.
 *
 * The tables have numbers and no pointers, so that those of the built-in rules can be written down
 * when the program is built. All fields are uint32_t for that: see prepare.c. A field called FIRST
 * or NEXT is an index + 1; 0: no more. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include "knowledge/numbering.h"
#include "knowledge/phrases.h"
#include "knowledge/source.h"
#include "knowledge/tokens.h"

#define PATTERN_FILTER_BITS (1u << 15)

/* A gap of any number of words and sentences. */
#define PATTERN_GAP_ANY 0xFFFFu

/* The key of an atom that is the end of words (`*regel`) begins with this byte; the letters follow,
 * from the last to the first. There are at least and at most so many letters. */
#define PATTERN_ENDING 2
#define PATTERN_ENDING_MIN 4u
#define PATTERN_ENDING_MAX 24u

/* A word, the beginning or end of words, or an atom and the word that follows it. */
struct pattern_atom {
	uint32_t first_term; /* of those that are it */
	uint32_t goes_on;    /* whether a word follows it in any term */
};

struct pattern_term {
	uint32_t first_step; /* of those that search for it */
	uint32_t next;
};

/* A step comes with its condition: the step before, and the room that may be between. */
struct pattern_step {
	uint32_t place;
	uint32_t before; /* as index + 1; 0: this is the first */
	uint32_t gap;
	uint32_t next;
};

/* A step after another. Rows that begin alike share their steps. */
struct pattern_place {
	uint32_t first_end; /* the patterns that end here */
	uint32_t goes_on;   /* whether a step follows it in any row */
};

struct pattern_end {
	uint32_t pattern, next;
};

struct patterns {
	/* the atoms: words, beginnings of words (`exist*`), their ends, and pairs of an atom and
	 * the word after it: their numbers in four bytes each, of which one is a NUL, as in no
	 * word */
	struct numbering words;
	const struct phrases *literals;
	uint32_t *literal_terms; /* by literal: the first of the terms that are it */
	/* a bit for each hash of an atom that is a pair, or has a `*` (which isn't counted):
	 * without it, there is none */
	uint32_t *may_be;
	struct pattern_atom *atoms;
	struct pattern_term *terms;
	struct pattern_step *steps;
	struct pattern_place *places;
	struct pattern_end *ends;
	uint32_t atom_count, term_count, step_count, place_count, end_count, pattern_count;
};

/* A pattern that was found, the bytes of the text from its first word to its last, and the sentence
 * where it ends. */
struct pattern_hit {
	uint32_t pattern, start, end, sentence;
};

struct pattern_hits {
	const struct pattern_hit *list; /* each pattern once in a sentence, sentence by sentence */
	size_t count;
	const unsigned char *found; /* a bit for each pattern */
};

/* What a search remembers, kept from one search to the next. */
struct pattern_search;

/* Returns a search for PATTERNS, which must live as long; owned by CTX. */
struct pattern_search *pattern_search_new(const void *ctx, const struct patterns *patterns);

/* Returns which patterns are in TOKENS, owned by CTX. */
struct pattern_hits pattern_search_run(
        const void *ctx, struct pattern_search *search, const struct tokens *tokens);

/* Returns whether PATTERN was found in the sentence of hit NUMBER. */
bool pattern_hits_beside(const struct pattern_hits *hits, size_t number, uint32_t pattern);

/* Returns the bit in MAY_BE for HASH. */
static inline uint32_t pattern_filter_bit(uint32_t hash)
{
	return (hash ^ hash >> 15) & (PATTERN_FILTER_BITS - 1);
}

/* -- Making the tables (pattern-builder.c) */

struct pattern_builder;

/* Where a pattern or a class is written, for messages about it. */
struct pattern_source {
	const char *file;
	int line;
	bool is_shared;  /* all files may use the classes of this file */
	bool is_foreign; /* the file is read only for its classes: they need not be used */
};

/* Returns a builder, owned by CTX. It notes errors in PROBLEMS. */
struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems);

/* Adds the class NAME. MEMBERS is written as after the `=` of a `word` line. */
void pattern_builder_class(struct pattern_builder *builder, const struct pattern_source *at,
        const char *name, const char *members);

/* Adds TEXT, a pattern as written, or IS_PHRASE, the words of an old `phrase` line. Returns false
 * if there is an error in it. */
bool pattern_builder_add(struct pattern_builder *builder, const struct pattern_source *at,
        const char *text, bool is_phrase);

/* Returns the number that the next pattern will have. */
uint32_t pattern_builder_next(struct pattern_builder *builder);

/* Returns a text that PATTERN finds, owned by CTX: in the way numbered ROW of the ways to read it;
 * NULL if it has fewer. Another NUMBER chooses other words of its sets. ENDING is added to words
 * with a `*`; FILLER, a word and a blank, fills the gaps. */
char *pattern_builder_sample(const void *ctx, struct pattern_builder *builder, uint32_t pattern,
        size_t row, size_t number, const char *ending, const char *filler);

/* Notes in the problems the classes that no pattern uses. */
void pattern_builder_check(struct pattern_builder *builder);

/* Returns the tables of all that was added, owned by BUILDER. */
const struct patterns *pattern_builder_tables(struct pattern_builder *builder);

#endif
