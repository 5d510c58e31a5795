#include "commands/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "commands/cmd.h"
#include "index/mail-files.h"
#include "index/properties.h"
#include "text/text.h"
#include "text/wrap.h"

/* Bytes; an explanation has some kilobytes. */
#define HELD_MAX (1u << 20)

/* Bytes of a message that are looked at. */
#define SAID_MAX 1000

/* -- what is kept */

/* Makes the folder PATH if it is not there, and returns whether it is ours and nobody else can
 * enter it, as it may have been made by somebody else. */
static bool is_private(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

/* A session has its own files, so that mutt in another terminal does not get them. `any-` is for
 * `send`, which mutt runs in a session of its own. */
char *hold_path(const void *ctx, const char *name)
{
	static const char *const folders[][2] = {
	        {"XDG_RUNTIME_DIR", ""}, {"XDG_CACHE_HOME", ""}, {"HOME", "/.cache"}};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *value = getenv(folders[i][0]);

		if (value == NULL || value[0] != '/')
			continue;
		char *above = talloc_asprintf(ctx, "%s%s", value, folders[i][1]),
		     *folder = talloc_asprintf(ctx, "%s/notmuch-bounce", above);

		if (folders[i][1][0] != '\0')
			mkdir(above, 0700);
		if (is_private(folder))
			return talloc_asprintf(ctx, "%s/%ld.%s", folder,
			        strncmp(name, "any-", 4) != 0 ? (long)getsid(0) : 0, name);
	}
	return NULL;
}

enum status hold_put(const void *ctx, const char *name, const char *text)
{
	char *path = hold_path(ctx, name);

	if (path == NULL)
		return STATUS_NO_INPUT;
	char *fresh = talloc_asprintf(ctx, "%s.%ld", path, (long)getpid());
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return STATUS_IO;
	enum status status = io_write(fd, text, strlen(text));

	if (close(fd) != 0 && status == STATUS_OK)
		status = io_write_failure();
	if (status == STATUS_OK && rename(fresh, path) != 0)
		status = STATUS_IO;
	if (status != STATUS_OK)
		unlink(fresh);
	return status;
}

char *hold_get(const void *ctx, const char *name)
{
	char *path = hold_path(ctx, name);
	size_t length;

	return path != NULL ? file_bytes(ctx, path, HELD_MAX, &length) : NULL;
}

void hold_forget(const void *ctx, const char *name)
{
	char *path = hold_path(ctx, name);

	if (path != NULL)
		unlink(path);
}

bool hold_is_plain(const char *path)
{
	return path != NULL && path[strspn(path, SHELL_PLAIN "/")] == '\0';
}

/* -- for the last line of mutt */

/* Returns where to cut LINE so that it fits into COLUMNS: after the last clause that does. LINE's
 * length if all of it fits; 0 if too little would be left. */
static size_t clause_end(const void *ctx, const char *line, size_t columns)
{
	static const char *const ends[] = {
	        ": ", "; ", ". ", "? ", " (", "：", "；", "。", "（", " : "};
	size_t best = 0, length = strlen(line), i, n;

	if (text_width(line) <= columns)
		return length;
	for (n = 1; n < length; n++)
		for (i = 0; i < sizeof ends / sizeof *ends; i++)
			if (strncmp(line + n, ends[i], strlen(ends[i])) == 0 &&
			        text_width(talloc_strndup(ctx, line, n)) <= columns)
				best = n + (line[n] == '?');
	return best >= columns / 3 ? best : 0;
}

char *hold_line(const void *ctx, const char *command, const char *said)
{
	char *prefix = talloc_asprintf(ctx, "notmuch-bounce: %s: ", command),
	     *all = g_strchomp(talloc_strdup(ctx, said != NULL ? said : "")),
	     *newline = strrchr(all, '\n'), *last = newline != NULL ? newline + 1 : all;
	struct buffer line = buffer_new(ctx);

	if (last[0] == '\0')
		return NULL;
	if (g_str_has_prefix(last, prefix))
		last += strlen(prefix);
	char *shown = text_one_line(ctx, last, SAID_MAX);
	size_t end = clause_end(ctx, shown, WRAP_COLUMNS);

	if (end > 0)
		shown[end] = '\0';
	shown = g_strdelimit(text_in_columns(ctx, shown, WRAP_COLUMNS), "\"`$\\;|<>^", '.');
	for (; *shown != '\0'; shown++)
		if (*shown == '\'')
			buffer_add_string(&line, "’");
		else
			buffer_add(&line, shown, 1);
	return buffer_text(&line);
}

char *hold_echo(const void *ctx, const char *command, const char *said)
{
	const char *line = hold_line(ctx, command, said);

	return talloc_asprintf(ctx, "echo '%s'\n", line != NULL ? line : "notmuch-bounce:");
}

char *hold_take(const void *ctx, const char *command, const char *nothing)
{
	char *commands = hold_get(ctx, command);

	hold_forget(ctx, command);
	return commands != NULL ? commands : hold_echo(ctx, command, cmd_text(nothing));
}

char *hold_term(const void *ctx, struct mail *mail)
{
	const char *thread = mail_thread(mail);

	if (thread[strspn(thread, "0123456789abcdef")] != '\0')
		return NULL;
	/* Its thread and date, and whether it is a bounce, are enough to find a mail. */
	const char *not = mail_has_tag(mail, TAG_BOUNCE) ? "" : "not ";
	long long date = (long long)mail_date(mail);

	return date < 0 ? talloc_asprintf(ctx, "(thread:%s and %stag:bounce)", thread, not )
	                : talloc_asprintf(ctx, "(thread:%s and date:@%lld..@%lld and %stag:bounce)",
	                          thread, date, date, not );
}
