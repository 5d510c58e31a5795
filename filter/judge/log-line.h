/* One reply of a server, or one line of a mail server's log, as the delivery status that the server
 * would have reported. */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stddef.h>

/* Deliveries that are under way at once. */
#define LOG_DELIVERIES 32

/* Addresses that qmail announces lines before it tells their fate, by delivery number. Zeroed at
 * first; a talloc context itself. */
struct log_deliveries {
	struct log_delivery {
		unsigned long number;
		char *address;
	} list[LOG_DELIVERIES];
};

/* Returns LINE (without its newline) as the body of a message/delivery-status part (RFC 3464),
 * owned by CTX: address, host, code and words as a line of Postfix, Exim, sendmail, OpenSMTPD,
 * qmail or msmtp has them; else the whole line taken for what a server replied, the address being
 * the one it names in angle brackets. NULL if the line tells of no failure and no delay: a success,
 * a line about something else, or an announcement of qmail's, which DELIVERIES remembers. Without
 * DELIVERIES (NULL) the line stands alone, and is a reply even if it has no code. */
char *log_line_status(const void *ctx, const char *line, struct log_deliveries *deliveries);

/* Returns LENGTH bytes of such a body as a mail that has nothing else (RFC 6522), owned by CTX.
 * Nothing in it can end it: it is the last part. */
char *log_status_as_mail(const void *ctx, const char *body, size_t length);

#endif
