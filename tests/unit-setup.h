/* A command in a line for a shell. */
#ifndef UNIT_SETUP_H
#define UNIT_SETUP_H

#include "setup/shell.h"
#include "unit.h"

/* A word, and how it stands there. */
static const struct {
	const char *word, *expected;
} shell_cases[] = {
        {"new.tags", "new.tags"},
        {"two words", "'two words'"},
        {"it's", "'it'\\''s'"},
        {"'", "''\\'''"},
        {"$(x)", "'$(x)'"},
        {"=ls", "'=ls'"}, /* zsh has a file's name there */
        {"a\nb", "'a\nb'"},
        {"返送", "返送"},
        {"", "''"},
};

static void test_shell(const void *ctx)
{
	for (size_t i = 0; i < COUNT(shell_cases); i++) {
		char *word = talloc_strdup(ctx, shell_cases[i].word), first[] = "set", *command[] = {first, word, NULL};

		is_string(shell_line(ctx, command), talloc_asprintf(ctx, "set %s", shell_cases[i].expected), "shell: %s",
		        show(word, strlen(word)));
	}
}

#endif
