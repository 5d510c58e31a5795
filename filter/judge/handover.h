/* A judgement handed from the process that read the mail to one that acts on it: as lines of text,
 * of which only what makes sense is believed. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <stddef.h>

#include "base/problem.h"
#include "judge/judge.h"

/* What else is known of the mail. */
struct handover {
	struct judgement judgement;
	char *id;   /* by which notmuch knows the mail; NULL: not known */
	char *from; /* the decoded From field; NULL: none */
	/* In the user's own files: written with it, and added to when it is read; NULL: they don't
	 * matter. */
	struct problems *problems;
};

/* HANDOVER as text, owned by CTX; ends with a line `end`. */
char *handover_write(const void *ctx, const struct handover *handover);

/* Read LENGTH bytes of TEXT, which may come from anybody: words that are none of ours, values that
 * are not clean (text_is_clean()), lines that are too long, and more recipients than RECIPIENTS_MAX
 * are refused. All is owned by CTX. STATUS_IO: it is no handover, or not all of one. */
enum status handover_read(
        const void *ctx, const char *text, size_t length, struct handover *handover);

/* The most that a handover has. */
#define HANDOVER_MAX (8u << 20)

#endif
