/* What the two files of the command resend share. */
#ifndef CMD_RESEND_H
#define CMD_RESEND_H

#include "commands/command.h"
#include "resend/candidates.h"
#include "resend/draft.h"
#include "resend/resend.h"

struct resending {
	struct call *call;
	const void *ctx; /* the call's: owns all */
	struct resend resend;
	struct drafts drafts;
	struct resend_options options;
	struct draft_plan plan;
	/* The options, if not in the structs above. */
	const char *directory; /* the Maildir for the draft; NULL: ask, or standard output */
	bool scan, send;
	bool ask, hold, held; /* for mutt's macros, see command_resend's options */
	const char *suggest;  /* "text", "json", or "" for text; NULL: it was not given */
	const char *split, *max_size;
	char **reasons, **skip;

	struct mail *mail; /* the mail that the user named; NULL: it is not in the index */
	char *bytes;       /* of that mail */
	size_t length;
};

/* Returns the likeliest right address for the one that failed; NULL if none is known, or several
 * failed. Never an address that a stranger could have brought in: it is one that the user wrote to
 * before, or that has a well-known domain instead of its misspelling. */
const char *resending_suggestion(const struct resending *run);

/* Returns the setting KEY in notmuch's configuration, owned by CTX; NULL if there is none. */
char *resending_setting(const struct resending *run, const char *key);

/* Says what came back, asks the person at the terminal how to send it again, and decides by the
 * answer. Returns STATUS_REFUSED, with no reason in `resend`, if the person does not want to. */
enum status resending_ask(struct resending *run);

/* Sends, keeps or prints the drafts, as the options or the person at the terminal say, and notes it
 * in the index. Says what goes wrong. Returns STATUS_NOT_SENT if the program that sends mail
 * failed. */
enum status resending_put(struct resending *run);

#endif
