#include "knowledge/pattern-builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "text/text.h"

/* The room that `..` stands for, in words; and the most that may be asked for. */
#define GAP_DEFAULT 3
#define GAP_MAX 20

/* Words that are looked for by their beginning have at most so many bytes of it. */
#define OPEN_MAX 63

struct class
{
	const char *name;
	struct pattern_source at;
	char **terms; /* of all classes in it as well, NULL-terminated */
	bool is_used;
};

struct pattern_builder {
	struct problems *problems;
	struct class *classes;
	size_t class_count;
	struct numbering groups; /* by term, or `<number of the class>` */
	/* by {place before, as number + 1; gap; groups …}: their numbers are those of the places */
	struct numbering steps;
	/* by {node, atom}: their numbers are those of the nodes that they lead to, less two */
	struct numbering edges;

	struct pattern_node *nodes;
	struct pattern_fire *fires;
	struct pattern_place *places;
	struct pattern_end *ends;
	uint32_t may_begin[PATTERN_FILTER_BITS / 32];
	struct patterns tables; /* the counts, and where the arrays are once somebody asks */
};

/* One more element at the end of a list of the builder. */
#define builder_add(b, list, type, count)                                                          \
	(*((b)->list = array_grow(b, (b)->list, type, count), &(b)->list[(count)++]))

/* A node without fires or edges. */
static uint32_t node_new(struct pattern_builder *b)
{
	builder_add(b, nodes, struct pattern_node, b->tables.node_count) = (struct pattern_node){0};
	return b->tables.node_count - 1;
}

struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems)
{
	struct pattern_builder *b = talloc_zero(ctx, struct pattern_builder);

	b->problems = problems;
	node_new(b);
	node_new(b);
	return b;
}

/* The number of an atom; IS_OPEN: of the beginning of words. */
static uint32_t atom_number(
        struct pattern_builder *b, const char *word, size_t length, bool is_open)
{
	char key[OPEN_MAX + 1];
	uint32_t bit;
	bool is_new;

	if (!is_open || length > OPEN_MAX)
		return numbering_add(b, &b->tables.atoms, word, length, &is_new);
	bit = pattern_filter_bit(numbering_hash(NUMBERING_HASH, word, length));
	b->may_begin[bit / 32] |= 1u << bit % 32;
	memcpy(key, word, length);
	key[length] = '*';
	return numbering_add(b, &b->tables.atoms, key, length + 1, &is_new);
}

/* The node behind ATOM at NODE, made if there is none yet. */
static uint32_t node_behind(struct pattern_builder *b, uint32_t node, uint32_t atom)
{
	const uint32_t key[] = {node, atom};
	bool is_new;
	uint32_t edge = numbering_add(b, &b->edges, key, sizeof key, &is_new);

	return is_new ? node_new(b) : edge + 2;
}

static void fire_add(struct pattern_builder *b, uint32_t node, uint32_t group, uint32_t literal)
{
	builder_add(b, fires, struct pattern_fire, b->tables.fire_count) =
	        (struct pattern_fire){group, literal, b->nodes[node].fires};
	b->nodes[node].fires = b->tables.fire_count;
}

static bool complain(struct pattern_builder *b, const struct pattern_source *at, const char *what,
        const char *expected)
{
	problems_add(b->problems, at->file, at->line, "\"%s\": %s", what, expected);
	return false;
}

static bool is_named_other(const char *term)
{
	return list_has(
	        (const char *const[]){"<address>", "<host>", "<url>", "<ip>", "<number>", NULL},
	        term);
}

/* TERM without its stars, whose places are noted: a bit in OPEN for the byte that one stands
 * behind. */
static char *term_without_stars(const void *ctx, const char *term, bool *open)
{
	char *plain = talloc_strdup(ctx, term), *out = plain;

	for (; *term != '\0'; term++)
		if (*term == '*')
			open[out - plain] = true;
		else
			*out++ = *term;
	*out = '\0';
	return plain;
}

/* TERM, words as written, into the trie: where it ends, GROUP is found. */
static bool words_insert(struct pattern_builder *b, const struct pattern_source *at,
        const char *term, uint32_t group)
{
	size_t stars = 0;
	char *folded = text_fold(b->problems, term, strlen(term));
	bool *open = talloc_zero_size(folded, (strlen(folded) + 1) * sizeof *open);
	char *plain = term_without_stars(folded, folded, open);
	const struct tokens *tokens = tokens_read(folded, plain, strlen(plain));
	uint32_t node = 0;

	for (const char *p = term; *p != '\0'; p++)
		stars += *p == '*';
	if (tokens->word_count == 0 || tokens->word_count > PATTERN_TERM_MAX)
		return complain(b, at, term, "expected words");
	for (size_t i = 0; i < tokens->word_count; i++) {
		const struct token *t = &tokens->words[i];
		bool is_open = open[t->end];

		stars -= is_open;
		if (t->kind == TOKEN_OTHER ||
		        (t->kind == TOKEN_NUMBER && memchr(t->word, '.', t->length) != NULL))
			return complain(b, at, term,
			        "addresses, hosts, long numbers and codes are no words: expected a "
			        "guard like status 5.1.1, or quotes around them");
		if (t->from > (i > 0 ? tokens->words[i - 1].to : 0))
			return complain(b, at, term,
			        "a sentence ends in it, and no pattern reaches beyond: expected "
			        "quotes around it");
		node = node_behind(b, node,
		        atom_number(b, t->word, t->length, is_open && t->kind == TOKEN_WORD));
	}
	if (stars != 0)
		return complain(b, at, term, "expected a * only at the end of a word");
	talloc_free(folded);
	fire_add(b, node, group, 0);
	return true;
}

/* LENGTH bytes of a literal, without its quotes: with all its signs. IS_OPEN: its last word may go
 * on. */
static bool literal_insert(struct pattern_builder *b, const struct pattern_source *at,
        const char *text, size_t length, bool is_open, uint32_t group)
{
	char *key = talloc_size(b->problems, length + 2);
	const char *p = key + 1, *end = p + text_fold_into(key + 1, text, length), *first = NULL;
	uint32_t node = 1;
	bool is_new;

	for (size_t skip; p < end; p += skip) {
		const char *run_end = token_run_end(p, end, &skip);

		if (run_end == NULL)
			continue;
		first = first != NULL ? first : p;
		node = node_behind(b, node,
		        atom_number(b, p, (size_t)(run_end - p),
		                is_open && run_end == end && (unsigned char)*p < 0x80));
		skip = (size_t)(run_end - p);
	}
	if (first == NULL || first - key - 1 > UINT8_MAX)
		return complain(b, at, text - 1, "expected letters or digits");
	key[0] = (char)(first - key - 1);
	fire_add(b, node, group,
	        numbering_add(b, &b->tables.literals, key, (size_t)(end - key), &is_new) + 1);
	talloc_free(key);
	return true;
}

/* A term as written: "literal", <address>, or words. */
static bool term_insert(struct pattern_builder *b, const struct pattern_source *at,
        const char *term, uint32_t group)
{
	size_t length = strlen(term);

	if (term[0] == '"') {
		bool is_open = length > 2 && term[length - 2] == '*';

		return literal_insert(b, at, term + 1, length - 2 - is_open, is_open, group);
	}
	if (is_named_other(term)) {
		fire_add(b, node_behind(b, 0, atom_number(b, term, length, false)), group, 0);
		return true;
	}
	return words_insert(b, at, term, group);
}

static struct class *class_find(struct pattern_builder *b, const char *file, const char *name)
{
	struct class *found = NULL;

	for (size_t i = b->class_count; i-- > 0;) {
		struct class *class = &b->classes[i];

		if (strcmp(class->name, name) != 0)
			continue;
		if (strcmp(class->at.file, file) == 0)
			return class;
		if (class->at.is_shared &&
		        (found == NULL || (found->at.is_foreign && !class->at.is_foreign)))
			found = class;
	}
	return found;
}

/* The name in `<name>`, owned by CTX; NULL if TERM is no class. */
static char *class_name(const void *ctx, const char *term)
{
	size_t length = strlen(term);

	if (term[0] != '<' || term[length - 1] != '>' || is_named_other(term))
		return NULL;
	return talloc_strndup(ctx, term + 1, length - 2);
}

/* The group of a class; its terms are there from the first step on that needs it. */
static bool class_group(struct pattern_builder *b, const struct pattern_source *at,
        const char *name, uint32_t *group)
{
	struct class *class = class_find(b, at->file, name);
	char key[24];
	bool is_new;

	if (class == NULL)
		return complain(
		        b, at, name, "is no class: expected one that a `word` line has named");
	class->is_used = true;
	*group = numbering_add(b, &b->groups, key,
	        (size_t)snprintf(key, sizeof key, "<%zu>", (size_t)(class - b->classes)), &is_new);
	for (char **term = class->terms; is_new && *term != NULL; term++)
		if (!term_insert(b, &class->at, *term, *group))
			return false;
	return true;
}

static bool term_group(struct pattern_builder *b, const struct pattern_source *at, const char *term,
        uint32_t *group)
{
	char *name = class_name(b->problems, term);
	bool is_new;

	if (name != NULL)
		return class_group(b, at, name, group);
	*group = numbering_add(b, &b->groups, term, strlen(term), &is_new);
	return !is_new || term_insert(b, at, term, *group);
}

void pattern_builder_check(struct pattern_builder *b)
{
	for (size_t i = 0; i < b->class_count; i++)
		if (!b->classes[i].is_used && !b->classes[i].at.is_foreign)
			complain(b, &b->classes[i].at, b->classes[i].name,
			        "no rule uses this class");
}

/* Where the alternatives at TEXT end: at a blank that is not between quotes. NULL if a quote stays
 * open. */
static const char *alternatives_end(const char *text)
{
	bool is_quoted = false;

	for (; *text != '\0' && (is_quoted || *text != ' '); text++)
		if (*text == '"')
			is_quoted = !is_quoted;
	return is_quoted ? NULL : text;
}

/* Whether TERM is "literal", <class>, or words without a sign of the notation. */
static bool is_term(const char *term)
{
	size_t length = strlen(term);

	if (term[0] == '"')
		return length > 2 && term[length - 1] == '"';
	if (term[0] == '<')
		return length > 2 && term[length - 1] == '>';
	return length > 0 && strpbrk(term, "[]{}<>\"") == NULL;
}

/* The alternatives of LENGTH bytes of TEXT, `a|b|<c>|"d"`, as a list. NULL if one is none. */
static char **alternatives_read(const void *ctx, const char *text, size_t length)
{
	char **list = list_new(ctx);
	size_t count = 0;
	bool is_quoted = false;

	for (size_t i = 0, start = 0; i <= length; i++) {
		if (i < length && text[i] == '"')
			is_quoted = !is_quoted;
		if (i < length && (is_quoted || text[i] != '|'))
			continue;
		char *term = talloc_strndup(ctx, text + start, i - start);

		if (!is_term(term))
			return NULL;
		list_add(ctx, &list, &count, term);
		start = i + 1;
	}
	return list;
}

/* What stands at *TEXT up to a blank, which moves behind it and the blanks there. */
struct item {
	const char *text;
	size_t length;
};

static bool item_next(const char **text, struct item *item)
{
	const char *end = alternatives_end(*text);

	if (end == NULL || end == *text)
		return false;
	*item = (struct item){*text, (size_t)(end - *text)};
	*text = end + strspn(end, " ");
	return true;
}

/* The number of words of `..` or `..5`; -1 if ITEM is no gap. */
static int gap_read(const struct item *item)
{
	int words = 0;

	if (item->length < 2 || memcmp(item->text, "..", 2) != 0)
		return -1;
	if (item->length == 2)
		return GAP_DEFAULT;
	for (size_t i = 2; i < item->length; i++) {
		if (item->text[i] < '0' || item->text[i] > '9' || words > GAP_MAX)
			return -1;
		words = 10 * words + item->text[i] - '0';
	}
	return words <= GAP_MAX ? words : -1;
}

static bool row_append(struct pattern_row *row, char **terms, uint16_t gap)
{
	if (row->count == PATTERN_STEPS_MAX)
		return false;
	row->parts[row->count++] = (struct pattern_part){terms, row->gap > gap ? row->gap : gap};
	row->gap = 0;
	return true;
}

/* TERMS behind each row; if they may be missing, the rows without them as well. */
static bool rows_append(struct pattern_rows *rows, char **terms, bool may_miss)
{
	size_t count = rows->count;

	if (may_miss && 2 * count > PATTERN_ROWS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (may_miss)
			rows->list[rows->count++] = rows->list[i];
		if (!row_append(&rows->list[i], terms, 0))
			return false;
	}
	return true;
}

/* ROW with the COUNT sets of terms behind it in each order, near each other; USED has a bit for
 * each set that is there already. */
static bool rows_append_orders(struct pattern_rows *rows, const struct pattern_row *row,
        char **sets[], size_t count, unsigned used)
{
	if (used == (1u << count) - 1) {
		if (rows->count == PATTERN_ROWS_MAX)
			return false;
		rows->list[rows->count++] = *row;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		struct pattern_row longer = *row;

		if ((used >> i & 1) != 0)
			continue;
		if (!row_append(&longer, sets[i], used != 0 ? GAP_DEFAULT * TOKEN_ROOM : 0) ||
		        !rows_append_orders(rows, &longer, sets, count, used | 1u << i))
			return false;
	}
	return true;
}

/* The COUNT sets of terms behind each row, in any order. */
static bool rows_append_any_order(struct pattern_rows *rows, char **sets[], size_t count)
{
	struct pattern_rows *old = talloc_memdup(NULL, rows, sizeof *rows);
	bool fits = true;

	rows->count = 0;
	for (size_t i = 0; fits && i < old->count; i++)
		fits = rows_append_orders(rows, &old->list[i], sets, count, 0);
	talloc_free(old);
	return fits;
}

bool pattern_builder_class(struct pattern_builder *b, const struct pattern_source *at,
        const char *name, const char *members)
{
	struct class class = {.name = talloc_strdup(b, name), .at = *at, .terms = list_new(b)};
	const struct class *same = class_find(b, at->file, name);
	size_t count = 0;
	struct item item;

	if (same != NULL && strcmp(same->at.file, at->file) == 0)
		return complain(b, at, name, "this file has named a class like that before");
	for (members += strspn(members, " "); *members != '\0';) {
		if (!item_next(&members, &item))
			return complain(b, at, members, "expected a second quote");
		char *word = talloc_strndup(b, item.text, item.length),
		     *other = class_name(b->problems, word);

		if (!is_term(word))
			return complain(b, at, word, "expected words, <class> or \"literal\"");
		if (other == NULL) {
			list_add(b, &class.terms, &count, word);
			continue;
		}
		struct class *inner = class_find(b, at->file, other);

		if (inner == NULL)
			return complain(
			        b, at, other, "is no class: expected one that was named before");
		inner->is_used = true;
		for (char **term = inner->terms; *term != NULL; term++)
			list_add(b, &class.terms, &count, *term);
	}
	if (count == 0)
		return complain(b, at, name, "expected the words of the class behind =");
	b->classes = array_grow(b, b->classes, struct class, b->class_count);
	b->classes[b->class_count++] = class;
	return true;
}

struct pattern_parse {
	const void *ctx;
	struct pattern_builder *builder;
	const struct pattern_source *at;
	const char *text;
	struct pattern_rows *rows;
};

static bool parse_fails(const struct pattern_parse *parse, const char *expected)
{
	return complain(parse->builder, parse->at, parse->text, expected);
}

/* `{a b}`, from its brace at *TEXT on. */
static bool parse_any_order(struct pattern_parse *parse, const char **text)
{
	char **sets[4];
	size_t count = 0;
	struct item item;
	bool is_last = false;

	++*text;
	*text += strspn(*text, " ");
	while (!is_last) {
		if (!item_next(text, &item))
			return parse_fails(parse, "expected } behind {");
		is_last = item.text[item.length - 1] == '}';
		item.length -= is_last;
		if (item.length == 0)
			break;
		if (count == 4 || (sets[count++] = alternatives_read(
		                           parse->ctx, item.text, item.length)) == NULL)
			return parse_fails(parse, "expected two to four words within { }");
	}
	if (count < 2)
		return parse_fails(parse, "expected two to four words within { }");
	return rows_append_any_order(parse->rows, sets, count) ||
	       parse_fails(parse, "too many ways to read it: expected fewer [ ] and { }");
}

/* Words, alternatives, an optional one, or a gap. */
static bool parse_item(struct pattern_parse *parse, const struct item *item)
{
	bool may_miss = item->text[0] == '[' && item->text[item->length - 1] == ']';
	int gap = gap_read(item);
	char **terms;

	if (gap >= 0) {
		for (size_t i = 0; i < parse->rows->count; i++)
			parse->rows->list[i].gap = (uint16_t)(gap * TOKEN_ROOM);
		return true;
	}
	terms = alternatives_read(
	        parse->ctx, item->text + may_miss, item->length - 2 * (size_t)may_miss);
	if (terms == NULL)
		return parse_fails(
		        parse, "expected words, a|b, <class>, [a], {a b}, .. or \"literal\"");
	return rows_append(parse->rows, terms, may_miss) ||
	       parse_fails(
	               parse, "too long, or too many ways to read it: expected fewer [ ] and { }");
}

static bool rows_are_whole(const struct pattern_rows *rows, const char *text)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].count == 0 || rows->list[i].gap > 0)
			return false;
	return strncmp(text, "..", 2) != 0;
}

bool pattern_rows_read(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text, struct pattern_rows *rows)
{
	struct pattern_parse parse = {ctx, builder, at, text, rows};
	struct item item;

	rows->count = 1;
	rows->list[0] = (struct pattern_row){.count = 0};
	for (text += strspn(text, " "); *text != '\0';) {
		if (*text == '{') {
			if (!parse_any_order(&parse, &text))
				return false;
		} else if (!item_next(&text, &item)) {
			return parse_fails(&parse, "expected a second quote");
		} else if (!parse_item(&parse, &item)) {
			return false;
		}
	}
	return rows_are_whole(rows, parse.text) ||
	       parse_fails(&parse,
	               "expected words before and behind .., and more than what may be missing");
}

/* A blank or a `%`, at the ends of a part of a phrase. */
static bool is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '%';
}

bool pattern_rows_read_phrase(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text, struct pattern_rows *rows)
{
	struct pattern_parse parse = {ctx, builder, at, text, rows};
	struct pattern_row *row = &rows->list[0];

	rows->count = 1;
	*row = (struct pattern_row){.count = 0};
	for (const char *end; *text != '\0'; text = end + (*end == '*')) {
		const char *last = end = text + strcspn(text, "*");
		char **terms;

		while (text < end && is_edge(*text))
			text++;
		while (last > text && is_edge(last[-1]))
			last--;
		if (last == text)
			continue;
		terms = talloc_zero_array(ctx, char *, 2);
		terms[0] = talloc_asprintf(terms, "\"%.*s%s\"", (int)(last - text), text,
		        *last == '\0' || *last == '*' ? "*" : "");
		if (!row_append(row, terms, row->count > 0 ? PATTERN_GAP_ANY : 0))
			return parse_fails(&parse, "is too long");
	}
	return row->count > 0 ||
	       parse_fails(&parse, "nothing behind phrase: expected words of a server");
}

static bool is_plain(const struct pattern_part *part)
{
	return part->terms[0] != NULL && part->terms[1] == NULL && part->terms[0][0] != '"' &&
	       part->terms[0][0] != '<';
}

/* Words one after another are one term: as they may be written in one. */
static void row_merge(const void *ctx, struct pattern_row *row)
{
	size_t kept = 0;

	for (size_t i = 0; i < row->count; i++) {
		struct pattern_part *last = kept > 0 ? &row->parts[kept - 1] : NULL;

		if (last != NULL && row->parts[i].gap == 0 && is_plain(last) &&
		        is_plain(&row->parts[i])) {
			char **terms = list_new(ctx);
			size_t count = 0;

			list_add(ctx, &terms, &count,
			        talloc_asprintf(
			                ctx, "%s %s", last->terms[0], row->parts[i].terms[0]));
			last->terms = terms;
		} else {
			row->parts[kept++] = row->parts[i];
		}
	}
	row->count = kept;
}

/* PART behind the place BEFORE (as number + 1; 0: none), made if there is none yet. *BEFORE is its
 * place then. False if something is wrong in it. */
static bool part_insert(struct pattern_builder *b, const struct pattern_source *at,
        const struct pattern_part *part, uint32_t *before)
{
	size_t count = 2 + list_length(part->terms);
	uint32_t *key = talloc_array(b->problems, uint32_t, (unsigned)count);
	bool is_new;

	key[0] = *before;
	key[1] = *before != 0 ? part->gap : 0;
	for (size_t i = 2; i < count; i++)
		if (!term_group(b, at, part->terms[i - 2], &key[i]))
			return false;
	if (*before != 0)
		b->places[*before - 1].goes_on = true;
	*before = numbering_add(b, &b->steps, key, count * sizeof *key, &is_new) + 1;
	if (is_new)
		builder_add(b, places, struct pattern_place, b->tables.place_count) =
		        (struct pattern_place){0};
	talloc_free(key);
	return true;
}

static bool row_insert(struct pattern_builder *b, const struct pattern_source *at,
        const struct pattern_row *row, uint32_t pattern)
{
	uint32_t place = 0;

	for (size_t i = 0; i < row->count; i++)
		if (!part_insert(b, at, &row->parts[i], &place))
			return false;
	builder_add(b, ends, struct pattern_end, b->tables.end_count) =
	        (struct pattern_end){pattern, b->places[place - 1].ends};
	b->places[place - 1].ends = b->tables.end_count;
	return true;
}

uint32_t pattern_builder_next(struct pattern_builder *b)
{
	return b->tables.pattern_count;
}

bool pattern_builder_add(
        struct pattern_builder *b, const struct pattern_source *at, const struct pattern_rows *rows)
{
	uint32_t pattern = b->tables.pattern_count++;

	for (size_t i = 0; i < rows->count; i++) {
		struct pattern_row row = rows->list[i];

		row_merge(b->problems, &row);
		if (!row_insert(b, at, &row, pattern))
			return false;
	}
	return true;
}

/* The key of the step at PLACE, as part_insert() makes it, and how many numbers it has. */
static const uint32_t *step_key(const struct pattern_builder *b, uint32_t place, uint32_t *count)
{
	const struct numbering_key *key = &b->steps.keys[place];

	*count = key->length / sizeof(uint32_t);
	return (const uint32_t *)(const void *)(b->steps.pool + key->at);
}

/* The steps of each group beside each other, the last first. */
static void steps_sort(struct pattern_builder *b, struct patterns *t)
{
	uint32_t *groups = talloc_zero_array(b, uint32_t, t->group_count + 2), *next = groups + 1,
	         count;
	struct pattern_step *steps;

	for (uint32_t place = 0; place < t->place_count; place++) {
		const uint32_t *key = step_key(b, place, &count);

		for (uint32_t i = 2; i < count; i++)
			next[key[i] + 1]++;
	}
	for (uint32_t group = 0; group < t->group_count; group++)
		next[group + 1] += next[group];
	t->step_count = next[t->group_count];
	t->steps = steps = talloc_array(b, struct pattern_step, t->step_count + 1);
	for (uint32_t place = t->place_count; place-- > 0;) {
		const uint32_t *key = step_key(b, place, &count);

		for (uint32_t i = count; i-- > 2;)
			steps[next[key[i]]++] = (struct pattern_step){place, key[0], key[1]};
	}
	t->groups = groups;
}

static int by_node(const void *a, const void *b)
{
	const struct pattern_edge *one = a, *other = b;

	if (one->node != other->node)
		return one->node < other->node ? -1 : 1;
	return one->atom < other->atom ? -1 : one->atom > other->atom;
}

/* The edges of each node beside each other; those of the first two nodes by atom. */
static void edges_sort(struct pattern_builder *b, struct patterns *t)
{
	const uint32_t *keys = (const uint32_t *)(const void *)b->edges.pool;
	uint32_t *begins = talloc_zero_array(b, uint32_t, 2 * t->atoms.count + 1);
	struct pattern_edge *edges = talloc_array(b, struct pattern_edge, b->edges.count + 1);

	t->edge_count = 0;
	for (uint32_t i = 0; i < b->edges.count; i++) {
		struct pattern_edge edge = {keys[2 * i], keys[2 * i + 1], i + 2};

		if (edge.node < 2)
			begins[2 * edge.atom + edge.node] = edge.to;
		else
			edges[t->edge_count++] = edge;
	}
	qsort(edges, t->edge_count, sizeof *edges, by_node);
	node_new(b); /* where the edges of the last one end */
	for (uint32_t node = 0, edge = 0; node < t->node_count; node++) {
		while (edge < t->edge_count && edges[edge].node < node)
			edge++;
		b->nodes[node].edges = edge;
	}
	t->begins = begins;
	t->edges = edges;
	t->nodes = b->nodes;
}

const struct patterns *pattern_builder_tables(struct pattern_builder *b)
{
	struct patterns *t = &b->tables;

	t->group_count = b->groups.count;
	steps_sort(b, t);
	edges_sort(b, t);
	t->fires = b->fires;
	t->places = b->places;
	t->ends = b->ends;
	t->may_begin = b->may_begin;
	return t;
}

/* TERM as a text that it finds; words that may end anyhow have that ENDING. */
static char *term_sample(const void *ctx, const char *term, const char *ending)
{
	char *text = talloc_strdup(ctx, "");

	if (term[0] == '<')
		return talloc_strdup(ctx, "x@y.example");
	for (; *term != '\0'; term++)
		if (*term == '*')
			text = talloc_strdup_append_buffer(
			        text, (unsigned char)term[-1] < 0x80 ? ending : "");
		else if (*term != '"')
			text = talloc_strndup_append_buffer(text, term, 1);
	return text;
}

/* One of the terms of PART, the classes' among them, by NUMBER. */
static const char *term_at(
        struct pattern_builder *b, const char *file, const struct pattern_part *part, size_t number)
{
	void *scratch = talloc_new(NULL);
	const char **all = NULL;
	size_t count = 0;

	for (char **term = part->terms; *term != NULL; term++) {
		const char *name = class_name(scratch, *term);
		const struct class *class = name != NULL ? class_find(b, file, name) : NULL;
		char *const only[] = {*term, NULL};

		for (char *const *inner = class != NULL ? class->terms : only; *inner != NULL;
		        inner++) {
			all = array_grow(scratch, all, const char *, count);
			all[count++] = *inner;
		}
	}
	const char *found = count > 0 ? all[number % count] : "";

	talloc_free(scratch);
	return found;
}

char *pattern_row_sample(const void *ctx, struct pattern_builder *builder, const char *file,
        const struct pattern_row *row, size_t number, const char *ending, const char *filler)
{
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < row->count; i++) {
		const struct pattern_part *part = &row->parts[i];
		size_t words = part->gap == PATTERN_GAP_ANY ? 4 : part->gap / TOKEN_ROOM;

		while (i > 0 && words-- > 0)
			text = talloc_strdup_append_buffer(text, filler);
		text = talloc_asprintf_append_buffer(text, "%s ",
		        term_sample(ctx,
		                term_at(builder, file, part, number * (i + 1) + i * (number > 0)),
		                ending));
	}
	return text;
}
