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

enum status resend_options_read(struct resending *resending)
{
	struct resend_wish *wish = &resending->wish;
	struct draft_plan *plan = &resending->plan;
	enum status status = read_size("split", resending->split, &plan->split);

	if (status == STATUS_OK)
		status = read_size("max-size", resending->max_size, &plan->max_size);
	if (status == STATUS_OK)
		status = read_reasons(resending->reasons, &wish->reasons);
	if (status == STATUS_OK)
		status = read_addresses(resending->skip, &wish->skip);
	resending->hold = resending->hold || resending->ask;
	wish->no_attachments = plan->no_attachments;
	wish->less = plan->plain || plan->no_attachments;
	return status == STATUS_OK ? check(resending) : status;
}

const struct option resend_options[] = {
        VALUE_OPTION("draft", OPTION_VALUE, struct resending, directory, "DIR",
                "put it into this Maildir; default: on standard output"),
        VALUE_OPTION("to", OPTION_LIST, struct resending, wish.to, "ADDRESS",
                "the right address; --to=OLD=NEW when several failed"),
        VALUE_OPTION("reason", OPTION_LIST, struct resending, reasons, "REASON", "only those who failed for these reasons"),
        VALUE_OPTION("skip", OPTION_LIST, struct resending, skip, "ADDRESS", "not to these"),
        CHOICE_OPTION("suggest", OPTION_MAYBE, struct resending, suggest, "FORMAT", "text json",
                "only say which addresses may have been meant, and why"),
        FLAG_OPTION("all", struct resending, wish.all, "to everyone, not only those who did not get it"),
        FLAG_OPTION("quote-recipients", struct resending, plan.quote_recipients, "say on top to whom the first went"),
        FLAG_OPTION("note", struct resending, plan.note, "say on top that this is sent again"),
        FLAG_OPTION("plain", struct resending, plan.plain, "text only"),
        VALUE_OPTION("charset", OPTION_VALUE, struct resending, plan.charset, "CHARSET",
                "with --plain: in this charset (iso-2022-jp)"),
        FLAG_OPTION("no-attachments", struct resending, plan.no_attachments, "list them in the text instead"),
        FLAG_OPTION("zip", struct resending, plan.zip, "put them into one zip"),
        VALUE_OPTION("split", OPTION_VALUE, struct resending, split, "SIZE",
                "make several drafts of at most this size (500k, 10M)"),
        VALUE_OPTION("max-size", OPTION_VALUE, struct resending, max_size, "SIZE", "refuse what is still larger"),
        FLAG_OPTION("scan", struct resending, scan, "refuse what the scanner in bounce.scanner objects to"),
        FLAG_OPTION("from-returned", struct resending, wish.from_returned,
                "take what came back, when there is no copy of your own"),
        FLAG_OPTION("again", struct resending, wish.again, "though it was sent before"),
        FLAG_OPTION("anyway", struct resending, wish.anyway, "though that makes it worse"),
        FLAG_OPTION("ask", struct resending, ask, "for a macro of mutt's: ask how to send it"),
        FLAG_OPTION("hold", struct resending, hold, "for a macro of mutt's: keep the draft"),
        FLAG_OPTION("held", struct resending, held, "print mutt's commands that open what was kept"),
        LANGUAGE_OPTION,
        NO_OPTION,
};
