#include "json.h"

#include <string.h>
#include <talloc.h>

struct json
json_new(const void *ctx)
{
	return (struct json){talloc_strdup(ctx, ""), false};
}

static void
json_append(struct json *json, const char *text, size_t length)
{
	if (json->text != NULL)
		json->text = talloc_strndup_append_buffer(json->text, text, length);
}

/* A string in quotes. Bytes below 0x20 are escaped, all else is UTF-8 already. */
static void
json_quote(struct json *json, const char *value)
{
	size_t run;

	json_append(json, "\"", 1);
	while (*value != '\0') {
		for (run = 0; (unsigned char) value[run] >= 0x20 && value[run] != '"' && value[run] != '\\' && value[run] != 0x7f; run++)
			continue;
		json_append(json, value, run);
		value += run;
		if (*value == '"' || *value == '\\') {
			json_append(json, "\\", 1);
			json_append(json, value++, 1);
		} else if (*value != '\0' && json->text != NULL)
			json->text = talloc_asprintf_append_buffer(json->text, "\\u%04x", (unsigned char) *value++);
		else if (json->text == NULL)
			return;
	}
	json_append(json, "\"", 1);
}

static void
json_begin(struct json *json, const char *name)
{
	if (json->separate)
		json_append(json, ",", 1);
	json->separate = true;
	if (name != NULL) {
		json_quote(json, name);
		json_append(json, ":", 1);
	}
}

void
json_open(struct json *json, const char *name, char bracket)
{
	json_begin(json, name);
	json_append(json, &bracket, 1);
	json->separate = false;
}

void
json_close(struct json *json, char bracket)
{
	json_append(json, &bracket, 1);
	json->separate = true;
}

void
json_string(struct json *json, const char *name, const char *value)
{
	if (value == NULL)
		return;
	json_begin(json, name);
	json_quote(json, value);
}

void
json_number(struct json *json, const char *name, long value)
{
	if (value == 0)
		return;
	json_begin(json, name);
	if (json->text != NULL)
		json->text = talloc_asprintf_append_buffer(json->text, "%ld", value);
}

void
json_bool(struct json *json, const char *name, bool value)
{
	json_begin(json, name);
	json_append(json, value ? "true" : "false", value ? 4 : 5);
}
