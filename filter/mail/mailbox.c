#include "mail/mailbox.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/address-list.h"
#include "text/text.h"

/* Words of a name that are compared. */
#define NAME_WORDS_MAX 8

/* Bytes of three characters of a script that is not Latin: fewer are a family's name, and many have
 * it. */
#define FOREIGN_NAME_MIN 9

/* What stands between two words of a name, after text_fold(). */
static const char between[] = " ,.'\"()-_/;:";

/* LENGTH bytes of TEXT without what stands around a name. */
static char *name_of(const void *ctx, const char *text, size_t length)
{
	while (length > 0 && strchr(" \t\r\n,;\"'", *text) != NULL) {
		text++;
		length--;
	}
	while (length > 0 && strchr(" \t\r\n<\"'", text[length - 1]) != NULL)
		length--;
	return text_one_line(ctx, text, length, VALUE_MAX);
}

bool mailbox_next(const void *ctx, const char **at, struct mailbox *mailbox)
{
	const char *end = *at + strlen(*at), *start = NULL;
	struct address_item item;

	while (address_list_next(at, end, &item)) {
		/* A comma in a name that was encoded is one of the name. */
		start = start == NULL && item.end > item.start ? item.start : start;
		mailbox->address = address_item_address(ctx, &item);
		if (mailbox->address == NULL)
			continue;
		mailbox->name = name_of(ctx, start,
		        item.name_length > 0 ? (size_t)(item.name + item.name_length - start) : 0);
		if (strchr(mailbox->name, '@') != NULL)
			mailbox->name[0] = '\0';
		return true;
	}
	return false;
}

struct words {
	char *list[NAME_WORDS_MAX];
	size_t count, letters;
	bool is_latin;
};

static struct words words_of(const void *ctx, const char *name)
{
	struct words words = {.is_latin = true};
	char *folded = text_fold(ctx, name, strlen(name)), *rest, *word;

	for (word = strtok_r(folded, between, &rest); word != NULL && words.count < NAME_WORDS_MAX;
	        word = strtok_r(NULL, between, &rest)) {
		words.letters += strlen(word);
		/* U+0400 and above */
		words.is_latin = words.is_latin && (unsigned char)word[0] < 0xd0;
		words.list[words.count++] = word;
	}
	return words;
}

/* Each word of B counts once. */
static size_t in_common(const struct words *a, const struct words *b)
{
	bool taken[NAME_WORDS_MAX] = {false};
	size_t count = 0, i, j;

	for (i = 0; i < a->count; i++)
		for (j = 0; j < b->count; j++)
			if (!taken[j] && strcmp(a->list[i], b->list[j]) == 0) {
				taken[j] = true;
				count++;
				break;
			}
	return count;
}

bool mailbox_same_name(const char *a, const char *b)
{
	void *ctx = talloc_new(NULL);
	struct words x = words_of(ctx, a), y = words_of(ctx, b);
	size_t common = in_common(&x, &y);
	bool same = common == x.count && common == y.count &&
	            (common > 1 || (common == 1 && !x.is_latin && x.letters >= FOREIGN_NAME_MIN));

	talloc_free(ctx);
	return same;
}

bool mailbox_is_deaf(const char *address)
{
	static const char *const deaf[] = {"noreply", "no-reply", "no_reply", "no.reply",
	        "donotreply", "do-not-reply", "mailer-daemon", "postmaster@", "bounce", "listserv@",
	        "majordomo@", NULL};
	size_t i;

	for (i = 0; deaf[i] != NULL; i++)
		if (strncasecmp(address, deaf[i], strlen(deaf[i])) == 0)
			return true;
	return false;
}
