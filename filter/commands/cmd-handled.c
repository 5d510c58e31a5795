/* notmuch bounce handled: notes that the user has dealt with a bounce, and so with the mail it is
 * about. */
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "index/mail-files.h"
#include "index/properties.h"
#include "index/tagger.h"

struct handling {
	bool undo, hold, held; /* the options */
	struct tagger tagger;
	bool is_elsewhere; /* a bounce that is not in the index */
	char **bounces;    /* ids; NULL: none */
};

/* Collects MAIL, if it is a bounce, and the bounces that are about it. */
static enum status handled_note(void *argument, struct mail *mail)
{
	struct handling *handling = argument;
	const void *ctx = handling->tagger.ctx;

	if (mail_has_value(mail, PROPERTY_IS, IS_REPORT))
		list_add(ctx, &handling->bounces, mail_id(mail));
	for (char **about = mail_values(mail, mail, PROPERTY_BY); *about != NULL; about++)
		list_add(ctx, &handling->bounces, *about);
	return STATUS_OK;
}

static enum status handled_change(struct handling *handling, const char *id)
{
	struct tagger *tagger = &handling->tagger;
	SCOPED struct mail *bounce = index_find(NULL, tagger->index, id);

	if (bounce == NULL)
		return STATUS_OK;
	mail_put_tag(bounce, TAG_HANDLED, !handling->undo);
	tagger_outdate(tagger, bounce);
	return mail_write(bounce);
}

static enum status handled_change_all(struct handling *handling)
{
	struct tagger *tagger = &handling->tagger;
	enum status status = cmd_index_write("handled", tagger->index);

	for (char **id = handling->bounces; status == STATUS_OK && *id != NULL; id++)
		status = handled_change(handling, *id);
	if (status == STATUS_OK)
		status = tagger_settle(tagger);
	return cmd_index_close(tagger->index, status);
}

/* Collects the bounces of the mail on stdin. If that is a bounce itself, it may be in the index
 * without having been tagged, or not be there. */
static enum status handled_note_stdin(struct handling *handling)
{
	struct tagger *tagger = &handling->tagger;
	size_t length, before = list_length(handling->bounces);
	char *bytes;
	struct judgement judgement;
	enum status status =
	        io_read_all(tagger->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length);

	if (status != STATUS_OK)
		return status;
	SCOPED struct mail *mail = mail_of_bytes(NULL, tagger->index, bytes, length);
	if (mail != NULL)
		handled_note(handling, mail);
	if (list_length(handling->bounces) == before &&
	        judge_mail(tagger->ctx, tagger->judge, bytes, length, &judgement) == STATUS_OK &&
	        kind_is_bounce(judgement.facts->kind)) {
		if (mail != NULL)
			list_add(tagger->ctx, &handling->bounces, mail_id(mail));
		else
			handling->is_elsewhere = true;
	}
	return STATUS_OK;
}

static enum status handled_call(struct call *call, char **names)
{
	struct handling *handling = call->options;
	enum status status = call_open(call);

	/* mutt may be used without an index: the macro then only needs to know whether the mail is
	 * a bounce. */
	if (status == STATUS_NO_INPUT && handling->hold)
		status = STATUS_OK;
	handling->tagger =
	        (struct tagger){.ctx = call->ctx, .index = call->index, .judge = call->judge};
	for (; status == STATUS_OK && *names != NULL; names++)
		status = strcmp(*names, "-") == 0 ? handled_note_stdin(handling)
		                                  : cmd_each(call, *names, handled_note, handling);
	list_sort(handling->bounces);
	if (status != STATUS_OK)
		return status;
	if (handling->bounces != NULL)
		return handled_change_all(handling);
	if (handling->is_elsewhere) {
		cmd_say("handled: this bounce is not in the index");
		return STATUS_NO_INPUT;
	}
	cmd_say("handled: %s", wording_label(call->wording, "handled-nothing"));
	return STATUS_OK;
}

/* Keeps the command with which the macro goes on: its next part, or a message why there is none. */
static enum status handled_hold(struct call *call)
{
	struct handling *handling = call->options;
	char *standard_input[] = {(char[]){"-"}, NULL};
	enum status status;

	hold_forget(call->ctx, "handled");
	cmd_say_to(call->ctx, &call->said);
	status = handled_call(call, standard_input);
	io_drain(STDIN_FILENO);
	if (handling->is_elsewhere || (status == STATUS_OK && handling->bounces != NULL))
		return hold_put(call->ctx, "handled", "push \"$my_nb_handled\"\n");
	return hold_put(call->ctx, "handled", hold_echo(call->ctx, "handled", call->said));
}

static enum status handled_run(struct call *call)
{
	const struct handling *handling = call->options;

	if (handling->held)
		return cmd_print(hold_take(call->ctx, "handled", "nothing was changed"));
	if (handling->hold)
		return handled_hold(call);
	if (call->arguments[0] == NULL) {
		cmd_say("handled: which mail? id:..., a query, or - for the one on standard input");
		return STATUS_USAGE;
	}
	return handled_call(call, call->arguments);
}

static const struct option options[] = {
        FLAG_OPTION("undo", struct handling, undo),
        FLAG_OPTION("hold", struct handling, hold),
        FLAG_OPTION("held", struct handling, held),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_handled = {
        .name = "handled",
        .arguments = "[OPTION]... id:ID|QUERY|-...",
        .options = options,
        .size = sizeof(struct handling),
        .needs = NEEDS_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = handled_run,
};
