#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "index/mail-files.h"

/* Read FD to its end. What is too large is drained, for the program before us. */
static enum status read_whole(const void *ctx, int fd, struct resending *resending)
{
	enum status status =
	        io_read_all(ctx, fd, RESEND_MAX + 1, &resending->bytes, &resending->length);

	if (status == STATUS_OK && resending->length > RESEND_MAX) {
		io_drain(fd);
		cmd_say("resend: the mail is larger than %u MB", RESEND_MAX >> 20);
		return STATUS_REFUSED;
	}
	return status;
}

static enum status read_file(const void *ctx, const char *path, struct resending *resending)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum status status = fd >= 0                               ? read_whole(ctx, fd, resending)
	                     : errno == ENOENT || errno == ENOTDIR ? STATUS_NO_INPUT
	                                                           : STATUS_IO;

	if (status == STATUS_IO || status == STATUS_NO_INPUT)
		cmd_say("resend: %s: %s", path, strerror(errno));
	if (fd >= 0 && !is_stdin)
		close(fd);
	return status;
}

/* The one mail that NAME means in the index. */
static enum status read_found(const void *ctx, const char *name, struct resending *resending)
{
	char **ids, **files;
	enum status status;
	size_t i;

	if (resending->env.index == NULL) {
		cmd_say("resend %s: no such file, and there is no index of your mail; see notmuch "
		        "setup",
		        name);
		return STATUS_NO_INPUT;
	}
	status = cmd_find(ctx, "resend", resending->env.index, name, &ids);
	if (status != STATUS_OK)
		return status;
	if (ids[1] != NULL) {
		cmd_say("resend %s: these are %zu mails; one at a time, such as id:%s", name,
		        list_length(ids), ids[0]);
		return STATUS_USAGE;
	}
	resending->mail = index_find(ctx, resending->env.index, ids[0]);
	files = resending->mail != NULL ? mail_files(ctx, resending->mail) : list_new(ctx);
	for (i = 0; files[i] != NULL; i++)
		if (access(files[i], R_OK) == 0)
			return read_file(ctx, files[i], resending);
	cmd_say("resend id:%s: it has no file any more", ids[0]);
	return STATUS_NO_INPUT;
}

enum status resending_read(const void *ctx, const char *name, struct resending *resending)
{
	enum status status;

	if (!cmd_is_file(name))
		return read_found(ctx, name, resending);
	if (strcmp(name, "-") == 0 && isatty(STDIN_FILENO))
		cmd_say("reading a mail from the terminal; end it with Ctrl-D, or name a FILE or "
		        "id:...");
	status = read_file(ctx, name, resending);
	if (status == STATUS_OK)
		resending->mail = mail_of_bytes(ctx, resending->env.index, &resending->env.settings,
		        resending->bytes, resending->length);
	return status;
}
