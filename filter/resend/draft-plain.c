#include "resend/draft-parts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/parameter.h"
#include "resend/encode.h"
#include "text/html.h"

/* Pieces of text and attachments, in the order of the mail. */
struct gathering {
	struct making *making;
	struct part *texts[PARTS_MAX], *attachments[PARTS_MAX];
	size_t text_count, attachment_count;
	size_t pictures; /* what only the HTML shows */
};

static void gather(struct gathering *gathering, struct part *part);

static bool holds(struct part *root, const char *type)
{
	struct part *part;

	for (part = root; part != NULL; part = part_next(root, part))
		if (part_is(part, type) && part_is_text(part))
			return true;
	return false;
}

static void attachment_add(struct gathering *gathering, struct part *part)
{
	if (gathering->attachment_count < PARTS_MAX)
		gathering->attachments[gathering->attachment_count++] = part;
}

/* Of a form of the text that is left out the attachments stay: some mail programs put them beside
 * the HTML. */
static void gather_attachments(struct gathering *gathering, struct part *form)
{
	struct part *part;

	for (part = form; part != NULL; part = part_next(form, part))
		if (!part->dropped && part_is_attachment(part))
			attachment_add(gathering, part);
		else
			gathering->pictures += part_is(part, "image/") && !part->dropped;
}

/* Of several forms of one text the plain one, or else the HTML. */
static void gather_alternative(struct gathering *gathering, struct part *alternative)
{
	struct part *best = NULL, *child;

	for (child = alternative->first; child != NULL; child = child->next)
		if (holds(child, "text/plain") && (best == NULL || !holds(best, "text/plain")))
			best = child;
		else if (best == NULL && holds(child, "text/html"))
			best = child;
	for (child = alternative->first; child != NULL; child = child->next)
		if (child == best)
			gather(gathering, child);
		else
			gather_attachments(gathering, child);
}

/* HTML, and what it shows. */
static void gather_related(struct gathering *gathering, struct part *related)
{
	struct part *child;

	for (child = related->first; child != NULL; child = child->next)
		if (child == related->first)
			gather(gathering, child);
		else
			gather_attachments(gathering, child);
}

static void gather(struct gathering *gathering, struct part *part)
{
	struct part *child;

	if (part->dropped)
		return;
	if (part_is(part, "multipart/alternative"))
		gather_alternative(gathering, part);
	else if (part_is(part, "multipart/related"))
		gather_related(gathering, part);
	else if (part_is_text(part) && gathering->text_count < PARTS_MAX)
		gathering->texts[gathering->text_count++] = part;
	else if (part->first == NULL)
		attachment_add(gathering, part);
	for (child = part->first; child != NULL && !part_is(part, "multipart/alternative") &&
	                          !part_is(part, "multipart/related");
	        child = child->next)
		gather(gathering, child);
}

/* PART as plain text. */
static char *plain_text(struct gathering *gathering, const struct part *part)
{
	struct making *making = gathering->making;
	char *text = part_text(making->ctx, part);

	if (part_is(part, "text/plain"))
		return text;
	if (strlen(text) > HTML_LETTER_MAX) {
		making_refuse(making, "refuse-html-long",
		        WORDING_VALUES({"size", size_words(making->ctx, strlen(text))},
		                {"most", size_words(making->ctx, HTML_LETTER_MAX)}));
		return text;
	}
	return html_to_letter(making->ctx, text, strlen(text));
}

/* All pieces as one text, an empty line between them. */
static char *whole_text(struct gathering *gathering)
{
	struct buffer buffer = buffer_new(gathering->making->ctx);
	size_t i;

	for (i = 0; i < gathering->text_count; i++) {
		char *text = plain_text(gathering, gathering->texts[i]);

		if (i > 0 && buffer.length > 0)
			buffer_add_string(
			        &buffer, buffer.text[buffer.length - 1] == '\n' ? "\n" : "\n\n");
		buffer_add_string(&buffer, text);
		if (part_is(gathering->texts[i], "text/html") && text[0] != '\0')
			buffer_add_string(&buffer, "\n");
		talloc_free(text);
	}
	return buffer_text(&buffer);
}

/* `; format=flowed; delsp=yes` if the text is kept as it was written. */
static char *parameters_of(const struct gathering *gathering)
{
	const struct part *part = gathering->texts[0];
	const void *ctx = gathering->making->ctx;
	char *format = gathering->text_count == 1
	                       ? parameter_text(ctx, part->content_type, "format")
	                       : NULL;
	char *delsp = format != NULL ? parameter_text(ctx, part->content_type, "delsp") : NULL;

	if (format == NULL || strcasecmp(format, "flowed") != 0)
		return talloc_strdup(ctx, "");
	return talloc_asprintf(ctx, "; format=flowed%s",
	        delsp != NULL && strcasecmp(delsp, "yes") == 0 ? "; delsp=yes" : "");
}

/* The only plain text as it is: its fields, its bytes. */
static struct part *text_kept(struct gathering *gathering)
{
	const struct part *part = gathering->texts[0];
	const void *ctx = gathering->making->ctx;
	static const char *const none[] = {NULL};

	return part_new(ctx, content_fields(ctx, part->header, none), part->body);
}

/* NULL if the charset can't be had, which is then noted. */
static struct part *text_new(struct gathering *gathering)
{
	struct making *making = gathering->making;
	const char *charset = making->plan->charset;
	struct part *part = part_new(making->ctx, "", (struct bytes){"", 0});
	char *text = whole_text(gathering), *parameters = parameters_of(gathering);
	size_t lost;

	if (!text_into_part(making, part, text, charset, "text/plain", parameters, &lost)) {
		making->failed = true;
		return NULL;
	}
	if (lost > 0)
		making_remark(making, "remark-lost",
		        WORDING_VALUES({"count", talloc_asprintf(making->ctx, "%zu", lost)},
		                {"charset", charset}));
	return part;
}

/* The root of the new mail: TEXT, with the attachments if there are any. */
static void build(struct gathering *gathering, struct part *text)
{
	struct making *making = gathering->making;
	const char *eol = making->plan->source.eol;
	struct part *root = text;
	size_t i;

	if (gathering->attachment_count > 0) {
		root = part_new_mixed(making->ctx, eol);
		if (root == NULL) {
			making->failed = true;
			return;
		}
		part_insert(root, text, true, eol);
	}
	for (i = 0; i < gathering->attachment_count; i++)
		part_insert(root, gathering->attachments[i], true, eol);
	making->root = root;
}

void draft_plain(struct making *making)
{
	struct gathering *gathering = talloc_zero(making->ctx, struct gathering);
	bool one_plain;
	struct part *text;

	if (making->plan->charset != NULL && !charset_is_known(making->plan->charset)) {
		making_refuse(making, "refuse-charset",
		        WORDING_VALUES({"charset", making->plan->charset}));
		return;
	}
	gathering->making = making;
	gather(gathering, making->root);
	one_plain = gathering->text_count == 1 && part_is(gathering->texts[0], "text/plain") &&
	            making->plan->charset == NULL;
	if (one_plain && gathering->texts[0] == making->root)
		return; /* it is plain already */
	if (gathering->text_count == 0) {
		making_remark(making, "remark-no-text", NULL);
		return;
	}
	text = one_plain ? text_kept(gathering) : text_new(gathering);
	if (gathering->pictures > 0)
		making_remark(making, "remark-pictures",
		        WORDING_VALUES({"count",
		                talloc_asprintf(making->ctx, "%zu", gathering->pictures)}));
	if (!making->failed && making->why == NULL)
		build(gathering, text);
}
