/* The user's notmuch index: its settings, its mails, and the tags and properties of each. Only
 * index.c knows libnotmuch. */
#ifndef INDEX_H
#define INDEX_H

#include <limits.h>
#include <time.h>

#include "knowledge/source.h"

/* -- the index. When it is closed or made writable, all mails and searches of it become invalid. */

struct index;

/* Opens the index that notmuch itself would open. Reading sees it as it is now, and mail_write()
 * does nothing, until index_write(). Adds wrong settings to PROBLEMS. On failure *WHY (owned by
 * CTX, or static) says what went wrong. STATUS_NO_INPUT if there is no index. */
enum status index_open(
        const void *ctx, struct problems *problems, struct index **index, const char **why);

/* Makes INDEX writable. Reading then sees it as it is at that time, and all other writers wait
 * until it is closed. What is written before index_end() is stored all at once or not at all. If
 * another program writes, waits at most TIMEOUT seconds (libnotmuch would wait for ever), or until
 * a signal comes that is handled. STATUS_LOCKED or STATUS_IO on failure, with *WHY (static). */
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

/* Adds the file PATH, a draft, with the tag `draft`; does nothing if it is outside the user's
 * mail. */
void index_add_draft(struct index *index, const char *path);

/* -- settings: bounce.* in notmuch's configuration, and whose mail this is */

struct settings {
	unsigned lock_timeout; /* seconds to wait for another program that writes */
	/* days after which a bounce is backscatter if the mail it is about is not in the index */
	unsigned backscatter_after;
	char *language; /* the language for the user; NULL: the locale's */
	char **own;     /* the user's addresses, NULL-terminated */
};

extern const struct settings settings_default;

/* Returns the settings, owned by INDEX. */
const struct settings *index_settings(const struct index *index);

/* Returns whether FROM, a raw From field, has one of the user's addresses and no other. This does
 * not mean that the user wrote the mail: see header_is_sent(). */
bool settings_is_own(const struct settings *settings, const char *from);

/* Returns whether TEXT contains one of the user's addresses. If a From field does not, the user did
 * not write the mail, and its file need not be opened. */
bool settings_finds_own(const struct settings *settings, const char *text);

/* -- finding mail */

struct mail;
struct found;

/* Returns the mail with the id ID (may be NULL), owned by CTX; NULL if there is none. This is not a
 * search: ID may have any bytes. */
struct mail *index_find(const void *ctx, struct index *index, const char *id);

/* Searches for the mails of QUERY, the newest first, at most MOST. Returns what found_next() needs,
 * owned by CTX; NULL if QUERY is NULL or wrong, or the index was changed meanwhile. QUERY must
 * contain no text of a mail. */
struct found *index_search(const void *ctx, struct index *index, const char *query, unsigned most);

#define ALL_MAILS UINT_MAX

/* Returns the next mail of FOUND (may be NULL), which is valid until the next call; NULL after the
 * last one. */
struct mail *found_next(struct found *found);

/* Adds the ids of all mails that QUERY finds to the list *IDS (NULL: empty), which is owned by CTX.
 * STATUS_IO if it can't be searched for. */
enum status index_ids(const void *ctx, struct index *index, const char *query, char ***ids);

/* Returns how many mails QUERY finds; 0 also on an error. */
unsigned index_count(struct index *index, const char *query);

/* Returns what libnotmuch said about the last failure, owned by INDEX; NULL if nothing. */
const char *index_why(struct index *index);

/* -- a mail. Changes are made to a copy in memory until mail_write(), so don't change the same mail
 * through two pointers. */

struct index *mail_index(const struct mail *mail);
const char *mail_id(const struct mail *mail);
time_t mail_date(const struct mail *mail);
const char *mail_thread(struct mail *mail); /* letters and digits */

/* Returns the decoded header field NAME, owned by MAIL; "" if there is none. All but From and
 * Subject open the file. */
const char *mail_header(struct mail *mail, const char *name);

/* Returns the mail's files, NULL-terminated, owned by CTX. */
char **mail_files(const void *ctx, struct mail *mail);

/* Returns whether MAIL is an unsent draft: all its files have the flag for that. */
bool mail_is_draft(struct mail *mail);

/* Stands for a property's name below: its values are the mail's tags. */
#define MAIL_TAGS ""

/* Return the values of the property KEY, one of ours: all of them, sorted and NULL-terminated, or
 * the first (NULL if there is none). Owned by CTX. */
char **mail_values(const void *ctx, struct mail *mail, const char *key);
char *mail_value(const void *ctx, struct mail *mail, const char *key);

bool mail_has_value(struct mail *mail, const char *key, const char *value);
bool mail_has_tag(struct mail *mail, const char *tag);

/* Returns whether a property KEY can hold VALUE. */
bool mail_can_hold(const char *key, const char *value);

/* Adds a value or tag to MAIL if WANTED, else removes it. Does nothing with a value that the index
 * can't hold. */
void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted);
void mail_put_tag(struct mail *mail, const char *tag, bool wanted);

/* Removes all values of KEY; if KEY ends with a dot, of all keys that begin with it. Returns how
 * many there were. */
size_t mail_clear(struct mail *mail, const char *key);

/* Makes VALUE the only value of KEY; NULL removes all. */
void mail_set_value(struct mail *mail, const char *key, const char *value);

/* Returns which tags were added and removed since MAIL was read, ` -old +new`, owned by CTX. */
char *mail_changed_tags(const void *ctx, struct mail *mail);

/* Writes the changes to MAIL into the index. */
enum status mail_write(struct mail *mail);

#endif
