/* Dates as mails have them. */
#ifndef DATE_H
#define DATE_H

#include <time.h>

/* The time that VALUE, a date as in RFC 5322 section 3.3, means; with or without a day of the week, a comment behind it, and a zone (none: UTC). 0 if it
 * is none. */
time_t date_read(const char *value);

#endif
