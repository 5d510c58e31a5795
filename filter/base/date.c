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
