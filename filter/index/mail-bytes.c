#include "index/mail-bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "mail/message-id.h"
#include "mail/message.h"

char *file_bytes(const void *ctx, const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes = NULL;
	size_t room;

	*length = 0;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		room = st.st_size < (off_t)MAIL_JUDGED_MAX ? (size_t)st.st_size : MAIL_JUDGED_MAX;
		bytes = talloc_size(ctx, room + 1);
		if (io_read(fd, bytes, room, length) != STATUS_OK)
			TALLOC_FREE(bytes);
	}
	if (bytes != NULL)
		bytes[*length] = '\0';
	if (fd >= 0)
		close(fd);
	return bytes;
}

char *mail_bytes(const void *ctx, struct mail *mail, size_t *length)
{
	char **files = mail_files(NULL, mail), *bytes = NULL;
	size_t i;

	for (i = 0; bytes == NULL && files[i] != NULL; i++)
		bytes = file_bytes(ctx, files[i], length);
	talloc_free(files);
	return bytes;
}

long long mail_size(struct mail *mail)
{
	char **files = mail_files(NULL, mail);
	struct stat st;
	long long size = 0;
	size_t i;

	for (i = 0; size == 0 && files[i] != NULL; i++)
		if (stat(files[i], &st) == 0)
			size = (long long)st.st_size;
	talloc_free(files);
	return size;
}

/* By what notmuch knows the mail whose Message-ID is FIELD; it makes an id up for one that has none. Owned by CTX; NULL: nothing. */
static char *id_of(const void *ctx, const char *bytes, size_t length, const char *field)
{
	return field != NULL ? message_id_plain(ctx, field) : message_id_of_bytes(ctx, bytes, length);
}

struct mail *mail_of_bytes(
        const void *ctx, struct index *index, const struct settings *settings, const char *bytes, size_t length)
{
	struct message *message;
	struct mail *mail;
	const char *from;

	if (index == NULL || message_read(ctx, bytes, length, &message) != STATUS_OK)
		return NULL;
	from = fields_value(&message->header, "From");
	mail = index_find(ctx, index, id_of(message, bytes, length, fields_value(&message->header, "Message-ID")));
	if (mail != NULL && settings_is_own(settings, mail_header(mail, "From")) &&
	        !settings_is_own(settings, from != NULL ? from : ""))
		TALLOC_FREE(mail);
	talloc_free(message);
	return mail;
}
