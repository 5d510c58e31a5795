#include "mail/words.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

/* An address with more words is not searched for. */
#define WORDS_MAX 16

/* Words are searched for by their beginning only if it has this many letters: fewer would find half
 * the index. */
#define BEGINNING_MIN 3

/* The number of first letters of a word in which every possible slip is tried. A word with a slip
 * after these is found by them, as they are right. */
#define HEAD 3

/* A word with a slip is searched for by this many letters: with all of them, a second slip in it
 * would hide it. */
#define LOOKED_AT 6

/* No slips are tried in shorter words: what differs there is another word. */
#define SLIP_MIN 4

/* The number of words in half of an address that are searched for. */
#define NEAR_WORDS_MAX 6

/* Returns the length of the label at AT if it is one of a domain in another script (RFC 5890),
 * which the index has decoded; else 0. */
static size_t encoded_length(const char *at)
{
	size_t length = g_ascii_strncasecmp(at, "xn--", 4) == 0 ? 4 : 0;

	while (length > 0 && (g_ascii_isalnum(at[length]) || at[length] == '-'))
		length++;
	return length;
}

bool words_next(const char **at, char *word, unsigned room)
{
	unsigned length = 0;

	while (**at != '\0' && (!g_ascii_isalnum(**at) || encoded_length(*at) > 0))
		*at += MAX(encoded_length(*at), 1);
	for (; g_ascii_isalnum(**at); ++*at)
		if (length + 1 < room)
			word[length++] = g_ascii_tolower(**at);
	word[length] = '\0';
	return length > 0;
}

/* Adds `FIELD:word*` for WORD, of lower-case letters and digits, or its first MOST bytes; after
 * BETWEEN, unless it is the first term. */
static void add_beginning(
        struct buffer *terms, const char *between, const char *field, const char *word, size_t most)
{
	/* Xapian takes these for operators even before a `*`. */
	static const char *const operators[] = {"and", "or", "not", "xor", "near", "adj"};
	size_t length = strnlen(word, most);

	for (size_t i = 0; i < G_N_ELEMENTS(operators); i++)
		if (strlen(operators[i]) == length && strncmp(operators[i], word, length) == 0)
			length--;
	buffer_print(
	        terms, "%s%s:%.*s*", terms->length > 0 ? between : "", field, (int)length, word);
}

/* Returns whether the index (Xapian's term generator) makes one word of what stands before and
 * after AT: the letters of all scripts, underscores, `o'brien`, and numbers with points in them. */
static bool is_joint(const char *text, const char *at)
{
	if ((unsigned char)*at >= 0x80 || *at == '_')
		return true;
	if (at == text)
		return false;
	if (*at == '\'' || *at == '&')
		return g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[1]);
	return (*at == '.' || *at == ',' || *at == ';') && g_ascii_isdigit(at[-1]) &&
	       g_ascii_isdigit(at[1]);
}

enum words_found words_add(struct buffer *query, const char *field, const char *text)
{
	struct buffer terms = buffer_new(query->ctx);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	char word[2];
	bool is_quoted = false, is_whole = true;
	unsigned count = 0;

	for (const char *at = text; words_next(&at, word, sizeof word);)
		count++;
	for (const char *at = lower, *start = at; *at != '\0' && count <= WORDS_MAX; start = at) {
		size_t encoded = encoded_length(at), plain = 0;

		at += encoded;
		for (; encoded == 0 && g_ascii_isalnum(*at); at++)
			plain++;
		while (g_ascii_isalnum(*at) || (*at != '\0' && is_joint(lower, at)))
			at++;
		if (at == start) {
			at++;
		} else if (at == start + plain) {
			if (is_quoted)
				buffer_add_string(&terms, " ");
			else
				buffer_print(
				        &terms, "%s%s:\"", terms.length > 0 ? " and " : "", field);
			buffer_add(&terms, start, plain);
			is_quoted = true;
		} else {
			if (is_quoted)
				buffer_add_string(&terms, "\"");
			is_quoted = is_whole = false;
			if (plain >= BEGINNING_MIN)
				add_beginning(&terms, " and ", field, start, MIN(plain, 60));
		}
	}
	if (is_quoted)
		buffer_add_string(&terms, "\"");
	if (terms.length == 0)
		return WORDS_NONE;
	buffer_add_string(query, terms.text);
	return is_whole ? WORDS_ALL : WORDS_SOME;
}

bool words_add_any(struct buffer *query, const char *field, char *const *addresses, size_t most)
{
	const char *between = "";

	for (size_t i = 0; addresses != NULL && addresses[i] != NULL && i < most; i++) {
		struct buffer one = buffer_new(query->ctx);

		if (words_add(&one, field, addresses[i]) == WORDS_NONE)
			continue;
		buffer_print(query, "%s(%s)", between, buffer_text(&one));
		between = " or ";
	}
	return between[0] != '\0';
}

/* -- what a word may be a slip for */

struct nearness {
	struct buffer terms;
	const char *field;
};

/* Adds a term for one way in which the word may begin, as printf() writes it. */
#define near_add(near, ...)                                                                        \
	add_beginning(&(near)->terms, " or ", (near)->field,                                       \
	        talloc_asprintf((near)->terms.ctx, __VA_ARGS__), LOOKED_AT)

static void add_swapped(struct nearness *near, const char *word, int at)
{
	near_add(near, "%.*s%c%c%s", at, word, word[at + 1], word[at], word + at + 2);
}

/* Adds terms for all words that WORD may be a slip for, with the slip in its first letters; one of
 * them is a point that was left out. */
static void add_slips(struct nearness *near, const char *word)
{
	for (int at = 0; at < HEAD; at++) {
		near_add(near, "%.*s%s", at, word, word + at + 1);
		add_swapped(near, word, at);
		for (char letter = 'a'; letter <= 'z'; letter++) {
			near_add(near, "%.*s%c%s", at, word, letter, word + at);
			near_add(near, "%.*s%c%s", at, word, letter, word + at + 1);
		}
	}
	if (strlen(word) >= HEAD + SLIP_MIN - 1)
		near_add(near, "%s", word + 2);
}

enum words_found words_add_near(struct buffer *query, const char *field, const char *text)
{
	struct nearness near = {buffer_new(query->ctx), field};
	char word[32], before[32] = ""; /* longer ones are cut: how they begin is enough */
	bool has_slips = false;

	for (int i = 0; i < NEAR_WORDS_MAX && words_next(&text, word, sizeof word); i++) {
		size_t length = strlen(word);

		if (length >= HEAD)
			near_add(&near, "%.*s", HEAD, word);
		if (length == HEAD) {
			add_swapped(&near, word, 0);
			add_swapped(&near, word, 1);
		}
		/* Only one word needs it: if the slip is in another one, this one's beginning
		 * finds the mail. */
		if (length >= SLIP_MIN && !has_slips) {
			add_slips(&near, word);
			has_slips = true;
		}
		if (i > 0 && strlen(before) < HEAD && strlen(before) + length >= SLIP_MIN)
			near_add(&near, "%s%s", before, word); /* two words that were one */
		memcpy(before, word, length + 1);
	}
	buffer_add_string(query, buffer_text(&near.terms));
	return near.terms.length > 0 ? WORDS_SOME : WORDS_NONE;
}
