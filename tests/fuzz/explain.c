/* A mail explained as `explain` does without an index: in each form, in Japanese and English; and the same bytes as a delivery status alone. */
/* What cmd-explain.c does within itself is asked: it is here once more, beside the one that is linked. */
#define command_explain command_explain_here
#include "commands/cmd-explain.c"
#include "fuzz.h"
#include "judge/log-line.h"

static const struct {
	char *(*form)(const void *ctx, const struct explanation *explanation, const struct page_style *style);
	void (*check)(const char *text);
} fuzzed[] = {
        {page_text, fuzz_check_shown},
        {page_short, fuzz_check_shown},
        {page_html, fuzz_check_html},
        {page_json, fuzz_check_json},
};

/* Instead of one form: all of them, in both languages. */
static char *all_forms(const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	const struct explanation *both[2] = {explanation};
	size_t i;

	both[1] = explanation_make(ctx, explanation->context, fuzz_wording("ja"));
	CHECK(both[1] != NULL && both[1]->count == explanation->count);
	for (i = 0; i < 2 * sizeof fuzzed / sizeof *fuzzed; i++)
		fuzzed[i / 2].check(fuzzed[i / 2].form(ctx, both[i % 2], style));
	return page_short(ctx, explanation, style);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct call call = {.ctx = ctx, .judge = fuzz_judge(), .wording = fuzz_wording("en")};
	struct explaining run = {.call = &call,
	        .ctx = ctx,
	        .all = buffer_new(ctx),
	        .style = {.width = 1 + size % 120, .keys = size % 3 == 0 ? ",b" : NULL},
	        .form = all_forms,
	        .is_dsn = size % 4 == 0};
	enum status status = (run.is_dsn ? explain_dsn : explain_mail)(&run, "-", (const char *)data, size);

	CHECK(status == STATUS_OK || (status == STATUS_NOT_MAIL && !run.is_dsn));
	CHECK(status != STATUS_OK || strchr(run.only, '\n') == run.only + strlen(run.only) - 1);
	talloc_free(ctx);
	return 0;
}
