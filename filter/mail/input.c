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

/* What is read of one PATH of a command line. */
struct reading {
	const struct input *input;
	bool in_folder; /* files that aren't mails are passed over */
	size_t seen;    /* see input_file() */
	bool ended;     /* the caller could not go on */
	enum status first;
};

/* Complains that WHAT (NULL: errno's message) is wrong with NAME. Returns STATUS. */
static enum status read_complain(
        struct reading *reading, const char *name, enum status status, const char *what)
{
	reading->seen++;
	reading->input->complain(
	        reading->input->argument, name, what != NULL ? what : strerror(errno));
	return status;
}

static enum status mail_pass(
        struct reading *reading, const char *name, const char *bytes, size_t length)
{
	enum status status = reading->input->mail(reading->input->argument, name, bytes, length);

	reading->seen += status == STATUS_OK;
	reading->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	if (status != STATUS_NOT_MAIL)
		return status;
	if (reading->in_folder)
		return STATUS_OK;
	return read_complain(reading, name, STATUS_NOT_MAIL,
	        length == 0 ? "is empty: expected a mail"
	                    : "this is not a mail: it does not begin with header fields");
}

enum status input_mail(const struct input *input, const struct input_mail *mail)
{
	struct reading reading = {.input = input};

	return mail_pass(&reading, mail->name, mail->bytes, mail->length);
}

/* Returns whether LENGTH bytes at LINE begin with an mbox's From_ line: `From `, an address, and a
 * date with a time such as `12:34`. Quoted text that begins with "From " behind an empty line
 * hardly has a time. */
static bool is_from_line(const char *line, size_t length)
{
	if (length <= 20 || strncmp(line, "From ", 5) != 0)
		return false;
	for (size_t i = 2; i + 2 < MIN(length, 300) && line[i + 2] != '\n'; i++)
		if (line[i] == ':' && g_ascii_isdigit(line[i - 1]) &&
		        g_ascii_isdigit(line[i - 2]) && g_ascii_isdigit(line[i + 1]) &&
		        g_ascii_isdigit(line[i + 2]))
			return true;
	return false;
}

/* Calls for all mails of the mbox in FD, which is closed. One that isn't a mail doesn't end the
 * rest: it is the status at the end. */
static enum status read_mbox(struct reading *reading, const char *path, int fd)
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
				status = mail_pass(reading, name, mail.text, mail.length);
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

/* Reads the mail in FD. *IS_MBOX is whether it begins like an mbox and can be read again; but a
 * file called .eml is a single mail, in which another may be quoted with its From_ line. */
static enum status file_read(const void *ctx, int fd, struct input_mail *mail, bool *is_mbox)
{
	enum status status = io_read_all(ctx, fd, MAIL_JUDGED_MAX, &mail->bytes, &mail->length);

	*is_mbox = status == STATUS_OK && is_from_line(mail->bytes, mail->length) &&
	           !(strlen(mail->name) > 4 && g_str_has_suffix(mail->name, ".eml")) &&
	           lseek(fd, 0, SEEK_SET) == 0;
	return status;
}

static int input_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static enum status read_stdin(struct reading *reading)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct input_mail mail = {.name = "-"};
	enum status status = input_read(scratch, reading->input, &mail);

	return status == STATUS_OK ? mail_pass(reading, mail.name, mail.bytes, mail.length)
	                           : status;
}

static enum status read_path(struct reading *reading, const char *path)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct input_mail mail = {.name = path};
	bool is_mbox = false, is_missing;
	int fd = input_open(path);
	enum status status;

	if (fd < 0) {
		is_missing = errno == ENOENT || errno == ENOTDIR;
		return reading->in_folder && errno == ENOENT
		               ? STATUS_OK /* renamed since it was found */
		               : read_complain(reading, path,
		                         is_missing ? STATUS_NO_INPUT : STATUS_IO, NULL);
	}
	status = file_read(scratch, fd, &mail, &is_mbox);
	if (is_mbox)
		status = read_mbox(reading, path, dup(fd));
	else if (status == STATUS_OK)
		status = mail_pass(reading, path, mail.bytes, mail.length);
	if (status == STATUS_IO && !reading->ended)
		read_complain(reading, path, status, NULL);
	close(fd);
	return status;
}

static enum status input_file_read(struct reading *reading, const struct input_file *file)
{
	reading->in_folder = file->place != INPUT_NAMED;
	if (file->place == INPUT_NAMED && strcmp(file->path, "-") == 0)
		return read_stdin(reading);
	if (file->place != INPUT_FOLDER_ENDS)
		return read_path(reading, file->path);
	return reading->seen > 0
	               ? STATUS_OK
	               : read_complain(reading, file->path, STATUS_NO_INPUT,
	                         "has no mail in it: expected a Maildir, or a folder of mails");
}

enum status input_file(const struct input *input, const struct input_file *file, size_t *seen)
{
	struct reading reading = {.input = input, .seen = *seen};
	enum status status = input_file_read(&reading, file);

	*seen = file->place == INPUT_IN_FOLDER ? reading.seen : 0;
	return status;
}

/* Returns false for devices and pipes in a directory, and links to them, because to open them may
 * do something, or wait; and for links to directories, which may lead back to one around them. */
static bool may_be_opened(const char *path)
{
	struct stat link, target;

	return lstat(path, &link) != 0 || S_ISDIR(link.st_mode) || stat(path, &target) != 0 ||
	       S_ISREG(target.st_mode);
}

/* Returns whether ENTRY of a directory, at PATH, is to be read. Of a Maildir that is what is
 * delivered (new and cur, not tmp), and its folders, whose names begin with a dot. */
static bool is_wanted(bool in_maildir, const char *path, const struct dirent *entry)
{
	const char *name = entry->d_name;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	        (entry->d_type != DT_REG && !may_be_opened(path)))
		return false;
	if (name[0] == '.')
		return maildir_is_there(path);
	return !in_maildir || strcmp(name, "tmp") != 0;
}

struct walk {
	bool (*found)(void *argument, const struct input_file *file);
	void *argument;
	int depth;
};

static bool walk_path(struct walk *walk, const char *path, bool is_file);

static bool walk_folder(struct walk *walk, const char *path)
{
	bool in_maildir = maildir_is_there(path), goes_on = true;
	struct dirent **entries = NULL;
	int count = walk->depth < FOLDERS_DEEP_MAX ? scandir(path, &entries, NULL, alphasort) : 0;

	walk->depth++;
	if (count < 0) /* to read it as a file fails too, and says why */
		goes_on = walk_path(walk, path, true);
	for (int i = 0; i < count; i++) {
		SCOPED char *inner = talloc_asprintf(NULL, "%s/%s", path, entries[i]->d_name);

		if (goes_on && is_wanted(in_maildir, inner, entries[i]))
			goes_on = walk_path(walk, inner, entries[i]->d_type == DT_REG);
		free(entries[i]);
	}
	free(entries);
	walk->depth--;
	return goes_on;
}

static bool walk_path(struct walk *walk, const char *path, bool is_file)
{
	struct input_file file = {path, walk->depth > 0 ? INPUT_IN_FOLDER : INPUT_NAMED};
	struct stat st;

	if (is_file || stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return walk->found(walk->argument, &file);
	if (!walk_folder(walk, path))
		return false;
	file.place = INPUT_FOLDER_ENDS;
	return walk->depth > 0 || walk->found(walk->argument, &file);
}

void input_find(const char *path, bool (*found)(void *argument, const struct input_file *file),
        void *argument)
{
	struct walk walk = {found, argument, 0};

	walk_path(&walk, path, strcmp(path, "-") == 0);
}

enum status input_read(const void *ctx, const struct input *input, struct input_mail *mail)
{
	struct reading reading = {.input = input};
	bool is_stdin = strcmp(mail->name, "-") == 0, is_mbox = false;
	int fd = is_stdin ? STDIN_FILENO : input_open(mail->name);
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
		read_complain(&reading, mail->name, status, NULL);
	if (status != STATUS_OK || is_mbox)
		mail->bytes = NULL;
	return status;
}

static bool read_at_once(void *argument, const struct input_file *file)
{
	struct reading *reading = argument;
	enum status status = input_file_read(reading, file);

	reading->first = status_first(reading->first, status);
	return !reading->ended;
}

enum status input_walk(const struct input *input, const char *path)
{
	struct reading reading = {.input = input};

	input_find(path, read_at_once, &reading);
	return reading.first;
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
	struct reading reading = {.input = input, .in_folder = true};
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	SCOPED char *line = talloc_size(NULL, LINE_BYTES_MAX + 1);
	size_t length, room = strlen(path) + sizeof ":18446744073709551615";
	SCOPED char *name = talloc_size(NULL, room);
	enum status status = STATUS_OK;

	if (file == NULL)
		return read_complain(
		        &reading, path, errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO, NULL);
	for (size_t number = 1; !reading.ended && line_next(file, line, &length); number++) {
		if (line[strspn(line, " \t\r")] == '\0')
			continue;
		snprintf(name, room, "%s:%zu", path, number);
		status = mail_pass(&reading, name, line, length);
	}
	if (!reading.ended && ferror(file))
		status = read_complain(&reading, path, STATUS_IO, NULL);
	if (file != stdin)
		fclose(file);
	return status;
}
