/* Dates: as mails, options and people write them. */
#ifndef DATE_H
#define DATE_H

#include <time.h>

/* In seconds. */
#define DAY (24 * 60 * 60)

/* Returns the time of VALUE, a date as in RFC 5322 section 3.3, with or without a day of the week,
 * a comment behind it, and a zone (none: UTC). 0 if it is not a date. */
time_t date_read(const char *value);

/* Returns the beginning of the day VALUE in local time (2026-11-30), or the time so many days,
 * weeks or months of 30 days before NOW (30d, 8w, 6m). 0 if VALUE is neither. */
time_t date_since(const char *value, time_t now);

/* Return TIME as text, owned by CTX: its day in local time, for a person (2026-11-30), or the time
 * in UTC, for a program (RFC 3339: 2026-11-30T12:00:00Z). NULL if TIME is 0, or too far away for a
 * calendar. */
char *date_write_day(const void *ctx, time_t time);
char *date_write_time(const void *ctx, time_t time);

#endif
