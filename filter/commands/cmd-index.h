/* What the commands that use the index share. */
#ifndef CMD_INDEX_H
#define CMD_INDEX_H

#include "commands/command.h"

/* How many mails are changed at once; meanwhile no other program can write to the index. */
#define BATCH 200

/* Opens what CALL's command needs, and says what is wrong. Without NEEDS_INDEX, an index that can't
 * be opened is left out, with a message unless there is none. Returns STATUS_NO_INPUT if a needed
 * index does not exist; all else is open then. */
enum status call_open(struct call *call);

/* Opens the index, and says what is wrong in the name of COMMAND. */
enum status cmd_index_open(
        const void *ctx, const char *command, struct problems *problems, struct index **index);

/* Makes INDEX writable, waiting for other programs as long as its settings say, and says what is
 * wrong. */
enum status cmd_index_write(const char *command, struct index *index);

/* Stores what was written to INDEX if STATUS is STATUS_OK, and closes it. Returns STATUS or, if that
 * fails, what happened. */
enum status cmd_index_close(struct index *index, enum status status);

/* Says why CALL has no index, and returns STATUS_NO_INPUT. */
enum status cmd_index_missing(const struct call *call);

/* Says that QUERY (NULL: all mail) can't be searched for, and why; returns STATUS_IO. */
enum status cmd_query_failed(const struct call *call, const char *query);

/* Finds what NAME means in CALL's index: a Message-ID, with or without `id:`, or a query. *IDS (owned
 * by the call) are the mails found, the newest first. Says what is wrong, also if there is no index,
 * or nothing was found: STATUS_NO_INPUT. */
enum status cmd_find(const struct call *call, const char *name, char ***ids);

/* Calls EACH with ARGUMENT and every mail that cmd_find() finds, until it fails. */
enum status cmd_each(const struct call *call, const char *name,
        enum status (*each)(void *argument, struct mail *mail), void *argument);

/* Returns whether NAME means a file, in a command that takes files and mails of the index. */
bool cmd_is_file(const char *name);

/* Returns CALL's arguments as one query, owned by the call; NULL if there are none. */
char *cmd_query(const struct call *call);

/* Runs SENDMAIL (with its arguments, NULL-terminated) with the mail in the file SPOOL, and passes
 * on what it says. If a server refused the mail, explains that. Returns the exit status of SENDMAIL, or
 * 128 plus the number of the signal that ended it. */
int cmd_send_mail(struct call *call, char **sendmail, int spool);

#endif
