/* TAP for the tests in C, and the means to write each module's cases as a table that reads as its specification:
 * input ==> expected. */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Bytes that may have NULs among them, and how many they are. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/* One test. The rest names it, as for printf(). */
#define ok(condition, ...) ok_at(condition, __FILE__, __LINE__, __VA_ARGS__)

/* One test: GOT is WANTED. Says both if it isn't. NULL is equal to NULL only. */
#define is_string(got, wanted, ...) is_string_at(got, wanted, __FILE__, __LINE__, __VA_ARGS__)

/* UNIT(test_NAME) { ... } is a test that unit.c runs, with a CTX of its own. */
#define UNIT(name)                                                                                                               \
	static void name(const void *ctx);                                                                                       \
	__attribute__((constructor)) static void add_##name(void)                                                                \
	{                                                                                                                        \
		test_add(name);                                                                                                  \
	}                                                                                                                        \
	static void name(const void *ctx)

void test_add(void (*test)(const void *ctx));

/* TEXT (LENGTH bytes) as one line of ASCII for a test's name or a diagnostic: C escapes for what isn't, cut when it's long. One of
 * four buffers that are used in turn. */
const char *show(const char *text, size_t length);

/* SEED COUNT times over, for what must stay linear. Freed with CTX. */
char *repeat(const void *ctx, const char *seed, size_t count);

bool ok_at(bool condition, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));

bool is_string_at(const char *got, const char *wanted, const char *file, int line, const char *format, ...)
        __attribute__((format(printf, 5, 6)));

/* The tests called NAME can't be made here, and WHY. */
void skip(const char *name, const char *why);

#endif
