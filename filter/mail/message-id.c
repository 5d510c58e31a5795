#include "mail/message-id.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

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
