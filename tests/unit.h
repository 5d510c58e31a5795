/* TAP for the tests in C, and the means to write each module's cases as a table that reads as its specification:
 * input ==> expected. For unit.c, which is one translation unit with its tables. */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
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

static int tests_run, tests_failed;

/* TEXT (LENGTH bytes) as one line of ASCII for a test's name or a diagnostic: C escapes for what isn't, cut when it's long. One of
 * four buffers that are used in turn. */
static const char *show(const char *text, size_t length)
{
	static char buffers[4][200];
	static unsigned turn;
	char *buffer = buffers[turn++ % 4], *out = buffer;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (out - buffer > 180) {
			strcpy(out, "...");
			return buffer;
		}
		if (byte >= ' ' && byte < 0x7F)
			out += sprintf(out, "%c", byte);
		else
			out += sprintf(out, byte == '\n' ? "\\n" : "\\x%02X", byte);
	}
	*out = '\0';
	return buffer;
}

/* TAP: a `#` in a name would begin a directive. */
__attribute__((format(printf, 1, 0))) static void name_print(const char *format, va_list arguments)
{
	char name[600];

	vsnprintf(name, sizeof name, format, arguments);
	for (char *p = name; (p = strchr(p, '#')) != NULL; p++)
		*p = '=';
	puts(name);
}

__attribute__((format(printf, 4, 0))) static bool report(
        bool passed, const char *file, int line, const char *format, va_list arguments)
{
	printf("%s %d - ", passed ? "ok" : "not ok", ++tests_run);
	name_print(format, arguments);
	if (!passed) {
		tests_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	return passed;
}

__attribute__((format(printf, 4, 5))) static bool ok_at(bool condition, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(condition, file, line, format, arguments);
	va_end(arguments);
	return condition;
}

__attribute__((format(printf, 5, 6))) static bool is_string_at(
        const char *got, const char *wanted, const char *file, int line, const char *format, ...)
{
	bool passed = got == wanted || (got != NULL && wanted != NULL && strcmp(got, wanted) == 0);
	va_list arguments;

	va_start(arguments, format);
	report(passed, file, line, format, arguments);
	va_end(arguments);
	if (!passed)
		printf("#      got: %s\n# expected: %s\n", got != NULL ? show(got, strlen(got)) : "NULL",
		        wanted != NULL ? show(wanted, strlen(wanted)) : "NULL");
	return passed;
}

/* The plan, after all tests; the exit status. */
static int tests_done(void)
{
	printf("1..%d\n", tests_run);
	return tests_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
