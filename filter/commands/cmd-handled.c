/* notmuch bounce handled: a bounce was dealt with, and so was the mail it is about. */
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "index/mail-bytes.h"
#include "index/outcome.h"
#include "index/select.h"

struct handling {
	const void *ctx;
	struct index *index;
	struct settings settings;
	bool undo;
	char **bounces; /* ids */
	size_t bounce_count;
	char **originals;
	size_t original_count;
};

/* The bounces that MAIL is or that are about it. */
static void note(struct handling *handling, struct mail *mail)
{
	char **about = mail_values(handling->ctx, mail, PROPERTY_BY);
	size_t i;

	if (mail_has_value(mail, PROPERTY_IS, IS_REPORT))
		list_add(handling->ctx, &handling->bounces, &handling->bounce_count, mail_id(mail));
	for (i = 0; about[i] != NULL; i++)
		list_add(handling->ctx, &handling->bounces, &handling->bounce_count, about[i]);
}

static enum status change(struct handling *handling, const char *id)
{
	struct mail *bounce = index_find(handling->ctx, handling->index, id);
	char *of = bounce != NULL ? mail_value(handling->ctx, bounce, PROPERTY_OF) : NULL;
	enum status status;

	if (bounce == NULL)
		return STATUS_OK;
	if (handling->undo)
		mail_remove_tag(bounce, TAG_HANDLED);
	else
		mail_add_tag(bounce, TAG_HANDLED);
	if (of != NULL)
		list_add(handling->ctx, &handling->originals, &handling->original_count, of);
	status = mail_status(bounce);
	talloc_free(bounce);
	return status;
}

static enum status change_all(struct handling *handling)
{
	enum status status = cmd_index_write("handled", handling->index, &handling->settings);
	size_t i;

	if (status == STATUS_OK)
		status = index_begin(handling->index);
	for (i = 0; status == STATUS_OK && i < handling->bounce_count; i++)
		status = change(handling, handling->bounces[i]);
	handling->original_count = select_once(handling->originals, handling->original_count);
	for (i = 0; status == STATUS_OK && i < handling->original_count; i++)
		status = outcome_update(
		        handling->ctx, handling->index, &handling->settings, time(NULL), handling->originals[i]);
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

static enum status note_stdin(struct handling *handling)
{
	struct mail *mail = NULL;
	size_t length;
	char *bytes;

	if (io_read_all(handling->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) == STATUS_OK)
		mail = mail_of_bytes(handling->ctx, handling->index, &handling->settings, bytes, length);
	if (mail != NULL)
		note(handling, mail);
	talloc_free(mail);
	return STATUS_OK;
}

static enum status handle(struct handling *handling, char **names, const char *language)
{
	struct problems *problems = problems_new(handling->ctx);
	struct wording *wording = NULL;
	enum status status = cmd_index_open(handling->ctx, "handled", INDEX_READ, &handling->index, &handling->settings, NULL);

	if (status == STATUS_OK)
		status = cmd_wording(handling->ctx, "handled", language, handling->settings.language, problems, &wording);
	for (; status == STATUS_OK && *names != NULL; names++)
		status = strcmp(*names, "-") == 0 ? note_stdin(handling) : note_name(handling, *names);
	handling->bounce_count = select_once(handling->bounces, handling->bounce_count);
	if (status == STATUS_OK && handling->bounce_count == 0)
		cmd_say("handled: %s", wording_label(wording, "handled-nothing"));
	else if (status == STATUS_OK)
		status = change_all(handling);
	cmd_say_problems(problems);
	return status;
}

static enum status handled_run(const void *ctx, char **arguments)
{
	struct handling handling = {.ctx = ctx};
	const char *language = NULL;
	const struct option options[] = {
	        {.name = "undo", .flag = &handling.undo},
	        {.name = "lang", .value = &language},
	        {.name = NULL},
	};
	enum status status = cmd_options("handled", arguments, options);

	if (status == STATUS_OK && arguments[0] == NULL) {
		cmd_say("handled: which mail? id:..., a query, or - for the one on standard input");
		status = STATUS_USAGE;
	}
	return status == STATUS_OK ? handle(&handling, arguments, language) : status;
}

const struct command command_handled = {
        .name = "handled",
        .arguments = "[--undo] id:ID|QUERY|-...",
        .summary = "a bounce was dealt with, and so was the mail it is about",
        .help = "  --undo            it was not: they are open again\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "The bounce, or all bounces about the mail, get the tag bounce/handled, and\n"
                "status leaves the mail out, until another bounce comes. Ordinary mail is not\n"
                "changed.\n",
        .run = handled_run,
};
