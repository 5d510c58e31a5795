#include "index/delivery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/descendants.h"
#include "base/io.h"

enum status delivery_spool(int from, int *spool, size_t *length)
{
	enum status status;
	off_t end;

	*spool = io_nameless();
	if (*spool < 0)
		return STATUS_TRY_LATER;
	status = io_copy(from, *spool);
	end = lseek(*spool, 0, SEEK_CUR);
	if (status == STATUS_OK && (end < 0 || lseek(*spool, 0, SEEK_SET) != 0))
		status = STATUS_IO;
	*length = end > 0 ? (size_t)end : 0;
	/* From here on nobody changes the mail, not even a process that holds the file. A file on a
	 * disk can't be sealed. */
	fcntl(*spool, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	return status;
}

bool delivery_is_tag_change(const char *argument)
{
	return argument[0] == '+' ||
	       (argument[0] == '-' && argument[1] != '-' && argument[1] != '\0');
}

struct delivery {
	char *const *arguments;
	int spool;
	size_t length;
	pid_t pid;
	long long started; /* of child_clock() */
	time_t day;        /* the same by the calendar */
	sigset_t watched;
};

/* What we are told by while the program runs. */
static sigset_t watched_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

/* Whether the program has ended. *OUTCOME is then its end; if that can't be had, that of a program
 * that failed. */
static bool has_ended(pid_t pid, int *outcome)
{
	pid_t ended;

	do
		ended = waitpid(pid, outcome, WNOHANG);
	while (ended < 0 && errno != ECHILD);
	if (ended < 0)
		*outcome = SIGKILL;
	return ended != 0;
}

/* As long as nothing of the mail is read, notmuch waits for the lock. */
static bool is_waiting(void *argument)
{
	const struct delivery *delivery = argument;

	return lseek(delivery->spool, 0, SEEK_CUR) == 0;
}

/* Wait for the program's end. False: it was stopped while it waited for the lock. */
static bool wait_for_end(struct delivery *delivery, unsigned timeout, pid_t other, int *outcome)
{
	/* A program needs its time to begin. */
	long long end = delivery->started + 1000LL * (timeout > 0 ? timeout : 1), left;
	bool limited = true;
	int number;

	while (!has_ended(delivery->pid, outcome)) {
		struct timespec wait = {.tv_sec = 3600};

		left = end - child_clock();
		if (limited)
			wait = (struct timespec){.tv_sec = left > 0 ? left / 1000 : 0,
			        .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
		number = sigtimedwait(&delivery->watched, NULL, &wait);
		if (number == SIGCHLD || (number < 0 && errno == EINTR))
			continue;
		if (!limited && number < 0)
			continue;
		if (descendants_end(delivery->pid, other, is_waiting, delivery, outcome))
			return false;
		limited = false;
	}
	return true;
}

enum status delivery_start(const void *ctx, char *const *arguments, int spool, size_t length,
        struct delivery **out, const char **why)
{
	struct delivery *delivery = talloc_zero(ctx, struct delivery);
	struct program program = {
	        .words = arguments, .input = spool, .output = -1, .dies_with_us = true};
	sigset_t before;
	int error;

	delivery->arguments = arguments;
	delivery->spool = spool;
	delivery->length = length;
	delivery->watched = watched_signals();
	delivery->started = child_clock();
	delivery->day = time(NULL);
	program.mask = &before;
	program_watch();
	descendants_adopt();
	sigprocmask(SIG_BLOCK, &delivery->watched, &before);
	*out = delivery;
	error = program_start(&program, &delivery->pid);
	if (error == 0)
		return STATUS_OK;
	*why = talloc_asprintf(ctx, "can't run %s: %s", arguments[0], strerror(error));
	TALLOC_FREE(*out);
	return STATUS_TRY_LATER;
}

/* What notmuch's configuration says of KEY, without the newline; NULL: nothing. */
static char *notmuch_setting(const struct delivery *delivery, const char *key)
{
	char *words[] = {delivery->arguments[0], talloc_strdup(delivery, "config"),
	        talloc_strdup(delivery, "get"), talloc_strdup(delivery, key), NULL};
	int output = io_nameless();
	struct program program = {.words = words, .input = -1, .output = output};
	char *text;
	size_t length;
	int outcome = -1;
	pid_t pid;

	if (output < 0 || program_start(&program, &pid) != 0)
		return NULL;
	while (waitpid(pid, &outcome, 0) < 0 && errno == EINTR)
		continue;
	if (outcome != 0 || lseek(output, 0, SEEK_SET) != 0 ||
	        io_read_all(delivery, output, 4096, &text, &length) != STATUS_OK)
		text = NULL;
	close(output);
	if (text != NULL)
		text[strcspn(text, "\n")] = '\0';
	return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The Maildir that notmuch delivers into; NULL if that can't be had. */
static char *mail_folder(const struct delivery *delivery)
{
	char *root = notmuch_setting(delivery, "database.mail_root");
	const char *folder = "";
	size_t i;

	if (root == NULL)
		root = notmuch_setting(delivery, "database.path");
	for (i = 0; delivery->arguments[i] != NULL; i++) {
		const char *argument = delivery->arguments[i];

		if (strncmp(argument, "--folder", 8) == 0 &&
		        (argument[8] == '=' || argument[8] == ':'))
			folder = argument + 9;
		else if (strcmp(argument, "--folder") == 0 && delivery->arguments[i + 1] != NULL)
			folder = delivery->arguments[i + 1];
	}
	return root != NULL ? talloc_asprintf(delivery, "%s/%s", root, folder) : NULL;
}

/* What `notmuch insert` makes of the beginning of a mail from an mbox. */
#define MBOX_BEGINNING "From "
#define INSERTED_BEGINNING "X-Envelope-From: "

static bool is_same(int file, int spool, size_t length)
{
	char ours[16384], its[sizeof ours];
	size_t at = 0, skipped = strlen(MBOX_BEGINNING), put = strlen(INSERTED_BEGINNING);
	struct stat st;
	ssize_t n;

	if (pread(spool, ours, skipped, 0) != (ssize_t)skipped ||
	        memcmp(ours, MBOX_BEGINNING, skipped) != 0)
		skipped = put = 0;
	if (fstat(file, &st) != 0 || (size_t)st.st_size != length - skipped + put ||
	        pread(file, its, put, 0) != (ssize_t)put ||
	        memcmp(its, INSERTED_BEGINNING, put) != 0)
		return false;
	for (; at < length - skipped; at += (size_t)n) {
		n = pread(spool, ours, sizeof ours, (off_t)(skipped + at));
		if (n <= 0 || pread(file, its, (size_t)n, (off_t)(put + at)) != n ||
		        memcmp(ours, its, (size_t)n) != 0)
			return false;
	}
	return true;
}

bool delivery_is_file(const char *path, int spool, size_t length)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool same = file >= 0 && is_same(file, spool, length);

	if (file >= 0)
		close(file);
	return same;
}

/* Whether FOLDER has the mail, in a file that was written since the delivery began. */
static bool folder_has(const struct delivery *delivery, const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	struct stat st;
	bool found = false;

	while (directory != NULL && !found && (entry = readdir(directory)) != NULL) {
		char *path = talloc_asprintf(delivery, "%s/%s", folder, entry->d_name);

		found = stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		        st.st_mtime >= delivery->day - 2 &&
		        delivery_is_file(path, delivery->spool, delivery->length);
		talloc_free(path);
	}
	if (directory != NULL)
		closedir(directory);
	return found;
}

/* For one that was killed (a shell says that by a status above 128), perhaps behind the moment at
 * which the mail got its name in the mail folder. */
static bool is_delivered(const struct delivery *delivery)
{
	char *folder = mail_folder(delivery);

	return folder != NULL &&
	       (folder_has(delivery, talloc_asprintf(folder, "%s/new", folder)) ||
	               folder_has(delivery, talloc_asprintf(folder, "%s/cur", folder)));
}

enum status delivery_end(struct delivery *delivery, unsigned timeout, pid_t other, const char **why)
{
	const char *program = delivery->arguments[0];
	int outcome = 0;

	*why = "another program is writing to the index";
	if (!wait_for_end(delivery, timeout, other, &outcome))
		return STATUS_TRY_LATER;
	*why = NULL;
	if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0)
		return STATUS_OK;
	if ((WIFSIGNALED(outcome) || WEXITSTATUS(outcome) > 128) && is_delivered(delivery)) {
		*why = talloc_asprintf(delivery,
		        "delivered, but %s was killed; `notmuch new` puts the mail into the index",
		        program);
		return STATUS_OK;
	}
	*why = WIFEXITED(outcome) ? talloc_asprintf(delivery, "%s failed", program)
	                          : talloc_asprintf(delivery, "%s ended by signal %d", program,
	                                    WTERMSIG(outcome));
	return STATUS_TRY_LATER;
}
