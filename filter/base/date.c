#include "base/date.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

time_t date_read(const char *value)
{
	/* strptime() tries the names of a language, whole and short. */
	static const char months[][4] = {
	        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	const char *comma = value != NULL ? strchr(value, ',') : NULL;
	struct tm tm = {.tm_isdst = 0};

	if (comma != NULL && comma - value <= 10) /* behind the day of the week */
		value = comma + 1;
	if (value == NULL || (value = strptime(value, "%d ", &tm)) == NULL)
		return 0;
	while (tm.tm_mon < 12 && strncasecmp(value, months[tm.tm_mon], 3) != 0)
		tm.tm_mon++;
	while ((*value | 0x20) >= 'a' && (*value | 0x20) <= 'z')
		value++;
	if (tm.tm_mon == 12 || (value = strptime(value, " %Y %H:%M:%S", &tm)) == NULL)
		return 0;
	strptime(value, "%z", &tm); /* without a zone, it is UTC */
	long zone = tm.tm_gmtoff;   /* timegm() changes it */
	time_t time = timegm(&tm) - zone;

	return time > 0 ? time : 0;
}

time_t date_since(const char *value, time_t now)
{
	static const struct {
		char letter;
		int days;
	} units[] = {{'d', 1}, {'w', 7}, {'m', 30}};
	struct tm tm = {.tm_isdst = -1};
	char *end = strptime(value, "%Y-%m-%d", &tm);

	if (end != NULL && *end == '\0')
		return mktime(&tm);
	long count = strtol(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || count > 100000)
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (end[0] == units[i].letter && end[1] == '\0')
			return now - (time_t)count * units[i].days * DAY;
	return 0;
}

char *date_write_time(const void *ctx, time_t time)
{
	char text[sizeof "-2147483648-01-01T00:00:00Z"];
	struct tm tm;

	if (time == 0 || gmtime_r(&time, &tm) == NULL ||
	        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}

char *date_write_day(const void *ctx, time_t time)
{
	char text[sizeof "-2147483648-01-01"];
	struct tm tm;

	if (time == 0 || localtime_r(&time, &tm) == NULL ||
	        strftime(text, sizeof text, "%Y-%m-%d", &tm) == 0)
		return NULL;
	return talloc_strdup(ctx, text);
}
