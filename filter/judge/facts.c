#include "judge/facts.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/date.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/report.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "text/text.h"

/* A diagnostic this long gets no more lines: it is more than is kept of one. */
#define COLLECTED_MAX (2 * DIAGNOSTIC_MAX)

/* A diagnostic shorter than this can only be a code. */
#define DIAGNOSTIC_LEAST 20

/* What a notice says. NULL: not said. */
struct statement {
	enum kind kind;
	struct recipient_list recipients;
	char *reporting_mta;
};

/* The state of reading a notice by the line patterns of its format. */
struct layout {
	struct statement *statement;
	struct original *original;
	const struct format *format;
	struct recipient *current; /* the recipient that the lines are about; NULL: none yet */
	bool continuing;           /* the last line's diagnostic goes on */
	char **diagnostics; /* of each recipient, as collected; [0]: before the first recipient */
	struct recipient common; /* codes that stand before the first recipient */
	const char *command;     /* the last one sent: the next reply answers it */
};

static void layout_append(struct layout *layout, const char *text, size_t length)
{
	struct recipient *list = layout->statement->recipients.list;
	char **to = &layout->diagnostics[layout->current != NULL ? layout->current - list + 1 : 0];

	if (*to == NULL)
		*to = talloc_strndup(layout->statement, text, length);
	else if (strlen(*to) < COLLECTED_MAX)
		*to = talloc_asprintf(layout->statement, "%s %.*s", *to, (int)length, text);
}

/* Sets *TO to what CAPTURE captured, if it did. */
static void capture_take(
        const void *ctx, const struct match *match, enum capture capture, char **to)
{
	if (match->length[capture] > 0)
		*to = talloc_strndup(ctx, match->start[capture], match->length[capture]);
}

/* Sets *TO to what CAPTURE captured, as one line, unless *TO is set. */
static void capture_take_first(
        const void *ctx, const struct match *match, enum capture capture, char **to)
{
	if (*to == NULL && match->length[capture] > 0)
		*to = text_one_line_of(
		        ctx, match->start[capture], match->length[capture], VALUE_MAX);
}

static void layout_take(struct layout *layout, const struct match *match)
{
	struct statement *statement = layout->statement;
	struct recipient *to;
	char *address = NULL, *reply = NULL;

	capture_take(statement, match, CAPTURE_NAME, &address);
	capture_take(statement, match, CAPTURE_ADDRESS, &address);
	to = address != NULL ? recipient_get(statement, &statement->recipients, address) : NULL;
	if (to != NULL) {
		to->is_sure = true;
		layout->current = to;
	}
	to = layout->current != NULL ? layout->current : &layout->common;
	capture_take(statement, match, CAPTURE_STATUS, &to->status);
	capture_take(statement, match, CAPTURE_REPLY, &reply);
	if (reply != NULL)
		to->reply = diagnostic_reply(reply);
	if (match->length[CAPTURE_COMMAND] > 0)
		layout->command = diagnostic_command_name(
		        match->start[CAPTURE_COMMAND], match->length[CAPTURE_COMMAND]);
	if (match->length[CAPTURE_DIAGNOSTIC] + match->length[CAPTURE_REPLY] > 0 &&
	        to->command == NULL)
		to->command = layout->command;
	capture_take(statement, match, CAPTURE_REMOTE, &to->remote_mta);
	capture_take(statement, match, CAPTURE_ORIGINAL_ADDRESS, &to->original_address);
	if (match->length[CAPTURE_DIAGNOSTIC] > 0)
		layout_append(layout, match->start[CAPTURE_DIAGNOSTIC],
		        match->length[CAPTURE_DIAGNOSTIC]);
	capture_take_first(statement, match, CAPTURE_REPORTING, &statement->reporting_mta);
	capture_take_first(statement, match, CAPTURE_MESSAGE_ID, &layout->original->message_id);
	capture_take_first(statement, match, CAPTURE_SUBJECT, &layout->original->subject);
	capture_take_first(statement, match, CAPTURE_DATE, &layout->original->date);
	capture_take_first(statement, match, CAPTURE_FROM, &layout->original->from);
	capture_take_first(statement, match, CAPTURE_TO, &layout->original->to);
}

/* Takes what the patterns of the format capture in LINE: the first pattern that matches the whole
 * line, and every one that is searched for in it. Returns whether any matched. */
static bool layout_match(struct layout *layout, const char *line)
{
	bool found = false;

	for (size_t i = 0; i < layout->format->line_count; i++) {
		const struct line *pattern = &layout->format->lines[i];
		const char *at = line;
		struct match match;

		if (found && !pattern->find)
			continue;
		while (at != NULL &&
		        line_pattern_match(pattern->pattern, pattern->find, at, &match)) {
			found = true;
			layout_take(layout, &match);
			layout->continuing = line_pattern_continues(pattern->pattern);
			at = pattern->find ? match.end : NULL;
		}
	}
	return found;
}

/* Gives each recipient its diagnostic and codes. Recipients one after another share the words after
 * the last of them; recipients without words get those before the first. */
static void layout_finish(struct layout *layout)
{
	struct recipient_list *recipients = &layout->statement->recipients;
	const char *diagnostic = layout->diagnostics[0];

	if (layout->common.command == NULL)
		layout->common.command = layout->command;
	if (recipients->count == 0 && diagnostic != NULL && kind_is_bounce(layout->format->kind))
		recipient_get(layout->statement, recipients, "");
	for (size_t i = recipients->count; i-- > 0;) {
		struct recipient *recipient = &recipients->list[i];

		if (layout->diagnostics[i + 1] != NULL)
			diagnostic = layout->diagnostics[i + 1];
		recipient_fill(recipient, &layout->common);
		if (diagnostic != NULL)
			recipient_set_diagnostic(layout->statement, recipient, diagnostic);
	}
}

/* Reads the notice by the line patterns of the format with WORDS. The recipients in a header field
 * count only if no line names any. */
static void layout_read(struct statement *statement, struct original *original,
        const struct report *report, const struct format_words *words)
{
	const struct format *format = words->format;
	struct layout layout = {.statement = statement, .original = original, .format = format};
	char **name = format->recipient_fields;
	size_t from, end;

	layout.diagnostics = talloc_zero_array(statement, char *, RECIPIENTS_MAX + 1);
	notice_section(report->notice, words, &from, &end);
	for (; from < end; from++) {
		const char *line = report->notice->lines[from].text;

		if (line[0] == '\0')
			layout.continuing = false;
		else if (!layout_match(&layout, line) &&
		         (layout.continuing ||
		                 (layout.current != NULL && format->rest_is_diagnostic)))
			layout_append(&layout, line, strlen(line));
	}
	for (; statement->recipients.count == 0 && name != NULL && *name != NULL; name++) {
		const char *value = message_header(statement, report->message, *name);
		char **address = value != NULL ? address_scan_all(statement, value) : NULL;

		for (; address != NULL && *address != NULL; address++)
			recipient_get(statement, &statement->recipients, *address);
	}
	layout_finish(&layout);
}

/* Returns whether some recipients are only delayed and others were refused for good. */
static bool actions_differ(const struct recipient_list *recipients)
{
	bool late = false, refused = false;

	for (size_t i = 0; i < recipients->count; i++) {
		const struct recipient *recipient = &recipients->list[i];

		late = late || recipient->action == ACTION_DELAYED;
		refused =
		        refused || (recipient->action == ACTION_FAILED && recipient->reply >= 500);
	}
	return late && refused;
}

/* Returns whether no recipient has an address. */
static bool are_nameless(const struct recipient_list *recipients)
{
	return recipients->count == 0 ||
	       (recipients->count == 1 && recipients->list->address[0] == '\0');
}

/* Returns what the notice says, by the line patterns of its format or, if that names nobody, as the
 * general reader finds it. What it says about the original goes into FACTS. */
static struct statement *statement_read(struct facts *facts, struct report *report)
{
	struct statement *statement = talloc_zero(facts, struct statement);
	struct recipient_list *recipients = &statement->recipients;
	const struct format *format = report_format(report);

	if (format == NULL)
		format = formats_general(report->formats);
	const struct format_words words = format_words_of(format, report->hits);
	if (format->line_count > 0 || format->recipient_fields != NULL)
		layout_read(statement, &facts->original, report, &words);
	if (kind_is_bounce(format->kind) && are_nameless(recipients)) {
		const struct heuristic *found = report_heuristic(report);

		if (found->recipients.count > 0)
			*recipients = found->recipients;
		else if (recipients->count == 0 && found->shared != NULL)
			recipient_set_diagnostic(
			        statement, recipient_get(statement, recipients, ""), found->shared);
	}
	statement->kind = format->kind;
	if (format_words_in(&words, WORDS_DELAYED, report->notice->folded) &&
	        !actions_differ(recipients))
		statement->kind = KIND_DELAYED;
	return statement;
}

static const struct {
	const char *word;
	enum action action;
} action_words[] = {
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

/* Reads the Action field VALUE, RFC 3464 section 2.3.3. If VALUE is absent or unknown, the class of
 * STATUS decides. Returns ACTION_COUNT if VALUE is unknown and there is no STATUS. */
static enum action action_read(const char *value, const char *status)
{
	for (size_t i = 0; value != NULL && i < G_N_ELEMENTS(action_words); i++)
		if (strncasecmp(value, action_words[i].word, strlen(action_words[i].word)) == 0)
			return action_words[i].action;
	if (status == NULL)
		return value == NULL ? ACTION_FAILED : ACTION_COUNT;
	return status[0] == '5'   ? ACTION_FAILED
	       : status[0] == '4' ? ACTION_DELAYED
	                          : ACTION_DELIVERED;
}

/* Returns the address in field NAME, which is xtext only if ENCODED; NULL if there is none. */
static char *address_of(const void *ctx, const struct fields *group, const char *name, bool encoded)
{
	const char *value = fields_value(group, name);

	return value != NULL ? address_from_field(ctx, value, encoded) : NULL;
}

/* Returns Final-Recipient, unless it is not an address and ORIGINAL or ACTUAL is one: X.400
 * gateways, pipes and aliases put other things there. */
static char *recipient_address(
        const void *ctx, const struct fields *group, char *original, char *actual)
{
	char *address = address_of(ctx, group, "Final-Recipient", false);

	if (address != NULL && address_is_complete(address))
		return address;
	if (original != NULL && address_is_complete(original))
		return original;
	return actual != NULL ? actual : address;
}

/* Returns the host in field NAME, `dns; mx.example.net (192.0.2.1)`; NULL if there is none. */
static char *host_of(const void *ctx, const struct fields *group, const char *name)
{
	const char *value = fields_value(group, name),
	           *semicolon = value != NULL ? strchr(value, ';') : NULL;
	char *line;
	size_t length;

	if (value == NULL)
		return NULL;
	value = semicolon != NULL ? semicolon + 1 : value;
	line = text_one_line(ctx, value, VALUE_MAX);
	length = strcspn(line, " (");
	while (length > 0 && line[length - 1] == '.')
		length--;
	line[length] = '\0';
	return length > 0 ? line : NULL;
}

/* Adds the recipient that GROUP of a delivery status is about. */
static void group_read(
        const void *ctx, const struct fields *group, struct recipient_list *recipients)
{
	char *original = address_of(ctx, group, "Original-Recipient", true), /* RFC 3461 */
	        *actual = address_of(ctx, group, "X-Actual-Recipient", false), *address;
	const char *said = fields_value(group, "Action"), *status = fields_value(group, "Status"),
	           *code = fields_value(group, "Diagnostic-Code");
	char *enhanced = status != NULL ? diagnostic_status(ctx, status) : NULL;
	enum action action = action_read(said, enhanced);
	size_t before = recipients->count;
	struct recipient *recipient;

	if (actual != NULL && !address_is_complete(actual))
		actual = NULL;
	address = recipient_address(ctx, group, original, actual);
	if (action == ACTION_COUNT || (address == NULL && original == NULL && said == NULL &&
	                                      fields_value(group, "Final-Recipient") == NULL))
		return;
	recipient = recipient_get(ctx, recipients, address != NULL ? address : "");
	if (recipient == NULL || (recipients->count == before && recipient->diagnostic != NULL))
		return; /* too many; or a repetition with nothing new */
	if (original != NULL && address != NULL && !address_equal(original, address))
		recipient->original_address = original;
	if (actual != NULL && !address_equal(actual, recipient->address))
		recipient->actual_address = actual;
	if (status != NULL) {
		recipient->status = enhanced;
		if (enhanced == NULL)
			recipient->reply = diagnostic_reply(status);
	}
	if (fields_value(group, "Remote-MTA") != NULL)
		recipient->remote_mta = host_of(ctx, group, "Remote-MTA");
	if (code == NULL || code[strspn(code, " ")] == '\0')
		code = fields_value(group, "X-Exim-Diagnostic");
	if (code == NULL && status != NULL && strchr(status, '(') != NULL)
		/* `4.0.0 (host name lookup failure)`: old sendmail says it there */
		code = status;
	if (code != NULL)
		recipient_set_diagnostic(ctx, recipient, decode_words(ctx, code));
	recipient->action = action;
	recipient->retry_until = date_read(fields_value(group, "Will-Retry-Until"));
}

/* Returns VALUE decoded, as one line; NULL if VALUE is NULL. */
static char *value_line(const void *ctx, const char *value)
{
	return value != NULL ? text_one_line(ctx, decode_words(ctx, value), VALUE_MAX) : NULL;
}

/* Returns the first Message-ID in VALUE, without angle brackets; NULL if there is none. */
static char *message_id_of(const void *ctx, const char *value)
{
	char *id =
	        value != NULL ? message_id_plain(ctx, talloc_strndup(ctx, value, VALUE_MAX)) : NULL;

	return id != NULL && strlen(id) < VALUE_MAX - 1 ? text_one_line(ctx, id, VALUE_MAX) : NULL;
}

static void reference_add(struct facts *facts, const char *value, const char *step)
{
	struct original *original = &facts->original;
	char *id = message_id_of(facts, value);

	if (id != NULL && original->reference_count < REFERENCES_MAX)
		original->references[original->reference_count++] = (struct reference){id, step};
}

/* Returns the values of Cc and the like; NULL if the header did not come back whole. A header
 * quoted in a notice may be a part of it, unless it has the marks of the servers on the way. */
static char *other_recipients(const void *ctx, const struct report *report)
{
	static const char *const names[] = {"Cc", "Bcc", "Resent-To", "Resent-Cc"};
	char *all = talloc_strdup(ctx, "");

	if (report->returned_as == RETURNED_TEXT &&
	        fields_value(&report->returned, "Received") == NULL)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *line = value_line(ctx, fields_value(&report->returned, names[i]));

		if (line != NULL)
			all = talloc_asprintf_append_buffer(all, ", %s", line);
	}
	return all;
}

/* Collects the ids that may be the original's, the likeliest first. */
static void references_read(struct facts *facts, const struct report *report)
{
	static const char *const steps[] = {[RETURNED_TEXT] = "text",
	        [RETURNED_HEADERS] = "headers",
	        [RETURNED_WHOLE] = "rfc822"};
	const struct fields *header = &report->message->header;
	const char *references = fields_value(header, "References");
	char *id;

	reference_add(
	        facts, fields_value(&report->returned, "Message-ID"), steps[report->returned_as]);
	reference_add(facts, facts->original.message_id, "text"); /* as the notice states it */
	reference_add(facts, fields_value(&report->details, "Original-Message-ID"),
	        "original-message-id"); /* RFC 8098 */
	reference_add(
	        facts, fields_value(header, "X-Original-Message-ID"), "x-original-message-id");
	reference_add(facts, fields_value(header, "X-Riferimento-Message-ID"),
	        "x-original-message-id"); /* Italy's certified mail */
	reference_add(facts, fields_value(header, "In-Reply-To"), "in-reply-to");
	for (size_t i = references != NULL ? strlen(references) : 0, tried = 0;
	        i-- > 0 && tried < REFERENCES_MAX;)
		if (references[i] == '<') { /* the last one first */
			reference_add(facts, references + i, "references");
			tried++;
		}
	facts->original.message_id = facts->original.references[0].id;
	/* An envelope id is whatever the sender chose (RFC 3461 section 4.4); some choose the
	 * Message-ID. */
	id = report->group_count > 0
	             ? address_of(facts, &report->groups[0], "Original-Envelope-Id", true)
	             : NULL;
	if (id != NULL && strchr(id, '@') != NULL)
		reference_add(facts, id, "envelope-id");
}

/* Reads the fields of the original. The returned header counts before what the notice says. */
static void original_read(struct facts *facts, const struct report *report)
{
	struct original *original = &facts->original;
	const struct {
		const char *name;
		char **value;
	} fields[] = {{"From", &original->from}, {"To", &original->to},
	        {"Subject", &original->subject}, {"Date", &original->date}};

	references_read(facts, report);
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		char *value = value_line(facts, fields_value(&report->returned, fields[i].name));

		*fields[i].value = value != NULL ? value : *fields[i].value;
	}
	original->to_others = original->to != NULL ? other_recipients(facts, report) : NULL;
}

/* Returns what the notice says about RECIPIENT, which it may name by the local part alone; NULL if
 * nothing. */
static const struct recipient *stated_about(
        const struct statement *statement, const struct recipient *recipient)
{
	const char *address = recipient->address;
	const struct recipient *found = recipient_find(&statement->recipients, address);

	if (found == NULL && recipient->original_address != NULL)
		found = recipient_find(&statement->recipients, recipient->original_address);
	if (found == NULL && strchr(address, '@') != NULL)
		found = recipient_find(&statement->recipients,
		        talloc_strndup(statement, address, strcspn(address, "@")));
	return found;
}

/* Adds to RECIPIENT of a delivery status what the notice says ABOUT it. The notice's diagnostics
 * count only as its words here. */
static void recipient_join(
        const void *ctx, struct recipient *recipient, const struct recipient *about)
{
	for (size_t i = 0; i < about->text_count; i++)
		recipient_add_text(recipient,
		        about->texts[i].source == TEXT_DIAGNOSTIC ? TEXT_NOTICE
		                                                  : about->texts[i].source,
		        about->texts[i].text);
	if (recipient->diagnostic == NULL && about->diagnostic != NULL)
		recipient_set_diagnostic(ctx, recipient, about->diagnostic);
	recipient_fill(recipient, about);
}

/* Returns whether ADDRESS of a delivery status is a pipe, a file or a host, so that the address
 * that STATED has is the recipient; or only the local part of that. */
static bool is_nameless(const char *address, const struct recipient *stated)
{
	size_t length = strlen(address);

	return address_is_complete(stated->address) && stated->is_sure &&
	       !address_is_complete(address) &&
	       (!g_ascii_isalnum(address[0]) ||
	               (strncasecmp(stated->address, address, length) == 0 &&
	                       stated->address[length] == '@'));
}

/* Takes the addresses from the notice (STATED) if it has as many, and what the delivery status has
 * instead of each is a pipe, a file, a host or a local part. */
static void recipients_rename(
        struct recipient_list *recipients, const struct recipient_list *stated)
{
	if (recipients->count != stated->count)
		return;
	for (size_t i = 0; i < recipients->count; i++)
		if (!is_nameless(recipients->list[i].address, &stated->list[i]))
			return;
	for (size_t i = 0; i < recipients->count; i++) {
		recipients->list[i].address = stated->list[i].address;
		recipients->list[i].hash = stated->list[i].hash;
	}
}

/* Returns whether the delivery status needs no words from the notice: it has one recipient, with a
 * full address and the server's own words, and the notice doesn't say that another address leads to
 * it, which Postfix, Exim and sendmail tell only people. Not a failure with a temporary code: that
 * may be something else in the form of a report. */
static bool status_says_all(const struct recipient_list *recipients, const struct notice *notice)
{
	const struct recipient *only = recipients->list;

	return recipients->count == 1 && address_is_complete(only->address) &&
	       only->diagnostic != NULL && strlen(only->diagnostic) >= DIAGNOSTIC_LEAST &&
	       !(only->action == ACTION_FAILED && only->status != NULL && only->status[0] == '4') &&
	       (only->original_address != NULL ||
	               (strstr(notice->folded, "(expanded from") == NULL &&
	                       strstr(notice->folded, "(generated from") == NULL));
}

/* Makes RECIPIENTS those of FACTS. The whole notice is a text about a single recipient, and about
 * those that it lists together. */
static void facts_take(
        struct facts *facts, const struct report *report, const struct recipient_list *recipients)
{
	const struct format_words words =
	        format_words_of(formats_general(report->formats), report->hits);
	bool is_list = report->type == REPORT_NOTICE && report->heuristic != NULL &&
	               report->heuristic->is_one_list;
	char *text = NULL;

	facts->recipients = recipients->list;
	facts->recipient_count = recipients->count;
	facts->recipients_left_out = recipients->left_out;
	if (recipients->count == 1 || is_list)
		text = notice_text(facts, report->notice, &words);
	if (text != NULL && strlen(text) * recipients->count > NOTICE_GATHERED_MAX)
		return;
	for (size_t i = 0; text != NULL && i < recipients->count; i++)
		recipient_add_text(&recipients->list[i], TEXT_NOTICE, text);
}

static void facts_from_status(struct facts *facts, struct report *report)
{
	struct recipient_list recipients = {NULL, 0, 0};
	struct statement *statement = NULL;
	bool seen[ACTION_COUNT] = {false};

	facts->format = "rfc3464";
	for (size_t i = 0; i < report->group_count; i++) {
		const struct fields *group = &report->groups[i];

		if (facts->reporting_mta == NULL)
			facts->reporting_mta = host_of(facts, group, "Reporting-MTA");
		group_read(facts, group, &recipients);
	}
	for (size_t i = 0; i < recipients.count; i++)
		seen[recipients.list[i].action] = true;
	facts->kind = seen[ACTION_FAILED]      ? KIND_FAILED
	              : seen[ACTION_DELAYED]   ? KIND_DELAYED
	              : seen[ACTION_DELIVERED] ? KIND_DELIVERY_RECEIPT
	                                       : KIND_NONE;
	if (!status_says_all(&recipients, report->notice)) {
		statement = statement_read(facts, report);
		recipients_rename(&recipients, &statement->recipients);
	}
	facts_take(facts, report, &recipients);
	for (size_t i = 0; statement != NULL && i < recipients.count; i++) {
		const struct recipient *about = stated_about(statement, &recipients.list[i]);

		if (about != NULL)
			recipient_join(facts, &recipients.list[i], about);
	}
	if (recipients.count == 1 && recipients.list->command == NULL)
		/* Postfix and Exim say this only in the notice */
		recipients.list->command = diagnostic_command(report->notice->folded);
}

/* Reads a notice without a delivery status. A bounce that names no recipient gets one without an
 * address, so that it has a reason. */
static void facts_from_notice(struct facts *facts, struct report *report)
{
	struct statement *statement = statement_read(facts, report);
	struct recipient_list *recipients = &statement->recipients;

	facts->format = report_format(report)->name;
	facts->kind = statement->kind;
	facts->reporting_mta = statement->reporting_mta;
	if (recipients->count == 0 && kind_is_bounce(facts->kind))
		recipient_get(facts, recipients, "");
	for (size_t i = 0; facts->kind == KIND_DELAYED && i < recipients->count; i++)
		recipients->list[i].action = ACTION_DELAYED;
	facts_take(facts, report, recipients);
}

/* Reads feedback reports and dispositions. A disposition whose notice is a bounce is a bounce,
 * because Dovecot rejects mail so. */
static void facts_from_details(struct facts *facts, struct report *report)
{
	bool is_feedback = report->type == REPORT_FEEDBACK;

	if (!is_feedback && report_format(report) != NULL)
		facts_from_notice(facts, report);
	if (kind_is_bounce(facts->kind)) {
		char *address = address_of(facts, &report->details, "Final-Recipient", false);

		if (facts->recipient_count == 1 && facts->recipients[0].address[0] == '\0' &&
		        address != NULL)
			facts->recipients[0].address = address;
		return;
	}
	*facts = (struct facts){.kind = is_feedback ? KIND_COMPLAINT : KIND_READ_RECEIPT,
	        .format = is_feedback ? "arf" : "mdn",
	        .original = facts->original};
}

struct facts *facts_read(const void *ctx, struct report *report)
{
	static void (*const readers[])(struct facts *, struct report *) = {
	        [REPORT_STATUS] = facts_from_status,
	        [REPORT_FEEDBACK] = facts_from_details,
	        [REPORT_DISPOSITION] = facts_from_details,
	        [REPORT_NOTICE] = facts_from_notice,
	};
	const struct fields *header = &report->message->header;
	struct facts *facts = talloc_zero(ctx, struct facts);

	if (report->type != REPORT_NONE)
		readers[report->type](facts, report);
	if (report->is_detected && report->format != NULL && report->format->kind == KIND_NONE)
		/* the format says that this is ordinary mail */
		*facts = (struct facts){.kind = KIND_NONE};
	if (facts->kind != KIND_NONE) {
		original_read(facts, report);
		facts->notice = report->notice;
	}
	facts->date = date_read(fields_value(header, "Date"));
	facts->message_id = message_id_of(facts, fields_value(header, "Message-ID"));
	facts->caps = report->caps | (facts->recipients_left_out > 0 ? CAP_RECIPIENTS : 0u);
	return facts;
}

char *facts_words(const void *ctx, const struct facts *facts)
{
	return facts->notice != NULL ? notice_words(ctx, facts->notice) : NULL;
}
