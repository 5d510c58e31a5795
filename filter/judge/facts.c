#include "judge/facts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/date.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/layout.h"
#include "judge/report.h"
#include "mail/address.h"
#include "text/text.h"

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

/* RFC 3464 section 2.3.3. Without an Action that is known the class of the status decides; false if
 * that is not said either, or nonsense. */
static bool action_read(const char *value, const char *status, enum action *action)
{
	size_t i;

	for (i = 0; value != NULL && i < sizeof actions / sizeof *actions; i++)
		if (strncasecmp(value, actions[i].word, strlen(actions[i].word)) == 0) {
			*action = actions[i].action;
			return true;
		}
	*action = status == NULL || status[0] == '5' ? ACTION_FAILED
	          : status[0] == '4'                 ? ACTION_DELAYED
	                                             : ACTION_DELIVERED;
	return value == NULL || status != NULL;
}

/* The address in field NAME; xtext only where RFC 3461 has it. NULL: none. */
static char *address_of(const void *ctx, const struct fields *group, const char *name)
{
	const char *value = fields_value(group, name);

	return value != NULL
	               ? address_from_field(ctx, value, strcasecmp(name, "Original-Recipient") == 0)
	               : NULL;
}

/* Final-Recipient, unless it is no address and another field has one: X.400 gateways, pipes and
 * aliases put other things there. */
static char *recipient_address(const void *ctx, const struct fields *group, char *original)
{
	char *address = address_of(ctx, group, "Final-Recipient"), *actual;

	if (address != NULL && address_is_complete(address))
		return address;
	if (original != NULL && address_is_complete(original))
		return original;
	actual = address_of(ctx, group, "X-Actual-Recipient");
	return actual != NULL && address_is_complete(actual) ? actual : address;
}

/* A host in `dns; mx.example.net (192.0.2.1)`. */
static char *host_of(const void *ctx, const char *value)
{
	const char *semicolon = strchr(value, ';');
	char *line = text_one_line(ctx, semicolon != NULL ? semicolon + 1 : value,
	        strlen(semicolon != NULL ? semicolon + 1 : value), VALUE_MAX);
	size_t length;

	length = strcspn(line, " (");
	while (length > 0 && line[length - 1] == '.')
		length--;
	line[length] = '\0';
	return length > 0 ? line : NULL;
}

static void read_codes(const void *ctx, const struct fields *group, struct recipient *recipient)
{
	const char *status = fields_value(group, "Status"),
	           *remote = fields_value(group, "Remote-MTA");
	const char *code = fields_value(group, "Diagnostic-Code");

	if (status != NULL) {
		recipient->status = diagnostic_status(ctx, status);
		if (recipient->status == NULL)
			recipient->reply = diagnostic_reply(status);
	}
	if (remote != NULL)
		recipient->remote_mta = host_of(ctx, remote);
	if (code == NULL || code[strspn(code, " ")] == '\0')
		code = fields_value(group, "X-Exim-Diagnostic");
	if (code == NULL && status != NULL && strchr(status, '(') != NULL)
		/* `4.0.0 (host name lookup failure)`: old sendmail says it there */
		code = status;
	if (code != NULL)
		recipient_set_diagnostic(ctx, recipient, message_decode(ctx, code));
}

static void read_recipient(
        const void *ctx, const struct fields *group, struct recipient_list *recipients)
{
	char *original = address_of(ctx, group, "Original-Recipient");
	char *address = recipient_address(ctx, group, original);
	const char *status = fields_value(group, "Status");
	size_t before = recipients->count;
	struct recipient *recipient;
	enum action action;

	if (!action_read(fields_value(group, "Action"),
	            status != NULL ? diagnostic_status(ctx, status) : NULL, &action))
		return;
	recipient = recipient_get(ctx, recipients, address != NULL ? address : "");
	if (recipient == NULL)
		return;
	if (recipients->count == before && recipient->diagnostic != NULL)
		return; /* the same recipient again, with nothing new */
	if (original != NULL && address != NULL && !address_equal(original, address))
		recipient->original_address = original;
	read_codes(ctx, group, recipient);
	recipient->action = action;
	recipient->retry_until = date_read(fields_value(group, "Will-Retry-Until"));
}

static bool names_recipient(const struct fields *group)
{
	static const char *const names[] = {
	        "Final-Recipient", "Original-Recipient", "X-Actual-Recipient", "Action"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (fields_value(group, names[i]) != NULL)
			return true;
	return false;
}

static void facts_read_status(
        struct facts *facts, const struct report *report, struct recipient_list *recipients)
{
	size_t i;

	for (i = 0; i < report->group_count; i++) {
		const struct fields *group = &report->groups[i];
		const char *reporting = fields_value(group, "Reporting-MTA");

		if (facts->reporting_mta == NULL && reporting != NULL)
			facts->reporting_mta = host_of(facts, reporting);
		if (names_recipient(group))
			read_recipient(facts, group, recipients);
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
	return length > 0 && length < VALUE_MAX ? text_one_line(ctx, value, length, VALUE_MAX)
	                                        : NULL;
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

/* An envelope id is whatever the sender chose (RFC 3461 section 4.4); some choose the
 * Message-ID. */
static void envelope_id_add(struct facts *facts, const struct report *report)
{
	const char *value = report->group_count > 0
	                            ? fields_value(&report->groups[0], "Original-Envelope-Id")
	                            : NULL;
	char *id = value != NULL ? address_from_field(facts, value, true) : NULL;

	if (id != NULL && strchr(id, '@') != NULL)
		reference_add(facts, id, "envelope-id");
}

static char *original_field(
        const void *ctx, const struct report *report, const char *name, char *from_words)
{
	char *value = value_line(ctx, fields_value(&report->returned, name));

	return value != NULL ? value : from_words;
}

/* Cc and the like, if the header came back whole: what a notice quotes of it may be a part, but for
 * one with the marks of the servers on the way. */
static char *other_recipients(const void *ctx, const struct report *report)
{
	static const char *const names[] = {"Cc", "Bcc", "Resent-To", "Resent-Cc"};
	char *all = talloc_strdup(ctx, "");
	size_t i;

	if (report->returned_as == RETURNED_TEXT &&
	        fields_value(&report->returned, "Received") == NULL)
		return NULL;
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		const char *field = fields_value(&report->returned, names[i]);
		char *line = value_line(ctx, field);

		if (field != NULL && line == NULL)
			return NULL;
		all = talloc_asprintf_append_buffer(
		        all, "%s%s", line != NULL ? ", " : "", line != NULL ? line : "");
	}
	return all;
}

/* STATED: by the notice; NULL: nothing. */
static void facts_read_original(
        struct facts *facts, const struct report *report, const struct statement *stated)
{
	static const struct statement nothing;
	const struct fields *header = &report->message->header;
	struct original *original = &facts->original;
	static const char *const steps[] = {[RETURNED_TEXT] = "text",
	        [RETURNED_HEADERS] = "headers",
	        [RETURNED_WHOLE] = "rfc822"};

	stated = stated != NULL ? stated : &nothing;
	reference_add(
	        facts, fields_value(&report->returned, "Message-ID"), steps[report->returned_as]);
	reference_add(facts, stated->message_id, "text");
	reference_add(facts, fields_value(&report->details, "Original-Message-ID"),
	        "original-message-id"); /* RFC 8098 */
	reference_add(
	        facts, fields_value(header, "X-Original-Message-ID"), "x-original-message-id");
	reference_add(facts, fields_value(header, "In-Reply-To"), "in-reply-to");
	references_add(facts, fields_value(header, "References"));
	if (original->reference_count > 0)
		original->message_id = original->references[0].id;
	envelope_id_add(facts, report);
	original->from = original_field(facts, report, "From", stated->from);
	original->to = original_field(facts, report, "To", stated->to);
	original->to_others = original->to != NULL ? other_recipients(facts, report) : NULL;
	original->subject = original_field(facts, report, "Subject", stated->subject);
	original->date = original_field(facts, report, "Date", stated->date);
}

/* What the notice says about RECIPIENT, whom it may name by the local part alone; NULL: nothing. */
static const struct recipient *stated_about(
        const struct statement *statement, const struct recipient *recipient)
{
	const struct recipient *found = recipient_find(&statement->recipients, recipient->address);
	char *local;

	if (found == NULL && recipient->original_address != NULL)
		found = recipient_find(&statement->recipients, recipient->original_address);
	if (found != NULL || strchr(recipient->address, '@') == NULL)
		return found;
	local = talloc_strndup(statement, recipient->address, strcspn(recipient->address, "@"));
	found = recipient_find(&statement->recipients, local);
	talloc_free(local);
	return found;
}

/* Add to RECIPIENT, of a delivery status, what the notice says ABOUT it: the notice's words,
 * whatever they were taken for there. */
static void recipient_join(
        const void *ctx, struct recipient *recipient, const struct recipient *about)
{
	size_t i;

	for (i = 0; i < about->text_count; i++)
		recipient_add_text(recipient,
		        about->texts[i].source == TEXT_DIAGNOSTIC ? TEXT_NOTICE
		                                                  : about->texts[i].source,
		        about->texts[i].text);
	if (recipient->diagnostic == NULL && about->diagnostic != NULL)
		recipient_set_diagnostic(ctx, recipient, about->diagnostic);
	if (recipient->original_address == NULL)
		recipient->original_address = about->original_address;
	if (recipient->command == NULL)
		recipient->command = about->command;
	if (recipient->reply == 0)
		recipient->reply = about->reply;
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = about->remote_mta;
}

/* A delivery status whose recipients are no addresses (a pipe, a filter, a login) yields to the
 * notice that names them. */
static void recipients_rename(
        struct recipient_list *recipients, const struct recipient_list *stated)
{
	size_t i;

	if (recipients->count != stated->count)
		return;
	for (i = 0; i < recipients->count; i++)
		if (address_is_complete(recipients->list[i].address) ||
		        !address_is_complete(stated->list[i].address) || !stated->list[i].is_sure)
			return;
	for (i = 0; i < recipients->count; i++) {
		recipients->list[i].address = stated->list[i].address;
		recipients->list[i].hash = stated->list[i].hash;
	}
}

static enum kind kind_of_actions(const struct recipient_list *recipients)
{
	bool seen[3] = {false, false, false};
	size_t i;

	for (i = 0; i < recipients->count; i++)
		seen[recipients->list[i].action] = true;
	if (seen[ACTION_FAILED])
		return KIND_FAILED;
	if (seen[ACTION_DELAYED])
		return KIND_DELAYED;
	return seen[ACTION_DELIVERED] ? KIND_DELIVERED : KIND_NONE;
}

/* A diagnostic shorter than this is a code, or less. */
#define DIAGNOSTIC_LEAST 20

/* Whether NOTICE says that the recipient is one that another address leads to, as Postfix, Exim and
 * sendmail tell people only. */
static bool notice_tells_origin(const struct notice *notice)
{
	return strstr(notice->folded, "(expanded from") != NULL ||
	       strstr(notice->folded, "(generated from") != NULL;
}

/* Whether the delivery status needs no words beside it: one recipient, named in full, with the
 * server's own words. A failure with a temporary code is looked at twice: it may be something else
 * in the form of a report. */
static bool status_says_all(const struct recipient_list *recipients, const struct notice *notice)
{
	const struct recipient *only = recipients->list;

	return recipients->count == 1 && address_is_complete(only->address) &&
	       only->diagnostic != NULL && strlen(only->diagnostic) >= DIAGNOSTIC_LEAST &&
	       !(only->action == ACTION_FAILED && only->status != NULL && only->status[0] == '4') &&
	       (only->original_address != NULL || !notice_tells_origin(notice));
}

/* Make RECIPIENTS those of FACTS. If there is one, the whole notice is a text
 * about it. */
static void facts_take(
        struct facts *facts, const struct report *report, const struct recipient_list *recipients)
{
	facts->recipients = recipients->list;
	facts->recipient_count = recipients->count;
	facts->recipients_left_out = recipients->left_out;
	if (recipients->count == 1)
		recipient_add_text(recipients->list, TEXT_NOTICE,
		        notice_text(facts, report->notice,
		                &(struct general_words){
		                        formats_general(report->formats), report->hits}));
}

/* What the notice states in its format, or as one is read that no format describes. */
static struct statement *statement_read(const void *ctx, struct report *report)
{
	const struct format *format = report_format(report);

	return layout_read(ctx, report, format != NULL ? format : formats_general(report->formats));
}

static struct statement *facts_from_status(struct facts *facts, struct report *report)
{
	struct recipient_list recipients = {NULL, 0, 0};
	struct statement *statement = NULL;
	size_t i;

	facts->format = "rfc3464";
	facts_read_status(facts, report, &recipients);
	facts->kind = kind_of_actions(&recipients);
	if (!status_says_all(&recipients, report->notice)) {
		statement = statement_read(facts, report);
		recipients_rename(&recipients, &statement->recipients);
	}
	facts_take(facts, report, &recipients);
	for (i = 0; statement != NULL && i < recipients.count; i++) {
		const struct recipient *about = stated_about(statement, &recipients.list[i]);

		if (about != NULL)
			recipient_join(facts, &recipients.list[i], about);
	}
	if (recipients.count == 1 &&
	        recipients.list->command == NULL) /* Postfix and Exim tell this only to people */
		recipients.list->command = diagnostic_command(report->notice->folded);
	return statement;
}

/* The recipients as the notice gives them; one without a name if it gives none, so that the bounce
 * has a reason. */
static void facts_from_statement(
        struct facts *facts, struct report *report, struct statement *statement)
{
	struct recipient_list *recipients = &statement->recipients;
	size_t i;

	facts->format = report_format(report)->name;
	facts->kind = statement->kind;
	facts->reporting_mta = statement->reporting_mta;
	if (recipients->count == 0 && kind_is_bounce(facts->kind))
		recipient_get(facts, recipients, "");
	for (i = 0; facts->kind == KIND_DELAYED && i < recipients->count; i++)
		recipients->list[i].action = ACTION_DELAYED;
	facts_take(facts, report, recipients);
}

static struct statement *facts_from_notice(struct facts *facts, struct report *report)
{
	struct statement *statement = statement_read(facts, report);

	facts_from_statement(facts, report, statement);
	return statement;
}

/* Feedback reports and dispositions; a disposition whose notice is a bounce's is a bounce (Dovecot
 * rejects so). */
static struct statement *facts_from_details(struct facts *facts, struct report *report)
{
	const char *address = fields_value(&report->details, "Final-Recipient");
	struct statement *statement = NULL;

	facts->kind = report->type == REPORT_FEEDBACK ? KIND_COMPLAINT : KIND_RECEIPT;
	facts->format = report->type == REPORT_FEEDBACK ? "arf" : "mdn";
	if (report->type == REPORT_FEEDBACK || report_format(report) == NULL)
		return NULL;
	statement = statement_read(facts, report);
	if (!kind_is_bounce(statement->kind))
		return statement;
	facts_from_statement(facts, report, statement);
	if (facts->recipient_count == 1 && facts->recipients[0].address[0] == '\0' &&
	        address != NULL)
		facts->recipients[0].address = address_from_field(facts, address, false);
	return statement;
}

struct facts *facts_read(const void *ctx, struct report *report)
{
	static struct statement *(*const readers[])(struct facts *, struct report *) = {
	        [REPORT_STATUS] = facts_from_status,
	        [REPORT_FEEDBACK] = facts_from_details,
	        [REPORT_DISPOSITION] = facts_from_details,
	        [REPORT_NOTICE] = facts_from_notice,
	};
	const struct fields *header = &report->message->header;
	struct facts *facts = talloc_zero(ctx, struct facts);
	struct statement *statement = NULL;

	if (report->type != REPORT_NONE)
		statement = readers[report->type](facts, report);
	if (report->is_detected && report->format != NULL && report->format->kind == KIND_NONE)
		*facts =
		        (struct facts){.kind = KIND_NONE}; /* ordinary mail, whatever form it has */
	if (facts->kind != KIND_NONE) {
		facts_read_original(facts, report, statement);
		facts->words = notice_words(facts, report->notice, NOTICE_QUOTED_MAX);
	}
	facts->date =
	        fields_value(header, "Date") != NULL ? date_read(fields_value(header, "Date")) : 0;
	facts->message_id = facts_message_id(facts, fields_value(header, "Message-ID"));
	facts->caps = report->caps | (facts->recipients_left_out > 0 ? CAP_RECIPIENTS : 0u);
	return facts;
}
