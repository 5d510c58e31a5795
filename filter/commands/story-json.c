#include <talloc.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "commands/story-print.h"

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
