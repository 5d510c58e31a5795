/* Runs the unit tests, which the unit-….c files have. `make check` runs this; it prints TAP. */
#include "unit.h"

#include <stdarg.h>
#include <talloc.h>

static int tests_run, tests_failed;

const char *show(const char *text, size_t length)
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

bool ok_at(bool condition, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(condition, file, line, format, arguments);
	va_end(arguments);
	return condition;
}

bool is_string_at(const char *got, const char *wanted, const char *file, int line, const char *format, ...)
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

char *repeat(const void *ctx, const char *seed, size_t count)
{
	size_t length = strlen(seed);
	char *text = talloc_size(ctx, length * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * length, seed, length);
	text[length * count] = '\0';
	return text;
}

void skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tests_run, name, why);
}

static void (*tests[100])(const void *ctx);
static size_t test_count;

void test_add(void (*test)(const void *ctx))
{
	if (test_count == COUNT(tests))
		abort();
	tests[test_count++] = test;
}

int main(void)
{
	for (size_t i = 0; i < test_count; i++) {
		void *ctx = talloc_new(NULL);

		tests[i](ctx);
		talloc_free(ctx);
	}
	printf("1..%d\n", tests_run);
	return tests_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
