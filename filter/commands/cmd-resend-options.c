#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "mail/address-list.h"

/* `500k`, `10M`, `25MB`, or bytes. STATUS_USAGE after saying what is wrong. */
static enum status read_size(const char *option, const char *text, size_t *size)
{
	static const char units[] = "kmg";
	unsigned long long number;
	const char *unit;
	char *end;

	*size = 0;
	if (text == NULL)
		return STATUS_OK;
	number = strtoull(text, &end, 10);
	unit = *end != '\0' ? strchr(units, *end | 0x20) : NULL;
	if (unit != NULL)
		end += end[1] == 'B' || end[1] == 'b' ? 2 : 1;
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number == 0 || number > 1u << 30) {
		cmd_say("resend --%s=%s: expected a size like 500k or 10M", option, text);
		return STATUS_USAGE;
	}
	for (; unit != NULL && unit >= units; unit--)
		number *= 1024;
	*size = number < (size_t)-1 ? (size_t)number : (size_t)-1;
	return STATUS_OK;
}

/* The reasons in VALUES (NULL: none), with commas between them, as bits. STATUS_USAGE after saying what is wrong. */
static enum status read_reasons(char *const *values, unsigned *reasons)
{
	const char *at;
	size_t length;

	for (; values != NULL && *values != NULL; values++)
		for (at = *values; at != NULL; at = at[length] == ',' ? at + length + 1 : NULL) {
			enum reason reason;

			length = strcspn(at, ",");
			reason = reason_by_name(at, length);
			if (reason == REASON_COUNT) {
				cmd_say("resend --reason=%s: expected names of reasons, as notmuch-bounce rules --reasons has them", *values);
				return STATUS_USAGE;
			}
			*reasons |= 1u << reason;
		}
	return STATUS_OK;
}

/* The addresses in VALUES (NULL: none), with commas between them. STATUS_USAGE after saying what is wrong. */
static enum status read_addresses(char *const *values, char ***addresses)
{
	size_t count = 0;

	for (; values != NULL && *values != NULL; values++) {
		char **some = address_list(NULL, *values);
		size_t i;

		for (i = 0; some[i] != NULL; i++)
			list_add(NULL, addresses, &count, some[i]);
		talloc_free(some);
		if (i == 0) {
			cmd_say("resend --skip=%s: expected an address", *values);
			return STATUS_USAGE;
		}
	}
	return STATUS_OK;
}

/* What does not go together. */
static enum status check(const struct resending *resending)
{
	if (resending->plan.charset != NULL && !resending->plan.plain)
		cmd_say("resend --charset=%s goes with --plain", resending->plan.charset);
	else if (resending->plan.zip && resending->plan.no_attachments)
		cmd_say("resend --zip and --no-attachments: one or the other");
	else if (resending->wish.all && (resending->wish.reasons != 0 || resending->wish.skip != NULL))
		cmd_say("resend --all: to everyone, so that --reason and --skip choose nobody");
	else
		return STATUS_OK;
	return STATUS_USAGE;
}

enum status resend_options(char **arguments, struct resending *resending)
{
	struct resend_wish *wish = &resending->wish;
	struct draft_plan *plan = &resending->plan;
	static const char *const forms[] = {"text", "json", NULL};
	const char *split = NULL, *max_size = NULL;
	char **reasons = NULL, **skip = NULL;
	const struct option options[] = {
	        {.name = "draft", .value = &resending->directory},
	        {.name = "to", .list = &wish->to},
	        {.name = "reason", .list = &reasons},
	        {.name = "skip", .list = &skip},
	        {.name = "suggest", .flag = &resending->suggest, .value = &resending->suggest_form, .values = forms},
	        {.name = "all", .flag = &wish->all},
	        {.name = "lang", .value = &resending->language},
	        {.name = "quote-recipients", .flag = &plan->quote_recipients},
	        {.name = "note", .flag = &plan->note},
	        {.name = "plain", .flag = &plan->plain},
	        {.name = "charset", .value = &plan->charset},
	        {.name = "no-attachments", .flag = &plan->no_attachments},
	        {.name = "zip", .flag = &plan->zip},
	        {.name = "split", .value = &split},
	        {.name = "max-size", .value = &max_size},
	        {.name = "scan", .flag = &resending->scan},
	        {.name = "from-returned", .flag = &wish->from_returned},
	        {.name = "again", .flag = &wish->again},
	        {.name = "anyway", .flag = &wish->anyway},
	        {.name = "ask", .flag = &resending->ask},
	        {.name = "hold", .flag = &resending->hold},
	        {.name = "held", .flag = &resending->held},
	        {.name = NULL},
	};
	enum status status = cmd_options("resend", arguments, options);

	if (status == STATUS_OK)
		status = read_size("split", split, &plan->split);
	if (status == STATUS_OK)
		status = read_size("max-size", max_size, &plan->max_size);
	if (status == STATUS_OK)
		status = read_reasons(reasons, &wish->reasons);
	if (status == STATUS_OK)
		status = read_addresses(skip, &wish->skip);
	talloc_free(reasons);
	talloc_free(skip);
	resending->hold = resending->hold || resending->ask;
	wish->no_attachments = plan->no_attachments;
	wish->less = plan->plain || plan->no_attachments;
	return status == STATUS_OK ? check(resending) : status;
}
