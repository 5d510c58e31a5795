/* What the commands on the index share. */
#ifndef CMD_INDEX_H
#define CMD_INDEX_H

#include "index/index.h"
#include "index/settings.h"

/* Open the index and read its settings; what is wrong is said on stderr in the name of COMMAND. *WRONG: a setting has a wrong value, which was said too;
 * the default is in its place. WRONG may be NULL: not said. */
enum status cmd_index_open(
        const void *ctx, const char *command, enum index_mode mode, struct index **index, struct settings *settings, bool *wrong);

/* Make it writable, waiting for others as long as SETTINGS say. */
enum status cmd_index_write(const char *command, struct index *index, const struct settings *settings);

/* The words of a query as one string, owned by CTX; FALLBACK if there are none. */
char *cmd_query(const void *ctx, char **words, const char *fallback);

#endif
