/* A word of a command, as a shell reads it. */
#include "unit.h"

#include "base/child.h"

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

UNIT(test_shell)
{
	for (size_t i = 0; i < COUNT(shell_cases); i++)
		is_string(shell_word(ctx, shell_cases[i].word), shell_cases[i].expected, "shell: %s",
		        show(shell_cases[i].word, strlen(shell_cases[i].word)));
}

