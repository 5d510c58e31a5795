#include "explain/counterpart.h"

#include <fcntl.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "base/limits.h"
#include "explain/hold.h"
#include "index/properties.h"
#include "mail/maildir.h"

struct counterpart counterpart_of(const void *ctx, struct mail *mail)
{
	return (struct counterpart){.thread = talloc_strdup(ctx, mail_thread(mail)),
	        .date = (long long)mail_date(mail),
	        .is_bounce = mail_has_tag(mail, TAG_BOUNCE),
	        .file = mail_files(ctx, mail)[0]};
}

void counterpart_add(const void *ctx, struct counterparts *counterparts, struct mail *mail)
{
	if (counterparts->count == COUNTERPARTS_MAX)
		return;
	counterparts->list =
	        array_grow(ctx, counterparts->list, struct counterpart, counterparts->count);
	counterparts->list[counterparts->count++] = counterpart_of(ctx, mail);
}

static bool put_file(const void *ctx, struct maildir *maildir, const char *path)
{
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct iovec piece;
	char *bytes = NULL;
	bool put = fd >= 0 && io_read_all(ctx, fd, RESEND_MAX, &bytes, &piece.iov_len) == STATUS_OK;

	piece.iov_base = bytes;
	put = put && maildir_add(maildir, &piece, 1) == STATUS_OK;
	if (fd >= 0)
		close(fd);
	talloc_free(bytes);
	return put;
}

bool counterpart_put(const void *ctx, const struct counterparts *counterparts, const char *path)
{
	const struct iovec returned = {counterparts->returned, counterparts->returned_length};
	struct maildir *maildir;
	bool put = false;
	char **paths;
	size_t i;

	if (maildir_open(ctx, path, &maildir) != STATUS_OK)
		return false;
	maildir_empty(path);
	for (i = 0; i < counterparts->count; i++)
		put = put_file(ctx, maildir, counterparts->list[i].file) || put;
	if (counterparts->returned != NULL)
		put = maildir_add(maildir, &returned, 1) == STATUS_OK || put;
	return put && maildir_commit(ctx, maildir, NULL, &paths) == STATUS_OK;
}

/* `thread:… and date:@…`: with whether it is a bounce, that names a mail as well as its id does. */
char *counterpart_term(const void *ctx, const struct counterpart *counterpart)
{
	const char *kind = counterpart->is_bounce ? "tag:bounce" : "not tag:bounce";
	const char *thread = counterpart->thread;

	if (thread == NULL || thread[strspn(thread, "0123456789abcdef")] != '\0')
		return NULL;
	if (counterpart->date < 0)
		return talloc_asprintf(ctx, "(thread:%s and %s)", thread, kind);
	return talloc_asprintf(ctx, "(thread:%s and date:@%lld..@%lld and %s)", thread,
	        counterpart->date, counterpart->date, kind);
}

char *counterpart_in_index(const void *ctx, const struct counterparts *counterparts)
{
	char *query = NULL;
	size_t i;

	for (i = 0; i < counterparts->count; i++) {
		char *term = counterpart_term(ctx, &counterparts->list[i]);

		if (term == NULL)
			return NULL;
		query = query == NULL ? term : talloc_asprintf(ctx, "%s or %s", query, term);
	}
	if (query == NULL)
		return NULL;
	return talloc_asprintf(ctx, "push \"<vfolder-from-query>%s<enter>%s\"\n", query,
	        i == 1 ? "<display-message>" : "");
}

char *counterpart_in_folder(const void *ctx, const char *path)
{
	return path != NULL && hold_is_plain(path)
	               ? talloc_asprintf(ctx,
	                         "push \"<change-folder-readonly>%s<enter><display-message>\"\n",
	                         path)
	               : NULL;
}
