/* JSON (RFC 8259), written into a growing string. NAME is a member's name, in which nothing needs
 * an escape, or NULL in an array and at the top. Members whose value is absent are left out. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>

#include "base/buffer.h"

struct json {
	struct buffer buffer; /* what is written so far */
	bool separate;        /* a comma is due before the next value */
};

/* Returns an empty text, owned by CTX. */
struct json json_new(const void *ctx);

void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *name, const char *value); /* NULL: absent */
void json_number(struct json *json, const char *name, long value);        /* 0: absent */
void json_bool(struct json *json, const char *name, bool value);

/* Writes an array of the strings in LIST, NULL-terminated; NULL: absent. */
void json_strings(struct json *json, const char *name, const char *const *list);

/* Returns all that was written, and a newline. */
char *json_line(struct json *json);

#endif
