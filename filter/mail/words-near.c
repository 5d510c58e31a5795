/* The part of words.h that knows slips. */
#include <string.h>

#include "mail/words.h"

/* In the first letters of a word a slip is thought of at each of them; what has one behind them is found by how it begins. */
#define HEAD 3

/* Letters that must be right behind such a slip: with all of them, a second slip in the same word would hide it. */
#define LOOKED_AT 6

/* Shorter words differ by meaning, not by slips. */
#define SLIP_MIN 4

/* Words of one half that are looked at. */
#define WORDS_MAX 6

/* Longer words are cut: how they begin is enough. */
#define ROOM 32

struct nearness {
	struct buffer *query;
	const char *field;
	bool begun;
};

static void add(struct nearness *nearness, const char *beginning, size_t length)
{
	if (nearness->begun)
		buffer_add_string(nearness->query, " or ");
	nearness->begun = true;
	words_add_beginning(nearness->query, nearness->field, beginning, length < LOOKED_AT ? length : LOOKED_AT);
}

/* WORD with CUT bytes at AT replaced by LETTER (NUL: by none). */
static void add_changed(struct nearness *nearness, const char *word, size_t at, size_t cut, char letter)
{
	char changed[ROOM + 1];
	size_t length = at;

	memcpy(changed, word, at);
	if (letter != '\0')
		changed[length++] = letter;
	word += at + cut;
	while (*word != '\0' && length < ROOM)
		changed[length++] = *word++;
	add(nearness, changed, length);
}

static void add_swapped(struct nearness *nearness, const char *word, size_t at)
{
	char changed[ROOM];
	size_t length = strlen(word);

	memcpy(changed, word, length);
	changed[at] = word[at + 1];
	changed[at + 1] = word[at];
	add(nearness, changed, length);
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
		add(nearness, word + 2, strlen(word + 2));
}

/* Two words that were one. */
static void add_joined(struct nearness *nearness, const char *word, const char *next)
{
	char joined[2 * ROOM];
	size_t length = strlen(word), more = strlen(next);

	memcpy(joined, word, length);
	memcpy(joined + length, next, more);
	if (length < HEAD && length + more >= SLIP_MIN)
		add(nearness, joined, length + more);
}

enum words_found words_add_near(struct buffer *query, const char *field, const char *text)
{
	struct nearness nearness = {.query = query, .field = field};
	char word[ROOM], before[ROOM] = "";
	bool slips = false;
	int count = 0;

	while (count++ < WORDS_MAX && words_next(&text, word, sizeof word)) {
		size_t length = strlen(word);

		if (length >= HEAD)
			add(&nearness, word, HEAD);
		if (length == HEAD) {
			add_swapped(&nearness, word, 0);
			add_swapped(&nearness, word, 1);
		}
		if (length >= SLIP_MIN && !slips) {
			/* If it is another that is wrong, the mail is found by the beginning of this one. */
			add_slips(&nearness, word);
			slips = true;
		}
		if (before[0] != '\0')
			add_joined(&nearness, before, word);
		memcpy(before, word, length + 1);
	}
	return nearness.begun ? WORDS_SOME : WORDS_NONE;
}
