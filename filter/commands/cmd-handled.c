/* notmuch bounce handled: a bounce was dealt with, and so was the mail it is about. */
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-held.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "judge/judge.h"

struct handling {
	bool undo, hold, held; /* the options */
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	bool is_elsewhere; /* a bounce that is not in the index */
	struct ids bounces, originals;
};

/* The bounces that MAIL is or that are about it. */
static void note(struct handling *handling, struct mail *mail)
{
	char **about = mail_values(handling->ctx, mail, PROPERTY_BY);
	size_t i;

	if (mail_has_value(mail, PROPERTY_IS, IS_REPORT))
		ids_add(handling->ctx, &handling->bounces, mail_id(mail));
	for (i = 0; about[i] != NULL; i++)
		ids_add(handling->ctx, &handling->bounces, about[i]);
}

static enum status change(struct handling *handling, const char *id)
{
	struct mail *bounce = index_find(handling->ctx, handling->index, id);
	char *of = bounce != NULL ? mail_value(handling->ctx, bounce, PROPERTY_OF) : NULL;
	enum status status;

	if (bounce == NULL)
		return STATUS_OK;
	mail_put_tag(bounce, TAG_HANDLED, !handling->undo);
	if (of != NULL)
		ids_add(handling->ctx, &handling->originals, of);
	status = mail_write(bounce);
	talloc_free(bounce);
	return status;
}

static enum status change_all(struct handling *handling)
{
	enum status status = cmd_index_write("handled", handling->index, handling->settings);
	size_t i;

	if (status == STATUS_OK)
		status = index_begin(handling->index);
	for (i = 0; status == STATUS_OK && i < handling->bounces.count; i++)
		status = change(handling, handling->bounces.list[i]);
	ids_sort(&handling->originals);
	for (i = 0; status == STATUS_OK && i < handling->originals.count; i++)
		status = outcome_update(handling->ctx, handling->index, handling->settings,
		        time(NULL), handling->originals.list[i]);
	if (status == STATUS_OK)
		status = index_end(handling->index);
	return status == STATUS_OK ? index_close(handling->index) : status;
}

static enum status note_name(struct handling *handling, const char *name)
{
	char **ids;
	enum status status = cmd_find(handling->ctx, "handled", handling->index, name, &ids);

	for (; status == STATUS_OK && *ids != NULL; ids++) {
		struct mail *mail = index_find(handling->ctx, handling->index, *ids);

		if (mail != NULL)
			note(handling, mail);
		talloc_free(mail);
	}
	return status;
}

static bool is_bounce(const void *ctx, struct judge *judge, const char *bytes, size_t length)
{
	struct judgement judgement;

	return judge_mail(ctx, judge, bytes, length, &judgement) == STATUS_OK &&
	       kind_is_bounce(judgement.facts->kind);
}

/* A bounce may be new in the index, so that `tag` has not seen it, or not be there at all. */
static enum status note_stdin(struct handling *handling, struct judge *judge)
{
	size_t length, before = handling->bounces.count;
	struct mail *mail;
	char *bytes;
	enum status status =
	        io_read_all(handling->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length);

	if (status != STATUS_OK)
		return status;
	mail = mail_of_bytes(handling->ctx, handling->index, handling->settings, bytes, length);
	if (mail != NULL)
		note(handling, mail);
	if (handling->bounces.count == before && is_bounce(handling->ctx, judge, bytes, length)) {
		if (mail != NULL)
			ids_add(handling->ctx, &handling->bounces, mail_id(mail));
		handling->is_elsewhere = handling->is_elsewhere || mail == NULL;
	}
	talloc_free(mail);
	return STATUS_OK;
}

static enum status handle(struct call *call, char **names)
{
	struct handling *handling = call->options;
	enum status status = call_open(call);

	/* mutt may be used without an index; a macro then only wants to know whether it is a
	 * bounce. */
	if (status == STATUS_NO_INPUT && handling->hold)
		status = STATUS_OK;
	handling->ctx = call->ctx;
	handling->index = call->index;
	handling->settings = &call->settings;
	for (; status == STATUS_OK && *names != NULL; names++)
		status = strcmp(*names, "-") == 0 ? note_stdin(handling, call->judge)
		                                  : note_name(handling, *names);
	ids_sort(&handling->bounces);
	if (status != STATUS_OK)
		return status;
	if (handling->bounces.count > 0)
		return change_all(handling);
	if (handling->is_elsewhere) {
		cmd_say("handled: this bounce is not in the index");
		return STATUS_NO_INPUT;
	}
	cmd_say("handled: %s", wording_label(call->wording, "handled-nothing"));
	return STATUS_OK;
}

/* Keep what a macro does then: its own part of it, or saying why it does nothing. */
static enum status handle_and_hold(struct call *call)
{
	struct handling *handling = call->options;
	char *standard_input[] = {(char[]){"-"}, NULL}, *said;
	enum status status;

	hold_forget("handled");
	cmd_say_to(call->ctx, &said);
	status = handle(call, standard_input);
	io_drain(STDIN_FILENO);
	if (handling->is_elsewhere || (status == STATUS_OK && handling->bounces.count > 0))
		return hold_put("handled", "push \"$my_nb_handled\"\n");
	return hold_put("handled", held_echo(call->ctx, "handled", said));
}

static enum status print_held(const void *ctx)
{
	char *commands = hold_get(ctx, "handled");

	hold_forget("handled");
	return cmd_print(commands != NULL
	                         ? commands
	                         : held_echo(ctx, "handled", cmd_text("nothing was changed")));
}

static enum status handled_run(struct call *call)
{
	const struct handling *handling = call->options;

	if (handling->held)
		return print_held(call->ctx);
	if (handling->hold)
		return handle_and_hold(call);
	if (call->arguments[0] == NULL) {
		cmd_say("handled: which mail? id:..., a query, or - for the one on standard input");
		return STATUS_USAGE;
	}
	return handle(call, call->arguments);
}

static const struct option options[] = {
        FLAG_OPTION("undo", struct handling, undo, "it was not: they are open again"),
        FLAG_OPTION("hold", struct handling, hold,
                "for a macro of mutt's: the mail on stdin; say nothing"),
        FLAG_OPTION("held", struct handling, held,
                "print what mutt does then: $my_nb_handled, or why nothing"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_handled = {
        .name = "handled",
        .arguments = "[OPTION]... id:ID|QUERY|-...",
        .summary = "a bounce was dealt with, and so was the mail it is about",
        .notes = "The bounce, or all bounces about the mail, get the tag bounce/handled, and "
                 "status leaves the mail out, until another bounce comes. Ordinary mail is not "
                 "changed.",
        .options = options,
        .size = sizeof(struct handling),
        .needs = NEEDS_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = handled_run,
};
