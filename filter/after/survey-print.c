#include "after/survey-print.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "after/table.h"
#include "base/array.h"
#include "base/json.h"
#include "base/limits.h"
#include "explain/placeholders.h"
#include "text/text.h"
#include "text/wrap.h"

/* Rows of a count that a person is shown; a program gets SURVEY_KEYS_MAX. */
#define ROWS_SHOWN 10
#define WEEKS_SHOWN 26

#define NAME_COLUMNS 32
#define WHO_COLUMNS 19

static const struct {
	const char *name, *title;
} counts[SURVEY_BY_COUNT] = {
        [SURVEY_REASON] = {"reason", "by-reason"},
        [SURVEY_DOMAIN] = {"domain", "by-domain"},
        [SURVEY_SERVER] = {"server", "by-server"},
        [SURVEY_WEEK] = {"week", "by-week"},
        [SURVEY_SENDER] = {"sender", "by-sender"},
        [SURVEY_ADDRESS] = {"address", "by-address"},
};

static const char *const finding_labels[FINDING_COUNT] = {
        [FINDING_SENDER_SUSPENDED] = "finding-suspended",
        [FINDING_BLOCKED] = "finding-blocked",
        [FINDING_AUTH] = "finding-auth",
        [FINDING_SPAM] = "finding-spam",
        [FINDING_RATE] = "finding-rate",
        [FINDING_GONE] = "finding-gone",
        [FINDING_FULL] = "finding-full",
        [FINDING_MAILING] = "finding-mailing",
};

const char *survey_by_name(enum survey_by by)
{
	return counts[by].name;
}

/* Nothing from a mail reaches a terminal or a page but as text in one line. */
static char *shown(const void *ctx, const char *text)
{
	return text != NULL ? text_one_line(ctx, text, strlen(text), VALUE_MAX) : NULL;
}

/* "412 messages came back, 2026-11-12 to 2026-11-30; 31 are late." */
static char *title_of(const void *ctx, const struct survey *survey, struct wording *wording)
{
	const struct survey_row all = survey_failures(survey);
	const char *count = table_number(ctx, all.count),
	           *delays = table_number(ctx, survey_delays(survey));
	const char *from = placeholder_day(ctx, wording, all.first),
	           *to = placeholder_day(ctx, wording, all.last);
	const char *key = all.count == 0          ? "survey-nothing"
	                  : from == NULL          ? "survey-undated"
	                  : strcmp(from, to) == 0 ? "survey-day"
	                                          : "survey-all";
	char *title = wording_say(
	        ctx, wording, key, WORDING_VALUES({"count", count}, {"from", from}, {"to", to}));

	if (survey_delays(survey) > 0)
		title = talloc_asprintf(ctx, "%s %s", title,
		        wording_say(
		                ctx, wording, "survey-delays", WORDING_VALUES({"count", delays})));
	return title;
}

/* COUNT in a hundred of ALL, but what is not nothing is at least one. */
static char *percent_of(const void *ctx, size_t count, size_t all)
{
	size_t percent = (count * 100 + all / 2) / all;

	return table_number(ctx, percent == 0 && count > 0 ? 1 : percent);
}

/* The sentence for FINDING: of several forms the first whose placeholders are all known. */
static char *sentence_of(const void *ctx, struct wording *wording, const struct finding *finding)
{
	static const char *const forms[] = {"-usual", "-began", "-ip", "-server", "-since", ""};
	const char *label = finding_labels[finding->kind],
	           *count = table_number(ctx, finding->count);
	bool has_all = finding->all > 0;
	const char *of_all = has_all ? wording_say(ctx, wording, "count-of-all",
	                                       WORDING_VALUES({"failed", count},
	                                               {"all", table_number(ctx, finding->all)}))
	                             : count;
	const struct wording_value values[] = {{"count", of_all},
	        {"servers", table_number(ctx, finding->servers)},
	        {"server", shown(ctx, finding->server)},
	        {"date", placeholder_day(ctx, wording, finding->since)},
	        {"ip", shown(ctx, finding->ip)},
	        {"before", finding->before > 0 ? table_number(ctx, finding->before) : NULL},
	        {"mechanism", finding->mechanism}, {"subject", shown(ctx, finding->subject)},
	        {"percent", has_all ? percent_of(ctx, finding->count, finding->all) : NULL},
	        {"usual", finding->subject != NULL && finding->usual >= 0
	                          ? table_number(ctx, (size_t)finding->usual)
	                          : NULL},
	        {NULL, NULL}};
	char *sentence = NULL;
	size_t i;

	for (i = 0; sentence == NULL && i < sizeof forms / sizeof *forms; i++) {
		char *key = talloc_asprintf(ctx, "%s%s", label, forms[i]);

		if (wording_label(wording, key) != key)
			sentence = wording_label_with(ctx, wording, key, values);
	}
	return sentence;
}

/* What the row of KEY is called. */
static char *name_of(const void *ctx, struct wording *wording, enum survey_by by, const char *key)
{
	return by == SURVEY_REASON ? wording_name(ctx, wording, key, NULL) : shown(ctx, key);
}

static const char *who_of(
        const void *ctx, struct wording *wording, enum survey_by by, const char *key)
{
	return by == SURVEY_REASON ? wording_who(ctx, wording, reason_by_name(key, strlen(key)))
	                           : NULL;
}

static struct survey_row *rows_shown(const void *ctx, const struct survey *survey,
        enum survey_by by, size_t *count, size_t *total)
{
	return survey_rows(ctx, survey, by,
	        by == SURVEY_WEEK     ? WEEKS_SHOWN
	        : by == SURVEY_REASON ? REASON_COUNT
	                              : ROWS_SHOWN,
	        count, total);
}

static size_t highest(const struct survey_row *rows, size_t count)
{
	size_t most = 1, i;

	for (i = 0; i < count; i++)
		most = rows[i].count > most ? rows[i].count : most;
	return most;
}

/* ASCII, as terminals don't agree on how wide blocks are. */
static void put_bar(struct buffer *buffer, size_t length)
{
	while (length-- > 0)
		buffer_add_string(buffer, "=");
}

static void put_count(struct buffer *buffer, const struct survey *survey, struct wording *wording,
        enum survey_by by, size_t width)
{
	size_t count, total, i, most,
	        room = width - NAME_COLUMNS - 10 - (by == SURVEY_REASON ? WHO_COLUMNS : 0);
	struct survey_row *rows = rows_shown(buffer->ctx, survey, by, &count, &total);

	if (count == 0)
		return;
	most = highest(rows, count);
	buffer_print(buffer, "\n%s\n", wording_label(wording, counts[by].title));
	for (i = 0; i < count; i++) {
		const char *who = who_of(buffer->ctx, wording, by, rows[i].key);
		size_t bar = (rows[i].count * room + most - 1) / most;

		buffer_add_string(buffer, "  ");
		table_cell(buffer, name_of(buffer->ctx, wording, by, rows[i].key), NAME_COLUMNS);
		buffer_print(buffer, " %6zu", rows[i].count);
		if (who != NULL) {
			buffer_add_string(buffer, "  ");
			table_cell(buffer, who, WHO_COLUMNS - 2);
		}
		buffer_add_string(buffer, " ");
		put_bar(buffer, bar);
		buffer_add_string(buffer, "\n");
	}
	if (total > count && by != SURVEY_WEEK)
		buffer_print(buffer, "  %s\n",
		        wording_say(buffer->ctx, wording, "and-more",
		                WORDING_VALUES(
		                        {"count", table_number(buffer->ctx, total - count)})));
}

char *survey_text(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style)
{
	struct buffer buffer = buffer_new(ctx);
	size_t width = style->width < 72 ? 72 : style->width > 120 ? 120 : style->width, count, i;
	struct finding *findings = survey_findings(ctx, survey, &count);

	wrap_add(&buffer, title_of(ctx, survey, wording), 0, "", width);
	buffer_add_string(&buffer, "\n");
	if (count > 0)
		buffer_print(&buffer, "\n%s\n", wording_label(wording, "survey-findings"));
	for (i = 0; i < count; i++) {
		buffer_add_string(&buffer, "  * ");
		wrap_add(&buffer, sentence_of(ctx, wording, &findings[i]), 4, "    ", width - 1);
		buffer_add_string(&buffer, "\n");
	}
	for (i = 0; i < style->by_count; i++)
		put_count(&buffer, survey, wording, style->by[i], width);
	return buffer_text(&buffer);
}

static void put_escaped(struct buffer *buffer, const char *text)
{
	char *escaped = g_markup_escape_text(text, -1);

	buffer_add_string(buffer, escaped);
	g_free(escaped);
}

static void put_element(struct buffer *buffer, const char *tag, const char *text)
{
	buffer_print(buffer, "<%s>", tag);
	put_escaped(buffer, text);
	buffer_print(buffer, "</%s>\n", tag);
}

static const char style_sheet[] =
        ":root{color-scheme:light dark}body{font:1rem/1.5 sans-serif;max-width:46rem;margin:1rem "
        "auto;padding:0 1rem}"
        "h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 "
        ".3rem}table{border-collapse:collapse;width:100%}"
        "td{padding:.15rem .4rem .15rem "
        "0;overflow-wrap:anywhere}td.n{text-align:right;font-variant-numeric:tabular-nums}"
        "td.b{width:35%}svg{width:100%;height:.8rem;display:block}rect{fill:#3a7bd5}"
        "@media(prefers-color-scheme:dark){rect{fill:#7fb0f5}}@media(max-width:30rem){td.w{display:"
        "none}}"
        "@media print{body{max-width:none}tr{break-inside:avoid}}";

static void put_table(struct buffer *page, const struct survey *survey, struct wording *wording,
        enum survey_by by)
{
	size_t count, total, i, most;
	struct survey_row *rows = rows_shown(page->ctx, survey, by, &count, &total);

	if (count == 0)
		return;
	most = highest(rows, count);
	put_element(page, "h2", wording_label(wording, counts[by].title));
	buffer_add_string(page, "<table>\n");
	for (i = 0; i < count; i++) {
		const char *who = who_of(page->ctx, wording, by, rows[i].key);

		buffer_add_string(page, "<tr><td>");
		put_escaped(page, name_of(page->ctx, wording, by, rows[i].key));
		buffer_print(page,
		        "</td><td class=\"n\">%zu</td><td class=\"b\"><svg viewBox=\"0 0 100 8\" "
		        "preserveAspectRatio=\"none\" "
		        "aria-hidden=\"true\"><rect width=\"%zu\" height=\"8\"/></svg></td>",
		        rows[i].count, (rows[i].count * 100 + most - 1) / most);
		if (who != NULL) {
			buffer_add_string(page, "<td class=\"w\">");
			put_escaped(page, who);
			buffer_add_string(page, "</td>");
		}
		buffer_add_string(page, "</tr>\n");
	}
	buffer_add_string(page, "</table>\n");
	if (total > count && by != SURVEY_WEEK)
		put_element(page, "p",
		        wording_say(page->ctx, wording, "and-more",
		                WORDING_VALUES({"count", table_number(page->ctx, total - count)})));
}

char *survey_page(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style)
{
	struct buffer page = buffer_new(ctx);
	char *title = title_of(ctx, survey, wording);
	size_t count, i;
	struct finding *findings = survey_findings(ctx, survey, &count);

	buffer_print(&page,
	        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	        wording_label(wording, "language"));
	buffer_add_string(&page,
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src 'unsafe-inline'\">\n");
	put_element(&page, "title", title);
	buffer_print(&page, "<style>%s</style>\n</head>\n<body>\n", style_sheet);
	put_element(&page, "h1", title);
	if (count > 0) {
		put_element(&page, "h2", wording_label(wording, "survey-findings"));
		buffer_add_string(&page, "<ul>\n");
		for (i = 0; i < count; i++)
			put_element(&page, "li", sentence_of(ctx, wording, &findings[i]));
		buffer_add_string(&page, "</ul>\n");
	}
	for (i = 0; i < style->by_count; i++)
		put_table(&page, survey, wording, style->by[i]);
	buffer_add_string(&page, "</body>\n</html>\n");
	return buffer_text(&page);
}

char *survey_csv(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style)
{
	struct buffer buffer = buffer_new(ctx);
	size_t count, total, i, j;

	buffer_add_string(&buffer, "by,key,name,count,first,last\r\n");
	for (i = 0; i < style->by_count; i++) {
		struct survey_row *rows =
		        survey_rows(ctx, survey, style->by[i], SURVEY_KEYS_MAX, &count, &total);

		for (j = 0; j < count; j++) {
			table_csv(&buffer, counts[style->by[i]].name, ",");
			table_csv(&buffer, rows[j].key, ",");
			table_csv(&buffer, name_of(ctx, wording, style->by[i], rows[j].key), ",");
			buffer_print(&buffer, "%zu,%s,%s\r\n", rows[j].count,
			        table_iso_day(ctx, rows[j].first),
			        table_iso_day(ctx, rows[j].last));
		}
	}
	return buffer_text(&buffer);
}

static void put_day(struct json *json, const char *name, time_t time)
{
	char *day = table_iso_day(NULL, time);

	json_string(json, name, day[0] != '\0' ? day : NULL);
	talloc_free(day);
}

static void put_findings(struct json *json, const struct survey *survey, struct wording *wording)
{
	void *scratch = talloc_new(NULL);
	size_t count, i;
	struct finding *findings = survey_findings(scratch, survey, &count);

	json_open(json, "findings", '[');
	for (i = 0; i < count; i++) {
		json_open(json, NULL, '{');
		json_string(json, "finding", finding_labels[findings[i].kind] + strlen("finding-"));
		json_number(json, "count", (long)findings[i].count);
		if (findings[i].all > 0)
			json_number(json, "all", (long)findings[i].all);
		json_string(json, "server", shown(scratch, findings[i].server));
		json_string(json, "ip", findings[i].ip);
		put_day(json, "since", findings[i].since);
		json_string(json, "text", sentence_of(scratch, wording, &findings[i]));
		json_close(json, '}');
	}
	json_close(json, ']');
	talloc_free(scratch);
}

char *survey_json(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style)
{
	struct json json = json_new(ctx);
	const struct survey_row all = survey_failures(survey);
	size_t count, total, i, j;

	json_open(&json, NULL, '{');
	json_number(&json, "failed", (long)all.count);
	json_number(&json, "delayed", (long)survey_delays(survey));
	put_day(&json, "first", all.first);
	put_day(&json, "last", all.last);
	put_findings(&json, survey, wording);
	for (i = 0; i < style->by_count; i++) {
		struct survey_row *rows =
		        survey_rows(ctx, survey, style->by[i], SURVEY_KEYS_MAX, &count, &total);

		json_open(&json, counts[style->by[i]].name, '[');
		for (j = 0; j < count; j++) {
			json_open(&json, NULL, '{');
			json_string(&json, "key", shown(ctx, rows[j].key));
			json_number(&json, "count", (long)rows[j].count);
			put_day(&json, "first", rows[j].first);
			put_day(&json, "last", rows[j].last);
			json_close(&json, '}');
		}
		json_close(&json, ']');
	}
	json_close(&json, '}');
	buffer_add(&json.buffer, "\n", 1);
	return buffer_text(&json.buffer);
}
