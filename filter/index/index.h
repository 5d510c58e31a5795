/* The user's notmuch index: the settings in it, its mails, and what it has of each. Only index.c
 * knows libnotmuch. */
#ifndef INDEX_H
#define INDEX_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/problem.h"
#include "base/status.h"

/* -- the index. Nothing that comes from it may be held when it is closed or made writable. */

struct index;

/* Open the index that notmuch itself would, as it is now; what is written to it is forgotten until
 * it is made writable. Wrong values of settings are noted in PROBLEMS. *WHY says what went wrong
 * (owned by CTX, or static). STATUS_NO_INPUT: there is no index; STATUS_TRY_LATER: out of memory;
 * STATUS_IO: anything else. */
enum status index_open(
        const void *ctx, struct problems *problems, struct index **index, const char **why);

/* Make INDEX writable, as it is then: all other writers wait until it is closed. What is written
 * from here to index_end() is there at once or, if the program is killed, not at all. Waits at most
 * TIMEOUT seconds while another program writes, or until a signal comes that is handled: libnotmuch
 * itself waits for ever. STATUS_LOCKED with *WHY (static): locked for longer; STATUS_IO: it can't
 * be written. */
enum status index_write(struct index *index, unsigned timeout, const char **why);

enum status index_end(struct index *index);

/* Close INDEX; what was written without index_end() is forgotten. STATUS_IO if the last commit
 * failed. */
enum status index_close(struct index *index);

/* When INDEX was opened or made writable. */
time_t index_now(const struct index *index);

/* The value of KEY (`database.mail_root`) in notmuch's configuration, owned by CTX; NULL: not
 * set. */
char *index_setting(const void *ctx, struct index *index, const char *key);

/* Add the file PATH, a draft, to INDEX, which must be writable, with the tag of drafts. Nothing
 * happens if it lies elsewhere. */
void index_add_draft(struct index *index, const char *path);

/* -- settings: bounce.* in notmuch's configuration, and whose mail this is */

struct settings {
	unsigned lock_timeout;      /* seconds to wait while another program writes */
	unsigned backscatter_after; /* days until a bounce about mail that is not there is that */
	char *language;             /* in which the user is spoken to; NULL: the locale's */
	char **own;                 /* the user's addresses, NULL-terminated */
};

extern const struct settings settings_default;

/* Owned by INDEX. */
const struct settings *index_settings(const struct index *index);

/* Whether FROM, a From field as it stands in a mail, names one of the user's addresses and nobody
 * else. Whether the user wrote it is another question: see header_is_sent(). */
bool settings_is_own(const struct settings *settings, const char *from);

/* Whether one of the user's addresses stands anywhere in TEXT: so that what is not the user's need
 * not be opened. */
bool settings_finds_own(const struct settings *settings, const char *text);

/* -- finding mail */

struct mail;
struct found;

/* The mail with exactly that id, owned by CTX. NULL if there is none; also for an empty id, or one
 * that the index can't hold. Nothing is searched for: any byte may be in ID. */
struct mail *index_find(const void *ctx, struct index *index, const char *id);

/* Search for the mails of QUERY, which must not hold text of a mail; *FOUND is owned by CTX. NULL
 * if the query is wrong, or another program changed the index meanwhile: STATUS_IO. */
enum status index_search(const void *ctx, struct index *index, const char *query, unsigned most,
        struct found **found);

#define ALL_MAILS UINT_MAX

/* The next mail of FOUND (NULL: nothing was), the newest first; NULL behind the last or after so
 * many as were asked for. It lives until the next call. */
struct mail *found_next(struct found *found);

/* Call EACH for every mail that QUERY finds, newest first, until it returns false. The mail lives
 * only during the call. Else as index_search(). */
enum status index_each(struct index *index, const char *query,
        bool (*each)(void *argument, struct mail *mail), void *argument);

/* Ids of mails. */
struct ids {
	char **list; /* NULL-terminated; NULL: there are none */
	size_t count;
};

void ids_add(const void *ctx, struct ids *ids, const char *id); /* CTX owns IDS */
void ids_sort(struct ids *ids);                                 /* and leave each once */

/* Add the ids of all mails that QUERY finds. Else as index_search(). */
enum status index_ids(const void *ctx, struct index *index, const char *query, struct ids *ids);

/* How many mails QUERY finds, which must not hold text of a mail; 0 also on an error. */
unsigned index_count(struct index *index, const char *query);

/* What libnotmuch said of the last failure, owned by INDEX; NULL: nothing. */
const char *index_why(struct index *index);

/* -- a mail. Never hold one twice and write both. */

struct index *mail_index(const struct mail *mail);
const char *mail_id(const struct mail *mail);
time_t mail_date(const struct mail *mail);
const char *mail_thread(struct mail *mail); /* letters and digits */

/* The decoded header field NAME, owned by MAIL; "" if there is none. From and Subject come from the
 * index; all others open the file. */
const char *mail_header(struct mail *mail, const char *name);

/* The mail's files, NULL-terminated, owned by CTX. */
char **mail_files(const void *ctx, struct mail *mail);

/* Whether it is only being written: each of its files is marked as a draft. */
bool mail_is_draft(struct mail *mail);

/* In place of a property's name, in what follows: its values are the tags of the mail. */
#define MAIL_TAGS ""

/* The values of the property KEY, one of ours: all, sorted and NULL-terminated, or the first of
 * them (NULL: there is none). Owned by CTX. */
char **mail_values(const void *ctx, struct mail *mail, const char *key);
char *mail_value(const void *ctx, struct mail *mail, const char *key);

bool mail_has_value(struct mail *mail, const char *key, const char *value);
bool mail_has_tag(struct mail *mail, const char *tag);

/* Whether a property KEY can hold VALUE. */
bool mail_can_hold(const char *key, const char *value);

/* Give MAIL a value or tag, or take it off. What the index can't hold is left out. */
void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted);
void mail_put_tag(struct mail *mail, const char *tag, bool wanted);

/* Take all values of KEY off, or of all keys that begin with KEY if a dot is its last character.
 * Returns how many there were. */
size_t mail_clear(struct mail *mail, const char *key);

/* Make VALUE (NULL: none) the only one of KEY. */
void mail_set_value(struct mail *mail, const char *key, const char *value);

/* Which tags were put and taken off since MAIL was read, ` -old +new`; owned by CTX. */
char *mail_changed_tags(const void *ctx, struct mail *mail);

/* Write what differs from what the index has of MAIL. */
enum status mail_write(struct mail *mail);

#endif
