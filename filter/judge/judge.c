#include "judge/judge.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "judge/report.h"

struct judge {
	struct problems *problems;
	struct formats *formats;
	struct knowledge knowledge; /* NULL until the first bounce, or judge_gather() */
};

struct judge *judge_open(const void *ctx, struct problems *problems)
{
	struct judge *judge = talloc_zero(ctx, struct judge);

	judge->problems = problems;
	judge->formats = formats_new(judge, problems);
	return judge;
}

void judge_gather(struct judge *judge)
{
	if (judge->knowledge.rules == NULL) {
		judge->knowledge.rules = rules_open(judge, judge->problems);
		judge->knowledge.likeness = likeness_open(judge, judge->problems);
	}
	formats_gather(judge->formats);
}

/* Whoever reads a mail reads no more of it than is judged. */
static unsigned caps_of(const struct message *message, size_t length)
{
	return (length >= MAIL_JUDGED_MAX ? CAP_MAIL : 0u) |
	       (message->header.count >= HEADER_FIELDS_MAX ? CAP_FIELDS : 0u);
}

void judge_message(const void *ctx, struct judge *judge, const struct message *message,
        size_t length, struct judgement *judgement)
{
	unsigned caps = caps_of(message, length);

	*judgement = (struct judgement){talloc_zero(ctx, struct facts), NULL};
	judgement->facts->caps = caps;
	if (!report_is_possible(message, judge->formats))
		return;
	judgement->facts = facts_read(ctx, report_read(ctx, message, judge->formats));
	judgement->facts->caps |= caps;
	if (!kind_is_bounce(judgement->facts->kind))
		return;
	judge_gather(judge);
	judgement->verdicts = verdict_reach(ctx, judgement->facts, &judge->knowledge);
}

enum status judge_mail(const void *ctx, struct judge *judge, const char *bytes, size_t length,
        struct judgement *judgement)
{
	struct message *message;
	enum status status = message_read(ctx, bytes, length, &message);

	*judgement = (struct judgement){NULL, NULL};
	if (status == STATUS_OK)
		judge_message(ctx, judge, message, length, judgement);
	else
		judgement->facts = talloc_zero(ctx, struct facts);
	return status;
}

static const char *no_header(const void *argument, const char *name)
{
	(void)argument;
	(void)name;
	return NULL;
}

bool judge_is_suspect(struct judge *judge, const char *from, const char *subject)
{
	struct letter letter = {.header = no_header};

	letter.view[VIEW_FROM] = from;
	letter.view[VIEW_SUBJECT] = subject;
	return formats_may_detect(judge->formats, &letter);
}

/* The first recipient the bounce is about: success reports may stand among the failures. */
static size_t first_bounced(const struct facts *facts)
{
	size_t i = 0;

	while (i < facts->recipient_count && facts->recipients[i].action == ACTION_DELIVERED)
		i++;
	return i;
}

enum reason judgement_reason(const struct judgement *judgement)
{
	size_t first = first_bounced(judgement->facts);

	if (judgement->verdicts == NULL || first == judgement->facts->recipient_count)
		return REASON_COUNT;
	return judgement->verdicts[first].reason;
}

bool judgement_is_permanent(const struct judgement *judgement)
{
	size_t i;

	for (i = 0; judgement->verdicts != NULL && i < judgement->facts->recipient_count; i++)
		if (judgement->facts->recipients[i].action != ACTION_DELIVERED &&
		        judgement->verdicts[i].permanent)
			return true;
	return false;
}

static const char *const kind_tags[KIND_COUNT] = {
        [KIND_FAILED] = "bounce",
        [KIND_DELAYED] = "bounce",
        [KIND_DELIVERED] = "delivery-receipt",
        [KIND_COMPLAINT] = "complaint",
        [KIND_AUTO_REPLY] = "auto-reply",
        [KIND_RECEIPT] = "receipt",
};

void judgement_reasons(const struct judgement *judgement, bool reasons[REASON_COUNT])
{
	size_t i;

	memset(reasons, 0, REASON_COUNT * sizeof *reasons);
	for (i = 0; judgement->verdicts != NULL && i < judgement->facts->recipient_count; i++)
		if (judgement->facts->recipients[i].action != ACTION_DELIVERED)
			reasons[judgement->verdicts[i].reason] = true;
}

const char **judgement_tags(const void *ctx, const struct judgement *judgement)
{
	const char **tags = array_new(ctx, const char *, REASON_COUNT + 4), **next = tags;
	enum kind kind = judgement->facts->kind;
	bool reasons[REASON_COUNT];
	int reason;

	if (kind_tags[kind] != NULL)
		*next++ = kind_tags[kind];
	judgement_reasons(judgement, reasons);
	for (reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			*next++ = talloc_asprintf(
			        tags, "bounce/%s", reason_name((enum reason)reason));
	if (kind_is_bounce(kind))
		*next++ =
		        judgement_is_permanent(judgement) ? "bounce/permanent" : "bounce/temporary";
	if (kind == KIND_DELAYED)
		*next++ = "bounce/delayed";
	*next = NULL;
	return tags;
}
