#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/limits.h"
#include "resend/candidates.h"
#include "text/text.h"
#include "text/wrap.h"

#define LINE_COLUMNS 79
#define NAME_SHOWN_MAX 60

/* Where what speaks for an address begins. */
static const char indent[] = "     ";

/* TIME as YYYY-MM-DD, owned by CTX; NULL: not known. */
static const char *day(const void *ctx, time_t time)
{
	char text[32];
	struct tm tm;

	if (time == 0 || localtime_r(&time, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%d", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}

static const char *clean(const void *ctx, const char *text, size_t most)
{
	const char *line = text_one_line(ctx, text, strlen(text), most);

	return line != NULL ? line : "";
}

/* The beginning of one more thing that speaks for an address. */
static void begin(struct buffer *why)
{
	buffer_add_string(why, why->length > 0 ? "; " : "");
}

static void add_history(struct buffer *why, const struct history *history)
{
	const char *reached = day(why->ctx, history->last_reached), *from = day(why->ctx, history->last_from);

	if (reached != NULL) {
		begin(why);
		buffer_add_string(why, "you wrote to it ");
		if (history->sent == 1)
			buffer_add_string(why, "once, on ");
		else
			buffer_print(why, "%u times%s, last ", history->sent, history->sent >= HISTORY_MAX ? " or more" : "");
		buffer_add_string(why, reached);
		if (history->failed > 0)
			buffer_print(why, ", and %u came back", history->failed);
		else
			buffer_add_string(why, ", and nothing came back");
	}
	if (from != NULL) {
		begin(why);
		buffer_print(why, "mail from it last came on %s%s", from, history->sent == 0 ? "; you never wrote to it" : "");
	}
}

static void add_domain(struct buffer *why, const struct candidate *one)
{
	static const char *const words[][2] = {
	        [DOMAIN_LISTED] = {"is usually", ""},
	        [DOMAIN_COMMON] = {"looks like", ", which many people use"},
	        [DOMAIN_SEEN] = {"looks like", ", which mail comes from"},
	};
	const char *domain = clean(why->ctx, one->domain, ADDRESS_MAX), *meant = strrchr(one->address, '@') + 1;

	begin(why);
	buffer_print(why, "%s %s %s%s", domain, words[one->knowledge][0], clean(why->ctx, meant, ADDRESS_MAX),
	        words[one->knowledge][1]);
}

/* What speaks for ONE, in a line; owned by CTX. */
static const char *why_of(const void *ctx, const struct candidate *one)
{
	struct buffer why = buffer_new(ctx);

	if (one->is_same_name)
		buffer_add_string(&why, one->is_newer ? "same name, newer address" : "same name");
	if (one->domain != NULL)
		add_domain(&why, one);
	add_history(&why, &one->history);
	if (one->is_reported) {
		begin(&why);
		buffer_add_string(&why, "the report says that it moved there: may be forged");
	}
	return buffer_text(&why);
}

char *candidates_text(const void *ctx, const struct candidates *candidates)
{
	struct buffer buffer = buffer_new(ctx);
	const char *failed = clean(ctx, candidates->failed, ADDRESS_MAX), *why;
	size_t i;

	if (candidates->count == 0)
		wrap_add(&buffer, talloc_asprintf(ctx, "%s: nothing is known that it may have been meant for", failed), 0, "",
		        LINE_COLUMNS);
	else
		wrap_add(&buffer, talloc_asprintf(ctx, "%s may have been meant for:", failed), 0, "", LINE_COLUMNS);
	buffer_add_string(&buffer, "\n");
	for (i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		buffer_print(&buffer, "  %zu. ", i + 1);
		wrap_add(&buffer, clean(ctx, one->address, ADDRESS_MAX), sizeof indent - 1, indent, LINE_COLUMNS);
		buffer_print(&buffer, "\n%s", indent);
		if (one->name[0] != '\0') {
			wrap_add(&buffer, clean(ctx, one->name, NAME_SHOWN_MAX), sizeof indent - 1, indent, LINE_COLUMNS);
			buffer_print(&buffer, "\n%s", indent);
		}
		why = why_of(ctx, one);
		wrap_add(&buffer, why != NULL ? why : "", sizeof indent - 1, indent, LINE_COLUMNS);
		buffer_add_string(&buffer, "\n");
	}
	return buffer_text(&buffer);
}

static void add_candidate(struct json *json, const void *ctx, const struct candidate *one)
{
	static const char *const evidence[] = {"slip", "name", "domain", "report"};

	json_open(json, NULL, '{');
	json_string(json, "address", clean(ctx, one->address, ADDRESS_MAX));
	json_string(json, "name", one->name[0] != '\0' ? clean(ctx, one->name, VALUE_MAX) : NULL);
	json_string(json, "evidence", evidence[one->evidence]);
	json_bool(json, "same_name", one->is_same_name);
	json_bool(json, "reported", one->is_reported);
	json_number(json, "cost", one->evidence == CANDIDATE_SLIP ? (long)one->cost : 0);
	json_number(json, "sent", (long)one->history.sent);
	json_number(json, "came_back", (long)one->history.failed);
	json_string(json, "last_sent", day(ctx, one->history.last_reached));
	json_string(json, "last_received", day(ctx, one->history.last_from));
	json_string(json, "why", why_of(ctx, one));
	json_close(json, '}');
}

char *candidates_json(const void *ctx, const struct candidates *candidates)
{
	struct json json = json_new(ctx);
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, "failed", clean(ctx, candidates->failed, ADDRESS_MAX));
	json_open(&json, "candidates", '[');
	for (i = 0; i < candidates->count; i++)
		add_candidate(&json, ctx, &candidates->list[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_add_string(&json.buffer, "\n");
	return buffer_text(&json.buffer);
}
