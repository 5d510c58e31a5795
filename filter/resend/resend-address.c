/* To whom a mail is sent again: the part of resend.h that knows recipients. */
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "index/history.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "resend/resend.h"

/* Addresses that are looked up: a mail to hundreds needs no word on each. */
#define REMARKS_MAX 20

/* All recipients in the header of the original, and whom it is from. */
static char **header_addresses(const void *ctx, struct resend *resend)
{
	const struct draft_source source = draft_source(resend->original.bytes, resend->original.length);
	const char *at = source.fields.start, *end = at + source.fields.length;
	char **all = list_new(ctx), **some;
	struct header_field field;
	struct bytes value;
	size_t count = 0, i;

	while (header_next(&at, end, HEADER_STRICT, &field)) {
		bool is_from = header_field_is(&field, "From");

		if (!is_from && !header_field_is_recipients(&field))
			continue;
		value = header_field_value(&field);
		some = address_list_read(ctx, value.start, value.length);
		if (is_from && resend->from == NULL)
			resend->from = some[0];
		for (i = 0; !is_from && some[i] != NULL; i++)
			list_add(ctx, &all, &count, some[i]);
	}
	return all;
}

/* `a@b, c@d`. Owned by CTX. */
static char *joined(const void *ctx, char *const *list)
{
	char *text = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; list[i] != NULL; i++)
		text = talloc_asprintf_append_buffer(text, "%s%s", i > 0 ? ", " : "", list[i]);
	return text;
}

/* Those of the failed whom the mail went to: nobody else is ever taken from a bounce. */
static char **failed_recipients(const void *ctx, const struct resend *resend, char *const *all)
{
	char **failed = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < resend->failure_count; i++)
		if (address_list_has(all, resend->failures[i].address))
			list_add(ctx, &failed, &count, resend->failures[i].address);
	return failed;
}

struct correction {
	char **wrong, **right, **besides;
	size_t wrong_count, right_count, besides_count;
};

/* Whether TEXT is one address and nothing else, and can stand in a header. */
static bool is_address(const char *text)
{
	const char *p, *start;
	size_t length;

	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return address_scan(text, &start, &length) == strlen(text) && start == text && length == strlen(text);
}

/* In `a@b=c@d` the `=` between the two; NULL in `c@d`. An address may have one left of its @. */
static const char *equals_sign(const char *value)
{
	const char *at = strchr(value, '@');

	return at != NULL ? strchr(at, '=') : NULL;
}

static enum status correct(const void *ctx, struct wording *wording, const char *value, char **all, char **failed,
        const struct resend_wish *wish, struct correction *correction, const char **why)
{
	const char *sign = equals_sign(value), *right = sign != NULL ? sign + 1 : value;
	const char *wrong = sign != NULL ? talloc_strndup(ctx, value, (size_t)(sign - value)) : failed[0];

	if (!is_address(right)) {
		*why = wording_say(ctx, wording, "refuse-no-address", WORDING_VALUES({"option", value}, {"address", right}));
		return STATUS_USAGE;
	}
	if (sign == NULL && list_length(failed) > 1) {
		*why = wording_say(
		        ctx, wording, "refuse-which", WORDING_VALUES({"option", value}, {"addresses", joined(ctx, failed)}));
		return STATUS_USAGE;
	}
	if (sign != NULL && !address_list_has(wish->all ? all : failed, wrong)) {
		*why = wording_say(ctx, wording, failed[0] != NULL ? "refuse-not-among" : "refuse-none-failed",
		        WORDING_VALUES(
		                {"option", value}, {"address", wrong}, {"addresses", joined(ctx, wish->all ? all : failed)}));
		return STATUS_USAGE;
	}
	if (wrong == NULL)
		list_add(ctx, &correction->besides, &correction->besides_count, right);
	else {
		list_add(ctx, &correction->wrong, &correction->wrong_count, wrong);
		list_add(ctx, &correction->right, &correction->right_count, right);
	}
	return STATUS_OK;
}

static enum reason reason_of(const struct resend *resend, const char *address)
{
	size_t i;

	for (i = 0; i < resend->failure_count; i++)
		if (address_equal(resend->failures[i].address, address))
			return resend->failures[i].reason;
	return REASON_COUNT;
}

/* Say of ADDRESS, which the draft goes to, what is known against it. */
static void remark_address(const void *ctx, const struct resend_means *means, struct resend *resend, const char *address)
{
	enum reason reason = reason_of(resend, address);
	struct history history = {0};

	if (reason == REASON_USER_UNKNOWN || reason == REASON_HOST_UNKNOWN || reason == REASON_NO_MAIL_SERVICE ||
	        reason == REASON_MOVED) {
		resend_remark(ctx, means, resend, "remark-still-wrong",
		        WORDING_VALUES(
		                {"address", address}, {"reason", wording_name(ctx, means->wording, reason_name(reason), NULL)}));
		return;
	}
	if (means->index != NULL)
		history = history_read(means->index, &means->settings, address);
	/* Of an address that failed now, this mail is one. */
	if (history.last_reached == 0 && history.last_from == 0 && history.failed > (reason != REASON_COUNT))
		resend_remark(ctx, means, resend, "remark-none-arrived",
		        WORDING_VALUES({"count", talloc_asprintf(ctx, "%u", history.failed)}, {"address", address}));
}

static void remark_addresses(const void *ctx, const struct resend_means *means, struct resend *resend, char *const *failed)
{
	const struct recipients *recipients = &resend->recipients;
	size_t i;

	for (i = 0; failed[i] != NULL && i < REMARKS_MAX; i++)
		if (!address_list_has(recipients->wrong, failed[i]))
			remark_address(ctx, means, resend, failed[i]);
	for (i = 0; recipients->right != NULL && recipients->right[i] != NULL; i++)
		remark_address(ctx, means, resend, recipients->right[i]);
	for (i = 0; recipients->besides != NULL && recipients->besides[i] != NULL; i++)
		remark_address(ctx, means, resend, recipients->besides[i]);
}

enum status resend_address(const void *ctx, const struct resend_means *means, const struct resend_wish *wish,
        struct resend *resend, const char **why)
{
	char **all = header_addresses(ctx, resend), **failed = failed_recipients(ctx, resend, all);
	struct correction correction = {.wrong = NULL};
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && wish->to != NULL && wish->to[i] != NULL; i++)
		status = correct(ctx, means->wording, wish->to[i], all, failed, wish, &correction, why);
	if (status != STATUS_OK)
		return status;
	resend->recipients = (struct recipients){.only = wish->all ? NULL : failed,
	        .wrong = correction.wrong,
	        .right = correction.right,
	        .besides = correction.besides};
	if (!wish->all && failed[0] == NULL && correction.besides == NULL) {
		*why = wording_label(means->wording, "refuse-nobody");
		return STATUS_REFUSED;
	}
	remark_addresses(ctx, means, resend, failed);
	return STATUS_OK;
}
