#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "mail/maildir.h"

static enum status say_failure(enum status status, const char *where)
{
	if (status == STATUS_IO || status == STATUS_DISK_FULL)
		cmd_say("resend: can't write %s: %s", where, strerror(errno));
	return status;
}

static enum status print(const struct draft *draft)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < draft->count; i++)
		status = io_write(STDOUT_FILENO, draft->pieces[i].start, draft->pieces[i].length);
	return say_failure(status, "the draft");
}

static enum status add(const void *ctx, struct maildir *maildir, const struct draft *draft)
{
	struct iovec *pieces = talloc_array(ctx, struct iovec, (unsigned)draft->count);
	size_t i;

	for (i = 0; i < draft->count; i++)
		pieces[i] = (struct iovec){(void *)(uintptr_t)draft->pieces[i].start, draft->pieces[i].length};
	return maildir_add(maildir, pieces, draft->count);
}

enum status resend_put(const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	struct maildir *maildir;
	char **paths = NULL, *text = talloc_strdup(ctx, "");
	enum status status;
	bool is_new;
	size_t i;

	if (resending->directory == NULL && drafts->count == 1)
		return print(&drafts->list[0]);
	if (resending->directory == NULL) {
		cmd_say("resend: these are %zu drafts: --draft=DIR says into which Maildir they go", drafts->count);
		return STATUS_USAGE;
	}
	is_new = !resending->hold && access(resending->directory, F_OK) != 0;
	status = maildir_open(ctx, resending->directory, &maildir);
	for (i = 0; status == STATUS_OK && i < drafts->count; i++)
		status = add(ctx, maildir, &drafts->list[i]);
	if (status == STATUS_OK)
		status = maildir_commit(ctx, maildir, &paths);
	if (status != STATUS_OK)
		return say_failure(status, resending->directory);
	if (is_new)
		cmd_say("resend: %s is a new Maildir", resending->directory);
	for (i = 0; paths[i] != NULL; i++)
		text = talloc_asprintf_append_buffer(text, "%s\n", paths[i]);
	return resending->hold ? STATUS_OK : cmd_print(text);
}
