/* How a mail gets to the mail server: for send, and for resend --send. */
#ifndef CMD_SEND_H
#define CMD_SEND_H

/* Run SENDMAIL (with its arguments, NULL-terminated) with the mail in the file SPOOL. What it says
 * is passed on; why a server refused the mail is explained under it in LANGUAGE (NULL: the user's).
 * Its exit status, or 128 and the number of the signal that ended it. */
int cmd_send_mail(const void *ctx, const char *language, char **sendmail, int spool);

#endif
