/* A mail explained as `explain` does without an index: in each form, in Japanese and English; and the same bytes as a delivery status alone. */
#include "explain/explain-run.h"
#include "fuzz.h"
#include "judge/log-line.h"

static const struct {
	char *(*form)(const void *ctx, const struct explanation *explanation, const struct page_style *style);
	void (*check)(const char *text);
} forms[] = {
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
	for (i = 0; i < 2 * sizeof forms / sizeof *forms; i++)
		forms[i / 2].check(forms[i / 2].form(ctx, both[i % 2], style));
	return page_short(ctx, explanation, style);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct explain_run run = {.ctx = ctx,
	        .all = buffer_new(ctx),
	        .judge = fuzz_judge(),
	        .wording = fuzz_wording("en"),
	        .style = {.width = 1 + size % 120, .keys = size % 3 == 0 ? ",b" : NULL},
	        .form = all_forms,
	        .is_alone = size % 4 == 0};
	char *report = run.is_alone ? log_status_as_mail(ctx, (const char *)data, size) : NULL;
	enum status status = explain_run_bytes(&run, report != NULL ? report : (const char *)data, report != NULL ? talloc_get_size(report) - 1 : size);

	CHECK(status == STATUS_OK || (status == STATUS_NOT_MAIL && !run.is_alone));
	CHECK(status != STATUS_OK || strchr(run.only, '\n') == run.only + strlen(run.only) - 1);
	talloc_free(ctx);
	return 0;
}
