#include "mail/message.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/late-gmime.h"
#include "text/text.h"

/* LF newlines: CRLF becomes LF, a CR alone too, unless there are LFs without it (then it is just a byte of the text). */
static size_t newlines_normalise(char *to, const char *from, size_t length)
{
	bool bare_cr = memchr(from, '\n', length) == NULL;
	char *start = to;
	size_t i = 0;

	while (i < length) {
		const char *cr = memchr(from + i, '\r', length - i);
		size_t run = (cr != NULL ? (size_t)(cr - from) : length) - i;

		memcpy(to, from + i, run);
		to += run;
		i += run;
		if (cr == NULL)
			break;
		i++;
		if (i < length && from[i] == '\n')
			continue;
		*to++ = bare_cr ? '\n' : '\r';
	}
	*to = '\0';
	return (size_t)(to - start);
}

/* Other files begin with words and colons too. */
static bool is_of_mail(const struct fields *header)
{
	size_t i;

	for (i = 0; i < header->count; i++)
		if (fields_name_is_of_mail(header->list[i].name, header->list[i].name_length))
			return true;
	return false;
}

enum status message_read(const void *ctx, const char *bytes, size_t length, struct message **out)
{
	struct message *message = talloc_zero(ctx, struct message);
	char *copy;
	size_t skip;

	if (length > MAIL_JUDGED_MAX)
		length = MAIL_JUDGED_MAX;
	copy = talloc_size(message, length + 1);
	length = newlines_normalise(copy, bytes, length);
	skip = fields_preamble(copy, length, '\n');
	message->bytes = copy + skip;
	message->length = length - skip;
	message->body = fields_read(message, message->bytes, message->length, FIELDS_STRICT, &message->header);
	*out = message;
	return is_of_mail(&message->header) ? STATUS_OK : STATUS_NOT_MAIL;
}

/* GMime and GLib are told to keep quiet: what a hostile mail makes them say is no concern of the user. But GLib would end the program when it gets no
 * memory, and says so before. */
static void library_silence(const char *domain, GLogLevelFlags level, const char *text, void *argument)
{
	(void)domain, (void)text, (void)argument;
	if (level & G_LOG_FLAG_FATAL)
		memory_out();
}

void message_library_open(void)
{
	static bool is_open;

	if (is_open)
		return;
	/* Without it every answer might be wrong: the work is given up, as without memory. */
	if (!late_gmime_load())
		memory_out();
	is_open = true;
	g_log_set_default_handler(library_silence, NULL);
	late_g_mime_init();
}

static bool is_plain(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value >= 0x7f || *value == '\033' || (value[0] == '=' && value[1] == '?'))
			return false;
	return true;
}

char *message_decode(const void *ctx, const char *value)
{
	char *utf8, *decoded;

	if (is_plain(value))
		return talloc_strdup(ctx, value);
	utf8 = text_to_utf8(ctx, value, strnlen(value, HEADER_DECODED_MAX), NULL);
	if (strstr(utf8, "=?") == NULL)
		return utf8;
	message_library_open();
	decoded = late_g_mime_utils_header_decode_text(NULL, utf8);
	talloc_free(utf8);
	utf8 = text_to_utf8(ctx, decoded, strlen(decoded), "utf-8");
	g_free(decoded);
	return utf8;
}

char *message_header(const void *ctx, const struct message *message, const char *name)
{
	const char *value = fields_value(&message->header, name);

	return value != NULL ? message_decode(ctx, value) : NULL;
}

/* A MIME tree and what it is read from: GMime keeps the stream, and the stream the bytes. */
struct tree {
	GMimeObject *part;
	GMimeStream *stream;
	GByteArray *array;
};

static int tree_free(struct tree *tree)
{
	g_clear_object(&tree->part);
	g_clear_object(&tree->stream);
	g_byte_array_free(tree->array, FALSE);
	return 0;
}

/* LENGTH bytes, which CTX must own, as a MIME tree owned by CTX. The bytes are not copied. */
static GMimeObject *object_parse(const void *ctx, const char *bytes, size_t length)
{
	struct tree *tree = talloc_zero(ctx, struct tree);
	GMimeParser *parser;

	message_library_open();
	tree->array = g_byte_array_new_take((guint8 *)(uintptr_t)bytes, length);
	tree->stream = late_g_mime_stream_mem_new_with_byte_array(tree->array);
	late_g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(tree->stream), FALSE);
	parser = late_g_mime_parser_new_with_stream(tree->stream);
	tree->part = late_g_mime_parser_construct_part(parser, NULL);
	g_object_unref(parser);
	talloc_set_destructor(tree, tree_free);
	return tree->part;
}

/* The boundary that LENGTH bytes of a body show: a line `--X` with a Content- field right behind it. */
static const char *boundary_guess(const char *body, size_t length, size_t *size)
{
	const char *end = body + length, *line = body;

	while (line != NULL && line < end) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		if (next == NULL)
			return NULL;
		*size = (size_t)(next - line) - 2;
		if (next - line > 3 && next - line < 100 && line[0] == '-' && line[1] == '-' && end - next > 9 &&
		        strncasecmp(next + 1, "Content-", 8) == 0 && memchr(line, '"', *size) == NULL) {
			while (*size > 0 && line[1 + *size] == ' ')
				--*size;
			return line + 2;
		}
		line = next + 1;
	}
	return NULL;
}

/* In place: a `boundary=` that begins a line of a part's header has lost its indent. */
static void boundaries_indent(char *body)
{
	static const char lost[] = ";\nboundary=";

	while ((body = strcasestr(body, lost)) != NULL) {
		body[1] = ' ';
		body += strlen(lost);
	}
}

/* The body of MESSAGE, as far as its first LENGTH bytes hold it, read with HEADER in front: of the mail's own header only those fields count that describe
 * the body, and GMime need not look at the others. HEADER becomes the bytes that the tree is read from. */
static GMimeObject *body_parse(const void *ctx, const struct message *message, size_t length, struct buffer *header)
{
	size_t start = header->length + 1;

	buffer_add(header, "\n", 1);
	buffer_add(header, message->bytes + message->body, length - message->body);
	boundaries_indent(header->text + start);
	return object_parse(ctx, header->text, header->length);
}

/* Read MESSAGE again as multipart/report with the boundary its body shows; NULL if it shows none. */
static GMimeObject *message_parse_again(const void *ctx, const struct message *message, size_t length)
{
	struct buffer header = buffer_new(ctx);
	size_t size;
	const char *boundary = boundary_guess(message->bytes + message->body, length - message->body, &size);

	if (boundary == NULL)
		return NULL;
	buffer_print(&header, "Content-Type: multipart/report; boundary=\"%.*s\"\n", (int)size, boundary);
	return body_parse(ctx, message, length, &header);
}

/* Read MESSAGE as the plain text that is left when all boundaries are lost. */
static GMimeObject *message_parse_as_text(const void *ctx, const struct message *message, size_t length)
{
	struct buffer header = buffer_new(ctx);

	buffer_add_string(&header, "Content-Type: text/plain\n");
	return body_parse(ctx, message, length, &header);
}

/* Whether a tree has something in it: a multipart without parts has lost its boundary. */
static bool object_is_empty(GMimeObject *part)
{
	return GMIME_IS_MULTIPART(part) && late_g_mime_multipart_get_count(GMIME_MULTIPART(part)) <= 0;
}

struct _GMimeObject *message_parse(const void *ctx, const struct message *message, size_t length)
{
	const char *type = fields_value(&message->header, "Content-Type");
	const char *encoding = fields_value(&message->header, "Content-Transfer-Encoding");
	struct buffer header = buffer_new(ctx);
	GMimeObject *part, *again;
	bool lost;

	if (type != NULL)
		buffer_print(&header, "Content-Type: %s\n", type);
	if (encoding != NULL)
		buffer_print(&header, "Content-Transfer-Encoding: %s\n", encoding);
	part = body_parse(ctx, message, length, &header);
	lost = part == NULL || object_is_empty(part) ||
	       (type != NULL && strncasecmp(type, "multipart/", 10) == 0 && !GMIME_IS_MULTIPART(part));
	again = lost ? message_parse_again(ctx, message, length) : NULL;
	if (again != NULL && !object_is_empty(again))
		return again;
	return part == NULL || object_is_empty(part) ? message_parse_as_text(ctx, message, length) : part;
}
