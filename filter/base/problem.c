#include "base/problem.h"

#include <stdarg.h>
#include <talloc.h>

#include "base/array.h"

struct problems *problems_new(const void *ctx)
{
	return talloc_zero(ctx, struct problems);
}

void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = talloc_vasprintf(problems, format, arguments);
	va_end(arguments);
	array_add(problems, problems->list, problems->count) =
	        (struct problem){talloc_strdup(problems, file), line, text};
}
