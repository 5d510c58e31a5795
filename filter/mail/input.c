#include "mail/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "mail/maildir.h"

/* How deep folders may lie in folders. */
#define FOLDERS_DEEP_MAX 32

struct walk {
	const struct input *input;
	bool in_directory; /* files that aren't mails are passed over */
	int depth;
	size_t mails;
	bool ended; /* the caller could not go on */
};

/* Complains that WHAT (NULL: errno's message) is wrong with NAME. Returns STATUS. */
static enum status walk_complain(
        const struct walk *walk, const char *name, enum status status, const char *what)
{
	walk->input->complain(walk->input->argument, name, what != NULL ? what : strerror(errno));
	return status;
}

static enum status walk_mail(struct walk *walk, const char *name, const char *bytes, size_t length)
{
	enum status status = walk->input->mail(walk->input->argument, name, bytes, length);

	walk->mails += status == STATUS_OK;
	walk->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	if (status != STATUS_NOT_MAIL)
		return status;
	if (walk->in_directory)
		return STATUS_OK;
	return walk_complain(walk, name, STATUS_NOT_MAIL,
	        length == 0 ? "is empty: expected a mail"
	                    : "this is not a mail: it does not begin with header fields");
}

enum status input_mail(const struct input *input, const struct input_mail *mail)
{
	struct walk walk = {.input = input};

	return walk_mail(&walk, mail->name, mail->bytes, mail->length);
}

/* Returns whether LINE is an mbox's From_ line: `From `, an address, and a date with a time such as
 * `12:34`. Quoted text that begins with "From " behind an empty line hardly has a time. */
static bool is_from_line(const char *line, size_t length)
{
	if (length <= 20 || strncmp(line, "From ", 5) != 0)
		return false;
	for (size_t i = 2; i + 2 < MIN(length, 300); i++)
		if (line[i] == ':' && g_ascii_isdigit(line[i - 1]) &&
		        g_ascii_isdigit(line[i - 2]) && g_ascii_isdigit(line[i + 1]) &&
		        g_ascii_isdigit(line[i + 2]))
			return true;
	return false;
}

/* Calls for all mails of the mbox in FD, which is closed. One that isn't a mail doesn't end the
 * walk: it is the status at the end. */
static enum status walk_mbox(struct walk *walk, const char *path, int fd)
{
	FILE *file = fdopen(fd, "r");
	enum status status = file != NULL ? STATUS_OK : STATUS_IO;
	struct buffer mail = buffer_new(NULL);
	bool blank = false, all_mail = true;
	char *line = NULL;
	size_t room = 0;

	for (int number = 1; status == STATUS_OK;) {
		ssize_t length = getline(&line, &room, file);
		bool is_end = length <= 0;

		if (is_end && !feof(file)) /* reading failed, or getline() got no memory */
			status = STATUS_IO;
		else if (is_end || (blank && is_from_line(line, (size_t)length))) {
			SCOPED char *name = is_end && number == 1
			                            ? talloc_strdup(NULL, path)
			                            : talloc_asprintf(NULL, "%s:%d", path, number);

			if (mail.length > 0)
				status = walk_mail(walk, name, mail.text, mail.length);
			all_mail = all_mail && status != STATUS_NOT_MAIL;
			status = status == STATUS_NOT_MAIL ? STATUS_OK : status;
			mail.length = 0;
			number++;
		}
		if (is_end)
			break;
		blank = line[0] == '\n' || (line[0] == '\r' && length == 2);
		buffer_add(&mail, line, MIN((size_t)length, MAIL_JUDGED_MAX - mail.length));
	}
	free(line);
	talloc_free(mail.text);
	if (file != NULL)
		fclose(file);
	return status == STATUS_OK && !all_mail ? STATUS_NOT_MAIL : status;
}

/* Reads the mail in FD. *IS_MBOX is whether it begins like an mbox and can be read again; but a file
 * called .eml is a single mail, in which another may be quoted with its From_ line. */
static enum status file_read(const void *ctx, int fd, struct input_mail *mail, bool *is_mbox)
{
	enum status status = io_read_all(ctx, fd, MAIL_JUDGED_MAX, &mail->bytes, &mail->length);

	*is_mbox = status == STATUS_OK && is_from_line(mail->bytes, mail->length) &&
	           !(strlen(mail->name) > 4 && g_str_has_suffix(mail->name, ".eml")) &&
	           lseek(fd, 0, SEEK_SET) == 0;
	return status;
}

static int file_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Reads the file in FD. */
static enum status walk_file(struct walk *walk, const char *path, int fd)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct input_mail mail = {.name = path};
	bool is_mbox = false;
	enum status status = file_read(scratch, fd, &mail, &is_mbox);

	if (is_mbox)
		status = walk_mbox(walk, path, dup(fd));
	else if (status == STATUS_OK)
		status = walk_mail(walk, path, mail.bytes, mail.length);
	if (status == STATUS_IO && !walk->ended)
		walk_complain(walk, path, status, NULL);
	return status;
}

/* Such a link may lead back to a directory around it. */
static bool is_link_to_directory(const char *path)
{
	struct stat link, target;

	return lstat(path, &link) == 0 && S_ISLNK(link.st_mode) && stat(path, &target) == 0 &&
	       S_ISDIR(target.st_mode);
}

/* Returns whether ENTRY of a directory, at PATH, is to be read. Of a Maildir that is what is delivered
 * (new and cur, not tmp), and its folders, whose names begin with a dot. */
static bool is_wanted(bool in_maildir, const char *path, const struct dirent *entry)
{
	const char *name = entry->d_name;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	        (entry->d_type != DT_REG && is_link_to_directory(path)))
		return false;
	if (name[0] == '.')
		return maildir_is_there(path);
	return !in_maildir || strcmp(name, "tmp") != 0;
}

static enum status walk_path(struct walk *walk, const char *path);

static enum status walk_directory(struct walk *walk, const char *path)
{
	bool in_maildir = maildir_is_there(path);
	struct dirent **entries = NULL;
	int count = walk->depth < FOLDERS_DEEP_MAX ? scandir(path, &entries, NULL, alphasort) : 0;
	enum status first = STATUS_OK;

	if (count < 0)
		return walk_complain(walk, path, STATUS_IO, NULL);
	walk->depth++;
	for (int i = 0; i < count; i++) {
		SCOPED char *inner = talloc_asprintf(NULL, "%s/%s", path, entries[i]->d_name);

		if (!walk->ended && is_wanted(in_maildir, inner, entries[i])) {
			enum status status = walk_path(walk, inner);

			first = first == STATUS_OK ? status : first;
		}
		free(entries[i]);
	}
	free(entries);
	walk->depth--;
	return first;
}

static enum status walk_path(struct walk *walk, const char *path)
{
	struct stat st;
	int fd = file_open(path);
	bool is_directory = fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
	enum status status;

	if (fd < 0) {
		bool is_missing = errno == ENOENT || errno == ENOTDIR;

		return walk->in_directory && errno == ENOENT
		               ? STATUS_OK /* renamed while we were walking */
		               : walk_complain(walk, path, is_missing ? STATUS_NO_INPUT : STATUS_IO,
		                         NULL);
	}
	if (!is_directory) {
		status = walk_file(walk, path, fd);
		close(fd);
		return status;
	}
	close(fd);
	walk->in_directory = true;
	return walk_directory(walk, path);
}

enum status input_read(const void *ctx, const struct input *input, struct input_mail *mail)
{
	const struct walk walk = {.input = input};
	bool is_stdin = strcmp(mail->name, "-") == 0, is_mbox = false;
	int fd = is_stdin ? STDIN_FILENO : file_open(mail->name);
	struct stat st;
	enum status status = STATUS_OK;

	if (is_stdin) {
		status = io_read_all(ctx, fd, MAIL_JUDGED_MAX, &mail->bytes, &mail->length);
		io_drain(fd);
	} else if (fd >= 0) {
		if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
			status = file_read(ctx, fd, mail, &is_mbox);
		close(fd);
	}
	if (status != STATUS_OK)
		walk_complain(&walk, mail->name, status, NULL);
	if (status != STATUS_OK || is_mbox)
		mail->bytes = NULL;
	return status;
}

enum status input_walk(const void *ctx, const struct input *input, const char *path)
{
	struct walk walk = {.input = input};

	if (strcmp(path, "-") == 0) {
		struct input_mail mail = {.name = path};
		enum status status = input_read(ctx, input, &mail);

		return status == STATUS_OK ? input_mail(input, &mail) : status;
	}
	enum status status = walk_path(&walk, path);
	if (status == STATUS_OK && walk.in_directory && walk.mails == 0)
		return walk_complain(&walk, path, STATUS_NO_INPUT,
		        "has no mail in it: expected a Maildir, or a folder of mails");
	return status;
}

/* Reads a line of FILE into LINE (room for LINE_BYTES_MAX and a NUL). Returns false at the end. */
static bool line_next(FILE *file, char *line, size_t *length)
{
	int c = getc_unlocked(file);

	for (*length = 0; c != EOF && c != '\n'; c = getc_unlocked(file))
		if (*length < LINE_BYTES_MAX)
			line[(*length)++] = (char)(c != '\0' ? c : ' ');
	line[*length] = '\0';
	return c != EOF || *length > 0;
}

enum status input_lines(const struct input *input, const char *path)
{
	struct walk walk = {.input = input, .in_directory = true};
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	SCOPED char *line = talloc_size(NULL, LINE_BYTES_MAX + 1);
	enum status status = STATUS_OK;
	size_t length;

	if (file == NULL)
		return walk_complain(
		        &walk, path, errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO, NULL);
	for (size_t number = 1; !walk.ended && line_next(file, line, &length); number++) {
		SCOPED char *name = talloc_asprintf(NULL, "%s:%zu", path, number);

		status = walk_mail(&walk, name, line, length);
	}
	if (!walk.ended && ferror(file))
		status = walk_complain(&walk, path, STATUS_IO, NULL);
	if (file != stdin)
		fclose(file);
	return status;
}
