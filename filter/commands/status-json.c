#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/limits.h"
#include "commands/status-print.h"
#include "text/text.h"

static char *iso_time(const void *ctx, time_t time)
{
	char text[40] = "";
	struct tm tm;

	if (time == 0 || gmtime_r(&time, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}

char *status_json(const void *ctx, const struct message_status *status)
{
	struct json json = json_new(ctx);
	const char *id = text_is_clean(status->id) ? status->id : text_address(ctx, status->id, strlen(status->id), VALUE_MAX);
	size_t i;

	json_open(&json, NULL, '{');
	json_string(&json, status->is_original ? "message_id" : "bounce_id", id);
	json_string(&json, "subject", status->subject);
	json_string(&json, "date", iso_time(ctx, status->date));
	json_open(&json, "recipients", '[');
	for (i = 0; i < status->count; i++) {
		const struct recipient_fate *fate = &status->fates[i];

		json_open(&json, NULL, '{');
		json_string(&json, "address", fate->address);
		json_string(&json, "state", recipient_state_name(fate->state));
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
