#include "commands/print.h"

#include <stdarg.h>
#include <string.h>
#include <talloc.h>

#include "base/json.h"
#include "base/limits.h"
#include "judge/judge.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* Columns an address is given before the ones behind it are pushed away. */
#define ADDRESS_COLUMNS 34

/* What is said of a recipient is indented by so many columns, and has so many in all. */
#define INDENT 6
#define LINE_COLUMNS 80

static void append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(char **text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*text = talloc_vasprintf_append_buffer(*text, format, arguments);
	va_end(arguments);
}

/* TEXT as a line of what is said of a recipient. */
static void append_line(char **text, const char *line)
{
	append(text, "%*s%s\n", INDENT, "", line);
}

/* Blanks that fill VALUE up to COLUMNS; at least one. */
static int padding(const char *value, size_t columns)
{
	size_t width = text_width(value);

	return width < columns ? (int)(columns - width) : 1;
}

static const char *colour_of(const struct recipient *recipient, struct print_style style)
{
	if (!style.colour)
		return "";
	return recipient->action == ACTION_FAILED    ? RED
	       : recipient->action == ACTION_DELAYED ? YELLOW
	                                             : "";
}

static size_t address_columns(const struct facts *facts)
{
	size_t widest = 0, i;

	for (i = 0; i < facts->recipient_count && i < 100; i++) {
		size_t width = text_width(address_shown(facts, facts->recipients[i].address));

		if (width > widest && width < ADDRESS_COLUMNS)
			widest = width;
	}
	return widest + 2;
}

static void append_likeness(
        char **text, const struct likeness_answer *like, struct wording *wording)
{
	char *words = talloc_strdup(*text, "");

	for (size_t i = 0; i < LIKENESS_WORDS_MAX && like->words[i] != NULL; i++)
		append(&words, "%s\"%s\"", i > 0 ? ", " : "", like->words[i]);
	append_line(text, talloc_asprintf(*text,
	                          wording_message(wording,
	                                  "no rule fits; it is like what servers say, by %s"),
	                          words));
	if (like->example != NULL)
		append(text, "      %s:%d: %s\n", like->file, like->line, like->example);
}

static void append_why(char **text, const struct recipient *recipient,
        const struct verdict *verdict, struct wording *wording)
{
	const struct rule_found *found = &verdict->found;

	if (found->rule != NULL)
		append(text, "      %s:%u: %s\n", rule_file(found->set, found->rule),
		        found->rule->line, rule_line(*text, found->set, found->rule));
	if (found->words != NULL)
		append_line(text, talloc_asprintf(*text, wording_message(wording, "took: \"%s\""),
		                          found->words));
	if (verdict->like != NULL)
		append_likeness(text, verdict->like, wording);
	else if (found->rule == NULL)
		append_line(text, wording_label(wording, "detail-no-rule"));
	if (recipient->diagnostic != NULL)
		append_line(text, talloc_asprintf(*text, wording_message(wording, "said: \"%s\""),
		                          recipient->diagnostic));
	else if (recipient->status != NULL)
		append_line(
		        text, talloc_asprintf(*text, wording_message(wording, "said: Status %s"),
		                      recipient->status));
}

/* What happened and what to do, a line each, indented. */
static void append_words(
        char **text, const struct recipient *recipient, enum reason reason, struct wording *wording)
{
	const char *name =
	        recipient->action == ACTION_DELAYED ? kind_name(KIND_DELAYED) : reason_name(reason);
	const struct wording_text *words = wording_text(wording, name);
	const char *domain = address_domain(*text, recipient->address);
	static const char *const keys[] = {"headline", "who"}, *const marks[] = {"", "-> "};
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct buffer line = buffer_new(*text);
		const char *said = wording_first(*text, wording, words, keys[i], domain, NULL);

		wrap_add(&line, said != NULL ? said : "", INDENT + strlen(marks[i]), "         ",
		        LINE_COLUMNS);
		append(text, "%*s%s%s\n", INDENT, "", marks[i], buffer_text(&line));
	}
}

static void append_recipient(char **text, const struct recipient *recipient,
        const struct verdict *verdict, size_t columns, struct print_style style)
{
	const char *address = recipient->address[0] != '\0'
	                              ? address_shown(*text, recipient->address)
	                              : wording_label(style.wording, "no-address");
	const char *reason = reason_name(verdict->reason);

	if (recipient->action == ACTION_DELIVERED) {
		append(text, "  %s%*s%s\n", address, padding(address, columns), "",
		        wording_name(*text, style.wording, kind_name(KIND_DELIVERED), NULL));
		return;
	}
	append(text, "  %s%*s%s%s%s%*s%s\n", address, padding(address, columns), "",
	        colour_of(recipient, style), reason, style.colour ? PLAIN : "", padding(reason, 18),
	        "", wording_who(*text, style.wording, verdict->reason));
	append_words(text, recipient, verdict->reason, style.wording);
	if (style.why)
		append_why(text, recipient, verdict, style.wording);
}

static void append_caps(char **text, unsigned caps, struct wording *wording)
{
	const char **words = cap_words(*text, caps); /* "1000 recipients" */
	char *list = talloc_strdup(*text, "");

	for (size_t i = 0; words[i] != NULL; i++) {
		int digits = (int)strspn(words[i], "0123456789");

		append(&list, "%s%.*s %s", i > 0 ? ", " : "", digits, words[i],
		        wording_message(wording, words[i] + digits + 1));
	}
	if (words[0] != NULL) {
		append(text, "  (");
		append(text, wording_message(wording, "read up to a cap: %s"), list);
		append(text, ")\n");
	}
}

/* `failed, permanent` */
static char *kind_in_words(
        const void *ctx, const struct judgement *judgement, struct wording *wording)
{
	enum kind kind = judgement->facts->kind;
	char *name = kind == KIND_FAILED
	                     ? talloc_strdup(ctx, wording_label(wording, "state-failed"))
	                     : wording_name(ctx, wording, kind_name(kind), NULL);

	if (!kind_is_bounce(kind))
		return name;
	return wording_say(ctx, wording, "list-join",
	        WORDING_VALUES({"list", name},
	                {"next", wording_label(wording, judgement_is_permanent(judgement)
	                                                        ? "permanent"
	                                                        : "temporary")}));
}

char *print_text(const void *ctx, const char *name, const struct judgement *judgement,
        struct print_style style)
{
	const struct facts *facts = judgement->facts;
	char *shown = text_address(ctx, name, strlen(name), VALUE_MAX),
	     *text = talloc_strdup(ctx, "");
	size_t columns = address_columns(facts), i;

	append(&text, "%s%s%s: %s\n", style.colour ? BOLD : "", shown, style.colour ? PLAIN : "",
	        kind_in_words(ctx, judgement, style.wording));
	for (i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++)
		append_recipient(
		        &text, &facts->recipients[i], &judgement->verdicts[i], columns, style);
	if (facts->recipients_left_out > 0)
		append(&text, "  %s\n",
		        wording_say(ctx, style.wording, "and-more",
		                WORDING_VALUES({"count",
		                        talloc_asprintf(ctx, "%zu", facts->recipients_left_out)})));
	if (style.why)
		append_caps(&text, facts->caps, style.wording);
	return text;
}

static void append_fact(char **text, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		append(text, "%s: %s\n", key, value);
}

static void append_recipient_facts(char **text, const struct recipient *recipient)
{
	append(text, "\nrecipient: %s\n", recipient->address);
	append_fact(text, "original-recipient", recipient->original_address);
	append_fact(text, "action", action_names[recipient->action]);
	append_fact(text, "status", recipient->status);
	append_fact(text, "diagnostic-status", recipient->diagnostic_status);
	if (recipient->reply != 0)
		append(text, "reply: %d\n", recipient->reply);
	append_fact(text, "command", recipient->command);
	append_fact(text, "remote-mta", recipient->remote_mta);
	append_fact(text, "diagnostic", recipient->diagnostic);
}

char *print_facts(const void *ctx, const char *name, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	char *text = talloc_strdup(ctx, "");
	size_t i;

	append_fact(&text, "file", text_address(ctx, name, strlen(name), VALUE_MAX));
	append_fact(&text, "kind", kind_name(facts->kind));
	append_fact(&text, "format", facts->format);
	append_fact(&text, "reporting-mta", facts->reporting_mta);
	append_fact(&text, "message-id", facts->message_id);
	append_fact(&text, "original-message-id", facts->original.message_id);
	append_fact(&text, "original-from", facts->original.from);
	append_fact(&text, "original-to", facts->original.to);
	append_fact(&text, "original-subject", facts->original.subject);
	append_fact(&text, "original-date", facts->original.date);
	for (i = 0; i < facts->recipient_count; i++)
		append_recipient_facts(&text, &facts->recipients[i]);
	append(&text, "\n");
	return text;
}

char *print_tags(const void *ctx, const struct judgement *judgement)
{
	const char **tags = judgement_tags(ctx, judgement);
	char *text = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; tags[i] != NULL; i++)
		append(&text, "%s+%s", i > 0 ? " " : "", tags[i]);
	append(&text, "\n");
	return text;
}

char *print_reason(const void *ctx, const struct judgement *judgement)
{
	enum reason reason = judgement_reason(judgement);

	return talloc_asprintf(ctx, "%s\n", reason != REASON_COUNT ? reason_name(reason) : "none");
}

/* The addresses in a To field. */
static void json_addresses(struct json *json, const char *name, const char *value)
{
	const char *start;
	size_t length, taken;
	char *address;

	if (value == NULL)
		return;
	json_open(json, name, '[');
	for (; *value != '\0'; value += taken) {
		taken = address_scan(value, &start, &length);
		if (taken == 0) {
			taken = 1;
			continue;
		}
		address = talloc_strndup(NULL, start, length);
		json_string(json, NULL, address);
		talloc_free(address);
	}
	json_close(json, ']');
}

static void json_original(struct json *json, const struct original *original)
{
	if (original->message_id == NULL && original->from == NULL && original->to == NULL &&
	        original->subject == NULL && original->date == NULL)
		return;
	json_open(json, "original", '{');
	json_string(json, "message_id", original->message_id);
	json_string(json, "from", original->from);
	json_addresses(json, "to", original->to);
	json_string(json, "subject", original->subject);
	json_string(json, "date", original->date);
	json_close(json, '}');
}

/* RFC 3339, in UTC. */
static void json_date(struct json *json, const char *name, time_t time)
{
	char text[sizeof "-2147483648-01-01T00:00:00Z"];
	struct tm tm;

	if (time != 0 && gmtime_r(&time, &tm) != NULL &&
	        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		json_string(json, name, text);
}

static void json_verdict(struct json *json, const struct verdict *verdict)
{
	json_string(json, "reason", reason_name(verdict->reason));
	json_bool(json, "permanent", verdict->permanent);
}

/* What decided: `FILE:LINE` of a rule, or `likeness FILE:LINE` of the example that is nearest. */
static void json_rule(struct json *json, const struct verdict *verdict)
{
	const struct rule_found *found = &verdict->found;
	char *text = NULL;

	if (found->rule != NULL)
		text = talloc_asprintf(
		        NULL, "%s:%u", rule_file(found->set, found->rule), found->rule->line);
	else if (verdict->like != NULL && verdict->like->example != NULL)
		text = talloc_asprintf(
		        NULL, "likeness %s:%d", verdict->like->file, verdict->like->line);
	else if (verdict->like != NULL)
		text = talloc_strdup(NULL, "likeness");
	json_string(json, "rule", text);
	talloc_free(text);
}

static void json_recipient(
        struct json *json, const struct recipient *recipient, const struct verdict *verdict)
{
	json_open(json, NULL, '{');
	json_string(json, "address", recipient->address[0] != '\0' ? recipient->address : NULL);
	json_string(json, "original_address", recipient->original_address);
	json_string(json, "action", action_names[recipient->action]);
	if (verdict != NULL && recipient->action != ACTION_DELIVERED)
		json_verdict(json, verdict);
	json_string(json, "status",
	        recipient->status != NULL ? recipient->status : recipient->diagnostic_status);
	json_number(json, "reply", recipient->reply);
	json_string(json, "command", recipient->command);
	json_string(json, "diagnostic", recipient->diagnostic);
	json_string(json, "remote_mta", recipient->remote_mta);
	if (verdict != NULL && recipient->action != ACTION_DELIVERED)
		json_rule(json, verdict);
	json_close(json, '}');
}

static void json_caps(struct json *json, unsigned caps)
{
	const char **words = cap_words(NULL, caps);
	size_t i;

	if (caps != 0)
		json_open(json, "caps", '[');
	for (i = 0; words[i] != NULL; i++)
		json_string(json, NULL, words[i]);
	if (caps != 0)
		json_close(json, ']');
	talloc_free(words);
}

/* Bytes of a file's name that are shown, if it has characters that can't be. */
#define FILE_NAME_MAX 4096

char *print_json(const void *ctx, const char *name, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	struct json json = json_new(ctx);
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, "file",
	        text_is_clean(name) ? name : text_address(ctx, name, strlen(name), FILE_NAME_MAX));
	json_string(&json, "kind", kind_name(facts->kind));
	json_string(&json, "format", facts->format);
	if (facts->kind != KIND_NONE) {
		json_string(&json, "reporting_mta", facts->reporting_mta);
		json_string(&json, "message_id", facts->message_id);
		json_date(&json, "date", facts->date);
		json_original(&json, &facts->original);
	}
	json_open(&json, "recipients", '[');
	for (i = 0; i < facts->recipient_count; i++)
		json_recipient(&json, &facts->recipients[i],
		        judgement->verdicts != NULL ? &judgement->verdicts[i] : NULL);
	json_close(&json, ']');
	json_number(&json, "recipients_left_out", (long)facts->recipients_left_out);
	json_caps(&json, facts->caps);
	json_close(&json, '}');
	buffer_add(&json.buffer, "\n", 1);
	return buffer_text(&json.buffer);
}
