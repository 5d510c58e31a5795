#include "knowledge/wording.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "knowledge/embedded.h"
#include "knowledge/wording-file.h"
#include "text/text.h"

static const char *const text_keys[] = {"name", "headline", "happened", "who", "do", "avoid", "sample", "brief", NULL};

/* A file that was read, so that none is read twice. */
struct cached {
	const char *source; /* of which */
	struct wording_text *text;
};

struct wording {
	char *language;
	struct problems *problems;
	struct sources *sources[2]; /* of the language and of English, in reading order */
	struct sources *common;     /* groups.txt */
	struct cached *cache;
	size_t cached;
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

static bool is_called(const struct source *source, const char *name)
{
	const char *base = strrchr(source->name, '/');
	size_t length = strlen(name);

	base = base != NULL ? base + 1 : source->name;
	return strncmp(base, name, length) == 0 && strcmp(base + length, ".txt") == 0;
}

static struct wording_text *read_cached(struct wording *wording, const struct source *source, const char *const *keys)
{
	size_t i;

	for (i = 0; i < wording->cached; i++)
		if (strcmp(wording->cache[i].source, source->name) == 0)
			return wording->cache[i].text;
	wording->cache = array_grow(wording, wording->cache, struct cached, wording->cached);
	wording->cache[wording->cached] =
	        (struct cached){source->name, wording_file_read(wording, source, keys, wording->problems)};
	return wording->cache[wording->cached++].text;
}

/* One after another: what the user's file has no word for is in ours, and what ours hasn't is in the English one. */
const struct wording_text *wording_text(struct wording *wording, const char *name)
{
	struct wording_text *first = NULL, *last = NULL, *text;
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < wording->sources[i]->count; j++) {
			text = is_called(&wording->sources[i]->list[j], name)
			               ? read_cached(wording, &wording->sources[i]->list[j], text_keys)
			               : NULL;
			if (text == NULL || text == last)
				continue;
			if (last == NULL)
				first = text;
			else if (last->next == NULL && text->next == NULL && text != first)
				last->next = text;
			last = text;
		}
	return first;
}

static const char *entry_of(const struct wording_text *text, const char *key)
{
	size_t i;

	for (i = 0; i < text->count; i++)
		if (strcmp(text->entries[i].key, key) == 0)
			return text->entries[i].text;
	return NULL;
}

/* The entry KEY of the first file NAME that has one. */
static const char *look_up(struct wording *wording, const char *name, const char *key)
{
	const char *found = NULL;
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; found == NULL && j < wording->sources[i]->count; j++)
			if (is_called(&wording->sources[i]->list[j], name))
				found = entry_of(read_cached(wording, &wording->sources[i]->list[j], NULL), key);
	return found;
}

const char *wording_label(struct wording *wording, const char *key)
{
	const char *label = look_up(wording, "labels", key);

	if (label == NULL)
		label = look_up(wording, "resend", key);
	if (label == NULL)
		label = look_up(wording, "lists", key);
	return label != NULL ? label : key;
}

/* The rules by which languages choose a form for a number, after those of gettext and CLDR. */
static const char *plural_form(const char *rule, unsigned long n)
{
	if (strcmp(rule, "one") == 0) /* English, German, Spanish, Italian */
		return n == 1 ? "one" : NULL;
	if (strcmp(rule, "zero-one") == 0) /* French, Portuguese of Brazil */
		return n < 2 ? "one" : NULL;
	if (strcmp(rule, "czech") == 0) /* and Slovak */
		return n == 1 ? "one" : n >= 2 && n <= 4 ? "few" : NULL;
	if (strcmp(rule, "polish") == 0 && n == 1)
		return "one";
	if (strcmp(rule, "slavic") == 0 && n % 10 == 1 && n % 100 != 11) /* Russian, Ukrainian, Serbian, Croatian */
		return "one";
	if ((strcmp(rule, "polish") == 0 || strcmp(rule, "slavic") == 0) && n % 10 >= 2 && n % 10 <= 4 &&
	        (n % 100 < 12 || n % 100 > 14))
		return "few";
	return NULL; /* "none": Japanese, Chinese, Korean */
}

/* The label KEY in the form for the number {count} among VALUES, if the language has one of its own for it. */
static const char *label_for_count(struct wording *wording, const char *key, const struct wording_value *values)
{
	const char *form = NULL, *label = NULL;
	char *with_form;

	for (; form == NULL && values != NULL && values->name != NULL; values++)
		if (strcmp(values->name, "count") == 0 && values->value != NULL)
			form = plural_form(wording_label(wording, "plural"), strtoul(values->value, NULL, 10));
	if (form == NULL)
		return wording_label(wording, key);
	with_form = talloc_asprintf(NULL, "%s-%s", key, form);
	label = wording_label(wording, with_form);
	label = label != with_form ? label : wording_label(wording, key);
	talloc_free(with_form);
	return label;
}

char *wording_label_with(const void *ctx, struct wording *wording, const char *key, const struct wording_value *values)
{
	return wording_fill(ctx, label_for_count(wording, key, values), values);
}

char *wording_say(const void *ctx, struct wording *wording, const char *key, const struct wording_value *values)
{
	char *filled = wording_label_with(ctx, wording, key, values);

	return filled != NULL ? filled : talloc_strdup(ctx, wording_label(wording, key));
}

void wording_status(struct wording *wording, const char *code, const char **class, const char **detail)
{
	char of_class[] = "class-?";

	*class = *detail = NULL;
	if (code == NULL || code[0] < '2' || code[0] > '5' || code[1] != '.')
		return;
	of_class[strlen(of_class) - 1] = code[0];
	*class = look_up(wording, "status", of_class);
	*detail = look_up(wording, "status", code + 2);
}

static bool matches_group(const char *patterns, const char *domain)
{
	char *list = talloc_strdup(NULL, patterns), *pattern, *rest = NULL;
	bool matches = false;

	for (pattern = strtok_r(list, " ", &rest); pattern != NULL && !matches; pattern = strtok_r(NULL, " ", &rest))
		matches = text_glob(pattern, domain);
	talloc_free(list);
	return matches;
}

bool wording_is_in(struct wording *wording, const char *groups, const char *domain)
{
	char *list = talloc_strdup(NULL, groups), *group, *rest = NULL;
	bool is_in = false;
	size_t i;

	for (group = strtok_r(list, " ", &rest); group != NULL && !is_in; group = strtok_r(NULL, " ", &rest))
		for (i = 0; i < wording->common->count && !is_in; i++) {
			const char *patterns = is_called(&wording->common->list[i], "groups")
			                               ? entry_of(read_cached(wording, &wording->common->list[i], NULL), group)
			                               : NULL;

			is_in = patterns != NULL && matches_group(patterns, domain);
		}
	talloc_free(list);
	return is_in;
}
