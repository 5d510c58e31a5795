/* A mail made ready to be sent again. In front, up to a NUL, the options, a letter each, and addresses for --to; behind it the mail: with `b` the
 * bounce that it came back with, else the mail itself. */
#include "resend/draft.h"
#include "fuzz.h"
#include "base/limits.h"
#include "base/list.h"
#include "resend/resend.h"

/* The option LETTER. */
static bool wants(const char *options, char letter)
{
	const char *end = strchrnul(options, ' ');

	return memchr(options, letter, (size_t)(end - options)) != NULL;
}

/* The words behind the options. */
static char **addresses(const void *ctx, const char *options)
{
	char *copy = talloc_strdup(ctx, strchrnul(options, ' ')), *word, *rest = NULL, **list = list_new(ctx);

	for (word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		list_add(ctx, &list, word);
	return list;
}

static bool check_part(void *argument, const char *name, struct bytes bytes, const char **why)
{
	(void)argument;
	CHECK(name != NULL && (bytes.length == 0 || bytes.start != NULL));
	*why = "it is said to be bad";
	return bytes.length % 7 != 0;
}

static struct draft_plan plan_of(const void *ctx, const char *options)
{
	struct wording *wording = fuzz_wording(wants(options, 'j') ? "ja" : "en");

	return (struct draft_plan){.recipients = {.only = wants(options, 'o') ? addresses(ctx, options) : NULL},
	        .words = wording,
	        .wording = wording,
	        .note = wants(options, 'n'),
	        .quote_recipients = wants(options, 'q'),
	        .plain = wants(options, 'p'),
	        .charset = wants(options, 'i') ? "iso-2022-jp" : NULL,
	        .no_attachments = wants(options, 'a'),
	        .zip = wants(options, 'z') && !wants(options, 'a'),
	        .split = wants(options, 's') ? 4000 : 0,
	        .max_size = wants(options, 'm') ? 5000 : 0,
	        .check = wants(options, 'c') ? check_part : NULL,
	        .now = 1790000000};
}

/* Whether there is a mail to be sent, and what PLAN gets from it. */
static bool decide(const void *ctx, const char *options, const char *bytes, size_t size, struct draft_plan *plan)
{
	struct resend resend = {.ctx = ctx,
	        .judge = fuzz_judge(),
	        .options = {.to = addresses(ctx, options),
	                .all = wants(options, 'l'),
	                .anyway = wants(options, 'y'),
	                .from_returned = true},
	        .plan = *plan};
	enum status status = resend_read(&resend, bytes, size, NULL);

	if (status == STATUS_OK)
		status = resend_decide(&resend);
	CHECK(status == STATUS_OK || status == STATUS_NOT_MAIL || resend.why != NULL);
	if (status != STATUS_OK)
		return false;
	*plan = resend.plan;
	return true;
}

static char *joined(const void *ctx, const struct draft *draft)
{
	char *text = talloc_size(ctx, draft->size + 1);
	size_t length = 0, i;

	for (i = 0; i < draft->count; i++) {
		CHECK(draft->pieces[i].length <= draft->size - length);
		memcpy(text + length, draft->pieces[i].start, draft->pieces[i].length);
		length += draft->pieces[i].length;
	}
	CHECK(length == draft->size);
	text[length] = '\0';
	return text;
}

/* No field in the header of a draft is an order to a mail program, or one of ours. */
static void check_fields(const char *text, size_t size)
{
	static const char *const orders[] = {
	        "Attach", "Fcc", "Pgp", "Smime", "X-Mutt-*", "X-Bounce-*", "Return-Path", "Received"};
	const char *end, *at = text;
	struct header_field field;
	size_t i;

	struct bytes body, header = header_split(text, size, &body);

	end = text + header.length;
	CHECK(end > text && end < body.start);
	while (header_next(&at, end, HEADER_STRICT, &field))
		for (i = 0; i < sizeof orders / sizeof *orders; i++)
			CHECK(!header_field_is(&field, orders[i]));
}

static void check_draft(const void *ctx, const struct draft_plan *plan, const char *options, const struct draft *draft)
{
	char *text = joined(ctx, draft);
	struct bytes body = plan->source.body;

	CHECK(draft->id != NULL && draft->id[0] != '\0');
	CHECK(plan->split == 0 || draft->size <= plan->split);
	CHECK(plan->max_size == 0 || draft->size <= plan->max_size);
	check_fields(text, draft->size);
	/* Nothing is to be repaired: the body is what it was. */
	if (strspn(options, "objlycm") == strcspn(options, " "))
		CHECK(draft->size > body.length && memcmp(text + draft->size - body.length, body.start, body.length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	char *options = talloc_strndup(ctx, pair.first, pair.first_size);
	struct draft_plan plan = plan_of(ctx, options);
	bool is_bounce = wants(options, 'b');
	struct drafts drafts;

	if (!is_bounce)
		plan.source = draft_source(pair.second, pair.second_size);
	if (!is_bounce || decide(ctx, options, pair.second, pair.second_size, &plan)) {
		bool made = draft_make(ctx, &plan, &drafts) == NULL;

		CHECK(!made || drafts.count > 0);
		for (size_t i = 0; made && i < drafts.count; i++)
			check_draft(ctx, &plan, options, &drafts.list[i]);
	}
	talloc_free(ctx);
	return 0;
}
