/* What has to be known of the languages of procmail, maildrop, fdm and the shell to put a line into such a file. What isn't plain is left to the user. */
#include <string.h>

#include "setup/place.h"

static struct place not_there(const struct place_line *line, const char *why)
{
	return (struct place){PLACE_BY_HAND, .at = line->start, .end = line->start, .line = line->number, .why = why};
}

static struct place before(const struct place_line *line)
{
	return (struct place){PLACE_FREE, .at = line->start, .end = line->start, .line = line->number};
}

static bool holds(const struct place_line *line, const char *word)
{
	return memmem(line->text, line->length, word, strlen(word)) != NULL;
}

/* Whether LINE begins with WORD, which ends there. */
static bool begins(const struct place_line *line, const char *word)
{
	size_t length = strlen(word);
	char next = line->length > length ? line->text[length] : ' ';

	return line->length >= length && strncmp(line->text, word, length) == 0 &&
	       !((next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9') || next == '_');
}

/* All mail that gets to WHERE goes where ACTION says, a mailbox or (| !) another program or person. Ours comes before a mailbox, which then takes what
 * ours could not deliver, and before notmuch itself. Whether it should before others, only the user knows. */
static struct place before_the_last(const struct place_line *where, const struct place_line *action, char first)
{
	if ((first == '|' || first == '!') && !holds(action, "notmuch"))
		return not_there(where, "all mail that gets there is handed on; ours before it would take it away");
	return before(where);
}

/* Flags that make a recipe depend on another one (A a E e), or go on with the mail (c f). */
static bool is_conditional(const struct place_line *header)
{
	size_t i;

	for (i = 2; i < header->length && strchr(":#", header->text[i]) == NULL; i++)
		if (strchr("AaEecf", header->text[i]) != NULL)
			return true;
	return false;
}

/* `NAME=| program` keeps what the program says, and goes on. */
static bool is_capture(const struct place_line *action)
{
	size_t name = strspn(action->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	size_t sign = name + strspn(action->text + name, " \t=");

	return name > 0 && sign > name && action->text[sign] == '|';
}

struct place place_in_procmail(const char *text)
{
	struct place_line line = {0}, recipe = {0}, open = {0};
	bool in_recipe = false, conditional = false;
	int depth = 0;

	while (place_line_next(text, &line)) {
		if (in_recipe && line.text[0] == '*') {
			conditional = true;
		} else if (in_recipe) {
			in_recipe = false;
			if (line.text[0] == '{') {
				open = line;
				depth += line.text[line.length - 1] != '}';
			} else if (depth == 0 && !conditional && !is_capture(&line))
				return before_the_last(&recipe, &line, line.text[0]);
		} else if (line.text[0] == ':') {
			if (line.length < 2 || line.text[1] != '0')
				return not_there(&line, "it is a recipe of the old kind");
			in_recipe = true;
			recipe = line;
			conditional = is_conditional(&line);
		} else if (line.text[0] == '}') {
			depth--;
		} else if (depth == 0 && (begins(&line, "SWITCHRC") || begins(&line, "HOST")))
			return not_there(&line, "it can end the file: what stands behind it may have no effect");
	}
	if (in_recipe)
		return not_there(&recipe, "this recipe has no action yet");
	if (depth != 0)
		return not_there(&open, "a { or a } has no other");
	return place_last(text);
}

/* Whether LINE of maildrop's is the whole of a statement, so that the next line begins one. */
static bool is_statement(const struct place_line *line)
{
	static const char *const words[] = {
	        "include", "log", "echo", "logfile", "cc", "xfilter", "import", "flock", "dotlock", "to", NULL};
	size_t i, name = strspn(line->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	for (i = 0; words[i] != NULL; i++)
		if (begins(line, words[i]))
			return true;
	name += strspn(line->text + name, " \t");
	return line->text[0] == '`' || line->text[line->length - 1] == '}' || (name < line->length && line->text[name] == '=');
}

/* Whether LINE wants a statement behind it, which stands in the next line: `if (…)`, also one that goes on there, and `else`. */
static bool is_head(const struct place_line *line)
{
	bool ends = strchr(")|&", line->text[line->length - 1]) != NULL;

	if (begins(line, "else") || begins(line, "exception"))
		return line->length == strlen("else") || line->length == strlen("exception");
	return ends && (begins(line, "if") || begins(line, "elsif") || begins(line, "while") || begins(line, "foreach"));
}

struct place place_in_maildrop(const char *text)
{
	struct place_line line = {0}, open = {0}, target;
	bool plain = true, head = false;
	int depth = 0;

	while (place_line_next(text, &line)) {
		depth -= line.text[0] == '}';
		if (depth == 0 && !head && (begins(&line, "to") || begins(&line, "exit"))) {
			target = line;
			target.text += begins(&line, "to") ? 2 : 4;
			target.text += strspn(target.text, " \t\"'");
			return plain ? before_the_last(&line, &line, target.text[0])
			             : not_there(&line, "all mail may go there: if so, the lines stand before it");
		}
		plain = is_statement(&line);
		head = is_head(&line) || (head && !plain && strchr("{}", line.text[line.length - 1]) == NULL);
		if (line.text[line.length - 1] == '{') {
			open = line;
			depth++;
		}
	}
	if (depth != 0 || head)
		return not_there(depth != 0 ? &open : &line, "something begins there and does not end");
	return place_last(text);
}

struct place place_in_fdm(const char *text)
{
	struct place_line line = {0};

	while (place_line_next(text, &line))
		if (begins(&line, "match all") && !holds(&line, "continue"))
			return before(&line);
	return place_last(text);
}

/* Whether the first line of a script names a shell. */
static bool is_shell(const char *text)
{
	static const char *const shells[] = {"sh", "dash", "bash", "ash", "ksh", "mksh", "zsh", NULL};
	const char *word = text + 2 + strspn(text + 2, " \t"), *name;
	size_t length, i;

	for (;; word += strcspn(word, " \t\r\n"), word += strspn(word, " \t")) {
		for (name = word, length = strcspn(word, " \t\r\n"); memchr(name, '/', length) != NULL;
		        length = strcspn(name, " \t\r\n"))
			name = (const char *)memchr(name, '/', length) + 1;
		if (length != 3 || strncmp(name, "env", 3) != 0)
			break;
	}
	for (i = 0; shells[i] != NULL; i++)
		if (strlen(shells[i]) == length && strncmp(name, shells[i], length) == 0)
			return true;
	return false;
}

struct place place_in_script(const char *text)
{
	size_t first = strcspn(text, "\n");

	if (strncmp(text, "#!", 2) != 0 || !is_shell(text))
		return (struct place){PLACE_BY_HAND, .why = "it is no shell script: let it run this command"};
	first += text[first] == '\n' ? 1 : 0;
	return (struct place){PLACE_FREE, .at = first, .end = first, .line = 2};
}

struct place place_by_hand(const char *text)
{
	(void)text;
	return (struct place){PLACE_BY_HAND, .why = NULL};
}
