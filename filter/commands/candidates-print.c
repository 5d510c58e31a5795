#include "commands/candidates-print.h"

#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/limits.h"
#include "explain/explanation.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

#define LINE_COLUMNS 79
#define NAME_SHOWN_MAX 60

/* Of the lines below an address. */
static const char indent[] = "     ";

/* Returns TIME as YYYY-MM-DD in local time, owned by CTX; NULL if it is 0. */
static const char *day(const void *ctx, time_t time)
{
	char text[32];
	struct tm tm;

	if (time == 0 || localtime_r(&time, &tm) == NULL ||
	        strftime(text, sizeof text, "%Y-%m-%d", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}

/* Returns ADDRESS as people write it, cleaned; the next one does it for a domain. */
static const char *shown(const void *ctx, const char *address)
{
	return text_one_line(ctx, address_shown(ctx, address), ADDRESS_MAX);
}

static const char *domain_shown(const void *ctx, const char *domain)
{
	return shown(ctx, talloc_asprintf(ctx, "@%s", domain)) + 1;
}

/* What speaks for an address: a text to which one reason after the other is added. */
struct why {
	const void *ctx;
	struct wording *wording;
	const char *text; /* NULL: nothing yet */
};

static char *words(const struct why *why, const char *label, const struct wording_value *values)
{
	return wording_say(why->ctx, why->wording, label, values);
}

static void add(struct why *why, const char *next)
{
	why->text = why->text != NULL ? words(why, "suggest-join",
	                                        WORDING_VALUES({"list", why->text}, {"next", next}))
	                              : next;
}

static void add_sent(struct why *why, const struct history *history)
{
	const char *label = history->sent == 1             ? "suggest-once"
	                    : history->sent >= HISTORY_MAX ? "suggest-more"
	                                                   : "suggest-often";
	const struct wording_value failed[] = {
	        {"count", talloc_asprintf(why->ctx, "%u", history->failed)}, {NULL, NULL}};
	const struct wording_value values[] = {
	        {"count", talloc_asprintf(why->ctx, "%u", history->sent)},
	        {"date", explanation_day(why->ctx, why->wording, history->last_reached)},
	        {"back", words(why, history->failed > 0 ? "suggest-came-back" : "suggest-none-back",
	                         failed)},
	        {NULL, NULL}};

	add(why, words(why, label, values));
}

static void add_history(struct why *why, const struct history *history)
{
	if (history->last_reached != 0)
		add_sent(why, history);
	if (history->last_from != 0)
		add(why, words(why,
		                 history->sent == 0 ? "suggest-received-only" : "suggest-received",
		                 WORDING_VALUES({"date", explanation_day(why->ctx, why->wording,
		                                                 history->last_from)})));
}

static void add_domain(struct why *why, const struct candidate *one)
{
	static const char *const labels[] = {[DOMAIN_LISTED] = "suggest-usually",
	        [DOMAIN_COMMON] = "suggest-common",
	        [DOMAIN_SEEN] = "suggest-seen"};

	add(why, words(why, labels[one->knowledge],
	                 WORDING_VALUES({"domain", domain_shown(why->ctx, one->domain)},
	                         {"meant",
	                                 domain_shown(why->ctx, strrchr(one->address, '@') + 1)})));
}

/* Returns what speaks for ONE, in one line, owned by CTX. */
static const char *why_of(const void *ctx, struct wording *wording, const struct candidate *one)
{
	struct why why = {.ctx = ctx, .wording = wording};

	if (one->is_same_name)
		add(&why, wording_label(
		                  wording, one->is_newer ? "suggest-newer" : "suggest-same-name"));
	if (one->domain != NULL)
		add_domain(&why, one);
	add_history(&why, &one->history);
	if (one->is_reported)
		add(&why, wording_label(wording, "suggest-reported"));
	return why.text != NULL ? why.text : "";
}

char *candidates_text(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct buffer buffer = buffer_new(ctx);
	const char *failed = shown(ctx, candidates->failed);
	size_t i;

	wrap_add(&buffer,
	        wording_say(ctx, wording,
	                candidates->count == 0 ? "suggest-nothing" : "suggest-for",
	                WORDING_VALUES({"address", failed})),
	        0, "", LINE_COLUMNS);
	buffer_add_string(&buffer, "\n");
	for (i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		buffer_print(&buffer, "  %zu. ", i + 1);
		wrap_add(
		        &buffer, shown(ctx, one->address), sizeof indent - 1, indent, LINE_COLUMNS);
		buffer_print(&buffer, "\n%s", indent);
		if (one->name[0] != '\0') {
			wrap_add(&buffer, text_one_line(ctx, one->name, NAME_SHOWN_MAX),
			        sizeof indent - 1, indent, LINE_COLUMNS);
			buffer_print(&buffer, "\n%s", indent);
		}
		wrap_add(&buffer, why_of(ctx, wording, one), sizeof indent - 1, indent,
		        LINE_COLUMNS);
		buffer_add_string(&buffer, "\n");
	}
	return buffer_text(&buffer);
}

static void add_candidate(
        struct json *json, const void *ctx, struct wording *wording, const struct candidate *one)
{
	static const char *const evidence[] = {"slip", "name", "domain", "report"};

	json_open(json, NULL, '{');
	json_string(json, "address", text_one_line(ctx, one->address, ADDRESS_MAX));
	json_string(json, "name",
	        one->name[0] != '\0' ? text_one_line(ctx, one->name, VALUE_MAX) : NULL);
	json_string(json, "evidence", evidence[one->evidence]);
	json_bool(json, "same_name", one->is_same_name);
	json_bool(json, "reported", one->is_reported);
	json_number(json, "cost", one->evidence == CANDIDATE_SLIP ? (long)one->cost : 0);
	json_number(json, "sent", (long)one->history.sent);
	json_number(json, "came_back", (long)one->history.failed);
	json_string(json, "last_sent", day(ctx, one->history.last_reached));
	json_string(json, "last_received", day(ctx, one->history.last_from));
	json_string(json, "why", why_of(ctx, wording, one));
	json_close(json, '}');
}

char *candidates_json(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct json json = json_new(ctx);
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, "failed", text_one_line(ctx, candidates->failed, ADDRESS_MAX));
	json_open(&json, "candidates", '[');
	for (i = 0; i < candidates->count; i++)
		add_candidate(&json, ctx, wording, &candidates->list[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_add_string(&json.buffer, "\n");
	return buffer_text(&json.buffer);
}
