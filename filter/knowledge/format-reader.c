#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "knowledge/formats.h"
#include "text/text.h"

/* About the memory that the embedded formats take; more comes from malloc. */
#define FORMATS_SIZE (256u << 10)

#define SIGN_WEIGHT_MAX 100

#define NO_VALUE "a key without a value"

/* A class: the values that `<name>` stands for. */
struct word {
	const char *name; /* with its < and > */
	const char *values;
};

/* The files that are being read. */
struct format_reader {
	struct format_set *set;
	struct problems *problems;
	struct word *words;
	size_t word_count;
	struct source_lines lines;
	struct format *block;   /* NULL: none yet */
	size_t own_count;       /* how many of the blocks are the user's */
	struct format replaced; /* a built-in block that one of the user's replaces: not used */

	/* The condition that is read. */
	bool is_unless;
	size_t field;
};

/* Notes that the line is wrong because of WORD. */
static void format_complain(struct format_reader *reader, const char *word, const char *expected)
{
	problems_add(reader->problems, reader->lines.source->name, reader->lines.number,
	        "\"%s\": %s", word, expected);
}

/* Returns the number of GLOB, for a whole value, as a phrase in that value between two marks. A
 * blank before or after a `*` is a word edge. */
static uint32_t glob_phrase(struct format_set *set, const char *glob)
{
	size_t length = strlen(glob);
	bool open_start = length > 0 && glob[0] == '*',
	     open_end = length > 1 && glob[length - 1] == '*';
	const char *text = glob + open_start;

	length -= (size_t)open_start + open_end;
	if (length == 0)
		return phrases_add(set->phrases, "*");
	const char *begin = !open_start ? VALUE_BEGINS : text[0] == ' ' ? "%" : "";
	const char *end = !open_end ? VALUE_ENDS : text[length - 1] == ' ' ? "%" : "";
	SCOPED char *phrase = talloc_asprintf(set, "%s%.*s%s", begin, (int)length, text, end);

	return phrases_add(set->phrases, phrase);
}

/* Returns the bit of the feature NAME; 0 if there is none. */
static unsigned feature_by_name(const char *name)
{
	static const char *const names[] = {"returned-mail", "recipient", "reply-code", "link",
	        "address", "own-address", "own-mail", "refusal", "own-summary"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return 1u << i;
	return 0;
}

/* Returns the number of the header field NAME among those in conditions. */
static size_t field_number(struct format_set *set, const char *name)
{
	for (size_t i = 0; i < set->field_count; i++)
		if (strcasecmp(set->fields[i], name) == 0)
			return i;
	list_add(set, &set->fields, name);
	return set->field_count++;
}

/* Adds a condition on VIEW next to its alternatives. */
static void condition_read(struct format_reader *reader, unsigned view, const char *value)
{
	if (view == VIEW_COUNT)
		view += (unsigned)reader->field;
	struct format_set *set = reader->set;
	struct format *block = reader->block;
	struct condition_list *list = reader->is_unless ? &block->exceptions : &block->conditions;
	struct condition condition = {.view = view};
	bool is_text = view == VIEW_START || view == VIEW_BODY, is_has = view == CONDITION_HAS;
	size_t at = list->count;

	if (is_has && (condition.features = feature_by_name(value)) == 0) {
		format_complain(reader, value,
		        "expected `has` returned-mail, recipient, reply-code, link, address, "
		        "own-address, own-mail, refusal or own-summary");
		return;
	}
	if (view < VIEW_COUNT)
		condition.run.first = condition.run.last =
		        is_text ? phrases_add(set->phrases, value) : glob_phrase(set, value);
	else if (!is_has)
		condition.glob = text_fold(set, value, strlen(value));
	block->asks_header |= !reader->is_unless && !is_text && !is_has;
	while (at > 0 && list->list[at - 1].view > view)
		at--;
	struct condition *last =
	        at > 0 && list->list[at - 1].view == view ? &list->list[at - 1] : NULL;
	if (last != NULL && is_has) {
		last->features |= condition.features;
		return;
	}
	if (last != NULL && view < VIEW_COUNT && last->run.last + 1 == condition.run.first) {
		last->run.last++;
		return;
	}
	array_add(set, list->list, list->count) = condition;
	memmove(list->list + at + 1, list->list + at, (list->count - 1 - at) * sizeof condition);
	list->list[at] = condition;
}

static void format_line_read(struct format_reader *reader, bool find, const char *value)
{
	struct format_set *set = reader->set;
	struct format *block = reader->block;
	const char *wrong = line_pattern_wrong(value);

	if (wrong != NULL) {
		format_complain(reader, talloc_strndup(set, wrong, strcspn(wrong, "}") + 1),
		        "no such capture: expected {address}, {diagnostic}, {status}, {remote} …");
		return;
	}
	array_add(set, block->lines, block->line_count) = (struct line){value, find};
}

static void format_words_read(struct format_reader *reader, enum words_for use, const char *value)
{
	struct phrase_list *words = &reader->block->words[use];
	uint32_t number = phrases_add(reader->set->phrases, value);

	if (words->count > 0 && words->list[words->count - 1].last + 1 == number)
		words->list[words->count - 1].last = number;
	else
		array_add(reader->set, words->list, words->count) =
		        (struct phrase_run){number, number};
}

/* The type of a key's value. Enum view (VIEW_COUNT: any header field) or enum words_for says what
 * it is for. */
enum key_type { CONDITION, WORDS, LINE, FIND, KIND, REST, ANSWERS, RECIPIENT_HEADER };

static const struct key {
	const char *name;
	enum key_type type;
	int which;
} keys[] = {
        {"kind", KIND, 0},
        {"from", CONDITION, VIEW_FROM},
        {"subject", CONDITION, VIEW_SUBJECT},
        {"header", CONDITION, VIEW_COUNT},
        {"start", CONDITION, VIEW_START},
        {"body", CONDITION, VIEW_BODY},
        {"has", CONDITION, (int)CONDITION_HAS},
        {"answers", ANSWERS, 0},
        {"begin", WORDS, WORDS_BEGIN},
        {"end", WORDS, WORDS_END},
        {"delayed", WORDS, WORDS_DELAYED},
        {"about", WORDS, WORDS_ABOUT},
        {"other", WORDS, WORDS_OTHER},
        {"toward", WORDS, WORDS_TOWARD},
        {"away", WORDS, WORDS_AWAY},
        {"origin", WORDS, WORDS_ORIGIN},
        {"onward", WORDS, WORDS_ONWARD},
        {"reached", WORDS, WORDS_REACHED},
        {"unreached", WORDS, WORDS_UNREACHED},
        {"cause", WORDS, WORDS_CAUSE},
        {"field", WORDS, WORDS_FIELD},
        {"line", LINE, 0},
        {"find", FIND, 0},
        {"rest", REST, 0},
        {"recipient-header", RECIPIENT_HEADER, 0},
};

static void value_read(struct format_reader *reader, const struct key *key, const char *value)
{
	struct format *block = reader->block;
	const char *expected = NULL;

	switch (key->type) {
	case CONDITION: condition_read(reader, (unsigned)key->which, value); break;
	case WORDS: format_words_read(reader, (enum words_for)key->which, value); break;
	case LINE:
	case FIND: format_line_read(reader, key->type == FIND, value); break;
	case KIND:
		if (kind_by_name(value) == KIND_COUNT)
			expected = "no such kind: expected failed, delayed, delivered, complaint, "
			           "auto-reply, receipt or none";
		else
			block->kind = kind_by_name(value);
		break;
	case REST:
		block->rest_is_diagnostic = strcmp(value, "diagnostic") == 0;
		expected = block->rest_is_diagnostic ? NULL : "expected `rest diagnostic`";
		break;
	case ANSWERS:
		block->answers = strcmp(value, "too") == 0;
		expected = block->answers ? NULL : "expected `answers too`";
		break;
	case RECIPIENT_HEADER: list_add(reader->set, &block->recipient_fields, value);
	}
	if (expected != NULL)
		format_complain(reader, value, expected);
}

/* Returns the next of the values at *AT, which are separated by ` | `; NULL at the end. */
static char *value_next(char **at)
{
	char *value = *at, *bar = value != NULL ? strstr(value, " | ") : NULL;

	if (value == NULL)
		return NULL;
	*at = bar != NULL ? bar + 3 + strspn(bar + 3, " \t") : NULL;
	if (bar != NULL)
		*bar = '\0';
	return g_strchomp(value);
}

/* Returns whether VALUE is written as a class. */
static bool is_class_value(const char *value)
{
	size_t length = value[0] == '<' ? strspn(value + 1, "abcdefghijklmnopqrstuvwxyz-") : 0;

	return length > 0 && strcmp(value + 1 + length, ">") == 0;
}

/* Reads VALUES, a list, for KEY. If IS_WITHIN a class, there can't be other classes in it. */
static void values_read(
        struct format_reader *reader, const struct key *key, char *values, bool is_within)
{
	const struct format_set *set = reader->set;
	char *value;

	while ((value = value_next(&values)) != NULL) {
		bool is_found = false;

		if (is_within || !is_class_value(value)) {
			value_read(reader, key, value);
			continue;
		}
		for (size_t i = 0; i < reader->word_count; i++)
			if (strcmp(reader->words[i].name, value) == 0) {
				values_read(reader, key,
				        talloc_strdup(set, reader->words[i].values), true);
				is_found = true;
			}
		if (!is_found)
			format_complain(reader, value,
			        "no such class: expected `word NAME = ...` somewhere");
	}
}

static void key_read(struct format_reader *reader, const char *name, char *value)
{
	const struct key *key = keys, *end = keys + sizeof keys / sizeof *keys;

	reader->is_unless = strcmp(name, "unless") == 0;
	if (reader->is_unless)
		name = source_word_next(&value);
	while (key < end && strcmp(key->name, name) != 0)
		key++;
	if (reader->is_unless && (key == end || key->type != CONDITION)) {
		format_complain(reader, name,
		        "expected `unless` from, subject, header, has, start or body");
		return;
	}
	if (key == end) {
		format_complain(reader, name,
		        "no such key: expected format, sign, word, kind, from, subject, header, "
		        "start, body, has, unless, answers, begin, end, delayed, about, other, "
		        "toward, away, origin, onward, reached, unreached, cause, field, line, "
		        "find, rest or "
		        "recipient-header");
		return;
	}
	if (key->type == CONDITION && key->which == VIEW_COUNT) {
		char *colon = strchr(value, ':');

		if (colon == NULL) {
			format_complain(reader, value, "expected `header Name: pattern`");
			return;
		}
		*colon = '\0';
		reader->field = field_number(reader->set, value);
		value = colon + 1 + strspn(colon + 1, " \t");
	}
	if (*value == '\0') {
		format_complain(reader, name, NO_VALUE);
		return;
	}
	if (key->type == KIND || key->type == REST || key->type == ANSWERS)
		value_read(reader, key, value);
	else
		values_read(reader, key, value, false);
}

/* Returns whether the user has a block of the same name in the place of BLOCK, one of ours. */
static bool is_replaced(const struct format_reader *reader, const struct format *block)
{
	const struct format *own = reader->set->list;

	for (size_t i = 0; !reader->lines.source->user && i < reader->own_count; i++)
		if (own[i].is_sign == block->is_sign && strcmp(own[i].name, block->name) == 0)
			return true;
	return false;
}

/* Reads `format NAME` or `sign NAME WEIGHT`. */
static void block_begin(struct format_reader *reader, char *name, bool is_sign)
{
	struct format_set *set = reader->set;
	struct format block = {
	        .name = name, .phrases = set->phrases, .is_sign = is_sign, .kind = KIND_FAILED};

	if (!is_sign && strcmp(name, "general") == 0) {
		reader->block = &set->general;
		return;
	}
	reader->block = NULL;
	if (*name == '\0') {
		format_complain(reader, is_sign ? "sign" : "format", NO_VALUE);
		return;
	}
	if (is_sign) {
		char *weight = name + strcspn(name, " \t"), *end;
		long number = strtol(weight, &end, 10);

		block.weight = (int)number;
		if (end == weight || *end != '\0' || number < -SIGN_WEIGHT_MAX ||
		        number > SIGN_WEIGHT_MAX) {
			format_complain(reader, name,
			        "expected `sign NAME WEIGHT`, a whole number from -100 to 100");
			return;
		}
		*weight = '\0';
	}
	reader->block = is_replaced(reader, &block) ? &reader->replaced
	                                            : &array_add(set, set->list, set->count);
	*reader->block = block;
}

/* Reads `word NAME = VALUE | VALUE`. */
static void class_read(struct format_reader *reader, char *value)
{
	struct format_set *set = reader->set;
	size_t length = strcspn(value, " \t=");
	char *values = value + length + strspn(value + length, " \t");

	if (length == 0 || *values != '=') {
		format_complain(reader, value, "expected `word NAME = VALUE | VALUE`");
		return;
	}
	values += 1 + strspn(values + 1, " \t");
	array_add(set, reader->words, reader->word_count) =
	        (struct word){talloc_asprintf(set, "<%.*s>", (int)length, value), values};
}

/* Reads the classes of SOURCE if FOR_WORDS, else everything else. */
static void source_read(struct format_reader *reader, const struct source *source, bool for_words)
{
	char *value;

	reader->lines = source_lines_of(reader->set, source, for_words ? NULL : reader->problems);
	reader->block = NULL;
	while ((value = source_line_next(&reader->lines)) != NULL) {
		const char *name = source_word_next(&value);

		if ((strcmp(name, "word") == 0) != for_words)
			continue;
		if (for_words)
			class_read(reader, value);
		else if (strcmp(name, "format") == 0 || strcmp(name, "sign") == 0)
			block_begin(reader, value, name[0] == 's');
		else if (reader->block == NULL)
			format_complain(reader, name, "expected `format NAME` first");
		else if (*value == '\0')
			format_complain(reader, name, NO_VALUE);
		else
			key_read(reader, name, value);
	}
	if (source->user)
		reader->own_count = reader->set->count;
}

const struct format_set *formats_parse(
        const void *ctx, const struct sources *sources, struct problems *problems)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct format_set *set = talloc_zero(pool, struct format_set);
	struct format_reader reader = {.set = set, .problems = problems};

	set->phrases = phrases_new(set);
	set->general =
	        (struct format){.name = "general", .phrases = set->phrases, .kind = KIND_FAILED};
	for (size_t i = 0; i < sources->count; i++)
		source_read(&reader, &sources->list[i], true);
	for (size_t i = 0; i < sources->count; i++)
		source_read(&reader, &sources->list[i], false);
	return set;
}
