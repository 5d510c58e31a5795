#include "judge/layout.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/report.h"
#include "mail/address.h"
#include "text/text.h"

/* Bytes of a diagnostic that lines are still added to: more than is kept of it. */
#define COLLECTED_MAX (2 * DIAGNOSTIC_MAX)

/* A notice that is read by the lines of its format. */
struct layout {
	struct statement *statement;
	const struct format *format;
	size_t current; /* number of the recipient that is being spoken of */
	bool has_current;
	bool continuing;         /* the last line's diagnostic goes on */
	char **diagnostics;      /* of each recipient, as collected */
	char *shared;            /* said before the first recipient */
	struct recipient common; /* codes said before the first recipient */
	const char *command;     /* sent last: what is said next answers it */
};

static void layout_append(struct layout *layout, const char *text, size_t length)
{
	char **to = layout->has_current ? &layout->diagnostics[layout->current] : &layout->shared;

	if (*to == NULL)
		*to = talloc_strndup(layout->statement, text, length);
	else if (strlen(*to) < COLLECTED_MAX)
		*to = talloc_asprintf(layout->statement, "%s %.*s", *to, (int)length, text);
}

/* What CAPTURE took, into *TO, if it took anything. */
static void take(const void *ctx, const struct match *match, enum capture capture, char **to)
{
	if (match->length[capture] > 0)
		*to = talloc_strndup(ctx, match->start[capture], match->length[capture]);
}

static void layout_start_recipient(struct layout *layout, const struct match *match)
{
	struct recipient_list *recipients = &layout->statement->recipients;
	struct recipient *recipient;
	char *address = NULL;

	take(layout->statement, match, CAPTURE_NAME, &address);
	take(layout->statement, match, CAPTURE_ADDRESS, &address);
	recipient = address != NULL ? recipient_get(layout->statement, recipients, address) : NULL;
	if (recipient == NULL)
		return;
	layout->current = (size_t)(recipient - recipients->list);
	layout->has_current = true;
	recipient->is_sure = true;
}

static void layout_take_codes(struct layout *layout, const struct match *match)
{
	struct statement *statement = layout->statement;
	struct recipient *to = layout->has_current ? &statement->recipients.list[layout->current]
	                                           : &layout->common;
	char *reply = NULL;

	take(statement, match, CAPTURE_STATUS, &to->status);
	take(statement, match, CAPTURE_REPLY, &reply);
	if (reply != NULL)
		to->reply = diagnostic_reply(reply);
	if (match->length[CAPTURE_COMMAND] > 0)
		layout->command = diagnostic_command_name(
		        match->start[CAPTURE_COMMAND], match->length[CAPTURE_COMMAND]);
	if (match->length[CAPTURE_DIAGNOSTIC] + match->length[CAPTURE_REPLY] > 0 &&
	        to->command == NULL)
		to->command = layout->command;
	take(statement, match, CAPTURE_REMOTE, &to->remote_mta);
	take(statement, match, CAPTURE_ORIGINAL_ADDRESS, &to->original_address);
}

static void take_value(
        struct statement *statement, const struct match *match, enum capture capture, char **to)
{
	if (*to == NULL && match->length[capture] > 0)
		*to = text_one_line(
		        statement, match->start[capture], match->length[capture], VALUE_MAX);
}

static void layout_take(struct layout *layout, const struct match *match)
{
	struct statement *statement = layout->statement;

	layout_start_recipient(layout, match);
	layout_take_codes(layout, match);
	if (match->length[CAPTURE_DIAGNOSTIC] > 0)
		layout_append(layout, match->start[CAPTURE_DIAGNOSTIC],
		        match->length[CAPTURE_DIAGNOSTIC]);
	take_value(statement, match, CAPTURE_REPORTING, &statement->reporting_mta);
	take_value(statement, match, CAPTURE_MESSAGE_ID, &statement->message_id);
	take_value(statement, match, CAPTURE_SUBJECT, &statement->subject);
	take_value(statement, match, CAPTURE_DATE, &statement->date);
	take_value(statement, match, CAPTURE_FROM, &statement->from);
	take_value(statement, match, CAPTURE_TO, &statement->to);
}

/* Take what PATTERN finds in LINE; whether it fits. */
static bool layout_try(struct layout *layout, const struct line *pattern, const char *line)
{
	bool (*const fits)(const struct line_pattern *, const char *, struct match *) =
	        pattern->find ? line_pattern_find : line_pattern_match;
	struct match match;
	bool found = false;

	while ((pattern->find || !found) && fits(pattern->pattern, line, &match)) {
		found = true;
		layout_take(layout, &match);
		line = match.end;
	}
	if (found)
		layout->continuing = line_pattern_continues(pattern->pattern);
	return found;
}

/* Try the patterns of the format on LINE: the first that fits all of it, and each that is to be
 * found in it. Whether one did. */
static bool layout_match(struct layout *layout, const char *line)
{
	bool found = false;
	size_t i;

	for (i = 0; i < layout->format->line_count; i++)
		if (!found || layout->format->lines[i].find)
			found = layout_try(layout, &layout->format->lines[i], line) || found;
	return found;
}

static void layout_line(struct layout *layout, const char *line)
{
	if (line[0] == '\0')
		layout->continuing = false;
	else if (!layout_match(layout, line) &&
	         (layout->continuing ||
	                 (layout->has_current && layout->format->rest_is_diagnostic)))
		layout_append(layout, line, strlen(line));
}

/* The recipients that only a header field names. */
static void layout_header(struct layout *layout, const struct message *message)
{
	struct statement *statement = layout->statement;
	char **name;

	for (name = layout->format->recipient_fields; name != NULL && *name != NULL; name++) {
		const char *value = message_header(statement, message, *name);
		char **address = value != NULL ? address_scan_all(statement, value) : NULL;

		for (; address != NULL && *address != NULL; address++)
			recipient_get(statement, &statement->recipients, *address);
	}
}

static void layout_complete(
        struct layout *layout, struct recipient *recipient, const char *diagnostic)
{
	const struct recipient *common = &layout->common;

	if (recipient->status == NULL)
		recipient->status = common->status;
	if (recipient->reply == 0)
		recipient->reply = common->reply;
	if (recipient->command == NULL)
		recipient->command = common->command != NULL ? common->command : layout->command;
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = common->remote_mta;
	if (diagnostic != NULL)
		recipient_set_diagnostic(layout->statement, recipient, diagnostic);
}

/* What was collected becomes the recipients' diagnostics. Recipients that are listed together share
 * what is said behind the last of them; those without any words get what was said before the
 * first. */
static void layout_finish(struct layout *layout)
{
	struct recipient_list *recipients = &layout->statement->recipients;
	const char *diagnostic = NULL;
	size_t i;

	if (recipients->count == 0 && layout->shared != NULL &&
	        kind_is_bounce(layout->format->kind))
		recipient_get(layout->statement, recipients, "");
	for (i = recipients->count; i-- > 0;) {
		if (layout->diagnostics[i] != NULL)
			diagnostic = layout->diagnostics[i];
		layout_complete(layout, &recipients->list[i],
		        diagnostic != NULL ? diagnostic : layout->shared);
	}
}

/* Read the lines FROM to END of the notice by the format's own lines. */
static void layout_read_lines(struct statement *statement, const struct report *report,
        const struct format *format, size_t from, size_t end)
{
	struct layout layout = {.statement = statement, .format = format};

	layout.diagnostics = talloc_zero_array(statement, char *, RECIPIENTS_MAX);
	for (; from < end; from++)
		layout_line(&layout, report->notice->lines[from].text);
	if (statement->recipients.count == 0)
		layout_header(&layout, report->message);
	layout_finish(&layout);
}

/* Take what the general reader finds. */
static void layout_read_named(struct statement *statement, const struct heuristic *named)
{
	statement->recipients = named->recipients;
	if (named->recipients.count == 0)
		recipient_get(statement, &statement->recipients, "");
	if (named->recipients.count == 0 && named->shared != NULL)
		recipient_set_diagnostic(statement, statement->recipients.list, named->shared);
}

/* Whether some recipients are only late, and others were refused for good. */
static bool actions_differ(const struct recipient_list *recipients)
{
	bool late = false, refused = false;
	size_t i;

	for (i = 0; i < recipients->count; i++) {
		const struct recipient *recipient = &recipients->list[i];

		late = late || recipient->action == ACTION_DELAYED;
		refused =
		        refused || (recipient->action == ACTION_FAILED && recipient->reply >= 500);
	}
	return late && refused;
}

struct statement *layout_read(const void *ctx, struct report *report, const struct format *format)
{
	struct statement *statement = talloc_zero(ctx, struct statement);
	struct notice *notice = report->notice;
	size_t from, end;

	notice_section(notice, format, report->hits, &from, &end);
	if (format->line_count > 0 || format->recipient_fields != NULL)
		layout_read_lines(statement, report, format, from, end);
	else if (kind_is_bounce(format->kind))
		layout_read_named(statement, report_heuristic(report));
	statement->kind = format->kind;
	if (format_words_in(format, WORDS_DELAYED, report->hits, notice->folded) &&
	        !actions_differ(&statement->recipients))
		statement->kind = KIND_DELAYED;
	return statement;
}
