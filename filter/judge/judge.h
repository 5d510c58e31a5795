/* Judges one mail: reads it as a message, a report and facts, and comes to a verdict. */
#ifndef JUDGE_H
#define JUDGE_H

#include "judge/facts.h"
#include "knowledge/likeness.h"
#include "knowledge/rules.h"

struct judge;
struct message;

/* About one recipient: the reason, whether it is permanent, and what decided. */
struct verdict {
	enum reason reason;
	bool permanent;
	struct rule_found found; /* the rule that decided; its `rule` is NULL if none matched */
	/* what decided if no rule did; NULL: nothing, so `unknown` */
	const struct likeness_answer *like;
};

struct judgement {
	struct facts *facts; /* kind `none` and little else for ordinary mail */
	/* parallel to the recipients; NULL unless the mail is a bounce */
	struct verdict *verdicts;
};

/* Returns a judge that knows the user's rules and formats and the built-in ones, owned by CTX.
 * Errors in the user's files are noted in PROBLEMS, also later: the rules are read when the first
 * bounce comes. */
struct judge *judge_open(const void *ctx, struct problems *problems);

/* Reads the user's rules and formats now instead of when the first mail needs them, for a process
 * that can't open files later. */
void judge_gather(struct judge *judge);

/* Judges LENGTH bytes of a mail. All in *JUDGEMENT is owned by CTX. Returns STATUS_NOT_MAIL if the
 * bytes are not a mail. */
enum status judge_mail(const void *ctx, struct judge *judge, const char *bytes, size_t length,
        struct judgement *judgement);

/* Judges a mail that was already read from LENGTH bytes. */
void judge_message(const void *ctx, struct judge *judge, const struct message *message,
        size_t length, struct judgement *judgement);

/* Returns whether a mail with this From and Subject (decoded; NULL: absent) can be anything but
 * ordinary mail, as far as they tell. */
bool judge_is_suspect(struct judge *judge, const char *from, const char *subject);

/* Returns the reason for the whole mail: that of the first recipient that was not reached.
 * REASON_COUNT if the mail is not a bounce. */
enum reason judgement_reason(const struct judgement *judgement);

/* Returns whether the bounce is permanent: whether any recipient's verdict is. */
bool judgement_is_permanent(const struct judgement *judgement);

/* Sets in REASONS which reasons the bounce has. A recipient that was reached has none. */
void judgement_reasons(const struct judgement *judgement, bool reasons[REASON_COUNT]);

/* Returns the tags of a judged mail, NULL-terminated, owned by CTX: `bounce`, `bounce/<reason>` for
 * each reason, `bounce/permanent` or `bounce/temporary`, `bounce/delayed`; or `complaint`,
 * `auto-reply`, `receipt`, `delivery-receipt`; none for ordinary mail. */
const char **judgement_tags(const void *ctx, const struct judgement *judgement);

#endif
