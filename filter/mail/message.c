#include "mail/message.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/limits.h"
#include "mail/decode.h"

/* Copies LENGTH bytes with LF newlines. CRLF becomes LF; a lone CR becomes LF only if there is no
 * LF at all. Returns the new length. */
static size_t newlines_normalise(char *to, const char *from, size_t length)
{
	bool bare_cr = memchr(from, '\n', length) == NULL;
	const char *end = from + length, *cr;
	char *start = to;

	for (; (cr = memchr(from, '\r', (size_t)(end - from))) != NULL; from = cr + 1) {
		to = mempcpy(to, from, (size_t)(cr - from));
		if (cr + 1 == end || cr[1] != '\n')
			*to++ = bare_cr ? '\n' : '\r';
	}
	to = mempcpy(to, from, (size_t)(end - from));
	*to = '\0';
	return (size_t)(to - start);
}

enum status message_read(const void *ctx, const char *bytes, size_t length, struct message **out)
{
	struct message *message = talloc_zero(ctx, struct message);

	length = MIN(length, MAIL_JUDGED_MAX);
	char *copy = talloc_size(message, length + 1);
	length = newlines_normalise(copy, bytes, length);
	size_t skip = header_preamble(copy, length, '\n');
	message->bytes = copy + skip;
	message->length = length - skip;
	message->body = fields_read(
	        message, message->bytes, message->length, HEADER_STRICT, &message->header);
	*out = message;
	/* Other files begin with words and colons too. */
	for (size_t i = 0; i < message->header.count; i++)
		if (header_name_is_of_mail(
		            message->header.list[i].name, message->header.list[i].name_length))
			return STATUS_OK;
	return STATUS_NOT_MAIL;
}

char *message_header(const void *ctx, const struct message *message, const char *name)
{
	const char *value = fields_value(&message->header, name);

	return value != NULL ? decode_words(ctx, value) : NULL;
}

char *message_id_plain(const void *ctx, const char *id)
{
	const char *end = id + strlen(id), *start = header_blank_end(id, end);
	const char *open = start != NULL ? strchr(start, '<') : NULL;

	if (open != NULL)
		start = header_blank_end(open + 1, end);
	if (start == NULL)
		return NULL;
	char *plain = talloc_strndup(ctx, start, strcspn(start, ">")), *to = plain;
	for (const char *from = plain; *from != '\0'; from++)
		if (*from != ' ' && *from != '\t' && *from != '\r' && *from != '\n')
			*to++ = *from;
	if (to == plain)
		return NULL;
	*to = '\0';
	return plain;
}

char *message_id_of_bytes(const void *ctx, const char *bytes, size_t length)
{
	g_autofree char *sum =
	        g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)bytes, length);

	return talloc_asprintf(ctx, "notmuch-sha1-%s", sum);
}

char *message_id_of_file(const void *ctx, int fd, size_t length)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	unsigned char piece[16384];
	size_t at = 0;

	for (ssize_t n; at < length && (n = pread(fd, piece, sizeof piece, (off_t)at)) > 0;
	        at += (size_t)n)
		g_checksum_update(sum, piece, n);
	return at == length ? talloc_asprintf(ctx, "notmuch-sha1-%s", g_checksum_get_string(sum))
	                    : NULL;
}
