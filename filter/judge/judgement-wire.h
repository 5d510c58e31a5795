/* A judgement on its way from the process that read the mail to one that acts on it: lines of text,
 * of which only what makes sense is believed. */
#ifndef JUDGEMENT_WIRE_H
#define JUDGEMENT_WIRE_H

#include <stddef.h>

#include "base/problem.h"
#include "judge/judge.h"

/* The most bytes that are read. */
#define JUDGEMENT_WIRE_MAX (8u << 20)

struct judgement_wire {
	struct judgement judgement;
	char *id;   /* by which notmuch knows the mail; NULL: not known */
	char *from; /* the decoded From field; NULL: none */
	/* In the user's own files: written with it, and added to when it is read; NULL: they don't
	 * matter. */
	struct problems *problems;
};

/* Returns WIRE as text, owned by CTX; it ends with a line `end`. */
char *judgement_wire_write(const void *ctx, const struct judgement_wire *wire);

/* Reads LENGTH bytes of TEXT, which may come from anybody: words that are none of ours, values that
 * are not clean (text_is_clean()), lines that are too long, and more recipients than RECIPIENTS_MAX
 * are refused. All is owned by CTX. STATUS_IO: it is no judgement, or not all of one. */
enum status judgement_wire_read(
        const void *ctx, const char *text, size_t length, struct judgement_wire *wire);

#endif
