#include "base/json.h"

struct json json_new(const void *ctx)
{
	return (struct json){buffer_new(ctx), false};
}

/* Returns whether C may stand in a string as it is; all bytes of UTF-8 may. */
static bool is_unescaped(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void json_quote(struct json *json, const char *value)
{
	buffer_add(&json->buffer, "\"", 1);
	while (*value != '\0') {
		size_t run = 0;

		while (is_unescaped(value[run]))
			run++;
		buffer_add(&json->buffer, value, run);
		value += run;
		if (*value == '"' || *value == '\\')
			buffer_print(&json->buffer, "\\%c", *value++);
		else if (*value != '\0')
			buffer_print(&json->buffer, "\\u%04x", (unsigned char)*value++);
	}
	buffer_add(&json->buffer, "\"", 1);
}

static void json_begin(struct json *json, const char *name)
{
	if (json->separate)
		buffer_add(&json->buffer, ",", 1);
	json->separate = true;
	if (name != NULL) { /* ours: nothing in it needs an escape */
		buffer_add(&json->buffer, "\"", 1);
		buffer_add_string(&json->buffer, name);
		buffer_add(&json->buffer, "\":", 2);
	}
}

void json_open(struct json *json, const char *name, char bracket)
{
	json_begin(json, name);
	buffer_add(&json->buffer, &bracket, 1);
	json->separate = false;
}

void json_close(struct json *json, char bracket)
{
	buffer_add(&json->buffer, &bracket, 1);
	json->separate = true;
}

void json_string(struct json *json, const char *name, const char *value)
{
	if (value != NULL) {
		json_begin(json, name);
		json_quote(json, value);
	}
}

void json_number(struct json *json, const char *name, long value)
{
	if (value != 0) {
		json_begin(json, name);
		buffer_print(&json->buffer, "%ld", value);
	}
}

void json_bool(struct json *json, const char *name, bool value)
{
	json_begin(json, name);
	buffer_add_string(&json->buffer, value ? "true" : "false");
}

void json_strings(struct json *json, const char *name, const char *const *list)
{
	if (list == NULL)
		return;
	json_open(json, name, '[');
	for (; *list != NULL; list++)
		json_string(json, NULL, *list);
	json_close(json, ']');
}

char *json_line(struct json *json)
{
	buffer_add(&json->buffer, "\n", 1);
	return buffer_text(&json->buffer);
}
