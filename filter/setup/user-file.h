/* A file of the user's own, such as ~/.procmailrc, that is to get some lines: read whole, and replaced whole or not at all. What was in it is kept
 * beside it first. Nothing in it is ever run. */
#ifndef USER_FILE_H
#define USER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"

struct user_file {
	char *path;     /* as its program opens it */
	char *target;   /* what is written: PATH, or the file that it is a link to */
	char *text;     /* NUL-terminated; empty if there is no such file yet */
	size_t length;  /* of TEXT, which has no NUL inside */
	bool exists;    /* else it would be a new one */
	bool protected; /* nobody may write to it */
	mode_t mode;    /* of a new one: 0600 */
	uid_t owner;    /* of a new one: who owns the folder */
	gid_t group;
};

/* Read the file at PATH. One that isn't there is no error. STATUS_IO if it can't be read, or is nothing that lines could be added to: *WHY says
 * so (behind the file's name), owned by CTX or static. All else is owned by CTX. */
enum status user_file_read(const void *ctx, const char *path, struct user_file *file, const char **why);

/* Keep a copy of FILE beside PATH: PATH.before-notmuch-bounce or, as no older copy is touched, PATH.before-notmuch-bounce.1 … Its name is *COPY, owned
 * by CTX; NULL if there was no file. On an error nothing is left, and *WHY set. */
enum status user_file_keep(const void *ctx, const struct user_file *file, char **copy, const char **why);

/* Put TEXT, with MODE, in the place of FILE: kept (*COPY), written beside it, made sure of, and renamed, with its owner. STATUS_LOCKED if it is no longer
 * as it was read; other errors as above: then the file is as it was, and no copy is left. */
enum status user_file_write(
        const void *ctx, const struct user_file *file, const char *text, mode_t mode, char **copy, const char **why);

#endif
