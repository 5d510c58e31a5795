/* What the files of the command resend share. */
#ifndef CMD_RESEND_H
#define CMD_RESEND_H

#include "commands/command.h"
#include "resend/draft.h"
#include "resend/resend.h"

struct resending {
	const void *ctx; /* owns all */
	struct resend resend;
	struct drafts drafts;
	struct resend_options options;
	struct draft_plan plan;
	/* NULL: standard output, or what the person at the terminal says */
	const char *directory;
	bool scan, send;
	/* for a macro: ask how; keep the draft; print the commands that open what was kept */
	bool ask, hold, held;
	const char *language; /* --lang; NULL: not given */
	/* only say which addresses may have been meant, as "text", "json" or "", which is text;
	 * NULL: no */
	const char *suggest;
	const char *split, *max_size;
	char **reasons, **skip;
	struct problems *problems;
	struct mail *mail; /* what was asked for; NULL: it is not in the index */
	char *bytes;       /* of that mail */
	size_t length;
};

/* The likeliest for the one address that failed; NULL: none is known, or several failed. Never one
 * that only the report names, or that has only the same name and was never written to: anybody
 * could have seen to that. */
const char *resending_suggestion(const struct resending *resending);

/* Say what came back, and ask how it is to be sent again, or only what can be done; then decide.
 * STATUS_REFUSED without a reason in the struct: it is the person who doesn't want to. */
enum status resending_ask(struct resending *resending);

/* Put the drafts where they are wanted, on a terminal where the person says, and tell the index.
 * What goes wrong is said. STATUS_NOT_SENT: the program that sends said why. */
enum status resending_put(struct resending *resending);

#endif
