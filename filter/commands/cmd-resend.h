/* What the files of the command resend share. */
#ifndef CMD_RESEND_H
#define CMD_RESEND_H

#include "commands/command.h"
#include "resend/draft.h"
#include "resend/resend.h"

struct resending {
	struct resend_means means;
	struct resend_wish wish;
	struct draft_plan plan;
	const char *directory; /* NULL: standard output */
	bool scan;
	bool ask, hold, held;     /* for a macro: ask how; keep the draft; print the commands that open what was kept */
	const char *suggest;      /* only say which addresses may have been meant, as "text", "json" or "", which is text; NULL: no */
	const char *split, *max_size;
	char **reasons, **skip;
	struct mail *mail;        /* what was asked for; NULL: it is not in the index */
	char *bytes;              /* of that mail */
	size_t length;
	struct resend resend;
};

extern const struct option resend_options[];

/* Make what they say of sizes, reasons and addresses what a draft is made by. What is wrong is said. */
enum status resend_options_read(struct resending *resending);

/* Read what NAME says: a file, `-` or `id:ID`. What is wrong is said. */
enum status resend_read(const void *ctx, const char *name, struct resending *resending);

/* Put the drafts where they are wanted. What goes wrong is said. */
enum status resend_put(const void *ctx, const struct resending *resending, const struct drafts *drafts);

#endif
