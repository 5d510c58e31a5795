#include "commands/cmd-resend-macro.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-ask.h"
#include "commands/cmd-held.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "mail/maildir.h"

static bool apply(struct resending *resending, const char *answer, const char *suggested)
{
	const char *to = strchr(answer, '@') != NULL ? answer : answer[0] == 't' && suggested != NULL ? suggested : NULL;

	if (to != NULL) {
		char **list = talloc_zero_array(NULL, char *, 2); /* freed with the other options */

		list[0] = talloc_strdup(list, to + strspn(to, " "));
		resending->wish.to = list;
		return true;
	}
	switch (answer[0]) {
	case '\0': return true;
	case 'p': return resending->plan.plain = resending->wish.less = true;
	case 'w': return resending->plan.no_attachments = resending->wish.no_attachments = resending->wish.less = true;
	case 'z': return resending->plan.zip = true;
	case 's': return (resending->plan.split = RESEND_SPLIT_DEFAULT) > 0;
	default: return false;
	}
}

/* What can be answered, and how that is called. */
static char *question(const void *ctx, struct wording *wording, const char *suggested)
{
	static const struct {
		const char *key, *label;
	} answers[] = {
	        {"Enter", "ask-as-it-was"},
	        {"p    ", "ask-plain"},
	        {"w    ", "ask-without"},
	        {"z    ", "ask-zip"},
	        {"s    ", "ask-split"},
	        {"q    ", "ask-not"},
	};
	char *text = talloc_asprintf(ctx, "\r\n%s\r\n", wording_label(wording, "ask-how"));
	size_t i;

	for (i = 0; i < sizeof answers / sizeof *answers; i++)
		text = talloc_asprintf_append_buffer(
		        text, "  %s  %s\r\n", answers[i].key, wording_label(wording, answers[i].label));
	if (suggested != NULL)
		text = talloc_asprintf_append_buffer(text, "  t      %s\r\n", suggested);
	return talloc_asprintf_append_buffer(text, "%s: ", wording_label(wording, "ask-address"));
}

bool resend_ask(const void *ctx, struct resending *resending, const char *suggested)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char *text = question(ctx, resending->means.wording, suggested), answer[ADDRESS_MAX + 2];
	bool asked = terminal >= 0 && io_write(terminal, text, strlen(text)) == STATUS_OK &&
	             cmd_answer(terminal, answer, sizeof answer);
	size_t length = asked ? strlen(answer) : 0;

	while (length > 0 && answer[length - 1] == ' ')
		answer[--length] = '\0';
	if (terminal >= 0)
		close(terminal);
	resending->wish.again = true; /* who is asked, and answers, knows */
	return asked && apply(resending, answer, suggested);
}

/* Who types ^C doesn't want to send, but mutt would wait for a key if we died of it. */
static void give_up(int signal)
{
	(void)signal;
}

char *resend_hold_folder(const void *ctx)
{
	const struct sigaction interrupt = {.sa_handler = give_up}; /* ends a read() */
	char *path = hold_path(ctx, "draft.new");

	sigaction(SIGINT, &interrupt, NULL);
	hold_forget("resend");
	if (path != NULL)
		maildir_empty(path);
	return path;
}

/* mutt takes a draft out of the folder of postponed mail when it opens it: so that folder is another one for a moment. */
static char *opening(const void *ctx, const char *folder, const char *line)
{
	char *saying = line != NULL ? talloc_asprintf(ctx, "<enter-command>echo '%s'<enter>", line) : NULL;

	return talloc_asprintf(ctx,
	        "set my_nb_pp=$postponed\n"
	        "set postponed=\"%s\"\n"
	        "push \"<recall-message><enter-command>set postponed=\\$my_nb_pp<enter>%s\"\n",
	        folder, saying != NULL ? saying : "");
}

/* Whether drafts of the same mail are still there that were not opened yet: of several, mutt opens one at a time. */
static bool has_more(const void *ctx, const char *folder, const char *of)
{
	char *kept = hold_get(ctx, "draft-of");

	return kept != NULL && of != NULL && strcmp(kept, of) == 0 && !maildir_is_empty(folder);
}

void resend_hold(const void *ctx, enum status status, const struct resending *resending, const char *said)
{
	struct wording *wording = resending->means.wording; /* NULL: it did not come as far as that */
	const char *nothing = wording != NULL ? wording_label(wording, "nothing-sent") : "nothing is sent again";
	char *folder = hold_path(ctx, "draft"), *line = held_line(ctx, "resend", said), *commands;
	const char *of = resending->resend.ids != NULL ? resending->resend.ids[0] : NULL;
	bool opens = folder != NULL && hold_is_plain(folder);

	if (opens && status == STATUS_OK) {
		opens = maildir_move(resending->directory, folder);
		hold_put("draft-of", of != NULL ? of : "");
	} else if (opens) {
		opens = status == STATUS_REFUSED && has_more(ctx, folder, of);
		line = opens ? NULL : line;
	}
	if (opens)
		commands = opening(ctx, folder, line);
	else
		commands = line != NULL ? talloc_asprintf(ctx, "echo '%s'\n", line)
		                        : talloc_asprintf(ctx, "echo 'notmuch-bounce: %s'\n", nothing);
	hold_put("resend", commands);
}

enum status resend_print_held(const void *ctx)
{
	char *commands = hold_get(ctx, "resend");

	hold_forget("resend");
	return cmd_print(commands != NULL ? commands : "echo 'notmuch-bounce: there is nothing to send again'\n");
}
