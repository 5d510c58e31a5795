/* One mail of the index sorted: judged, tagged, and tied to the mail that it is about. */
#ifndef SORT_H
#define SORT_H

#include <time.h>

#include "index/index.h"
#include "index/marks.h"
#include "index/settings.h"
#include "judge/judge.h"

struct sorter {
	struct index *index;
	struct judge *judge;
	struct settings settings;
	time_t now;
};

struct sorted {
	bool is_bounce;
	bool is_new;    /* it had no tags of ours before */
	bool is_moved;  /* it had, and has others now */
	bool is_linked; /* it was tied to a mail only now */
	char *tags;     /* what was changed, ` -old +new` */
};

/* Sort MAIL, whose file is read: its tags and properties are brought up to date and, if it is a genuine bounce, those of the mail that it is about.
 * A mail whose file is gone stays as it is. What SORTED holds is owned by CTX. */
enum status sort_mail(const void *ctx, const struct sorter *sorter, struct mail *mail, enum marks_why why, struct sorted *sorted);

/* The same for a mail that was judged already. */
enum status sort_judged(const void *ctx, const struct sorter *sorter, struct mail *mail, const struct judgement *judgement,
        enum marks_why why, struct sorted *sorted);

/* The properties of an unlinked bounce by which it is found again: the day on which it is decided, and a number made of the id it waits for. */
#define SORT_DUE "bounce.due"
#define SORT_WANTS "bounce.wants"

/* DAYS after TIME as bounce.due has it, YYYY-MM-DD in UTC, owned by CTX; "" if no calendar has that day. */
char *sort_day(const void *ctx, time_t time, int days);

#endif
