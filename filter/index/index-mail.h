/* One mail in the index: what is known of it, its tags and its properties. */
#ifndef INDEX_MAIL_H
#define INDEX_MAIL_H

#include <stdbool.h>
#include <time.h>

#include "base/status.h"

/* Never hold two of the same mail and change both: each writes all it knows. */
struct mail;

struct index;
struct _notmuch_message;

/* For index.c: take MESSAGE over. */
struct mail *mail_new(const void *ctx, struct _notmuch_message *message, bool pretend);

const char *mail_id(const struct mail *mail);
time_t mail_date(const struct mail *mail);

/* The decoded header field NAME, owned by MAIL; "" if there is none. From and Subject come from the
 * index; all others open the file. */
const char *mail_header(struct mail *mail, const char *name);

/* The mail's files, NULL-terminated, owned by CTX. */
char **mail_files(const void *ctx, struct mail *mail);

/* Whether it is only being written: each of its files is marked as a draft. */
bool mail_is_draft(struct mail *mail);

/* The identifier of its thread: letters and digits. */
const char *mail_thread(struct mail *mail);

/* All tags, or all values of the property KEY, NULL-terminated, owned by CTX. */
char **mail_tags(const void *ctx, struct mail *mail);
char **mail_values(const void *ctx, struct mail *mail, const char *key);

/* The first value of the property KEY, owned by CTX; NULL if there is none. */
char *mail_value(const void *ctx, struct mail *mail, const char *key);

bool mail_has_tag(struct mail *mail, const char *tag);
bool mail_has_value(struct mail *mail, const char *key, const char *value);

/* Changes; none that changes nothing is written. A value that the index can't hold (libnotmuch
 * would end the process) is left out. */
void mail_put_tag(struct mail *mail, const char *tag, bool wanted);
void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted);

/* Make VALUES (NULL-terminated; NULL: none) all that the property KEY has. */
void mail_set_values(struct mail *mail, const char *key, char *const *values);
void mail_set_value(struct mail *mail, const char *key, const char *value);

/* How many properties MAIL has whose keys begin with PREFIX; and take them all away. */
size_t mail_count_values(struct mail *mail, const char *prefix);
void mail_remove_values(struct mail *mail, const char *prefix);

/* What was changed so far: the tags as ` -old +new`, "" if no tag was; and whether that went
 * well. */
const char *mail_changed_tags(const struct mail *mail);
enum status mail_status(const struct mail *mail);

/* Whether a property KEY can hold VALUE. */
bool mail_can_hold(const char *key, const char *value);

#endif
