#include "knowledge/wording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/list.h"
#include "text/text.h"
#include "text/wrap.h"

/* The keys of a text about a reason or a kind of mail. */
static const char *const text_keys[] = {
        "name", "headline", "happened", "who", "do", "avoid", "sample", "brief", NULL};

struct entry {
	const char *key;
	char *text;         /* "" if there is none */
	const char *groups; /* of the `for` it stands behind; NULL: for all */
};

/* One file. */
struct page {
	const char *source; /* its name */
	struct entry *entries;
	size_t count;
};

struct wording_text {
	const char *name;
	struct page **pages; /* what one has no entry of, is looked for in the next */
	size_t count;
	struct wording_text *next; /* of those that were read */
};

struct wording {
	char *language;
	struct problems *problems;
	struct sources *sources[2]; /* of the language and of English, in reading order */
	struct sources *common;     /* groups.txt */
	struct wording_text *texts; /* that were read */
};

char **wording_languages(const void *ctx)
{
	return source_folders(ctx, "explain");
}

struct wording *wording_open(const void *ctx, const char *language, struct problems *problems)
{
	struct wording *wording = talloc_zero(ctx, struct wording);
	char *kind = talloc_asprintf(wording, "explain/%s", language);

	wording->language = talloc_strdup(wording, language);
	wording->problems = problems;
	wording->sources[0] = source_list(wording, kind, problems);
	wording->sources[1] = source_list(wording, "explain/en", problems);
	wording->common = source_list(wording, "explain", problems);
	return wording;
}

bool wording_speaks(const struct wording *wording, const char *language)
{
	return strcmp(wording->language, language) == 0;
}

/* Whether the last character of TEXT is one that is written without blanks between it and the next:
 * Chinese, Japanese, full-width punctuation. */
static bool ends_wide(const char *text)
{
	size_t length = strlen(text), start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	return start > 0 && start < length && wrap_is_solid(text + start - 1);
}

/* MORE behind the text of ENTRY. */
static void entry_go_on(const void *ctx, struct entry *entry, const char *more)
{
	bool wide = ends_wide(entry->text) && wrap_is_solid(more);

	entry->text = talloc_asprintf(
	        ctx, "%s%s%s", entry->text, wide || entry->text[0] == '\0' ? "" : " ", more);
}

/* SOURCE, whose lines belong to CTX then. KEYS: the keys there may be; NULL: any. */
static struct page *page_read(const void *ctx, const struct source *source, const char *const *keys,
        struct problems *problems)
{
	struct page *page = talloc_zero(ctx, struct page);
	struct source_lines lines = source_lines_of(page, source);
	const char *groups = NULL;
	char *line;

	page->source = source->name;
	while ((line = source_line_next(&lines)) != NULL) {
		size_t length = strcspn(line, " \t");
		char *rest = line + length + strspn(line + length, " \t");

		if (!lines.is_utf8 && !text_is_utf8(line, strlen(line))) {
			problems_add(problems, source->name, lines.number, "is not UTF-8");
		} else if (source_line_is_indented(&lines) && page->count > 0) {
			entry_go_on(page, &page->entries[page->count - 1], line);
		} else if (length == 3 && strncmp(line, "for", length) == 0) {
			groups = rest;
		} else if (line[length] = '\0', keys != NULL && !list_has(keys, line)) {
			problems_add(
			        problems, source->name, lines.number, "unknown key \"%s\"", line);
		} else {
			page->entries = array_grow(page, page->entries, struct entry, page->count);
			page->entries[page->count++] =
			        (struct entry){line, talloc_strdup(page, rest), groups};
		}
	}
	return page;
}

static void text_add_page(struct wording_text *text, const struct source *source,
        const char *const *keys, struct problems *problems)
{
	for (size_t i = 0; i < text->count; i++)
		if (strcmp(text->pages[i]->source, source->name) == 0)
			return; /* the language is English */
	text->pages = array_grow(text, text->pages, struct page *, text->count);
	text->pages[text->count++] = page_read(text, source, keys, problems);
}

struct wording_text *wording_text_read(
        const void *ctx, const struct source *source, struct problems *problems)
{
	struct wording_text *text = talloc_zero(ctx, struct wording_text);

	text_add_page(text, source, text_keys, problems);
	return text;
}

static bool is_called(const struct source *source, const char *name)
{
	const char *base = strrchr(source->name, '/');
	size_t length = strlen(name);

	base = base != NULL ? base + 1 : source->name;
	return strncmp(base, name, length) == 0 && strcmp(base + length, ".txt") == 0;
}

static void text_add_pages(struct wording *wording, struct wording_text *text,
        const struct sources *sources, const char *const *keys)
{
	for (size_t i = 0; i < sources->count; i++)
		if (is_called(&sources->list[i], text->name))
			text_add_page(text, &sources->list[i], keys, wording->problems);
}

/* The text called NAME, which may have these KEYS; one that was read is kept. */
static const struct wording_text *text_find(
        struct wording *wording, const char *name, const char *const *keys)
{
	struct wording_text *text = wording->texts;

	while (text != NULL && strcmp(text->name, name) != 0)
		text = text->next;
	if (text != NULL)
		return text;
	text = talloc_zero(wording, struct wording_text);
	text->name = talloc_strdup(text, name);
	text->next = wording->texts;
	wording->texts = text;
	text_add_pages(wording, text, wording->sources[0], keys);
	text_add_pages(wording, text, wording->sources[1], keys);
	text_add_pages(wording, text, wording->common, keys);
	return text;
}

const struct wording_text *wording_text(struct wording *wording, const char *name)
{
	const struct wording_text *text = text_find(wording, name, text_keys);

	return text->count > 0 ? text : NULL;
}

/* The first entry KEY of the text NAME; NULL if it has none. */
static const char *look_up(struct wording *wording, const char *name, const char *key)
{
	const struct wording_text *text = text_find(wording, name, NULL);

	for (size_t i = 0; i < text->count; i++)
		for (size_t j = 0; j < text->pages[i]->count; j++)
			if (strcmp(text->pages[i]->entries[j].key, key) == 0)
				return text->pages[i]->entries[j].text;
	return NULL;
}

const char *wording_label(struct wording *wording, const char *key)
{
	static const char *const names[] = {"labels", "resend", "lists", "setup", "help"};
	const char *label = NULL;

	for (size_t i = 0; label == NULL && i < sizeof names / sizeof *names; i++)
		label = look_up(wording, names[i], key);
	return label != NULL ? label : key;
}

/* Arguments of a message that is said. */
#define ARGUMENTS_MAX 8

/* What FORMAT takes, a letter for each argument (z: %zu), into KINDS. False: there is something else
 * in it than %s, %d, %u, %zu and %%, or the first four with a number (%2$s) in all of them. */
static bool format_read(const char *format, char kinds[ARGUMENTS_MAX])
{
	size_t count = 0, numbered = 0;

	memset(kinds, '\0', ARGUMENTS_MAX);
	while ((format = strchr(format, '%')) != NULL) {
		size_t place = count;

		if (*++format == '%') {
			format++;
			continue;
		}
		if (*format >= '1' && *format <= '9' && format[1] == '$') {
			place = (size_t)(*format - '1');
			format += 2;
			numbered++;
		}
		count++;
		if (place >= ARGUMENTS_MAX || kinds[place] != '\0' ||
		        (numbered > 0 && numbered < count))
			return false;
		kinds[place] = *format == 'z' && format[1] != 'u' ? '?' : *format;
		if (*format == '\0' || strchr("sduz", kinds[place]) == NULL)
			return false;
		format++;
	}
	return true;
}

const char *wording_message(struct wording *wording, const char *english)
{
	const struct wording_text *text = text_find(wording, "messages", NULL);
	char wanted[ARGUMENTS_MAX], found[ARGUMENTS_MAX];

	for (size_t i = 0; i < text->count; i++)
		for (size_t j = 1; j < text->pages[i]->count; j++) {
			const struct entry *entry = &text->pages[i]->entries[j];

			if (strcmp(entry[-1].key, "en") == 0 &&
			        strcmp(entry[-1].text, english) == 0 &&
			        format_read(english, wanted) && format_read(entry->text, found) &&
			        memcmp(wanted, found, sizeof wanted) == 0)
				return entry->text;
		}
	return english;
}

/* The rules by which languages choose a form for a number, after those of gettext and CLDR. */
static const char *plural_form(const char *rule, unsigned long n)
{
	if (strcmp(rule, "one") == 0) /* English, German, Spanish, Italian */
		return n == 1 ? "one" : NULL;
	if (strcmp(rule, "zero-one") == 0) /* French, Portuguese of Brazil */
		return n < 2 ? "one" : NULL;
	if (strcmp(rule, "czech") == 0 && n >= 2 && n <= 4) /* and Slovak */
		return "few";
	if (strcmp(rule, "czech") == 0 || strcmp(rule, "polish") == 0)
		if (n == 1)
			return "one";
	if (strcmp(rule, "slavic") == 0 && n % 10 == 1 &&
	        n % 100 != 11) /* Russian, Ukrainian, Serbian, Croatian */
		return "one";
	if ((strcmp(rule, "polish") == 0 || strcmp(rule, "slavic") == 0) && n % 10 >= 2 &&
	        n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14))
		return "few";
	return NULL; /* "none": Japanese, Chinese, Korean */
}

/* The value of the placeholder called LENGTH bytes of NAME; NULL: not known. */
static const char *value_of(const struct wording_value *values, const char *name, size_t length)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strncmp(values->name, name, length) == 0 && values->name[length] == '\0')
			return values->value;
	return NULL;
}

/* The label KEY in the form for the number {count} among VALUES, if the language has one of its own
 * for it. */
static const char *label_for_count(
        struct wording *wording, const char *key, const struct wording_value *values)
{
	const char *count = value_of(values, "count", 5);
	const char *form = count != NULL ? plural_form(wording_label(wording, "plural"),
	                                           strtoul(count, NULL, 10))
	                                 : NULL;
	char *with_form;
	const char *label;

	if (form == NULL)
		return wording_label(wording, key);
	with_form = talloc_asprintf(NULL, "%s-%s", key, form);
	label = wording_label(wording, with_form);
	label = label != with_form ? label : wording_label(wording, key);
	talloc_free(with_form);
	return label;
}

char *wording_fill(const void *ctx, const char *text, const struct wording_value *values)
{
	struct buffer buffer = buffer_new(ctx);
	const char *open, *close;

	while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		const char *value = value_of(values, open + 1, (size_t)(close - open - 1));

		if (value == NULL)
			return NULL;
		buffer_add(&buffer, text, (size_t)(open - text));
		buffer_add_string(&buffer, value);
		text = close + 1;
	}
	buffer_add_string(&buffer, text);
	return buffer_text(&buffer);
}

char *wording_label_with(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values)
{
	return wording_fill(ctx, label_for_count(wording, key, values), values);
}

char *wording_say(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values)
{
	char *filled = wording_label_with(ctx, wording, key, values);

	return filled != NULL ? filled : talloc_strdup(ctx, wording_label(wording, key));
}

void wording_status(
        struct wording *wording, const char *code, const char **class, const char **detail)
{
	char of_class[] = "class-?";

	*class = *detail = NULL;
	if (code == NULL || code[0] < '2' || code[0] > '5' || code[1] != '.')
		return;
	of_class[strlen(of_class) - 1] = code[0];
	*class = look_up(wording, "status", of_class);
	*detail = look_up(wording, "status", code + 2);
}

/* Whether a word of LIST, which are separated by blanks, is what IS_IT says of it. */
static bool any_word(const char *list, bool (*is_it)(const void *argument, const char *word),
        const void *argument)
{
	char *copy = talloc_strdup(NULL, list), *word, *rest = NULL;
	bool found = false;

	for (word = strtok_r(copy, " ", &rest); word != NULL && !found;
	        word = strtok_r(NULL, " ", &rest))
		found = is_it(argument, word);
	talloc_free(copy);
	return found;
}

static bool is_domain(const void *domain, const char *glob)
{
	return text_glob(glob, domain);
}

static bool is_known_value(const void *values, const char *name)
{
	return value_of(values, name, strlen(name)) != NULL;
}

struct question {
	struct wording *wording;
	const char *key, *domain;
	const struct wording_value *values;
};

static bool is_group(const void *question, const char *group)
{
	const struct question *asked = question;
	const struct wording_text *groups = text_find(asked->wording, "groups", NULL);

	for (size_t i = 0; i < groups->count; i++)
		for (size_t j = 0; j < groups->pages[i]->count; j++) {
			const struct entry *entry = &groups->pages[i]->entries[j];

			if (strcmp(entry->key, group) == 0 &&
			        any_word(entry->text, is_domain, asked->domain))
				return true;
		}
	return false;
}

bool wording_is_in(struct wording *wording, const char *groups, const char *domain)
{
	const struct question question = {.wording = wording, .domain = domain};

	return any_word(groups, is_group, &question);
}

/* Whether ENTRY holds in the case asked about. */
static bool is_meant(const struct question *asked, const struct entry *entry)
{
	if (strcmp(entry->key, asked->key) != 0)
		return false;
	return entry->groups == NULL || any_word(entry->groups, is_known_value, asked->values) ||
	       (asked->domain != NULL &&
	               wording_is_in(asked->wording, entry->groups, asked->domain));
}

/* The entries of TEXT that hold, of the first page that has any: those for a group or a case, which
 * are *SPECIAL many, before those for all. NULL-terminated, owned by CTX. */
static const struct entry **entries_find(const void *ctx, const struct wording_text *text,
        const struct question *asked, size_t *special)
{
	const struct entry **found = NULL;
	size_t count = 0;

	for (size_t i = 0; text != NULL && count == 0 && i < text->count; i++) {
		const struct page *page = text->pages[i];

		found = talloc_zero_array(ctx, const struct entry *, (unsigned)page->count + 1);
		for (int for_all = 0; for_all < 2; for_all++) {
			for (size_t j = 0; j < page->count; j++)
				if ((page->entries[j].groups == NULL) == for_all &&
				        is_meant(asked, &page->entries[j]))
					found[count++] = &page->entries[j];
			*special = for_all ? *special : count;
		}
	}
	return found != NULL ? found : talloc_zero_array(ctx, const struct entry *, 1);
}

char **wording_all(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	const struct question asked = {wording, key, domain, values};
	char **list = list_new(ctx);
	size_t count = 0, special;

	for (const struct entry **entry = entries_find(list, text, &asked, &special);
	        *entry != NULL; entry++) {
		const char *filled = wording_fill(list, (*entry)->text, values);

		if (filled != NULL)
			list_add(ctx, &list, &count, filled);
	}
	return list;
}

char *wording_first(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	char **all = wording_all(ctx, wording, text, key, domain, values);

	return all[0];
}

char **wording_letter(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	const struct question asked = {wording, key, domain, values};
	char **list = list_new(ctx);
	size_t count = 0, special = 0;
	const struct entry **entries = entries_find(list, text, &asked, &special);

	for (size_t i = 0; entries[i] != NULL && (special == 0 || i < special); i++) {
		const char *filled = wording_fill(list, entries[i]->text, values);

		if (i == 0 && filled == NULL)
			return list;
		if (filled != NULL)
			list_add(ctx, &list, &count, filled);
	}
	return list;
}

char *wording_name(const void *ctx, struct wording *wording, const char *tag, const char *domain)
{
	char *name = wording_first(ctx, wording, wording_text(wording, tag), "name", domain, NULL);

	return name != NULL ? name : talloc_strdup(ctx, tag);
}

/* `you (address)` is the label who-you-address: the English words are the names of those in all
 * languages. */
const char *wording_who(const void *ctx, struct wording *wording, enum reason reason)
{
	const char *who = reason_who(reason), *label;
	struct buffer key = buffer_new(ctx);

	buffer_add_string(&key, "who");
	for (const char *p = who; *p != '\0'; p++)
		if (isalpha((unsigned char)*p))
			buffer_print(&key, "%s%c",
			        p == who || !isalpha((unsigned char)p[-1]) ? "-" : "", *p);
	label = wording_label(wording, key.text);
	/* an own file may lack it in English too; `-` is the same in all */
	return label != key.text ? label : who;
}
