#include "mail/words.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A query can hold so many words; an address that has more is not looked for. */
#define WORDS_MAX 16

/* Letters by which words are found that begin so: fewer find half the index. */
#define BEGINNING_MIN 3

/* In the first letters of a word a slip is thought of at each of them; what has one behind them is
 * found by how it begins. */
#define HEAD 3

/* Letters that are looked at behind such a slip: with all of them, a second slip in the same word
 * would hide it. */
#define LOOKED_AT 6

/* Shorter words differ by meaning, not by slips. */
#define SLIP_MIN 4

/* Words of one half that are looked at. */
#define NEAR_WORDS_MAX 6

bool words_next(const char **at, char *word, unsigned room)
{
	unsigned length = 0;

	while (**at != '\0' && !g_ascii_isalnum(**at))
		++*at;
	for (; g_ascii_isalnum(**at); ++*at)
		if (length + 1 < room)
			word[length++] = g_ascii_tolower(**at);
	word[length] = '\0';
	return length > 0;
}

/* Adds `FIELD:word*` for the first LENGTH bytes of WORD, which are lower-case letters and digits;
 * behind BETWEEN, if it is not the first. */
static void add_beginning(struct buffer *terms, const char *between, const char *field,
        const char *word, size_t length)
{
	/* What a query takes as an operator when it stands before a `*`. */
	static const char *const operators[] = {"and", "or", "not", "xor", "near", "adj"};

	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (strlen(operators[i]) == length && strncmp(operators[i], word, length) == 0)
			length--;
	buffer_print(
	        terms, "%s%s:%.*s*", terms->length > 0 ? between : "", field, (int)length, word);
}

/* Whether the index makes one word of what is before and behind AT (Xapian's term generator): of
 * the letters of all scripts, underscores, `o'brien`, and numbers with points in them. */
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
	char *lower = g_ascii_strdown(text, -1), word[2];
	bool is_quoted = false, is_whole = true;
	unsigned count = 0;

	for (const char *at = text; words_next(&at, word, sizeof word);)
		count++;
	for (const char *at = lower, *start = at; *at != '\0' && count <= WORDS_MAX; start = at) {
		while (g_ascii_isalnum(*at))
			at++;
		size_t plain = (size_t)(at - start);

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
	g_free(lower);
	buffer_add_string(query, buffer_text(&terms));
	return terms.length == 0 ? WORDS_NONE : is_whole ? WORDS_ALL : WORDS_SOME;
}

/* -- what a word may be a slip for */

struct nearness {
	struct buffer terms;
	const char *field;
};

/* One way in which it may begin. */
static void near_add(struct nearness *near, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static void near_add(struct nearness *near, const char *format, ...)
{
	char beginning[LOOKED_AT + 1];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(beginning, sizeof beginning, format, arguments);
	va_end(arguments);
	add_beginning(&near->terms, " or ", near->field, beginning, strlen(beginning));
}

static void add_swapped(struct nearness *near, const char *word, int at)
{
	near_add(near, "%.*s%c%c%s", at, word, word[at + 1], word[at], word + at + 2);
}

/* What WORD may have been before a slip in its first letters, a point left out there among them. */
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
		/* If it is another that is wrong, the mail is found by the beginning of this one. */
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
