#include "index/delivery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"

enum status delivery_spool(int *spool, size_t *length)
{
	enum status status;
	off_t end;

	*spool = io_nameless();
	if (*spool < 0)
		return STATUS_TRY_LATER;
	status = io_copy(STDIN_FILENO, *spool);
	end = lseek(*spool, 0, SEEK_CUR);
	if (status == STATUS_OK && (end < 0 || lseek(*spool, 0, SEEK_SET) != 0))
		status = STATUS_IO;
	*length = end > 0 ? (size_t)end : 0;
	/* From here on no process can change the mail, even if it has the file open. A file on a
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
	long long started; /* when it was started, by child_clock() */
	time_t day;        /* when it was started, by the calendar */
	sigset_t watched;  /* the signals that are waited for while the program runs */
};

/* The signals that are waited for: that the program has ended, and those that a delivery agent's
 * alarm(), limits and terminal send. If one of these ended us when the mail is delivered, it would
 * be delivered again. */
static const int delivery_signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1,
        SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};

enum status delivery_start(const void *ctx, char *const *arguments, int spool, size_t length,
        struct delivery **out, const char **why)
{
	struct delivery *delivery = talloc_zero(ctx, struct delivery);
	sigset_t before;
	const struct program program = {.words = arguments,
	        .input = spool,
	        .output = -1,
	        .dies_with_us = true,
	        .mask = &before};

	*delivery = (struct delivery){.arguments = arguments,
	        .spool = spool,
	        .length = length,
	        .started = child_clock(),
	        .day = time(NULL)};
	sigemptyset(&delivery->watched);
	for (size_t i = 0; i < sizeof delivery_signals / sizeof *delivery_signals; i++)
		sigaddset(&delivery->watched, delivery_signals[i]);
	descendants_adopt();
	sigprocmask(SIG_BLOCK, &delivery->watched, &before);
	*out = delivery;
	int error = program_start(&program, &delivery->pid);
	if (error == 0)
		return STATUS_OK;
	*why = talloc_asprintf(ctx, "can't run %s: %s", arguments[0], strerror(error));
	TALLOC_FREE(*out);
	return STATUS_TRY_LATER;
}

/* Returns whether notmuch still waits for the lock: it has not read from the mail. */
static bool is_waiting(void *argument)
{
	const struct delivery *delivery = argument;

	return lseek(delivery->spool, 0, SEEK_CUR) == 0;
}

/* Waits for the program's end. *OUTCOME stays as it is if it can't be read. Returns false if the
 * program was stopped while it waited for the lock. */
static bool wait_for_end(struct delivery *delivery, unsigned timeout, pid_t other, int *outcome)
{
	/* at least a second, as a program needs some time to begin */
	long long end = delivery->started + 1000LL * (timeout > 0 ? timeout : 1);
	bool limited = true;

	while (waitpid(delivery->pid, outcome, WNOHANG) == 0) {
		long long left = limited ? end - child_clock() : 3600 * 1000;
		const struct timespec wait = {.tv_sec = left > 0 ? left / 1000 : 0,
		        .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
		int number = sigtimedwait(&delivery->watched, NULL, &wait);

		if (number == SIGCHLD || (number < 0 && (errno == EINTR || !limited)))
			continue;
		if (descendants_end(delivery->pid, other, is_waiting, delivery, outcome))
			return false;
		limited = false;
	}
	return true;
}

/* -- whether a program that failed had delivered */

/* What `notmuch insert` makes of the beginning of a mail from an mbox. */
#define MBOX_BEGINNING "From "
#define INSERTED_BEGINNING "X-Envelope-From: "

static bool is_same(int file, int spool, size_t length)
{
	char ours[16384], its[sizeof ours];
	size_t skipped = strlen(MBOX_BEGINNING), put = strlen(INSERTED_BEGINNING);
	struct stat st;

	if (pread(spool, ours, skipped, 0) != (ssize_t)skipped ||
	        memcmp(ours, MBOX_BEGINNING, skipped) != 0)
		skipped = put = 0;
	if (fstat(file, &st) != 0 || (size_t)st.st_size != length - skipped + put ||
	        pread(file, its, put, 0) != (ssize_t)put ||
	        memcmp(its, INSERTED_BEGINNING, put) != 0)
		return false;
	for (size_t at = 0; at < length - skipped;) {
		ssize_t n = pread(spool, ours, sizeof ours, (off_t)(skipped + at));

		if (n <= 0 || pread(file, its, (size_t)n, (off_t)(put + at)) != n ||
		        memcmp(ours, its, (size_t)n) != 0)
			return false;
		at += (size_t)n;
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

static void ask_root(void *argument, int answer)
{
	const char *notmuch = argument;

	if (dup2(answer, STDOUT_FILENO) == STDOUT_FILENO)
		execlp(notmuch, notmuch, "config", "get", "database.mail_root", (char *)NULL);
}

/* Returns the Maildir that notmuch delivers into; NULL if it can't be found out. */
static char *mail_folder(const struct delivery *delivery)
{
	struct child asked = child_start(ask_root, delivery->arguments[0]);
	char *root = child_answer(
	        delivery, &asked, PATH_MAX, child_clock() + 1000LL * JUDGE_SECONDS_MAX);
	const char *folder = "";

	child_end(&asked);
	if (root == NULL || root[0] != '/')
		return NULL;
	for (char *const *argument = delivery->arguments; *argument != NULL; argument++) {
		if (strncmp(*argument, "--folder", 8) != 0)
			continue;
		if ((*argument)[8] == '=' || (*argument)[8] == ':')
			folder = *argument + 9;
		else if ((*argument)[8] == '\0' && argument[1] != NULL)
			folder = argument[1];
	}
	return talloc_asprintf(delivery, "%.*s/%s", (int)strcspn(root, "\n"), root, folder);
}

/* Returns whether FOLDER/NAME has the mail in a file that was written since the delivery began. */
static bool folder_has(const struct delivery *delivery, const char *folder, const char *name)
{
	const char *path = talloc_asprintf(delivery, "%s/%s", folder, name);
	DIR *directory = opendir(path);
	struct stat st;
	bool found = false;

	for (struct dirent *entry;
	        directory != NULL && !found && (entry = readdir(directory)) != NULL;) {
		SCOPED char *file = talloc_asprintf(NULL, "%s/%s", path, entry->d_name);

		found = stat(file, &st) == 0 && S_ISREG(st.st_mode) &&
		        st.st_mtime >= delivery->day - 2 &&
		        delivery_is_file(file, delivery->spool, delivery->length);
	}
	if (directory != NULL)
		closedir(directory);
	return found;
}

/* Returns whether the program had delivered the mail before it failed: it was killed afterwards, or
 * is a script whose last command failed, or notmuch could not undo the delivery, because a tag such
 * as `-unread` had renamed the file. */
static bool was_delivered(const struct delivery *delivery)
{
	const char *folder = mail_folder(delivery);

	return folder != NULL &&
	       (folder_has(delivery, folder, "new") || folder_has(delivery, folder, "cur"));
}

enum status delivery_end(struct delivery *delivery, unsigned timeout, pid_t other, const char **why)
{
	const char *program = delivery->arguments[0];
	int outcome = SIGKILL;

	*why = "another program is writing to the index";
	if (!wait_for_end(delivery, timeout, other, &outcome))
		return STATUS_TRY_LATER;
	*why = NULL;
	if (outcome == 0)
		return STATUS_OK;
	bool delivered = was_delivered(delivery);

	if (!delivered) { /* what a script leaves behind must not deliver later */
		descendants_end(0, other, NULL, NULL, NULL);
		delivered = was_delivered(delivery);
	}
	*why = WIFEXITED(outcome) ? talloc_asprintf(delivery, "%s failed", program)
	                          : talloc_asprintf(delivery, "%s ended by signal %d", program,
	                                    WTERMSIG(outcome));
	if (!delivered)
		return STATUS_TRY_LATER;
	*why = talloc_asprintf(delivery,
	        "delivered, but %s; `notmuch new` puts the mail into the index if it is not there",
	        *why);
	return STATUS_OK;
}
