/* The way through the house for one mail: message, report, facts, verdict. */
#ifndef JUDGE_H
#define JUDGE_H

#include "judge/facts.h"
#include "knowledge/likeness.h"
#include "knowledge/rules.h"

struct judge;
struct message;

/* Of each recipient a reason, whether it is permanent, and what decided. */
struct verdict {
	enum reason reason;
	bool permanent;
	struct rule_found found; /* the rule that decided; its `rule` is NULL if none fitted */
	const struct likeness_answer *like; /* what decided then; NULL: nothing, `unknown` */
};

struct judgement {
	struct facts *facts; /* kind `none` and nothing else for ordinary mail */
	/* parallel to the recipients; NULL unless the mail is a bounce */
	struct verdict *verdicts;
};

/* What it takes to judge mails, with the user's rules and formats and ours. What is wrong in them
 * is noted in PROBLEMS, also later, when the first bounce makes the rules be read. */
struct judge *judge_open(const void *ctx, struct problems *problems);

/* Read the user's rules and formats files now, and not when the first mail needs them: for who
 * can't open files later. */
void judge_gather(struct judge *judge);

/* Judge LENGTH bytes of a mail; everything in JUDGEMENT is owned by CTX. STATUS_NOT_MAIL if it is
 * none. */
enum status judge_mail(const void *ctx, struct judge *judge, const char *bytes, size_t length,
        struct judgement *judgement);

/* The same for a mail that was read already, from LENGTH bytes. */
void judge_message(const void *ctx, struct judge *judge, const struct message *message,
        size_t length, struct judgement *judgement);

/* Whether a mail with these two fields (decoded; NULL: absent) can be anything but ordinary mail,
 * as far as they tell. */
bool judge_is_suspect(struct judge *judge, const char *from, const char *subject);

/* The reason that stands for the whole mail: the first recipient's that failed (or is delayed).
 * REASON_COUNT for no bounce. */
enum reason judgement_reason(const struct judgement *judgement);

/* Whether the whole bounce is permanent: any recipient's verdict is. */
bool judgement_is_permanent(const struct judgement *judgement);

/* Mark which reasons the bounce has. A recipient that was reached has none. */
void judgement_reasons(const struct judgement *judgement, bool reasons[REASON_COUNT]);

/* The tags of a judged mail, NULL-terminated, owned by CTX: `bounce`, `bounce/<reason>` for each
 * reason, `bounce/permanent` or `bounce/temporary`, `bounce/delayed`; or `complaint`, `auto-reply`,
 * `receipt`, `delivery-receipt`; none for ordinary mail. */
const char **judgement_tags(const void *ctx, const struct judgement *judgement);

#endif
