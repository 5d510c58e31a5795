#include "index/file-header.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>
#include <unistd.h>

#include "base/array.h"
#include "base/date.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/message.h"

/* Seconds by which a server's clock may be fast. */
#define CLOCK_SLACK (60 * 60)

/* In place: without tabs, and without its comments, in which a server quotes what strangers told it. */
static void comments_drop(char *text)
{
	char *to = text;
	int depth = 0;

	for (; *text != '\0'; text++) {
		depth += *text == '(';
		if (depth == 0)
			*to++ = *text == '\t' ? ' ' : *text;
		depth -= *text == ')' && depth > 0;
	}
	*to = '\0';
}

/* Whether the Received field says that its sender had logged in (RFC 3848: ESMTPA, ESMTPSA): so has a copy that the provider keeps of what was sent
 * through it. */
static bool is_submitted(char *received)
{
	const char *by, *with;
	size_t length;

	comments_drop(received);
	by = strcasestr(received, " by ");
	with = by != NULL ? strcasestr(by, " with ") : NULL;
	length = with != NULL ? strcspn(with + 6, " ;") : 0;
	return length > 4 && (with[6 + length - 1] | 0x20) == 'a' && memmem(with + 6, length, "MTP", 3) != NULL;
}

bool file_header_is_sent(struct bytes fields, const struct settings *settings)
{
	void *ctx = talloc_new(NULL);
	char *from = header_line(ctx, fields, "From"), *received = header_line(ctx, fields, "Received");
	char *author = from != NULL ? address_list_only(ctx, from) : NULL;
	bool sent = author != NULL && address_list_has(settings->own, author) && (received == NULL || is_submitted(received));

	talloc_free(ctx);
	return sent;
}

time_t header_time(struct bytes fields, time_t now)
{
	void *ctx = talloc_new(NULL);
	char *date = header_line(ctx, fields, "Date"), *received = header_line(ctx, fields, "Received");
	const char *at = received != NULL ? strrchr(received, ';') : NULL;
	time_t written = date != NULL ? date_read(date) : 0, came = at != NULL ? date_read(at + 1) : 0;

	talloc_free(ctx);
	if (written <= 0 || (came > 0 && came < written))
		written = came;
	if (written <= 0 || written > now + CLOCK_SLACK)
		return 0;
	return written < now ? written : now;
}

/* Whether a program wrote the mail, or nobody would get an answer. */
static bool is_automatic(const void *ctx, struct bytes fields)
{
	static const struct {
		const char *name, *begins; /* what it says then; "": anything */
		bool otherwise;            /* what it says if not */
	} signs[] = {{"Auto-Submitted", "no", true}, {"Return-Path", "<>", false}, {"Precedence", "auto_reply", false},
	        {"X-Autoreply", "", false}, {"X-Autorespond", "", false}, {"Content-Type", "multipart/report", false}};
	char *value;
	size_t i;

	for (i = 0; i < sizeof signs / sizeof *signs; i++) {
		value = header_line(ctx, fields, signs[i].name);
		if (value != NULL && (strncasecmp(value, signs[i].begins, strlen(signs[i].begins)) == 0) != signs[i].otherwise)
			return true;
	}
	return false;
}

static char **recipients_of(const void *ctx, struct bytes fields)
{
	const char *at = fields.start, *end = at + fields.length;
	char **all = list_new(ctx), **some;
	struct header_field field;
	struct bytes value;
	size_t count = 0, i;

	while (header_next(&at, end, HEADER_STRICT, &field)) {
		if (!header_field_is_recipients(&field))
			continue;
		value = header_field_value(&field);
		some = address_list_read(ctx, value.start, value.length);
		for (i = 0; some[i] != NULL && count < RECIPIENTS_MAX; i++)
			list_add(ctx, &all, &count, some[i]);
		talloc_free(some);
	}
	return all;
}

static struct file_header header_of(const void *ctx, struct bytes fields, const struct settings *settings, time_t now)
{
	char *from = header_line(ctx, fields, "From");
	struct file_header header = {.author = from != NULL ? address_list_only(ctx, from) : NULL};

	header.time = header_time(fields, now);
	header.is_sent = file_header_is_sent(fields, settings);
	header.is_automatic = is_automatic(ctx, fields);
	if (header.is_sent) {
		char *subject = header_line(ctx, fields, "Subject");

		header.recipients = recipients_of(ctx, fields);
		header.subject = subject != NULL ? message_decode(ctx, subject) : NULL;
	}
	return header;
}

struct bytes header_fields(const char *bytes, size_t length, struct bytes *body)
{
	size_t before = header_preamble(bytes, length, '\n');
	struct bytes fields;

	header_split((struct bytes){bytes + before, length - before}, &fields, body);
	return fields;
}

/* Read the header at the beginning of the file PATH; a very long one needs a second look. False: there is no such file. */
static bool fields_of(const void *ctx, const char *path, struct bytes *fields)
{
	static const size_t most[] = {MAIL_HEAD_MAX, MAIL_JUDGED_MAX};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_read = false, is_whole = false;
	struct bytes body;
	size_t length, i;

	for (i = 0; fd >= 0 && i < 2 && !is_whole; i++) {
		char *bytes = talloc_size(ctx, most[i] + 1);

		is_read = lseek(fd, 0, SEEK_SET) == 0 && io_read(fd, bytes, most[i], &length) == STATUS_OK;
		if (!is_read)
			break;
		bytes[length] = '\0';
		*fields = header_fields(bytes, length, &body);
		is_whole = body.length > 0 || length < most[i];
	}
	if (fd >= 0)
		close(fd);
	return is_read;
}

struct file_header *file_headers_read(
        const void *ctx, struct mail *mail, const struct settings *settings, time_t now, size_t *count)
{
	char **files = mail_files(NULL, mail);
	struct file_header *headers = NULL;
	struct bytes fields;
	size_t i;

	*count = 0;
	for (i = 0; files[i] != NULL; i++) {
		void *scratch = talloc_new(files);

		if (fields_of(scratch, files[i], &fields)) {
			headers = array_grow(ctx, headers, struct file_header, *count);
			headers[*count] = header_of(headers, fields, settings, now);
			++*count;
		}
		talloc_free(scratch);
	}
	talloc_free(files);
	return headers;
}

const struct file_header *file_headers_sent(const struct file_header *headers, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (headers[i].is_sent)
			return &headers[i];
	return NULL;
}
