#include "judge/parts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/cap.h"
#include "base/limits.h"
#include "judge/bare.h"
#include "judge/returned.h"
#include "judge/simple.h"
#include "mail/late-gmime.h"
#include "text/html.h"
#include "text/text.h"

struct visit {
	const void *ctx;
	struct parts *parts;
	bool automatic;
	GMimePart *html[HTML_PARTS_MAX]; /* kept for the end */
	size_t html_count;
	int visited;
	int depth;
};

static void visit_object(struct visit *visit, GMimeObject *object);

/* The bytes of CONTENT where they lie in the mail, if they need no decoding; NULL if they do. */
static const char *content_in_place(GMimeDataWrapper *content, size_t *length)
{
	GMimeContentEncoding encoding = late_g_mime_data_wrapper_get_encoding(content);
	GMimeStream *stream = late_g_mime_data_wrapper_get_stream(content);
	GByteArray *mail;

	if (encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	        encoding == GMIME_CONTENT_ENCODING_UUENCODE || stream == NULL || !GMIME_IS_STREAM_MEM(stream))
		return NULL;
	mail = late_g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	if (stream->bound_end < stream->bound_start || stream->bound_end > (gint64)mail->len)
		return NULL;
	*length = (size_t)(stream->bound_end - stream->bound_start);
	return (const char *)mail->data + stream->bound_start;
}

/* The decoded bytes of PART as UTF-8 text, at most MAX of them; CAP is noted if there are more. */
static char *part_read(struct visit *visit, GMimePart *part, size_t max, enum cap cap)
{
	GMimeDataWrapper *content = late_g_mime_part_get_content(part);
	const char *charset = late_g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"), *bytes;
	GMimeStream *decoded = NULL;
	GByteArray *array;
	size_t length;
	char *text;

	if (content == NULL)
		return text_to_utf8(visit->ctx, "", 0, charset);
	bytes = content_in_place(content, &length);
	if (bytes == NULL) {
		decoded = late_g_mime_stream_mem_new();
		array = late_g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(decoded));
		late_g_mime_data_wrapper_write_to_stream(content, decoded);
		bytes = array->data != NULL ? (const char *)array->data : "";
		length = array->len;
	}
	if (length > max)
		visit->parts->caps |= cap;
	text = text_to_utf8(visit->ctx, bytes, length < max ? length : max, charset);
	g_clear_object(&decoded);
	return text;
}

/* Add MORE to *TEXT, a part after another. */
static void text_append(const void *ctx, char **text, char *more)
{
	*text = *text != NULL ? talloc_asprintf(ctx, "%s\n%s", *text, more) : more;
}

/* Take TEXT as words for a person and, in a mail that is AUTOMATIC, for a delivery status if it looks like one. */
static void take_plain(const void *ctx, struct parts *parts, bool automatic, char *text)
{
	const char *status = automatic && parts->status == NULL ? bare_status(text) : NULL;

	text_append(ctx, &parts->plain, text);
	if (status != NULL)
		parts->status = talloc_strdup(ctx, status);
}

static void visit_plain(struct visit *visit, GMimePart *part)
{
	/* Behind the status comes the returned mail, or a list's footer. */
	if (visit->parts->status == NULL || visit->parts->plain == NULL)
		take_plain(visit->ctx, visit->parts, visit->automatic, part_read(visit, part, NOTICE_MAX, CAP_NOTICE));
}

static void visit_html(struct visit *visit, GMimePart *part)
{
	if (visit->html_count < HTML_PARTS_MAX && (visit->parts->status == NULL || visit->html_count == 0))
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

		text_append(visit->ctx, &visit->parts->plain, html_to_text(visit->ctx, html, strlen(html)));
	}
}

static void visit_status(struct visit *visit, GMimePart *part)
{
	text_append(visit->ctx, &visit->parts->status, part_read(visit, part, MAIL_JUDGED_MAX, CAP_MAIL));
}

static void visit_feedback(struct visit *visit, GMimePart *part)
{
	text_append(visit->ctx, &visit->parts->feedback, part_read(visit, part, NOTICE_MAX, CAP_NOTICE));
}

static void visit_disposition(struct visit *visit, GMimePart *part)
{
	text_append(visit->ctx, &visit->parts->disposition, part_read(visit, part, NOTICE_MAX, CAP_NOTICE));
}

static void visit_returned_header(struct visit *visit, GMimePart *part)
{
	if (visit->parts->returned == NULL)
		visit->parts->returned = part_read(visit, part, NOTICE_MAX, CAP_NOTICE);
}

/* What a part of a type is for. The first line that fits counts; `*` is any subtype. */
static const struct {
	const char *type, *subtype;
	void (*visit)(struct visit *visit, GMimePart *part);
} uses[] = {
        {"message", "delivery-status", visit_status},
        {"message", "xdelivery-status", visit_status},
        {"message", "global-delivery-status", visit_status},        /* RFC 6533 section 4 */
        {"message", "feedback-report", visit_feedback},             /* RFC 5965 */
        {"message", "disposition-notification", visit_disposition}, /* RFC 8098 */
        {"message", "global-disposition-notification", visit_disposition},
        {"text", "rfc822-headers", visit_returned_header}, /* RFC 6522 section 3 */
        {"text", "rfc822-header", visit_returned_header},
        {"message", "global-headers", visit_returned_header},
        {"message", "rfc822-headers", visit_returned_header},
        {"text", "html", visit_html},
        {"text", "*", visit_plain},
};

static void visit_part(struct visit *visit, GMimePart *part)
{
	GMimeContentType *type = late_g_mime_object_get_content_type(GMIME_OBJECT(part));
	size_t i;

	for (i = 0; i < sizeof uses / sizeof *uses; i++)
		if (late_g_mime_content_type_is_type(type, uses[i].type, uses[i].subtype)) {
			uses[i].visit(visit, part);
			return;
		}
}

/* Whether MESSAGE is itself a report, so that what holds it is a wrapper. */
static bool message_is_report(GMimeMessage *message)
{
	GMimeObject *part = late_g_mime_message_get_mime_part(message);

	return part != NULL && late_g_mime_content_type_is_type(late_g_mime_object_get_content_type(part), "multipart", "report");
}

static void visit_message(struct visit *visit, GMimeMessagePart *part)
{
	GMimeMessage *message = late_g_mime_message_part_get_message(part);
	char *header;

	if (message == NULL || visit->parts->returned != NULL)
		return;
	if (visit->automatic && visit->parts->status == NULL && visit->parts->feedback == NULL && message_is_report(message)) {
		visit_object(visit, late_g_mime_message_get_mime_part(message));
		return;
	}
	header = late_g_mime_object_get_headers(GMIME_OBJECT(message), NULL);
	visit->parts->returned = talloc_strndup(visit->ctx, header != NULL ? header : "", NOTICE_MAX);
	visit->parts->whole = true;
	g_free(header);
}

static void visit_multipart(struct visit *visit, GMimeMultipart *multipart)
{
	int count = late_g_mime_multipart_get_count(multipart), i;

	for (i = 0; i < count; i++)
		visit_object(visit, late_g_mime_multipart_get_part(multipart, i));
}

static void visit_object(struct visit *visit, GMimeObject *object)
{
	if (object == NULL)
		return;
	if (visit->visited >= PARTS_MAX || visit->depth >= PART_DEPTH_MAX) {
		visit->parts->caps |= visit->visited >= PARTS_MAX ? CAP_PARTS : CAP_DEPTH;
		return;
	}
	visit->visited++;
	visit->depth++;
	if (GMIME_IS_MULTIPART(object))
		visit_multipart(visit, GMIME_MULTIPART(object));
	else if (GMIME_IS_MESSAGE_PART(object))
		visit_message(visit, GMIME_MESSAGE_PART(object));
	else if (GMIME_IS_PART(object))
		visit_part(visit, GMIME_PART(object));
	visit->depth--;
}

static enum status parts_visit(const void *ctx, const struct message *message, bool automatic, struct parts *parts)
{
	struct visit visit = {.ctx = ctx, .parts = parts, .automatic = automatic};
	struct returned returned = returned_find(message);
	GMimeObject *root = message_parse(ctx, message, returned.part);

	if (returned.header != NULL) {
		parts->returned = talloc_strndup(ctx, returned.header, NOTICE_MAX);
		parts->whole = returned.whole;
	}
	visit_object(&visit, root);
	visit_html_parts(&visit);
	return root != NULL ? STATUS_OK : STATUS_TRY_LATER;
}

enum status parts_read(const void *ctx, const struct message *message, bool automatic, struct parts *parts)
{
	*parts = (struct parts){0};
	if (bare_is_text(message))
		take_plain(ctx, parts, automatic, bare_text(ctx, message, &parts->caps));
	else if (!simple_read(ctx, message, parts))
		return parts_visit(ctx, message, automatic, parts);
	return STATUS_OK;
}
