#include "mail/mbox.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* `12:34` somewhere in it: what quoted text that begins with "From " hardly has behind an empty
 * line. */
static bool has_time(const char *line, size_t length)
{
	size_t i;

	for (i = 2; i + 2 < length; i++)
		if (line[i] == ':' && is_digit(line[i - 1]) && is_digit(line[i - 2]) &&
		        is_digit(line[i + 1]) && is_digit(line[i + 2]))
			return true;
	return false;
}

bool mbox_is_from_line(const char *line, size_t length)
{
	return length > 20 && strncmp(line, "From ", 5) == 0 &&
	       has_time(line, length < 300 ? length : 300);
}

/* A mail that is being put together. */
struct gathering {
	char *bytes;
	size_t length, room, max;
};

static void gather(const void *ctx, struct gathering *mail, const char *line, size_t length)
{
	if (length > mail->max - mail->length)
		length = mail->max - mail->length;
	if (mail->length + length > mail->room || mail->bytes == NULL) {
		mail->room = 2 * (mail->length + length) + 4096;
		mail->bytes = talloc_realloc_size(ctx, mail->bytes, mail->room + 1);
	}
	memcpy(mail->bytes + mail->length, line, length);
	mail->length += length;
	mail->bytes[mail->length] = '\0';
}

enum status mbox_next(
        const void *ctx, struct mbox *mbox, size_t max, char **bytes, size_t *length, bool *is_last)
{
	struct gathering mail = {.max = max};
	bool blank = false;
	ssize_t n;

	if (mbox->pending > 0)
		gather(ctx, &mail, mbox->line, mbox->pending);
	mbox->pending = 0;
	while ((n = getline(&mbox->line, &mbox->room, mbox->file)) > 0) {
		if (blank && mbox_is_from_line(mbox->line, (size_t)n)) {
			mbox->pending = (size_t)n;
			break;
		}
		blank = mbox->line[0] == '\n' || (mbox->line[0] == '\r' && n == 2);
		gather(ctx, &mail, mbox->line, (size_t)n);
	}
	*bytes = mail.bytes;
	*length = mail.length;
	*is_last = mbox->pending == 0;
	mbox->number++;
	/* getline() also fails for want of memory. */
	return n < 0 && !feof(mbox->file) ? STATUS_IO : STATUS_OK;
}

void mbox_close(struct mbox *mbox)
{
	free(mbox->line);
}
