/* The mails of an mbox file, one after another. */
#ifndef MBOX_H
#define MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

struct mbox {
	FILE *file;
	char *line; /* the last line read: a From_ line that is not given out yet */
	size_t room;
	size_t pending; /* its length; 0: none */
	int number;     /* of the mail given out last */
};

/* Whether LENGTH bytes at LINE are the From_ line of an mbox: `From `, an address and a date with a time. */
bool mbox_is_from_line(const char *line, size_t length);

/* The next mail of MBOX, its From_ line included, as *BYTES owned by CTX: the first MAX bytes of it. *LENGTH is 0 at the end. *IS_LAST: no
 * other follows. STATUS_IO on failure. */
enum status mbox_next(const void *ctx, struct mbox *mbox, size_t max, char **bytes, size_t *length, bool *is_last);

/* Give back what MBOX holds, the file not included. */
void mbox_close(struct mbox *mbox);

#endif
