#include "judge/layout.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

/* Bytes of a diagnostic that lines are still added to: more than is kept of it. */
#define COLLECTED_MAX (2 * DIAGNOSTIC_MAX)

struct reading {
	struct facts *facts;
	const struct format *format;
	size_t current; /* number of the recipient that is being spoken of */
	bool has_current;
	bool continuing;         /* the last line's diagnostic goes on */
	char **diagnostics;      /* of each recipient, as collected */
	char *shared;            /* said before the first recipient */
	struct recipient common; /* codes said before the first recipient */
	const char *command;     /* sent last: what is said next answers it */
};

static void reading_append(struct reading *reading, const char *text, size_t length)
{
	char **to = reading->has_current ? &reading->diagnostics[reading->current] : &reading->shared;

	if (*to == NULL)
		*to = talloc_strndup(reading->facts, text, length);
	else if (strlen(*to) < COLLECTED_MAX)
		*to = talloc_asprintf(reading->facts, "%s %.*s", *to, (int)length, text);
}

static char *captured(const void *ctx, const struct match *match, enum capture capture)
{
	return match->length[capture] > 0 ? talloc_strndup(ctx, match->start[capture], match->length[capture]) : NULL;
}

/* Room for the diagnostic of a recipient that was added to BEFORE others. */
static void reading_make_room(struct reading *reading, size_t before)
{
	if (reading->facts->recipient_count == before)
		return;
	reading->diagnostics = array_grow(reading->facts, reading->diagnostics, char *, before);
	reading->diagnostics[before] = NULL;
}

static void reading_start_recipient(struct reading *reading, const struct match *match)
{
	char *address = captured(reading->facts, match, CAPTURE_ADDRESS);
	size_t before = reading->facts->recipient_count;
	struct recipient *recipient;

	if (address == NULL)
		address = captured(reading->facts, match, CAPTURE_NAME);
	recipient = address != NULL ? facts_recipient(reading->facts, address) : NULL;
	if (recipient == NULL)
		return;
	reading->current = (size_t)(recipient - reading->facts->recipients);
	reading->has_current = true;
	recipient->is_sure = true;
	reading_make_room(reading, before);
}

static void reading_take_codes(struct reading *reading, const struct match *match)
{
	struct facts *facts = reading->facts;
	struct recipient *to = reading->has_current ? &facts->recipients[reading->current] : &reading->common;
	const char *command = match->start[CAPTURE_COMMAND];
	char *reply = captured(facts, match, CAPTURE_REPLY);

	if (match->length[CAPTURE_STATUS] > 0)
		to->status = captured(facts, match, CAPTURE_STATUS);
	if (reply != NULL)
		to->reply = diagnostic_reply(reply);
	if (match->length[CAPTURE_COMMAND] > 0)
		reading->command = diagnostic_command_name(command, match->length[CAPTURE_COMMAND]);
	if (match->length[CAPTURE_DIAGNOSTIC] + match->length[CAPTURE_REPLY] > 0 && to->command == NULL)
		to->command = reading->command;
	if (match->length[CAPTURE_REMOTE] > 0)
		to->remote_mta = captured(facts, match, CAPTURE_REMOTE);
	if (match->length[CAPTURE_ORIGINAL_ADDRESS] > 0)
		to->original_address = captured(facts, match, CAPTURE_ORIGINAL_ADDRESS);
}

static void take_value(const void *ctx, const struct match *match, enum capture capture, char **to)
{
	if (*to == NULL && match->length[capture] > 0)
		*to = text_one_line(ctx, match->start[capture], match->length[capture], VALUE_MAX);
}

static void reading_take(struct reading *reading, const struct match *match)
{
	struct facts *facts = reading->facts;

	reading_start_recipient(reading, match);
	reading_take_codes(reading, match);
	if (match->length[CAPTURE_DIAGNOSTIC] > 0)
		reading_append(reading, match->start[CAPTURE_DIAGNOSTIC], match->length[CAPTURE_DIAGNOSTIC]);
	take_value(facts, match, CAPTURE_REPORTING, &facts->reporting_mta);
	take_value(facts, match, CAPTURE_MESSAGE_ID, &facts->original.message_id);
	take_value(facts, match, CAPTURE_SUBJECT, &facts->original.subject);
	take_value(facts, match, CAPTURE_DATE, &facts->original.date);
	take_value(facts, match, CAPTURE_FROM, &facts->original.from);
	take_value(facts, match, CAPTURE_TO, &facts->original.to);
}

/* Take what PATTERN finds in LINE; whether it fits. */
static bool reading_try(struct reading *reading, const struct line *pattern, const char *line)
{
	struct match match;
	bool found = false;

	if (!pattern->find && pattern_match(pattern->pattern, line, &match)) {
		found = true;
		reading_take(reading, &match);
	}
	for (; pattern->find && pattern_find(pattern->pattern, line, &match); line = match.end) {
		found = true;
		reading_take(reading, &match);
	}
	if (found)
		reading->continuing = pattern_continues(pattern->pattern);
	return found;
}

/* Try the patterns of the format on LINE: the first that fits all of it, and each that is to be found in it. Whether one did. */
static bool reading_match(struct reading *reading, const char *line)
{
	bool found = false;
	size_t i;

	for (i = 0; i < reading->format->line_count; i++)
		if (!found || reading->format->lines[i].find)
			found = reading_try(reading, &reading->format->lines[i], line) || found;
	return found;
}

static void reading_line(struct reading *reading, const char *line)
{
	if (line[0] == '\0')
		reading->continuing = false;
	else if (!reading_match(reading, line) &&
	         (reading->continuing || (reading->has_current && reading->format->rest_is_diagnostic)))
		reading_append(reading, line, strlen(line));
}

static void header_recipient(struct reading *reading, const char *address)
{
	size_t before = reading->facts->recipient_count;

	if (address != NULL && facts_recipient(reading->facts, address) != NULL)
		reading_make_room(reading, before);
}

/* The recipients that only a header field names. */
static void reading_header(struct reading *reading, const struct report *report)
{
	char **name;

	for (name = reading->format->recipient_fields; name != NULL && *name != NULL; name++) {
		char *value = message_header(reading->facts, report->message, *name);
		const char *at = value, *start;
		size_t length;

		while (at != NULL && *at != '\0') {
			size_t taken = address_scan(at, &start, &length);

			if (taken > 0)
				header_recipient(reading, talloc_strndup(value, start, length));
			at += taken > 0 ? taken : 1;
		}
	}
}

static void recipient_complete(struct reading *reading, struct recipient *recipient, const char *diagnostic)
{
	const struct recipient *common = &reading->common;

	if (recipient->status == NULL)
		recipient->status = common->status;
	if (recipient->reply == 0)
		recipient->reply = common->reply;
	if (recipient->command == NULL)
		recipient->command = common->command != NULL ? common->command : reading->command;
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = common->remote_mta;
	if (diagnostic != NULL)
		facts_set_diagnostic(reading->facts, recipient, diagnostic);
}

/* What was collected becomes the recipients' diagnostics. Recipients that are listed together share what is said behind the
 * last of them; those without any words get what was said before the first. */
static void reading_finish(struct reading *reading)
{
	const char *diagnostic = NULL;
	size_t i;

	for (i = reading->facts->recipient_count; i-- > 0;) {
		if (reading->diagnostics != NULL && reading->diagnostics[i] != NULL)
			diagnostic = reading->diagnostics[i];
		recipient_complete(reading, &reading->facts->recipients[i], diagnostic != NULL ? diagnostic : reading->shared);
	}
}

/* Read the lines FROM to END by the format's own lines. */
static void layout_read_lines(struct facts *facts, const struct report *report, const struct format *format, size_t from, size_t end)
{
	struct reading reading = {.facts = facts, .format = format};

	for (; from < end; from++)
		reading_line(&reading, report->notice->lines[from].text);
	if (facts->recipient_count == 0)
		reading_header(&reading, report);
	reading_finish(&reading);
	if (facts->recipient_count == 0 && reading.shared != NULL && kind_is_bounce(format->kind)) {
		struct recipient *nobody = facts_recipient(facts, "");

		if (nobody != NULL)
			recipient_complete(&reading, nobody, reading.shared);
	}
}

static void layout_take(struct facts *facts, const struct named_recipient *named)
{
	struct recipient *recipient = facts_recipient(facts, named->address);

	if (recipient == NULL)
		return;
	if (named->transcript != NULL) {
		facts_set_diagnostic(facts, recipient, named->transcript);
		facts_add_text(recipient, TEXT_TRANSCRIPT, named->transcript);
	}
	if (named->diagnostic != NULL && recipient->diagnostic == NULL)
		facts_set_diagnostic(facts, recipient, named->diagnostic);
	if (named->paragraph != NULL)
		facts_add_text(recipient, TEXT_NOTICE, named->paragraph);
	if (recipient->command == NULL)
		recipient->command = named->command;
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = named->remote;
	if (named->original != NULL)
		recipient->original_address = (char *)named->original;
	recipient->is_sure = named->is_sure;
	recipient->action = named->delayed ? ACTION_DELAYED : ACTION_FAILED;
}

/* Take what the general reader finds. */
static void layout_read_named(struct facts *facts, const struct named *named)
{
	size_t i;

	for (i = 0; i < named->count; i++)
		layout_take(facts, &named->list[i]);
	if (named->count == 0) {
		struct recipient *nobody = facts_recipient(facts, "");

		if (nobody != NULL && named->shared != NULL)
			facts_set_diagnostic(facts, nobody, named->shared);
	}
}

/* Whether some recipients are only late, and others were refused for good. */
static bool fates_differ(const struct facts *facts)
{
	bool late = false, refused = false;
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		late = late || facts->recipients[i].action == ACTION_DELAYED;
		refused = refused || (facts->recipients[i].action == ACTION_FAILED && facts->recipients[i].reply >= 500);
	}
	return late && refused;
}

void layout_read(struct facts *facts, struct report *report, const struct format *format)
{
	struct notice *notice = report->notice;
	size_t from, end;

	notice_section(notice, format, report->hits, &from, &end);
	if (format->line_count > 0 || format->recipient_fields != NULL)
		layout_read_lines(facts, report, format, from, end);
	else if (kind_is_bounce(format->kind))
		layout_read_named(facts, report_named(report));
	facts->kind = format->kind;
	if (notice_says(notice, format, WORDS_DELAYED, report->hits) && !fates_differ(facts))
		facts->kind = KIND_DELAYED;
}
