/* A mail taken apart: its parts lie in its bytes, one behind the other, and nothing of it is in
 * none. Made a draft without a repair, it is the mail. */
#include "mail/mime.h"
#include "fuzz.h"
#include "base/limits.h"
#include "mail/parameter.h"
#include "resend/draft.h"
#include "text/text.h"

/* SPAN lies at *AT, which then is behind it. Those that are empty lie anywhere. */
static void check_span(const char **at, const char *end, struct bytes span)
{
	if (span.length == 0)
		return;
	CHECK(span.start == *at && span.length <= (size_t)(end - *at));
	*at += span.length;
}

static size_t check_part(const struct part *part, const char **at, const char *end)
{
	const struct part *child;
	size_t count = 1;

	CHECK(strchr(part->type, '/') != NULL);
	CHECK(part->first == NULL || (part->boundary != NULL && part->boundary[0] != '\0'));
	CHECK(part->added.length == 0 && !part->is_new && !part->dropped && part->share == 0);
	check_span(at, end, part->lead);
	if (part->parent != NULL)
		check_span(at, end, part->header);
	check_span(at, end, part->body);
	for (child = part->first; child != NULL; child = child->next) {
		CHECK(child->parent == part && child->depth == part->depth + 1 &&
		        child->depth <= PART_DEPTH_MAX);
		count += check_part(child, at, end);
	}
	check_span(at, end, part->tail);
	return count;
}

static size_t check_tree(const struct part *root, struct bytes body)
{
	const char *at = body.start;
	size_t count = check_part(root, &at, body.start + body.length), walked = 0;
	const struct part *part;

	CHECK(at == body.start + body.length);
	for (part = root; part != NULL; part = part_next(root, part))
		walked++;
	CHECK(walked == count);
	return count;
}

/* What parts say of themselves can be shown once it was decoded. */
static void check_words(const void *ctx, const struct part *part)
{
	static const char *const names[] = {"boundary", "charset", "name", "filename"};
	struct bytes content;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		struct parameter parameter = parameter_read(ctx, part->content_type, names[i]);
		char *text = parameter_text(ctx, part->content_type, names[i]);

		CHECK((parameter.value == NULL) == (text == NULL) &&
		        (text == NULL || text_is_utf8(text, strlen(text))));
		CHECK(parameter.value == NULL ||
		        strlen(parameter.value) <= part->content_type.length);
	}
	content = decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);
	CHECK(content.length <= part->body.length);
}

/* The mails that are attached, and those attached to them. */
static void check_attached(struct mime *mime, const struct part *root)
{
	const struct part *part, *attached, *inner;

	for (part = root; part != NULL; part = part_next(root, part)) {
		attached = part_is(part, "message/") ? mime_attached(mime, part) : NULL;
		CHECK(attached == NULL ||
		        (attached->parent == NULL && attached->depth == part->depth + 1));
		for (inner = attached; inner != NULL; inner = part_next(attached, inner))
			CHECK(inner->depth >= attached->depth);
		if (attached != NULL)
			check_attached(mime, attached);
	}
}

static void check_draft(const void *ctx, const struct draft_source *source)
{
	const struct draft_plan plan = {
	        .source = *source, .words = fuzz_wording("en"), .wording = fuzz_wording("en")};
	struct drafts drafts;
	struct bytes last;

	CHECK(draft_make(ctx, &plan, &drafts) == NULL && drafts.count == 1);
	last = drafts.list[0].pieces[drafts.list[0].count - 1];
	if (source->body.length > 0)
		CHECK(last.length == source->body.length &&
		        memcmp(last.start, source->body.start, last.length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct draft_source source = draft_source((const char *)data, size);
	const struct part *part;
	struct mime mime;

	mime_read(ctx, source.fields, source.body, &mime);
	CHECK(check_tree(mime.root, source.body) == mime.count && mime.count <= PARTS_MAX);
	for (part = mime.root; part != NULL; part = part_next(mime.root, part))
		check_words(ctx, part);
	check_attached(&mime, mime.root);
	CHECK(mime.count <= PARTS_MAX);
	check_draft(ctx, &source);
	talloc_free(ctx);
	return 0;
}
