/* The user's notmuch index: its settings, its mails, and what it has about each of them. Only
 * index.c knows libnotmuch. */
#ifndef INDEX_H
#define INDEX_H

#include <limits.h>
#include <time.h>

#include "knowledge/source.h"

/* -- the index. Keep nothing that comes from it when it is closed or made writable. */

struct index;

/* Opens the index that notmuch itself would open, as it is now. Changes are lost until it is made
 * writable. Wrong settings are noted in PROBLEMS. On failure *WHY (owned by CTX, or static) says
 * what went wrong. STATUS_NO_INPUT if there is no index. */
enum status index_open(
        const void *ctx, struct problems *problems, struct index **index, const char **why);

/* Makes INDEX writable, as it is then. All other writers wait until it is closed. What is written
 * before index_end() is stored all at once or not at all. Waits for another program that writes at
 * most TIMEOUT seconds (libnotmuch would for ever), or until a signal comes that is handled. On
 * failure *WHY (static) says what went wrong: STATUS_LOCKED, or STATUS_IO. */
enum status index_write(struct index *index, unsigned timeout, const char **why);

enum status index_end(struct index *index);

/* Closes INDEX. What was written without index_end() is lost. Returns STATUS_IO if the last commit
 * failed. */
enum status index_close(struct index *index);

/* Returns when INDEX was opened or made writable. */
time_t index_now(const struct index *index);

/* Returns the value of KEY (`database.mail_root`) in notmuch's configuration, owned by CTX; NULL if
 * it is not set. */
char *index_setting(const void *ctx, struct index *index, const char *key);

/* Adds the draft in the file PATH, if it is within the user's mail, with the tag of drafts. */
void index_add_draft(struct index *index, const char *path);

/* -- settings: bounce.* in notmuch's configuration, and whose mail this is */

struct settings {
	unsigned lock_timeout; /* seconds to wait for another program that writes */
	/* days until a bounce counts as backscatter if its mail is missing */
	unsigned backscatter_after;
	char *language; /* the language for the user; NULL: the locale's */
	char **own;     /* the user's addresses, NULL-terminated */
};

extern const struct settings settings_default;

/* Returns the settings, owned by INDEX. */
const struct settings *index_settings(const struct index *index);

/* Returns whether FROM, a raw From field, names one of the user's addresses and no other. Whether
 * the user wrote the mail is another question: see header_is_sent(). */
bool settings_is_own(const struct settings *settings, const char *from);

/* Returns whether one of the user's addresses stands anywhere in TEXT. Mail without one need not be
 * opened. */
bool settings_finds_own(const struct settings *settings, const char *text);

/* -- finding mail */

struct mail;
struct found;

/* Returns the mail with exactly that ID, owned by CTX; NULL if there is none, ID is empty, or the
 * index can't have such an id. This is not a search: ID may have any bytes. */
struct mail *index_find(const void *ctx, struct index *index, const char *id);

/* Searches for the newest mails of QUERY, at most MOST. Returns what found_next() needs, owned by CTX;
 * NULL if QUERY is NULL or wrong, or the index was changed meanwhile. No query may contain text of a
 * mail. */
struct found *index_search(const void *ctx, struct index *index, const char *query, unsigned most);

#define ALL_MAILS UINT_MAX

/* Returns the next mail of FOUND (may be NULL), which lives until the next call; NULL after the last
 * one. */
struct mail *found_next(struct found *found);

/* Adds the ids of all mails that QUERY finds to the list *IDS (NULL: empty), which is owned by CTX.
 * STATUS_IO if it can't be searched for. */
enum status index_ids(const void *ctx, struct index *index, const char *query, char ***ids);

/* Returns how many mails QUERY finds; 0 also on an error. */
unsigned index_count(struct index *index, const char *query);

/* Returns what libnotmuch said about the last failure, owned by INDEX; NULL if nothing. */
const char *index_why(struct index *index);

/* -- a mail. Never hold the same mail twice and write both. */

struct index *mail_index(const struct mail *mail);
const char *mail_id(const struct mail *mail);
time_t mail_date(const struct mail *mail);
const char *mail_thread(struct mail *mail); /* letters and digits */

/* Returns the decoded header field NAME, owned by MAIL; "" if there is none. All but From and
 * Subject open the file. */
const char *mail_header(struct mail *mail, const char *name);

/* Returns the mail's files, NULL-terminated, owned by CTX. */
char **mail_files(const void *ctx, struct mail *mail);

/* Returns whether the mail is still being written: each of its files is marked as a draft. */
bool mail_is_draft(struct mail *mail);

/* Takes the place of a property's name below: its values are the tags of the mail. */
#define MAIL_TAGS ""

/* Return the values of the property KEY, one of ours: all of them, sorted and NULL-terminated, or
 * the first (NULL if there is none). Owned by CTX. */
char **mail_values(const void *ctx, struct mail *mail, const char *key);
char *mail_value(const void *ctx, struct mail *mail, const char *key);

bool mail_has_value(struct mail *mail, const char *key, const char *value);
bool mail_has_tag(struct mail *mail, const char *tag);

/* Returns whether a property KEY can hold VALUE. */
bool mail_can_hold(const char *key, const char *value);

/* Adds a value or tag to MAIL if WANTED, else removes it. What the index can't hold is left out. */
void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted);
void mail_put_tag(struct mail *mail, const char *tag, bool wanted);

/* Removes all values of KEY, or of all keys that begin with KEY if its last character is a dot.
 * Returns how many there were. */
size_t mail_clear(struct mail *mail, const char *key);

/* Makes VALUE the only value of KEY; NULL removes all. */
void mail_set_value(struct mail *mail, const char *key, const char *value);

/* Returns which tags were added and removed since MAIL was read, ` -old +new`, owned by CTX. */
char *mail_changed_tags(const void *ctx, struct mail *mail);

/* Writes what differs from what the index has about MAIL. */
enum status mail_write(struct mail *mail);

#endif
