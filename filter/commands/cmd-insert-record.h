/* What the index is told of a mail that `notmuch insert` delivers. */
#ifndef CMD_INSERT_RECORD_H
#define CMD_INSERT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/judgement-wire.h"

struct insert_record {
	const void *ctx;
	int spool;     /* the mail, */
	size_t length; /* and how many bytes it has */
	bool is_judged;
	struct judgement_wire judged; /* what the mail is, if it is judged */
	/* a byte comes from here once the mail is delivered; its end: it is not */
	int go;
};

/* While the mail is delivered: first write to ANSWER, in a line, how many seconds the delivery may
 * wait for the index's lock (an empty line: the index can't be opened). Then get ready, and once
 * the mail is there, remember its tags, tie it to the mail it is about, and note what it tells of
 * other mails. An empty line at last: nothing went wrong. Most mail has nothing to be written down,
 * and that line comes at once. libnotmuch ends a program that gets no memory, so this is done in a
 * process of its own. */
void insert_record_run(struct insert_record *record, int answer);

#endif
