/* notmuch bounce setup: show which of the user's files need which lines, and put them in if the user says so. */
#include <string.h>
#include <talloc.h>

#include "base/suggest.h"
#include "commands/cmd-ask.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "index/index.h"
#include "setup/setup-print.h"
#include "setup/shell.h"

#define TOPICS_MAX 20

struct session {
	bool write; /* the option: ask, and write */
	const void *ctx;
	struct setup setup;
	char *notmuch_config;            /* its file; NULL: none */
	int answers;                     /* where they come from */
	bool is_left;                    /* something is still to be put in */
	bool knows_tags;                 /* new.tags was spoken of */
	const struct setup_topic *shown; /* for another topic, whose program reads the same file */
};

/* COPY (may be NULL) is the file as it was. */
static enum status say_done(const struct session *session, const char *copy)
{
	if (copy == NULL)
		return cmd_print("  done\n\n");
	return cmd_print(talloc_asprintf(session->ctx, "  done; as it was before: %s\n\n", setup_path_text(session->ctx, copy)));
}

/* Ask, and change the file. */
static enum status offer(struct session *session, struct setup_step *step)
{
	const struct user_file *file = &step->file;
	bool is_there = step->place.state == PLACE_THERE;
	const char *why = "is write-protected";
	char *text, *copy = NULL;
	enum status status = STATUS_IO;

	if (!file->protected) {
		if (!cmd_ask(session->answers, is_there ? "Make it executable?" : "Put these lines there?"))
			return STATUS_OK;
		text = is_there ? talloc_strdup(session->ctx, step->text)
		                : place_fill(session->ctx, step->text, &step->place, step->marked);
		status = user_file_write(session->ctx, file, text, step->mode, &copy, &why);
	}
	if (status != STATUS_OK) {
		cmd_say("setup: %s %s; nothing was changed", file->path, why);
		return status;
	}
	step->place.state = PLACE_THERE;
	step->file.mode = step->mode;
	return say_done(session, copy);
}

/* Say what a command is for, and run it if the user says so. It changes notmuch's configuration. */
static enum status offer_command(struct session *session, const char *purpose, char *const *command)
{
	char *line = shell_line(session->ctx, command), *copy;
	const char *why;
	enum status status = cmd_print(talloc_asprintf(session->ctx, "%s:\n\n%s\n\n", purpose, line));

	session->is_left = true;
	if (status != STATUS_OK || !session->write || !cmd_ask(session->answers, "Run this?"))
		return status;
	status = shell_run(session->ctx, command, session->notmuch_config, &copy, &why);
	if (status == STATUS_OK)
		return say_done(session, copy);
	cmd_say("setup: %s: %s", session->notmuch_config != NULL ? session->notmuch_config : line, why);
	return status;
}

/* A topic that is a script to be run once. */
static enum status run_script(struct session *session, const struct setup_topic *topic)
{
	char sh[] = "sh", *place, *command[] = {sh, setup_source(session->ctx, &session->setup, topic, &place), NULL};
	char *purpose = talloc_asprintf(session->ctx, "%s: %s", topic->name, topic->purpose);

	if (session->setup.hooks == NULL) {
		cmd_say("setup %s: needs a notmuch index: %s", topic->name, session->setup.no_index);
		return STATUS_NO_INPUT;
	}
	if (command[1] == NULL) {
		cmd_say("setup %s: what came with the program is not where it should be: %s", topic->name, place);
		return STATUS_NO_INPUT;
	}
	if (!session->setup.has_searches)
		return offer_command(session, purpose, command);
	return cmd_print(talloc_asprintf(session->ctx, "%s\n  already in notmuch's configuration\n\n", purpose));
}

static enum status run_topic(struct session *session, const struct setup_topic *topic)
{
	struct setup_step step;
	const char *why;
	enum status status;

	if (topic == session->shown)
		return STATUS_OK;
	if (topic->files == NULL)
		return run_script(session, topic);
	status = setup_find(session->ctx, &session->setup, topic, &step, &why);
	if (status != STATUS_OK) {
		cmd_say("setup %s: %s", topic->name, why);
		return status;
	}
	session->shown = step.topic;
	status = cmd_print(setup_text(session->ctx, &step, topic));
	session->is_left = session->is_left || !setup_is_done(&step);
	if (status == STATUS_OK && session->write && !setup_is_done(&step) && step.place.state != PLACE_BY_HAND)
		status = offer(session, &step);
	if (status != STATUS_OK || (session->write && !setup_is_done(&step)))
		return status;
	if (!topic->is_script || session->knows_tags || setup_has_new_tag(&session->setup, "new"))
		return STATUS_OK;
	session->knows_tags = true;
	return offer_command(
	        session, "  and new mail gets the tag that it looks for", setup_new_tag(session->ctx, &session->setup));
}

/* What notmuch's index says of where its things are. */
static enum status read_index(struct session *session)
{
	struct index *index;
	enum status status = index_open(session->ctx, INDEX_READ, &index, &session->setup.no_index);

	if (status != STATUS_OK)
		return status == STATUS_TRY_LATER ? status : STATUS_OK;
	session->setup.hooks = index_setting(session->ctx, index, "database.hook_dir");
	session->setup.new_tags = index_setting(session->ctx, index, "new.tags");
	session->setup.has_searches = index_setting(session->ctx, index, "query.bounces-to-wait-for") != NULL;
	session->notmuch_config = index_config_file(session->ctx, index);
	index_close(index);
	if (session->setup.new_tags == NULL)
		session->setup.new_tags = "";
	return STATUS_OK;
}

static const struct setup_topic *find_topic(const char *name)
{
	const char *names[TOPICS_MAX + 1] = {NULL}, *meant;
	size_t i;

	for (i = 0; setup_topics[i] != NULL && i < TOPICS_MAX; i++) {
		names[i] = setup_topics[i]->name;
		if (strcmp(names[i], name) == 0)
			return setup_topics[i];
	}
	meant = suggest(name, names);
	if (meant != NULL)
		cmd_say("setup knows nothing of \"%s\"; did you mean %s?", name, meant);
	else
		cmd_say("setup knows nothing of \"%s\"; see notmuch-bounce setup --help", name);
	return NULL;
}

/* What no file of the user's is needed for. */
static const char next_steps[] =
        "Then, once: notmuch-bounce tag --all sorts the mail that is there already.\n"
        "A bounce is tied to the mail it is about if notmuch has your sent mail, too, and\n"
        "knows your addresses (user.primary_email and user.other_email).\n"
        "To try it: notmuch-bounce status, and notmuch-bounce explain with a bounce.\n\n";
static const char next_steps_without_index[] =
        "Without an index procmail.rc and maildrop.rc mark bounces with header fields:\n"
        "see EXAMPLES in notmuch-bounce(1). To try it: notmuch-bounce explain MAIL\n\n";

/* All topics that make sense here; then which don't; then what else there is to do. */
static enum status run_all(struct session *session)
{
	char *left_out = talloc_strdup(session->ctx, "");
	enum status first = STATUS_OK, status;
	size_t i;

	for (i = 0; setup_topics[i] != NULL; i++) {
		const char *why = setup_left_out(session->ctx, &session->setup, setup_topics[i]);

		if (why != NULL) {
			left_out = talloc_asprintf_append_buffer(left_out, "  %-11s  %s\n", setup_topics[i]->name, why);
			continue;
		}
		status = run_topic(session, setup_topics[i]);
		first = first == STATUS_OK ? status : first;
	}
	status = left_out[0] != '\0' ? cmd_print(talloc_asprintf(session->ctx, "left out:\n%s\n", left_out)) : STATUS_OK;
	if (status == STATUS_OK)
		status = cmd_print(session->setup.hooks != NULL ? next_steps : next_steps_without_index);
	return first == STATUS_OK ? status : first;
}

static enum status setup_run(struct call *call)
{
	struct session *session = call->options;
	char **topics = call->arguments;
	enum status first = STATUS_OK, status;
	size_t i;

	session->ctx = call->ctx;
	for (i = 0; topics[i] != NULL; i++)
		if (find_topic(topics[i]) == NULL)
			return STATUS_USAGE;
	if (session->write && (session->answers = cmd_terminal()) < 0) {
		cmd_say("setup --write asks before it writes, and there is no terminal to ask on");
		return STATUS_USAGE;
	}
	session->setup = setup_read(call->ctx);
	status = read_index(session);
	if (status != STATUS_OK)
		return status;
	for (i = 0; topics[i] != NULL; i++) {
		status = run_topic(session, find_topic(topics[i]));
		first = first == STATUS_OK ? status : first;
	}
	if (topics[0] == NULL)
		first = run_all(session);
	if (session->is_left && !session->write &&
	        cmd_print("Nothing was written. With --write setup asks, and puts it in.\n") != STATUS_OK)
		first = STATUS_IO;
	return first;
}

static const struct option options[] = {
        FLAG_OPTION("write", struct session, write,
                "ask for each file, and put the lines in; the file as it was is kept as FILE.before-notmuch-bounce"),
        NO_OPTION,
};

const struct command command_setup = {
        .name = "setup",
        .arguments = "[--write] [TOPIC]...",
        .summary = "show what your own files need so that other programs call this one",
        .words = "procmail maildrop fdm sieve hooks post-insert searches neomutt mutt",
        .notes = "TOPICs: procmail maildrop fdm sieve hooks post-insert searches neomutt mutt. Without one: all that make sense here. Nothing "
                 "is written.",
        .options = options,
        .size = sizeof(struct session),
        .run = setup_run,
};
