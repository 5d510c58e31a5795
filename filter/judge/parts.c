#include "judge/parts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/cap.h"
#include "base/limits.h"
#include "mail/mime.h"
#include "mail/parameter.h"
#include "text/html.h"
#include "text/text.h"

struct visit {
	const void *ctx;
	struct mime *mime;
	struct parts *parts;
	bool automatic;
	const struct part *html[HTML_PARTS_MAX]; /* kept for the end */
	size_t html_count;
};

static void tree_visit(struct visit *visit, const struct part *root);

/* The decoded bytes of PART as UTF-8 text, at most MAX of them; CAP is noted if there are more. */
static char *part_read(struct visit *visit, const struct part *part, size_t max, enum cap cap)
{
	struct parameter charset = parameter_read(visit->ctx, part->content_type, "charset");
	struct bytes bytes = decode_bytes(visit->ctx, part->body, part->encoding, max + 1);

	if (bytes.length > max)
		visit->parts->caps |= cap;
	return text_to_utf8(
	        visit->ctx, bytes.start, bytes.length < max ? bytes.length : max, charset.value);
}

/* Add MORE to *TEXT, a part after another. */
static void text_append(const void *ctx, char **text, char *more)
{
	*text = *text != NULL ? talloc_asprintf(ctx, "%s\n%s", *text, more) : more;
}

/* Where in plain text a delivery status begins, by lines that only one has: some mailers give that
 * part no type of its own. NULL: nowhere. */
static const char *status_find(const char *text)
{
	static const char *const starts[] = {
	        "Reporting-MTA:", "Final-Recipient:", "Original-Recipient:"};
	const char *first = NULL;
	size_t i;

	if (strstr(text, "ecipient:") == NULL || strcasestr(text, "l-Recipient:") == NULL ||
	        (strcasestr(text, "\nAction:") == NULL && strcasestr(text, "\nStatus:") == NULL))
		return NULL;
	for (i = 0; i < sizeof starts / sizeof *starts; i++) {
		const char *at = strcasestr(text, starts[i]);

		if (at != NULL && (at == text || at[-1] == '\n') && (first == NULL || at < first))
			first = at;
	}
	return first;
}

/* Words for a person and, in a mail that is automatic, a delivery status if they look like one.
 * Behind the status comes the returned mail, or a list's footer. */
static void visit_plain(struct visit *visit, const struct part *part)
{
	struct parts *parts = visit->parts;
	const char *status;
	char *text;

	if (parts->status != NULL && parts->plain != NULL)
		return;
	text = part_read(visit, part, NOTICE_MAX, CAP_NOTICE);
	status = visit->automatic && parts->status == NULL ? status_find(text) : NULL;
	text_append(visit->ctx, &parts->plain, text);
	if (status != NULL)
		parts->status = talloc_strdup(visit->ctx, status);
}

static void visit_html(struct visit *visit, const struct part *part)
{
	if (visit->html_count < HTML_PARTS_MAX &&
	        (visit->parts->status == NULL || visit->html_count == 0))
		visit->html[visit->html_count++] = part;
}

static bool is_blank(const char *text)
{
	return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

/* HTML is read only if there is no plain text: it says the same, and costs more. */
static void visit_html_parts(struct visit *visit)
{
	size_t i;

	for (i = 0; i < visit->html_count && is_blank(visit->parts->plain); i++) {
		char *html = part_read(visit, visit->html[i], HTML_MAX, CAP_HTML);

		text_append(visit->ctx, &visit->parts->plain,
		        html_to_text(visit->ctx, html, strlen(html)));
	}
}

static void visit_status(struct visit *visit, const struct part *part)
{
	text_append(visit->ctx, &visit->parts->status,
	        part_read(visit, part, MAIL_JUDGED_MAX, CAP_MAIL));
}

static void visit_feedback(struct visit *visit, const struct part *part)
{
	text_append(visit->ctx, &visit->parts->feedback,
	        part_read(visit, part, NOTICE_MAX, CAP_NOTICE));
}

static void visit_disposition(struct visit *visit, const struct part *part)
{
	text_append(visit->ctx, &visit->parts->disposition,
	        part_read(visit, part, NOTICE_MAX, CAP_NOTICE));
}

static void visit_returned_header(struct visit *visit, const struct part *part)
{
	if (visit->parts->returned == NULL)
		visit->parts->returned = part_read(visit, part, NOTICE_MAX, CAP_NOTICE);
}

/* The returned mail; or, in a mail that is automatic, a report that a gateway or a list manager
 * wrapped. */
static void visit_message(struct visit *visit, const struct part *part)
{
	struct parts *parts = visit->parts;
	struct part *root;
	struct bytes mail;

	if (parts->returned != NULL)
		return;
	root = visit->automatic && parts->status == NULL && parts->feedback == NULL
	               ? mime_attached(visit->mime, part)
	               : NULL;
	if (root != NULL && part_is(root, "multipart/report")) {
		tree_visit(visit, root);
		return;
	}
	mail = decode_bytes(visit->ctx, part->body, part->encoding, NOTICE_MAX);
	if (mail.length == 0)
		return;
	parts->returned = talloc_strndup(
	        visit->ctx, mail.start, mail.length < NOTICE_MAX ? mail.length : NOTICE_MAX);
	parts->whole = true;
}

/* What a part of a type is for. The first line that fits counts. */
static const struct {
	const char *type;
	void (*visit)(struct visit *visit, const struct part *part);
} uses[] = {
        {"message/delivery-status", visit_status},
        {"message/xdelivery-status", visit_status},
        {"message/global-delivery-status", visit_status},        /* RFC 6533 section 4 */
        {"message/feedback-report", visit_feedback},             /* RFC 5965 */
        {"message/disposition-notification", visit_disposition}, /* RFC 8098 */
        {"message/global-disposition-notification", visit_disposition},
        {"text/rfc822-headers", visit_returned_header}, /* RFC 6522 section 3 */
        {"text/rfc822-header", visit_returned_header},
        {"message/global-headers", visit_returned_header},
        {"message/rfc822-headers", visit_returned_header},
        {"message/rfc822", visit_message},
        {"message/global", visit_message},
        {"message/news", visit_message},
        {"text/html", visit_html},
        {"text/", visit_plain},
};

static void tree_visit(struct visit *visit, const struct part *root)
{
	const struct part *part;
	size_t i;

	/* A multipart in which no part can be found is read as the text that it is. */
	for (part = root; part != NULL; part = part_next(root, part)) {
		for (i = 0; i < sizeof uses / sizeof *uses && !part_is(part, uses[i].type); i++)
			continue;
		if (i < sizeof uses / sizeof *uses)
			uses[i].visit(visit, part);
		else if (part == root && part_is(part, "multipart/") && part->first == NULL)
			visit_plain(visit, part);
	}
}

void parts_read(const void *ctx, const struct message *message, bool automatic, struct parts *parts)
{
	struct mime mime;
	struct visit visit = {.ctx = ctx, .mime = &mime, .parts = parts, .automatic = automatic};

	*parts = (struct parts){0};
	mime_read(ctx, (struct bytes){message->bytes, message->body},
	        (struct bytes){message->bytes + message->body, message->length - message->body},
	        &mime);
	tree_visit(&visit, mime.root);
	visit_html_parts(&visit);
	parts->caps |= mime.caps;
}
