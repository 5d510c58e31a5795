/* A string that grows. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>

struct buffer {
	char *text; /* NUL-terminated; NULL while nothing was added */
	size_t length;
	size_t room;
	const void *ctx; /* owns TEXT */
};

struct buffer buffer_new(const void *ctx);

/* Adds LENGTH bytes, in amortised linear time. */
void buffer_add(struct buffer *buffer, const char *bytes, size_t length);

void buffer_add_string(struct buffer *buffer, const char *string);

void buffer_print(struct buffer *buffer, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* Returns the text: "" if nothing was added. It moves when more is added. */
char *buffer_text(struct buffer *buffer);

#endif
