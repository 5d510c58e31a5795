/* What the process that judged a mail hands to the one that acts on it: from a process that an attacker took over, any bytes. */
#include "judge/judgement-wire.h"
#include "fuzz.h"
#include "judge/judge.h"
#include "text/text.h"

static void check_recipient(const struct judgement *judgement, size_t i)
{
	const struct recipient *recipient = &judgement->facts->recipients[i];

	CHECK(strlen(recipient->address) <= ADDRESS_MAX && recipient->action <= ACTION_DELIVERED);
	CHECK(judgement->verdicts == NULL || judgement->verdicts[i].reason < REASON_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct judgement_wire given = {.problems = problems_new(ctx)}, again = {.problems = problems_new(ctx)};
	char *text;
	size_t i;

	if (judgement_wire_read(ctx, (const char *)data, size, &given) == STATUS_OK) {
		const struct facts *facts = given.judgement.facts;

		CHECK(facts->kind < KIND_COUNT && facts->recipient_count <= RECIPIENTS_MAX);
		CHECK(kind_is_bounce(facts->kind) == (given.judgement.verdicts != NULL));
		CHECK(facts->original.reference_count <= REFERENCES_MAX);
		for (i = 0; i < facts->recipient_count; i++)
			check_recipient(&given.judgement, i);
		CHECK(judgement_tags(ctx, &given.judgement) != NULL);
		/* Once it was cleaned by writing, it is read and written without a change. */
		CHECK(facts->original.message_id == NULL || text_is_clean(facts->original.message_id));
		text = judgement_wire_write(ctx, &given);
		CHECK(text_is_utf8(text, strlen(text)));
		CHECK(judgement_wire_read(ctx, text, strlen(text), &again) == STATUS_OK);
		CHECK(strcmp(judgement_wire_write(ctx, &again), text) == 0);
	}
	talloc_free(ctx);
	return 0;
}
