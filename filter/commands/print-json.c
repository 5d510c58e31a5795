#include <string.h>
#include <talloc.h>

#include "base/cap.h"
#include "base/json.h"
#include "commands/print.h"
#include "mail/address.h"
#include "text/text.h"

static const char *const action_names[] = {
        [ACTION_FAILED] = "failed",
        [ACTION_DELAYED] = "delayed",
        [ACTION_DELIVERED] = "delivered",
};

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
	if (original->message_id == NULL && original->from == NULL && original->to == NULL && original->subject == NULL &&
	        original->date == NULL)
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

	if (time != 0 && gmtime_r(&time, &tm) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
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
		text = talloc_asprintf(NULL, "%s:%u", rule_file(found->set, found->rule), found->rule->line);
	else if (verdict->like != NULL && verdict->like->example != NULL)
		text = talloc_asprintf(NULL, "likeness %s:%d", verdict->like->file, verdict->like->line);
	else if (verdict->like != NULL)
		text = talloc_strdup(NULL, "likeness");
	json_string(json, "rule", text);
	talloc_free(text);
}

static void json_recipient(struct json *json, const struct recipient *recipient, const struct verdict *verdict)
{
	json_open(json, NULL, '{');
	json_string(json, "address", recipient->address[0] != '\0' ? recipient->address : NULL);
	json_string(json, "original_address", recipient->original_address);
	json_string(json, "action", action_names[recipient->action]);
	if (verdict != NULL && recipient->action != ACTION_DELIVERED)
		json_verdict(json, verdict);
	json_string(json, "status", recipient->status != NULL ? recipient->status : recipient->diagnostic_status);
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
	json_string(&json, "file", text_is_clean(name) ? name : text_address(ctx, name, strlen(name), FILE_NAME_MAX));
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
		json_recipient(&json, &facts->recipients[i], judgement->verdicts != NULL ? &judgement->verdicts[i] : NULL);
	json_close(&json, ']');
	json_number(&json, "recipients_left_out", (long)facts->recipients_left_out);
	json_caps(&json, facts->caps);
	json_close(&json, '}');
	buffer_add(&json.buffer, "\n", 1);
	return buffer_text(&json.buffer);
}
