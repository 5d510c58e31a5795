/* A file: split into mails, each read as one, as it is and with the other newlines; and put into a Maildir, and found there again. */
#include "mail/message.h"
#include "fuzz.h"
#include <stdio.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/input.h"
#include "mail/maildir.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "text/text.h"

/* TEXT without its blanks, up to a NUL. */
static char *without_blanks(const void *ctx, const char *text)
{
	char *copy = talloc_strdup(ctx, text), *to = copy;

	for (; *text != '\0'; text++)
		if (strchr(" \t\r\n", *text) == NULL)
			*to++ = *text;
	*to = '\0';
	return copy;
}

/* FIELD was read, and RAW is where it lies. */
static void check_field(const void *ctx, const struct field *field, const struct header_field *raw)
{
	struct buffer copy = buffer_new(ctx);
	char *line = header_field_line(ctx, raw), *value = without_blanks(ctx, field->value);
	const char *at;
	struct header_field again;

	header_field_copy(&copy, raw);
	CHECK(strlen(field->name) == field->name_length && header_field_is(raw, field->name));
	CHECK(strpbrk(field->value, "\n") == NULL && (field->value[0] == '\0' || strchr(" \t", field->value[0]) == NULL));
	CHECK(strpbrk(line, "\r\n") == NULL && strlen(copy.text) == copy.length && copy.text[copy.length - 1] == '\n');
	/* The copy is one field, and the same. */
	at = copy.text;
	CHECK(header_next(&at, copy.text + copy.length, HEADER_STRICT, &again) && at == copy.text + copy.length);
	if (memchr(raw->text, '\0', raw->length) == NULL)
		CHECK(strcmp(value, without_blanks(ctx, line)) == 0);
}

/* The same fields are found by both ways of reading. */
static void check_header(const void *ctx, const struct message *message)
{
	const char *at = message->bytes, *end = at + message->length;
	const struct fields *header = &message->header;
	struct bytes body, fields = header_split(message->bytes, message->length, &body);
	struct header_field raw;
	size_t i;

	CHECK(fields.start == message->bytes && body.start == message->bytes + message->body && body.start + body.length == end);
	CHECK(fields.start + fields.length <= body.start && body.start - (fields.start + fields.length) <= 2);
	for (i = 0; i < header->count; i++) {
		CHECK(header_next(&at, end, HEADER_STRICT, &raw) && raw.text + raw.length == at && at <= body.start);
		check_field(ctx, &header->list[i], &raw);
		CHECK(header_line(ctx, fields, header->list[i].name) != NULL);
	}
	CHECK(header->count == HEADER_FIELDS_MAX || !header_next(&at, end, HEADER_STRICT, &raw));
}

static void check_decoded(const void *ctx, const struct message *message)
{
	size_t i;

	for (i = 0; i < message->header.count && i < 20; i++) {
		char *text = decode_words(ctx, message->header.list[i].value);

		CHECK(text != NULL && text_is_utf8(text, strlen(text)));
	}
}

static void check_same(const struct message *message, const struct message *other)
{
	size_t i;

	CHECK(other->length == message->length && memcmp(other->bytes, message->bytes, message->length) == 0);
	CHECK(other->body == message->body && other->header.count == message->header.count);
	for (i = 0; i < message->header.count; i++)
		CHECK(strcmp(other->header.list[i].value, message->header.list[i].value) == 0);
}

/* BYTES with EOL for each LF are the same mail. */
static void check_newlines(const void *ctx, const struct message *message, const char *bytes, size_t size, const char *eol)
{
	struct buffer text = buffer_new(ctx);
	struct message *other;
	size_t i;

	for (i = 0; i < size; i++)
		buffer_add(&text, bytes[i] == '\n' ? eol : bytes + i, bytes[i] == '\n' ? strlen(eol) : 1);
	CHECK(message_read(ctx, buffer_text(&text), text.length, &other) == STATUS_OK);
	check_same(message, other);
}

static enum status check_mail(const void *ctx, const char *bytes, size_t size)
{
	struct message *message, *again;
	struct fields group;

	CHECK(fields_read(ctx, bytes, size, HEADER_LENIENT, &group) <= size && group.count <= HEADER_FIELDS_MAX);
	if (message_read(ctx, bytes, size, &message) != STATUS_OK)
		return STATUS_NOT_MAIL;
	CHECK(message->body <= message->length && message->length <= MIN(size, MAIL_JUDGED_MAX) &&
	        message->bytes[message->length] == '\0');
	CHECK(header_preamble(message->bytes, message->length, '\n') == 0);
	check_header(ctx, message);
	check_decoded(ctx, message);
	if (size <= MAIL_JUDGED_MAX / 2 && memchr(bytes, '\r', size) == NULL) {
		check_newlines(ctx, message, bytes, size, "\r\n");
		check_newlines(ctx, message, bytes, size, "\r");
		CHECK(message_read(ctx, message->bytes, message->length, &again) == STATUS_OK);
		check_same(message, again);
	}
	return STATUS_OK;
}

/* What input_walk() gave out. */
struct walked {
	const void *ctx;
	struct buffer all;
	size_t count, mails, complaints;
};

/* Each but the first begins where a From_ line follows an empty one. */
static enum status take_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct walked *walked = argument;
	const char *before = buffer_text(&walked->all) + walked->all.length;
	size_t at = walked->all.length;
	enum status status = check_mail(walked->ctx, bytes, length);

	CHECK(length <= MAIL_JUDGED_MAX);
	CHECK(strncmp(name, fuzz_scratch(), strlen(fuzz_scratch())) == 0);
	CHECK(at == 0 || (strncmp(bytes, "From ", 5) == 0 && before[-1] == '\n' &&
	                         (at <= 2 || before[-2] == '\n' || memcmp(before - 3, "\n\r", 2) == 0)));
	buffer_add(&walked->all, bytes, length);
	walked->count++;
	walked->mails += status == STATUS_OK;
	return status;
}

static void take_complaint(void *argument, const char *name, const char *what)
{
	struct walked *walked = argument;

	CHECK(name != NULL && what != NULL);
	walked->complaints++;
}

/* All bytes of the mails at PATH are given out once, but for what a mail has beyond the cap. Returns how many mails these are. */
static size_t check_walk(const void *ctx, const char *path, bool is_folder, const char *bytes, size_t size)
{
	struct walked walked = {.ctx = ctx, .all = buffer_new(ctx)};
	const struct input input = {take_mail, take_complaint, &walked};
	enum status status = input_walk(&input, path);

	if (size <= MAIL_JUDGED_MAX)
		CHECK(walked.all.length == size && memcmp(buffer_text(&walked.all), bytes, size) == 0);
	if (is_folder)
		CHECK(status == (walked.mails > 0 ? STATUS_OK : STATUS_NO_INPUT) && walked.complaints == (walked.mails == 0));
	else
		CHECK(status == (walked.mails == walked.count ? STATUS_OK : STATUS_NOT_MAIL) &&
		        walked.complaints == walked.count - walked.mails);
	return walked.count;
}

/* Put into a Maildir in three pieces, BYTES are one file of it, for nobody else. */
static void check_maildir(const void *ctx, const char *bytes, size_t size, size_t count)
{
	char *path = talloc_asprintf(ctx, "%s/box", fuzz_scratch()), **paths, *copy;
	const struct iovec pieces[] = {
	        {(char *)bytes, size / 3}, {(char *)bytes, 0}, {(char *)bytes + size / 3, size - size / 3}};
	struct maildir *maildir;
	size_t length;
	struct stat st;

	CHECK(maildir_open(ctx, path, &maildir) == STATUS_OK && maildir_is_empty(path));
	CHECK(maildir_add(maildir, pieces, 3) == STATUS_OK && maildir_is_empty(path));
	CHECK(maildir_commit(ctx, maildir, NULL, &paths) == STATUS_OK && paths[0] != NULL && paths[1] == NULL);
	CHECK(!maildir_is_empty(path) && stat(paths[0], &st) == 0 && st.st_mode == (S_IFREG | 0600));
	copy = fuzz_read(ctx, paths[0], &length);
	CHECK(copy != NULL && length == size && memcmp(copy, bytes, size) == 0);
	CHECK(check_walk(ctx, path, true, bytes, size) == count);
	maildir_empty(path);
	CHECK(maildir_is_empty(path));
}

/* The same mail, with its last byte again and again until it is longer than is looked at. */
static void check_cap(const void *ctx, const char *path, const char *bytes, size_t size)
{
	static unsigned round;
	size_t length = MAIL_JUDGED_MAX + 1 + size;

	if (round++ % 1000 != 0 || size == 0)
		return;
	char *mail = talloc_array(ctx, char, (unsigned)length);
	memset(mail, bytes[size - 1], length);
	memcpy(mail, bytes, size);
	fuzz_write(path, mail, length);
	check_walk(ctx, path, false, mail, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *bytes = (const char *)data;
	char *path = talloc_asprintf(ctx, "%s/file", fuzz_scratch());

	fuzz_write(path, bytes, size);
	check_maildir(ctx, bytes, size, check_walk(ctx, path, false, bytes, size));
	check_cap(ctx, path, bytes, size);
	talloc_free(ctx);
	return 0;
}
