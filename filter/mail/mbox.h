/* Reads an mbox file mail by mail. */
#ifndef MBOX_H
#define MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

struct mbox {
	FILE *file;
	char *line; /* the last line read: the From_ line of the next mail */
	size_t room;
	size_t pending; /* its length; 0: none */
	int number;     /* of the mail returned last */
};

/* Returns whether LINE (LENGTH bytes) is an mbox's From_ line: `From `, an address, a date with a
 * time. */
bool mbox_is_from_line(const char *line, size_t length);

/* Reads the next mail of MBOX, its From_ line included: at most its first MAX bytes, as *BYTES
 * owned by CTX. *LENGTH is 0 at the end of the file. *IS_LAST: no further mail follows. STATUS_IO
 * on failure. */
enum status mbox_next(const void *ctx, struct mbox *mbox, size_t max, char **bytes, size_t *length,
        bool *is_last);

/* Frees what MBOX holds, but does not close its file. */
void mbox_close(struct mbox *mbox);

#endif
