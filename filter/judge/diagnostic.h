/* What a diagnostic, one line of a server's words, says in codes. */
#ifndef DIAGNOSTIC_H
#define DIAGNOSTIC_H

#include <stddef.h>

/* The first SMTP reply code (RFC 5321 section 4.2: 4yz or 5yz) that stands as a word of its own in TEXT, one with an enhanced
 * code behind it before any other; 0 if there is none. */
int diagnostic_reply(const char *text);

/* The first enhanced status code (RFC 3463) in TEXT, owned by CTX; NULL if there is none. IP addresses and version numbers are none. */
char *diagnostic_status(const void *ctx, const char *text);

/* TEXT as one line, owned by CTX, at most DIAGNOSTIC_MAX bytes: the type (`smtp;`) dropped, the code that a reply of several lines repeats
 * on each of them (RFC 5321 section 4.2.1) kept only once. */
char *diagnostic_clean(const void *ctx, const char *text);

/* The part of TEXT that another server said, where one server wraps the words of the next ("5.1.0 - Unknown address error
 * 550-'…'"); TEXT itself if it is not wrapped. Owned by CTX. */
char *diagnostic_inner(const void *ctx, const char *text);

#endif
