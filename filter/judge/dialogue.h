/* What a diagnostic tells of the SMTP dialogue: who spoke, and in answer to what. */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stddef.h>

/* The SMTP command that TEXT says was answered: CONN, EHLO, MAIL, RCPT or DATA (static); NULL if it does not say. */
const char *dialogue_command(const char *text);

/* The command called WORD (`RCPT TO`, `end of data`); NULL if it is none. */
const char *dialogue_command_name(const char *word, size_t length);

/* The host that TEXT says spoke ("host mx.example.net[192.0.2.1] said:"), owned by CTX; NULL if it does not say. */
char *dialogue_remote(const void *ctx, const char *text);

#endif
