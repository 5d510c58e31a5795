#include "mail/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "mail/mbox.h"

/* How deep folders may lie in folders. */
#define FOLDERS_DEEP_MAX 32

struct walk {
	const struct input *input;
	bool in_directory; /* what is no mail is passed over */
	int depth;
	size_t mails;
	bool ended; /* the caller could not go on */
};

static enum status walk_complain(
        const struct walk *walk, const char *name, enum status status, const char *what)
{
	walk->input->complain(walk->input->argument, name, what);
	return status;
}

static enum status walk_mail(struct walk *walk, const char *name, const char *bytes, size_t length)
{
	enum status status = walk->input->mail(walk->input->argument, name, bytes, length);

	if (status == STATUS_OK)
		walk->mails++;
	walk->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	if (status != STATUS_NOT_MAIL)
		return status;
	if (walk->in_directory)
		return STATUS_OK;
	return walk_complain(walk, name, STATUS_NOT_MAIL,
	        length == 0 ? "is empty: expected a mail"
	                    : "is not a mail: it does not begin with header fields");
}

enum status input_mail(const struct input *input, const struct input_mail *mail)
{
	struct walk walk = {.input = input};

	return walk_mail(&walk, mail->name, mail->bytes, mail->length);
}

/* All mails of an mbox; of what is none, the others are none the worse. */
static enum status walk_mbox(const void *ctx, struct walk *walk, const char *path, int fd)
{
	struct mbox mbox = {.file = fdopen(fd, "r")};
	enum status status = mbox.file != NULL ? STATUS_OK : STATUS_IO;
	bool is_last = false, is_not_mail = false;

	while (status == STATUS_OK && !is_last) {
		void *scratch = talloc_new(ctx);
		char *bytes, *name;
		size_t length;

		status = mbox_next(scratch, &mbox, MAIL_JUDGED_MAX, &bytes, &length, &is_last);
		name = mbox.number == 1 && is_last
		               ? talloc_strdup(scratch, path)
		               : talloc_asprintf(scratch, "%s:%d", path, mbox.number);
		if (status == STATUS_OK && length > 0)
			status = walk_mail(walk, name, bytes, length);
		talloc_free(scratch);
		if (status == STATUS_NOT_MAIL) {
			is_not_mail = true;
			status = STATUS_OK;
		}
	}
	mbox_close(&mbox);
	if (mbox.file != NULL)
		fclose(mbox.file);
	return status == STATUS_OK && is_not_mail ? STATUS_NOT_MAIL : status;
}

/* A file is an mbox if it begins like one; but one called .eml is a single mail, in which another
 * may be quoted with its From_ line. */
static bool is_mbox(const char *path, const char *bytes, size_t length)
{
	size_t n = strlen(path);

	return mbox_is_from_line(bytes, length) && !(n > 4 && strcmp(path + n - 4, ".eml") == 0);
}

static enum status walk_open_file(const void *ctx, struct walk *walk, const char *path, int fd)
{
	char *bytes;
	size_t length;
	enum status status = io_read_all(ctx, fd, MAIL_JUDGED_MAX, &bytes, &length);

	if (status != STATUS_OK)
		return status;
	if (is_mbox(path, bytes, length) && lseek(fd, 0, SEEK_SET) == 0)
		return walk_mbox(ctx, walk, path, dup(fd));
	return walk_mail(walk, path, bytes, length);
}

static enum status walk_file(struct walk *walk, const char *path)
{
	void *scratch = talloc_new(NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum status status;

	if (fd < 0)
		return walk_complain(walk, path, STATUS_IO, strerror(errno));
	status = walk_open_file(scratch, walk, path, fd);
	if (status == STATUS_IO && !walk->ended)
		walk_complain(walk, path, status, strerror(errno));
	close(fd);
	talloc_free(scratch);
	return status;
}

static enum status walk_path(struct walk *walk, const char *path);

static bool exists(const char *directory, const char *name)
{
	char *path = talloc_asprintf(NULL, "%s/%s", directory, name);
	bool found = access(path, F_OK) == 0;

	talloc_free(path);
	return found;
}

/* Whether PATH is a Maildir: of one only what is delivered is read, new and cur, and its folders,
 * whose names begin with a dot. */
static bool is_maildir(const char *path)
{
	return exists(path, "cur") && exists(path, "new");
}

/* A link to a directory may lead back here. */
static bool is_link_to_directory(const char *path)
{
	struct stat link, target;

	return lstat(path, &link) == 0 && S_ISLNK(link.st_mode) && stat(path, &target) == 0 &&
	       S_ISDIR(target.st_mode);
}

static bool is_wanted(bool in_maildir, const char *path, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || is_link_to_directory(path))
		return false;
	if (name[0] == '.')
		return is_maildir(path);
	return !in_maildir || strcmp(name, "tmp") != 0;
}

static enum status walk_directory(struct walk *walk, const char *path)
{
	bool in_maildir = is_maildir(path);
	struct dirent **entries = NULL;
	int count = walk->depth < FOLDERS_DEEP_MAX ? scandir(path, &entries, NULL, alphasort) : 0,
	    i;
	enum status first = STATUS_OK, status;

	if (count < 0)
		return walk_complain(walk, path, STATUS_IO, strerror(errno));
	walk->depth++;
	for (i = 0; i < count; i++) {
		char *inner = talloc_asprintf(NULL, "%s/%s", path, entries[i]->d_name);

		status = !walk->ended && is_wanted(in_maildir, inner, entries[i]->d_name)
		                 ? walk_path(walk, inner)
		                 : STATUS_OK;
		if (first == STATUS_OK)
			first = status;
		talloc_free(inner);
		free(entries[i]);
	}
	free(entries);
	walk->depth--;
	return first;
}

static enum status walk_path(struct walk *walk, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return walk->in_directory && errno == ENOENT
		               ? STATUS_OK /* renamed while we were walking */
		               : walk_complain(walk, path,
		                         errno == ENOENT || errno == ENOTDIR ? STATUS_NO_INPUT
		                                                             : STATUS_IO,
		                         strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return walk_file(walk, path);
	walk->in_directory = true;
	return walk_directory(walk, path);
}

/* STATUS_NO_INPUT if it is not a file with a single mail. */
static enum status read_single_file(const void *ctx, struct input_mail *mail)
{
	int fd = open(mail->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	enum status status = STATUS_NO_INPUT;

	if (fd < 0)
		return status;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		status = io_read_all(ctx, fd, MAIL_JUDGED_MAX, &mail->bytes, &mail->length);
	if (status == STATUS_OK && is_mbox(mail->name, mail->bytes, mail->length) &&
	        lseek(fd, 0, SEEK_SET) == 0)
		status = STATUS_NO_INPUT;
	close(fd);
	return status;
}

enum status input_read(const void *ctx, const struct input *input, struct input_mail *mail)
{
	struct walk walk = {.input = input};
	enum status status;

	if (strcmp(mail->name, "-") == 0) {
		status = io_read_all(
		        ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &mail->bytes, &mail->length);
		io_drain(STDIN_FILENO);
	} else
		status = read_single_file(ctx, mail);
	if (status == STATUS_OK)
		return status;
	mail->bytes = NULL;
	return status == STATUS_NO_INPUT
	               ? STATUS_OK
	               : walk_complain(&walk, mail->name, status, strerror(errno));
}

enum status input_walk(const void *ctx, const struct input *input, const char *path)
{
	struct walk walk = {.input = input};
	enum status status;
	char *bytes;
	size_t length;

	if (strcmp(path, "-") == 0) {
		status = io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length);
		io_drain(STDIN_FILENO);
		return status == STATUS_OK ? walk_mail(&walk, "-", bytes, length)
		                           : walk_complain(&walk, "-", status, strerror(errno));
	}
	status = walk_path(&walk, path);
	if (status == STATUS_OK && walk.in_directory && walk.mails == 0)
		return walk_complain(&walk, path, STATUS_NO_INPUT,
		        "has no mail in it: expected a Maildir, or a folder of mails");
	return status;
}

/* One line of FILE into LINE (room for LINE_BYTES_MAX and a NUL); false at the end. */
static bool line_next(FILE *file, char *line, size_t *length)
{
	int c = getc_unlocked(file);

	for (*length = 0; c != EOF && c != '\n'; c = getc_unlocked(file))
		if (*length < LINE_BYTES_MAX)
			line[(*length)++] = (char)(c != '\0' ? c : ' ');
	line[*length] = '\0';
	return c != EOF || *length > 0;
}

enum status input_lines(const void *ctx, const struct input *input, const char *path)
{
	struct walk walk = {.input = input, .in_directory = true};
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	char *line = talloc_size(ctx, LINE_BYTES_MAX + 1);
	enum status status = STATUS_OK;
	size_t number = 0, length;

	if (file == NULL)
		return walk_complain(&walk, path, errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO,
		        strerror(errno));
	while (!walk.ended && line_next(file, line, &length)) {
		char *name = talloc_asprintf(line, "%s:%zu", path, ++number);

		status = walk_mail(&walk, name, line, length);
		talloc_free(name);
	}
	if (!walk.ended && ferror(file))
		status = walk_complain(&walk, path, STATUS_IO, strerror(errno));
	if (!is_stdin)
		fclose(file);
	talloc_free(line);
	return status;
}
