/* What the headers of a mail's files say: who wrote it, to whom, when. Read from the files, not from the index, which has what the header of one of them
 * looks like when it is decoded. */
#ifndef FILE_HEADER_H
#define FILE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "index/index.h"
#include "index/settings.h"
#include "mail/header.h"

struct file_header {
	char *author;      /* the one address in From; NULL: none, or several */
	char **recipients; /* all addresses in To, Cc and Bcc; NULL unless the user sent it */
	char *subject;     /* decoded; NULL unless the user sent it, or it has none */
	time_t time;       /* see header_time(); 0: not known */
	bool is_sent;      /* the user sent it: it is from one of the user's addresses, and did not come in */
	bool is_automatic; /* a program wrote it (RFC 3834), or nobody would get an answer */
};

/* Read the header of each file of MAIL that is there, *COUNT of them; all owned by CTX. NOW is the time. */
struct file_header *file_headers_read(
        const void *ctx, struct mail *mail, const struct settings *settings, time_t now, size_t *count);

/* Returns the first of COUNT that the user sent; NULL if there is none. */
const struct file_header *file_headers_sent(const struct file_header *headers, size_t count);

/* Returns the header of the mail whose first LENGTH BYTES are given; *BODY is what is there of the rest. */
struct bytes header_fields(const char *bytes, size_t length, struct bytes *body);

/* Whether FIELDS are the header of a mail which the user sent, and not of one that claims so and came in. */
bool file_header_is_sent(struct bytes fields, const struct settings *settings);

/* Returns when the mail with the header FIELDS was written, as far as nobody could have made that later than it was: its Date, or when its last
 * server had it (the first Received), whatever is earlier. 0 if neither is said or it lies in the future. */
time_t header_time(struct bytes fields, time_t now);

#endif
