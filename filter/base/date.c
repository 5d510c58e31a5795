#include "base/date.h"

#include <stddef.h>

time_t date_read(const char *value)
{
	/* The longest first: strptime() does not mind what is left over. */
	static const char *const forms[] = {
	        "%a, %d %b %Y %H:%M:%S %z",
	        "%d %b %Y %H:%M:%S %z",
	        "%a, %d %b %Y %H:%M:%S",
	        "%d %b %Y %H:%M:%S",
	};
	size_t i;

	for (i = 0; value != NULL && i < sizeof forms / sizeof *forms; i++) {
		struct tm tm = {.tm_isdst = 0};

		if (strptime(value, forms[i], &tm) != NULL) {
			long zone = tm.tm_gmtoff;
			long long time = (long long)timegm(&tm) - zone;

			return time > 0 && (time_t)time == time ? (time_t)time : 0;
		}
	}
	return 0;
}

time_t date_since(const char *value, time_t now)
{
	static const struct {
		char letter;
		int days;
	} units[] = {{'d', 1}, {'w', 7}, {'m', 30}};
	struct tm tm = {.tm_isdst = -1};
	const char *end = strptime(value, "%Y-%m-%d", &tm);
	long count;
	char *rest;
	size_t i;

	if (end != NULL && *end == '\0')
		return mktime(&tm);
	count = strtol(value, &rest, 10);
	for (i = 0; i < sizeof units / sizeof *units; i++)
		if (rest > value && value[0] >= '0' && value[0] <= '9' && count <= 100000 &&
		        rest[0] == units[i].letter && rest[1] == '\0')
			return now - (time_t)count * units[i].days * 24 * 60 * 60;
	return 0;
}
