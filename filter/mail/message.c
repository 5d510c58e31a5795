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
		if (header_name_is_of_mail(header->list[i].name, header->list[i].name_length))
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
	skip = header_preamble(copy, length, '\n');
	message->bytes = copy + skip;
	message->length = length - skip;
	message->body = fields_read(
	        message, message->bytes, message->length, HEADER_STRICT, &message->header);
	*out = message;
	return is_of_mail(&message->header) ? STATUS_OK : STATUS_NOT_MAIL;
}

char *message_decode(const void *ctx, const char *value)
{
	return decode_words(ctx, value);
}

char *message_header(const void *ctx, const struct message *message, const char *name)
{
	const char *value = fields_value(&message->header, name);

	return value != NULL ? message_decode(ctx, value) : NULL;
}

/* Behind the blanks and comments at TEXT; a comment may hold others (RFC 5322 section 3.2.2). */
static const char *skip_comments(const char *text)
{
	int depth = 0;

	for (; *text != '\0' && (depth > 0 || strchr(" \t\r\n(", *text) != NULL); text++) {
		if (*text == '\\' && text[1] != '\0')
			text++;
		else if (*text == '(')
			depth++;
		else if (*text == ')')
			depth--;
	}
	return text;
}

char *message_id_plain(const void *ctx, const char *id)
{
	const char *start = skip_comments(id), *open = strchr(start, '<');
	char *plain, *from, *to;

	if (open != NULL)
		start = skip_comments(open + 1);
	plain = talloc_strndup(ctx, start, strcspn(start, ">"));
	for (from = to = plain; *from != '\0'; from++)
		if (strchr(" \t\r\n", *from) == NULL)
			*to++ = *from;
	if (to == plain)
		return NULL;
	*to = '\0';
	return plain;
}

char *message_id_of_bytes(const void *ctx, const char *bytes, size_t length)
{
	char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)bytes, length);
	char *id = talloc_asprintf(ctx, "notmuch-sha1-%s", sum);

	g_free(sum);
	return id;
}

char *message_id_of_file(const void *ctx, int fd, size_t length)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA1);
	unsigned char piece[16384];
	size_t at = 0;
	ssize_t n = 1;
	char *id = NULL;

	while (checksum != NULL && at < length &&
	        (n = pread(fd, piece, sizeof piece, (off_t)at)) > 0) {
		g_checksum_update(checksum, piece, n);
		at += (size_t)n;
	}
	if (checksum != NULL && at == length)
		id = talloc_asprintf(ctx, "notmuch-sha1-%s", g_checksum_get_string(checksum));
	g_checksum_free(checksum);
	return id;
}
