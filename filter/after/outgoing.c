#include "after/outgoing.h"

#include <stdbool.h>
#include <string.h>
#include <talloc.h>

#include "after/standing.h"
#include "after/table.h"
#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "explain/placeholders.h"
#include "index/mail-files.h"
#include "index/history.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

/* Whether OPTION, as it stands, takes the next argument as its value: of sendmail's and msmtp's
 * short options. */
static bool takes_value(const char *option)
{
	return option[0] == '-' && option[1] != '\0' && option[2] == '\0' &&
	       strchr("faFrCXNRVLBhOopqA", option[1]) != NULL;
}

static char **named_recipients(const void *ctx, char *const *arguments, bool *by_header)
{
	char **list = list_new(ctx);
	size_t count = 0;
	bool ended = false;

	for (*by_header = false; *arguments != NULL; arguments++) {
		if (!ended && strcmp(*arguments, "--") == 0)
			ended = true;
		else if (!ended && (*arguments)[0] == '-') {
			*by_header = *by_header || strcmp(*arguments, "-t") == 0 ||
			             strcmp(*arguments, "--read-recipients") == 0;
			arguments += takes_value(*arguments) && arguments[1] != NULL;
		} else {
			char **addresses = address_list(ctx, *arguments);
			size_t i;

			for (i = 0; addresses[i] != NULL; i++)
				list_add(ctx, &list, &count, addresses[i]);
		}
	}
	return list;
}

char **outgoing_recipients(
        const void *ctx, char *const *arguments, const char *bytes, size_t length)
{
	bool by_header;
	char **list = named_recipients(ctx, arguments, &by_header), **to;
	size_t count = list_length(list);

	if (count > 0 && !by_header)
		return list;
	for (to = header_recipients(ctx, header_fields(bytes, length)); *to != NULL; to++)
		list_add(ctx, &list, &count, *to);
	return list;
}

/* What is to be said of mail to ADDRESS, whose bounces say that it is dead: a sentence, or a line
 * if there are SEVERAL. */
static char *say_dead(
        const void *ctx, struct wording *wording, const struct standing *standing, bool several)
{
	const char *name = wording_name(ctx, wording, reason_name(standing->reason),
	        address_domain(ctx, standing->address));
	char *shown = text_one_line(ctx, standing->address, strlen(standing->address), ADDRESS_MAX);
	char *day = placeholder_day(ctx, wording, standing->first);

	if (several)
		return talloc_asprintf(ctx, "%s: %s (%s)", shown, name, day);
	return wording_say(ctx, wording, "send-dead",
	        WORDING_VALUES({"address", shown}, {"name", name}, {"date", day}));
}

/* What is to be said of ADDRESS if its domain is a well-known one written wrong; NULL: nothing. */
static char *say_slip(const void *ctx, struct index *index, const struct domains *domains,
        struct wording *wording, const char *address)
{
	char *domain = address_domain(ctx, address),
	     *shown = text_one_line(ctx, address, strlen(address), ADDRESS_MAX);
	bool listed;
	const char *meant = domain != NULL ? domains_meant(ctx, domains, domain, &listed) : NULL;

	if (meant == NULL || history_last_from(index, address) != 0)
		return NULL;
	meant = talloc_asprintf(ctx, "%.*s@%s", (int)(strrchr(shown, '@') - shown), shown, meant);
	return wording_say(
	        ctx, wording, "send-slip", WORDING_VALUES({"address", shown}, {"meant", meant}));
}

char *outgoing_objections(const void *ctx, struct index *index, const struct domains *domains,
        struct wording *wording, char *const *recipients)
{
	size_t count = list_length(recipients), dead = 0;
	const struct standing **standings = array_new(ctx, const struct standing *, count + 1);
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < count; i++) {
		standings[i] = standing_dead(ctx, index, recipients[i]);
		dead += standings[i] != NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (standings[i] != NULL)
			text = talloc_asprintf_append_buffer(
			        text, "%s\n", say_dead(ctx, wording, standings[i], dead > 1));
	if (dead > 1)
		text = talloc_asprintf_append_buffer(text, "%s\n",
		        wording_say(ctx, wording, "send-dead-many",
		                WORDING_VALUES({"count", table_number(ctx, dead)})));
	for (size_t i = 0; i < count; i++) {
		const char *slip = standings[i] != NULL
		                           ? NULL
		                           : say_slip(ctx, index, domains, wording, recipients[i]);

		if (slip != NULL)
			text = talloc_asprintf_append_buffer(text, "%s\n", slip);
	}
	return text;
}

char *outgoing_reply(const void *ctx, const char *output)
{
	const char *line, *end, *code;
	char *reply = NULL, *address = NULL;

	for (line = output; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
		char *words;
		int number;

		end = line + strcspn(line, "\n");
		words = talloc_strndup(ctx, line, (size_t)(end - line));
		number = diagnostic_reply(words);
		if (address == NULL && address_scan_all(ctx, words)[0] != NULL)
			address = talloc_asprintf(ctx, "<%s>", address_scan_all(ctx, words)[0]);
		code = number != 0 ? strstr(words, talloc_asprintf(ctx, "%d", number)) : NULL;
		if (code != NULL)
			reply = reply == NULL
			                ? talloc_strdup(ctx, code)
			                : talloc_asprintf_append_buffer(reply, " %s", code + 4);
	}
	if (reply != NULL && address != NULL && address_scan_all(ctx, reply)[0] == NULL)
		reply = talloc_asprintf_append_buffer(reply, " %s", address);
	return reply;
}
