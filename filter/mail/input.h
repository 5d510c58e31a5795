/* Mails from files, directories, Maildirs, mbox files and standard input, one after another. */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>

#include "base/status.h"

struct input {
	/* Called for each mail. NAME is the path, with `:N` behind it for the N-th mail of an mbox, or `-`. BYTES are at most the first
	 * MAIL_JUDGED_MAX of the mail and live until the call returns. STATUS_NOT_MAIL: it is none. Any other failure ends the walk. */
	enum status (*mail)(void *argument, const char *name, const char *bytes, size_t length);
	/* Called for what can't be read or is no mail: WHAT says why, and what to do. */
	void (*complain)(void *argument, const char *name, const char *what);
	void *argument;
};

/* Go through PATH (`-`: standard input, read to its end). In a directory, what is no mail is passed over. The first failure is returned:
 * STATUS_NO_INPUT (no such file; a directory without mail), STATUS_NOT_MAIL, STATUS_IO, or what `mail` returned. */
enum status input_walk(const void *ctx, const struct input *input, const char *path);

/* A mail that was read. */
struct input_mail {
	const char *name; /* its path, or `-` */
	char *bytes;      /* at most the first MAIL_JUDGED_MAX; NULL: none */
	size_t length;
};

/* Read the mail that is called MAIL->name, owned by CTX. If that is a folder, an mbox, or can't be opened, BYTES is NULL: input_walk() goes through it. STATUS_IO,
 * after INPUT's `complain`, if it can't be read to its end. */
enum status input_read(const void *ctx, const struct input *input, struct input_mail *mail);

/* What input_walk() does with a mail. */
enum status input_mail(const struct input *input, const struct input_mail *mail);

/* Call INPUT->mail for each line of PATH (`-`: standard input): BYTES are the line without its newline, NUL-terminated, and NAME is PATH with
 * `:N` behind it for the N-th line. Of a line longer than LINE_BYTES_MAX the rest is left out, and NULs count as blanks. Returns what
 * input_walk() does; a line that is no mail is passed over. */
enum status input_lines(const void *ctx, const struct input *input, const char *path);

#endif
