/* What the commands that use the index share. */
#ifndef CMD_INDEX_H
#define CMD_INDEX_H

#include "commands/command.h"

/* Opens what CALL's command needs, and says what is wrong. Without NEEDS_INDEX, an index that can't
 * be opened is left out, with a message unless there is none. Returns STATUS_NO_INPUT if a needed
 * index does not exist; all else is open then. */
enum status call_open(struct call *call);

/* Runs CALL after opening what its command needs, unless the command opens that later. */
enum status call_run(struct call *call);

/* Opens the index, and says what is wrong in the name of COMMAND. */
enum status cmd_index_open(
        const void *ctx, const char *command, struct problems *problems, struct index **index);

/* Makes INDEX writable, waiting for other programs as long as its settings say, and says what is
 * wrong. */
enum status cmd_index_write(const char *command, struct index *index);

/* Says that QUERY can't be searched for, and why. */
void cmd_query_failed(const char *command, struct index *index, const char *query);

/* Finds what NAME means in INDEX: a Message-ID, with or without `id:`, or a query. *IDS
 * (NULL-terminated, owned by CTX) are the mails found, the newest first. Says what is wrong, also
 * if nothing was found: STATUS_NO_INPUT. */
enum status cmd_find(
        const void *ctx, const char *command, struct index *index, const char *name, char ***ids);

/* Returns whether NAME means a file, in a command that takes files and mails of the index. */
bool cmd_is_file(const char *name);

/* Returns WORDS as one query, owned by CTX; FALLBACK if there are none. */
char *cmd_query(const void *ctx, char **words, const char *fallback);

#endif
