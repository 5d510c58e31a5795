/* Reads a text as a row of words, for rules and likeness. What is written in two ways becomes one,
 * and what means nothing takes no room.
 *
 * Words are runs of letters and digits in lower case without accents; each character of Chinese,
 * Japanese, Korean, Thai, Lao, Burmese and Khmer is one. "can't" and "cannot" are `can not`,
 * "e-mail" is `email`, "10MB" is `mb`, a possessive 's is left out. Addresses, host names, URLs, IP
 * addresses and long numbers are `<address>`, `<host>`, `<url>`, `<ip>`, `<number>`; these and
 * short numbers take no room between words.
 *
 * The text is untrusted; all work is linear in its length. */
#ifndef TOKENS_H
#define TOKENS_H

#include <stddef.h>
#include <stdint.h>

/* The room that a word takes, a character of Chinese, Japanese or Korean, and one of Thai, Lao,
 * Burmese or Khmer; and that the end of a sentence takes, much more than any gap. */
#define TOKEN_ROOM 6
#define TOKEN_CHARACTER_ROOM 3
#define TOKEN_LETTER_ROOM 1
#define TOKEN_SENTENCE 1000

enum token_kind {
	TOKEN_WORD,
	TOKEN_CHARACTER,
	TOKEN_NUMBER, /* of a few digits: 550, 5.1.1 */
	TOKEN_OTHER,  /* <address> and the like */
};

struct token {
	const char *word; /* LENGTH bytes, without a NUL */
	uint32_t length;
	uint32_t start, end; /* bytes of the text */
	uint32_t from, to;   /* its place among the words: TO is FROM and the room that it takes */
	uint32_t sentence;   /* the number of its sentence */
	enum token_kind kind;
};

struct tokens {
	char *text; /* after text_fold(); '\n' where a line ends a sentence */
	size_t length;
	struct token *words;
	size_t word_count;
	uint32_t room; /* the room of all words */
};

/* Returns the first LENGTH bytes of UTF8 as words, owned by CTX. A sentence may go on after the end
 * of a line, but not before an empty line, after a colon, or before a line that begins with a
 * sign. */
struct tokens *tokens_read(const void *ctx, const char *utf8, size_t length);

#endif
