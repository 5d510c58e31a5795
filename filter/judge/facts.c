#include "judge/facts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/cap.h"
#include "base/date.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/layout.h"
#include "mail/address.h"
#include "text/text.h"

/* FNV-1a over the address in lower case. */
static unsigned address_hash(const char *address)
{
	unsigned hash = 2166136261u;

	for (; *address != '\0'; address++) {
		unsigned char c = (unsigned char)*address;

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 16777619u;
	}
	return hash;
}

/* The recipient ADDRESS that FACTS has already (letters compare without case); NULL if it has none. */
static struct recipient *facts_find(const struct facts *facts, const char *address)
{
	unsigned hash = address_hash(address);
	size_t i;

	for (i = 0; i < facts->recipient_count; i++)
		if (facts->recipients[i].hash == hash && address_equal(facts->recipients[i].address, address))
			return &facts->recipients[i];
	return NULL;
}

struct recipient *facts_recipient(struct facts *facts, const char *address)
{
	struct recipient *recipient = facts_find(facts, address);

	if (recipient != NULL)
		return recipient;
	if (facts->recipient_count == RECIPIENTS_MAX) {
		facts->recipients_left_out++;
		return NULL;
	}
	facts->recipients = array_grow(facts, facts->recipients, struct recipient, facts->recipient_count);
	recipient = &facts->recipients[facts->recipient_count++];
	*recipient = (struct recipient){.hash = address_hash(address)};
	recipient->address = text_address(facts, address, strlen(address), ADDRESS_MAX);
	return recipient;
}

void facts_add_text(struct recipient *recipient, enum text_source source, const char *text)
{
	size_t at = recipient->text_count, i;

	for (i = 0; i < recipient->text_count; i++)
		if (strcmp(recipient->texts[i].text, text) == 0)
			return;
	if (text[0] == '\0' || recipient->text_count == RECIPIENT_TEXTS_MAX)
		return;
	for (; at > 0 && recipient->texts[at - 1].source > source; at--)
		recipient->texts[at] = recipient->texts[at - 1];
	recipient->texts[at] = (struct recipient_text){source, text};
	recipient->text_count++;
}

void facts_set_diagnostic(struct facts *facts, struct recipient *recipient, const char *text)
{
	char *diagnostic = diagnostic_clean(facts, text);
	int reply;

	if (diagnostic[0] == '\0')
		return;
	recipient->diagnostic = diagnostic;
	facts_add_text(recipient, TEXT_DIAGNOSTIC, diagnostic);
	recipient->diagnostic_status = diagnostic_status(facts, diagnostic);
	reply = diagnostic_reply(diagnostic);
	if (reply != 0)
		recipient->reply = reply;
	if (recipient->command == NULL)
		recipient->command = diagnostic_command(diagnostic);
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = diagnostic_remote(facts, diagnostic);
}

static const struct {
	const char *word;
	enum action action;
} actions[] = {
        {"fail", ACTION_FAILED}, /* failed, failure */
        {"error", ACTION_FAILED},
        {"expired", ACTION_FAILED},
        {"undeliver", ACTION_FAILED},
        {"bounce", ACTION_FAILED},
        {"delay", ACTION_DELAYED},
        {"deferred", ACTION_DELAYED},
        {"deliver", ACTION_DELIVERED}, /* delivered, deliverable */
        {"relay", ACTION_DELIVERED},
        {"expand", ACTION_DELIVERED},
        {"success", ACTION_DELIVERED},
};

/* RFC 3464 section 2.3.3. Without an Action that is known the class of the status decides; false if that is not said either, or nonsense. */
static bool action_read(const char *value, const char *status, enum action *action)
{
	size_t i;

	for (i = 0; value != NULL && i < sizeof actions / sizeof *actions; i++)
		if (strncasecmp(value, actions[i].word, strlen(actions[i].word)) == 0) {
			*action = actions[i].action;
			return true;
		}
	*action = status == NULL || status[0] == '5' ? ACTION_FAILED : status[0] == '4' ? ACTION_DELAYED : ACTION_DELIVERED;
	return value == NULL || status != NULL;
}

static char *address_of(struct facts *facts, const struct fields *group, const char *name)
{
	const char *value = fields_value(group, name);
	char *address = value != NULL ? address_from_field(facts, value, strcasecmp(name, "Original-Recipient") == 0) : NULL;

	return address;
}

/* Final-Recipient, unless it is no address and another field has one: X.400 gateways, pipes and aliases put other things there. */
static char *recipient_address(struct facts *facts, const struct fields *group, const char *original)
{
	char *address = address_of(facts, group, "Final-Recipient");
	char *actual;

	if (address != NULL && address_is_complete(address))
		return address;
	if (original != NULL && address_is_complete(original))
		return talloc_strdup(facts, original);
	actual = address_of(facts, group, "X-Actual-Recipient");
	return actual != NULL && address_is_complete(actual) ? actual : address;
}

/* A host in `dns; mx.example.net (192.0.2.1)`. */
static char *host_of(const void *ctx, const char *value)
{
	const char *semicolon = strchr(value, ';');
	char *line = text_one_line(
	        ctx, semicolon != NULL ? semicolon + 1 : value, strlen(semicolon != NULL ? semicolon + 1 : value), VALUE_MAX);
	size_t length;

	length = strcspn(line, " (");
	while (length > 0 && line[length - 1] == '.')
		length--;
	line[length] = '\0';
	return length > 0 ? line : NULL;
}

static void read_codes(struct facts *facts, const struct fields *group, struct recipient *recipient)
{
	const char *status = fields_value(group, "Status"), *remote = fields_value(group, "Remote-MTA");
	const char *code = fields_value(group, "Diagnostic-Code");

	if (status != NULL) {
		recipient->status = diagnostic_status(facts, status);
		if (recipient->status == NULL)
			recipient->reply = diagnostic_reply(status);
	}
	if (remote != NULL)
		recipient->remote_mta = host_of(facts, remote);
	if (code == NULL || code[strspn(code, " ")] == '\0')
		code = fields_value(group, "X-Exim-Diagnostic");
	if (code == NULL && status != NULL && strchr(status, '(') != NULL)
		code = status; /* `4.0.0 (host name lookup failure)`: sendmail of old says it there */
	if (code != NULL)
		facts_set_diagnostic(facts, recipient, message_decode(facts, code));
}

static void read_recipient(struct facts *facts, const struct fields *group)
{
	char *original = address_of(facts, group, "Original-Recipient");
	char *address = recipient_address(facts, group, original);
	const char *status = fields_value(group, "Status");
	size_t before = facts->recipient_count;
	struct recipient *recipient;
	enum action action;

	if (!action_read(fields_value(group, "Action"), status != NULL ? diagnostic_status(facts, status) : NULL, &action))
		return;
	recipient = facts_recipient(facts, address != NULL ? address : "");
	if (recipient == NULL)
		return;
	if (facts->recipient_count == before && recipient->diagnostic != NULL)
		return; /* the same recipient again, with nothing new */
	if (original != NULL && address != NULL && !address_equal(original, address))
		recipient->original_address = original;
	read_codes(facts, group, recipient);
	recipient->action = action;
	recipient->retry_until = date_read(fields_value(group, "Will-Retry-Until"));
}

static bool names_recipient(const struct fields *group)
{
	static const char *const names[] = {"Final-Recipient", "Original-Recipient", "X-Actual-Recipient", "Action"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (fields_value(group, names[i]) != NULL)
			return true;
	return false;
}

static void facts_read_status(struct facts *facts, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->group_count; i++) {
		const struct fields *group = &report->groups[i];
		const char *reporting = fields_value(group, "Reporting-MTA");

		if (facts->reporting_mta == NULL && reporting != NULL)
			facts->reporting_mta = host_of(facts, reporting);
		if (names_recipient(group))
			read_recipient(facts, group);
	}
}

/* VALUE decoded, as one line; NULL if there is none. */
static char *value_line(const void *ctx, const char *value)
{
	char *decoded, *line;

	if (value == NULL)
		return NULL;
	decoded = message_decode(ctx, value);
	line = text_one_line(ctx, decoded, strlen(decoded), VALUE_MAX);
	talloc_free(decoded);
	return line;
}

/* The first message id in VALUE, without angle brackets; NULL if there is none. */
static char *facts_message_id(const void *ctx, const char *value)
{
	const char *open = value != NULL ? strchr(value, '<') : NULL;
	size_t length;

	if (value == NULL)
		return NULL;
	value = open != NULL ? open + 1 : value;
	value += strspn(value, " \t");
	length = strcspn(value, ">");
	while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
		length--;
	return length > 0 && length < VALUE_MAX ? text_one_line(ctx, value, length, VALUE_MAX) : NULL;
}

static void reference_add(struct facts *facts, const char *value, const char *step)
{
	struct original *original = &facts->original;
	char *id = facts_message_id(facts, value);

	if (id != NULL && original->reference_count < REFERENCES_MAX)
		original->references[original->reference_count++] = (struct reference){id, step};
}

/* All ids of a References field, the last one first. */
static void references_add(struct facts *facts, const char *value)
{
	size_t length = value != NULL ? strlen(value) : 0;

	while (length > 0 && facts->original.reference_count < REFERENCES_MAX) {
		length--;
		if (value[length] == '<')
			reference_add(facts, value + length, "references");
	}
}

/* An envelope id is whatever the sender chose (RFC 3461 section 4.4); some choose the Message-ID. */
static void envelope_id_add(struct facts *facts, const struct report *report)
{
	const char *value = report->group_count > 0 ? fields_value(&report->groups[0], "Original-Envelope-Id") : NULL;
	char *id = value != NULL ? address_from_field(facts, value, true) : NULL;

	if (id != NULL && strchr(id, '@') != NULL)
		reference_add(facts, id, "envelope-id");
}

static char *original_field(const void *ctx, const struct report *report, const char *name, char *from_words)
{
	char *value = value_line(ctx, fields_value(&report->returned, name));

	return value != NULL ? value : from_words;
}

static void facts_read_original(struct facts *facts, const struct report *report, const struct original *words)
{
	const struct fields *header = &report->message->header;
	struct original *original = &facts->original;
	static const char *const steps[] = {
	        [RETURNED_TEXT] = "text", [RETURNED_HEADERS] = "headers", [RETURNED_WHOLE] = "rfc822"};

	reference_add(facts, fields_value(&report->returned, "Message-ID"), steps[report->returned_as]);
	reference_add(facts, words->message_id, "text");
	reference_add(facts, fields_value(&report->details, "Original-Message-ID"), "original-message-id"); /* RFC 8098 */
	reference_add(facts, fields_value(header, "X-Original-Message-ID"), "x-original-message-id");
	reference_add(facts, fields_value(header, "In-Reply-To"), "in-reply-to");
	references_add(facts, fields_value(header, "References"));
	if (original->reference_count > 0)
		original->message_id = original->references[0].id;
	envelope_id_add(facts, report);
	original->from = original_field(facts, report, "From", words->from);
	original->to = original_field(facts, report, "To", words->to);
	original->subject = original_field(facts, report, "Subject", words->subject);
	original->date = original_field(facts, report, "Date", words->date);
}

/* A delivery status speaks of ADDRESS; the notice may name it by its local part alone. */
static const struct recipient *words_about(const struct facts *words, const struct recipient *recipient)
{
	const struct recipient *found = facts_find(words, recipient->address);
	char *local;

	if (found == NULL && recipient->original_address != NULL)
		found = facts_find(words, recipient->original_address);
	if (found != NULL || strchr(recipient->address, '@') == NULL)
		return found;
	local = talloc_strndup(words, recipient->address, strcspn(recipient->address, "@"));
	found = facts_find(words, local);
	talloc_free(local);
	return found;
}

/* The notice's texts about a recipient that a delivery status speaks of: whatever they were there, here they are the notice's. */
static void texts_take(struct recipient *recipient, const struct recipient *about)
{
	size_t i;

	for (i = 0; i < about->text_count; i++)
		facts_add_text(recipient, about->texts[i].source == TEXT_DIAGNOSTIC ? TEXT_NOTICE : about->texts[i].source,
		        about->texts[i].text);
}

/* Put what the notice says beside what the delivery status says. */
static void facts_join_words(struct facts *facts, const struct facts *words, const struct notice *notice)
{
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		struct recipient *recipient = &facts->recipients[i];
		const struct recipient *about = words_about(words, recipient);

		if (about != NULL && about->diagnostic != NULL)
			recipient->notice = text_fold(facts, about->diagnostic, strlen(about->diagnostic));
		else
			recipient->notice = facts->recipient_count == 1 ? notice->folded : NULL;
		if (facts->recipient_count == 1)
			facts_add_text(recipient, TEXT_NOTICE, notice->text);
		if (about == NULL)
			continue;
		texts_take(recipient, about);
		if (recipient->diagnostic == NULL && about->diagnostic != NULL)
			facts_set_diagnostic(facts, recipient, about->diagnostic);
		if (recipient->original_address == NULL)
			recipient->original_address = about->original_address;
		if (recipient->command == NULL)
			recipient->command = about->command;
		if (recipient->reply == 0)
			recipient->reply = about->reply;
		if (recipient->remote_mta == NULL)
			recipient->remote_mta = about->remote_mta;
	}
}

/* A delivery status whose recipients are no addresses (a pipe, a filter, a login) yields to the notice that names them. */
static void facts_replace_recipients(struct facts *facts, const struct facts *words)
{
	size_t i;

	if (facts->recipient_count != words->recipient_count)
		return;
	for (i = 0; i < facts->recipient_count; i++)
		if (address_is_complete(facts->recipients[i].address) || !address_is_complete(words->recipients[i].address) ||
		        !words->recipients[i].is_sure)
			return;
	for (i = 0; i < facts->recipient_count; i++) {
		facts->recipients[i].address = words->recipients[i].address;
		facts->recipients[i].hash = words->recipients[i].hash;
	}
}

static enum kind kind_of_actions(const struct facts *facts)
{
	bool seen[3] = {false, false, false};
	size_t i;

	for (i = 0; i < facts->recipient_count; i++)
		seen[facts->recipients[i].action] = true;
	if (seen[ACTION_FAILED])
		return KIND_FAILED;
	if (seen[ACTION_DELAYED])
		return KIND_DELAYED;
	return seen[ACTION_DELIVERED] ? KIND_DELIVERED : KIND_NONE;
}

/* A diagnostic shorter than this is a code, or less. */
#define DIAGNOSTIC_LEAST 20

/* Whether the delivery status needs no words beside it: one recipient, named in full, with the server's own words. A failure
 * with a temporary code is looked at twice: it may be something else in the form of a report. */
static bool status_says_all(const struct facts *facts)
{
	const struct recipient *only = facts->recipients;

	return facts->recipient_count == 1 && address_is_complete(only->address) && only->diagnostic != NULL &&
	       strlen(only->diagnostic) >= DIAGNOSTIC_LEAST &&
	       !(only->action == ACTION_FAILED && only->status != NULL && only->status[0] == '4');
}

/* The format of the notice, or how one is read that no format describes. */
static const struct format *format_or_general(struct report *report)
{
	const struct format *format = report_format(report);

	return format != NULL ? format : formats_general(report->formats);
}

static void facts_from_status(struct facts *facts, struct report *report, struct facts *words)
{
	facts->format = "rfc3464";
	facts_read_status(facts, report);
	if (!status_says_all(facts))
		layout_read(words, report, format_or_general(report));
	else if (facts->recipients->command == NULL) /* Postfix and Exim tell this only to people */
		facts->recipients->command = diagnostic_command(report->notice->folded);
	facts_replace_recipients(facts, words);
	facts_join_words(facts, words, report->notice);
	facts->kind = kind_of_actions(facts);
}

/* The recipients as the notice gives them; one without a name if it gives none, so that the bounce has a reason. */
static void facts_from_words(struct facts *facts, struct report *report, struct facts *words)
{
	size_t i;

	facts->format = report_format(report)->name;
	facts->kind = words->kind;
	facts->reporting_mta = words->reporting_mta;
	facts->recipients = words->recipients;
	facts->recipient_count = words->recipient_count;
	facts->recipients_left_out = words->recipients_left_out;
	if (facts->recipient_count == 0 && kind_is_bounce(facts->kind))
		facts_recipient(facts, "");
	for (i = 0; i < facts->recipient_count; i++) {
		facts->recipients[i].action = facts->kind == KIND_DELAYED ? ACTION_DELAYED : facts->recipients[i].action;
		facts->recipients[i].notice = facts->recipient_count == 1 ? report->notice->folded : NULL;
		if (facts->recipient_count == 1)
			facts_add_text(&facts->recipients[i], TEXT_NOTICE, report->notice->text);
	}
}

/* Feedback reports and dispositions; a disposition whose notice is a bounce's is a bounce (Dovecot rejects so). */
static void facts_from_details(struct facts *facts, struct report *report, struct facts *words)
{
	const char *address = fields_value(&report->details, "Final-Recipient");

	if (report->type == REPORT_DISPOSITION && report_format(report) != NULL)
		layout_read(words, report, report_format(report));
	if (report->type == REPORT_DISPOSITION && kind_is_bounce(words->kind)) {
		facts_from_words(facts, report, words);
		if (facts->recipient_count == 1 && facts->recipients[0].address[0] == '\0' && address != NULL)
			facts->recipients[0].address = address_from_field(facts, address, false);
		return;
	}
	facts->kind = report->type == REPORT_FEEDBACK ? KIND_COMPLAINT : KIND_RECEIPT;
	facts->format = report->type == REPORT_FEEDBACK ? "arf" : "mdn";
}

static void facts_from_notice(struct facts *facts, struct report *report, struct facts *words)
{
	layout_read(words, report, report_format(report));
	facts_from_words(facts, report, words);
}

struct facts *facts_read(const void *ctx, struct report *report)
{
	static void (*const readers[])(struct facts * facts, struct report * report, struct facts * words) = {
	        [REPORT_STATUS] = facts_from_status,
	        [REPORT_FEEDBACK] = facts_from_details,
	        [REPORT_DISPOSITION] = facts_from_details,
	        [REPORT_NOTICE] = facts_from_notice,
	};
	struct facts *facts = talloc_zero(ctx, struct facts);
	struct facts *words = talloc_zero(facts, struct facts);

	if (fields_value(&report->message->header, "Date") != NULL)
		facts->date = date_read(fields_value(&report->message->header, "Date"));
	facts->message_id = facts_message_id(facts, fields_value(&report->message->header, "Message-ID"));
	if (report->type != REPORT_NONE)
		readers[report->type](facts, report, words);
	if (report->is_detected && report->format != NULL && report->format->kind == KIND_NONE)
		*facts = (struct facts){.kind = KIND_NONE}; /* ordinary mail, whatever form it has */
	if (facts->kind != KIND_NONE)
		facts_read_original(facts, report, &words->original);
	if (facts->kind != KIND_NONE)
		facts->words = notice_words(facts, report->notice, NOTICE_QUOTED_MAX);
	facts->caps = report->caps | (facts->recipients_left_out > 0 ? CAP_RECIPIENTS : 0u);
	return facts;
}
