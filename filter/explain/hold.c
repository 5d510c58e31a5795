#include "explain/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"

/* An explanation has some kilobytes. */
#define HELD_MAX (1u << 20)

/* A folder of the user's that DIRECTORY names; NULL if it is no absolute path. */
static char *below(const void *ctx, const char *directory, const char *more)
{
	return directory != NULL && directory[0] == '/'
	               ? talloc_asprintf(ctx, "%s%s", directory, more)
	               : NULL;
}

/* Whether PATH is a folder of ours that nobody else can enter, made if need be. In a folder that
 * others can write to, someone may have made it first. */
static bool is_private(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

/* Of this session: several programs in one terminal take turns. Of all, if NAME says so: mutt runs
 * sendmail in a session of its own. */
char *hold_path(const void *ctx, const char *name)
{
	char *folders[] = {
	        below(ctx, getenv("XDG_RUNTIME_DIR"), "/notmuch-bounce"),
	        below(ctx, getenv("XDG_CACHE_HOME"), "/notmuch-bounce"),
	        below(ctx, getenv("HOME"), "/.cache/notmuch-bounce"),
	};
	char *cache = below(ctx, getenv("HOME"), "/.cache");
	size_t i;

	if (cache != NULL)
		mkdir(cache, 0700);
	for (i = 0; i < sizeof folders / sizeof *folders; i++)
		if (folders[i] != NULL && is_private(folders[i]))
			return talloc_asprintf(ctx, "%s/%ld.%s", folders[i],
			        strncmp(name, "any-", 4) != 0 ? (long)getsid(0) : 0, name);
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
