/* What the files of the command resend share. */
#ifndef CMD_RESEND_H
#define CMD_RESEND_H

#include "resend/draft.h"
#include "resend/resend.h"

struct resending {
	struct resend_means means;
	struct resend_wish wish;
	struct draft_plan plan;
	const char *directory; /* NULL: standard output */
	bool scan;
	bool ask, hold, held;     /* for a macro: ask how; keep the draft; print the commands that open what was kept */
	const char *language;     /* --lang; NULL: not asked for */
	bool suggest;             /* only say which addresses may have been meant */
	const char *suggest_form; /* text or json; NULL: text */
	struct mail *mail;        /* what was asked for; NULL: it is not in the index */
	char *bytes;              /* of that mail */
	size_t length;
	struct resend resend;
};

/* Take the options out of ARGUMENTS. What is wrong is said. */
enum status resend_options(char **arguments, struct resending *resending);

/* Open the index, if there is one, and get ready to judge and to speak. */
enum status resend_open(const void *ctx, struct problems *problems, struct resending *resending);

/* Read what NAME says: a file, `-` or `id:ID`. What is wrong is said. */
enum status resend_read(const void *ctx, const char *name, struct resending *resending);

/* Put the drafts where they are wanted. What goes wrong is said. */
enum status resend_put(const void *ctx, const struct resending *resending, const struct drafts *drafts);

#endif
