#include "commands/cmd-language.h"

#include <talloc.h>

#include "commands/cmd.h"
#include "knowledge/language.h"

static void say_choices(const char *command, const char *option, const char *setting, const char *const *choices)
{
	char *list = talloc_strdup(NULL, "");
	size_t i;

	for (i = 0; choices[i] != NULL; i++)
		list = talloc_asprintf_append_buffer(list, " %s", choices[i]);
	if (option != NULL)
		cmd_say("%s --lang=%s: expected one of%s", command, option, list);
	else
		cmd_say("notmuch config: bounce.language=%s: expected one of%s", setting, list);
	talloc_free(list);
}

enum status cmd_wording(const void *ctx, const char *command, const char *option, const char *setting, struct problems *problems,
        struct wording **wording)
{
	const char *const *choices = (const char *const *)wording_languages(ctx);
	const char *wanted = option != NULL ? option : setting;

	if (wanted != NULL && !language_is_among(wanted, choices)) {
		say_choices(command, option, setting, choices);
		return option != NULL ? STATUS_USAGE : STATUS_BAD_RULES;
	}
	*wording = wording_open(ctx, language_choose(option, setting, choices), problems);
	return STATUS_OK;
}
