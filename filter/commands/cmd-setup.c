/* notmuch bounce setup: say how mail comes in here, what to type so that other programs call
 * this one, and what a trial of that came to. */
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "setup/advice.h"

/* What notmuch's index, if there is one, says of where its things are, and of what is in it. */
static struct advice_index read_index(struct call *call, struct setup *setup)
{
	struct index *index = call->index;
	struct advice_index known = {0};
	size_t i;

	setup->no_index = call->no_index != NULL ? cmd_text(call->no_index) : NULL;
	if (index == NULL)
		return known;
	setup->hooks = index_setting(call->ctx, index, "database.hook_dir");
	setup->root = index_setting(call->ctx, index, "database.mail_root");
	setup->new_tags = index_setting(call->ctx, index, "new.tags");
	setup->has_searches = index_setting(call->ctx, index, "query.bounces-to-wait-for") != NULL;
	if (setup->new_tags == NULL)
		setup->new_tags = "";
	known.messages = index_count(index, "*");
	known.bounces = index_count(index, "tag:bounce");
	known.addresses = index_own_addresses(call->ctx, index);
	for (i = 0; known.addresses[i] != NULL && known.sent == 0; i++)
		known.sent = index_count(
		        index, talloc_asprintf(call->ctx, "from:%s", known.addresses[i]));
	return known;
}

static const struct setup_topic *find_topic(const struct call *call, const char *name)
{
	char **names = list_new(call->ctx), *joined = talloc_strdup(call->ctx, "");
	const char *meant;
	size_t count = 0, i;

	for (i = 0; setup_topics[i] != NULL; i++) {
		if (strcmp(setup_topics[i]->name, name) == 0)
			return setup_topics[i];
		list_add(call->ctx, &names, &count, setup_topics[i]->name);
		joined = talloc_asprintf_append_buffer(
		        joined, "%s%s", i > 0 ? " " : "", setup_topics[i]->name);
	}
	meant = list_nearest((const char *const *)names, name);
	cmd_say("%s",
	        wording_say(call->ctx, call->wording,
	                meant != NULL ? "setup-meant" : "setup-unknown",
	                WORDING_VALUES({"topic", name}, {"meant", meant}, {"topics", joined})));
	return NULL;
}

static enum status run_topic(struct advice *advice, const struct setup_topic *topic)
{
	const char *why;
	enum status status = advice_topic(advice, topic, &why);

	if (status != STATUS_OK)
		cmd_say("setup %s: %s", topic->name, why);
	return status;
}

/* All topics that fit what is here. */
static enum status run_all(struct advice *advice, const struct advice_index *known)
{
	enum status first = STATUS_OK, status;
	size_t i;

	advice_begin(advice, known);
	for (i = 0; setup_topics[i] != NULL; i++) {
		status = advice_fits(advice, setup_topics[i]) ? run_topic(advice, setup_topics[i])
		                                              : STATUS_OK;
		first = first == STATUS_OK ? status : first;
	}
	advice_end(advice, known);
	return first;
}

static enum status setup_run(struct call *call)
{
	struct setup setup = setup_read(call->ctx);
	struct advice_index known = read_index(call, &setup);
	struct advice advice = {.ctx = call->ctx,
	        .wording = call->wording,
	        .setup = &setup,
	        .text = buffer_new(call->ctx)};
	char **topics = call->arguments;
	enum status first = STATUS_OK, status;
	size_t i;

	for (i = 0; topics[i] != NULL; i++)
		if (find_topic(call, topics[i]) == NULL)
			return STATUS_USAGE;
	for (i = 0; topics[i] != NULL; i++) {
		status = run_topic(&advice, find_topic(call, topics[i]));
		first = first == STATUS_OK ? status : first;
	}
	if (topics[0] == NULL)
		first = run_all(&advice, &known);
	status = cmd_print(buffer_text(&advice.text));
	return first == STATUS_OK ? status : first;
}

static const struct option options[] = {LANGUAGE_OPTION, NO_OPTION};

const struct command command_setup = {
        .name = "setup",
        .arguments = "[OPTION]... [TOPIC]...",
        .summary = "say what to type so that other programs call this one, and try it",
        .words = "procmail maildrop fdm sieve hooks post-insert searches neomutt mutt",
        .notes = "TOPICs: procmail maildrop fdm sieve hooks post-insert searches neomutt mutt. "
                 "Without one: all that fits how mail comes in here. Nothing is written.",
        .options = options,
        .needs = USES_INDEX | NEEDS_WORDING,
        .run = setup_run,
};
