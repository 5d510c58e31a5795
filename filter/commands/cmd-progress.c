#include "commands/cmd-progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* There is only one terminal. */
static bool is_shown;
static int width; /* of what stands there */
static struct timespec began;

void cmd_progress_begin(void)
{
	is_shown = isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &began);
}

void cmd_progress(const char *format, ...)
{
	va_list arguments;
	int old = width;

	if (!is_shown)
		return;
	fputc('\r', stderr);
	va_start(arguments, format);
	width = vfprintf(stderr, format, arguments);
	va_end(arguments);
	if (width < old)
		fprintf(stderr, "%*s", old - width, "");
	fflush(stderr);
}

size_t cmd_progress_rate(size_t count)
{
	struct timespec now;
	double taken;

	clock_gettime(CLOCK_MONOTONIC, &now);
	taken = (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9;
	return taken > 0 ? (size_t)((double)count / taken) : count;
}

void cmd_progress_clear(void)
{
	if (width > 0)
		fprintf(stderr, "\r%*s\r", width, "");
	width = 0;
}
