/* Reads mails from files, directories, Maildirs, mbox files and standard input. */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct input {
	/* Called for each mail. NAME is its path, `PATH:N` for the N-th mail of an mbox, or `-`.
	 * BYTES are at most its first MAIL_JUDGED_MAX bytes and live until the call returns.
	 * STATUS_NOT_MAIL: it is not a mail. Any other failure ends the walk. */
	enum status (*mail)(void *argument, const char *name, const char *bytes, size_t length);
	/* Called for what can't be read or isn't a mail. WHAT says why. */
	void (*complain)(void *argument, const char *name, const char *what);
	void *argument;
};

/* Calls INPUT->mail for every mail in PATH (`-`: one mail on standard input, which is read to its
 * end). Files of a directory that aren't mails are passed over. Returns the first failure:
 * STATUS_NO_INPUT (no such file, or a directory without mail), STATUS_NOT_MAIL, STATUS_IO, or what
 * `mail` returned. */
enum status input_walk(const struct input *input, const char *path);

/* The same in two steps: what is to be read, and reading it, maybe in another process. */
struct input_file {
	const char *path;
	enum { INPUT_NAMED, INPUT_IN_FOLDER, INPUT_FOLDER_ENDS } place;
};

/* Calls FOUND for every file in PATH, in their order, and after those of a folder for its end. Ends
 * when FOUND returns false. */
void input_find(const char *path, bool (*found)(void *argument, const struct input_file *file),
        void *argument);

/* Reads FILE as input_walk() does. *SEEN, 0 at first, counts the mails and failures of a folder. At
 * the end of one that had none, `complain` is called. */
enum status input_file(const struct input *input, const struct input_file *file, size_t *seen);

struct input_mail {
	const char *name; /* its path, or `-` */
	char *bytes;      /* at most the first MAIL_JUDGED_MAX; NULL: not read */
	size_t length;
};

/* Reads the mail in the file MAIL->name; its bytes belong to CTX. They stay NULL for a folder, an
 * mbox, or a file that can't be opened: those are for input_walk(). STATUS_IO, after a call of
 * `complain`, if it can't be read to its end. */
enum status input_read(const void *ctx, const struct input *input, struct input_mail *mail);

/* Calls INPUT->mail for MAIL, as input_walk() does. */
enum status input_mail(const struct input *input, const struct input_mail *mail);

/* Calls INPUT->mail for each line of PATH (`-`: standard input). BYTES are the line without its
 * newline, NUL-terminated; NAME is `PATH:N`. What a line has beyond LINE_BYTES_MAX is left out, and
 * NULs become blanks. Returns what input_walk() returns; a line that isn't a mail, or has only
 * blanks, is passed over. */
enum status input_lines(const struct input *input, const char *path);

#endif
