#include "knowledge/pattern-builder.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "text/text.h"

/* The room that `..` stands for, in words; and the most that may be asked for. */
#define GAP_DEFAULT 3
#define GAP_MAX 20

struct class {
	const char *name;
	struct pattern_source at;
	char **terms; /* of all classes in it as well, NULL-terminated */
	uint32_t group; /* as number + 1; 0: no step needed it yet */
	bool is_used;
};

/* A term that is a step by itself, and its group; or a step behind another (its key begins with '\n'), and its place. */
struct single {
	char *term;
	uint32_t group;
};

/* A step of a group, and the one found before it. */
struct linked_step {
	struct pattern_step step;
	uint32_t next; /* as index + 1 */
};

struct pattern_builder {
	struct problems *problems;
	struct class *classes;
	size_t class_count;
	struct single *singles; /* by hash */
	size_t single_count, single_room;

	char *pool;
	struct pattern_atom *atoms;
	uint32_t *atom_table;
	struct pattern_node *nodes;
	struct pattern_edge *edges;
	struct pattern_fire *fires;
	struct pattern_literal *literals;
	uint32_t *last_step; /* by group, as index + 1 */
	struct linked_step *linked;
	struct pattern_place *places;
	struct pattern_end *ends;
	uint32_t open_lengths[256];
	uint32_t edge_count, pool_room;
	struct patterns tables; /* the counts, and where the arrays are once somebody asks */
};

/* One more element at the end of a list of the builder. */
#define builder_add(b, list, type, count) \
	(*((b)->list = array_grow(b, (b)->list, type, (b)->tables.count), &(b)->list[(b)->tables.count++]))

struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems)
{
	struct pattern_builder *b = talloc_zero(ctx, struct pattern_builder);

	b->problems = problems;
	builder_add(b, nodes, struct pattern_node, node_count) = (struct pattern_node){0};
	builder_add(b, nodes, struct pattern_node, node_count) = (struct pattern_node){0};
	b->tables.atom_room = b->tables.edge_room = 64;
	b->single_room = 64;
	b->atom_table = talloc_zero_size(b, 64 * sizeof *b->atom_table);
	b->edges = talloc_zero_size(b, 64 * sizeof *b->edges);
	b->singles = talloc_zero_size(b, 64 * sizeof *b->singles);
	return b;
}

/* LENGTH bytes of TEXT at the end of the pool. */
static uint32_t pool_add(struct pattern_builder *b, const char *text, size_t length)
{
	uint32_t at = b->tables.pool_length;

	if (at + length > b->pool_room) {
		b->pool_room = 2 * b->pool_room + (uint32_t)length + 1024;
		b->pool = talloc_realloc_size(b, b->pool, b->pool_room);
	}
	memcpy(b->pool + at, text, length);
	b->tables.pool_length += (uint32_t)length;
	return at;
}

static void atom_insert(struct pattern_builder *b, uint32_t number)
{
	const struct pattern_atom *atom = &b->atoms[number];
	uint32_t mask = b->tables.atom_room - 1, at = pattern_hash(b->pool + atom->text, atom->length, atom->is_open) & mask;

	while (b->atom_table[at] != 0)
		at = (at + 1) & mask;
	b->atom_table[at] = number + 1;
}

static void atom_table_grow(struct pattern_builder *b)
{
	b->tables.atom_room *= 2;
	talloc_free(b->atom_table);
	b->atom_table = talloc_zero_size(b, b->tables.atom_room * sizeof *b->atom_table);
	for (uint32_t i = 0; i < b->tables.atom_count; i++)
		atom_insert(b, i);
}

/* The number of the atom, made if there is none yet. */
static uint32_t atom_number(struct pattern_builder *b, const char *word, size_t length, bool is_open)
{
	uint32_t mask = b->tables.atom_room - 1;

	is_open = is_open && length < 32;
	for (uint32_t at = pattern_hash(word, length, is_open) & mask, i; (i = b->atom_table[at]) != 0; at = (at + 1) & mask) {
		const struct pattern_atom *atom = &b->atoms[i - 1];

		if (atom->length == length && atom->is_open == is_open && memcmp(b->pool + atom->text, word, length) == 0)
			return i - 1;
	}
	if (is_open)
		b->open_lengths[(unsigned char)word[0]] |= 1u << length;
	builder_add(b, atoms, struct pattern_atom, atom_count) =
	        (struct pattern_atom){pool_add(b, word, length), (uint16_t)length, is_open};
	if (2 * b->tables.atom_count > b->tables.atom_room)
		atom_table_grow(b);
	else
		atom_insert(b, b->tables.atom_count - 1);
	return b->tables.atom_count - 1;
}

static void edge_insert(struct pattern_builder *b, const struct pattern_edge *edge)
{
	uint32_t mask = b->tables.edge_room - 1, at = pattern_edge_hash(edge->node, edge->atom) & mask;

	while (b->edges[at].to != 0)
		at = (at + 1) & mask;
	b->edges[at] = *edge;
}

static void edges_grow(struct pattern_builder *b)
{
	struct pattern_edge *old = b->edges;
	uint32_t room = b->tables.edge_room;

	b->tables.edge_room *= 2;
	b->edges = talloc_zero_size(b, b->tables.edge_room * sizeof *b->edges);
	for (uint32_t i = 0; i < room; i++)
		if (old[i].to != 0)
			edge_insert(b, &old[i]);
	talloc_free(old);
}

/* The node behind ATOM at NODE, made if there is none yet. */
static uint32_t node_behind(struct pattern_builder *b, uint32_t node, uint32_t atom)
{
	uint32_t mask = b->tables.edge_room - 1;

	for (uint32_t at = pattern_edge_hash(node, atom) & mask; b->edges[at].to != 0; at = (at + 1) & mask)
		if (b->edges[at].node == node && b->edges[at].atom == atom)
			return b->edges[at].to;
	if (2 * ++b->edge_count > b->tables.edge_room)
		edges_grow(b);
	builder_add(b, nodes, struct pattern_node, node_count) = (struct pattern_node){0};
	b->nodes[node].has_edges = true;
	edge_insert(b, &(struct pattern_edge){node, atom, b->tables.node_count - 1});
	return b->tables.node_count - 1;
}

static void fire_add(struct pattern_builder *b, uint32_t node, uint32_t group, uint32_t literal)
{
	builder_add(b, fires, struct pattern_fire, fire_count) = (struct pattern_fire){group, literal, b->nodes[node].fires};
	b->nodes[node].fires = b->tables.fire_count;
}

static bool complain(struct pattern_builder *b, const struct pattern_source *at, const char *what, const char *expected)
{
	problems_add(b->problems, at->file, at->line, "\"%s\": %s", what, expected);
	return false;
}

static bool is_named_other(const char *term)
{
	return list_has((const char *const[]){"<address>", "<host>", "<url>", "<ip>", "<number>", NULL}, term);
}

/* TERM without its stars, whose places are noted: a bit in OPEN for the byte that one stands behind. */
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
static bool words_insert(struct pattern_builder *b, const struct pattern_source *at, const char *term, uint32_t group)
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
		if (t->kind == TOKEN_OTHER || (t->kind == TOKEN_NUMBER && memchr(t->word, '.', t->length) != NULL))
			return complain(b, at, term,
			        "addresses, hosts, long numbers and codes are no words: expected a guard like status 5.1.1, or quotes around them");
		if (t->from > (i > 0 ? tokens->words[i - 1].to : 0))
			return complain(b, at, term, "a sentence ends in it, and no pattern reaches beyond: expected quotes around it");
		node = node_behind(b, node, atom_number(b, t->word, t->length, is_open && t->kind == TOKEN_WORD));
	}
	if (stars != 0)
		return complain(b, at, term, "expected a * only at the end of a word");
	talloc_free(folded);
	fire_add(b, node, group, 0);
	return true;
}

/* A literal, without its quotes: with all its signs. IS_OPEN: its last word may go on. */
static bool literal_insert(struct pattern_builder *b, const struct pattern_source *at, const char *text, bool is_open, uint32_t group)
{
	char *folded = text_fold(b->problems, text, strlen(text));
	const struct tokens *tokens = tokens_read(folded, folded, strlen(folded));
	size_t length = strlen(folded), count = tokens->run_count;
	uint32_t node = 1;

	if (count == 0)
		return complain(b, at, text, "expected letters or digits");
	for (size_t i = 0; i < count; i++) {
		const struct token *run = &tokens->runs[i];
		bool goes_on = is_open && i + 1 == count && run->end == length && (unsigned char)run->word[0] < 0x80;

		node = node_behind(b, node, atom_number(b, run->word, run->length, goes_on));
	}
	builder_add(b, literals, struct pattern_literal, literal_count) =
	        (struct pattern_literal){pool_add(b, folded, length), (uint16_t)length, (uint16_t)tokens->runs[0].start};
	fire_add(b, node, group, b->tables.literal_count);
	talloc_free(folded);
	return true;
}

/* A term as written: "literal", <address>, or words. */
static bool term_insert(struct pattern_builder *b, const struct pattern_source *at, const char *term, uint32_t group)
{
	size_t length = strlen(term);

	if (term[0] == '"') {
		bool is_open = length > 2 && term[length - 2] == '*';
		char *text = talloc_strndup(b->problems, term + 1, length - 2 - is_open);

		return literal_insert(b, at, text, is_open, group);
	}
	if (is_named_other(term)) {
		fire_add(b, node_behind(b, 0, atom_number(b, term, length, false)), group, 0);
		return true;
	}
	return words_insert(b, at, term, group);
}

static uint32_t group_new(struct pattern_builder *b)
{
	builder_add(b, last_step, uint32_t, group_count) = 0;
	return b->tables.group_count - 1;
}

static struct single *single_find(struct pattern_builder *b, const char *term)
{
	size_t mask = b->single_room - 1, at = pattern_hash(term, strlen(term), false) & mask;

	while (b->singles[at].term != NULL && strcmp(b->singles[at].term, term) != 0)
		at = (at + 1) & mask;
	return &b->singles[at];
}

static void singles_grow(struct pattern_builder *b)
{
	struct single *old = b->singles;
	size_t room = b->single_room;

	b->single_room *= 2;
	b->singles = talloc_zero_size(b, b->single_room * sizeof *b->singles);
	for (size_t i = 0; i < room; i++)
		if (old[i].term != NULL)
			*single_find(b, old[i].term) = old[i];
	talloc_free(old);
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
		if (class->at.is_shared && (found == NULL || (found->at.is_foreign && !class->at.is_foreign)))
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

/* The group of a class, made when a step needs it first. */
static bool class_group(struct pattern_builder *b, const struct pattern_source *at, const char *name, uint32_t *group)
{
	struct class *class = class_find(b, at->file, name);

	if (class == NULL)
		return complain(b, at, name, "is no class: expected one that a `word` line has named");
	class->is_used = true;
	if (class->group == 0) {
		class->group = group_new(b) + 1;
		for (char **term = class->terms; *term != NULL; term++)
			if (!term_insert(b, &class->at, *term, class->group - 1))
				return false;
	}
	*group = class->group - 1;
	return true;
}

static bool term_group(struct pattern_builder *b, const struct pattern_source *at, const char *term, uint32_t *group)
{
	char *name = class_name(b->problems, term);
	struct single *single;

	if (name != NULL)
		return class_group(b, at, name, group);
	single = single_find(b, term);
	if (single->term == NULL) {
		*single = (struct single){talloc_strdup(b, term), group_new(b)};
		*group = single->group;
		if (2 * ++b->single_count > b->single_room)
			singles_grow(b);
		return term_insert(b, at, term, *group);
	}
	*group = single->group;
	return true;
}

/* The terms of a class, NULL-terminated; NULL if there is no such class. FILE sees its own before those for all. */
static char **pattern_builder_terms(struct pattern_builder *b, const char *file, const char *name)
{
	const struct class *class = class_find(b, file, name);

	return class != NULL ? class->terms : NULL;
}

void pattern_builder_check(struct pattern_builder *b)
{
	for (size_t i = 0; i < b->class_count; i++)
		if (!b->classes[i].is_used && !b->classes[i].at.is_foreign)
			complain(b, &b->classes[i].at, b->classes[i].name, "no rule uses this class");
}

/* Where the alternatives at TEXT end: at a blank that is not between quotes. NULL if a quote stays open. */
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

static void swap(size_t *a, size_t *b)
{
	size_t kept = *a;

	*a = *b;
	*b = kept;
}

/* The next way to order COUNT numbers. False after the last. */
static bool order_next(size_t *order, size_t count)
{
	size_t i = count - 1, j = count - 1;

	while (i > 0 && order[i - 1] >= order[i])
		i--;
	if (i == 0)
		return false;
	while (order[j] <= order[i - 1])
		j--;
	swap(&order[i - 1], &order[j]);
	for (j = count - 1; i < j; i++, j--)
		swap(&order[i], &order[j]);
	return true;
}

/* The COUNT sets of terms behind each row, in any order, near each other. */
static bool rows_append_any_order(struct pattern_rows *rows, char **sets[], size_t count)
{
	size_t order[4] = {0, 1, 2, 3}, before = rows->count;
	struct pattern_rows *old = talloc_memdup(NULL, rows, sizeof *rows);
	bool fits = true;

	rows->count = 0;
	do {
		for (size_t i = 0; fits && i < before; i++) {
			if ((fits = rows->count < PATTERN_ROWS_MAX) == false)
				break;
			struct pattern_row *row = &rows->list[rows->count++];

			*row = old->list[i];
			for (size_t k = 0; fits && k < count; k++)
				fits = row_append(row, sets[order[k]], k > 0 ? GAP_DEFAULT * TOKEN_ROOM : 0);
		}
	} while (fits && order_next(order, count));
	talloc_free(old);
	return fits;
}

bool pattern_builder_class(
        struct pattern_builder *b, const struct pattern_source *at, const char *name, const char *members)
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
		char *word = talloc_strndup(b, item.text, item.length), *other = class_name(b->problems, word);

		if (!is_term(word))
			return complain(b, at, word, "expected words, <class> or \"literal\"");
		if (other == NULL) {
			list_add(b, &class.terms, &count, word);
			continue;
		}
		struct class *inner = class_find(b, at->file, other);

		if (inner == NULL)
			return complain(b, at, other, "is no class: expected one that was named before");
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
		if (count == 4 || (sets[count++] = alternatives_read(parse->ctx, item.text, item.length)) == NULL)
			return parse_fails(parse, "expected two to four words within { }");
	}
	if (count < 2)
		return parse_fails(parse, "expected two to four words within { }");
	return rows_append_any_order(parse->rows, sets, count) || parse_fails(parse, "too many ways to read it: expected fewer [ ] and { }");
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
	terms = alternatives_read(parse->ctx, item->text + may_miss, item->length - 2 * (size_t)may_miss);
	if (terms == NULL)
		return parse_fails(parse, "expected words, a|b, <class>, [a], {a b}, .. or \"literal\"");
	return rows_append(parse->rows, terms, may_miss) || parse_fails(parse, "too long, or too many ways to read it: expected fewer [ ] and { }");
}

static bool rows_are_whole(const struct pattern_rows *rows, const char *text)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].count == 0 || rows->list[i].gap > 0)
			return false;
	return strncmp(text, "..", 2) != 0;
}

bool pattern_rows_read(const void *ctx, struct pattern_builder *builder, const struct pattern_source *at, const char *text,
        struct pattern_rows *rows)
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
	return rows_are_whole(rows, parse.text) || parse_fails(&parse, "expected words before and behind .., and more than what may be missing");
}

bool pattern_rows_read_phrase(const void *ctx, struct pattern_builder *builder, const struct pattern_source *at, const char *text,
        struct pattern_rows *rows)
{
	struct pattern_parse parse = {ctx, builder, at, text, rows};
	char *copy = talloc_strdup(ctx, text), *save = NULL;

	rows->count = 1;
	rows->list[0] = (struct pattern_row){.count = 0};
	for (char *part = strtok_r(copy, "*", &save); part != NULL; part = strtok_r(NULL, "*", &save)) {
		char **terms = list_new(ctx);
		size_t count = 0, length;
		bool is_whole;

		part += strspn(part, " \t%");
		length = strlen(part);
		is_whole = length > 0 && strchr(" \t%", part[length - 1]) != NULL;
		while (length > 0 && strchr(" \t%", part[length - 1]) != NULL)
			length--;
		if (length == 0)
			continue;
		list_add(ctx, &terms, &count, talloc_asprintf(ctx, "\"%.*s%s\"", (int)length, part, is_whole ? "" : "*"));
		if (!row_append(&rows->list[0], terms, rows->list[0].count > 0 ? PATTERN_GAP_ANY : 0))
			return parse_fails(&parse, "is too long");
	}
	return rows->list[0].count > 0 || parse_fails(&parse, "nothing behind phrase: expected words of a server");
}

static bool is_plain(const struct pattern_part *part)
{
	return part->terms[0] != NULL && part->terms[1] == NULL && part->terms[0][0] != '"' && part->terms[0][0] != '<';
}

/* Words one after another are one term: as they may be written in one. */
static void row_merge(const void *ctx, struct pattern_row *row)
{
	size_t kept = 0;

	for (size_t i = 0; i < row->count; i++) {
		struct pattern_part *last = kept > 0 ? &row->parts[kept - 1] : NULL;

		if (last != NULL && row->parts[i].gap == 0 && is_plain(last) && is_plain(&row->parts[i])) {
			char **terms = list_new(ctx);
			size_t count = 0;

			list_add(ctx, &terms, &count, talloc_asprintf(ctx, "%s %s", last->terms[0], row->parts[i].terms[0]));
			last->terms = terms;
		} else {
			row->parts[kept++] = row->parts[i];
		}
	}
	row->count = kept;
}

/* The groups of PART as a text, for telling equal steps from others; NULL if something is wrong in it. */
static char *part_groups(struct pattern_builder *b, const struct pattern_source *at, const struct pattern_part *part)
{
	char *text = talloc_strdup(b->problems, "");

	for (char **term = part->terms; *term != NULL; term++) {
		uint32_t group;

		if (!term_group(b, at, *term, &group))
			return NULL;
		text = talloc_asprintf_append_buffer(text, "%u ", group);
	}
	return text;
}

/* The step GROUPS (as part_groups() has them) that may stand GAP behind the step BEFORE, made if there is none yet. As number + 1. */
static uint32_t place_behind(struct pattern_builder *b, uint32_t before, uint16_t gap, const char *groups)
{
	char *key = talloc_asprintf(b, "\n%u %u %s", before, gap, groups), *behind;
	struct single *single = single_find(b, key);

	if (single->term != NULL) {
		talloc_free(key);
		return single->group;
	}
	builder_add(b, places, struct pattern_place, place_count) = (struct pattern_place){0};
	*single = (struct single){key, b->tables.place_count};
	for (; *groups != '\0'; groups = behind + 1) {
		uint32_t group = (uint32_t)strtoul(groups, &behind, 10);

		builder_add(b, linked, struct linked_step, step_count) =
		        (struct linked_step){{b->tables.place_count - 1, before, gap}, b->last_step[group]};
		b->last_step[group] = b->tables.step_count;
	}
	if (2 * ++b->single_count > b->single_room)
		singles_grow(b);
	if (before != 0)
		b->places[before - 1].goes_on = true;
	return b->tables.place_count;
}

static bool row_insert(struct pattern_builder *b, const struct pattern_source *at, const struct pattern_row *row, uint32_t pattern)
{
	uint32_t place = 0;

	for (size_t i = 0; i < row->count; i++) {
		const char *groups = part_groups(b, at, &row->parts[i]);

		if (groups == NULL)
			return false;
		place = place_behind(b, place, i > 0 ? row->parts[i].gap : 0, groups);
	}
	builder_add(b, ends, struct pattern_end, end_count) = (struct pattern_end){pattern, b->places[place - 1].ends};
	b->places[place - 1].ends = b->tables.end_count;
	return true;
}

uint32_t pattern_builder_next(struct pattern_builder *b)
{
	return b->tables.pattern_count;
}

bool pattern_builder_add(struct pattern_builder *b, const struct pattern_source *at, const struct pattern_rows *rows)
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

/* The steps of each group beside each other. */
static void steps_sort(struct pattern_builder *b, struct patterns *t)
{
	struct pattern_group *groups = talloc_zero_size(b, (t->group_count + 1) * sizeof *groups);
	struct pattern_step *steps = talloc_zero_size(b, (t->step_count + 1) * sizeof *steps);
	uint32_t count = 0;

	for (uint32_t group = 0; group < t->group_count; group++) {
		groups[group].steps = count;
		for (uint32_t i = b->last_step[group]; i != 0; i = b->linked[i - 1].next)
			steps[count++] = b->linked[i - 1].step;
	}
	groups[t->group_count].steps = count;
	t->groups = groups;
	t->steps = steps;
}

const struct patterns *pattern_builder_tables(struct pattern_builder *b)
{
	struct patterns *t = &b->tables;

	steps_sort(b, t);

	t->pool = b->pool;
	t->atoms = b->atoms;
	t->atom_table = b->atom_table;
	t->nodes = b->nodes;
	t->edges = b->edges;
	t->fires = b->fires;
	t->literals = b->literals;
	t->places = b->places;
	t->ends = b->ends;
	t->open_lengths = b->open_lengths;
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
			text = talloc_strdup_append_buffer(text, (unsigned char)term[-1] < 0x80 ? ending : "");
		else if (*term != '"')
			text = talloc_strndup_append_buffer(text, term, 1);
	return text;
}

/* One of the terms of PART, the classes' among them, by NUMBER. */
static const char *term_at(struct pattern_builder *builder, const char *file, const struct pattern_part *part, size_t number)
{
	size_t count = 0;

	for (int pass = 0; pass < 2; pass++) {
		size_t wanted = count > 0 ? number % count : 0, at = 0;

		for (char **term = part->terms; *term != NULL; term++) {
			char *name = talloc_strndup(NULL, *term + 1, strlen(*term) > 2 ? strlen(*term) - 2 : 0);
			char **inner = (*term)[0] == '<' ? pattern_builder_terms(builder, file, name) : NULL;

			talloc_free(name);
			for (size_t i = 0; inner != NULL ? inner[i] != NULL : i == 0; i++, at++)
				if (pass == 1 && at == wanted)
					return inner != NULL ? inner[i] : *term;
		}
		count = at;
	}
	return "";
}

char *pattern_row_sample(const void *ctx, struct pattern_builder *builder, const char *file, const struct pattern_row *row, size_t number,
        const char *ending, const char *filler)
{
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < row->count; i++) {
		const struct pattern_part *part = &row->parts[i];
		size_t words = part->gap == PATTERN_GAP_ANY ? 4 : part->gap / TOKEN_ROOM;

		while (i > 0 && words-- > 0)
			text = talloc_strdup_append_buffer(text, filler);
		text = talloc_asprintf_append_buffer(
		        text, "%s ", term_sample(ctx, term_at(builder, file, part, number * (i + 1) + i * (number > 0)), ending));
	}
	return text;
}
