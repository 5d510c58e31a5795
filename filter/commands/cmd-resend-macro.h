/* resend for the macros of mutt and neomutt: what a person is asked, and how the draft gets into the mail program. */
#ifndef CMD_RESEND_MACRO_H
#define CMD_RESEND_MACRO_H

#include "commands/cmd-resend.h"

/* Ask on the terminal, in the user's words, how the mail is to be sent again, with SUGGESTED (NULL: none) as the right address; put the
 * answer into RESENDING. False: not at all, or nobody can be asked. */
bool resend_ask(const void *ctx, struct resending *resending, const char *suggested);

/* The private Maildir that new drafts for the mail program go into, emptied; owned by CTX. NULL if there is no place for one. */
char *resend_hold_folder(const void *ctx);

/* Keep for resend_print_held() the commands that open what is in RESENDING's folder or, if STATUS is not STATUS_OK, those that say SAID. Drafts of the
 * same mail that were made before, several at once, and not opened yet, are opened then instead. */
void resend_hold(const void *ctx, enum status status, const struct resending *resending, const char *said);

/* Print the commands that were kept, and forget them. */
enum status resend_print_held(const void *ctx);

#endif
