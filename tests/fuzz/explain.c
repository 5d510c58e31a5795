/* A mail explained as `explain` does without an index: in each form, in Japanese and English; and the same bytes as a delivery status alone. */
#include "explain/explaining.h"
#include "fuzz.h"

static const struct {
	char *(*form)(const void *ctx, const struct explanation *explanation, const struct explain_style *style);
	void (*check)(const char *text);
} forms[] = {
        {explain_text, fuzz_check_shown},
        {explain_short, fuzz_check_shown},
        {explain_html, fuzz_check_html},
        {explain_json, fuzz_check_json},
};

/* Instead of one form: all of them, in both languages. */
static char *all_forms(const void *ctx, const struct explanation *explanation, const struct explain_style *style)
{
	const struct explanation *both[2] = {explanation};
	size_t i;

	both[1] = explanation_make(ctx, explanation->incident, fuzz_wording("ja"));
	CHECK(both[1] != NULL && both[1]->count == explanation->count);
	for (i = 0; i < 2 * sizeof forms / sizeof *forms; i++)
		forms[i / 2].check(forms[i / 2].form(ctx, both[i % 2], style));
	return explain_short(ctx, explanation, style);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct explaining explaining = {.ctx = ctx,
	        .judge = fuzz_judge(),
	        .wording = fuzz_wording("en"),
	        .style = {.width = 1 + size % 120, .keys = size % 3 == 0 ? ",b" : NULL},
	        .form = all_forms,
	        .between = "",
	        .is_report = size % 4 == 0};
	enum status status = explaining_bytes(&explaining, (const char *)data, size);

	CHECK(status == STATUS_OK || (status == STATUS_NOT_MAIL && !explaining.is_report));
	CHECK(status != STATUS_OK || strchr(explaining.text, '\n') == explaining.text + strlen(explaining.text) - 1);
	talloc_free(ctx);
	return 0;
}
