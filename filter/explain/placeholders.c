#include "explain/placeholders.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "explain/path.h"
#include "mail/address.h"
#include "text/text.h"

/* Longer ones are no addresses or hosts that a person would read within a sentence. */
#define ADDRESS_SHOWN_MAX 100
#define HOST_SHOWN_MAX 80

/* Addresses of one mail that are named. */
#define ADDRESSES_NAMED_MAX 5

/* In an address that is shown within a sentence. */
static const char forbidden[] = " \t\"<>()[],;:{}";

#define DAY (24 * 60 * 60)

const char *placeholder_address(const void *ctx, const char *address)
{
	if (address == NULL || !address_is_complete(address) || strlen(address) > ADDRESS_SHOWN_MAX)
		return NULL;
	return strpbrk(address, forbidden) == NULL ? address_shown(ctx, address) : NULL;
}

const char *placeholder_host(const char *host)
{
	static const char allowed[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

	if (host == NULL || host[0] == '\0' || strlen(host) > HOST_SHOWN_MAX)
		return NULL;
	return strspn(host, allowed) == strlen(host) ? host : NULL;
}

static const char *local_of(const void *ctx, const char *address)
{
	return address != NULL
	               ? talloc_strndup(ctx, address, (size_t)(strrchr(address, '@') - address))
	               : NULL;
}

/* Another address that the server names, as servers do that know where someone moved. */
static const char *new_address(const void *ctx, const struct recipient *recipient)
{
	const char *p = recipient->diagnostic;

	while (p != NULL && *p != '\0') {
		const char *start;
		size_t length, step = address_scan(p, &start, &length);

		if (step > 0) {
			const char *address = talloc_strndup(ctx, start, length);

			if (!address_equal(address, recipient->address) &&
			        placeholder_address(ctx, address) != NULL)
				return placeholder_address(ctx, address);
		}
		p += step > 0 ? step : 1;
	}
	return NULL;
}

/* Without decimals, for which every language has a sign of its own. */
static const char *size_shown(const void *ctx, struct wording *wording, long long size)
{
	bool is_large = size >= 1000 * 1000;
	const char *number = size > 0 ? talloc_asprintf(ctx, "%lld",
	                                        (size + 500) / (is_large ? 1000 * 1000 : 1000))
	                              : NULL;

	return wording_label_with(
	        ctx, wording, is_large ? "size-mb" : "size-kb", WORDING_VALUES({"size", number}));
}

/* For how many days in all the server tries: from the mail's date until it gives up. */
static const char *delay_shown(const void *ctx, const struct bounce_context *context,
        struct wording *wording, const struct recipient *recipient)
{
	time_t span = context->date != 0 ? recipient->retry_until - context->date : 0;
	long days = span > 0 ? (long)((span + DAY / 2) / DAY) : 0;
	const char *count = days > 0 && days < 100 ? talloc_asprintf(ctx, "%ld", days) : NULL;

	return wording_label_with(ctx, wording, "days", WORDING_VALUES({"count", count}));
}

static bool has_code(const struct recipient *recipient, const char *detail)
{
	const char *code = recipient->diagnostic_status != NULL ? recipient->diagnostic_status
	                                                        : recipient->status;

	return code != NULL && code[0] != '\0' && strcmp(code + 1, detail) == 0;
}

/* Dots where RFC 5322 has none: old phone addresses in Japan have them. */
static bool has_odd_dots(const char *address)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL;

	return at != NULL && at > address &&
	       (address[0] == '.' || at[-1] == '.' || strstr(address, "..") != NULL);
}

/* What a server says that takes offence at the From field, and not at who sends. */
static bool is_about_from_field(const struct recipient *recipient)
{
	const char *said = recipient->diagnostic;

	return said != NULL && strcasestr(said, "header") != NULL &&
	       (strcasestr(said, "from header") != NULL ||
	               strcasestr(said, "header from") != NULL ||
	               strcasestr(said, "from: header") != NULL ||
	               strcasestr(said, "'from'") != NULL || strcasestr(said, "\"from\"") != NULL);
}

/* Whether LIST has ADDRESS, which is as it is shown. */
static bool is_among(const char *address, char *const *list)
{
	void *scratch = talloc_new(NULL);

	while (*list != NULL && strcasecmp(address_shown(scratch, *list), address) != 0)
		list++;
	talloc_free(scratch);
	return *list != NULL;
}

/* What was written to in the place of ADDRESS, as the report has it (NULL: it says nothing). If the
 * mail names others, and neither of these two, *NAMED are the others: the report knows only what
 * its own server was told. */
static const char *written_to(const void *ctx, const struct bounce_context *context,
        struct wording *wording, const char *address, const char *reported, const char **named)
{
	const char *typed =
	        address != NULL && reported != NULL && strcasecmp(address, reported) != 0 ? reported
	                                                                                  : NULL;

	*named = NULL;
	if (address == NULL || context->named == NULL ||
	        (typed != NULL && is_among(typed, context->named)))
		return typed;
	if (!is_among(address, context->named))
		*named = placeholder_addresses(ctx, wording, context->named);
	return NULL;
}

/* The value of a case: it holds, or it is not known. */
static const char *when(bool holds)
{
	return holds ? "" : NULL;
}

struct wording_value *placeholder_values(const void *ctx, const struct bounce_context *context,
        struct wording *wording, const struct recipient *recipient, bool alone)
{
	const struct facts *facts = context->judgement->facts;
	size_t i = facts->recipient_count > 0 ? (size_t)(recipient - facts->recipients) : 0;
	const struct verdict *verdict =
	        facts->recipient_count > 0 && context->judgement->verdicts != NULL
	                ? &context->judgement->verdicts[i]
	                : NULL;
	enum hop stopped =
	        verdict != NULL
	                ? path_of(facts, recipient, verdict->reason, context->sender).stopped_before
	                : HOP_YOU;
	bool is_own_server = stopped == HOP_YOUR_SERVER || stopped == HOP_THEIR_SERVER;
	const char *address = placeholder_address(ctx, recipient->address),
	           *one = alone ? address : NULL;
	const char *sender = placeholder_address(ctx, context->sender),
	           *sender_domain = sender != NULL ? strrchr(sender, '@') + 1 : NULL;
	const char *named, *typed = written_to(ctx, context, wording, one,
	                           placeholder_address(ctx, recipient->original_address), &named);
	const struct wording_value values[] = {
	        {"address", one},
	        {"local", local_of(ctx, one)},
	        {"domain", address != NULL ? strrchr(address, '@') + 1 : NULL},
	        {"sender", sender},
	        {"sender_domain", sender_domain},
	        {"server", placeholder_host(recipient->remote_mta)},
	        {"reporter", placeholder_host(facts->reporting_mta)},
	        {"new_address", alone ? new_address(ctx, recipient) : NULL},
	        {"size", size_shown(ctx, wording, context->size)},
	        {"delay", delay_shown(ctx, context, wording, recipient)},
	        {"typed", typed},
	        {"named", named},
	        {"unheard", placeholder_addresses(ctx, wording, context->unheard)},
	        {"forwarded", when(typed != NULL || named != NULL)},
	        {"own-server", when(is_own_server)},
	        {"receiving-server", when(!is_own_server)},
	        {"permanent", when(verdict != NULL && verdict->permanent)},
	        {"temporary", when(verdict != NULL && !verdict->permanent)},
	        {"dots", when(has_odd_dots(recipient->address))},
	        {"malformed", when(has_code(recipient, ".1.3"))}, /* the server says so */
	        {"from-field", when(is_about_from_field(recipient))},
	        {"free-mail",
	                when(sender != NULL && wording_is_in(wording, "free-mail", sender_domain))},
	        {"known", when(context->history != NULL && verdict != NULL &&
	                          context->history[i].last_from != 0)},
	        {NULL, NULL},
	};

	return talloc_memdup(ctx, values, sizeof values);
}

static const char *join(
        const void *ctx, struct wording *wording, const char *list, const char *next)
{
	return list != NULL ? wording_label_with(ctx, wording, "list-join",
	                              WORDING_VALUES({"list", list}, {"next", next}))
	                    : next;
}

const char *placeholder_addresses(const void *ctx, struct wording *wording, char *const *list)
{
	const char *named = NULL;
	size_t count = list_length(list), i;

	for (i = 0; i < count && i < ADDRESSES_NAMED_MAX; i++) {
		const char *address = placeholder_address(ctx, list[i]);

		named = join(ctx, wording, named,
		        address != NULL ? address : wording_label(wording, "no-address"));
	}
	if (i == count)
		return named;
	return join(ctx, wording, named,
	        wording_label_with(ctx, wording, "and-more",
	                WORDING_VALUES({"count", talloc_asprintf(ctx, "%zu", count - i)})));
}

char *placeholder_day(const void *ctx, struct wording *wording, time_t time)
{
	char year[16], month[8], day[8];
	struct tm tm;

	if (time == 0 || localtime_r(&time, &tm) == NULL)
		return NULL;
	strftime(year, sizeof year, "%Y", &tm);
	strftime(month, sizeof month, "%m", &tm);
	strftime(day, sizeof day, "%d", &tm);
	return wording_label_with(ctx, wording, "date",
	        WORDING_VALUES({"year", year}, {"month", month}, {"day", day}));
}
