/* Reads the files of a mail: their bytes and their headers. The index knows the header of only one
 * of them, which anybody may have sent with the id of another mail. */
#ifndef MAIL_FILES_H
#define MAIL_FILES_H

#include "index/index.h"
#include "mail/header.h"

/* Return, NUL-terminated and owned by CTX, the first MOST bytes of the file PATH, or
 * MAIL_JUDGED_MAX of the first file of MAIL that can be read; NULL if there is none. */
char *file_bytes(const void *ctx, const char *path, size_t most, size_t *length);
char *mail_bytes(const void *ctx, struct mail *mail, size_t *length);

/* Returns the size in bytes of MAIL's file that the user sent, else of the first one; 0 if it has
 * no file any more. */
long long mail_size(struct mail *mail);

/* Returns the mail in INDEX (may be NULL) with the id of the mail of LENGTH BYTES, owned by CTX;
 * NULL if there is none, or if it is from the user and BYTES are not. */
struct mail *mail_of_bytes(const void *ctx, struct index *index, const char *bytes, size_t length);

/* Returns whether FIELDS are the header of a mail that the user sent, not of one that came in. */
bool header_is_sent(struct bytes fields, const struct settings *settings);

/* Returns when the mail with the header FIELDS was written: its Date, or the time in its first
 * Received if that is earlier. The user's own server wrote that, so the sender can't make it later.
 * 0 if there is neither, or it is in the future. */
time_t header_time(struct bytes fields, time_t now);

/* Returns the addresses in To, Cc and Bcc, at most RECIPIENTS_MAX, NULL-terminated, owned by
 * CTX. */
char **header_recipients(const void *ctx, struct bytes fields);

/* Return the field NAME of MAIL, decoded, and its date: of several files with one id, as the one
 * that the user sent has them. The index has those of one file only, which may be a stranger's who
 * knows the id. The field belongs to CTX, or is mail_header()'s. */
const char *mail_own_header(const void *ctx, struct mail *mail, const char *name);
time_t mail_own_date(struct mail *mail);

/* Returns the newest header_time() of those files of MAIL that are from ADDRESS alone and, if
 * PERSONAL, are not automatic (RFC 3834). 0 if there are none. */
time_t mail_time_from(struct mail *mail, const char *address, bool personal);

/* Returns the newest mail_time_from() of all mails in INDEX; 0 if there is none. Stops at the first
 * that is after SINCE. Only the ASCII letters and digits of ADDRESS get into the query. */
time_t mail_last_from(struct index *index, const char *address, time_t since, bool personal);

/* A mail of the user's, according to those of its files that the user sent. */
struct sent {
	/* the author of the first of these files, else of the first file; NULL: not known */
	char *author;
	time_t time;     /* the earliest header_time(); 0: not known */
	char **subjects; /* decoded; this and `addresses` are NULL-terminated */
	struct sent_recipient {
		char *digest, *address;
	} * recipients;   /* those in To, Cc and Bcc, each once, sorted by digest */
	char **addresses; /* the same in the order of the headers, perhaps repeated */
	size_t count;
	bool is_own;   /* the user sent it */
	bool has_file; /* one of its files can be read */
};

/* Reads the headers of the files of MAIL. All is owned by CTX. */
struct sent sent_read(const void *ctx, struct mail *mail);

/* Returns the recipient with DIGEST; NULL if there is none. */
const struct sent_recipient *sent_recipient(const struct sent *sent, const char *digest);

#endif
