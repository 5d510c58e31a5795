#include "setup/user-file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"

/* Written by hand; what is larger is something else. */
#define USER_FILE_MAX (1u << 20)

#define COPIES_MAX 1000

static enum status fail(const void *ctx, enum status status, const char *what, const char **why)
{
	*why = talloc_asprintf(ctx, "%s: %s", what, strerror(errno));
	return status;
}

/* The folder that PATH is in. */
static char *folder_of(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return talloc_strdup(ctx, ".");
	return slash == path ? talloc_strdup(ctx, "/") : talloc_strndup(ctx, path, (size_t)(slash - path));
}

/* Of the folder, or of the one that will be its parent. */
static void folder_owner(const char *path, struct user_file *file)
{
	char *folder = folder_of(NULL, path);
	struct stat st;

	file->owner = geteuid();
	file->group = getegid();
	while (stat(folder, &st) != 0 && strchr(folder + 1, '/') != NULL)
		*strrchr(folder, '/') = '\0';
	if (stat(folder, &st) == 0 && st.st_uid != geteuid()) {
		file->owner = st.st_uid;
		file->group = st.st_gid;
	}
	talloc_free(folder);
}

static enum status read_text(const void *ctx, int fd, struct user_file *file, const char **why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(ctx, STATUS_IO, "can't be read", why);
	file->exists = true;
	file->mode = st.st_mode & 07777;
	file->owner = st.st_uid;
	file->group = st.st_gid;
	/* root may write anything; who took the right to write away meant it nevertheless */
	file->protected = (st.st_mode & 0222) == 0 || faccessat(AT_FDCWD, file->target, W_OK, AT_EACCESS) != 0;
	*why = S_ISDIR(st.st_mode) ? "is a folder" : "is no plain file";
	if (!S_ISREG(st.st_mode))
		return STATUS_IO;
	*why = "has a second name (a hard link), which would be cut off";
	if (st.st_nlink > 1)
		return STATUS_IO;
#ifdef __linux__
	*why = "has an access list (ACL), which would be lost";
	if (fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0)
		return STATUS_IO;
#endif
	if (io_read_all(ctx, fd, USER_FILE_MAX + 1, &file->text, &file->length) != STATUS_OK)
		return fail(ctx, STATUS_IO, "can't be read", why);
	*why = "is too large for a file written by hand";
	if (file->length > USER_FILE_MAX)
		return STATUS_IO;
	*why = "is no text";
	return strlen(file->text) == file->length ? STATUS_OK : STATUS_IO;
}

enum status user_file_read(const void *ctx, const char *path, struct user_file *file, const char **why)
{
	char *target = realpath(path, NULL);
	struct stat st;
	enum status status;
	int fd;

	*file = (struct user_file){.path = talloc_strdup(ctx, path), .text = talloc_strdup(ctx, ""), .mode = 0600};
	file->target = talloc_strdup(ctx, target != NULL ? target : path);
	free(target);
	fd = open(file->target, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd >= 0) {
		status = read_text(ctx, fd, file, why);
		close(fd);
		return status;
	}
	*why = "is a link to a file that is not there";
	if (errno == ELOOP && stat(path, &st) != 0 && errno == ENOENT)
		return STATUS_IO;
	if (errno != ENOENT)
		return fail(ctx, STATUS_IO, "can't be read", why);
	folder_owner(path, file);
	return STATUS_OK;
}

/* Write TEXT to FD, which is closed, with FILE's owner. */
static enum status fill(const void *ctx, int fd, const struct user_file *file, const char *text, mode_t mode, const char **why)
{
	enum status status = io_write(fd, text, strlen(text));

	if (status == STATUS_OK && (fchown(fd, file->owner, file->group) != 0 || fchmod(fd, mode) != 0 || fsync(fd) != 0))
		status = io_write_failure();
	if (status != STATUS_OK)
		fail(ctx, status, "can't be written", why);
	if (close(fd) != 0 && status == STATUS_OK)
		status = fail(ctx, io_write_failure(), "can't be written", why);
	return status;
}

enum status user_file_keep(const void *ctx, const struct user_file *file, char **copy, const char **why)
{
	enum status status;
	int fd = -1, i;

	*copy = NULL;
	if (!file->exists)
		return STATUS_OK;
	errno = EEXIST;
	for (i = 0; fd < 0 && errno == EEXIST && i < COPIES_MAX; i++) {
		talloc_free(*copy);
		*copy = i == 0 ? talloc_asprintf(ctx, "%s.before-notmuch-bounce", file->path)
		               : talloc_asprintf(ctx, "%s.before-notmuch-bounce.%d", file->path, i);
		fd = open(*copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	if (fd < 0)
		return fail(ctx, io_write_failure(), "no copy of it can be kept", why);
	status = fill(ctx, fd, file, file->text, file->mode, why);
	if (status != STATUS_OK)
		unlink(*copy);
	return status;
}

/* The folders above PATH, as far as they are missing. */
static bool make_folders(const struct user_file *file)
{
	char *path = talloc_strdup(NULL, file->target), *slash;
	bool fine = true;

	for (slash = path; fine && (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		if (mkdir(path, 0777) == 0)
			fine = lchown(path, file->owner, file->group) == 0;
		else
			fine = errno == EEXIST;
		*slash = '/';
	}
	talloc_free(path);
	return fine;
}

static bool is_unchanged(const void *ctx, const struct user_file *file)
{
	struct user_file now;
	const char *why;

	return user_file_read(ctx, file->path, &now, &why) == STATUS_OK && now.exists == file->exists &&
	       strcmp(now.target, file->target) == 0 && strcmp(now.text, file->text) == 0;
}

/* Put the file TEMPORARY in place; a file that has appeared there meanwhile is not replaced unless FILE was there before. */
static bool put_in_place(const char *temporary, const struct user_file *file, const char *folder)
{
	int fd;

	if (!file->exists && link(temporary, file->target) == 0)
		unlink(temporary);
	else if ((!file->exists && errno == EEXIST) || rename(temporary, file->target) != 0)
		return false;
	fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (fd >= 0) {
		fsync(fd); /* it is there by now, whatever this says */
		close(fd);
	}
	return true;
}

static enum status replace(const void *ctx, const struct user_file *file, const char *text, mode_t mode, const char **why)
{
	char *folder = folder_of(ctx, file->target), *temporary = talloc_asprintf(ctx, "%s.XXXXXX", file->target);
	enum status status;
	int fd;

	if (!file->exists && !make_folders(file))
		return fail(ctx, io_write_failure(), "its folder can't be made", why);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return fail(ctx, io_write_failure(), "nothing can be written in its folder", why);
	status = fill(ctx, fd, file, text, mode, why);
	*why = status == STATUS_OK ? "has changed meanwhile; run this again" : *why;
	if (status == STATUS_OK && !is_unchanged(ctx, file))
		status = STATUS_LOCKED;
	if (status == STATUS_OK && !put_in_place(temporary, file, folder))
		status = fail(ctx, io_write_failure(), "can't be replaced", why);
	if (status != STATUS_OK)
		unlink(temporary);
	return status;
}

enum status user_file_write(
        const void *ctx, const struct user_file *file, const char *text, mode_t mode, char **copy, const char **why)
{
	sigset_t all, before;
	enum status status;

	*copy = NULL;
	*why = "is write-protected";
	if (file->protected)
		return STATUS_IO;
	/* ^C waits until it is done: nothing half-made stays behind. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	status = user_file_keep(ctx, file, copy, why);
	if (status == STATUS_OK) {
		status = replace(ctx, file, text, mode, why);
		if (status != STATUS_OK && *copy != NULL)
			unlink(*copy);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
