/* Explains one mail after another: from its bytes, or from the index, to a page. */
#ifndef EXPLAIN_RUN_H
#define EXPLAIN_RUN_H

#include "base/buffer.h"
#include "explain/page.h"
#include "index/index.h"
#include "judge/judge.h"

struct explain_run {
	const void *ctx; /* owns what is made */
	struct judge *judge;
	struct index *index; /* NULL: there is none */
	char *const *own;    /* the user's addresses; NULL: not known */
	struct wording *wording;
	struct page_style style;
	/* page_text(), or another function of page.h */
	char *(*form)(
	        const void *ctx, const struct explanation *whole, const struct page_style *style);
	const char *name; /* of the mail at hand: its file or id */
	bool is_alone; /* the mail is a report made up of less, which can't be linked to a mail */
	size_t count;  /* how many mails were explained */
	char *only;    /* the explanation of the first */
	struct buffer all; /* all explanations; in a text, each with a heading */
	bool wants_others; /* false saves reading the bounce once more */
	/* the other mails that the last explanation is about: of a bounce, the mail that came back;
	 * of a mail that came back, its bounces */
	struct ids others;
	char *returned; /* the returned copy of a mail that is not in the index; NULL: none */
	size_t returned_length;
};

/* Explains LENGTH BYTES of a mail. A mail that the user sent and that came back is explained by the
 * bounces about it; a text groups them by reason if the mail failed for many recipients.
 * STATUS_NOT_MAIL: it is not a mail. */
enum status explain_run_bytes(struct explain_run *run, const char *bytes, size_t length);

/* Explains MAIL of RUN's index. STATUS_NO_INPUT if it has no file any more. */
enum status explain_run_mail(struct explain_run *run, struct mail *mail);

#endif
