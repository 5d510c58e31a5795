/* What the commands that use the index share. */
#ifndef CMD_INDEX_H
#define CMD_INDEX_H

#include "commands/command.h"

/* How many mails are changed at once; meanwhile no other program can write to the index. */
#define BATCH 200

/* Opens what CALL's command needs; prints what is wrong. Without NEEDS_INDEX, goes on without an
 * index that can't be opened, after a message unless there is none. Returns STATUS_NO_INPUT if a
 * needed index does not exist; everything else is open then. */
enum status call_open(struct call *call);

/* Opens the index. Prints what is wrong, as a message of COMMAND. */
enum status cmd_index_open(
        const void *ctx, const char *command, struct problems *problems, struct index **index);

/* Makes INDEX writable; waits for other programs as long as its settings say. Prints what is
 * wrong. */
enum status cmd_index_write(const char *command, struct index *index);

/* Closes INDEX; stores what was written to it if STATUS is STATUS_OK. Returns STATUS if that is a
 * failure, else whether all this worked. */
enum status cmd_index_close(struct index *index, enum status status);

/* Prints why CALL has no index, and returns STATUS_NO_INPUT. */
enum status cmd_index_missing(const struct call *call);

/* Prints that QUERY (NULL: all mail) can't be searched for, and why. Returns STATUS_IO. */
enum status cmd_query_failed(const struct call *call, const char *query);

/* Finds the mails that NAME means in CALL's index: a Message-ID, with or without `id:`, or a query.
 * *IDS are their ids, the newest first, owned by the call. STATUS_NO_INPUT, after a message, if
 * there is no index, or nothing is found. */
enum status cmd_find(const struct call *call, const char *name, char ***ids);

/* Calls EACH with ARGUMENT and every mail that cmd_find() finds, until it fails. */
enum status cmd_each(const struct call *call, const char *name,
        enum status (*each)(void *argument, struct mail *mail), void *argument);

/* Returns whether NAME means a file rather than a mail in the index. */
bool cmd_is_file(const char *name);

/* Returns CALL's arguments as one query, owned by the call; NULL if there are none. */
char *cmd_query(const struct call *call);

/* Runs SENDMAIL (with its arguments, NULL-terminated) with the file SPOOL as its input, and passes
 * its messages on. If a server refused the mail, explains that. Returns the exit status of
 * SENDMAIL, or 128 plus the number of the signal that ended it. */
int cmd_send_mail(struct call *call, char **sendmail, int spool);

#endif
