#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/limits.h"
#include "index/story.h"
#include "text/text.h"

/* Columns of the parts of a line. */
#define DATE_COLUMNS 8
#define ADDRESS_COLUMNS 36
#define FATE_COLUMNS 18
#define LINE_COLUMNS 79

/* TEXT in COLUMNS columns: cut at a character's edge, filled up with blanks if FILL. */
static void add_cell(struct buffer *buffer, const char *text, size_t columns, bool fill)
{
	char *cut = text_in_columns(buffer->ctx, text, columns);
	size_t width = cut != NULL ? text_width(cut) : 0;

	buffer_add_string(buffer, cut != NULL ? cut : "");
	if (fill && width < columns)
		buffer_print(buffer, "%*s", (int)(columns - width), "");
	talloc_free(cut);
}

#define HALF_A_YEAR (182 * 24 * 60 * 60)

static void add_date(struct buffer *buffer, time_t when)
{
	char date[32] = "";
	time_t now = time(NULL);
	struct tm tm;

	/* As ls does: the year instead of the day when it was long ago. */
	if (localtime_r(&when, &tm) != NULL)
		strftime(date, sizeof date, now - when > HALF_A_YEAR || when > now + HALF_A_YEAR ? "%Y-%m" : "%b %d", &tm);
	add_cell(buffer, date, DATE_COLUMNS, true);
}

static const char *fate_words(const struct fate *fate)
{
	switch (fate->state) {
	case FATE_FAILED: return fate->reason < REASON_COUNT ? reason_name(fate->reason) : "failed";
	case FATE_DELAYED: return "delayed";
	case FATE_CONFIRMED: return "confirmed";
	case FATE_REPLIED: return "replied since";
	case FATE_RESENT: return "sent again";
	default: return "nothing heard";
	}
}

static void add_fate(struct buffer *buffer, const struct fate *fate)
{
	bool failed = fate->state == FATE_FAILED && fate->reason < REASON_COUNT;

	buffer_print(buffer, "%*s", DATE_COLUMNS, "");
	add_cell(buffer, fate->address[0] != '\0' ? fate->address : "(not named)", ADDRESS_COLUMNS - 1, true);
	buffer_add_string(buffer, " ");
	if (failed) {
		add_cell(buffer, fate_words(fate), FATE_COLUMNS - 1, true);
		buffer_print(buffer, " %s", reason_who(fate->reason));
	} else
		buffer_add_string(buffer, fate_words(fate));
	buffer_add_string(buffer, "\n");
}

char *story_text(const void *ctx, const struct story *story)
{
	struct buffer buffer = buffer_new(ctx);
	size_t i;

	add_date(&buffer, story->date);
	add_cell(&buffer, story->subject[0] != '\0' ? story->subject : "(no subject)", LINE_COLUMNS - DATE_COLUMNS, false);
	buffer_add_string(&buffer, "\n");
	if (!story->is_original)
		buffer_print(&buffer, "%*sa bounce; which mail of yours it is about is not known\n", DATE_COLUMNS, "");
	for (i = 0; i < story->fate_count; i++)
		add_fate(&buffer, &story->fates[i]);
	return buffer_text(&buffer);
}

static char *iso_time(const void *ctx, time_t time)
{
	char text[40] = "";
	struct tm tm;

	if (time == 0 || gmtime_r(&time, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}

char *story_json(const void *ctx, const struct story *story)
{
	struct json json = json_new(ctx);
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, story->is_original ? "message_id" : "bounce_id", story->id);
	json_string(&json, "subject", story->subject);
	json_string(&json, "date", iso_time(ctx, story->date));
	json_open(&json, "recipients", '[');
	for (i = 0; i < story->fate_count; i++) {
		const struct fate *fate = &story->fates[i];

		json_open(&json, NULL, '{');
		json_string(&json, "address", fate->address);
		json_string(&json, "state", fate->state == FATE_NOTHING ? "nothing" : fate_name(fate->state));
		json_string(&json, "reason", fate->reason < REASON_COUNT ? reason_name(fate->reason) : NULL);
		json_string(&json, "who", fate->reason < REASON_COUNT ? reason_who(fate->reason) : NULL);
		json_string(&json, "since", iso_time(ctx, fate->since));
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	buffer_add_string(&json.buffer, "\n");
	return buffer_text(&json.buffer);
}
