/* Reads a diagnostic, what a server said: its codes, and which server said it in answer to which
 * SMTP command. */
#ifndef DIAGNOSTIC_H
#define DIAGNOSTIC_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the SMTP reply code (RFC 5321 section 4.2: 4yz or 5yz) in TEXT: the first that an
 * enhanced code follows, else the first that is a word of its own; 0 if there is none. */
int diagnostic_reply(const char *text);

/* Returns the first enhanced status code (RFC 3463) in TEXT, owned by CTX; NULL if there is none.
 * IP addresses and version numbers don't count. */
char *diagnostic_status(const void *ctx, const char *text);

/* Returns whether diagnostic_status() finds one. */
bool diagnostic_has_status(const char *text);

/* Returns whether TEXT begins with a reply code, or with either kind of code. */
bool diagnostic_begins_reply(const char *text);
bool diagnostic_begins(const char *text);

/* Returns TEXT as one line, owned by CTX, of at most DIAGNOSTIC_MAX bytes, without the type
 * (`smtp;`). The code that a reply of several lines repeats on each of them (RFC 5321 section
 * 4.2.1) is kept only once. */
char *diagnostic_clean(const void *ctx, const char *text);

/* Returns the words of the next server where one server wraps them in its own ("5.1.0 - Unknown
 * address error 550-'…'"); else all of TEXT. Owned by CTX. */
char *diagnostic_inner(const void *ctx, const char *text);

/* Returns the SMTP command that TEXT says it answers: CONN, EHLO, MAIL, RCPT or DATA (static); NULL
 * if it does not say. */
const char *diagnostic_command(const char *text);

/* Returns the command that the first LENGTH bytes of WORD (`RCPT TO`, `end of data`) begin with, as
 * diagnostic_command(); NULL if it is not a command. */
const char *diagnostic_command_name(const char *word, size_t length);

/* Returns the host that TEXT says it is from ("host mx.example.net[192.0.2.1] said:"), owned by
 * CTX; NULL if it does not say. */
char *diagnostic_remote(const void *ctx, const char *text);

/* Return what the client, or the server, said, if LINE is from the record of an SMTP session (`>>>
 * RCPT TO:<a@b>`, `<<< 550 …`): the rest of LINE; else NULL. A client's RCPT TO or MAIL FROM is
 * known without an arrow, too. */
const char *diagnostic_client_said(const char *line);
const char *diagnostic_server_said(const char *line);

#endif
