/* What the commands on the index share. */
#ifndef CMD_INDEX_H
#define CMD_INDEX_H

#include "commands/command.h"

/* Open what CALL's command needs; what is wrong is said. An index that is only used may be missing;
 * if it can't be opened that is said, too. STATUS_NO_INPUT: there is no index, all else is open. */
enum status call_open(struct call *call);

/* Run CALL, with what it needs, unless it opens that later. */
enum status call_run(struct call *call);

/* Open the index; what is wrong is said in the name of COMMAND. */
enum status cmd_index_open(
        const void *ctx, const char *command, struct problems *problems, struct index **index);

/* Make it writable, waiting for others as long as its settings say. */
enum status cmd_index_write(const char *command, struct index *index);

/* Say that QUERY can't be searched for, and why. */
void cmd_query_failed(const char *command, struct index *index, const char *query);

/* Find what NAME means in INDEX: a Message-ID, with `id:` or without, or a query. *IDS
 * (NULL-terminated, owned by CTX) are those found, the newest first. What is wrong is said, also
 * that nothing was found: STATUS_NO_INPUT. */
enum status cmd_find(
        const void *ctx, const char *command, struct index *index, const char *name, char ***ids);

/* Whether NAME, of a command that takes files and mails of the index, means a file. */
bool cmd_is_file(const char *name);

/* The words of a query as one string, owned by CTX; FALLBACK if there are none. */
char *cmd_query(const void *ctx, char **words, const char *fallback);

#endif
