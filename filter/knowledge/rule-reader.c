#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "knowledge/rules.h"

struct host_name {
	const char *name, *globs; /* separated by `|` */
};

struct rule_reader {
	struct problems *problems;
	struct pattern_builder *builder;
	struct host_name *hosts;
	size_t host_count;

	/* The file and the line that are read. */
	void *scratch;
	struct pattern_source at;
	const struct source *source;
	uint32_t file; /* its name in the pool */
	struct rule_guards when;

	struct rule_set set; /* what was read; its patterns and pool are set at the end */
	struct buffer pool;
};

/* The regular expression of one or more values like ONE, separated by `|`. */
#define LIST_OF(one) "^" one "(\\|" one ")*$"

/* The guards: their keys, and regular expressions for their values. If a word does not look like a
 * value, the key before it is a word of a pattern. */
static const struct {
	const char *key;
	const char *looks_like, *valid;
	const char *expected;
} guards[GUARD_COUNT] = {
        [GUARD_STATUS] = {"status", "^([0-9]|[Xx*]\\.)", LIST_OF("[2-5Xx*]\\.[0-9*]+\\.[0-9*]+"),
                "a status like 5.1.1, X.1.1, 5.7.* or 5.1.1|5.2.1"},
        [GUARD_REPLY] = {"reply", "^[0-9]|^none$|" LIST_OF("[0-9Xx]{3}"),
                "^none$|" LIST_OF("[0-9Xx]{3}"), "a reply code like 550, 55x or 502|503, or none"},
        [GUARD_COMMAND] = {"command", "^[A-Z]+$", "^(CONN|EHLO|MAIL|RCPT|DATA)$",
                "CONN, EHLO, MAIL, RCPT or DATA"},
        [GUARD_REMOTE] = {"remote", "^(@|[^.]+\\.[^.])", "",
                "a host name like *.example.net, or @name"},
        [GUARD_DOMAIN] = {"domain", "^(@|[^.]+\\.[^.])", "",
                "a domain like *.example.net, or @name"},
        [GUARD_FORMAT] = {"format", "", "", "the name of a format"},
        [GUARD_ACTION] = {"action", "", "^(failed|delayed)$", "failed or delayed"},
};

static bool is_like(const char *value, const char *expression)
{
	return g_regex_match_simple(expression, value, G_REGEX_RAW, 0);
}

/* Returns the guard whose key is LENGTH bytes of WORD; GUARD_COUNT if there is none. */
static enum rule_guard guard_by_key(const char *word, size_t length)
{
	int guard = 0;

	while (guard < GUARD_COUNT && (strncmp(guards[guard].key, word, length) != 0 ||
	                                      guards[guard].key[length] != '\0'))
		guard++;
	return (enum rule_guard)guard;
}

static bool rule_complain(struct rule_reader *r, const char *what, const char *expected)
{
	problems_add(r->problems, r->at.file, r->at.line, "\"%s\": expected %s", what, expected);
	return false;
}

/* Adds VALUE to the pool. Returns where it is. */
static uint32_t pool_keep(struct rule_reader *r, const char *value)
{
	size_t at = r->pool.length;

	buffer_add(&r->pool, value, strlen(value) + 1);
	return (uint32_t)at;
}

/* Returns the globs that VALUE of a guard for hosts stands for; NULL if it is an unknown name. */
static const char *host_globs(const struct rule_reader *r, const char *value)
{
	if (strcmp(value, RULE_DOMAIN_REPORTER) == 0)
		return value;
	for (size_t i = r->host_count; value[0] == '@' && i-- > 0;)
		if (strcmp(r->hosts[i].name, value + 1) == 0)
			return r->hosts[i].globs;
	return value[0] == '@' ? NULL : value;
}

/* Reads the guards at the beginning of *REST into FOUND. */
static bool read_guards(struct rule_reader *r, char **rest, struct rule_guards *found)
{
	for (;;) {
		*rest += strspn(*rest, " \t");
		size_t length = strcspn(*rest, " \t");
		enum rule_guard guard = guard_by_key(*rest, length);
		const char *after = *rest + length + strspn(*rest + length, " \t"), *kept;
		char *value = talloc_strndup(r->scratch, after, strcspn(after, " \t"));

		if (guard == GUARD_COUNT ||
		        (value[0] != '\0' && !is_like(value, guards[guard].looks_like)))
			return true;
		if (value[0] == '\0' || !is_like(value, guards[guard].valid))
			return rule_complain(r,
			        talloc_asprintf(r->scratch, "%s %s", guards[guard].key, value),
			        guards[guard].expected);
		kept = guard == GUARD_REMOTE || guard == GUARD_DOMAIN ? host_globs(r, value)
		                                                      : value;
		if (kept == NULL)
			return rule_complain(r, value, "a name that a `host` line has given");
		found->value[guard] = pool_keep(r, kept);
		*rest += (size_t)(after - *rest) + strlen(value);
	}
}

static bool guards_equal(const struct rule_guards *a, const struct rule_guards *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

/* Returns the number of FOUND in the list of the set. */
static uint32_t guards_number(struct rule_reader *r, const struct rule_guards *found)
{
	if (guards_equal(found, &r->set.guards[0]))
		return 0;
	if (!guards_equal(found, &r->set.guards[r->set.guards_count - 1]))
		array_add(r, r->set.guards, r->set.guards_count) = *found;
	return r->set.guards_count - 1;
}

char *rule_cut(char *text, const char *separator, bool is_phrase)
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

/* Reads the words of a rule, `PATTERN [/ PATTERN]... [unless PATTERN]...`, or those of an old
 * phrase. */
static bool rule_words_read(struct rule_reader *r, char *rest, struct rule *rule)
{
	bool is_phrase = strncmp(rest, "phrase", 6) == 0 && strchr(" \t", rest[6]) != NULL;
	char *next = rest + (is_phrase ? strlen("phrase") : 0), *unless;

	rule->is_phrase = is_phrase;
	rule->patterns = pattern_builder_next(r->builder);
	for (uint32_t *count = &rule->alternatives; next != NULL; count = &rule->exceptions) {
		rest = next;
		unless = rule_cut(rest, " unless ", is_phrase);
		for (; rest != NULL; rest = next) {
			uint32_t pattern = pattern_builder_next(r->builder);

			next = is_phrase ? NULL : rule_cut(rest, " / ", false);
			array_add(r, r->set.by_pattern, pattern) = r->set.count;
			if (!pattern_builder_add(r->builder, &r->at, rest, is_phrase))
				return false;
			++*count;
		}
		next = unless;
	}
	return true;
}

/* Returns the layer, by the number of the file: layers are numbered like its tens. */
static enum rule_layer layer_of(const struct rule_reader *r, uint32_t reason)
{
	const char *name = basename(r->at.file);
	int tens =
	        g_ascii_isdigit(name[0]) && g_ascii_isdigit(name[1]) ? name[0] - '0' : RULE_WORDS;

	if (reason >= REASON_COUNT)
		return RULE_LASTING;
	if (r->source->user)
		return RULE_OWN;
	return (enum rule_layer)CLAMP(tens, RULE_PROVIDER, RULE_AGE);
}

/* Returns the reason called LENGTH bytes of WORD, or the enum lasting; LASTING_END if it is
 * neither. */
static uint32_t meaning_of(const char *word, size_t length)
{
	uint32_t reason = reason_by_name(word, length);

	if (reason == REASON_COUNT && length == 9 && memcmp(word, "temporary", 9) == 0)
		return LASTING_TEMPORARY;
	if (reason == REASON_COUNT && length == 9 && memcmp(word, "permanent", 9) == 0)
		return LASTING_PERMANENT;
	return reason < REASON_COUNT ? reason : LASTING_END;
}

static bool read_rule(struct rule_reader *r, char *line, struct rule *rule)
{
	char *rest = line;
	const char *word = source_word_next(&rest);
	struct rule_guards found = r->when;

	rule->reason = meaning_of(word, strlen(word));
	rule->layer = layer_of(r, rule->reason);
	if (rule->reason == LASTING_END) {
		problems_add(r->problems, r->at.file, r->at.line,
		        "\"%s\" is not a reason: expected one of `notmuch bounce rules --reasons`",
		        word);
		return false;
	}
	if (!read_guards(r, &rest, &found))
		return false;
	rule->guards = guards_number(r, &found);
	if (rest[0] != '\0')
		return rule_words_read(r, rest, rule);
	if (guards_equal(&found, &r->when)) {
		problems_add(r->problems, r->at.file, r->at.line,
		        "a reason alone: expected a condition, as in \"%s words of a server\"",
		        word);
		return false;
	}
	return true;
}

/* Reads `when [GUARD VALUE]...`. */
static void read_when(struct rule_reader *r, char *rest)
{
	struct rule_guards found = {{0}};

	if (!read_guards(r, &rest, &found))
		return;
	if (rest[0] != '\0')
		rule_complain(r, rest,
		        "a guard: status, reply, command, remote, domain, format or action");
	r->when = found;
}

/* Reads `NAME = …`. Returns what follows the `=`; NULL if the line is not like that. */
static char *named_values(struct rule_reader *r, char *rest, const char **name)
{
	char *equals;

	*name = source_word_next(&rest);
	equals = source_word_next(&rest);
	if (equals == NULL || strcmp(equals, "=") != 0 || rest[0] == '\0' ||
	        strpbrk(*name, "<>|\"") != NULL) {
		rule_complain(r, *name != NULL ? *name : "", "NAME = and what it stands for");
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
	while ((glob = source_word_next(&values)) != NULL)
		globs = globs == NULL ? talloc_strdup(r, glob)
		                      : talloc_asprintf_append_buffer(globs, "|%s", glob);
	array_add(r, r->hosts, r->host_count) = (struct host_name){talloc_strdup(r, name), globs};
}

static void read_class(struct rule_reader *r, char *rest)
{
	const char *name;
	char *values = named_values(r, rest, &name);

	if (values != NULL)
		pattern_builder_class(r->builder, &r->at, name, values);
}

/* What lines that are not rules begin with. */
static const struct line_key {
	const char *key;
	bool is_name; /* all files are read first for these */
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

static void read_rule_line(struct rule_reader *r, char *text)
{
	struct rule rule = {
	        .file = r->file,
	        .line = (uint32_t)r->at.line,
	        .text = pool_keep(r, text),
	};
	uint32_t first = pattern_builder_next(r->builder);

	if (!read_rule(r, text, &rule)) {
		/* Its patterns belong to no rule. */
		for (uint32_t i = first; i < pattern_builder_next(r->builder); i++)
			r->set.by_pattern[i] = UINT32_MAX;
		return;
	}
	if (rule.alternatives == 0)
		array_add(r, r->set.wordless, r->set.wordless_count) = r->set.count;
	array_add(r, r->set.rules, r->set.count) = rule;
}

/* Returns whether LINE continues the one right above: it is indented, and its first word is not one
 * that begins a line. */
static bool goes_on(const struct source_lines *lines, const char *line)
{
	return lines->is_indented && line_key_of(line) == NULL &&
	       meaning_of(line, strcspn(line, " \t")) == LASTING_END;
}

/* Returns whether the names that FILE gives are for all files. */
static bool is_shared(const char *file)
{
	return strncmp(basename(file), "00-", 3) == 0;
}

/* Reads SOURCE, called NAME: only what it names if FOR_NAMES, else all but that. */
static void rule_file_read(
        struct rule_reader *r, const struct source *source, const char *name, bool for_names)
{
	struct source_lines lines = source_lines_of(r, source, for_names ? NULL : r->problems);
	char *line = source_line_next(&lines), *next;

	r->source = source;
	r->file = pool_keep(r, name);
	r->at = (struct pattern_source){name, 0, is_shared(name), name != source->name};
	r->when = (struct rule_guards){{0}};
	for (; line != NULL; line = next) {
		const struct line_key *key = line_key_of(line);
		int last = r->at.line = lines.number;

		while ((next = source_line_next(&lines)) != NULL && lines.number == ++last &&
		        goes_on(&lines, next))
			line = talloc_asprintf(
			        r->scratch, "%s%s%s", line, *next == '|' ? "" : " ", next);
		if ((key != NULL && key->is_name) != for_names)
			continue;
		if (key != NULL)
			key->read(r, line + strlen(key->key));
		else
			read_rule_line(r, line);
		talloc_free_children(r->scratch);
	}
	talloc_free(lines.copy);
}

const struct rule_set *rule_set_read(
        const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct rule_reader *r = talloc_zero(ctx, struct rule_reader);
	const struct sources *built_in = source_list_built_in(r, "rules");

	r->problems = problems;
	r->scratch = talloc_new(r);
	r->builder = pattern_builder_new(r, problems);
	r->pool = buffer_new(r);
	pool_keep(r, "");
	array_add(r, r->set.guards, r->set.guards_count) = (struct rule_guards){{0}};
	for (size_t i = 0; i < built_in->count; i++)
		if (is_shared(built_in->list[i].name)) /* SOURCES may have the same file */
			rule_file_read(r, &built_in->list[i],
			        talloc_asprintf(r, "built in: %s", built_in->list[i].name), true);
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < sources->count; i++)
			rule_file_read(r, &sources->list[i], sources->list[i].name, k == 0);
	r->set.patterns = pattern_builder_tables(r->builder);
	r->set.builder = r->builder;
	r->set.pool = r->pool.text;
	r->set.pool_length = (uint32_t)r->pool.length;
	return &r->set;
}

/* How many texts are made from each row of a pattern, with other words of its classes each time. */
#define SAMPLES 5

/* No rule has such words. */
#define FILLER "qx "
#define ENDING "qx"

struct check {
	const struct rule_set *set;
	struct pattern_search *search;
	struct problems *problems;
	const struct rule *rule; /* the rule that is checked; NULL: examples are */
	bool *is_noted;          /* of each rule: an error in its words was noted */
};

/* Returns whether each guard of GENERAL holds whenever those of SPECIAL do; false if in doubt. */
static bool guards_cover(
        const struct rule_set *set, const struct rule *general, const struct rule *special)
{
	for (int i = 0; i < GUARD_COUNT; i++) {
		const char *wide = rule_guard(set, general, (enum rule_guard)i),
		           *narrow = rule_guard(set, special, (enum rule_guard)i);

		if (wide != NULL && g_strcmp0(wide, narrow) != 0)
			return false;
	}
	return true;
}

static bool comes_first(const struct check *check, const struct rule *earlier)
{
	bool is_same_question =
	        (earlier->layer == RULE_LASTING) == (check->rule->layer == RULE_LASTING);

	return earlier < check->rule && is_same_question && earlier->exceptions == 0 &&
	       guards_cover(check->set, earlier, check->rule);
}

/* Returns the hit of the *FIRST rule that CHECK asks for: one that comes before the rule that is
 * checked or, if examples are, one with words alone. NULL if there is none. */
static const struct pattern_hit *first_hit(
        const struct check *check, const struct pattern_hits *hits, const struct rule **first)
{
	const struct pattern_hit *hit = NULL;

	*first = NULL;
	for (size_t i = 0; i < hits->count; i++) {
		const struct rule *rule = rule_of_hit(check->set, &hits->list[i]);

		if (rule == NULL || (*first != NULL && rule >= *first))
			continue;
		if (check->rule != NULL ? comes_first(check, rule)
		                        : rule->guards == 0 && rule->layer != RULE_LASTING) {
			*first = rule;
			hit = &hits->list[i];
		}
	}
	return hit;
}

/* Returns an earlier rule that leaves nothing to the one that is checked: one about codes only, or
 * the one that takes the first sample, if earlier rules take all others too. NULL if there is
 * none. */
static const struct rule *shadow_of(const struct check *check)
{
	const struct rule_set *set = check->set;
	const struct rule *rule = check->rule, *first = NULL;

	for (uint32_t i = 0; i < set->wordless_count; i++)
		if (comes_first(check, &set->rules[set->wordless[i]]))
			return &set->rules[set->wordless[i]];
	for (uint32_t i = 0; i < rule->alternatives * SAMPLES; i++) {
		char *text;

		for (size_t row = 0; (text = pattern_builder_sample(set->builder, set->builder,
		                              rule->patterns + i / SAMPLES, row, i % SAMPLES,
		                              ENDING, FILLER)) != NULL;
		        row++) {
			struct tokens *tokens = tokens_read(text, text, strlen(text));
			struct pattern_hits hits =
			        pattern_search_run(tokens, check->search, tokens);
			const struct rule *by;

			first_hit(check, &hits, &by);
			talloc_free(text);
			if (by == NULL)
				return NULL;
			first = first != NULL ? first : by;
		}
	}
	return first;
}

/* Returns whether HIT matched a single word; in Chinese, Japanese or Korean, at most two
 * characters. */
static bool is_one_word(const struct pattern_hit *hit, const struct tokens *tokens)
{
	const char *taken = tokens->text + hit->start;
	size_t length = hit->end - hit->start;

	return memchr(taken, ' ', length) == NULL &&
	       ((unsigned char)taken[0] < 0xE3 || length <= 2 * 3);
}

/* Notes a rule of which one word alone decides an example that means something else. */
static void check_example(
        struct check *check, const struct source_lines *lines, const char *line, enum reason means)
{
	SCOPED void *scratch = talloc_new(NULL);
	const struct tokens *tokens = tokens_read(scratch, line, strlen(line));
	struct pattern_hits hits = pattern_search_run(scratch, check->search, tokens);
	const struct rule *rule;
	const struct pattern_hit *hit = first_hit(check, &hits, &rule);

	if (hit != NULL && rule->reason != means && rule->exceptions == 0 &&
	        is_one_word(hit, tokens) && !check->is_noted[rule - check->set->rules]) {
		check->is_noted[rule - check->set->rules] = true;
		problems_add(check->problems, rule_file(check->set, rule), (int)rule->line,
		        "\"%.*s\" alone decides, and it also stands in what means something else, "
		        "%s:%d: expected more words, a guard or unless",
		        (int)(hit->end - hit->start), tokens->text + hit->start,
		        lines->source->name, lines->number);
	}
}

void rules_check(const void *ctx, const struct sources *sources, const struct sources *examples,
        struct problems *problems)
{
	const struct rule_set *set = rule_set_read(ctx, sources, problems);
	struct check check = {.set = set, .problems = problems};

	check.search = pattern_search_new(ctx, set->patterns);
	check.is_noted = talloc_zero_array(ctx, bool, set->count + 1);
	for (uint32_t i = 0; i < set->count; i++) {
		check.rule = &set->rules[i];
		const struct rule *by = shadow_of(&check);

		if (by != NULL)
			problems_add(problems, rule_file(set, check.rule), (int)check.rule->line,
			        "never reached, shadowed by %s:%u: \"%s\"", rule_file(set, by),
			        by->line, rule_line(set, by));
	}
	check.rule = NULL;
	for (size_t i = 0; i < examples->count; i++) {
		struct source_lines lines = source_lines_of(ctx, &examples->list[i], problems);

		for (const char *line; (line = source_line_next(&lines)) != NULL;)
			check_example(&check, &lines, line, reason_of_file(examples->list[i].name));
	}
	pattern_builder_check(set->builder);
}
