#include "commands/print.h"

#include <glib.h>
#include <stdarg.h>

#include "base/date.h"
#include "base/json.h"
#include "base/limits.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* A wider address pushes what stands behind it to the right. */
#define ADDRESS_COLUMNS 34

/* Of lines about a recipient, which have LINE_COLUMNS in all. */
#define MARGIN "      "
#define LINE_COLUMNS 80

/* Bytes of a file's name in JSON, if it has characters that must be removed. */
#define FILE_NAME_MAX 4096

/* -- for people */

/* Adds VALUE and at least one blank, up to COLUMNS. COLOUR is "" or an escape sequence. */
static void put_column(struct buffer *text, const char *value, size_t columns, const char *colour)
{
	size_t width = text_width(value);

	buffer_print(text, "%s%s%s%*s", colour, value, colour[0] != '\0' ? PLAIN : "",
	        width < columns ? (int)(columns - width) : 1, "");
}

/* Adds a line about a recipient. */
static void __attribute__((format(printf, 2, 3)))
put_line(struct buffer *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	buffer_print(text, MARGIN "%s\n", talloc_vasprintf(text->ctx, format, arguments));
	va_end(arguments);
}

static size_t address_columns(const struct facts *facts)
{
	size_t widest = 0;

	for (size_t i = 0; i < facts->recipient_count && i < 100; i++) {
		size_t width = text_width(address_shown(facts, facts->recipients[i].address));

		if (width < ADDRESS_COLUMNS)
			widest = MAX(widest, width);
	}
	return widest + 2;
}

static void put_likeness(
        struct buffer *text, const struct likeness_answer *like, struct wording *wording)
{
	struct buffer words = buffer_new(text->ctx);

	for (size_t i = 0; i < LIKENESS_WORDS_MAX && like->words[i] != NULL; i++)
		buffer_print(&words, "%s\"%s\"", i > 0 ? ", " : "", like->words[i]);
	put_line(text, wording_message(wording, "no rule fits; it is like what servers say, by %s"),
	        buffer_text(&words));
	if (like->example != NULL)
		put_line(text, "%s:%d: %s", like->file, like->line, like->example);
}

static void put_why(struct buffer *text, const struct recipient *recipient,
        const struct verdict *verdict, struct wording *wording)
{
	const struct rule_found *found = &verdict->found;

	if (found->rule != NULL)
		put_line(text, "%s:%u: %s", rule_file(found->set, found->rule), found->rule->line,
		        rule_found_line(text->ctx, found));
	if (found->words != NULL)
		put_line(text, wording_message(wording, "took: \"%s\""), found->words);
	if (verdict->like != NULL)
		put_likeness(text, verdict->like, wording);
	else if (found->rule == NULL)
		put_line(text, "%s", wording_label(wording, "detail-no-rule"));
	if (recipient->diagnostic != NULL)
		put_line(text, wording_message(wording, "said: \"%s\""), recipient->diagnostic);
	else if (recipient->status != NULL)
		put_line(text, wording_message(wording, "said: Status %s"), recipient->status);
}

/* Adds what happened and whose turn it is, a line each. */
static void put_words(struct buffer *text, const struct recipient *recipient, enum reason reason,
        struct wording *wording)
{
	static const char *const keys[] = {"headline", "who"}, *const marks[] = {
	                                                               MARGIN, MARGIN "-> "};
	const struct wording_text *words =
	        wording_text(wording, recipient->action == ACTION_DELAYED ? kind_name(KIND_DELAYED)
	                                                                  : reason_name(reason));
	const char *domain = address_domain(text->ctx, recipient->address);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *said = wording_first(text->ctx, wording, words, keys[i], domain, NULL);

		wrap_paragraph(text, marks[i], "         ", said != NULL ? said : "", LINE_COLUMNS);
	}
}

static void put_recipient(struct buffer *text, const struct recipient *recipient,
        const struct verdict *verdict, size_t columns, struct print_style style)
{
	const char *address = recipient->address[0] != '\0'
	                              ? address_shown(text->ctx, recipient->address)
	                              : wording_label(style.wording, "no-address"),
	           *colour = recipient->action == ACTION_FAILED    ? RED
	                     : recipient->action == ACTION_DELAYED ? YELLOW
	                                                           : "";

	buffer_add_string(text, "  ");
	put_column(text, address, columns, "");
	if (recipient->action == ACTION_DELIVERED) {
		buffer_print(text, "%s\n",
		        wording_name(
		                text->ctx, style.wording, kind_name(KIND_DELIVERY_RECEIPT), NULL));
		return;
	}
	put_column(text, reason_name(verdict->reason), 18, style.colour ? colour : "");
	buffer_print(text, "%s\n", wording_who(text->ctx, style.wording, verdict->reason));
	put_words(text, recipient, verdict->reason, style.wording);
	if (style.why)
		put_why(text, recipient, verdict, style.wording);
}

/* What each cap counts, and how many. */
static const struct {
	enum cap cap;
	unsigned most;
	const char *what;
} caps[] = {
        {CAP_MAIL, MAIL_JUDGED_MAX, "bytes of the mail"},
        {CAP_FIELDS, HEADER_FIELDS_MAX, "header fields"},
        {CAP_PARTS, PARTS_MAX, "parts"},
        {CAP_DEPTH, PART_DEPTH_MAX, "parts within parts"},
        {CAP_NOTICE, NOTICE_MAX, "bytes of the notice"},
        {CAP_HTML, HTML_MAX, "bytes of HTML"},
        {CAP_RECIPIENTS, RECIPIENTS_MAX, "recipients"},
};

static void put_caps(struct buffer *text, unsigned set, struct wording *wording)
{
	struct buffer list = buffer_new(text->ctx);

	for (size_t i = 0; i < G_N_ELEMENTS(caps); i++)
		if (set & caps[i].cap)
			buffer_print(&list, "%s%u %s", list.length > 0 ? ", " : "", caps[i].most,
			        wording_message(wording, caps[i].what));
	if (list.length > 0)
		buffer_print(text, "  (%s)\n",
		        talloc_asprintf(text->ctx, wording_message(wording, "read up to a cap: %s"),
		                list.text));
}

static void json_caps(const void *ctx, struct json *json, unsigned set)
{
	if (set == 0)
		return;
	json_open(json, "caps", '[');
	for (size_t i = 0; i < G_N_ELEMENTS(caps); i++)
		if (set & caps[i].cap)
			json_string(json, NULL,
			        talloc_asprintf(ctx, "%u %s", caps[i].most, caps[i].what));
	json_close(json, ']');
}

/* Returns the kind of mail, such as `failed, permanent`. */
static const char *kind_in_words(
        const void *ctx, const struct judgement *judgement, struct wording *wording)
{
	enum kind kind = judgement->facts->kind;
	const char *name = kind == KIND_FAILED ? wording_label(wording, "state-failed")
	                                       : wording_name(ctx, wording, kind_name(kind), NULL),
	           *how = judgement_is_permanent(judgement) ? "permanent" : "temporary";

	return !kind_is_bounce(kind) ? name
	                             : wording_say(ctx, wording, "list-join",
	                                       WORDING_VALUES({"list", name},
	                                               {"next", wording_label(wording, how)}));
}

char *print_text(const void *ctx, const char *name, const struct judgement *judgement,
        struct print_style style)
{
	const struct facts *facts = judgement->facts;
	struct buffer text = buffer_new(ctx);
	size_t columns = address_columns(facts);

	buffer_print(&text, "%s%s%s: %s\n", style.colour ? BOLD : "",
	        text_address(ctx, name, strlen(name), VALUE_MAX), style.colour ? PLAIN : "",
	        kind_in_words(ctx, judgement, style.wording));
	for (size_t i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++)
		put_recipient(
		        &text, &facts->recipients[i], &judgement->verdicts[i], columns, style);
	if (facts->recipients_left_out > 0)
		buffer_print(&text, "  %s\n",
		        wording_say(ctx, style.wording, "and-more",
		                WORDING_VALUES({"count",
		                        wording_number(ctx, facts->recipients_left_out)})));
	if (style.why)
		put_caps(&text, facts->caps, style.wording);
	return buffer_text(&text);
}

/* -- for programs, in words */

struct fact {
	const char *key, *value;
};

/* Adds those of the COUNT facts in LIST that are known. */
static void put_facts(struct buffer *text, const struct fact *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].value != NULL && list[i].value[0] != '\0')
			buffer_print(text, "%s: %s\n", list[i].key, list[i].value);
}

char *print_facts(const void *ctx, const char *name, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	const struct original *original = &facts->original;
	struct buffer text = buffer_new(ctx);
	const struct fact of_mail[] = {
	        {"file", text_address(ctx, name, strlen(name), VALUE_MAX)},
	        {"kind", kind_name(facts->kind)},
	        {"format", facts->format},
	        {"reporting-mta", facts->reporting_mta},
	        {"message-id", facts->message_id},
	        {"original-message-id", original->message_id},
	        {"original-from", original->from},
	        {"original-to", original->to},
	        {"original-subject", original->subject},
	        {"original-date", original->date},
	};

	put_facts(&text, of_mail, G_N_ELEMENTS(of_mail));
	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const struct fact of_recipient[] = {
		        {"original-recipient", recipient->original_address},
		        {"actual-recipient", recipient->actual_address},
		        {"action", action_names[recipient->action]},
		        {"status", recipient->status},
		        {"diagnostic-status", recipient->diagnostic_status},
		        {"reply", recipient->reply != 0
		                          ? talloc_asprintf(ctx, "%d", recipient->reply)
		                          : NULL},
		        {"command", recipient->command},
		        {"remote-mta", recipient->remote_mta},
		        {"diagnostic", recipient->diagnostic},
		};

		buffer_print(&text, "\nrecipient: %s\n", recipient->address);
		put_facts(&text, of_recipient, G_N_ELEMENTS(of_recipient));
	}
	buffer_add_string(&text, "\n");
	return buffer_text(&text);
}

char *print_tags(const void *ctx, const struct judgement *judgement)
{
	const char **tags = judgement_tags(ctx, judgement);
	struct buffer text = buffer_new(ctx);

	for (size_t i = 0; tags[i] != NULL; i++)
		buffer_print(&text, "%s+%s", i > 0 ? " " : "", tags[i]);
	buffer_add_string(&text, "\n");
	return buffer_text(&text);
}

char *print_reason(const void *ctx, const struct judgement *judgement)
{
	enum reason reason = judgement_reason(judgement);

	return talloc_asprintf(ctx, "%s\n", reason != REASON_COUNT ? reason_name(reason) : "none");
}

/* -- JSON */

static void json_original(struct json *json, const struct original *original)
{
	if (original->message_id == NULL && original->from == NULL && original->to == NULL &&
	        original->subject == NULL && original->date == NULL)
		return;
	json_open(json, "original", '{');
	json_string(json, "message_id", original->message_id);
	json_string(json, "from", original->from);
	if (original->to != NULL)
		json_strings(json, "to",
		        (const char *const *)address_scan_all(json->buffer.ctx, original->to));
	json_string(json, "subject", original->subject);
	json_string(json, "date", original->date);
	json_close(json, '}');
}

/* Adds what decided: `FILE:LINE` of a rule, or `likeness FILE:LINE` of the nearest example. */
static void json_rule(struct json *json, const struct verdict *verdict)
{
	const struct rule_found *found = &verdict->found;
	const struct likeness_answer *like = verdict->like;
	SCOPED char *text = NULL;

	if (found->rule != NULL)
		text = talloc_asprintf(
		        NULL, "%s:%u", rule_file(found->set, found->rule), found->rule->line);
	else if (like != NULL)
		text = like->example != NULL
		               ? talloc_asprintf(NULL, "likeness %s:%d", like->file, like->line)
		               : talloc_strdup(NULL, "likeness");
	json_string(json, "rule", text);
}

/* VERDICT: NULL if there is none. */
static void json_recipient(
        struct json *json, const struct recipient *recipient, const struct verdict *verdict)
{
	bool judged = verdict != NULL && recipient->action != ACTION_DELIVERED;

	json_open(json, NULL, '{');
	json_string(json, "address", recipient->address[0] != '\0' ? recipient->address : NULL);
	json_string(json, "original_address", recipient->original_address);
	json_string(json, "action", action_names[recipient->action]);
	if (judged) {
		json_string(json, "reason", reason_name(verdict->reason));
		json_bool(json, "permanent", verdict->permanent);
	}
	json_string(json, "status",
	        recipient->status != NULL ? recipient->status : recipient->diagnostic_status);
	json_number(json, "reply", recipient->reply);
	json_string(json, "command", recipient->command);
	json_string(json, "diagnostic", recipient->diagnostic);
	json_string(json, "remote_mta", recipient->remote_mta);
	if (judged)
		json_rule(json, verdict);
	json_close(json, '}');
}

char *print_json(const void *ctx, const char *name, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	struct json json = json_new(ctx);

	json_open(&json, NULL, '{');
	json_string(&json, "file",
	        text_is_clean(name) ? name : text_address(ctx, name, strlen(name), FILE_NAME_MAX));
	json_string(&json, "kind", kind_name(facts->kind));
	json_string(&json, "format", facts->format);
	if (facts->kind != KIND_NONE) {
		json_string(&json, "reporting_mta", facts->reporting_mta);
		json_string(&json, "message_id", facts->message_id);
		json_string(&json, "date", date_write_time(ctx, facts->date));
		json_original(&json, &facts->original);
	}
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < facts->recipient_count; i++)
		json_recipient(&json, &facts->recipients[i],
		        judgement->verdicts != NULL ? &judgement->verdicts[i] : NULL);
	json_close(&json, ']');
	json_number(&json, "recipients_left_out", (long)facts->recipients_left_out);
	json_caps(ctx, &json, facts->caps);
	json_close(&json, '}');
	return json_line(&json);
}
