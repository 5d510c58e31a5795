/* A judgement as lines of text, for the process that acts on it. Of what it reads it believes only
 * what makes sense, as the process that read the mail may be in an attacker's hands. */
#ifndef JUDGEMENT_WIRE_H
#define JUDGEMENT_WIRE_H

#include <stddef.h>

#include "knowledge/source.h"
#include "judge/judge.h"

/* The most bytes that a judgement may have. */
#define JUDGEMENT_WIRE_MAX (8u << 20)

struct judgement_wire {
	struct judgement judgement;
	char *id;   /* the id by which notmuch knows the mail; NULL: not known */
	char *from; /* the decoded From field; NULL: none */
	/* Errors in the user's own files: written with the judgement; what is read is added. NULL:
	 * not wanted. */
	struct problems *problems;
};

/* Returns WIRE as text, owned by CTX. The last line is `end`. */
char *judgement_wire_write(const void *ctx, const struct judgement_wire *wire);

/* Reads LENGTH bytes of TEXT, which may come from anybody, into WIRE; all is owned by CTX. Refuses
 * unknown words, values that are not clean (text_is_clean()), lines that are too long, and more
 * than RECIPIENTS_MAX recipients. Returns STATUS_IO if TEXT is not a whole judgement. */
enum status judgement_wire_read(
        const void *ctx, const char *text, size_t length, struct judgement_wire *wire);

#endif
