#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend.h"
#include "commands/cmd-send.h"
#include "commands/cmd.h"
#include "index/tagger.h"
#include "mail/maildir.h"

static enum status say_failure(enum status status, const char *where)
{
	/* `| head` has seen enough */
	if ((status == STATUS_IO || status == STATUS_DISK_FULL) && errno != EPIPE)
		cmd_say("resend: can't write %s: %s", where, strerror(errno));
	return status;
}

static enum status write_draft(int to, const struct draft *draft)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < draft->count; i++)
		status = io_write(to, draft->pieces[i].start, draft->pieces[i].length);
	return status;
}

enum status resending_print(const struct resending *resending, const struct drafts *drafts)
{
	(void)resending;
	if (drafts->count == 1)
		return say_failure(write_draft(STDOUT_FILENO, &drafts->list[0]), "the draft");
	cmd_say("resend: these are %zu drafts: --draft=DIR says into which Maildir they go",
	        drafts->count);
	return STATUS_USAGE;
}

/* -- into a folder */

static enum status add(const void *ctx, struct maildir *maildir, const struct draft *draft)
{
	struct iovec *pieces = talloc_array(ctx, struct iovec, (unsigned)draft->count);
	size_t i;

	for (i = 0; i < draft->count; i++)
		pieces[i] = (struct iovec){
		        (void *)(uintptr_t)draft->pieces[i].start, draft->pieces[i].length};
	return maildir_add(maildir, pieces, draft->count);
}

/* Put DRAFTS into the Maildir FOLDER as mail with FLAGS. */
static enum status add_all(const void *ctx, const char *folder, const char *flags,
        const struct drafts *drafts, char ***paths)
{
	struct maildir *maildir;
	enum status status = maildir_open(ctx, folder, &maildir);
	size_t i;

	for (i = 0; status == STATUS_OK && i < drafts->count; i++)
		status = add(ctx, maildir, &drafts->list[i]);
	if (status == STATUS_OK)
		status = maildir_commit(ctx, maildir, flags, paths);
	return say_failure(status, folder);
}

enum status resending_keep(const void *ctx, const struct resending *resending,
        const struct drafts *drafts, char ***paths)
{
	bool is_new = !resending->hold && access(resending->directory, F_OK) != 0;
	/* mutt opens what is held at once; elsewhere it lies as a draft that nobody need look
	 * at. */
	enum status status =
	        add_all(ctx, resending->directory, resending->hold ? NULL : "DS", drafts, paths);
	size_t i;

	if (status != STATUS_OK)
		return status;
	if (is_new)
		cmd_say("resend: %s is a new Maildir", resending->directory);
	for (i = 0; status == STATUS_OK && !resending->hold && (*paths)[i] != NULL; i++)
		status = cmd_print(talloc_asprintf(ctx, "%s\n", (*paths)[i]));
	return status;
}

char *resending_folder(const void *ctx, const struct resending *resending)
{
	static const char *const usual[] = {
	        "Drafts", "drafts", ".Drafts", "INBOX.Drafts", "[Gmail]/Drafts", "postponed", NULL};
	struct index *index = resending->env.index;
	char *set = index != NULL ? index_setting(ctx, index, "bounce.drafts") : NULL;
	char *root = index != NULL ? index_root(ctx, index) : NULL;
	size_t i;

	if (set != NULL && set[0] == '/')
		return set;
	if (root == NULL)
		return NULL;
	for (i = 0; set == NULL && usual[i] != NULL; i++) {
		char *folder = talloc_asprintf(ctx, "%s/%s", root, usual[i]);

		if (maildir_is_there(folder))
			return folder;
	}
	return talloc_asprintf(ctx, "%s/%s", root, set != NULL ? set : usual[0]);
}

/* -- to the mail server */

char **resending_sendmail(const void *ctx, const struct resending *resending)
{
	static const char *const usual[] = {
	        "sendmail", "/usr/sbin/sendmail", "/usr/lib/sendmail", "msmtp", NULL};
	char *found = NULL;
	char *set = resending->env.index != NULL
	                    ? index_setting(ctx, resending->env.index, "bounce.sendmail")
	                    : NULL;
	char **words = NULL, *word, *rest;
	size_t count = 0, i;

	if (set != NULL) {
		for (word = strtok_r(set, " \t", &rest); word != NULL;
		        word = strtok_r(NULL, " \t", &rest))
			list_add(ctx, &words, &count, word);
		return words;
	}
	for (i = 0; found == NULL && usual[i] != NULL; i++)
		found = g_find_program_in_path(usual[i]);
	if (found == NULL)
		return NULL;
	g_free(found);
	list_add(ctx, &words, &count, usual[i - 1]);
	list_add(ctx, &words, &count, "-t");
	if (resending->resend.from !=
	        NULL) { /* so that what comes back again comes to that address */
		list_add(ctx, &words, &count, "-f");
		list_add(ctx, &words, &count, resending->resend.from);
	}
	return words;
}

/* Beside the user's own copy of the first mail, if that is in a Maildir: so the index will know
 * that it was sent. */
static void keep_copy(
        const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	const char *path = resending->resend.original.path;
	const char *slash =
	        path != NULL && resending->resend.original.is_own ? strrchr(path, '/') : NULL;
	char **paths, *folder;

	if (slash == NULL || slash - path < 4 ||
	        (strncmp(slash - 4, "/cur", 4) != 0 && strncmp(slash - 4, "/new", 4) != 0))
		return;
	folder = talloc_strndup(ctx, path, (size_t)(slash - 4 - path));
	if (maildir_is_there(folder))
		add_all(ctx, folder, "S", drafts, &paths);
}

enum status resending_send(
        const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	char **sendmail = resending_sendmail(ctx, resending);
	size_t i;

	if (sendmail == NULL) {
		cmd_say("resend --send: no program that sends was found: notmuch config set "
		        "bounce.sendmail 'msmtp -t'");
		return STATUS_REFUSED;
	}
	for (i = 0; i < drafts->count; i++) {
		int spool = io_nameless();
		enum status status =
		        spool >= 0 ? write_draft(spool, &drafts->list[i]) : STATUS_TRY_LATER;
		int code = status == STATUS_OK
		                   ? cmd_send_mail(ctx, resending->language, sendmail, spool)
		                   : 0;

		if (spool >= 0)
			close(spool);
		if (status != STATUS_OK)
			return status;
		if (code != 0) {
			cmd_say("resend: not sent: %s ended with %d", sendmail[0], code);
			return STATUS_NOT_SENT;
		}
	}
	keep_copy(ctx, resending, drafts);
	return STATUS_OK;
}

/* -- the index */

/* ^C while we wait for the index: the drafts are there, and need not be known. */
static void go_on(int signal)
{
	(void)signal;
}

/* Those for whom it was sent again. */
static char **sent_for(const void *ctx, const struct resend *resend)
{
	char **addresses = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < resend->failure_count; i++)
		if (!resend->failures[i].is_left_out)
			list_add(ctx, &addresses, &count, resend->failures[i].address);
	return addresses;
}

void resending_note(const void *ctx, const struct resending *resending, const struct drafts *drafts,
        char *const *paths, bool are_sent)
{
	char **ids = talloc_zero_array(ctx, char *, (unsigned)drafts->count + 1);
	const struct sigaction interrupt = {.sa_handler = go_on};
	const struct resend *resend = &resending->resend;
	struct index *index;
	enum status status;
	size_t i;

	for (i = 0; i < drafts->count; i++)
		ids[i] = drafts->list[i].id;
	if (resending->env.index == NULL || (resend->ids[0] == NULL && paths == NULL && !are_sent))
		return;
	sigaction(SIGINT, &interrupt, NULL);
	status = cmd_index_open(ctx, "resend", INDEX_READ, &index);
	if (status == STATUS_OK)
		status = cmd_index_write("resend", index, &resending->env.settings);
	for (i = 0; status == STATUS_OK && paths != NULL && paths[i] != NULL; i++)
		index_add_draft(index, paths[i]);
	if (status == STATUS_OK)
		status = tagger_note_drafts(ctx, index, resend->ids, ids);
	for (i = 0; status == STATUS_OK && are_sent && i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL)
			status = tagger_note_sent(ctx, index, mail_id(resend->bounces[i].mail),
			        sent_for(ctx, resend));
	if (status == STATUS_OK)
		status = index_close(index);
	if (status != STATUS_OK)
		cmd_say("resend: %s", wording_label(resending->env.wording, "remark-not-noted"));
}
