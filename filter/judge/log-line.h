/* Turns a server's reply, or a line of a mail server's log, into the delivery status that the
 * server would have reported. */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stddef.h>

/* How many deliveries of qmail's are remembered. */
#define LOG_DELIVERIES 32

/* The addresses of qmail's deliveries by their number. qmail logs them some lines before the
 * outcome. Zeroed at first; a talloc context itself. */
struct log_deliveries {
	struct log_delivery {
		unsigned long number;
		char *address;
	} list[LOG_DELIVERIES];
};

/* Returns LINE (without its newline) as the body of a message/delivery-status part (RFC 3464),
 * owned by CTX. Takes address, host, code and words from a line of Postfix, Exim, sendmail,
 * OpenSMTPD, qmail or msmtp. Any other line is taken for a server's reply, about the address in its
 * angle brackets. Returns NULL if the line does not report a failure or a delay: it is a success,
 * is about something else, or is an announcement of qmail's, which DELIVERIES remembers. If
 * DELIVERIES is NULL, the line stands alone and is a reply even without a code. */
char *log_line_status(const void *ctx, const char *line, struct log_deliveries *deliveries);

/* Returns a mail (RFC 6522) that has nothing but LENGTH bytes of such a body, owned by CTX. BODY
 * can't end the part, as its lines begin with the names of fields. */
char *log_status_as_mail(const void *ctx, const char *body, size_t length);

#endif
