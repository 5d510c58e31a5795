#include "index/mail-files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/date.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/message.h"
#include "mail/words.h"

/* A time is not in the future if a server's clock may be that fast, in seconds. */
#define CLOCK_SLACK (60 * 60)

/* -- bytes */

char *file_bytes(const void *ctx, const char *path, size_t most, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes = NULL;

	*length = 0;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		most = (size_t)st.st_size < most ? (size_t)st.st_size : most;
		bytes = talloc_zero_size(ctx, most + 1);
		if (io_read(fd, bytes, most, length) != STATUS_OK)
			TALLOC_FREE(bytes);
	}
	if (fd >= 0)
		close(fd);
	return bytes;
}

char *mail_bytes(const void *ctx, struct mail *mail, size_t *length)
{
	SCOPED char **files = mail_files(NULL, mail);
	char *bytes = NULL;

	for (size_t i = 0; bytes == NULL && files[i] != NULL; i++)
		bytes = file_bytes(ctx, files[i], MAIL_JUDGED_MAX, length);
	return bytes;
}

struct mail *mail_of_bytes(const void *ctx, struct index *index, const char *bytes, size_t length)
{
	SCOPED struct message *message = NULL;

	if (index == NULL || message_read(NULL, bytes, length, &message) != STATUS_OK)
		return NULL;
	const struct settings *settings = index_settings(index);
	const char *from = fields_value(&message->header, "From");
	const char *field = fields_value(&message->header, "Message-ID");
	struct mail *mail = index_find(ctx, index,
	        field != NULL ? message_id_plain(message, field)
	                      : message_id_of_bytes(message, bytes, length));
	if (mail != NULL && settings_is_own(settings, mail_own_header(message, mail, "From")) &&
	        !settings_is_own(settings, from != NULL ? from : ""))
		TALLOC_FREE(mail);
	return mail;
}

/* -- headers */

/* Removes comments from TEXT, in place, and makes tabs blanks. In comments a server quotes what the
 * sender said. */
static void comments_drop(char *text)
{
	const char *end = text + strlen(text);
	char *to = text;

	for (const char *from = text; from != NULL && from < end;)
		if (*from == '(')
			from = header_comment_end(from, end);
		else {
			*to++ = *from == '\t' ? ' ' : *from;
			from++;
		}
	*to = '\0';
}

/* Returns whether the Received field says that the sender was logged in (RFC 3848: ESMTPA,
 * ESMTPSA), as in the copies that a provider keeps of the mail that its users send. */
static bool is_submitted(char *received)
{
	comments_drop(received);
	const char *by = strcasestr(received, " by ");
	const char *with = by != NULL ? strcasestr(by, " with ") : NULL;
	size_t length = with != NULL ? strcspn(with + 6, " ;") : 0;
	return length > 4 && (with[6 + length - 1] | 0x20) == 'a' &&
	       memmem(with + 6, length, "MTP", 3) != NULL;
}

bool header_is_sent(struct bytes fields, const struct settings *settings)
{
	SCOPED void *scratch = talloc_new(NULL);
	char *from = header_line(scratch, fields, "From"),
	     *received = header_line(scratch, fields, "Received");

	return from != NULL && settings_is_own(settings, from) &&
	       (received == NULL || is_submitted(received));
}

time_t header_time(struct bytes fields, time_t now)
{
	SCOPED void *ctx = talloc_new(NULL);
	char *date = header_line(ctx, fields, "Date"),
	     *received = header_line(ctx, fields, "Received");
	const char *at = received != NULL ? strrchr(received, ';') : NULL;
	time_t written = date != NULL ? date_read(date) : 0,
	       came = at != NULL ? date_read(at + 1) : 0;

	if (written <= 0 || (came > 0 && came < written))
		written = came;
	if (written <= 0 || written > now + CLOCK_SLACK)
		return 0;
	return written < now ? written : now;
}

/* Returns whether FIELDS are of an automatic response (RFC 3834) or a report. */
static bool is_response(const void *ctx, struct bytes fields)
{
	static const struct {
		const char *name, *begins; /* how its value begins; "": any */
		bool otherwise;            /* it is a sign if its value does not begin so */
	} signs[] = {{"Auto-Submitted", "no", true}, {"Return-Path", "<>", false},
	        {"Precedence", "auto_reply", false}, {"X-Autoreply", "", false},
	        {"X-Autorespond", "", false}, {"Content-Type", "multipart/report", false}};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const char *value = header_line(ctx, fields, signs[i].name);

		if (value != NULL && (strncasecmp(value, signs[i].begins,
		                              strlen(signs[i].begins)) == 0) != signs[i].otherwise)
			return true;
	}
	return false;
}

char **header_recipients(const void *ctx, struct bytes fields)
{
	const char *at = fields.start, *end = at + fields.length;
	char **list = list_new(ctx);
	struct header_field field;

	for (size_t count = 0;
	        count < RECIPIENTS_MAX && header_next(&at, end, HEADER_STRICT, &field);) {
		struct bytes value = header_field_value(&field);

		if (!header_field_is_recipients(&field))
			continue;
		SCOPED char **some = address_list_read(NULL, value.start, value.length);

		for (size_t i = 0; some[i] != NULL && count < RECIPIENTS_MAX; i++, count++)
			list_add(ctx, &list, some[i]);
	}
	return list;
}

/* Returns the headers of those files of MAIL that can be read, *COUNT of them, owned by CTX. A file
 * is read again if its header is longer than the first bytes. */
static struct bytes *headers_read(const void *ctx, struct mail *mail, size_t *count)
{
	char **files = mail_files(ctx, mail);
	struct bytes *headers = array_new(ctx, struct bytes, list_length(files) + 1);

	for (*count = 0; *files != NULL; files++) {
		size_t length;
		char *bytes = file_bytes(ctx, *files, MAIL_HEAD_MAX, &length);

		if (bytes == NULL)
			continue;
		headers[*count] = header_split(bytes, length, NULL);
		if (length == MAIL_HEAD_MAX &&
		        headers[*count].start + headers[*count].length == bytes + length) {
			talloc_free(bytes);
			bytes = file_bytes(ctx, *files, MAIL_JUDGED_MAX, &length);
			headers[*count] = header_split(bytes != NULL ? bytes : "", length, NULL);
		}
		++*count;
	}
	return headers;
}

/* Returns the header of the file of MAIL that the user sent, if it has others too; else none. */
static struct bytes own_fields(const void *ctx, struct mail *mail)
{
	size_t count = 0;
	struct bytes *headers = NULL;

	if (list_length(mail_files(ctx, mail)) > 1)
		headers = headers_read(ctx, mail, &count);
	for (size_t i = 0; i < count; i++)
		if (header_is_sent(headers[i], index_settings(mail_index(mail))))
			return headers[i];
	return (struct bytes){NULL, 0};
}

const char *mail_own_header(const void *ctx, struct mail *mail, const char *name)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct bytes fields = own_fields(scratch, mail);
	char *line = fields.start != NULL ? header_line(scratch, fields, name) : NULL;

	if (fields.start == NULL)
		return mail_header(mail, name);
	return line != NULL ? talloc_strdup(ctx, decode_words(scratch, line)) : "";
}

time_t mail_own_date(struct mail *mail)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct bytes fields = own_fields(scratch, mail);
	time_t time = fields.start != NULL ? header_time(fields, index_now(mail_index(mail))) : 0;

	return time > 0 ? time : mail_date(mail);
}

long long mail_size(struct mail *mail)
{
	SCOPED char **files = mail_files(NULL, mail);
	bool is_one = list_length(files) == 1;
	long long size = 0;
	struct stat st;

	for (size_t i = 0; files[i] != NULL; i++) {
		if (stat(files[i], &st) != 0 || st.st_size == 0)
			continue;
		size_t length = 0;
		char *bytes = is_one ? NULL : file_bytes(files, files[i], MAIL_HEAD_MAX, &length);

		if (bytes != NULL && header_is_sent(header_split(bytes, length, NULL),
		                             index_settings(mail_index(mail))))
			return (long long)st.st_size;
		size = size == 0 ? (long long)st.st_size : size;
	}
	return size;
}

static char *author_of(const void *ctx, struct bytes fields)
{
	char *from = header_line(ctx, fields, "From");

	return from != NULL ? address_list_only(ctx, from) : NULL;
}

time_t mail_time_from(struct mail *mail, const char *address, bool personal)
{
	SCOPED void *ctx = talloc_new(NULL);
	time_t newest = 0;
	size_t count;
	struct bytes *headers = headers_read(ctx, mail, &count);

	for (size_t i = 0; i < count; i++) {
		const char *author = author_of(ctx, headers[i]);

		if (author == NULL || !address_equal(author, address) ||
		        (personal && is_response(ctx, headers[i])))
			continue;
		time_t time = header_time(headers[i], index_now(mail_index(mail)));
		newest = time > newest ? time : newest;
	}
	return newest;
}

time_t mail_last_from(struct index *index, const char *address, time_t since, bool personal)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct buffer query = buffer_new(scratch);
	time_t newest = 0;

	if (address_is_complete(address) && words_add(&query, "from", address) != WORDS_NONE &&
	        since > 0)
		buffer_print(&query, " and date:@%lld..@%lld", (long long)since,
		        (long long)index_now(index));
	struct found *found = index_search(scratch, index, query.text, REPLIES_MAX);
	/* The query finds words only, so addresses are compared. */
	for (struct mail *mail; newest <= since && (mail = found_next(found)) != NULL;) {
		time_t time = mail_time_from(mail, address, personal);

		newest = time > newest ? time : newest;
	}
	return newest;
}

/* -- the user's own mail */

static int compare_digests(const void *a, const void *b)
{
	const struct sent_recipient *one = a, *other = b;

	return strcmp(one->digest, other->digest);
}

static int sent_compare(const void *a, const void *b)
{
	const struct sent_recipient *one = a, *other = b;
	int order = compare_digests(a, b);

	return order != 0 ? order : strcmp(one->address, other->address);
}

/* Sets the recipients of SENT by its addresses, each once. If an address is written in several
 * ways, the first by strcmp() is kept, so that the order of the files makes no difference. */
static void sent_find_recipients(const void *ctx, struct sent *sent)
{
	size_t count = list_length(sent->addresses);
	struct sent_recipient *list = array_new(ctx, struct sent_recipient, count);

	for (size_t i = 0; i < count; i++)
		list[i] = (struct sent_recipient){
		        address_digest(list, sent->addresses[i]), sent->addresses[i]};
	if (count > 0)
		qsort(list, count, sizeof *list, sent_compare);
	for (size_t i = 0; i < count; i++)
		if (sent->count == 0 || compare_digests(&list[sent->count - 1], &list[i]) != 0)
			list[sent->count++] = list[i];
	sent->recipients = list;
}

struct sent sent_read(const void *ctx, struct mail *mail)
{
	size_t count;
	struct bytes *headers = headers_read(ctx, mail, &count);
	struct sent sent = {
	        .subjects = list_new(ctx), .addresses = list_new(ctx), .has_file = count > 0};

	for (size_t i = 0; i < count; i++) {
		char *subject = header_line(ctx, headers[i], "Subject");
		time_t time = header_time(headers[i], index_now(mail_index(mail)));

		if (!header_is_sent(headers[i], index_settings(mail_index(mail))))
			continue;
		if (!sent.is_own)
			sent.author = author_of(ctx, headers[i]);
		sent.is_own = true;
		if (sent.time == 0 || (time > 0 && time < sent.time))
			sent.time = time;
		if (subject != NULL)
			list_add(ctx, &sent.subjects, decode_words(ctx, subject));
		for (char **to = header_recipients(ctx, headers[i]); *to != NULL; to++)
			list_add(ctx, &sent.addresses, *to);
	}
	if (!sent.is_own && count > 0)
		sent.author = author_of(ctx, headers[0]);
	sent_find_recipients(ctx, &sent);
	return sent;
}

const struct sent_recipient *sent_recipient(const struct sent *sent, const char *digest)
{
	const struct sent_recipient key = {.digest = (char *)digest};

	return sent->count > 0
	               ? bsearch(&key, sent->recipients, sent->count, sizeof key, compare_digests)
	               : NULL;
}
