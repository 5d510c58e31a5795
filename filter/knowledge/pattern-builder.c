#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/list.h"
#include "knowledge/patterns.h"
#include "text/text.h"

/* The most rows that one pattern may stand for: `[a]` doubles them, and so does `{a b}`. The most
 * words within { }. */
#define ROWS_MAX 64
#define ORDERED_MAX 4

/* The words that `..` stands for; the most that may be asked for; and what stands for any number,
 * in the row of a phrase. */
#define GAP_DEFAULT 3
#define GAP_MAX 20
#define GAP_ANY 9999

struct class
{
	const char *name;
	struct pattern_source at;
	char **terms; /* with those of all classes in it, NULL-terminated */
	bool is_used;
};

/* A pattern as it was read: patterns without [ ] and { }, a list. In a part of a phrase, which is
 * put in quotes, a quote is \1. */
struct written {
	struct pattern_source at;
	char **rows;
};

/* A term, or the terms of a class. */
struct group {
	uint32_t first_step; /* of those that search for it, as number + 1 */
	bool is_wrong;       /* there is an error in it */
};

struct pattern_builder {
	struct problems *problems;
	const struct pattern_source *at; /* of what is read */
	struct class *classes;
	size_t class_count;
	struct numbering group_numbers; /* by the term, or `<number of the class>` */
	/* by {place before, as number + 1; gap; groups …} */
	struct numbering place_numbers;
	struct phrases *literals;
	struct patterns tables;
	bool is_wrong; /* there is an error in what is read */

	struct written *written; /* by the number of the pattern */
	struct group *groups;
	uint32_t group_count;
};

struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems)
{
	struct pattern_builder *b = talloc_zero(ctx, struct pattern_builder);

	b->problems = problems;
	b->tables.may_be = talloc_zero_array(b, uint32_t, PATTERN_FILTER_BITS / 32);
	b->tables.literals = b->literals = phrases_new(b);
	return b;
}

/* Notes the first error. */
static void builder_complain(struct pattern_builder *b, const char *what, const char *expected)
{
	if (!b->is_wrong)
		problems_add(b->problems, b->at->file, b->at->line, "\"%s\": %s", what, expected);
	b->is_wrong = true;
}

static uint32_t key_number(struct pattern_builder *b, const void *key, size_t length)
{
	uint32_t number = numbering_add(b, &b->tables.words, key, length);

	if (number == b->tables.atom_count)
		array_add(b, b->tables.atoms, b->tables.atom_count) = (struct pattern_atom){0};
	return number;
}

/* Notes that a search should look for KEY. */
static void key_announce(struct pattern_builder *b, const void *key, size_t length)
{
	uint32_t bit = pattern_filter_bit(numbering_hash(NUMBERING_HASH, key, length));

	b->tables.may_be[bit / 32] |= 1u << bit % 32;
}

/* Returns the number of an atom. IS_OPEN: it is the beginning of words. */
static uint32_t atom_number(
        struct pattern_builder *b, const char *word, size_t length, bool is_open)
{
	char *key = talloc_asprintf(b, "%.*s%s", (int)length, word, is_open ? "*" : "");
	uint32_t number = key_number(b, key, length + is_open);

	talloc_free(key);
	if (is_open)
		key_announce(b, word, length);
	return number;
}

/* Returns the number of the end WORD of words. */
static uint32_t ending_number(struct pattern_builder *b, const char *word, size_t length)
{
	char key[1 + PATTERN_ENDING_MAX + 1] = {PATTERN_ENDING};

	for (size_t i = 1; i <= length; i++)
		key[i] = word[length - i];
	key[1 + length] = '*';
	key_announce(b, key, 1 + PATTERN_ENDING_MIN);
	key_announce(b, key, 1 + length);
	return key_number(b, key, length + 2);
}

/* Returns the number of ATOM with WORD after it. */
static uint32_t pair_number(struct pattern_builder *b, uint32_t atom, uint32_t word)
{
	const uint32_t pair[2] = {GUINT32_TO_LE(atom), GUINT32_TO_LE(word)};

	b->tables.atoms[atom].goes_on = true;
	key_announce(b, pair, sizeof pair);
	return key_number(b, pair, sizeof pair);
}

/* Adds a term to the list that begins at *FIRST. Its steps are GROUP's. */
static void term_add(struct pattern_builder *b, uint32_t *first, uint32_t group)
{
	array_add(b, b->tables.terms, b->tables.term_count) =
	        (struct pattern_term){.first_step = group, .next = *first};
	*first = b->tables.term_count;
}

static bool is_named_other(const char *term)
{
	return list_has(
	        (const char *const[]){"<address>", "<host>", "<url>", "<ip>", "<number>", NULL},
	        term);
}

/* Adds TERM, words as written, to GROUP. */
static void words_insert(struct pattern_builder *b, const char *term, uint32_t group)
{
	char *plain = text_fold(b->problems, term, strlen(term));
	bool *open = talloc_zero_size(plain, (strlen(plain) + 1) * sizeof *open);
	size_t length = 0, stars = 0;
	uint32_t last = 0;

	for (const char *p = plain; *p != '\0'; p++)
		if (*p == '*') {
			open[length] = true;
			stars++;
		} else {
			plain[length++] = *p;
		}
	const struct tokens *tokens = tokens_read(plain, plain, length);

	if (tokens->word_count == 0)
		builder_complain(b, term, "expected words");
	for (size_t i = 0; i < tokens->word_count; i++) {
		const struct token *t = &tokens->words[i];

		stars -= open[t->end];
		if (t->kind == TOKEN_OTHER ||
		        (t->kind == TOKEN_NUMBER && memchr(t->word, '.', t->length) != NULL))
			builder_complain(b, term,
			        "addresses, hosts, long numbers and codes are not words: expected "
			        "a "
			        "guard like status 5.1.1, or quotes around them");
		if (t->from > (i > 0 ? tokens->words[i - 1].to : 0))
			builder_complain(b, term,
			        "a sentence ends in it, and a pattern can't go further: expected "
			        "quotes around it");
		bool is_ending = open[t->start] && (i == 0 || tokens->words[i - 1].end < t->start);

		stars -= is_ending;
		if (is_ending && (t->length < PATTERN_ENDING_MIN ||
		                         t->length > PATTERN_ENDING_MAX || open[t->end]))
			builder_complain(
			        b, term, "expected after a * the end of a word, 4 to 24 letters");
		uint32_t atom = is_ending && !b->is_wrong
		                        ? ending_number(b, t->word, t->length)
		                        : atom_number(b, t->word, t->length,
		                                  open[t->end] && t->kind == TOKEN_WORD);

		last = i == 0 ? atom : pair_number(b, last, atom);
	}
	if (stars != 0)
		builder_complain(b, term, "expected a * only at the beginning or end of a word");
	talloc_free(plain);
	if (!b->is_wrong)
		term_add(b, &b->tables.atoms[last].first_term, group);
}

/* Adds TERM, a literal with its quotes, to GROUP. All its characters count. */
static void literal_insert(struct pattern_builder *b, const char *term, uint32_t group)
{
	size_t length = strlen(term) - 2;
	bool is_open = length > 0 && term[length] == '*';
	SCOPED char *text = talloc_strndup(NULL, term + 1, length - is_open);
	const char *literal = text_fold(text, g_strdelimit(text, "\1", '"'), length - is_open);
	uint32_t count = b->literals->texts.count;

	if (tokens_read(text, literal, strlen(literal))->word_count == 0) {
		builder_complain(b, term, "expected letters or digits");
		return;
	}
	char last = literal[strlen(literal) - 1];
	uint32_t number = phrases_add_literal(b->literals, literal, g_ascii_isalnum(literal[0]),
	        !is_open && g_ascii_isalnum(last));

	if (number == count)
		array_add(b, b->tables.literal_terms, count) = 0;
	term_add(b, &b->tables.literal_terms[number], group);
}

/* Returns TERM with two letters for each of ä, ö, ü, å and ø, as people write who don't have these
 * on their keyboard, owned by CTX; NULL if it has none of them. */
static char *term_spelled_out(const void *ctx, const char *term)
{
	static const char *const letters[][2] = {
	        {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"å", "aa"}, {"ø", "oe"}};
	GString *spelled = g_string_new(term);
	guint count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		count += g_string_replace(spelled, letters[i][0], letters[i][1], 0);
	char *copy = count > 0 ? talloc_strdup(ctx, spelled->str) : NULL;

	g_string_free(spelled, TRUE);
	return copy;
}

/* Adds a term as written: "literal", <address>, or words, in both spellings. */
static void term_insert(struct pattern_builder *b, const char *term, uint32_t group)
{
	if (term[0] == '"') {
		literal_insert(b, term, group);
	} else if (is_named_other(term)) {
		uint32_t atom = atom_number(b, term, strlen(term), false);

		term_add(b, &b->tables.atoms[atom].first_term, group);
	} else {
		char *spelled = term_spelled_out(b->problems, term);

		words_insert(b, term, group);
		if (spelled != NULL)
			words_insert(b, spelled, group);
	}
}

/* Returns the class that TERM, `<name>`, means in the file that is read; NULL if there is none. */
static struct class *class_find(struct pattern_builder *b, const char *term)
{
	size_t length = strlen(term) - 2;
	struct class *found = NULL;

	for (size_t i = b->class_count; i-- > 0;) {
		struct class *class = &b->classes[i];

		if (strncmp(class->name, term + 1, length) != 0 || class->name[length] != '\0')
			continue;
		if (strcmp(class->at.file, b->at->file) == 0)
			return class;
		if (class->at.is_shared &&
		        (found == NULL || (found->at.is_foreign && !class->at.is_foreign)))
			found = class;
	}
	return found;
}

static bool is_class_term(const char *term)
{
	return term[0] == '<' && !is_named_other(term);
}

/* Adds the terms of GROUP: those of CLASS, or TERM if that is NULL. */
static void group_fill(
        struct pattern_builder *b, uint32_t group, const struct class *class, const char *term)
{
	const struct pattern_source *at = b->at;

	if (class == NULL) {
		term_insert(b, term, group);
		return;
	}
	b->at = &class->at;
	for (char **one = class->terms; *one != NULL; one++)
		term_insert(b, *one, group);
	b->at = at;
}

/* Returns the group of TERM. Its terms are added when the first step needs it. */
static uint32_t term_group(struct pattern_builder *b, const char *term)
{
	struct class *class = is_class_term(term) ? class_find(b, term) : NULL;
	char key[24];

	if (class != NULL) {
		class->is_used = true;
		snprintf(key, sizeof key, "<%zu>", (size_t)(class - b->classes));
	} else if (is_class_term(term)) {
		builder_complain(
		        b, term, "is not a class: expected one that a `word` line has named");
		return 0;
	}
	const char *name = class != NULL ? key : term;
	uint32_t group = numbering_add(b, &b->group_numbers, name, strlen(name));

	if (group == b->group_count) {
		array_add(b, b->groups, b->group_count) = (struct group){0};
		group_fill(b, group, class, term);
		b->groups[group].is_wrong = b->is_wrong;
	} else if (b->groups[group].is_wrong) {
		builder_complain(b, term, "has the same error as where it stands first");
	}
	return group;
}

void pattern_builder_check(struct pattern_builder *b)
{
	for (size_t i = 0; i < b->class_count; i++) {
		const struct class *class = &b->classes[i];

		if (!class->is_used && !class->at.is_foreign)
			problems_add(b->problems, class->at.file, class->at.line,
			        "\"%s\": no rule uses this class", class->name);
	}
}

/* Returns the text at *TEXT up to one of SIGNS outside quotes, owned by CTX. *TEXT moves there.
 * NULL if a quote is not closed. */
static char *piece_next(const void *ctx, const char **text, const char *signs)
{
	const char *start = *text;
	bool is_quoted = false;

	for (; **text != '\0' && (is_quoted || strchr(signs, **text) == NULL); ++*text)
		if (**text == '"')
			is_quoted = !is_quoted;
	return is_quoted ? NULL : talloc_strndup(ctx, start, (size_t)(*text - start));
}

/* Returns whether TERM is "literal", <class>, or words without characters of the notation. */
static bool is_term(const char *term)
{
	size_t length = strlen(term);

	if (term[0] == '"')
		return length > 2 && term[length - 1] == '"';
	if (term[0] == '<')
		return length > 2 && term[length - 1] == '>';
	return length > 0 && strpbrk(term, "[]{}<>\"") == NULL;
}

/* Returns the alternatives of TEXT, `a|b|<c>|"d"`, as a list; NULL if one is not valid. */
static char **alternatives_read(const void *ctx, const char *text)
{
	char **list = list_new(ctx);

	for (;; text++) {
		const char *term = piece_next(list, &text, "|");

		if (term == NULL || !is_term(term))
			return NULL;
		list_add(ctx, &list, term);
		if (*text == '\0')
			return list;
	}
}

/* Returns the number of words of `..` or `..5`; -1 if ITEM is not a gap. */
static int gap_read(const char *item)
{
	if (strncmp(item, "..", 2) != 0 || strspn(item + 2, "0123456789") != strlen(item + 2) ||
	        strlen(item) > 6)
		return -1;
	return item[2] == '\0' ? GAP_DEFAULT : (int)strtol(item + 2, NULL, 10);
}

void pattern_builder_class(struct pattern_builder *b, const struct pattern_source *at,
        const char *name, const char *members)
{
	struct class class = {.name = talloc_strdup(b, name), .at = *at, .terms = list_new(b)};

	b->at = at;
	b->is_wrong = false;
	const struct class *same = class_find(b, talloc_asprintf(b->problems, "<%s>", name));

	if (same != NULL && strcmp(same->at.file, at->file) == 0)
		builder_complain(b, name, "this file has named a class like that before");
	for (members += strspn(members, " "); *members != '\0'; members += strspn(members, " ")) {
		char *word = piece_next(b->problems, &members, " ");
		struct class *inner = NULL;

		if (word == NULL)
			builder_complain(b, name, "expected a second quote");
		else if (!is_term(word))
			builder_complain(b, word, "expected words, <class> or \"literal\"");
		else if (!is_class_term(word))
			list_add(b, &class.terms, word);
		else if ((inner = class_find(b, word)) == NULL)
			builder_complain(
			        b, word, "is not a class: expected one that was named before");
		else
			inner->is_used = true;
		for (size_t i = 0; inner != NULL && inner->terms[i] != NULL; i++)
			list_add(b, &class.terms, inner->terms[i]);
	}
	if (b->is_wrong)
		return;
	array_add(b, b->classes, b->class_count) = class;
}

/* Adds to ORDERS all rows of the COUNT SETS, near each other, that begin with BEGINNING. USED has a
 * bit for each set in that. */
static void orders_add(const void *ctx, char ***orders, const char *beginning, char *const *sets,
        size_t count, unsigned used)
{
	if (used == (1u << count) - 1)
		list_add(ctx, orders, beginning);
	for (size_t i = 0; i < count; i++)
		if ((used >> i & 1) == 0)
			orders_add(ctx, orders,
			        used == 0 ? sets[i]
			                  : talloc_asprintf(ctx, "%s .. %s", beginning, sets[i]),
			        sets, count, used | 1u << i);
}

/* Sets *WAYS to the ways to read `{a b}`, of which TEXT stands between the braces. Returns NULL, or
 * what was expected. */
static const char *read_any_order(const void *ctx, const char *text, char ***ways)
{
	char **sets = list_new(ctx);
	bool is_valid = true;

	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		const char *set = piece_next(ctx, &text, " ");

		is_valid = is_valid && gap_read(set) < 0 && alternatives_read(ctx, set) != NULL;
		list_add(ctx, &sets, set);
	}
	size_t count = list_length(sets);

	if (!is_valid || count < 2 || count > ORDERED_MAX)
		return "expected two to four words within { }";
	orders_add(ctx, ways, "", sets, count, 0);
	return NULL;
}

/* Sets *WAYS to the ways to read ITEM: a gap, alternatives, or `[ITEM]`. Returns NULL, or what was
 * expected. */
static const char *read_item(const void *ctx, char *item, char ***ways)
{
	size_t length = strlen(item);
	bool may_miss = item[0] == '[' && item[length - 1] == ']';

	if (may_miss)
		item = talloc_strndup(ctx, item + 1, length - 2);
	if ((may_miss || gap_read(item) < 0 || gap_read(item) > GAP_MAX) &&
	        alternatives_read(ctx, item) == NULL)
		return "expected words, a|b, <class>, [a], {a b}, .. or \"literal\"";
	list_add(ctx, ways, item);
	if (may_miss)
		list_add(ctx, ways, "");
	return NULL;
}

/* Returns ROWS, each followed by each of WAYS. */
static char **rows_extend(const void *ctx, char *const *rows, char *const *ways)
{
	char **longer = list_new(ctx);

	for (; *ways != NULL; ways++)
		for (char *const *row = rows; *row != NULL; row++)
			list_add(ctx, &longer,
			        **ways == '\0' ? *row : talloc_asprintf(ctx, "%s %s", *row, *ways));
	return longer;
}

/* Returns whether all ROWS have words, and none begins or ends with a gap. */
static bool are_whole(char *const *rows, const char *text)
{
	for (; *rows != NULL; rows++) {
		const char *last = strrchr(*rows, ' ');

		if (last == NULL || gap_read(last + 1) >= 0)
			return false;
	}
	return strncmp(text, "..", 2) != 0;
}

/* Sets *ROWS to the rows that TEXT, a pattern as written, stands for. Returns NULL, or what was
 * expected. */
static const char *rows_read(const void *ctx, const char *text, char ***rows)
{
	list_add(ctx, rows, "");
	for (const char *rest = text; *(rest += strspn(rest, " ")) != '\0';) {
		bool is_any_order = *rest == '{';
		char **ways = list_new(ctx);

		rest += is_any_order;
		char *item = piece_next(ctx, &rest, is_any_order ? "}" : " ");

		if (item == NULL)
			return "expected a second quote";
		if (is_any_order && *rest++ != '}')
			return "expected } after {";
		const char *wrong = is_any_order ? read_any_order(ctx, item, &ways)
		                                 : read_item(ctx, item, &ways);

		if (wrong != NULL)
			return wrong;
		*rows = rows_extend(ctx, *rows, ways);
		if (list_length(*rows) > ROWS_MAX)
			return "too many ways to read it: expected fewer [ ] and { }";
	}
	if (!are_whole(*rows, text))
		return "expected words before and after .., and more than what may be missing";
	return NULL;
}

/* Returns the same for the words of an old `phrase` line: parts in this order, with anything
 * between them. */
static const char *phrase_read(const void *ctx, const char *text, char ***rows)
{
	char *row = talloc_strdup(ctx, "");

	for (const char *end, *from = text; *from != '\0'; from = end + (*end == '*')) {
		const char *last = end = from + strcspn(from, "*");

		while (from < end && strchr(" \t%", *from) != NULL)
			from++;
		while (last > from && strchr(" \t%", last[-1]) != NULL)
			last--;
		if (last == from)
			continue;
		if (*row != '\0')
			row = talloc_asprintf_append_buffer(row, " ..%d ", GAP_ANY);
		char *part = talloc_strndup(ctx, from, (size_t)(last - from));

		row = talloc_asprintf_append_buffer(row, "\"%s%s\"", g_strdelimit(part, "\"", '\1'),
		        *last == '\0' || *last == '*' ? "*" : "");
	}
	list_add(ctx, rows, row);
	return *row == '\0' ? "nothing after phrase: expected words of a server" : NULL;
}

/* A step of a row. */
struct row_part {
	const char *text; /* alternatives as written */
	int gap;          /* words that may stand before it */
};

/* Reads the next part of the row at *ROW, owned by CTX. Returns false at the end. */
static bool row_part_next(const void *ctx, const char **row, struct row_part *part)
{
	for (*part = (struct row_part){0}; *(*row += strspn(*row, " ")) != '\0';) {
		const char *item = piece_next(ctx, row, " ");
		int gap = gap_read(item);

		if (gap < 0) {
			part->text = item;
			return true;
		}
		part->gap = gap;
	}
	return false;
}

/* Returns the place of PART after the place BEFORE (both as number + 1; 0: none), which is made if
 * it is new; 0 if there is an error in PART. */
static uint32_t row_part_insert(
        struct pattern_builder *b, const struct row_part *part, uint32_t before)
{
	SCOPED char **terms = alternatives_read(b->problems, part->text);
	size_t count = 2 + list_length(terms);
	uint32_t *key = talloc_array(terms, uint32_t, (unsigned)count);
	uint32_t gap = part->gap == GAP_ANY ? PATTERN_GAP_ANY : (uint32_t)part->gap * TOKEN_ROOM;

	key[0] = before;
	key[1] = before != 0 ? gap : 0;
	for (size_t i = 2; i < count; i++)
		key[i] = term_group(b, terms[i - 2]);
	if (b->is_wrong)
		return 0;
	if (before != 0)
		b->tables.places[before - 1].goes_on = true;
	uint32_t place = numbering_add(b, &b->place_numbers, key, count * sizeof *key);
	bool is_new = place == b->tables.place_count;

	if (is_new)
		array_add(b, b->tables.places, b->tables.place_count) = (struct pattern_place){0};
	for (size_t i = 2; is_new && i < count; i++) {
		uint32_t *first = &b->groups[key[i]].first_step;

		array_add(b, b->tables.steps, b->tables.step_count) =
		        (struct pattern_step){place, before, key[1], *first};
		*first = b->tables.step_count;
	}
	return place + 1;
}

/* Returns whether TEXT is only words. */
static bool is_plain_term(const char *text)
{
	return strpbrk(text, "|\"<") == NULL;
}

uint32_t pattern_builder_next(struct pattern_builder *b)
{
	return b->tables.pattern_count;
}

/* Adds ROW as a way to read PATTERN. */
static void row_add(struct pattern_builder *b, const char *row, uint32_t pattern)
{
	struct row_part part, next;
	uint32_t place = 0;

	for (bool goes_on = row_part_next(b->problems, &row, &part); goes_on; part = next) {
		/* Words without a gap between them are one term, as if written in one. */
		while ((goes_on = row_part_next(b->problems, &row, &next)) && next.gap == 0 &&
		        is_plain_term(part.text) && is_plain_term(next.text))
			part.text = talloc_asprintf(b->problems, "%s %s", part.text, next.text);
		place = row_part_insert(b, &part, place);
		if (place == 0)
			return;
	}
	array_add(b, b->tables.ends, b->tables.end_count) =
	        (struct pattern_end){pattern, b->tables.places[place - 1].first_end};
	b->tables.places[place - 1].first_end = b->tables.end_count;
}

bool pattern_builder_add(struct pattern_builder *b, const struct pattern_source *at,
        const char *text, bool is_phrase)
{
	uint32_t pattern = b->tables.pattern_count;
	char **rows = list_new(b);
	const char *wrong = is_phrase ? phrase_read(b, text, &rows) : rows_read(b, text, &rows);

	array_add(b, b->written, b->tables.pattern_count) = (struct written){*at, rows};
	b->at = at;
	b->is_wrong = false;
	if (wrong != NULL)
		builder_complain(b, text, wrong);
	for (; *rows != NULL && !b->is_wrong; rows++)
		row_add(b, *rows, pattern);
	return !b->is_wrong;
}

const struct patterns *pattern_builder_tables(struct pattern_builder *b)
{
	struct patterns *t = &b->tables;
	struct pattern_step *steps = array_new(b, struct pattern_step, t->step_count);
	uint32_t count = 0;

	/* Those of a group side by side, as a search reads them: it waits for memory most. */
	for (uint32_t i = 0; i < b->group_count; i++)
		for (uint32_t *at = &b->groups[i].first_step; *at != 0;
		        at = &steps[count - 1].next) {
			steps[count] = t->steps[*at - 1];
			*at = ++count;
		}
	for (uint32_t i = 0; i < t->term_count; i++) /* it had its group until now */
		t->terms[i].first_step = b->groups[t->terms[i].first_step].first_step;
	t->steps = steps;
	return t;
}

/* Adds a text that TERM finds to TEXT. ENDING is added to words with a `*`. */
static void sample_add(struct buffer *text, const char *term, const char *ending)
{
	if (term[0] == '<')
		term = "x@y.example";
	for (char before = ' '; *term != '\0'; before = *term++)
		if (*term == '*')
			buffer_add_string(
			        text, before != ' ' && (unsigned char)before < 0x80 ? ending : "");
		else if (*term != '"')
			buffer_add(text, *term == '\1' ? "\"" : term, 1);
	buffer_add_string(text, " ");
}

char *pattern_builder_sample(const void *ctx, struct pattern_builder *b, uint32_t pattern,
        size_t row_number, size_t number, const char *ending, const char *filler)
{
	const struct written *written = &b->written[pattern];

	if (row_number >= list_length(written->rows))
		return NULL;
	SCOPED void *scratch = talloc_new(NULL);
	const char *row = written->rows[row_number];
	struct buffer text = buffer_new(ctx);
	struct row_part part;

	b->at = &written->at;
	for (size_t i = 0; row_part_next(scratch, &row, &part); i++) {
		char **all = list_new(scratch);

		for (char **term = alternatives_read(scratch, part.text); *term != NULL; term++) {
			const struct class *class =
			        is_class_term(*term) ? class_find(b, *term) : NULL;

			for (char **inner = class != NULL ? class->terms : (char *[]){*term, NULL};
			        *inner != NULL; inner++)
				list_add(scratch, &all, *inner);
		}
		for (int words = part.gap == GAP_ANY ? 4 : part.gap; i > 0 && words > 0; words--)
			buffer_add_string(&text, filler);
		sample_add(&text, all[(number * (i + 1) + i * (number > 0)) % list_length(all)],
		        ending);
	}
	return buffer_text(&text);
}
