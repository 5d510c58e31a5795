/* Whether a mail that came back may be sent again: which mail it is, to whom it goes, and what
 * speaks against it. Writes nothing. */
#ifndef RESEND_H
#define RESEND_H

#include "index/index.h"
#include "index/link.h"
#include "judge/judge.h"
#include "knowledge/wording.h"
#include "resend/draft.h"

/* What the user asks for. Lists end with NULL; NULL is an empty one. */
struct resend_options {
	char **to;   /* corrected addresses: `new`, or `old=new` */
	char **skip; /* addresses that are left out */
	/* bits, `1u << reason`: only recipients that failed for these; 0: whatever the reason */
	unsigned reasons;
	bool all;           /* to all, not only those who did not get it */
	bool again;         /* though it was sent again before */
	bool anyway;        /* though that makes it worse, or nobody is there */
	bool from_returned; /* what came back will do */
	/* its text or attachments are changed, so that a filter may judge otherwise */
	bool less;
	bool no_attachments;
};

struct resend_bounce {
	struct mail *mail; /* NULL: it is not in the index */
	const char *bytes;
	size_t length;
	struct judgement judgement;
	struct link link;
};

/* The mail that is to be sent again: the user's own copy of it, or what came back. */
struct original_copy {
	const char *bytes; /* NULL: there is none */
	size_t length;
	const char *path; /* of its file; NULL: it has none of its own */
	/* nothing speaks against its being the file that the user sent; else it came in through a
	 * mail server */
	bool is_own;
	bool is_whole; /* not only a header */
};

struct resend_failure {
	const char *address; /* as the user wrote it */
	enum reason reason;
	bool is_left_out; /* nobody is there */
};

struct resend {
	/* What it is done with. */
	const void *ctx;     /* owns all */
	struct index *index; /* NULL: there is none */
	struct judge *judge;
	struct wording *wording; /* for what is said to the user */

	/* What was read. */
	struct resend_bounce *bounces; /* about one mail */
	size_t bounce_count;
	struct original_copy original; /* its bytes are NULL until resend_decide() needs them */
	bool is_returned;              /* that is what came back, not the user's own copy */

	/* What was decided last. */
	const struct resend_options *options;
	const char *why; /* nothing is to be sent; NULL: no reason, or the status says all */
	char **ids; /* of those bounces in the index whose failed recipients are all to get it */
	size_t id_count;
	struct resend_failure *failures; /* who did not get it and is to get it now, and why */
	size_t failure_count;
	bool has_done;                /* there are others, for whom it was sent again already */
	struct recipients recipients; /* whom it is to go to */
	char *from;
	char **remarks; /* what the user should know */
	size_t remark_count;
};

/* Read what is known of the bounce of LENGTH bytes, which is MAIL in the index (NULL: it is not
 * there); or of the user's own mail, of which bounces are known. BYTES must live as long. */
enum status resend_read(struct resend *resend, const char *bytes, size_t length, struct mail *mail);

/* Decide about RESEND, which was read, for OPTIONS; as often as one likes. STATUS_REFUSED or
 * STATUS_USAGE: nothing is to be sent, but what failed is known all the same. */
enum status resend_decide(struct resend *resend, const struct resend_options *options);

/* What of the mail came back in the bounce of LENGTH bytes that has FACTS: it lies in these bytes,
 * or is owned by CTX. */
struct original_copy original_returned(
        const void *ctx, const char *bounce, size_t length, const struct facts *facts);

/* Whether nobody is at any address that failed: the right one has to be asked for. */
bool resend_is_gone(const struct resend *resend);

/* ADDRESSES in one line for a person: the first few, and how many there are besides. Owned by
 * CTX. */
char *resend_addresses(const void *ctx, char *const *addresses);

#endif
