#include "knowledge/rule.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "text/text.h"

static bool is_status_pattern(const char *value)
{
	int dots = 0;

	if (strchr("2345Xx*", value[0]) == NULL || value[1] != '.')
		return false;
	for (value++; *value != '\0'; value++)
		if (*value == '.')
			dots++;
		else if (strchr("0123456789*", *value) == NULL)
			return false;
	return dots == 2 && value[-1] != '.';
}

static bool is_reply_pattern(const char *value)
{
	return strlen(value) == 3 && strspn(value, "0123456789xX") == 3;
}

static bool is_command(const char *value)
{
	static const char *const commands[] = {"CONN", "EHLO", "MAIL", "RCPT", "DATA"};
	size_t i;

	for (i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(value, commands[i]) == 0)
			return true;
	return false;
}

static bool is_action(const char *value)
{
	return strcmp(value, "failed") == 0 || strcmp(value, "delayed") == 0;
}

static bool is_glob(const char *value)
{
	return value[0] != '\0';
}

/* The guards: what they are called, what they look like, where they are kept. */
static const struct guard {
	const char *key;
	bool (*is_valid)(const char *value);
	size_t offset;
	const char *expected;
} guards[] = {
        {"status", is_status_pattern, offsetof(struct rule_guards, status), "a status like 5.1.1, X.1.1 or 5.7.*"},
        {"reply", is_reply_pattern, offsetof(struct rule_guards, reply), "a reply code like 550 or 55x"},
        {"command", is_command, offsetof(struct rule_guards, command), "CONN, EHLO, MAIL, RCPT or DATA"},
        {"remote", is_glob, offsetof(struct rule_guards, remote), "a host name like *.example.net"},
        {"format", is_glob, offsetof(struct rule_guards, format), "the name of a format"},
        {"action", is_action, offsetof(struct rule_guards, action), "failed or delayed"},
};

#define GUARD_COUNT (sizeof guards / sizeof *guards)

static const char **guard_value(struct rule_guards *guards_of_rule, const struct guard *guard)
{
	return (const char **)(void *)((char *)guards_of_rule + guard->offset);
}

static const char *guard_value_of(const struct rule *rule, const struct guard *guard)
{
	return rule->guards != NULL ? *(const char *const *)(const void *)((const char *)rule->guards + guard->offset) : NULL;
}

static const struct guard *guard_by_key(const char *key)
{
	size_t i;

	for (i = 0; i < GUARD_COUNT; i++)
		if (strcmp(guards[i].key, key) == 0)
			return &guards[i];
	return NULL;
}

/* The next word of *REST, which moves behind it; NULL at the end. */
static char *word_next(char **rest)
{
	char *word = *rest, *end;

	while (*word == ' ' || *word == '\t')
		word++;
	for (end = word; *end != '\0' && *end != ' ' && *end != '\t'; end++)
		continue;
	if (end == word)
		return NULL;
	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

/* Take `TEXT [unless TEXT]...` apart. */
static bool rule_parse_phrase(
        char *rest, const struct source_lines *at, struct phrases *set, struct problems *problems, struct rule *rule)
{
	static const char separator[] = " unless ";
	char *next = strstr(rest, separator);
	int unless[RULE_UNLESS_MAX];

	rest += strspn(rest, " \t");
	if (*rest == '\0' || strncmp(rest, separator + 1, strlen(separator) - 1) == 0) {
		problems_add(problems, at->source->name, at->number, "nothing behind \"phrase\": expected words of a server");
		return false;
	}
	for (; next != NULL;) {
		*next = '\0';
		next += strlen(separator);
		if (rule->unless_count == RULE_UNLESS_MAX) {
			problems_add(problems, at->source->name, at->number, "too many \"unless\": expected at most %d",
			        RULE_UNLESS_MAX);
			return false;
		}
		char *more = strstr(next, separator);
		if (more != NULL)
			*more = '\0';
		unless[rule->unless_count++] = phrases_add(set, next);
		next = more;
	}
	if (rule->unless_count > 0)
		rule->unless = talloc_memdup(at->copy, unless, (size_t)rule->unless_count * sizeof *unless);
	rule->words = rest;
	rule->phrase = phrases_add(set, rest);
	return true;
}

static bool rule_parse_guard(const char *key, char **rest, const struct source_lines *at, struct problems *problems,
        struct rule_guards *guards_of_rule)
{
	const struct guard *guard = guard_by_key(key);
	const char *value;

	if (guard == NULL) {
		problems_add(problems, at->source->name, at->number,
		        "\"%s\" is no condition: expected phrase, status, reply, command, remote, format or action", key);
		return false;
	}
	value = word_next(rest);
	if (value == NULL || !guard->is_valid(value)) {
		problems_add(problems, at->source->name, at->number, "\"%s %s\": expected %s", key, value != NULL ? value : "",
		        guard->expected);
		return false;
	}
	*guard_value(guards_of_rule, guard) = value;
	return true;
}

bool rule_parse(char *line, const struct source_lines *at, struct phrases *set, struct problems *problems, struct rule *rule)
{
	struct rule_guards found = {.status = NULL};
	char *rest = line;
	const char *word;
	bool any = false;

	*rule = (struct rule){.source = at->source, .line = at->number, .text = at->text, .length = at->length, .phrase = -1};
	if (!at->is_utf8 && !text_is_utf8(line, strlen(line))) {
		problems_add(problems, at->source->name, at->number, "is not UTF-8: expected text in that charset");
		return false;
	}
	word = word_next(&rest);
	rule->reason = reason_by_name(word, strlen(word));
	if (rule->reason == REASON_COUNT) {
		problems_add(problems, at->source->name, at->number,
		        "\"%s\" is no reason: expected one of `notmuch bounce rules --reasons`", word);
		return false;
	}
	while ((word = word_next(&rest)) != NULL) {
		any = true;
		if (strcmp(word, "phrase") == 0)
			return rule_parse_phrase(rest, at, set, problems, rule);
		if (!rule_parse_guard(word, &rest, at, problems, &found))
			return false;
		talloc_free((void *)(uintptr_t)rule->guards);
		rule->guards = talloc_memdup(at->copy, &found, sizeof found);
	}
	if (!any)
		problems_add(problems, at->source->name, at->number,
		        "a reason alone: expected a condition, as in \"%s phrase words of a server\"", reason_name(rule->reason));
	return any;
}

bool rule_guards_cover(const struct rule *general, const struct rule *special)
{
	size_t i;

	for (i = 0; i < GUARD_COUNT; i++) {
		const char *wide = guard_value_of(general, &guards[i]), *narrow = guard_value_of(special, &guards[i]);

		if (wide != NULL && (narrow == NULL || strcmp(wide, narrow) != 0))
			return false;
	}
	return true;
}
