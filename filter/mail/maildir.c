#include "mail/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/list.h"

struct maildir {
	char *path;
	int tmp, new, cur; /* its folders */
	char **names;      /* of the files that nobody sees yet */
	size_t count;
};

static int maildir_free(struct maildir *maildir)
{
	size_t i;

	for (i = 0; i < maildir->count; i++)
		unlinkat(maildir->tmp, maildir->names[i], 0);
	if (maildir->tmp >= 0)
		close(maildir->tmp);
	if (maildir->new >= 0)
		close(maildir->new);
	if (maildir->cur >= 0)
		close(maildir->cur);
	return 0;
}

/* The folder NAME of the directory AT, made if it is not there. -1 with errno set. */
static int folder_open(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum status maildir_open(const void *ctx, const char *path, struct maildir **out)
{
	struct maildir *maildir = talloc_zero(ctx, struct maildir);
	int root;

	maildir->path = talloc_strdup(maildir, path);
	maildir->tmp = maildir->new = maildir->cur = -1;
	maildir->names = list_new(maildir);
	talloc_set_destructor(maildir, maildir_free);
	root = folder_open(AT_FDCWD, path);
	if (root < 0)
		return STATUS_IO;
	maildir->tmp = folder_open(root, "tmp");
	maildir->new = maildir->tmp >= 0 ? folder_open(root, "new") : -1;
	maildir->cur = maildir->new >= 0 ? folder_open(root, "cur") : -1;
	close(root);
	*out = maildir;
	return maildir->cur >= 0 ? STATUS_OK : STATUS_IO;
}

/* Unlike any other in that Maildir: the time, our number, and chance. NULL if the system has no
 * random numbers. */
static char *new_name(const void *ctx)
{
	uint64_t number;

	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return NULL;
	return talloc_asprintf(ctx, "%lld.R%016" PRIx64 "P%ld.notmuch-bounce",
	        (long long)time(NULL), number, (long)getpid());
}

static enum status pieces_write(int fd, const struct iovec *pieces, size_t count)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < count; i++)
		status = io_write(fd, pieces[i].iov_base, pieces[i].iov_len);
	return status == STATUS_OK && fsync(fd) != 0 ? io_write_failure() : status;
}

enum status maildir_add(struct maildir *maildir, const struct iovec *pieces, size_t count)
{
	char *name = new_name(maildir);
	enum status status;
	int fd, error;

	if (name == NULL)
		return STATUS_TRY_LATER;
	list_add(maildir, &maildir->names, &maildir->count, name);
	fd = openat(maildir->tmp, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return io_write_failure();
	status = pieces_write(fd, pieces, count);
	error = errno;
	if (close(fd) != 0 && status == STATUS_OK) {
		error = errno;
		status = io_write_failure();
	}
	errno = error;
	return status;
}

/* Take the first COUNT of NAMES out of FOLDER again, errno staying as it is. */
static enum status commit_undo(int folder, char **names, size_t count)
{
	int error = errno;

	while (count > 0)
		unlinkat(folder, names[--count], 0);
	errno = error;
	return io_write_failure();
}

enum status maildir_commit(
        const void *ctx, struct maildir *maildir, const char *flags, char ***paths)
{
	int folder = flags != NULL ? maildir->cur : maildir->new;
	char **names = list_new(maildir);
	size_t count = 0, listed = 0, i;

	*paths = list_new(ctx);
	for (i = 0; i < maildir->count; i++) {
		char *name = flags != NULL
		                     ? talloc_asprintf(maildir, "%s:2,%s", maildir->names[i], flags)
		                     : maildir->names[i];

		list_add(maildir, &names, &count, name);
		list_add(ctx, paths, &listed,
		        talloc_asprintf(maildir, "%s/%s/%s", maildir->path,
		                flags != NULL ? "cur" : "new", name));
	}
	for (i = 0; i < count; i++)
		if (renameat(maildir->tmp, maildir->names[i], folder, names[i]) != 0)
			return commit_undo(folder, names, i);
	maildir->count = 0;
	(void)fsync(folder); /* not every file system can do that with a folder */
	return STATUS_OK;
}

bool maildir_is_there(const char *path)
{
	char *cur = talloc_asprintf(NULL, "%s/cur", path);
	struct stat folder;
	bool there = stat(cur, &folder) == 0 && S_ISDIR(folder.st_mode);

	talloc_free(cur);
	return there;
}

static void folder_empty(const char *path, const char *name, bool remove)
{
	char *folder = talloc_asprintf(NULL, "%s/%s", path, name);
	DIR *directory = opendir(folder);
	struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory != NULL)
		closedir(directory);
	if (remove)
		rmdir(folder);
	talloc_free(folder);
}

void maildir_empty(const char *path)
{
	folder_empty(path, "new", false);
	folder_empty(path, "cur", false);
}

static bool folder_is_empty(const char *path, const char *name)
{
	char *folder = talloc_asprintf(NULL, "%s/%s", path, name);
	DIR *directory = opendir(folder);
	struct dirent *entry;
	bool empty = true;

	while (directory != NULL && empty && (entry = readdir(directory)) != NULL)
		empty = entry->d_name[0] == '.';
	if (directory != NULL)
		closedir(directory);
	talloc_free(folder);
	return empty;
}

bool maildir_is_empty(const char *path)
{
	return folder_is_empty(path, "new") && folder_is_empty(path, "cur");
}

bool maildir_move(const char *from, const char *to)
{
	folder_empty(to, "new", true);
	folder_empty(to, "cur", true);
	folder_empty(to, "tmp", true);
	rmdir(to);
	return rename(from, to) == 0;
}
