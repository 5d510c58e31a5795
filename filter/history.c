#include "history.h"

#include <string.h>
#include <talloc.h>

#include "address.h"
#include "fate.h"
#include "limits.h"

/* A phrase can hold so many words; an address that has more is not looked for. */
#define WORDS_MAX 16

/* The words of ADDRESS, as the index has them: runs of ASCII letters and digits. NULL if there are none, or others too. */
static char *words_of(const void *ctx, const char *address)
{
	char *words = talloc_strdup(ctx, address);
	size_t count = 1, i;

	for (i = 0; words != NULL && words[i] != '\0'; i++) {
		unsigned char c = (unsigned char)words[i];

		if (c >= 0x80)
			return NULL;
		if ((c < '0' || c > '9') && ((c | 0x20) < 'a' || (c | 0x20) > 'z')) {
			words[i] = ' ';
			count++;
		}
	}
	return words != NULL && count <= WORDS_MAX && address_is_complete(address) ? words : NULL;
}

struct reading {
	const void *ctx;
	const struct settings *settings;
	const char *address;
	struct history history;
	unsigned seen;
};

/* The index finds words; that the address is the same is looked at here. */
static bool see_received(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	char **from = address_list(reading->ctx, mail_header(mail, "From"));

	if (address_list_has(from, reading->address))
		reading->history.last_from = mail_date(mail);
	talloc_free(from);
	return reading->history.last_from == 0 && ++reading->seen < HISTORY_MAX;
}

static enum fate_state fate_of(const void *ctx, struct mail *mail, const char *address)
{
	enum fate_state state = FATE_NOTHING;
	size_t count, i;
	struct fate *fates = fate_read(ctx, mail, &count);

	for (i = 0; fates != NULL && i < count; i++)
		if (address_equal(fates[i].address, address))
			state = fates[i].state;
	talloc_free(fates);
	return state;
}

static bool see_sent(void *argument, struct mail *mail)
{
	struct reading *reading = argument;

	if (settings_is_own(reading->settings, mail_header(mail, "From"))) {
		enum fate_state state = fate_of(reading->ctx, mail, reading->address);
		bool failed = state == FATE_FAILED || state == FATE_RESENT;

		reading->history.sent++;
		reading->history.failed += failed;
		if (reading->history.last_reached == 0 && !failed && state != FATE_DELAYED)
			reading->history.last_reached = mail_date(mail);
	}
	return ++reading->seen < HISTORY_MAX;
}

struct history history_read(struct index *index, const struct settings *settings, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL), .settings = settings, .address = address};
	char *words = words_of(reading.ctx, address);
	char *from = words != NULL ? talloc_asprintf(words, "from:\"%s\"", words) : NULL;
	char *to = words != NULL ? talloc_asprintf(words, "to:\"%s\" and not tag:bounce", words) : NULL;

	if (from != NULL)
		index_each(index, from, see_received, &reading);
	reading.seen = 0;
	if (to != NULL)
		index_each(index, to, see_sent, &reading);
	talloc_free((void *)reading.ctx);
	return reading.history;
}
