#include "commands/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "mail/maildir.h"
#include "text/text.h"

/* Bytes; an explanation has some kilobytes. */
#define HELD_MAX (1u << 20)

/* Bytes of a message that are looked at. */
#define SAID_MAX 1000

/* Columns of mutt's last line. */
#define LINE_COLUMNS 79

/* -- what is kept */

/* Makes the folder PATH if need be, and returns whether it is ours and nobody else can enter it:
 * somebody else may have made it before. */
static bool is_private(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

/* Names belong to a session, as several programs in one terminal take turns. `any-` is for what
 * sendmail keeps: mutt runs that in a session of its own. */
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

enum status hold_put(const char *name, const char *text)
{
	void *ctx = talloc_new(NULL);
	char *path = hold_path(ctx, name),
	     *fresh = path != NULL ? talloc_asprintf(ctx, "%s.%ld", path, (long)getpid()) : NULL;
	enum status status = STATUS_NO_INPUT;
	int fd = -1;

	if (fresh != NULL) {
		fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		status = fd >= 0 ? io_write(fd, text, strlen(text)) : STATUS_IO;
	}
	if (fd >= 0 && close(fd) != 0 && status == STATUS_OK)
		status = io_write_failure();
	if (status == STATUS_OK && rename(fresh, path) != 0)
		status = STATUS_IO;
	if (status != STATUS_OK && fd >= 0)
		unlink(fresh);
	talloc_free(ctx);
	return status;
}

char *hold_get(const void *ctx, const char *name)
{
	void *scratch = talloc_new(NULL);
	char *path = hold_path(scratch, name), *text = NULL;
	int fd = path != NULL ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	size_t length;

	if (fd >= 0 && io_read_all(ctx, fd, HELD_MAX, &text, &length) != STATUS_OK)
		text = NULL;
	if (fd >= 0)
		close(fd);
	talloc_free(scratch);
	return text;
}

void hold_forget(const char *name)
{
	void *scratch = talloc_new(NULL);
	char *path = hold_path(scratch, name);

	if (path != NULL)
		unlink(path);
	talloc_free(scratch);
}

bool hold_is_plain(const char *path)
{
	static const char plain[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@/+-";

	return path != NULL && path[strspn(path, plain)] == '\0';
}

/* -- for the last line of mutt */

/* Returns where the last clause of LINE ends that fits into COLUMNS, so that advice is cut off rather
 * than the point; LINE's length if all of it fits, 0 if only a few words would be left. */
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
	char *prefix = talloc_asprintf(ctx, "notmuch-bounce: %s: ", command), *line, *shown, *p;
	size_t length = said != NULL ? strlen(said) : 0, start;

	while (length > 0 && said[length - 1] == '\n')
		length--;
	for (start = length; start > 0 && said[start - 1] != '\n';)
		start--;
	if (length == start)
		return NULL;
	if (length - start >= strlen(prefix) && strncmp(said + start, prefix, strlen(prefix)) == 0)
		start += strlen(prefix);
	shown = text_one_line_of(ctx, said + start, length - start, SAID_MAX);
	length = clause_end(ctx, shown, LINE_COLUMNS);
	if (length > 0)
		shown[length] = '\0';
	line = talloc_strdup(ctx, "");
	for (p = text_in_columns(ctx, shown, LINE_COLUMNS); *p != '\0'; p++)
		line = *p == '\'' ? talloc_strdup_append_buffer(line, "’")
		       : strchr("\"`$\\;|<>^", *p) != NULL
		               ? talloc_strdup_append_buffer(line, ".")
		               : talloc_strndup_append_buffer(line, p, 1);
	return line;
}

char *hold_echo(const void *ctx, const char *command, const char *said)
{
	const char *line = hold_line(ctx, command, said);

	return talloc_asprintf(ctx, "echo '%s'\n", line != NULL ? line : "notmuch-bounce:");
}

char *hold_take(const void *ctx, const char *command, const char *nothing)
{
	char *commands = hold_get(ctx, command);

	hold_forget(command);
	return commands != NULL ? commands : hold_echo(ctx, command, cmd_text(nothing));
}

/* -- an explanation, and the mails that it is about */

void hold_forget_explanation(void)
{
	void *scratch = talloc_new(NULL);
	char *next = hold_path(scratch, "next");

	hold_forget("text");
	hold_forget("query");
	if (next != NULL)
		maildir_empty(next);
	talloc_free(scratch);
}

static void put_file(const void *ctx, struct maildir *maildir, const char *path)
{
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct iovec piece;
	char *bytes = NULL;

	if (fd >= 0 && io_read_all(ctx, fd, RESEND_MAX, &bytes, &piece.iov_len) == STATUS_OK) {
		piece.iov_base = bytes;
		maildir_add(maildir, &piece, 1);
	}
	if (fd >= 0)
		close(fd);
	talloc_free(bytes);
}

/* Puts copies of COUNTERPARTS into the Maildir at PATH, instead of what is there. */
static void put_copies(const void *ctx, const struct counterparts *counterparts, const char *path)
{
	const struct iovec returned = {counterparts->returned, counterparts->returned_length};
	struct maildir *maildir;
	char **paths;

	if (path == NULL || maildir_open(ctx, path, &maildir) != STATUS_OK)
		return;
	maildir_empty(path);
	for (size_t i = 0; i < counterparts->count; i++)
		put_file(ctx, maildir, counterparts->list[i].file);
	if (counterparts->returned != NULL)
		maildir_add(maildir, &returned, 1);
	maildir_commit(ctx, maildir, NULL, &paths);
}

/* Returns the command by which neomutt finds all COUNTERPARTS in the index, without any text from a
 * mail; NULL if they are not all there. */
static char *query_for(const void *ctx, const struct counterparts *counterparts)
{
	struct buffer query = buffer_new(ctx);

	for (size_t i = 0; i < counterparts->count; i++) {
		if (counterparts->list[i].term == NULL)
			return NULL;
		buffer_print(&query, "%s%s", i > 0 ? " or " : "", counterparts->list[i].term);
	}
	return counterparts->count == 0
	               ? NULL
	               : talloc_asprintf(ctx, "push \"<vfolder-from-query>%s<enter>%s\"\n",
	                         buffer_text(&query),
	                         counterparts->count == 1 ? "<display-message>" : "");
}

enum status hold_explanation(
        const void *ctx, const char *text, const struct counterparts *counterparts)
{
	char *query = query_for(ctx, counterparts);

	put_copies(ctx, counterparts, hold_path(ctx, "next"));
	if (query != NULL)
		hold_put("query", query);
	return hold_put("text", text);
}

/* Is a pager's filter: prints the explanation instead of the mail, once. If the filter is still set
 * afterwards, it prints the next mail as it is. */
static enum status print_text(const void *ctx)
{
	char *text = hold_get(ctx, "text");

	if (text == NULL)
		return io_copy(STDIN_FILENO, STDOUT_FILENO);
	io_drain(STDIN_FILENO);
	hold_forget("text");
	return cmd_print(text);
}

/* Moves the folder `next` to one of two that take turns, as the mail program may have the last one
 * open, and returns its path; NULL if there is no mail in it. */
static char *take_folder(const void *ctx)
{
	const char *last = hold_get(ctx, "turn"),
	           *turn = last != NULL && strcmp(last, "mail.1") == 0 ? "mail.2" : "mail.1";
	char *next = hold_path(ctx, "next"), *path = hold_path(ctx, turn);

	if (next == NULL || path == NULL || !hold_is_plain(path) || maildir_is_empty(next) ||
	        !maildir_move(next, path))
		return NULL;
	hold_put("turn", turn);
	return path;
}

enum status hold_print(const void *ctx, const char *what)
{
	if (what[0] == '\0' || strcmp(what, "text") == 0)
		return print_text(ctx);
	/* neomutt opens the mail in the index, if it is there. */
	char *command = strcmp(what, "neomutt") == 0 ? hold_get(ctx, "query") : NULL,
	     *path = command == NULL ? take_folder(ctx) : NULL;

	if (path != NULL)
		command = talloc_asprintf(
		        ctx, "push \"<change-folder-readonly>%s<enter><display-message>\"\n", path);
	return cmd_print(command != NULL
	                         ? command
	                         : hold_echo(ctx, "explain",
	                                   cmd_text("the mail that came back is not here")));
}
