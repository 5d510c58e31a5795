#include "mail/words.h"

#include <glib.h>
#include <string.h>

/* A query can hold so many words; an address that has more is not looked for. */
#define WORDS_MAX 16

/* Letters by which words are found that begin so: fewer find half the index. */
#define BEGINNING_MIN 3

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

static void add_lower(struct buffer *query, const char *letters, size_t length)
{
	for (; length > 0; length--, letters++)
		buffer_add(query, (char[]){g_ascii_tolower(*letters)}, 1);
}

/* What a query takes as an operator when it stands before a `*`. */
static bool is_operator(const char *word, size_t length)
{
	static const char *const operators[] = {"and", "or", "not", "xor", "near", "adj"};
	size_t i;

	for (i = 0; i < sizeof operators / sizeof *operators; i++)
		if (strlen(operators[i]) == length && strncmp(operators[i], word, length) == 0)
			return true;
	return false;
}

void words_add_beginning(struct buffer *query, const char *field, const char *word, size_t length)
{
	while (is_operator(word, length))
		length--;
	buffer_print(query, "%s:%.*s*", field, (int)length, word);
}

/* How a query is being put together. */
struct phrase {
	struct buffer *query;
	const char *field;
	bool begun, quoted, whole;
	unsigned count;
};

static void phrase_end(struct phrase *phrase)
{
	if (phrase->quoted)
		buffer_add_string(phrase->query, "\"");
	phrase->quoted = false;
}

static void phrase_and(struct phrase *phrase)
{
	if (phrase->begun)
		buffer_add_string(phrase->query, " and ");
	phrase->begun = true;
}

/* One word as the index has it, of which the first PLAIN bytes are letters and digits. */
static void phrase_word(struct phrase *phrase, const char *word, size_t plain, bool is_plain)
{
	phrase->count++;
	if (is_plain) {
		if (!phrase->quoted) {
			phrase_and(phrase);
			buffer_print(phrase->query, "%s:\"", phrase->field);
		} else
			buffer_add_string(phrase->query, " ");
		phrase->quoted = true;
		add_lower(phrase->query, word, plain);
		return;
	}
	phrase_end(phrase);
	phrase->whole = false;
	if (plain >= BEGINNING_MIN) {
		char beginning[64];
		const char *at = word;

		phrase_and(phrase);
		if (words_next(&at, beginning, sizeof beginning))
			words_add_beginning(
			        phrase->query, phrase->field, beginning, strlen(beginning));
	}
}

static unsigned words_in(const char *text)
{
	char word[2];
	unsigned count = 0;

	while (words_next(&text, word, sizeof word))
		count++;
	return count;
}

enum words_found words_add(struct buffer *query, const char *field, const char *text)
{
	struct phrase phrase = {.query = query, .field = field, .whole = true};
	const char *at = text;

	if (words_in(text) > WORDS_MAX)
		return WORDS_NONE;
	while (*at != '\0') {
		const char *word = at;
		size_t plain;

		while (g_ascii_isalnum(*at))
			at++;
		plain = (size_t)(at - word);
		while (g_ascii_isalnum(*at) || (*at != '\0' && is_joint(text, at)))
			at++;
		if (at > word)
			phrase_word(&phrase, word, plain, at == word + plain);
		else
			at++;
	}
	phrase_end(&phrase);
	return !phrase.begun ? WORDS_NONE : phrase.whole ? WORDS_ALL : WORDS_SOME;
}

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

/* In the first letters of a word a slip is thought of at each of them; what has one behind them is
 * found by how it begins. */
#define HEAD 3

/* Letters that must be right behind such a slip: with all of them, a second slip in the same word
 * would hide it. */
#define LOOKED_AT 6

/* Shorter words differ by meaning, not by slips. */
#define SLIP_MIN 4

/* Words of one half that are looked at. */
#define NEAR_WORDS_MAX 6

/* Longer words are cut: how they begin is enough. */
#define ROOM 32

struct nearness {
	struct buffer *query;
	const char *field;
	bool begun;
};

static void near_add(struct nearness *nearness, const char *beginning, size_t length)
{
	if (nearness->begun)
		buffer_add_string(nearness->query, " or ");
	nearness->begun = true;
	words_add_beginning(nearness->query, nearness->field, beginning,
	        length < LOOKED_AT ? length : LOOKED_AT);
}

/* WORD with CUT bytes at AT replaced by LETTER (NUL: by none). */
static void add_changed(
        struct nearness *nearness, const char *word, size_t at, size_t cut, char letter)
{
	char changed[ROOM + 1];
	size_t length = at;

	memcpy(changed, word, at);
	if (letter != '\0')
		changed[length++] = letter;
	word += at + cut;
	while (*word != '\0' && length < ROOM)
		changed[length++] = *word++;
	near_add(nearness, changed, length);
}

static void add_swapped(struct nearness *nearness, const char *word, size_t at)
{
	char changed[ROOM];
	size_t length = strlen(word);

	memcpy(changed, word, length);
	changed[at] = word[at + 1];
	changed[at + 1] = word[at];
	near_add(nearness, changed, length);
}

/* What WORD may have been before a slip in its first letters, a point left out there among them. */
static void add_slips(struct nearness *nearness, const char *word)
{
	size_t at;
	char letter;

	for (at = 0; at < HEAD; at++) {
		add_changed(nearness, word, at, 1, '\0');
		add_swapped(nearness, word, at);
		for (letter = 'a'; letter <= 'z'; letter++) {
			add_changed(nearness, word, at, 0, letter);
			add_changed(nearness, word, at, 1, letter);
		}
	}
	if (strlen(word) >= HEAD + SLIP_MIN - 1)
		near_add(nearness, word + 2, strlen(word + 2));
}

/* Two words that were one. */
static void add_joined(struct nearness *nearness, const char *word, const char *next)
{
	char joined[2 * ROOM];
	size_t length = strlen(word), more = strlen(next);

	memcpy(joined, word, length);
	memcpy(joined + length, next, more);
	if (length < HEAD && length + more >= SLIP_MIN)
		near_add(nearness, joined, length + more);
}

enum words_found words_add_near(struct buffer *query, const char *field, const char *text)
{
	struct nearness nearness = {.query = query, .field = field};
	char word[ROOM], before[ROOM] = "";
	bool slips = false;
	int count = 0;

	while (count++ < NEAR_WORDS_MAX && words_next(&text, word, sizeof word)) {
		size_t length = strlen(word);

		if (length >= HEAD)
			near_add(&nearness, word, HEAD);
		if (length == HEAD) {
			add_swapped(&nearness, word, 0);
			add_swapped(&nearness, word, 1);
		}
		if (length >= SLIP_MIN && !slips) {
			/* If it is another that is wrong, the mail is found by the beginning of
			 * this one. */
			add_slips(&nearness, word);
			slips = true;
		}
		if (before[0] != '\0')
			add_joined(&nearness, before, word);
		memcpy(before, word, length + 1);
	}
	return nearness.begun ? WORDS_SOME : WORDS_NONE;
}
