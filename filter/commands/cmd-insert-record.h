/* Writes to the index what is known about a mail that `notmuch insert` delivers. */
#ifndef CMD_INSERT_RECORD_H
#define CMD_INSERT_RECORD_H

#include "judge/judgement-wire.h"

struct insert_record {
	const void *ctx;
	int spool;     /* the mail */
	size_t length; /* its bytes */
	bool is_judged;
	struct judgement_wire judged; /* what the mail is, if it is judged */
	/* gives a byte once the mail is delivered, or ends if it is not */
	int go;
};

/* Runs while the mail is delivered. First writes a line to ANSWER: how many seconds the delivery
 * may wait for the index's lock (empty if the index can't be opened). Once the mail is there, notes
 * its tags, links it to the mail that it is about, and updates other mails that it concerns. Then
 * writes an empty line if nothing went wrong; for most mail, which needs no such notes, at once.
 * This has a process of its own, because libnotmuch ends a program that is out of memory. */
void insert_record_run(struct insert_record *record, int answer);

#endif
