/* What a diagnostic, a server's words, says in codes, and of the SMTP dialogue: who spoke, and in
 * answer to what. */
#ifndef DIAGNOSTIC_H
#define DIAGNOSTIC_H

#include <stdbool.h>
#include <stddef.h>

/* The first SMTP reply code (RFC 5321 section 4.2: 4yz or 5yz) that stands as a word of its own in
 * TEXT, one with an enhanced code behind it before any other; 0 if there is none. */
int diagnostic_reply(const char *text);

/* The first enhanced status code (RFC 3463) in TEXT, owned by CTX; NULL if there is none. IP
 * addresses and version numbers are none. */
char *diagnostic_status(const void *ctx, const char *text);

/* Whether diagnostic_status() finds one. */
bool diagnostic_has_status(const char *text);

/* Whether TEXT begins with a reply code; or with that or an enhanced one. */
bool diagnostic_begins_reply(const char *text);
bool diagnostic_begins(const char *text);

/* TEXT as one line, owned by CTX, at most DIAGNOSTIC_MAX bytes: the type (`smtp;`) dropped, the
 * code that a reply of several lines repeats on each of them (RFC 5321 section 4.2.1) kept only
 * once. */
char *diagnostic_clean(const void *ctx, const char *text);

/* The part of TEXT that another server said, where one server wraps the words of the next ("5.1.0 -
 * Unknown address error 550-'…'"); TEXT itself if it is not wrapped. Owned by CTX. */
char *diagnostic_inner(const void *ctx, const char *text);

/* The SMTP command that TEXT says was answered: CONN, EHLO, MAIL, RCPT or DATA (static); NULL if it
 * does not say. */
const char *diagnostic_command(const char *text);

/* The command called WORD (`RCPT TO`, `end of data`); NULL if it is none. */
const char *diagnostic_command_name(const char *word, size_t length);

/* The host that TEXT says spoke ("host mx.example.net[192.0.2.1] said:"), owned by CTX; NULL if it
 * does not say. */
char *diagnostic_remote(const void *ctx, const char *text);

/* What a client, or a server, said, if LINE shows that of a session (`>>> RCPT TO:<a@b>`, `<<< 550
 * …`): the rest of LINE; NULL if it does not. */
const char *diagnostic_client_said(const char *line);
const char *diagnostic_server_said(const char *line);

#endif
