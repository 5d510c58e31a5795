/* The user's notmuch index: opening it, its settings, and finding mail in it. Only index.c and
 * index-mail.c know libnotmuch. */
#ifndef INDEX_H
#define INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "index/index-mail.h"

struct index;

enum index_mode {
	INDEX_READ,  /* what was committed when it was opened */
	INDEX_WRITE, /* keeps all other writers waiting until it is closed */
	/* like INDEX_READ; changes are noted in the mails and written nowhere, and index_write()
	 * does nothing */
	INDEX_PRETEND,
};

/* Open the index that notmuch itself would (NOTMUCH_CONFIG, NOTMUCH_PROFILE, NOTMUCH_DATABASE),
 * MODE being INDEX_READ or INDEX_PRETEND. *WHY says what went wrong (owned by CTX, or static).
 * STATUS_NO_INPUT: there is no index; STATUS_TRY_LATER: out of memory; STATUS_IO: anything else.
 * Freeing *INDEX closes it. */
enum status index_open(
        const void *ctx, enum index_mode mode, struct index **index, const char **why);

/* Make INDEX writable, and as it is now. No mail of it may be held. Waits at most TIMEOUT seconds
 * while another program writes, or until a signal comes that is handled: libnotmuch itself waits
 * for ever. STATUS_LOCKED with *WHY (static): locked for longer; STATUS_IO: it can't be written. */
enum status index_write(struct index *index, unsigned timeout, const char **why);

/* Close INDEX; what was written since index_begin() without index_end() is forgotten. STATUS_IO if
 * the last commit failed. */
enum status index_close(struct index *index);

/* All changes between these two are made at once or, if the program is killed, not at all. */
enum status index_begin(struct index *index);
enum status index_end(struct index *index);

/* The value of KEY in notmuch's configuration, owned by CTX; NULL: not set. */
char *index_setting(const void *ctx, struct index *index, const char *key);

/* The file of notmuch's configuration, owned by CTX; NULL: it has none. */
char *index_config_file(const void *ctx, struct index *index);

/* The folder that all mail of INDEX lies in, owned by CTX. */
char *index_root(const void *ctx, struct index *index);

/* Add the file PATH, a draft, to INDEX, which must be writable, with the tag of drafts. Nothing
 * happens if it lies elsewhere. */
void index_add_draft(struct index *index, const char *path);

/* The user's own addresses, NULL-terminated, owned by CTX. */
char **index_own_addresses(const void *ctx, struct index *index);

/* The mail with exactly that id, owned by CTX. NULL if there is none; also for an empty id, or one
 * that the index can't hold. Nothing is searched for: any byte may be in ID. */
struct mail *index_find(const void *ctx, struct index *index, const char *id);

/* Call EACH for every mail that QUERY finds, newest first. QUERY must not hold text of a mail. EACH
 * returns false to end it. The mail lives only during the call. STATUS_IO if the query is wrong, or
 * another program changed the index meanwhile. */
enum status index_each(struct index *index, const char *query,
        bool (*each)(void *argument, struct mail *mail), void *argument);

/* Ids of mails, one after the other. */
struct ids {
	char **list; /* NULL-terminated; NULL: there are none */
	size_t count;
};

/* Add ID to IDS, which CTX owns. */
void ids_add(const void *ctx, struct ids *ids, const char *id);

/* Sort IDS, and leave each once. */
void ids_sort(struct ids *ids);

/* Add the ids of all mails that QUERY finds. Else as index_each(). */
enum status index_ids(const void *ctx, struct index *index, const char *query, struct ids *ids);

/* Returns what libnotmuch said of the last failure, owned by INDEX; NULL: nothing. */
const char *index_why(struct index *index);

/* How many mails QUERY finds, which must not hold text of a mail; 0 also on an error. */
unsigned index_count(struct index *index, const char *query);

#endif
