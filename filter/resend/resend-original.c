#include "resend/resend-original.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "index/mail-files.h"

/* Whether the file at FD is one that the user sent, by the beginning of it; the place in it is then
 * again where it was. */
static bool file_is_sent(int fd, const struct settings *settings)
{
	char *head = talloc_size(NULL, MAIL_HEAD_MAX);
	size_t length = 0;
	struct draft_source source;
	bool sent = false;

	if (io_read(fd, head, MAIL_HEAD_MAX, &length) == STATUS_OK && length > 0) {
		source = draft_source(head, length);
		sent = header_is_sent(source.fields, settings);
	}
	talloc_free(head);
	return lseek(fd, 0, SEEK_SET) == 0 && sent;
}

static enum status file_read(const void *ctx, int fd, struct original_copy *copy)
{
	char *bytes;
	enum status status = io_read_all(ctx, fd, RESEND_MAX + 1, &bytes, &copy->length);

	if (status == STATUS_OK && copy->length > RESEND_MAX) {
		talloc_free(bytes);
		return STATUS_REFUSED;
	}
	copy->bytes = status == STATUS_OK ? bytes : NULL;
	return status;
}

/* One file of MAIL: the first that the user sent, or if there is none the first that is there at
 * all. */
static int file_open(char **files, const struct settings *settings, bool *is_own, const char **path)
{
	int fallback = -1, fd;
	size_t i;

	for (i = 0; files[i] != NULL; i++) {
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
		*is_own = fd >= 0 && file_is_sent(fd, settings);
		if (*is_own) {
			if (fallback >= 0)
				close(fallback);
			*path = files[i];
			return fd;
		}
		if (fd >= 0 && fallback < 0)
			fallback = fd;
		else if (fd >= 0)
			close(fd);
	}
	return fallback;
}

enum status original_own(const void *ctx, struct mail *mail, const struct settings *settings,
        struct original_copy *copy)
{
	char **files = mail_files(ctx, mail);
	enum status status = STATUS_OK;
	int fd;

	*copy = (struct original_copy){.is_whole = true};
	fd = file_open(files, settings, &copy->is_own, &copy->path);
	if (fd >= 0) {
		status = file_read(ctx, fd, copy);
		close(fd);
	}
	return status;
}

/* Whether nothing but line breaks is in BYTES. */
static bool is_empty(struct bytes bytes)
{
	size_t i = 0;

	while (i < bytes.length && (bytes.start[i] == '\r' || bytes.start[i] == '\n'))
		i++;
	return i == bytes.length;
}

static void take(struct original_copy *copy, const char *bytes, size_t length)
{
	struct draft_source source = draft_source(bytes, length);

	copy->bytes = bytes;
	copy->length = length;
	copy->is_whole = !is_empty(source.body);
}

/* In a part of its own, as RFC 6522 has it. */
static void take_part(const void *ctx, struct part *root, struct original_copy *copy)
{
	static const char *const types[] = {"message/rfc822", "message/global",
	        "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers",
	        "message/global-headers"};
	struct part *part;
	struct bytes bytes;
	size_t i;

	for (part = root; part != NULL && copy->bytes == NULL; part = part_next(root, part))
		for (i = 0; i < sizeof types / sizeof *types; i++)
			if (part->parent != NULL && part_is(part, types[i])) {
				bytes = decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);
				if (bytes.length > 0)
					take(copy, bytes.start, bytes.length);
				break;
			}
}

/* Behind the words of a mailer that knows no parts: the header that has the mail's id in it. */
static void take_text(const char *text, size_t length, const char *id, struct original_copy *copy)
{
	const char *at = id != NULL && id[0] != '\0' ? memmem(text, length, id, strlen(id)) : NULL;
	const char *line = at, *start, *previous;
	struct header_field field;

	if (at == NULL)
		return;
	while (line > text && line[-1] != '\n')
		line--;
	start = line;
	if (!header_next(&line, text + length, HEADER_STRICT, &field) ||
	        !header_field_is(&field, "Message-ID"))
		return;
	while (start > text) {
		const char *first;

		previous = memrchr(text, '\n', (size_t)(start - 1 - text));
		first = line = previous != NULL ? previous + 1 : text;
		if (*first != ' ' && *first != '\t' &&
		        !header_next(&line, start, HEADER_STRICT, &field))
			break;
		if (first[strspn(first, " \t")] == '\n' || first[strspn(first, " \t")] == '\r')
			break;
		start = first;
	}
	take(copy, start, (size_t)(text + length - start));
}

struct original_copy original_returned(
        const void *ctx, const char *bounce, size_t length, const struct facts *facts)
{
	struct draft_source source = draft_source(bounce, length);
	struct original_copy copy = {.is_own = false};
	struct bytes bytes;
	struct part *part;
	struct mime mime;

	mime_read(ctx, source.fields, source.body, &mime);
	take_part(ctx, mime.root, &copy);
	for (part = mime.root; part != NULL && copy.bytes == NULL;
	        part = part_next(mime.root, part))
		if (part_is(part, "text/plain")) {
			bytes = decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);
			take_text(bytes.start, bytes.length, facts->original.message_id, &copy);
		}
	return copy;
}
