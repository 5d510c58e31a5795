#include <string.h>

#include "knowledge/rule.h"
#include "text/text.h"

static bool status_matches(const char *pattern, const char *status)
{
	if (status == NULL)
		return false;
	if (pattern[0] != 'X' && pattern[0] != 'x' && pattern[0] != '*' && pattern[0] != status[0])
		return false;
	return text_glob(pattern + 1, status + 1);
}

static bool reply_matches(const char *pattern, int reply)
{
	const int digits[3] = {reply / 100 % 10, reply / 10 % 10, reply % 10};
	int i;

	for (i = 0; i < 3; i++)
		if (pattern[i] != 'x' && pattern[i] != 'X' && pattern[i] - '0' != digits[i])
			return false;
	return reply != 0;
}

static bool host_matches(const char *pattern, const char *host)
{
	if (host == NULL)
		return false;
	return text_glob(pattern, host) || (strncmp(pattern, "*.", 2) == 0 && text_glob(pattern + 2, host));
}

static bool word_is(const char *wanted, const char *word)
{
	return word != NULL && strcmp(wanted, word) == 0;
}

bool rule_guards_hold(const struct rule *rule, const struct evidence *evidence, const struct circumstances *where)
{
	const struct rule_guards *wanted = rule->guards;

	if (wanted == NULL)
		return true;
	if (wanted->status != NULL && !status_matches(wanted->status, evidence->status))
		return false;
	if (wanted->reply != NULL && !reply_matches(wanted->reply, evidence->reply))
		return false;
	if (wanted->command != NULL && !word_is(wanted->command, evidence->command))
		return false;
	if (wanted->remote != NULL && !host_matches(wanted->remote, where->remote) &&
	        !host_matches(wanted->remote, where->domain))
		return false;
	if (wanted->format != NULL && (where->format == NULL || !text_glob(wanted->format, where->format)))
		return false;
	return wanted->action == NULL || word_is(wanted->action, where->action);
}
