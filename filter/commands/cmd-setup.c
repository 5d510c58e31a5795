/* notmuch bounce setup: says how mail comes in here, what to type so that other programs call this
 * one, and what became of a trial of that. */

#include "base/list.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "mail/slip.h"
#include "setup/setup.h"

/* Sets what notmuch's index, if there is one, says of its folders and of what is in it. */
static void read_index(struct call *call, struct setup *setup)
{
	struct index *index = call->index;

	setup->no_index = call->no_index != NULL ? cmd_text(call->no_index) : NULL;
	if (index == NULL)
		return;
	setup->hooks = index_setting(call->ctx, index, "database.hook_dir");
	setup->root = index_setting(call->ctx, index, "database.mail_root");
	setup->new_tags = index_setting(call->ctx, index, "new.tags");
	if (setup->new_tags == NULL)
		setup->new_tags = "";
	setup->has_searches = index_setting(call->ctx, index, "query.bounces-to-wait-for") != NULL;
	setup->messages = index_count(index, "*");
	setup->bounces = index_count(index, "tag:bounce");
	setup->addresses = index_settings(index)->own;
	for (char **own = setup->addresses; *own != NULL && setup->sent == 0; own++)
		setup->sent = index_count(index, talloc_asprintf(call->ctx, "from:%s", *own));
}

/* Returns the topic NAME; NULL, after saying so, if there is no such topic. */
static const struct setup_topic *find_topic(const struct call *call, const char *name)
{
	char **names = list_new(call->ctx), *joined = talloc_strdup(call->ctx, "");

	for (size_t i = 0; setup_topics[i] != NULL; i++) {
		if (strcmp(setup_topics[i]->name, name) == 0)
			return setup_topics[i];
		list_add(call->ctx, &names, setup_topics[i]->name);
		joined = talloc_asprintf_append_buffer(
		        joined, "%s%s", i > 0 ? " " : "", setup_topics[i]->name);
	}
	const char *meant = slip_nearest(names, name);

	cmd_say("%s",
	        wording_say(call->ctx, call->wording,
	                meant != NULL ? "setup-meant" : "setup-unknown",
	                WORDING_VALUES({"topic", name}, {"meant", meant}, {"topics", joined})));
	return NULL;
}

static enum status run_topic(struct setup *setup, const struct setup_topic *topic)
{
	const char *why;
	enum status status = setup_topic(setup, topic, &why);

	if (status != STATUS_OK)
		cmd_say("setup %s: %s", topic->name, why);
	return status;
}

static enum status setup_run(struct call *call)
{
	struct setup setup = setup_read(call->ctx, call->wording);
	bool all = call->arguments[0] == NULL;
	enum status first = STATUS_OK, status;

	read_index(call, &setup);
	for (char **name = call->arguments; *name != NULL; name++)
		if (find_topic(call, *name) == NULL)
			return STATUS_USAGE;
	if (all)
		setup_begin(&setup);
	for (char **name = call->arguments; *name != NULL; name++) {
		status = run_topic(&setup, find_topic(call, *name));
		first = first == STATUS_OK ? status : first;
	}
	for (size_t i = 0; all && setup_topics[i] != NULL; i++) {
		status = setup_fits(&setup, setup_topics[i]) ? run_topic(&setup, setup_topics[i])
		                                             : STATUS_OK;
		first = first == STATUS_OK ? status : first;
	}
	if (all)
		setup_end(&setup);
	status = cmd_print(buffer_text(&setup.text));
	return first == STATUS_OK ? status : first;
}

static const struct option options[] = {LANGUAGE_OPTION, NO_OPTION};

const struct command command_setup = {
        .name = "setup",
        .arguments = "[OPTION]... [TOPIC]...",
        .words = "procmail maildrop fdm sieve hooks post-insert searches neomutt mutt",
        .options = options,
        .needs = USES_INDEX | NEEDS_WORDING,
        .run = setup_run,
};
