#include "knowledge/formats.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "text/text.h"

/* About what the embedded formats take; more is had from malloc. */
#define FORMATS_SIZE (256u << 10)

/* Groups are bits of a mask. */
#define GROUPS_MAX 32

/* What signs must add up to: two that are independent of each other do. A mail is worth parsing if its header has about half of it. */
#define SIGNS_ENOUGH 6
#define SIGNS_STRONG 7 /* against an answering machine's format */
#define SIGNS_POSSIBLE 2

/* The ends of a value, in the phrases that globs for whole values become: private characters, which folding keeps. */
#define VALUE_BEGINS "\xee\x80\x80"
#define VALUE_ENDS "\xee\x80\x81"

/* A class: what `<name>` stands for in a list of values. */
struct word {
	const char *name, *values;
	size_t length; /* of the name */
};

/* A phrase that is a condition of a block. */
struct use {
	uint16_t block;
	uint16_t group;
	uint32_t next; /* use of the same phrase, as index + 1 */
};

struct formats {
	struct format *list; /* formats and signs */
	size_t count;
	uint16_t *signs; /* numbers of those in LIST */
	size_t sign_count;
	struct format general;
	struct word *words;
	size_t word_count;
	struct phrases *phrases;
	uint32_t *first_use; /* by phrase, as index + 1; 0: none */
	size_t phrase_count;
	struct use *uses;
	struct problems *problems;
	struct sources *sources; /* NULL: not read yet */
	bool is_loaded;
};

/* A file that is being read. */
struct reader {
	struct formats *formats;
	struct source_lines lines;
	struct format *block; /* NULL: none yet */
	bool is_full;
	bool is_within; /* a class is being read */
};

/* Note that the line is wrong because of LENGTH bytes of WORD; always false. */
static bool reader_fail(struct reader *reader, const char *word, size_t length, const char *expected)
{
	problems_add(reader->formats->problems, reader->lines.source->name, reader->lines.number, "\"%.*s\": %s", (int)length,
	        word, expected);
	return false;
}

/* The group of CONDITION: its view, or a group for each header field that has conditions. */
static unsigned condition_group(const struct format *block, const struct condition *condition)
{
	unsigned highest = VIEW_HEADER;
	size_t i;

	if (condition->view != VIEW_HEADER)
		return condition->view;
	for (i = 0; i < block->condition_count; i++) {
		const struct condition *other = &block->conditions[i];

		if (other->view != VIEW_HEADER || other->unless)
			continue;
		if (strcasecmp(other->field, condition->field) == 0)
			return other->group;
		highest = other->group + 1 > highest ? other->group + 1 : highest;
	}
	return highest;
}

static bool condition_add(struct reader *reader, struct condition condition)
{
	struct format *block = reader->block;

	condition.group = condition_group(block, &condition);
	if (condition.group >= GROUPS_MAX)
		return reader_fail(reader, condition.field, strlen(condition.field), "too many header fields: expected at most 27");
	if (!condition.unless)
		block->wanted |= 1u << condition.group;
	block->conditions = array_grow(reader->formats, block->conditions, struct condition, block->condition_count);
	block->conditions[block->condition_count++] = condition;
	return true;
}

/* A glob for a whole value as a phrase in that value between two marks. A blank before or behind a `*` is a word edge. */
static int glob_phrase(struct formats *formats, const char *glob)
{
	size_t length = strlen(glob);
	bool open_start = length > 0 && glob[0] == '*', open_end = length > 1 && glob[length - 1] == '*';
	const char *text = glob + open_start, *begin = open_start ? "" : VALUE_BEGINS, *end = open_end ? "" : VALUE_ENDS;
	char *phrase;
	int number;

	length -= (size_t)open_start + open_end;
	if (length == 0)
		return phrases_add(formats->phrases, "*");
	if (open_start && text[0] == ' ')
		begin = "%";
	if (open_end && text[length - 1] == ' ')
		end = "%";
	phrase = talloc_asprintf(formats, "%s%.*s%s", begin, (int)length, text, end);
	number = phrases_add(formats->phrases, phrase);
	talloc_free(phrase);
	return number;
}

static bool read_feature(struct reader *reader, const char *value, int *feature)
{
	static const char *const names[] = {"returned-mail", "recipient", "reply-code", "link", "address", "own-address"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(value, names[i]) == 0) {
			*feature = 1 << i;
			return true;
		}
	return reader_fail(
	        reader, value, strlen(value), "expected `has` returned-mail, recipient, reply-code, link, address or own-address");
}

static bool read_condition(struct reader *reader, int view, char *value, bool unless)
{
	struct condition condition = {.view = (enum view)view, .unless = unless};
	char *colon;

	if (view == VIEW_HAS)
		return read_feature(reader, value, &condition.phrase) && condition_add(reader, condition);
	if (view == VIEW_FROM || view == VIEW_SUBJECT)
		condition.phrase = glob_phrase(reader->formats, value);
	else if (view != VIEW_HEADER)
		condition.phrase = phrases_add(reader->formats->phrases, value);
	else {
		colon = strchr(value, ':');
		if (colon == NULL)
			return reader_fail(reader, value, strlen(value), "expected `header Name: pattern`");
		condition.field = talloc_strndup(reader->formats, value, (size_t)(colon - value));
		condition.glob = text_fold(reader->formats, colon + 1, strlen(colon + 1));
	}
	return condition_add(reader, condition);
}

static const char *const view_names[VIEW_COUNT] = {"from", "subject", "start", "body", "has", "header"};

static bool read_unless(struct reader *reader, int unused, char *value)
{
	size_t length = strcspn(value, " \t");
	int view;

	(void)unused;
	for (view = 0; view < VIEW_COUNT; view++)
		if (strlen(view_names[view]) == length && strncmp(view_names[view], value, length) == 0)
			return read_condition(reader, view, value + length + strspn(value + length, " \t"), true);
	return reader_fail(reader, value, length, "expected `unless` from, subject, header, has, start or body");
}

static bool read_if(struct reader *reader, int view, char *value)
{
	return read_condition(reader, view, value, false);
}

static bool read_kind(struct reader *reader, int unused, char *value)
{
	enum kind kind = kind_by_name(value);

	(void)unused;
	if (kind == KIND_COUNT)
		return reader_fail(reader, value, strlen(value),
		        "no such kind: expected failed, delayed, delivered, complaint, auto-reply, receipt or none");
	reader->block->kind = kind;
	return true;
}

static bool read_line(struct reader *reader, int find, char *value)
{
	struct format *block = reader->block;
	const char *wrong;
	struct line line = {pattern_parse(reader->formats, value, &wrong), find != 0};

	if (line.pattern == NULL)
		return reader_fail(reader, wrong, strcspn(wrong, "}") + 1,
		        "no such capture: expected {address}, {diagnostic}, {status}, {remote} …");
	block->lines = array_grow(reader->formats, block->lines, struct line, block->line_count);
	block->lines[block->line_count++] = line;
	return true;
}

/* LIST, which ends with NULL, with VALUE at its end. */
static char **pointers_add(const void *ctx, char **list, char *value)
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	list = talloc_realloc(ctx, list, char *, (unsigned)count + 2);
	list[count] = value;
	list[count + 1] = NULL;
	return list;
}

static bool read_words(struct reader *reader, int use, char *value)
{
	struct phrase_list *words = &reader->block->words[use];

	words->list = array_grow(reader->formats, words->list, int, words->count);
	words->list[words->count++] = phrases_add(reader->formats->phrases, value);
	return true;
}

static bool read_recipient_header(struct reader *reader, int unused, char *value)
{
	(void)unused;
	reader->block->recipient_fields = pointers_add(reader->formats, reader->block->recipient_fields, value);
	return true;
}

static bool read_rest(struct reader *reader, int unused, char *value)
{
	(void)unused;
	reader->block->rest_is_diagnostic = strcmp(value, "diagnostic") == 0;
	return reader->block->rest_is_diagnostic || reader_fail(reader, value, strlen(value), "expected `rest diagnostic`");
}

static bool read_answers(struct reader *reader, int unused, char *value)
{
	(void)unused;
	reader->block->answers = strcmp(value, "too") == 0;
	return reader->block->answers || reader_fail(reader, value, strlen(value), "expected `answers too`");
}

static const struct {
	const char *name;
	bool (*read)(struct reader *reader, int argument, char *value);
	int argument;
	bool is_list; /* of values between ` | ` */
} keys[] = {
        {"kind", read_kind, 0, false},
        {"from", read_if, VIEW_FROM, true},
        {"subject", read_if, VIEW_SUBJECT, true},
        {"header", read_if, VIEW_HEADER, true},
        {"start", read_if, VIEW_START, true},
        {"body", read_if, VIEW_BODY, true},
        {"has", read_if, VIEW_HAS, true},
        {"unless", read_unless, 0, true},
        {"answers", read_answers, 0, false},
        {"begin", read_words, WORDS_BEGIN, true},
        {"end", read_words, WORDS_END, true},
        {"delayed", read_words, WORDS_DELAYED, true},
        {"about", read_words, WORDS_ABOUT, true},
        {"other", read_words, WORDS_OTHER, true},
        {"origin", read_words, WORDS_ORIGIN, true},
        {"cause", read_words, WORDS_CAUSE, true},
        {"line", read_line, false, true},
        {"find", read_line, true, true},
        {"rest", read_rest, 0, false},
        {"recipient-header", read_recipient_header, 0, true},
};

/* Whether WORD is a line of the class that VALUE, `<name>`, names. */
static bool is_word_of(const struct word *word, const char *value)
{
	return strncmp(word->name, value + 1, word->length) == 0 && strcmp(value + 1 + word->length, ">") == 0;
}

/* Whether VALUE is written as a class is. */
static bool is_class(const char *value)
{
	size_t length = strspn(value + 1, "abcdefghijklmnopqrstuvwxyz-");

	return value[0] == '<' && length > 0 && strcmp(value + 1 + length, ">") == 0;
}

/* The next of the values at *AT, which are between ` | `; NULL at the end. */
static char *value_next(char **at)
{
	char *value = *at, *bar = value != NULL ? strstr(value, " | ") : NULL, *end;

	if (value == NULL)
		return NULL;
	*at = bar != NULL ? bar + 3 + strspn(bar + 3, " \t") : NULL;
	for (end = bar != NULL ? bar : value + strlen(value); end > value && (end[-1] == ' ' || end[-1] == '\t'); end--)
		continue;
	*end = '\0';
	return value;
}

/* Read one VALUE of a list with key NUMBER; PREFIX stands before each: the view of `unless`, or a field's name. */
static void value_read(struct reader *reader, size_t number, char *value, const char *prefix)
{
	if (prefix[0] != '\0')
		value = talloc_asprintf(reader->formats, "%s %s", prefix, value);
	keys[number].read(reader, keys[number].argument, value);
}

static void values_read(struct reader *reader, size_t number, char *values, const char *prefix);

/* Read what the class VALUE stands for. False if there is no such class. */
static bool class_read(struct reader *reader, size_t number, const char *value, const char *prefix)
{
	const struct formats *formats = reader->formats;
	bool found = false;
	size_t i;

	for (i = 0; i < formats->word_count; i++)
		if (is_word_of(&formats->words[i], value)) {
			values_read(reader, number, talloc_strdup(formats, formats->words[i].values), prefix);
			found = true;
		}
	return found;
}

/* Read VALUES, a list, with key NUMBER. */
static void values_read(struct reader *reader, size_t number, char *values, const char *prefix)
{
	char *value;

	while ((value = value_next(&values)) != NULL)
		if (!is_class(value) || reader->is_within)
			value_read(reader, number, value, prefix);
		else {
			reader->is_within = true; /* classes hold no others */
			if (!class_read(reader, number, value, prefix))
				reader_fail(reader, value, strlen(value), "no such class: expected `word NAME = ...` somewhere");
			reader->is_within = false;
		}
}

/* How many bytes of VALUE go for all values of the list behind them: `subject` of an `unless`, `Name:` of a header field. */
static size_t prefix_length(size_t number, const char *value)
{
	size_t length = 0;

	if (keys[number].read == read_unless)
		length = strcspn(value, " \t");
	if ((keys[number].read == read_unless && length == 6 && strncmp(value, "header", 6) == 0) ||
	        (keys[number].read == read_if && keys[number].argument == VIEW_HEADER))
		length += strcspn(value + length, ":") + 1;
	return length <= strlen(value) ? length : 0;
}

static bool reader_key(struct reader *reader, const char *key, size_t length, char *value)
{
	size_t i, prefix;

	if (!reader->lines.is_utf8 && !(text_is_utf8(key, length) && text_is_utf8(value, strlen(value))))
		return reader_fail(reader, key, 0, "is not UTF-8: expected text in that charset");
	if (reader->block == NULL)
		return reader_fail(reader, key, length, "expected `format NAME` first");
	if (*value == '\0')
		return reader_fail(reader, key, length, "a key without a value");
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(keys[i].name) == length && strncmp(keys[i].name, key, length) == 0) {
			if (!keys[i].is_list)
				return keys[i].read(reader, keys[i].argument, value);
			prefix = prefix_length(i, value);
			values_read(reader, i, value + prefix + strspn(value + prefix, " \t"),
			        talloc_strndup(reader->formats, value, prefix));
			return true;
		}
	return reader_fail(reader, key, length,
	        "no such key: expected format, sign, word, kind, from, subject, header, start, body, has, unless, answers, begin, "
	        "end, delayed, about, other, origin, cause, line, find, rest or recipient-header");
}

static bool block_begin(struct reader *reader, char *name, bool is_sign)
{
	struct formats *formats = reader->formats;
	struct format block = {.name = name, .phrases = formats->phrases, .kind = KIND_FAILED};
	char *weight = is_sign ? strpbrk(name, " \t") : NULL, *end = NULL;

	if (!is_sign && strcmp(name, "general") == 0) {
		reader->block = &formats->general;
		return true;
	}
	reader->block = NULL;
	if (formats->count == UINT16_MAX) {
		reader->is_full = true;
		return false;
	}
	block.is_sign = is_sign;
	block.weight = weight != NULL ? (int)strtol(weight, &end, 10) : 0;
	if (is_sign && (end == NULL || end == weight || *end != '\0' || abs(block.weight) > 100))
		return reader_fail(reader, name, strlen(name), "expected `sign NAME WEIGHT`, a whole number from -100 to 100");
	if (weight != NULL)
		*weight = '\0';
	formats->list = array_grow(formats, formats->list, struct format, formats->count);
	if (is_sign) {
		formats->signs = array_grow(formats, formats->signs, uint16_t, formats->sign_count);
		formats->signs[formats->sign_count++] = (uint16_t)formats->count;
	}
	formats->list[formats->count] = block;
	reader->block = &formats->list[formats->count++];
	return true;
}

/* `word NAME = VALUE | VALUE`. */
static bool word_read(struct reader *reader, char *value)
{
	struct formats *formats = reader->formats;
	size_t length = strcspn(value, " \t=");
	char *values = value + length + strspn(value + length, " \t");

	if (length == 0 || *values != '=')
		return reader_fail(reader, value, strlen(value), "expected `word NAME = VALUE | VALUE`");
	values += 1 + strspn(values + 1, " \t");
	formats->words = array_grow(formats, formats->words, struct word, formats->word_count);
	formats->words[formats->word_count++] = (struct word){value, values, length};
	return true;
}

/* Read the classes of SOURCE; those of all files are known before the first block is read. */
static void source_read_words(struct formats *formats, const struct source *source)
{
	struct reader reader = {.formats = formats};
	char *line;

	if (strstr(source->text, "word ") == NULL)
		return;
	reader.lines = source_lines_of(formats, source);
	while ((line = source_line_next(&reader.lines)) != NULL)
		if (strncmp(line, "word", 4) == 0 && (line[4] == ' ' || line[4] == '\t'))
			word_read(&reader, line + 4 + strspn(line + 4, " \t"));
}

static void source_read(struct formats *formats, const struct source *source)
{
	struct reader reader = {.formats = formats, .lines = source_lines_of(formats, source)};
	char *line;

	while (!reader.is_full && (line = source_line_next(&reader.lines)) != NULL) {
		size_t length = strcspn(line, " \t");
		char *value = line + length + strspn(line + length, " \t");

		if (length == 6 && strncmp(line, "format", 6) == 0)
			block_begin(&reader, value, false);
		else if (length == 4 && strncmp(line, "sign", 4) == 0)
			block_begin(&reader, value, true);
		else if (length == 4 && strncmp(line, "word", 4) == 0)
			continue; /* known already */
		else
			reader_key(&reader, line, length, value);
	}
	if (reader.is_full)
		problems_add(formats->problems, source->name, reader.lines.number,
		        "too many formats: this one, and all behind it, are left out");
}

static bool is_indexed(const struct condition *condition)
{
	return condition->view < VIEW_HAS && !condition->unless;
}

/* Note for each phrase which conditions it fulfils, so that a search costs what it finds and not what there is. */
static void formats_index(struct formats *formats)
{
	size_t count = 0, block, i, use = 0;
	int highest = -1;

	for (block = 0; block < formats->count; block++)
		for (i = 0; i < formats->list[block].condition_count; i++)
			if (is_indexed(&formats->list[block].conditions[i])) {
				int phrase = formats->list[block].conditions[i].phrase;

				highest = phrase > highest ? phrase : highest;
				count++;
			}
	formats->phrase_count = (size_t)(highest + 1);
	formats->first_use = talloc_zero_array(formats, uint32_t, (unsigned)formats->phrase_count + 1);
	formats->uses = array_new(formats, struct use, count + 1);
	for (block = 0; block < formats->count; block++)
		for (i = 0; i < formats->list[block].condition_count; i++) {
			const struct condition *condition = &formats->list[block].conditions[i];
			uint32_t *first;

			if (!is_indexed(condition))
				continue;
			first = &formats->first_use[condition->phrase];
			formats->uses[use] = (struct use){(uint16_t)block, (uint16_t)condition->group, *first};
			*first = (uint32_t)++use;
		}
}

static void formats_load(struct formats *formats, const struct sources *sources)
{
	size_t i;

	formats->phrases = phrases_new(formats);
	formats->general = (struct format){.name = "general", .phrases = formats->phrases, .kind = KIND_FAILED};
	for (i = sources->count; i-- > 0;) /* the user's last, which count then */
		source_read_words(formats, &sources->list[i]);
	for (i = 0; i < sources->count; i++)
		source_read(formats, &sources->list[i]);
	formats_index(formats);
	formats->is_loaded = true;
}

struct formats *formats_new(const void *ctx, struct problems *problems)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct formats *formats = talloc_zero(pool, struct formats);

	formats->problems = problems;
	return formats;
}

struct formats *formats_read(const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct formats *formats = formats_new(ctx, problems);

	formats_load(formats, sources);
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
	if (!formats->is_loaded)
		formats_load(formats, formats->sources);
}

const struct format *formats_general(struct formats *formats)
{
	formats_need(formats);
	return &formats->general;
}

/* A letter, searched: which groups of conditions of each block hold by the phrases that were found. */
struct search {
	const void *ctx;
	const struct formats *formats;
	const struct letter *letter;
	struct phrase_hits *hits[VIEW_HAS];
	uint32_t *held; /* by block, a bit for each group */
	bool header_only;
	unsigned features;
	bool has_features;
};

/* Search one view of the letter. Globs of whole values are phrases between two marks. */
static struct phrase_hits *search_view(const struct search *search, enum view view, const char *value)
{
	bool whole = view == VIEW_FROM || view == VIEW_SUBJECT;
	char *folded = whole && value != NULL ? text_fold(search->ctx, value, strnlen(value, VALUE_MAX)) : NULL;

	if (folded != NULL)
		value = talloc_asprintf(search->ctx, VALUE_BEGINS "%s" VALUE_ENDS, folded);
	return value != NULL ? phrases_search(search->ctx, search->formats->phrases, value, strlen(value)) : NULL;
}

/* Mark what the phrases found in VIEW fulfil. */
static void search_mark(struct search *search, int view)
{
	const struct formats *formats = search->formats;
	const struct phrase_hits *hits = search->hits[view];

	for (size_t i = 0; hits != NULL && i < hits->count; i++) {
		if ((size_t)hits->list[i] >= formats->phrase_count)
			continue;
		for (uint32_t use = formats->first_use[hits->list[i]]; use != 0; use = formats->uses[use - 1].next)
			if (formats->uses[use - 1].group == view)
				search->held[formats->uses[use - 1].block] |= 1u << view;
	}
}

static struct search search_letter(const void *ctx, struct formats *formats, const struct letter *letter, bool header_only)
{
	struct search search = {.ctx = ctx, .letter = letter, .header_only = header_only};
	int view;

	formats_need(formats);
	search.formats = formats;
	search.held = talloc_zero_array(ctx, uint32_t, (unsigned)formats->count + 1);
	for (view = 0; view < VIEW_HAS; view++) {
		search.hits[view] = search_view(&search, (enum view)view, letter->view[view]);
		search_mark(&search, view);
	}
	return search;
}

/* What the mail has; asked once, when a block first wants to know. */
static unsigned search_features(struct search *search)
{
	const struct letter *letter = search->letter;

	if (!search->has_features && letter->features != NULL)
		search->features = letter->features(letter->argument, search->hits[VIEW_BODY]);
	search->has_features = true;
	return search->features;
}

static bool condition_holds(struct search *search, const struct condition *condition)
{
	const char *value;
	char *folded;

	if (condition->view == VIEW_HAS)
		return (search_features(search) & (unsigned)condition->phrase) != 0;
	if (condition->view != VIEW_HEADER)
		return search->hits[condition->view] != NULL &&
		       phrase_hits_has(search->hits[condition->view], condition->phrase);
	value = search->letter->header(search->letter->argument, condition->field);
	folded = value != NULL ? text_fold(search->ctx, value, strnlen(value, VALUE_MAX)) : NULL;
	return folded != NULL && text_glob(condition->glob, folded);
}

/* Whether the rest of BLOCK's conditions hold: those that are no phrases, and what must not be. */
static bool block_fits_else(struct search *search, const struct format *block, uint32_t held)
{
	const uint32_t text = 1u << VIEW_START | 1u << VIEW_BODY | 1u << VIEW_HAS;
	size_t i;

	for (i = 0; i < block->condition_count; i++) {
		const struct condition *condition = &block->conditions[i];
		uint32_t group = 1u << condition->group;

		if (condition->unless) {
			if (!(search->header_only && (group & text)) && condition_holds(search, condition))
				return false;
		} else if (condition->view >= VIEW_HAS && !(held & group) && condition_holds(search, condition))
			held |= group;
	}
	return (held & block->wanted) == block->wanted;
}

/* Whether BLOCK's conditions hold, or may hold as far as the header tells. */
static bool block_fits(struct search *search, size_t number)
{
	const struct format *block = &search->formats->list[number];
	const uint32_t text = 1u << VIEW_START | 1u << VIEW_BODY | 1u << VIEW_HAS, phrases = (1u << VIEW_HAS) - 1;
	uint32_t held = search->held[number];

	if (block->wanted == 0)
		return false;
	if (search->header_only && block->is_sign && block->weight > 0 && (block->wanted & ~text) != 0)
		held |= 1u << VIEW_HAS;
	if (search->header_only && !block->is_sign)
		held |= 1u << VIEW_BODY | 1u << VIEW_HAS | ((block->wanted & ~text) != 0 ? 1u << VIEW_START : 0);
	return (held & block->wanted & phrases) == (block->wanted & phrases) && block_fits_else(search, block, held);
}

/* How many bytes of a sign's name are its group, the slash included; 0: it has none. */
static size_t group_length(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash != NULL ? (size_t)(slash - name) + 1 : 0;
}

/* Whether a sign of the group of sign NUMBER that is heavier, or as heavy and before it, is among HELD. */
static bool is_outweighed(const struct formats *formats, size_t number, const bool *held)
{
	const struct format *sign = &formats->list[number];
	size_t length = group_length(sign->name), i;

	for (i = 0; length > 0 && i < formats->sign_count; i++) {
		const struct format *other = &formats->list[formats->signs[i]];

		if (held[i] && other != sign && strncmp(other->name, sign->name, length) == 0 &&
		        (abs(other->weight) > abs(sign->weight) || (other->weight == sign->weight && other < sign)))
			return true;
	}
	return false;
}

/* What the signs add up to. */
static int search_signs(struct search *search)
{
	const struct formats *formats = search->formats;
	bool *held = talloc_zero_array(search->ctx, bool, (unsigned)formats->sign_count + 1);
	int sum = 0;
	size_t i;

	for (i = 0; i < formats->sign_count; i++)
		held[i] = block_fits(search, formats->signs[i]);
	for (i = 0; i < formats->sign_count; i++)
		if (held[i] && !is_outweighed(formats, formats->signs[i], held))
			sum += formats->list[formats->signs[i]].weight;
	return sum;
}

/* Whether the sign called `answer` is there. */
static bool search_answer(struct search *search)
{
	const struct formats *formats = search->formats;
	size_t i;

	for (i = 0; i < formats->sign_count; i++)
		if (strcmp(formats->list[formats->signs[i]].name, "answer") == 0 && block_fits(search, formats->signs[i]))
			return true;
	return false;
}

/* The first format that fits; NULL if none does. What may be a person's answer is no bounce. */
static const struct format *search_format(struct search *search)
{
	const struct formats *formats = search->formats;
	bool is_answer = search_answer(search);
	size_t i;

	for (i = 0; i < formats->count; i++) {
		const struct format *format = &formats->list[i];

		if (!format->is_sign && !(is_answer && kind_is_bounce(format->kind) && !format->answers) && block_fits(search, i))
			return format;
	}
	return NULL;
}

struct detection formats_detect(const void *ctx, struct formats *formats, const struct letter *letter)
{
	struct search search = search_letter(ctx, formats, letter, false);
	struct detection detection = {.hits = search.hits[VIEW_BODY]};

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
	struct search search = search_letter(ctx, formats, letter, true);
	bool may = search_signs(&search) >= SIGNS_POSSIBLE || search_format(&search) != NULL;

	talloc_free(ctx);
	return may;
}

bool format_words_in(const struct format *format, enum words_for use, const struct phrase_hits *hits, const char *folded)
{
	const struct phrase_list *words = &format->words[use];
	size_t length = strlen(folded);

	for (size_t i = 0; hits != NULL && i < words->count; i++)
		if (phrase_hits_has(hits, words->list[i]) && phrase_is_in(format->phrases, words->list[i], folded, length))
			return true;
	return false;
}
