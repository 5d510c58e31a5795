#include "knowledge/formats.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "text/text.h"

/* About the memory that the embedded formats take; more comes from malloc. */
#define FORMATS_SIZE (256u << 10)

/* The sum that signs must reach: two independent ones do. A mail is worth parsing if its header has
 * about half of it. */
#define SIGNS_ENOUGH 6
#define SIGNS_STRONG 7 /* if the mail has an automatic reply's format */
#define SIGNS_POSSIBLE 2

#define SIGN_WEIGHT_MAX 100

/* Mark the ends of a value in the phrases that globs for whole values become: private characters,
 * which folding keeps. */
#define VALUE_BEGINS "\xee\x80\x80"
#define VALUE_ENDS "\xee\x80\x81"

/* A class: the values that `<name>` stands for. */
struct word {
	const char *name; /* with its < and > */
	const char *values;
};

struct formats {
	struct format *list; /* formats and signs */
	size_t count;
	struct format general;
	struct word *words;
	size_t word_count;
	struct phrases *phrases; /* NULL: not read yet */
	char **fields;           /* names of header fields that conditions ask for */
	size_t field_count;
	struct problems *problems;
	const struct sources *sources; /* NULL: not gathered yet */
};

/* A file that is being read. */
struct reader {
	struct formats *formats;
	struct source_lines lines;
	struct format *block; /* NULL: none yet */

	/* The condition that is read. */
	bool is_unless;
	size_t field;
};

/* Notes that the line is wrong because of WORD. */
static void fail(struct reader *reader, const char *word, const char *expected)
{
	problems_add(reader->formats->problems, reader->lines.source->name, reader->lines.number,
	        "\"%s\": %s", word, expected);
}

/* Returns the number of GLOB, for a whole value, as a phrase in that value between two marks. A
 * blank before or after a `*` is a word edge. */
static int glob_phrase(struct formats *formats, const char *glob)
{
	size_t length = strlen(glob);
	bool open_start = length > 0 && glob[0] == '*',
	     open_end = length > 1 && glob[length - 1] == '*';
	const char *text = glob + open_start;

	length -= (size_t)open_start + open_end;
	if (length == 0)
		return phrases_add(formats->phrases, "*");
	const char *begin = !open_start ? VALUE_BEGINS : text[0] == ' ' ? "%" : "";
	const char *end = !open_end ? VALUE_ENDS : text[length - 1] == ' ' ? "%" : "";
	char *phrase = talloc_asprintf(formats, "%s%.*s%s", begin, (int)length, text, end);
	int number = phrases_add(formats->phrases, phrase);

	talloc_free(phrase);
	return number;
}

/* Returns the bit of the feature NAME; 0 if there is none. */
static int feature_by_name(const char *name)
{
	static const char *const names[] = {
	        "returned-mail", "recipient", "reply-code", "link", "address", "own-address"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return 1 << i;
	return 0;
}

/* Returns the number of the header field NAME among those in conditions. */
static size_t field_number(struct formats *formats, const char *name)
{
	for (size_t i = 0; i < formats->field_count; i++)
		if (strcasecmp(formats->fields[i], name) == 0)
			return i;
	list_add(formats, &formats->fields, name);
	return formats->field_count++;
}

/* Adds a condition on VIEW next to its alternatives. */
static void read_condition(struct reader *reader, unsigned view, const char *value)
{
	struct formats *formats = reader->formats;
	struct format *block = reader->block;
	struct condition_list *list = reader->is_unless ? &block->exceptions : &block->conditions;
	struct condition condition = {.view = view};
	bool is_text = view == VIEW_START || view == VIEW_BODY, is_has = view == CONDITION_HAS;

	if (is_has)
		condition.phrase = feature_by_name(value);
	else if (view >= VIEW_COUNT)
		condition.glob = text_fold(formats, value, strlen(value));
	else
		condition.phrase = is_text ? phrases_add(formats->phrases, value)
		                           : glob_phrase(formats, value);
	if (is_has && condition.phrase == 0) {
		fail(reader, value,
		        "expected `has` returned-mail, recipient, reply-code, link, address or "
		        "own-address");
		return;
	}
	array_add(formats, list->list, list->count) = condition;
	size_t at = list->count - 1;

	for (; at > 0 && list->list[at - 1].view > view; at--)
		list->list[at] = list->list[at - 1];
	list->list[at] = condition;
	block->asks_header |= !reader->is_unless && !is_text && !is_has;
}

static void read_line(struct reader *reader, bool find, const char *value)
{
	struct formats *formats = reader->formats;
	struct format *block = reader->block;
	const char *wrong = line_pattern_wrong(value);

	if (wrong != NULL) {
		fail(reader, talloc_strndup(formats, wrong, strcspn(wrong, "}") + 1),
		        "no such capture: expected {address}, {diagnostic}, {status}, {remote} …");
		return;
	}
	array_add(formats, block->lines, block->line_count) = (struct line){value, find};
}

static void read_words(struct reader *reader, enum words_for use, const char *value)
{
	struct phrase_list *words = &reader->block->words[use];

	array_add(reader->formats, words->list, words->count) =
	        phrases_add(reader->formats->phrases, value);
}

/* The type of a key's value. Enum view or enum words_for says what it is for. */
enum key_type { CONDITION, HEADER, HAS, WORDS, LINE, FIND, KIND, REST, ANSWERS, RECIPIENT_HEADER };

static const struct key {
	const char *name;
	enum key_type type;
	int which;
} keys[] = {
        {"kind", KIND, 0},
        {"from", CONDITION, VIEW_FROM},
        {"subject", CONDITION, VIEW_SUBJECT},
        {"header", HEADER, 0},
        {"start", CONDITION, VIEW_START},
        {"body", CONDITION, VIEW_BODY},
        {"has", HAS, 0},
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

static void value_read(struct reader *reader, const struct key *key, const char *value)
{
	struct format *block = reader->block;
	const char *expected = NULL;

	switch (key->type) {
	case CONDITION: read_condition(reader, (unsigned)key->which, value); break;
	case HEADER: read_condition(reader, VIEW_COUNT + (unsigned)reader->field, value); break;
	case HAS: read_condition(reader, CONDITION_HAS, value); break;
	case WORDS: read_words(reader, (enum words_for)key->which, value); break;
	case LINE:
	case FIND: read_line(reader, key->type == FIND, value); break;
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
	case RECIPIENT_HEADER: list_add(reader->formats, &block->recipient_fields, value);
	}
	if (expected != NULL)
		fail(reader, value, expected);
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
static bool is_class(const char *value)
{
	size_t length = value[0] == '<' ? strspn(value + 1, "abcdefghijklmnopqrstuvwxyz-") : 0;

	return length > 0 && strcmp(value + 1 + length, ">") == 0;
}

/* Reads VALUES, a list, for KEY. If IS_WITHIN a class, there can't be other classes in it. */
static void values_read(struct reader *reader, const struct key *key, char *values, bool is_within)
{
	const struct formats *formats = reader->formats;
	char *value;

	while ((value = value_next(&values)) != NULL) {
		bool is_found = false;

		if (is_within || !is_class(value)) {
			value_read(reader, key, value);
			continue;
		}
		for (size_t i = 0; i < formats->word_count; i++)
			if (strcmp(formats->words[i].name, value) == 0) {
				values_read(reader, key,
				        talloc_strdup(formats, formats->words[i].values), true);
				is_found = true;
			}
		if (!is_found)
			fail(reader, value, "no such class: expected `word NAME = ...` somewhere");
	}
}

static void key_read(struct reader *reader, const char *name, char *value)
{
	const struct key *key = keys, *end = keys + sizeof keys / sizeof *keys;

	reader->is_unless = strcmp(name, "unless") == 0;
	if (reader->is_unless)
		name = source_word_next(&value);
	while (key < end && strcmp(key->name, name) != 0)
		key++;
	if (reader->is_unless && (key == end || key->type > HAS)) {
		fail(reader, name, "expected `unless` from, subject, header, has, start or body");
		return;
	}
	if (key == end) {
		fail(reader, name,
		        "no such key: expected format, sign, word, kind, from, subject, header, "
		        "start, body, has, unless, answers, begin, end, delayed, about, other, "
		        "toward, away, origin, onward, reached, unreached, cause, field, line, "
		        "find, rest or "
		        "recipient-header");
		return;
	}
	if (key->type == HEADER) {
		char *colon = strchr(value, ':');

		if (colon == NULL) {
			fail(reader, value, "expected `header Name: pattern`");
			return;
		}
		*colon = '\0';
		reader->field = field_number(reader->formats, value);
		value = colon + 1 + strspn(colon + 1, " \t");
	}
	if (key->type == KIND || key->type == REST || key->type == ANSWERS)
		value_read(reader, key, value);
	else
		values_read(reader, key, value, false);
}

/* Reads `format NAME` or `sign NAME WEIGHT`. */
static void block_begin(struct reader *reader, char *name, bool is_sign)
{
	struct formats *formats = reader->formats;
	struct format block = {
	        .name = name, .phrases = formats->phrases, .is_sign = is_sign, .kind = KIND_FAILED};

	if (!is_sign && strcmp(name, "general") == 0) {
		reader->block = &formats->general;
		return;
	}
	reader->block = NULL;
	if (is_sign) {
		char *weight = name + strcspn(name, " \t"), *end;

		block.weight = (int)strtol(weight, &end, 10);
		if (end == weight || *end != '\0' || abs(block.weight) > SIGN_WEIGHT_MAX) {
			fail(reader, name,
			        "expected `sign NAME WEIGHT`, a whole number from -100 to 100");
			return;
		}
		*weight = '\0';
	}
	reader->block = &array_add(formats, formats->list, formats->count);
	*reader->block = block;
}

/* Reads `word NAME = VALUE | VALUE`. */
static void word_read(struct reader *reader, char *value)
{
	struct formats *formats = reader->formats;
	size_t length = strcspn(value, " \t=");
	char *values = value + length + strspn(value + length, " \t");

	if (length == 0 || *values != '=') {
		fail(reader, value, "expected `word NAME = VALUE | VALUE`");
		return;
	}
	values += 1 + strspn(values + 1, " \t");
	array_add(formats, formats->words, formats->word_count) =
	        (struct word){talloc_asprintf(formats, "<%.*s>", (int)length, value), values};
}

/* Reads the classes of SOURCE if FOR_WORDS, else everything else. */
static void source_read(struct formats *formats, const struct source *source, bool for_words)
{
	struct reader reader = {.formats = formats,
	        .lines = source_lines_of(formats, source, for_words ? NULL : formats->problems)};
	char *value;

	while ((value = source_line_next(&reader.lines)) != NULL) {
		const char *name = source_word_next(&value);

		if ((strcmp(name, "word") == 0) != for_words)
			continue;
		if (for_words)
			word_read(&reader, value);
		else if (strcmp(name, "format") == 0 || strcmp(name, "sign") == 0)
			block_begin(&reader, value, name[0] == 's');
		else if (reader.block == NULL)
			fail(&reader, name, "expected `format NAME` first");
		else if (*value == '\0')
			fail(&reader, name, "a key without a value");
		else
			key_read(&reader, name, value);
	}
}

struct formats *formats_new(const void *ctx, struct problems *problems)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct formats *formats = talloc_zero(pool, struct formats);

	formats->problems = problems;
	return formats;
}

void formats_gather(struct formats *formats)
{
	if (formats->sources == NULL)
		formats->sources = source_list(formats, "formats", formats->problems);
}

static void formats_need(struct formats *formats)
{
	formats_gather(formats);
	if (formats->phrases != NULL)
		return;
	formats->phrases = phrases_new(formats);
	formats->general = (struct format){
	        .name = "general", .phrases = formats->phrases, .kind = KIND_FAILED};
	for (size_t i = 0; i < formats->sources->count; i++)
		source_read(formats, &formats->sources->list[i], true);
	for (size_t i = 0; i < formats->sources->count; i++)
		source_read(formats, &formats->sources->list[i], false);
}

struct formats *formats_read(
        const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct formats *formats = formats_new(ctx, problems);

	formats->sources = sources;
	formats_need(formats);
	return formats;
}

const struct format *formats_general(struct formats *formats)
{
	formats_need(formats);
	return &formats->general;
}

/* What a view has, once a condition has asked for it. All NULL: nothing. */
struct asked {
	bool is_asked;
	const char *value; /* of a header field, folded */
	struct phrase_hits *hits;
};

struct search {
	const void *ctx;
	const struct formats *formats;
	const struct letter *letter;
	bool header_only;
	struct asked *asked; /* by view */
	unsigned features;
	bool has_features;
};

/* Finds out what VIEW has, which was not asked for yet. */
static void search_ask(struct search *search, unsigned view)
{
	const struct letter *letter = search->letter;
	struct asked *asked = &search->asked[view];

	asked->is_asked = true;
	const char *text = view < VIEW_COUNT ? letter->view[view]
	                                     : letter->header(letter->argument,
	                                               search->formats->fields[view - VIEW_COUNT]);

	if (text != NULL && view != VIEW_START && view != VIEW_BODY)
		text = text_fold(search->ctx, text, strnlen(text, VALUE_MAX));
	if (text != NULL && view < VIEW_START)
		text = talloc_asprintf(search->ctx, VALUE_BEGINS "%s" VALUE_ENDS, text);
	if (view >= VIEW_COUNT)
		asked->value = text;
	else if (text != NULL)
		asked->hits =
		        phrases_search(search->ctx, search->formats->phrases, text, strlen(text));
}

static struct search search_begin(
        const void *ctx, struct formats *formats, const struct letter *letter, bool header_only)
{
	struct search search = {
	        .ctx = ctx, .formats = formats, .letter = letter, .header_only = header_only};

	formats_need(formats);
	search.asked =
	        talloc_zero_size(ctx, (VIEW_COUNT + formats->field_count) * sizeof *search.asked);
	search_ask(&search, VIEW_BODY); /* callers need this too */
	return search;
}

/* Returns whether CONDITION or one of those after it, before END, holds; all are on the same view.
 */
static bool any_holds(
        struct search *search, const struct condition *condition, const struct condition *end)
{
	const struct letter *letter = search->letter;
	unsigned view = condition->view;
	bool is_has = view == CONDITION_HAS;
	const struct asked *asked = is_has ? NULL : &search->asked[view];

	if (is_has && !search->has_features && letter->features != NULL)
		search->features =
		        letter->features(letter->argument, search->asked[VIEW_BODY].hits);
	search->has_features |= is_has;
	if (!is_has && !asked->is_asked)
		search_ask(search, view);
	if (!is_has && asked->hits == NULL && asked->value == NULL)
		return false;
	for (; condition < end && condition->view == view; condition++)
		if (is_has ? (search->features & (unsigned)condition->phrase) != 0
		        : asked->hits != NULL ? phrase_hits_has(asked->hits, condition->phrase)
		                              : text_glob(condition->glob, asked->value))
			return true;
	return false;
}

/* Returns whether a condition of BLOCK on VIEW can't be decided by the header alone. */
static bool is_open(const struct format *block, unsigned view)
{
	bool is_has = view == CONDITION_HAS;

	if (block->is_sign)
		return is_has && block->weight > 0 && block->asks_header;
	return is_has || view == VIEW_BODY || (view == VIEW_START && block->asks_header);
}

/* Returns whether BLOCK's conditions hold, or may hold as far as the header tells. */
static bool block_fits(struct search *search, const struct format *block)
{
	const struct condition_list *conditions = &block->conditions,
	                            *exceptions = &block->exceptions;
	const struct condition *at = conditions->list;

	if (conditions->count == 0)
		return false;
	for (const struct condition *end = at + conditions->count; at < end;) {
		unsigned view = at->view;

		if (!(search->header_only && is_open(block, view)) && !any_holds(search, at, end))
			return false;
		while (at < end && at->view == view)
			at++;
	}
	for (size_t i = 0; i < exceptions->count; i++) {
		const struct condition *exception = &exceptions->list[i];
		bool is_text = exception->view == VIEW_START || exception->view == VIEW_BODY ||
		               exception->view == CONDITION_HAS;

		if (!(search->header_only && is_text) &&
		        any_holds(search, exception, exception + 1))
			return false;
	}
	return true;
}

/* Returns whether HELD has another sign of SIGN's group (`group/name`) that is heavier, or as heavy
 * and earlier. */
static bool is_outweighed(
        const struct formats *formats, const struct format *sign, const bool *held)
{
	const char *slash = strchr(sign->name, '/');

	for (size_t i = 0; slash != NULL && i < formats->count; i++) {
		const struct format *other = &formats->list[i];

		if (held[i] && other != sign &&
		        strncmp(other->name, sign->name, (size_t)(slash + 1 - sign->name)) == 0 &&
		        (abs(other->weight) > abs(sign->weight) ||
		                (other->weight == sign->weight && other < sign)))
			return true;
	}
	return false;
}

/* Returns the sum of the signs' weights. */
static int search_signs(struct search *search)
{
	const struct formats *formats = search->formats;
	bool *held = talloc_zero_array(search->ctx, bool, (unsigned)formats->count + 1);
	int sum = 0;

	for (size_t i = 0; i < formats->count; i++)
		held[i] = formats->list[i].is_sign && block_fits(search, &formats->list[i]);
	for (size_t i = 0; i < formats->count; i++)
		if (held[i] && !is_outweighed(formats, &formats->list[i], held))
			sum += formats->list[i].weight;
	return sum;
}

/* Returns the first format that fits; NULL if none does. A mail that may be a person's answer, by
 * the sign `answer`, is not a bounce. */
static const struct format *search_format(struct search *search)
{
	const struct formats *formats = search->formats;
	const struct format *format, *end = formats->list;
	bool is_answer = false;

	if (formats->count > 0) /* else there is no list */
		end += formats->count;
	for (format = formats->list; format < end && !is_answer; format++)
		is_answer = format->is_sign && strcmp(format->name, "answer") == 0 &&
		            block_fits(search, format);
	for (format = formats->list; format < end; format++)
		if (!format->is_sign &&
		        !(is_answer && kind_is_bounce(format->kind) && !format->answers) &&
		        block_fits(search, format))
			return format;
	return NULL;
}

struct detection formats_detect(
        const void *ctx, struct formats *formats, const struct letter *letter)
{
	struct search search = search_begin(ctx, formats, letter, false);
	struct detection detection = {.hits = search.asked[VIEW_BODY].hits};

	detection.format = search_format(&search);

	if (detection.format != NULL && detection.format->kind != KIND_AUTO_REPLY)
		return detection;
	detection.signs = search_signs(&search);
	if (detection.signs >= (detection.format != NULL ? SIGNS_STRONG : SIGNS_ENOUGH))
		detection.format = &formats->general;
	return detection;
}

bool formats_may_detect(struct formats *formats, const struct letter *letter)
{
	void *ctx = talloc_new(formats);
	struct search search = search_begin(ctx, formats, letter, true);
	bool may = search_signs(&search) >= SIGNS_POSSIBLE || search_format(&search) != NULL;

	talloc_free(ctx);
	return may;
}

bool format_words_in(const struct format *format, enum words_for use,
        const struct phrase_hits *hits, const char *folded)
{
	const struct phrase_list *words = &format->words[use];
	size_t length = strlen(folded);

	for (size_t i = 0; hits != NULL && i < words->count; i++)
		if (phrase_hits_has(hits, words->list[i]) &&
		        phrase_is_in(format->phrases, words->list[i], folded, length))
			return true;
	return false;
}
