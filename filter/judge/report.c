#include "judge/report.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/mime.h"
#include "mail/parameter.h"
#include "text/html.h"
#include "text/text.h"

/* Returns the value of the header field NAME, which may have a `*` in it, of the mail that the
 * report ARGUMENT is about. */
static const char *letter_header(void *argument, const char *name)
{
	const struct report *report = argument;
	const struct fields *header = &report->message->header;

	if (strchr(name, '*') == NULL)
		return message_header(report, report->message, name);
	for (size_t i = 0; i < header->count; i++)
		if (text_glob(name, header->list[i].name))
			return decode_words(report, header->list[i].value);
	return NULL;
}

static unsigned letter_features(void *argument, const struct phrase_hits *hits)
{
	struct report *report = argument;

	report->hits = (struct phrase_hits *)hits;
	return report_heuristic(report)->features |
	       (report->returned.count > 0 ? FEATURE_RETURNED : 0u);
}

/* Returns what formats are compared with. Of REPORT only the message need be set. */
static struct letter letter_of(struct report *report)
{
	return (struct letter){.header = letter_header,
	        .argument = report,
	        .view[VIEW_FROM] = message_header(report, report->message, "From"),
	        .view[VIEW_SUBJECT] = message_header(report, report->message, "Subject")};
}

/* Returns whether the header says that a machine wrote this mail. */
static bool is_automatic(const void *ctx, const struct message *message)
{
	static const char *const senders[] = {
	        "mailer-daemon", "postmaster", "mail delivery", "mailer@", "daemon@"};
	const char *path = fields_value(&message->header, "Return-Path"),
	           *submitted = fields_value(&message->header, "Auto-Submitted"),
	           *from = message_header(ctx, message, "From");

	for (size_t i = 0; from != NULL && i < G_N_ELEMENTS(senders); i++)
		if (strcasestr(from, senders[i]) != NULL)
			return true;
	return (path != NULL && (path[0] == '\0' || strcmp(path, "<>") == 0)) ||
	       (submitted != NULL && strncasecmp(submitted, "no", 2) != 0) ||
	       fields_type_is(&message->header, "multipart/report") ||
	       fields_value(&message->header, "X-Failed-Recipients") != NULL;
}

/* What the parts of a mail contain. NULL: nothing. */
struct parts {
	struct report *report;
	struct mime mime;
	char *plain;  /* the words for a person */
	char *status; /* groups of a delivery status */
	char *feedback, *disposition;
	char *returned;                          /* header of the returned mail, raw */
	bool is_whole;                           /* the returned mail came with its body */
	const struct part *html[HTML_PARTS_MAX]; /* read only if there is no plain text */
	size_t html_count;
};

/* Returns at most MAX decoded bytes of PART as UTF-8 text. Notes CAP if there are more. */
static char *part_read(struct parts *parts, const struct part *part, size_t max, enum cap cap)
{
	struct parameter charset = parameter_read(parts->report, part->content_type, "charset");
	struct bytes bytes = decode_bytes(parts->report, part->body, part->encoding, max + 1);

	if (bytes.length > max)
		parts->report->caps |= cap;
	return text_to_utf8(
	        parts->report, bytes.start, bytes.length < max ? bytes.length : max, charset.value);
}

/* Adds MORE to *TEXT as another part. */
static void text_append(char **text, char *more)
{
	if (*text == NULL) {
		*text = more;
		return;
	}
	*text = talloc_asprintf_append(*text, "\n%s", more);
	talloc_free(more);
}

/* Returns where a delivery status begins in plain text, by lines that only one has: some mailers
 * give that part no type of its own. NULL if nowhere. */
static const char *status_begin(const char *text)
{
	static const char *const starts[] = {
	        "Reporting-MTA:", "Final-Recipient:", "Original-Recipient:"};
	const char *first = NULL;

	if (strstr(text, "ecipient:") == NULL || strcasestr(text, "l-Recipient:") == NULL ||
	        (strcasestr(text, "\nAction:") == NULL && strcasestr(text, "\nStatus:") == NULL))
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		const char *at = strcasestr(text, starts[i]);

		if (at != NULL && (at == text || at[-1] == '\n') && (first == NULL || at < first))
			first = at;
	}
	return first;
}

/* Adds words for a person and, in an automatic mail, the delivery status that is in them. After the
 * status comes the returned mail, or a list's footer. */
static void parts_add_plain(struct parts *parts, const struct part *part)
{
	const char *status;
	char *text;

	if (parts->plain != NULL && (parts->status != NULL || strlen(parts->plain) >= NOTICE_MAX))
		return;
	text = part_read(parts, part, NOTICE_MAX, CAP_NOTICE);
	status = parts->report->automatic && parts->status == NULL ? status_begin(text) : NULL;
	if (status != NULL)
		parts->status = talloc_strdup(parts->report, status);
	text_append(&parts->plain, text);
}

static void parts_add_html(struct parts *parts, const struct part *part)
{
	if (parts->html_count < HTML_PARTS_MAX && (parts->status == NULL || parts->html_count == 0))
		parts->html[parts->html_count++] = part;
}

static void add_status(struct parts *parts, const struct part *part)
{
	char *text = part_read(parts, part, MAIL_JUDGED_MAX, CAP_MAIL);
	bool is_status =
	        strcasestr(text, "-MTA:") != NULL || strcasestr(text, "recipient:") != NULL;

	text_append(is_status ? &parts->status : &parts->plain, text);
}

static void add_details(struct parts *parts, const struct part *part)
{
	bool is_feedback = part_is(part, "message/feedback-report");

	text_append(is_feedback ? &parts->feedback : &parts->disposition,
	        part_read(parts, part, NOTICE_MAX, CAP_NOTICE));
}

static void add_header(struct parts *parts, const struct part *part)
{
	if (parts->returned == NULL)
		parts->returned = part_read(parts, part, NOTICE_MAX, CAP_NOTICE);
}

static void parts_visit(struct parts *parts, const struct part *root);

/* Adds the returned mail or, in an automatic mail, a report that a gateway or a list manager
 * wrapped. In a person's mail such a report is a bounce that was passed on. */
static void add_message(struct parts *parts, const struct part *part)
{
	struct report *report = parts->report;
	struct part *root = NULL;
	struct bytes mail;

	if (parts->returned != NULL)
		return;
	if (report->automatic && parts->status == NULL && parts->feedback == NULL)
		root = mime_attached(&parts->mime, part);
	if (root != NULL && part_is(root, "multipart/report")) {
		parts_visit(parts, root);
		return;
	}
	mail = decode_bytes(report, part->body, part->encoding, NOTICE_MAX);
	if (mail.length == 0)
		return;
	parts->returned = talloc_strndup(
	        report, mail.start, mail.length < NOTICE_MAX ? mail.length : NOTICE_MAX);
	parts->is_whole = true;
}

/* What is done with a part, by its type. The first line that fits counts. */
static const struct {
	const char *type;
	void (*add)(struct parts *parts, const struct part *part);
} uses[] = {
        {"message/delivery-status", add_status},
        {"message/xdelivery-status", add_status},
        {"message/global-delivery-status", add_status},    /* RFC 6533 section 4 */
        {"message/feedback-report", add_details},          /* RFC 5965 */
        {"message/disposition-notification", add_details}, /* RFC 8098 */
        {"message/global-disposition-notification", add_details},
        {"text/rfc822-headers", add_header}, /* RFC 6522 section 3 */
        {"text/rfc822-header", add_header},
        {"message/global-headers", add_header},
        {"message/rfc822-headers", add_header},
        {"message/rfc822", add_message},
        {"message/global", add_message},
        {"message/news", add_message},
        {"text/html", parts_add_html},
        {"text/", parts_add_plain},
};

/* Returns whether LENGTH bytes of BODY may contain a report or a mail that came back: they name a
 * MIME type of such a part, or have the marks of the servers on the way. */
static bool has_report_marks(const char *body, size_t length)
{
	const char *at = body, *end = body + length;

	if (memmem(body, length, "\nReceived: from ", 16) != NULL)
		return true;
	for (; at < end && (at = memchr(at, '/', (size_t)(end - at))) != NULL; at++) {
		bool may_be = at > body && strchr("et", at[-1] | 0x20) != NULL;

		for (size_t i = 0; may_be && uses[i].add != parts_add_html; i++)
			if (strncasecmp(at, strchr(uses[i].type, '/'),
			            strlen(strchr(uses[i].type, '/'))) == 0)
				return true;
	}
	return false;
}

/* The first lines of the body, decoded as the header says. */
static char *body_start(const void *ctx, const struct message *message)
{
	const char *type = fields_value(&message->header, "Content-Type"),
	           *encoding = fields_value(&message->header, "Content-Transfer-Encoding");
	size_t length = message->length - message->body;
	struct bytes body = {message->bytes + message->body,
	        length < NOTICE_START_BYTES ? length : NOTICE_START_BYTES};
	const char *charset = NULL;

	if (encoding != NULL)
		body = decode_bytes(ctx, body,
		        decode_encoding((struct bytes){encoding, strlen(encoding)}),
		        NOTICE_START_BYTES);
	if (type != NULL)
		charset = parameter_read(ctx, (struct bytes){type, strlen(type)}, "charset").value;
	return text_to_utf8(ctx, body.start, body.length, charset);
}

/* Returns whether a format's conditions hold for the header or, for formats without conditions on
 * the header, for the first lines of the body. */
static bool may_have_format(const struct message *message, struct formats *formats)
{
	SCOPED struct report *unread = talloc_zero(message, struct report);

	unread->message = message;
	struct letter letter = letter_of(unread);

	if (formats_may_detect(formats, &letter))
		return true;
	const char *body = body_start(unread, message);
	letter.view[VIEW_START] = notice_start(unread, body, strlen(body));
	letter.view[VIEW_BODY] = letter.view[VIEW_START];
	return formats_may_detect(formats, &letter);
}

bool report_is_possible(const struct message *message, struct formats *formats)
{
	const char *type = fields_value(&message->header, "Content-Type");
	size_t length = message->length - message->body;

	return fields_type_is(&message->header, "multipart/report") ||
	       (type != NULL && has_report_marks(type, strlen(type))) ||
	       has_report_marks(message->bytes + message->body,
	               length < MAIL_HEAD_MAX ? length : MAIL_HEAD_MAX) ||
	       may_have_format(message, formats);
}

/* Returns whether PART has a file name as mails have. */
static bool has_mail_name(const struct parts *parts, const struct part *part)
{
	struct parameter name = parameter_read(parts->report, part->content_type, "name");
	size_t length = name.value != NULL ? strlen(name.value) : 0;

	return length > 4 && strcasecmp(name.value + length - 4, ".eml") == 0;
}

/* Visits all parts. A multipart in which no part can be found is read as plain text. */
static void parts_visit(struct parts *parts, const struct part *root)
{
	for (const struct part *part = root; part != NULL; part = part_next(root, part)) {
		size_t use = 0;

		while (use < G_N_ELEMENTS(uses) && !part_is(part, uses[use].type))
			use++;
		if (use < G_N_ELEMENTS(uses))
			uses[use].add(parts, part);
		else if (has_mail_name(parts, part))
			add_message(parts, part);
		else if (part_is(part, "multipart/") && part->parent == NULL && part->first == NULL)
			parts_add_plain(parts, part);
	}
}

/* Reads all parts; HTML only if there is no plain text, because it says the same and costs more. */
static void parts_collect(struct parts *parts, const struct message *message)
{
	const char *body = message->bytes + message->body;

	mime_read(parts->report, (struct bytes){message->bytes, message->body},
	        (struct bytes){body, message->length - message->body}, &parts->mime);
	parts_visit(parts, parts->mime.root);
	for (size_t i = 0;
	        i < parts->html_count &&
	        (parts->plain == NULL || parts->plain[strspn(parts->plain, " \t\r\n")] == '\0');
	        i++) {
		char *html = part_read(parts, parts->html[i], HTML_MAX, CAP_HTML);

		text_append(&parts->plain, html_to_text(parts->report, html, strlen(html), false));
	}
	parts->report->caps |= parts->mime.caps;
}

/* Returns the recipient fields among COUNT fields of a group: 1 Final-Recipient, 2 another. */
static unsigned recipient_fields(const struct field *list, size_t count)
{
	unsigned fields = 0;

	for (size_t i = 0; i < count; i++)
		fields |= strcasecmp(list[i].name, "Final-Recipient") == 0      ? 1u
		          : strcasecmp(list[i].name, "Original-Recipient") == 0 ? 2u
		                                                                : 0;
	return fields;
}

/* Returns whether GROUP is the header of a mail, which may follow a delivery status in plain
 * text. */
static bool is_mail_header(const struct fields *group)
{
	size_t found = 0;

	for (size_t i = 0; i < group->count; i++)
		found += strncasecmp(group->list[i].name, "X-", 2) != 0 &&
		         header_name_is_of_mail(group->list[i].name, group->list[i].name_length);
	return found >= 3;
}

/* Reads the groups of a delivery status. Some lack the empty line between two, others have one
 * after each field: a group begins with a recipient that the one before has already. After
 * a recipient they end where the header of a mail begins. Returns whether any names a recipient. */
static bool groups_read(struct report *report, const char *text)
{
	const char *end = text + strlen(text);
	struct fields *last = NULL;
	unsigned found = 0, held = 0;
	size_t count = 0;

	while (text < end && report->group_count < 2 * RECIPIENTS_MAX && count < GROUP_FIELDS_MAX) {
		struct fields group;
		unsigned fields;

		text += strspn(text, "\n");
		text += fields_read(report, text, (size_t)(end - text), HEADER_LENIENT, &group);
		fields = recipient_fields(group.list, group.count);
		if (found != 0 && fields == 0 && is_mail_header(&group))
			return true;
		for (size_t i = 0; i < group.count; i++) {
			unsigned field = recipient_fields(&group.list[i], 1);

			if (i == 0 ? held == 0 || (fields & held) != 0 : (field & held & 1) != 0) {
				last = &array_add(report, report->groups, report->group_count);
				*last = (struct fields){NULL, 0};
				held = 0;
			}
			array_add(report, last->list, last->count) = group.list[i];
			held |= field;
		}
		count += group.count;
		talloc_free(group.list);
		found |= fields;
	}
	if (text < end)
		report->caps |= CAP_RECIPIENTS;
	return found != 0;
}

/* Decides the type of report, and reads the details. */
static void report_classify(struct report *report, const struct parts *parts)
{
	const char *details = parts->feedback;

	/* In a person's mail it is a bounce that was passed on, or an example of one */
	if (parts->status != NULL &&
	        (report->automatic ||
	                fields_type_is(&report->message->header, "message/delivery-status")) &&
	        groups_read(report, parts->status))
		report->type = REPORT_STATUS;
	if (details != NULL) {
		report->type = REPORT_FEEDBACK;
	} else if (parts->disposition != NULL && report->type == REPORT_NONE) {
		report->type = REPORT_DISPOSITION;
		details = parts->disposition;
	}
	if (details != NULL)
		fields_read(report, details, strlen(details), HEADER_LENIENT, &report->details);
}

/* Reads the notice: the words for a person, and what was wrongly called a delivery status. */
static void report_read_notice(struct report *report, const struct parts *parts)
{
	const char *text = parts->plain != NULL ? parts->plain : "", *returned = parts->returned;

	if (report->type == REPORT_NONE && parts->status != NULL &&
	        strcmp(text, parts->status) != 0)
		text = talloc_asprintf(report, "%s\n%s", text, parts->status);
	report->notice = notice_read(report, text);
	if (returned != NULL) {
		returned += strspn(returned, "\n");
		fields_read(report, returned, strlen(returned), HEADER_LENIENT, &report->returned);
	}
	if (report->returned.count > 0)
		report->returned_as = parts->is_whole ? RETURNED_WHOLE : RETURNED_HEADERS;
	else
		notice_returned(report, report->notice, &report->returned);
}

struct report *report_read(const void *ctx, const struct message *message, struct formats *formats)
{
	struct report *report = talloc_zero(ctx, struct report);
	struct parts parts = {.report = report};

	report->message = message;
	report->formats = formats;
	report->automatic = is_automatic(report, message);
	parts_collect(&parts, message);
	report_classify(report, &parts);
	report_read_notice(report, &parts);
	if (report->type == REPORT_NONE && report_format(report) != NULL)
		report->type = REPORT_NOTICE;
	return report;
}

const struct format *report_format(struct report *report)
{
	if (report->is_detected)
		return report->format;
	struct letter letter = letter_of(report);

	letter.features = letter_features;
	letter.is_report = report->type == REPORT_STATUS;
	letter.view[VIEW_START] =
	        notice_start(report, report->notice->source, report->notice->length);
	letter.view[VIEW_BODY] = report->notice->folded;
	report->format = formats_detect(report, report->formats, &letter, &report->hits);
	report->is_detected = true;
	return report->format;
}

/* Reads up to the general format's `end`; if no recipient is found, that was not the end. */
const struct heuristic *report_heuristic(struct report *report)
{
	if (report->heuristic != NULL)
		return report->heuristic;
	const struct notice *notice = report->notice;
	const struct heuristic_source source = {report->message, notice, &report->returned,
	        report->groups, report->group_count,
	        format_words_of(formats_general(report->formats), report->hits), report->automatic};
	size_t from, end;

	notice_section(notice, &source.words, &from, &end);
	report->heuristic = heuristic_read(report, &source, end);
	if (!report->heuristic->has_mention && end < notice->end)
		report->heuristic = heuristic_read(report, &source, notice->end);
	return report->heuristic;
}
