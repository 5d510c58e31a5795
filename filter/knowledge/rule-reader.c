#include "knowledge/rule-reader.h"

#include <stddef.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "text/text.h"

struct host_name {
	const char *name, *globs; /* separated by `|` */
};

struct rule_reader {
	const struct sources *sources;
	struct problems *problems;
	struct pattern_builder *builder;
	struct host_name *hosts;
	size_t host_count;
	bool is_own;

	/* Of the file and the line that is read. */
	void *scratch;
	struct pattern_source at;
	uint16_t file;
	struct rule_guards when;

	struct rule *rules;
	struct rule_guards *guards;
	uint32_t *by_pattern, *wordless;
	char *pool;
	struct rule_set set; /* the counts, and the lists at the end */
};

/* Where a status code at VALUE ends; NULL if none is there. */
static const char *status_end(const char *value)
{
	int dots = 0;

	if (value[0] == '\0' || strchr("2345Xx*", value[0]) == NULL || value[1] != '.')
		return NULL;
	for (value++; *value != '\0' && *value != '|'; value++)
		if (*value == '.')
			dots++;
		else if (strchr("0123456789*", *value) == NULL)
			return NULL;
	return dots == 2 && value[-1] != '.' ? value : NULL;
}

static const char *reply_end(const char *value)
{
	return strspn(value, "0123456789xX") == 3 ? value + 3 : NULL;
}

/* Whether VALUE is one or more of what END_OF finds, separated by `|`. */
static bool is_list(const char *value, const char *(*end_of)(const char *value))
{
	while ((value = end_of(value)) != NULL && *value == '|')
		value++;
	return value != NULL && *value == '\0';
}

static bool is_status(const char *value)
{
	return is_list(value, status_end);
}

static bool looks_like_status(const char *value)
{
	return (value[0] >= '0' && value[0] <= '9') ||
	       (strchr("Xx*", value[0]) != NULL && value[1] == '.');
}

static bool is_reply(const char *value)
{
	return strcmp(value, RULE_REPLY_NONE) == 0 || is_list(value, reply_end);
}

static bool looks_like_reply(const char *value)
{
	return (value[0] >= '0' && value[0] <= '9') || is_reply(value);
}

static bool is_command(const char *value)
{
	return strlen(value) == 4 && strstr(" CONN EHLO MAIL RCPT DATA ", value) != NULL;
}

static bool looks_like_command(const char *value)
{
	return strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(value);
}

static bool is_action(const char *value)
{
	return strcmp(value, "failed") == 0 || strcmp(value, "delayed") == 0;
}

static bool looks_like_host(const char *value)
{
	const char *dot = strchr(value + 1, '.');

	return value[0] == '@' ||
	       (value[0] != '.' && dot != NULL && dot[1] != '.' && dot[1] != '\0');
}

static bool is_any(const char *value)
{
	return value[0] != '\0';
}

/* The guards: what they are called, what they look like, where they are kept. What does not look
 * like a value makes the word one of a pattern. */
static const struct guard {
	const char *key;
	bool (*looks_like)(const char *value);
	bool (*is_valid)(const char *value);
	size_t offset;
	const char *expected;
} guards[] = {
        {"status", looks_like_status, is_status, offsetof(struct rule_guards, status),
                "a status like 5.1.1, X.1.1, 5.7.* or 5.1.1|5.2.1"},
        {"reply", looks_like_reply, is_reply, offsetof(struct rule_guards, reply),
                "a reply code like 550, 55x or 502|503, or none"},
        {"command", looks_like_command, is_command, offsetof(struct rule_guards, command),
                "CONN, EHLO, MAIL, RCPT or DATA"},
        {"remote", looks_like_host, is_any, offsetof(struct rule_guards, remote),
                "a host name like *.example.net, or @name"},
        {"domain", looks_like_host, is_any, offsetof(struct rule_guards, domain),
                "a domain like *.example.net, or @name"},
        {"format", is_any, is_any, offsetof(struct rule_guards, format), "the name of a format"},
        {"action", is_any, is_action, offsetof(struct rule_guards, action), "failed or delayed"},
};

static const struct guard *guard_by_key(const char *key, size_t length)
{
	for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
		if (strncmp(guards[i].key, key, length) == 0 && guards[i].key[length] == '\0')
			return &guards[i];
	return NULL;
}

static bool complain(struct rule_reader *r, const char *what, const char *expected)
{
	problems_add(r->problems, r->at.file, r->at.line, "\"%s\": expected %s", what, expected);
	return false;
}

/* VALUE in the pool. */
static uint32_t pool_keep(struct rule_reader *r, const char *value)
{
	uint32_t at = r->set.pool_length, length = (uint32_t)strlen(value) + 1;

	r->pool = talloc_realloc_size(r, r->pool, at + length);
	memcpy(r->pool + at, value, length);
	r->set.pool_length += length;
	r->set.pool = r->pool;
	return at;
}

/* The next word of *REST, cut out; *REST moves behind it. NULL at the end. */
static char *word_cut(char **rest)
{
	char *word = *rest + strspn(*rest, " \t"), *end = word + strcspn(word, " \t");

	if (end == word)
		return NULL;
	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

/* What VALUE, of a guard that names hosts, stands for; NULL if it is a name that nobody gave. */
static const char *host_globs(const struct rule_reader *r, const char *value)
{
	if (strcmp(value, RULE_DOMAIN_REPORTER) == 0)
		return value;
	for (size_t i = r->host_count; value[0] == '@' && i-- > 0;)
		if (strcmp(r->hosts[i].name, value + 1) == 0)
			return r->hosts[i].globs;
	return value[0] == '@' ? NULL : value;
}

/* Take one guard from *REST into FOUND. *IS_GUARD is false if what stands there is none. */
static bool read_guard(
        struct rule_reader *r, char **rest, struct rule_guards *found, bool *is_guard)
{
	const char *key = *rest + strspn(*rest, " \t");
	size_t length = strcspn(key, " \t");
	const struct guard *guard = guard_by_key(key, length);
	const char *behind = key + length + strspn(key + length, " \t"), *kept;
	char *value =
	        guard != NULL ? talloc_strndup(r->scratch, behind, strcspn(behind, " \t")) : NULL;

	*is_guard = guard != NULL && (value[0] == '\0' || guard->looks_like(value));
	if (!*is_guard)
		return true;
	if (value[0] == '\0' || !guard->is_valid(value))
		return complain(r, talloc_asprintf(r->scratch, "%s %s", guard->key, value),
		        guard->expected);
	kept = guard->looks_like == looks_like_host ? host_globs(r, value) : value;
	if (kept == NULL)
		return complain(r, value, "a name that a `host` line has given");
	*(uint32_t *)(void *)((char *)found + guard->offset) = pool_keep(r, kept);
	*rest += (size_t)(behind - *rest) + strlen(value);
	return true;
}

static bool read_guards(struct rule_reader *r, char **rest, struct rule_guards *found)
{
	bool is_guard;

	do
		if (!read_guard(r, rest, found, &is_guard))
			return false;
	while (is_guard);
	*rest += strspn(*rest, " \t");
	return true;
}

static uint32_t guards_number(struct rule_reader *r, const struct rule_guards *found)
{
	static const struct rule_guards none;

	if (memcmp(found, &none, sizeof none) == 0)
		return 0;
	if (memcmp(found, &r->guards[r->set.guards_count - 1], sizeof *found) != 0) {
		r->guards = array_grow(r, r->guards, struct rule_guards, r->set.guards_count);
		r->guards[r->set.guards_count++] = *found;
	}
	return r->set.guards_count - 1;
}

/* Cut TEXT at the next SEPARATOR, which in a pattern may not stand between quotes; what stands
 * behind it, or NULL. */
static char *separator_cut(char *text, const char *separator, bool is_phrase)
{
	size_t length = strlen(separator);
	bool is_quoted = false;

	for (; *text != '\0'; text++) {
		if (*text == '"' && !is_phrase)
			is_quoted = !is_quoted;
		if (!is_quoted && *text == *separator && strncmp(text, separator, length) == 0) {
			*text = '\0';
			return text + length;
		}
	}
	return NULL;
}

typedef bool pattern_visit(struct rule_reader *r, char **rows, void *argument);

/* Read `PATTERN [/ PATTERN]...` and do VISIT with the rows of each; *COUNT is how many there
 * were. */
static bool read_patterns(struct rule_reader *r, char *text, bool is_phrase, uint8_t *count,
        pattern_visit *visit, void *argument)
{
	for (char *next; text != NULL; text = next) {
		next = is_phrase ? NULL : separator_cut(text, " / ", false);
		if (*count == UINT8_MAX)
			return complain(r, "/", "at most 255 patterns");
		char **rows = is_phrase ? pattern_rows_read_phrase(r->scratch, r->builder, &r->at, text)
		                        : pattern_rows_read(r->scratch, r->builder, &r->at, text);

		if (rows == NULL || !visit(r, rows, argument))
			return false;
		++*count;
	}
	return true;
}

static bool add_rows(struct rule_reader *r, char **rows, void *argument)
{
	uint32_t pattern = pattern_builder_next(r->builder);

	(void)argument;
	r->by_pattern = array_grow(r, r->by_pattern, uint32_t, pattern);
	r->by_pattern[pattern] = r->set.count;
	return pattern_builder_add(r->builder, &r->at, rows);
}

/* Whether the words at *REST are those of an old phrase; it moves to them. */
static bool words_begin(char **rest)
{
	bool is_phrase = strncmp(*rest, "phrase", 6) == 0 && strchr(" \t", (*rest)[6]) != NULL;

	*rest += is_phrase ? strlen("phrase") : 0;
	return is_phrase;
}

/* The words of a rule: patterns, or an old phrase, and what must not be there. */
static bool read_words(struct rule_reader *r, char *rest, struct rule *rule)
{
	rule->is_phrase = words_begin(&rest);
	rule->patterns = pattern_builder_next(r->builder);
	for (uint8_t *count = &rule->alternatives; rest != NULL; count = &rule->exceptions) {
		char *next = separator_cut(rest, " unless ", rule->is_phrase);

		if (!read_patterns(r, rest, rule->is_phrase, count, add_rows, NULL))
			return false;
		rest = next;
	}
	return true;
}

/* By the number of the file. */
static enum rule_layer layer_of(const struct rule_reader *r, int reason)
{
	const char *slash = strrchr(r->at.file, '/'),
	           *name = slash != NULL ? slash + 1 : r->at.file;
	int tens = name[0] >= '0' && name[0] <= '9' && name[1] >= '0' && name[1] <= '9'
	                   ? name[0] - '0'
	                   : 2;

	if (reason >= REASON_COUNT)
		return RULE_LASTING;
	if (r->is_own)
		return RULE_OWN;
	return tens < 2    ? RULE_PROVIDER
	       : tens == 2 ? RULE_WORDS
	       : tens == 3 ? RULE_STATUS
	       : tens == 4 ? RULE_REPLY
	                   : RULE_AGE;
}

/* The reason called LENGTH bytes of WORD, or how long it lasts; LASTING_END if it is neither. */
static int meaning_of(const char *word, size_t length)
{
	int reason = (int)reason_by_name(word, length);

	if (reason == REASON_COUNT && length == 9 && memcmp(word, "temporary", 9) == 0)
		return LASTING_TEMPORARY;
	if (reason == REASON_COUNT && length == 9 && memcmp(word, "permanent", 9) == 0)
		return LASTING_PERMANENT;
	return reason < REASON_COUNT ? reason : LASTING_END;
}

static bool read_rule(struct rule_reader *r, char *line, struct rule *rule)
{
	char *rest = line;
	const char *word = word_cut(&rest);
	struct rule_guards found = r->when, none = r->when;

	rule->reason = (uint8_t)meaning_of(word, strlen(word));
	rule->layer = (uint8_t)layer_of(r, rule->reason);
	if (rule->reason == LASTING_END) {
		problems_add(r->problems, r->at.file, r->at.line,
		        "\"%s\" is no reason: expected one of `notmuch bounce rules --reasons`",
		        word);
		return false;
	}
	if (!read_guards(r, &rest, &found))
		return false;
	rule->guards = guards_number(r, &found);
	if (rest[0] != '\0')
		return read_words(r, rest, rule);
	if (memcmp(&found, &none, sizeof none) == 0) {
		problems_add(r->problems, r->at.file, r->at.line,
		        "a reason alone: expected a condition, as in \"%s words of a server\"",
		        word);
		return false;
	}
	return true;
}

/* `when [GUARD VALUE]...` */
static void read_when(struct rule_reader *r, char *rest)
{
	struct rule_guards found = {0};

	if (!read_guards(r, &rest, &found))
		return;
	if (rest[0] != '\0')
		complain(r, rest,
		        "a guard: status, reply, command, remote, domain, format or action");
	r->when = found;
}

/* `NAME = …` of a line; what stands behind the `=`. NULL if it is not like that. */
static char *named_values(struct rule_reader *r, char *rest, const char **name)
{
	char *equals;

	*name = word_cut(&rest);
	equals = word_cut(&rest);
	if (equals == NULL || strcmp(equals, "=") != 0 || rest[strspn(rest, " \t")] == '\0' ||
	        strpbrk(*name, "<>|\"") != NULL) {
		complain(r, *name != NULL ? *name : "", "NAME = and what it stands for");
		return NULL;
	}
	return rest;
}

static void read_host(struct rule_reader *r, char *rest)
{
	const char *name;
	char *values = named_values(r, rest, &name), *glob, *globs = NULL;

	if (values == NULL)
		return;
	while ((glob = word_cut(&values)) != NULL)
		globs = globs == NULL ? talloc_strdup(r, glob)
		                      : talloc_asprintf_append_buffer(globs, "|%s", glob);
	r->hosts = array_grow(r, r->hosts, struct host_name, r->host_count);
	r->hosts[r->host_count++] = (struct host_name){talloc_strdup(r, name), globs};
}

static void read_class(struct rule_reader *r, char *rest)
{
	const char *name;
	char *values = named_values(r, rest, &name);

	if (values != NULL)
		pattern_builder_class(r->builder, &r->at, name, values);
}

/* What the line begins with, for those that are no rules. */
static const struct line_key {
	const char *key;
	bool is_name; /* for which all files are read first */
	void (*read)(struct rule_reader *r, char *rest);
} line_keys[] = {{"word", true, read_class}, {"host", true, read_host}, {"when", false, read_when}};

static const struct line_key *line_key_of(const char *line)
{
	size_t length = strcspn(line, " \t");

	for (size_t i = 0; i < sizeof line_keys / sizeof *line_keys; i++)
		if (length == 4 && strncmp(line, line_keys[i].key, 4) == 0)
			return &line_keys[i];
	return NULL;
}

/* A line, and those that go on with it: LENGTH bytes of its file from OFFSET on. */
struct whole_line {
	char *text;       /* NULL: none */
	int number, last; /* of the first, and of the last */
	size_t offset, length;
};

static void add_rule(struct rule_reader *r, const struct whole_line *line)
{
	struct rule rule = {
	        .line = (uint32_t)line->number,
	        .offset = (uint32_t)line->offset,
	        .length = (uint16_t)(line->length < UINT16_MAX ? line->length : UINT16_MAX),
	        .file = r->file,
	};
	uint32_t first = pattern_builder_next(r->builder);

	if (!read_rule(r, line->text, &rule)) {
		/* What it has added already belongs to nobody. */
		for (uint32_t i = first; i < pattern_builder_next(r->builder); i++)
			r->by_pattern[i] = UINT32_MAX;
		return;
	}
	r->rules = array_grow(r, r->rules, struct rule, r->set.count);
	if (rule.alternatives == 0) {
		r->wordless = array_grow(r, r->wordless, uint32_t, r->set.wordless_count);
		r->wordless[r->set.wordless_count++] = r->set.count;
	}
	r->rules[r->set.count++] = rule;
}

static void read_line(
        struct rule_reader *r, const struct whole_line *line, bool is_utf8, bool for_names)
{
	const struct line_key *key = line->text != NULL ? line_key_of(line->text) : NULL;

	if (line->text == NULL || (key != NULL && key->is_name) != for_names)
		return;
	r->at.line = line->number;
	if (!is_utf8 && !text_is_utf8(line->text, strlen(line->text)))
		problems_add(r->problems, r->at.file, r->at.line,
		        "is not UTF-8: expected text in that charset");
	else if (key != NULL)
		key->read(r, line->text + strlen(key->key));
	else
		add_rule(r, line);
	talloc_free_children(r->scratch);
}

/* Whether LINE goes on with the one right above: it begins with a blank, and with none of the words
 * that a line begins with. */
static bool goes_on(
        const struct whole_line *whole, const struct source_lines *lines, const char *line)
{
	return whole->text != NULL && whole->last + 1 == lines->number &&
	       source_line_is_indented(lines) && line_key_of(line) == NULL &&
	       meaning_of(line, strcspn(line, " \t")) == LASTING_END;
}

/* Whether the names that a file gives are for all. */
static bool is_shared(const char *file)
{
	const char *slash = strrchr(file, '/');

	return strncmp(slash != NULL ? slash + 1 : file, "00-", 3) == 0;
}

static void read_file(struct rule_reader *r, size_t number, size_t foreign, bool for_names)
{
	const struct source *source = &r->sources->list[number];
	struct source_lines lines = source_lines_of(r, source);
	struct whole_line whole = {.text = NULL};
	char *line;

	if (!for_names && number < foreign)
		return;
	r->file = (uint16_t)number;
	r->at = (struct pattern_source){source->name, 0, is_shared(source->name), number < foreign};
	r->when = (struct rule_guards){0};
	while ((line = source_line_next(&lines)) != NULL) {
		size_t start = (size_t)(lines.text - source->text);

		if (goes_on(&whole, &lines, line)) {
			whole.text = talloc_asprintf(lines.copy, "%s %s", whole.text, line);
		} else {
			read_line(r, &whole, lines.is_utf8, for_names);
			whole = (struct whole_line){line, lines.number, 0, start, 0};
		}
		whole.last = lines.number;
		whole.length = start + (size_t)lines.length - whole.offset;
	}
	read_line(r, &whole, lines.is_utf8, for_names);
	talloc_free(lines.copy);
}

struct rule_reader *rule_reader_new(const void *ctx, const struct sources *sources, size_t foreign,
        bool is_own, struct problems *problems)
{
	struct rule_reader *r = talloc_zero(ctx, struct rule_reader);

	r->sources = sources;
	r->problems = problems;
	r->is_own = is_own;
	r->scratch = talloc_new(r);
	r->builder = pattern_builder_new(r, problems);
	pool_keep(r, "");
	r->guards = array_grow(r, r->guards, struct rule_guards, r->set.guards_count);
	r->guards[r->set.guards_count++] = (struct rule_guards){0};
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < sources->count; i++)
			read_file(r, i, foreign, pass == 0);
	r->set.patterns = pattern_builder_tables(r->builder);
	r->set.rules = r->rules;
	r->set.guards = r->guards;
	r->set.by_pattern = r->by_pattern;
	r->set.wordless = r->wordless;
	r->set.files = sources->list;
	return r;
}

const struct rule_set *rule_reader_set(const struct rule_reader *reader)
{
	return &reader->set;
}

struct pattern_builder *rule_reader_builder(const struct rule_reader *reader)
{
	return reader->builder;
}

struct visit {
	void (*rows)(void *argument, char *const *rows);
	void *argument;
};

static bool visit_rows(struct rule_reader *r, char **rows, void *argument)
{
	const struct visit *visit = argument;

	(void)r;
	visit->rows(visit->argument, rows);
	return true;
}

void rule_reader_rows(struct rule_reader *r, const struct rule *rule,
        void (*visit)(void *argument, char *const *rows), void *argument)
{
	struct visit todo = {visit, argument};
	struct rule_guards found = {0};
	uint8_t count = 0;
	bool is_phrase;
	char *rest;

	r->at = (struct pattern_source){rule_file(&r->set, rule), (int)rule->line,
	        is_shared(rule_file(&r->set, rule)), false};
	rest = rule_line(r->scratch, &r->set, rule);
	word_cut(&rest);
	read_guards(r, &rest, &found);
	is_phrase = words_begin(&rest);
	separator_cut(rest, " unless ", is_phrase);
	read_patterns(r, rest, is_phrase, &count, visit_rows, &todo);
	talloc_free_children(r->scratch);
}

const struct rule_set *rule_set_read(const void *ctx, const struct sources *sources, size_t foreign,
        bool is_own, struct problems *problems)
{
	return rule_reader_set(rule_reader_new(ctx, sources, foreign, is_own, problems));
}

struct sources *rule_sources_with_names(
        const void *ctx, const struct sources *sources, size_t *foreign)
{
	struct sources *all = talloc_zero(ctx, struct sources);
	const struct sources *built_in = source_list_built_in(all, "rules");

	for (size_t i = 0; i < built_in->count; i++)
		if (is_shared(built_in->list[i].name)) {
			struct source named = built_in->list[i];

			/* The same file may be among SOURCES. */
			named.name = talloc_asprintf(all, "built in: %s", named.name);
			source_add(all, &named);
		}
	*foreign = all->count;
	for (size_t i = 0; i < sources->count; i++)
		source_add(all, &sources->list[i]);
	return all;
}

const struct rule_set *rule_set_read_own(const void *ctx, struct problems *problems)
{
	const struct sources *own = source_list_own(ctx, "rules", problems);
	size_t foreign;

	if (own->count == 0)
		return NULL;
	own = rule_sources_with_names(ctx, own, &foreign);
	return rule_set_read(ctx, own, foreign, true, problems);
}
