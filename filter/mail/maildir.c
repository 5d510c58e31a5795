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
};

static int maildir_free(struct maildir *maildir)
{
	const int folders[] = {maildir->tmp, maildir->new, maildir->cur};

	for (size_t i = 0; maildir->names[i] != NULL; i++)
		unlinkat(maildir->tmp, maildir->names[i], 0);
	for (size_t i = 0; i < 3; i++)
		if (folders[i] >= 0)
			close(folders[i]);
	return 0;
}

/* Opens the folder NAME of the directory AT, which is made if it is not there. Returns -1 with
 * errno set if that fails. */
static int folder_open(int at, const char *name)
{
	if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum status maildir_open(const void *ctx, const char *path, struct maildir **out)
{
	struct maildir *maildir = talloc_zero(ctx, struct maildir);
	int root = folder_open(AT_FDCWD, path);

	if (root < 0)
		return STATUS_IO;
	maildir->path = talloc_strdup(maildir, path);
	maildir->names = list_new(maildir);
	maildir->tmp = folder_open(root, "tmp");
	maildir->new = maildir->tmp >= 0 ? folder_open(root, "new") : -1;
	maildir->cur = maildir->new >= 0 ? folder_open(root, "cur") : -1;
	close(root);
	talloc_set_destructor(maildir, maildir_free);
	*out = maildir;
	return maildir->cur >= 0 ? STATUS_OK : STATUS_IO;
}

static enum status pieces_write(int fd, const struct iovec *pieces, size_t count)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = io_write(fd, pieces[i].iov_base, pieces[i].iov_len);
	return status == STATUS_OK && fsync(fd) != 0 ? io_write_failure() : status;
}

enum status maildir_add(struct maildir *maildir, const struct iovec *pieces, size_t count)
{
	uint64_t number;

	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return STATUS_TRY_LATER;
	/* No other in that Maildir has the same: time, a random number, and our process id. */
	const char *name = talloc_asprintf(maildir, "%lld.R%016" PRIx64 "P%ld.notmuch-bounce",
	        (long long)time(NULL), number, (long)getpid());
	list_add(maildir, &maildir->names, name);
	int fd = openat(
	        maildir->tmp, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return io_write_failure();
	enum status status = pieces_write(fd, pieces, count);
	int error = errno;
	if (close(fd) != 0 && status == STATUS_OK)
		return io_write_failure();
	errno = error;
	return status;
}

enum status maildir_commit(
        const void *ctx, struct maildir *maildir, const char *flags, char ***paths)
{
	int folder = flags != NULL ? maildir->cur : maildir->new;
	const char *mark = flags != NULL ? ":2," : "", *name = flags != NULL ? "cur" : "new";
	size_t length = strlen(maildir->path) + strlen("/new/");

	*paths = list_new(ctx);
	for (size_t i = 0; maildir->names[i] != NULL; i++)
		list_add(ctx, paths,
		        talloc_asprintf(maildir, "%s/%s/%s%s%s", maildir->path, name,
		                maildir->names[i], mark, flags != NULL ? flags : ""));
	for (size_t i = 0; maildir->names[i] != NULL; i++)
		if (renameat(maildir->tmp, maildir->names[i], folder, (*paths)[i] + length) != 0) {
			int error = errno;

			while (i > 0)
				unlinkat(folder, (*paths)[--i] + length, 0);
			errno = error;
			return io_write_failure();
		}
	maildir->names = list_new(maildir);
	(void)fsync(folder); /* not every file system can do that with a folder */
	return STATUS_OK;
}

bool maildir_is_there(const char *path)
{
	SCOPED char *cur = talloc_asprintf(NULL, "%s/cur", path);
	struct stat folder;

	return stat(cur, &folder) == 0 && S_ISDIR(folder.st_mode);
}

enum folder_use { LOOK, EMPTY, REMOVE };

/* Looks into the folder NAME of PATH, or removes all files in it (EMPTY), or also the folder
 * (REMOVE). Returns whether a mail was in it. */
static bool folder_use(const char *path, const char *name, enum folder_use use)
{
	SCOPED char *folder = talloc_asprintf(NULL, "%s/%s", path, name);
	DIR *directory = opendir(folder);
	bool had_mail = false;

	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
		had_mail |= entry->d_name[0] != '.';
		if (use != LOOK && strcmp(entry->d_name, ".") != 0 &&
		        strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	}
	if (directory != NULL)
		closedir(directory);
	if (use == REMOVE)
		rmdir(folder);
	return had_mail;
}

void maildir_empty(const char *path)
{
	folder_use(path, "new", EMPTY);
	folder_use(path, "cur", EMPTY);
}

bool maildir_is_empty(const char *path)
{
	return !folder_use(path, "new", LOOK) && !folder_use(path, "cur", LOOK);
}

bool maildir_move(const char *from, const char *to)
{
	folder_use(to, "new", REMOVE);
	folder_use(to, "cur", REMOVE);
	folder_use(to, "tmp", REMOVE);
	rmdir(to);
	return rename(from, to) == 0;
}
