/* The files of a mail: their bytes, and what their headers say. The index has the decoded header of
 * one of them, and anybody can write a mail with the id of another. */
#ifndef MAIL_FILES_H
#define MAIL_FILES_H

#include "index/index.h"
#include "mail/header.h"

/* The first MOST bytes of the file PATH, NUL-terminated, owned by CTX; NULL if it is not there. */
char *file_bytes(const void *ctx, const char *path, size_t most, size_t *length);

/* The first MAIL_JUDGED_MAX bytes of the first file of MAIL that is there. */
char *mail_bytes(const void *ctx, struct mail *mail, size_t *length);

/* How many bytes MAIL has in all; 0 if no file of it is there. */
long long mail_size(struct mail *mail);

/* Returns the mail in INDEX (NULL: there is none) that LENGTH BYTES are, by their id, or the one
 * that notmuch makes up; owned by CTX. NULL if it is not there. A mail with the id of one of the
 * user's that is not from the user is not that mail. */
struct mail *mail_of_bytes(const void *ctx, struct index *index, const char *bytes, size_t length);

/* Returns the header of the mail whose first LENGTH BYTES are given. */
struct bytes header_fields(const char *bytes, size_t length);

/* Whether FIELDS are the header of a mail which the user sent, and not of one that claims so and
 * came in. */
bool header_is_sent(struct bytes fields, const struct settings *settings);

/* Returns when the mail with the header FIELDS was written: its Date, or when its last server had
 * it (the first Received), whatever is earlier, so that nobody can make it later. 0 if neither is
 * said or it lies in the future. */
time_t header_time(struct bytes fields, time_t now);

/* Returns all addresses in To, Cc and Bcc of FIELDS, at most RECIPIENTS_MAX, NULL-terminated and
 * owned by CTX. */
char **header_recipients(const void *ctx, struct bytes fields);

/* Returns the newest header_time() of the files of MAIL that are from ADDRESS and nobody else; if
 * PERSONAL, of those that no program wrote (RFC 3834). 0: there are none. */
time_t mail_time_from(struct mail *mail, const char *address, bool personal);

/* Returns the newest mail_time_from() of the mails in INDEX; any that is behind SINCE will do. 0:
 * there is none. Finds mail by the ASCII letters and digits of ADDRESS only: whatever it holds, it
 * can be no query. */
time_t mail_last_from(struct index *index, const char *address, time_t since, bool personal);

/* A mail of the user's, as the copies say that the user sent. */
struct sent {
	/* of the first copy; if the user sent none, of the first file; NULL: not known */
	char *author;
	time_t time;     /* the earliest; 0: not known */
	char **subjects; /* decoded; this and `addresses` are NULL-terminated */
	struct sent_recipient {
		char *digest, *address;
	} * recipients;   /* those in To, Cc and Bcc, each once, in the order of the digests */
	char **addresses; /* the same in the order of the headers, perhaps more than once */
	size_t count;
	bool is_own;   /* the user sent it */
	bool has_file; /* a file of it is there */
};

/* Read the headers of the files of MAIL. All is owned by CTX. */
struct sent sent_read(const void *ctx, struct mail *mail);

/* Returns the recipient with DIGEST; NULL if there is none. */
const struct sent_recipient *sent_recipient(const struct sent *sent, const char *digest);

#endif
