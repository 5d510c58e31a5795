
#include <glib.h>
#include <time.h>

#include "base/date.h"
#include "base/list.h"
#include "commands/cmd.h"
#include "mail/slip.h"
#include "text/wrap.h"

#define HELP_COLUMN 20
#define HELP_INDENT "                    "

/* -- reading */

static enum status unknown_option(const struct call *call, const char *word)
{
	const char *name = call->command->name;
	char **names = list_new(call->ctx);

	for (const struct option *option = call->command->options; option->name != NULL; option++)
		list_add(call->ctx, &names, option->name);
	const char *meant = slip_nearest(names, word + strspn(word, "-"));

	if (meant != NULL)
		cmd_say("%s has no option %s; did you mean --%s?", name, word, meant);
	else
		cmd_say("%s has no option %s; see notmuch-bounce %s --help", name, word, name);
	return STATUS_USAGE;
}

/* Sets *CHOICE to the index of VALUE among the choices of OPTION. */
static enum status read_choice(
        const struct call *call, const struct option *option, const char *value, size_t *choice)
{
	char **values = g_strsplit(option->choices, " ", -1);
	const char *meant = slip_nearest(values, value);
	enum status status = STATUS_OK;

	for (*choice = 0; values[*choice] != NULL && strcmp(values[*choice], value) != 0;)
		++*choice;
	if (values[*choice] == NULL) {
		status = STATUS_USAGE;
		if (meant != NULL)
			cmd_say("%s --%s=%s: did you mean %s?", call->command->name, option->name,
			        value, meant);
		else
			cmd_say("%s --%s=%s: expected one of %s", call->command->name, option->name,
			        value, option->choices);
	}
	g_strfreev(values);
	return status;
}

static enum status set_value(struct call *call, const struct option *option, const char *value)
{
	void *member = (char *)call->options + option->offset;
	size_t choice;

	switch (option->kind) {
	case OPTION_FLAG: *(bool *)member = true; break;
	case OPTION_CHOICE: return read_choice(call, option, value, member);
	case OPTION_DATE:
		*(time_t *)member = date_since(value, time(NULL));
		if (*(time_t *)member != 0)
			break;
		cmd_say("%s --%s=%s: expected a day (2026-11-30) or a time back (30d, 8w)",
		        call->command->name, option->name, value);
		return STATUS_USAGE;
	case OPTION_LANGUAGE:
		call->language = value;
		cmd_language(value);
		break;
	case OPTION_LIST: list_add(call->ctx, member, value); break;
	case OPTION_MAYBE:
		*(const char **)member = value;
		if (value[0] != '\0' && option->choices != NULL)
			return read_choice(call, option, value, &choice);
		break;
	case OPTION_VALUE: *(const char **)member = value; break;
	}
	return STATUS_OK;
}

/* Reads the option WORD; NEXT moves on if it takes the following argument as its value. */
static enum status read_option(struct call *call, char *word, char ***next)
{
	char *name = word + strspn(word, "-"), *value = strchr(name, '=');
	const struct option *option = call->command->options;

	if (value != NULL)
		*value++ = '\0';
	while (option->name != NULL && strcmp(option->name, name) != 0)
		option++;
	if (option->name == NULL)
		return unknown_option(call, word);
	bool takes_none = option->kind == OPTION_FLAG, maybe = option->kind == OPTION_MAYBE;

	if (!takes_none && !maybe && value == NULL && **next != NULL)
		value = *(*next)++;
	if (takes_none ? value == NULL : value != NULL || maybe)
		return set_value(call, option, value != NULL ? value : (char *)"");
	cmd_say(takes_none ? "%s --%s takes no value" : "%s --%s: expected a value",
	        call->command->name, name);
	return STATUS_USAGE;
}

enum status options_read(struct call *call)
{
	char **rest = call->arguments, **next = call->arguments;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && *next != NULL) {
		char *word = *next++;

		if (strcmp(word, "--") == 0) {
			while (*next != NULL)
				*rest++ = *next++;
		} else if (word[0] == '-' && word[1] != '\0')
			status = read_option(call, word, &next);
		else
			*rest++ = word;
	}
	*rest = NULL;
	return status;
}

/* -- help */

/* Returns the label KEY of help.txt; OTHER if there is none. */
static const char *label_or(struct wording *wording, const char *key, const char *other)
{
	const char *label = wording_label(wording, key);

	return label != key ? label : other;
}

static const char *summary_of(
        const void *ctx, const struct command *command, struct wording *wording)
{
	return wording_label(wording, talloc_asprintf(ctx, "help-%s", command->name));
}

/* Returns what OPTION is for: the text for COMMAND, or else the one for all commands that have
 * it. */
static const char *help_of(const void *ctx, const struct command *command,
        const struct option *option, struct wording *wording)
{
	return label_or(wording, talloc_asprintf(ctx, "help-%s-%s", command->name, option->name),
	        wording_label(wording, talloc_asprintf(ctx, "help-option-%s", option->name)));
}

char *options_help(const void *ctx, const struct command *command, struct wording *wording)
{
	struct buffer buffer = buffer_new(ctx);
	const char *notes =
	        label_or(wording, talloc_asprintf(ctx, "help-%s-notes", command->name), NULL);

	buffer_print(&buffer, "%s notmuch-bounce %s %s\n", wording_label(wording, "help-usage"),
	        command->name, command->arguments);
	wrap_paragraph(&buffer, "", "", summary_of(ctx, command, wording), WRAP_COLUMNS);
	buffer_add_string(&buffer, "\n");
	for (const struct option *option = command->options; option != NULL && option->name != NULL;
	        option++) {
		bool maybe = option->kind == OPTION_MAYBE;
		char *head = option->value == NULL
		                     ? talloc_asprintf(ctx, "--%s", option->name)
		                     : talloc_asprintf(ctx, "--%s%s=%s%s", option->name,
		                               maybe ? "[" : "", option->value, maybe ? "]" : "");
		bool is_long = strlen(head) > HELP_COLUMN - 4;

		buffer_print(&buffer, "  %-*s%s", is_long ? 0 : HELP_COLUMN - 2, head,
		        is_long ? "\n" HELP_INDENT : "");
		wrap_add(&buffer, help_of(ctx, command, option, wording), HELP_COLUMN, HELP_INDENT,
		        WRAP_COLUMNS);
		buffer_add_string(&buffer, "\n");
	}
	if (notes != NULL)
		wrap_paragraph(&buffer, "", "", notes, WRAP_COLUMNS);
	return buffer_text(&buffer);
}

char *commands_help(const void *ctx, const struct command *const *commands, struct wording *wording)
{
	struct buffer buffer = buffer_new(ctx);

	buffer_print(&buffer,
	        "%s notmuch-bounce COMMAND [OPTION]... (%s: notmuch bounce COMMAND ...)\n\n",
	        wording_label(wording, "help-usage"), wording_label(wording, "help-or"));
	for (; *commands != NULL; commands++)
		buffer_print(&buffer, "  %-9s  %s\n", (*commands)->name,
		        summary_of(ctx, *commands, wording));
	buffer_add_string(&buffer, "\n");
	wrap_paragraph(&buffer, "", "", wording_label(wording, "help-more"), WRAP_COLUMNS);
	return buffer_text(&buffer);
}

char *options_list(const void *ctx, const struct command *command, struct wording *wording)
{
	static const char *const kinds[] = {[OPTION_FLAG] = "flag",
	        [OPTION_VALUE] = "value",
	        [OPTION_MAYBE] = "maybe",
	        [OPTION_CHOICE] = "value",
	        [OPTION_LIST] = "list",
	        [OPTION_DATE] = "value",
	        [OPTION_LANGUAGE] = "value"};
	char *text = talloc_asprintf(ctx, "%s\t\t\t%s\t%s\t%s\n", command->name, command->arguments,
	        command->words != NULL ? command->words : "", summary_of(ctx, command, wording));

	for (const struct option *option = command->options; option != NULL && option->name != NULL;
	        option++)
		text = talloc_asprintf_append_buffer(text, "%s\t%s\t%s\t%s\t%s\t%s\n",
		        command->name, option->name, kinds[option->kind],
		        option->value != NULL ? option->value : "",
		        option->choices != NULL ? option->choices : "",
		        help_of(ctx, command, option, wording));
	return text;
}
