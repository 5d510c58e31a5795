/* Gives a mail to the program that sends it: for send, and for resend --send. */
#ifndef CMD_SEND_H
#define CMD_SEND_H

#include "commands/command.h"

/* Runs SENDMAIL (with its arguments, NULL-terminated) with the mail in the file SPOOL, and passes
 * on what it says. If a server refused the mail, explains that. Returns the exit status of SENDMAIL, or
 * 128 plus the number of the signal that ended it. */
int cmd_send_mail(struct call *call, char **sendmail, int spool);

#endif
