/* Whether a mail that came back may be sent again: which mail it is, to whom it goes, and what speaks against it. Writes nothing. */
#ifndef RESEND_H
#define RESEND_H

#include "index/index.h"
#include "index/link.h"
#include "index/settings.h"
#include "judge/judge.h"
#include "knowledge/wording.h"
#include "resend/resend-original.h"

/* What the user asks for. */
struct resend_wish {
	char **to;          /* corrected addresses: `new`, or `old=new`; NULL-terminated */
	char **skip;        /* addresses that are left out; NULL-terminated, NULL: none */
	unsigned reasons;   /* bits, `1u << reason`: only recipients that failed for these; 0: whatever the reason */
	bool all;           /* to all, not only those who did not get it */
	bool again;         /* though it was sent again before */
	bool anyway;        /* though that makes it worse */
	bool from_returned; /* what came back will do */
	bool less;          /* its text or attachments are changed, so that a filter may judge otherwise */
	bool no_attachments;
};

/* By what it is decided. */
struct resend_means {
	struct index *index; /* NULL: there is none */
	struct judge *judge;
	struct settings settings;
	struct wording *wording; /* for what is said to the user */
};

struct resend_bounce {
	struct mail *mail; /* NULL: it is not in the index */
	const char *bytes;
	size_t length;
	struct judgement judgement;
	struct link link;
};

struct resend_failure {
	const char *address; /* as the user wrote it */
	enum reason reason;
};

struct resend {
	struct resend_bounce *bounces; /* about one mail */
	size_t bounce_count;
	char **ids; /* of those that are in the index, and whose failed recipients are all to get it */
	size_t id_count;
	struct resend_failure *failures; /* who did not get it and is to get it now, and why */
	size_t failure_count;
	struct original_copy original;
	bool is_returned;             /* that is what came back, not the user's own copy */
	struct recipients recipients; /* whom it is to go to */
	char *from;
	char **remarks; /* what the user should know */
	size_t remark_count;
};

/* Decide about the bounce of LENGTH bytes, which is BOUNCE in the index (NULL: it is not there); or about the user's own mail, of which bounces
 * are known. All is owned by CTX, or lies in BYTES. STATUS_REFUSED and others with *WHY (owned by CTX) when nothing is to be sent, or NULL where the
 * status says all. */
enum status resend_decide(const void *ctx, const struct resend_means *means, const struct resend_wish *wish, const char *bytes,
        size_t length, struct mail *bounce, struct resend *resend, const char **why);

/* Whether a draft was made before of the mail that BOUNCE is about. */
bool resend_was_made(struct mail *bounce);

/* For resend.c: what speaks against it; NULL if nothing does. Owned by CTX. */
const char *resend_objection(
        const void *ctx, const struct resend_means *means, const struct resend_wish *wish, const struct resend *resend);

/* For resend.c: why it is not certain that the original, which was read, is the mail that the user sent, in words; NULL if it is. *FINAL:
 * nothing can help. */
const char *resend_doubt(const void *ctx, const struct resend_means *means, const struct resend *resend, bool *final);

/* For resend.c: find out from WISH and the header of the original to whom it goes. STATUS_USAGE or STATUS_REFUSED with *WHY. */
enum status resend_address(const void *ctx, const struct resend_means *means, const struct resend_wish *wish,
        struct resend *resend, const char **why);

/* For resend-*.c: note the remark LABEL, with VALUES. */
void resend_remark(const void *ctx, const struct resend_means *means, struct resend *resend, const char *label,
        const struct wording_value *values);

#endif
