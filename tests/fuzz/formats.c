/* A formats file; behind a NUL, a mail that is read with it. */
#include "judge/facts.h"
#include "judge/report.h"
#include "fuzz.h"

static void read_mail(const void *ctx, struct formats *formats, const char *bytes, size_t size)
{
	struct message *message;
	struct facts *facts;

	if (message_read(ctx, bytes, size, &message) != STATUS_OK)
		return;
	report_is_possible(message, formats);
	facts = facts_read(ctx, report_read(ctx, message, formats));
	CHECK(facts->recipient_count <= RECIPIENTS_MAX && facts->kind < KIND_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	/* With the words of the general reader. */
	struct source list[] = {
	        fuzz_source(ctx, "user.format", pair.first, pair.first_size), fuzz_embedded("share/formats/00-general.format")};
	const struct sources sources = {list, sizeof list / sizeof *list};
	struct problems *problems = problems_new(ctx);
	struct formats *formats;
	size_t i;

	formats = formats_read(ctx, &sources, problems);
	read_mail(ctx, formats, pair.second, pair.second_size);
	for (i = 0; i < problems->count; i++)
		CHECK(problems->list[i].text != NULL && strchr(problems->list[i].text, '\n') == NULL);
	talloc_free(ctx);
	return 0;
}
