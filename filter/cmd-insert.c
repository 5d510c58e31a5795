/* notmuch bounce insert: deliver a mail through `notmuch insert`, a bounce with its tags, and tie it to the mail it is about.
 *
 * Two processes. One never looks into the mail: it takes it in, hands it to notmuch and answers for it. The other judges it, hands back tags, and
 * writes to the index once the mail is delivered; whatever becomes of it, the mail is delivered all the same. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "cmd-delivered.h"
#include "cmd.h"
#include "delivery.h"
#include "io.h"
#include "limits.h"

/* The process that judges. */
struct judging {
	pid_t pid;  /* 0: there is none */
	int answer; /* the tags come from here: a word each, a line in all */
	int go;     /* the mail is delivered: told here */
};

/* Only tags of ours are taken from the process that read the mail. */
static bool is_tag(const char *word)
{
	static const char *const others[] = {"bounce", "complaint", "auto-reply", "receipt", "delivery-receipt"};
	size_t i;

	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(word, others[i]) == 0)
			return true;
	return strncmp(word, "bounce/", 7) == 0 && word[7] != '\0' &&
	       strspn(word + 7, "abcdefghijklmnopqrstuvwxyz-") == strlen(word + 7);
}

static void judge_in_child(const void *ctx, int spool, size_t length, char **arguments, int answer, int go)
{
	struct delivered *delivered;
	const char *tags;
	char word;

	alarm(JUDGE_SECONDS_MAX);
	if (delivered_judge(ctx, spool, length, arguments, &delivered, &tags) != STATUS_OK)
		_exit(1);
	if (io_write(answer, tags, strlen(tags)) != STATUS_OK || io_write(answer, "\n", 1) != STATUS_OK)
		_exit(1);
	alarm(0);
	if (read(go, &word, 1) == 1)
		delivered_finish(delivered);
	_exit(0);
}

static struct judging judging_start(const void *ctx, int spool, size_t length, char **arguments)
{
	struct judging judging = {.pid = 0};
	int answer[2], go[2];

	if (pipe2(answer, O_CLOEXEC) != 0)
		return judging;
	if (pipe2(go, O_CLOEXEC) != 0) {
		close(answer[0]);
		close(answer[1]);
		return judging;
	}
	judging.pid = fork();
	if (judging.pid == 0) {
		close(answer[0]);
		close(go[1]);
		judge_in_child(ctx, spool, length, arguments, answer[1], go[0]);
	}
	close(answer[1]);
	close(go[0]);
	judging.answer = answer[0];
	judging.go = go[1];
	if (judging.pid < 0)
		judging.pid = 0;
	return judging;
}

static void judging_end(struct judging *judging)
{
	if (judging->pid > 0) {
		kill(judging->pid, SIGKILL);
		waitpid(judging->pid, NULL, 0);
	}
	judging->pid = 0;
}

/* What the other process says, owned by CTX: "" if it says nothing in time, or anything but tags. */
static char *judging_tags(const void *ctx, struct judging *judging)
{
	struct pollfd wait = {.fd = judging->answer, .events = POLLIN};
	char line[4096], *copy, *word, *rest;
	size_t length = 0;
	ssize_t n = 1;

	while (judging->pid > 0 && n > 0 && length < sizeof line - 1 && memchr(line, '\n', length) == NULL) {
		n = poll(&wait, 1, JUDGE_SECONDS_MAX * 1000) > 0 ? read(judging->answer, line + length, sizeof line - 1 - length)
		                                                 : 0;
		length += n > 0 ? (size_t)n : 0;
	}
	line[length] = '\0';
	copy = talloc_strndup(ctx, line, strcspn(line, "\n"));
	if (copy != NULL && judging->pid > 0 && line[strlen(copy)] == '\n') {
		for (word = strtok_r(line, " \n", &rest); word != NULL && is_tag(word); word = strtok_r(NULL, " \n", &rest))
			continue;
		if (word == NULL)
			return copy;
	}
	cmd_say("insert: the mail can't be judged; it is delivered as it is");
	judging_end(judging);
	return talloc_strdup(ctx, "");
}

/* `notmuch insert` with OPTIONS, our TAGS, and the user's. */
static char **insert_arguments(const void *ctx, char **arguments, char *tags)
{
	size_t count = 0, n = 0, i;
	char **all, *word, *rest;
	bool ours = false;

	while (arguments[count] != NULL)
		count++;
	all = talloc_zero_array(ctx, char *, (unsigned)(count + strlen(tags) + 3));
	if (all == NULL)
		return NULL;
	all[n++] = talloc_strdup(all, "notmuch");
	all[n++] = talloc_strdup(all, "insert");
	for (i = 0; i <= count; i++) {
		bool tag = i == count || delivered_is_tag_change(arguments[i]);

		for (word = tag && !ours ? strtok_r(tags, " ", &rest) : NULL; word != NULL; word = strtok_r(NULL, " ", &rest))
			if ((all[n++] = talloc_asprintf(all, "+%s", word)) == NULL)
				return NULL;
		ours = ours || tag;
		if (i < count)
			all[n++] = arguments[i];
	}
	return all;
}

/* Let the other process write to the index what became of the mail. Nothing that happens there matters any more. */
static void judging_finish(struct judging *judging, unsigned timeout)
{
	struct pollfd ended = {.fd = judging->answer, .events = POLLIN};

	if (judging->pid == 0)
		return;
	(void)!write(judging->go, "d", 1);
	poll(&ended, 1, (int)(timeout + JUDGE_SECONDS_MAX) * 1000); /* its end closes the pipe */
	if (ended.revents == 0)
		cmd_say("insert: delivered, but the index was not told what it is; notmuch-bounce tag does that");
	judging_end(judging);
}

static enum status insert_deliver(const void *ctx, int spool, size_t length, char **arguments)
{
	struct judging judging = judging_start(ctx, spool, length, arguments);
	unsigned timeout = delivered_lock_timeout(ctx); /* while the other judges */
	char *tags = judging_tags(ctx, &judging);
	char **all = tags != NULL ? insert_arguments(ctx, arguments, tags) : NULL;
	const char *why = "out of memory";
	enum status status = all != NULL ? delivery_run(ctx, all, spool, timeout, &why) : STATUS_TRY_LATER;

	if (status != STATUS_OK) {
		cmd_say("insert: not delivered: %s", why);
		judging_end(&judging);
		return status;
	}
	judging_finish(&judging, timeout);
	return STATUS_OK;
}

static enum status insert_run(const void *ctx, char **arguments)
{
	int spool;
	size_t length;
	enum status status = delivery_spool(STDIN_FILENO, &spool, &length);

	if (status != STATUS_OK || length == 0) {
		cmd_say("insert: not delivered: %s",
		        status != STATUS_OK ? strerror(errno) : "there is no mail on standard input");
		io_drain(STDIN_FILENO);
		return STATUS_NOT_DELIVERED;
	}
	/* Whatever is wrong, the delivery agent is to keep the mail and come again. */
	return insert_deliver(ctx, spool, length, arguments) == STATUS_OK ? STATUS_OK : STATUS_NOT_DELIVERED;
}

const struct command command_insert = {
        .name = "insert",
        .arguments = "[notmuch insert's options] [+TAG|-TAG]... <MAIL",
        .summary = "deliver a mail through notmuch insert, a bounce with its tags",
        .help = "For procmail (:0w) and maildrop (to \"|...\"). All arguments go to notmuch insert.\n"
                "Exit status 0: delivered, once. 75: not delivered; keep the mail and try again.\n",
        .run = insert_run,
};
