/* A text as a row of words, for rules and likeness: what is written in two ways becomes one, and
 * what says nothing is set aside.
 *
 * Words are runs of letters and digits in lower case without accents; each Chinese, Japanese or
 * Korean character is one. "can't" and "cannot" are `can not`, "e-mail" is `email`, a possessive 's
 * is left out. Addresses, host names, URLs, IP addresses and long numbers are `<address>`,
 * `<host>`, `<url>`, `<ip>`, `<number>`: no word, and no room between words. Neither take short
 * numbers room.
 *
 * The text is untrusted; everything is linear in its length. */
#ifndef TOKENS_H
#define TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room that a word takes; a character of Chinese, Japanese or Korean takes half, and a sentence's
 * end much more than any gap. */
#define TOKEN_ROOM 2
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
	uint32_t start, end; /* where it stands in the text: bytes */
	uint32_t from, to;   /* and among the words: TO is FROM and the room it takes */
	uint32_t sentence;   /* the number of its sentence */
	enum token_kind kind;
};

struct tokens {
	char *text; /* after text_fold(); '\n' where a line ends a sentence */
	size_t length;
	struct token *words; /* as described above */
	size_t word_count;
	/* runs of letters and digits as they stand, also those within an address: for literal
	 * texts */
	struct token *runs;
	size_t run_count;
	uint32_t room; /* behind the last word */
};

/* The first LENGTH bytes of UTF8 as words, owned by CTX. A line may be broken within a sentence,
 * but not before an empty line, behind a colon, or before a line that begins with a sign. */
struct tokens *tokens_read(const void *ctx, const char *utf8, size_t length);

/* Where the run that begins at P, before END, ends. NULL if none begins there; *SKIP is how many
 * bytes are none. The text is folded. */
const char *token_run_end(const char *p, const char *end, size_t *skip);

#endif
