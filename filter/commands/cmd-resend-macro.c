#include "commands/cmd-resend.h"

#include <signal.h>
#include <string.h>
#include <talloc.h>

#include "commands/cmd-held.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "mail/maildir.h"

/* Who types ^C doesn't want to send, but mutt would wait for a key if we died of it. */
static void give_up(int signal)
{
	(void)signal;
}

char *resending_hold_folder(const void *ctx)
{
	const struct sigaction interrupt = {.sa_handler = give_up}; /* ends a read() */
	char *path = hold_path(ctx, "draft.new");

	sigaction(SIGINT, &interrupt, NULL);
	hold_forget("resend");
	if (path != NULL)
		maildir_empty(path);
	return path;
}

/* mutt takes a draft out of the folder of postponed mail when it opens it: so that folder is
 * another one for a moment. In that moment NeoMutt 20250510 and later end by SIGSEGV where they
 * would draw how far they have read: so they draw nothing. */
static char *opening(const void *ctx, const char *folder, const char *line)
{
	char *saying =
	        line != NULL ? talloc_asprintf(ctx, "<enter-command>echo '%s'<enter>", line) : NULL;

	return talloc_asprintf(ctx,
	        "set my_nb_pp=$postponed\nset my_nb_ri=$read_inc read_inc=0 postponed=\"%s\"\npush "
	        "\"<recall-message><enter-command>set postponed=\\$my_nb_pp "
	        "read_inc=\\$my_nb_ri<enter>%s\"\n",
	        folder, saying != NULL ? saying : "");
}

/* What names the mail that is sent again; owned by CTX. */
static char *name_of(const void *ctx, const struct resend *resend)
{
	const struct resend_bounce *bounce = resend->bounce_count > 0 ? &resend->bounces[0] : NULL;

	if (bounce != NULL && bounce->link.original != NULL)
		return talloc_strdup(ctx, mail_id(bounce->link.original));
	return talloc_strdup(
	        ctx, bounce != NULL && bounce->mail != NULL ? mail_id(bounce->mail) : "");
}

bool resending_holds_more(const void *ctx, const struct resending *resending)
{
	char *folder = hold_path(ctx, "draft"), *kept = hold_get(ctx, "draft-of"),
	     *name = name_of(ctx, &resending->resend);

	return folder != NULL && kept != NULL && name[0] != '\0' && strcmp(kept, name) == 0 &&
	       !maildir_is_empty(folder);
}

void resending_hold(
        const void *ctx, enum status status, const struct resending *resending, const char *said)
{
	/* NULL: it did not come as far as that */
	struct wording *wording = resending->env.wording;
	const char *nothing =
	        wording != NULL ? wording_label(wording, "nothing-sent") : "nothing is sent again";
	char *folder = hold_path(ctx, "draft"), *line = held_line(ctx, "resend", said), *commands;
	bool opens = folder != NULL && hold_is_plain(folder);

	if (opens && status == STATUS_OK) {
		opens = maildir_move(resending->directory, folder);
		hold_put("draft-of", name_of(ctx, &resending->resend));
	} else if (opens && !resending->ask) {
		opens = status == STATUS_REFUSED && resending_holds_more(ctx, resending);
		line = opens ? NULL : line;
	} else
		opens = false;
	if (opens)
		commands = opening(ctx, folder, line);
	else
		commands = talloc_asprintf(ctx, "echo '%s'\n", line != NULL ? line : nothing);
	hold_put("resend", commands);
}

enum status resending_print_held(const void *ctx)
{
	char *commands = hold_get(ctx, "resend");

	hold_forget("resend");
	return cmd_print(commands != NULL ? commands : "echo 'there is nothing to send again'\n");
}
