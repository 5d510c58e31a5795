#include "judge/judge.h"

#include <talloc.h>

#include "base/cap.h"
#include "base/limits.h"

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

static void judge_reach_verdict(const void *ctx, struct judge *judge, struct judgement *judgement)
{
	judge_gather(judge);
	judgement->verdicts = verdict_reach(ctx, judgement->facts, &judge->knowledge);
}

/* Whoever reads a mail reads no more of it than is judged. */
static unsigned caps_of(const struct message *message, size_t length)
{
	return (length >= MAIL_JUDGED_MAX ? CAP_MAIL : 0u) | (message->header.count >= HEADER_FIELDS_MAX ? CAP_FIELDS : 0u);
}

enum status judge_mail(const void *ctx, struct judge *judge, const char *bytes, size_t length, struct judgement *judgement)
{
	struct message *message;
	struct report *report;
	unsigned caps;
	enum status status = message_read(ctx, bytes, length, &message);

	*judgement = (struct judgement){talloc_zero(ctx, struct facts), NULL};
	if (status != STATUS_OK)
		return status;
	judgement->facts->caps = caps = caps_of(message, length);
	if (!report_is_possible(message, judge->formats))
		return STATUS_OK;
	status = report_read(ctx, message, judge->formats, &report);
	if (status == STATUS_OK)
		judgement->facts = facts_read(ctx, report);
	judgement->facts->caps |= caps;
	if (status == STATUS_OK && kind_is_bounce(judgement->facts->kind))
		judge_reach_verdict(ctx, judge, judgement);
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
		if (judgement->facts->recipients[i].action != ACTION_DELIVERED && judgement->verdicts[i].permanent)
			return true;
	return false;
}
