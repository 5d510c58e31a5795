#include "mail/words.h"

#include <string.h>

/* A query can hold so many words; an address that has more is not looked for. */
#define WORDS_MAX 16

/* Letters by which words are found that begin so: fewer find half the index. */
#define BEGINNING_MIN 3

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether the index makes one word of what is before and behind AT (Xapian's term generator): of the letters of all scripts, underscores, `o'brien`,
 * and numbers with points in them. */
static bool is_joint(const char *text, const char *at)
{
	if ((unsigned char)*at >= 0x80 || *at == '_')
		return true;
	if (at == text)
		return false;
	if (*at == '\'' || *at == '&')
		return is_letter_or_digit(at[-1]) && is_letter_or_digit(at[1]);
	return (*at == '.' || *at == ',' || *at == ';') && is_digit(at[-1]) && is_digit(at[1]);
}

static void add_lower(struct buffer *query, const char *letters, size_t length)
{
	for (; length > 0; length--, letters++) {
		char c = *letters >= 'A' && *letters <= 'Z' ? (char)(*letters + 32) : *letters;

		buffer_add(query, &c, 1);
	}
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
			words_add_beginning(phrase->query, phrase->field, beginning, strlen(beginning));
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

		while (is_letter_or_digit(*at))
			at++;
		plain = (size_t)(at - word);
		while (is_letter_or_digit(*at) || (*at != '\0' && is_joint(text, at)))
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

	while (**at != '\0' && !is_letter_or_digit(**at))
		++*at;
	for (; is_letter_or_digit(**at); ++*at)
		if (length + 1 < room)
			word[length++] = **at >= 'A' && **at <= 'Z' ? (char)(**at + 32) : **at;
	word[length] = '\0';
	return length > 0;
}
