#include "knowledge/wording.h"

#include <ctype.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/date.h"
#include "base/list.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* The keys of a text about a reason or a kind of mail. */
static const char *const text_keys[] = {
        "name", "headline", "happened", "who", "do", "avoid", "sample", "brief", NULL};

struct entry {
	const char *key;
	char *text;
	const char *groups; /* of the `for` before it; NULL: for all */
	const char *file;
};

struct wording_text {
	const char *name;
	struct entry *entries; /* file by file: what one lacks is searched for in the next */
	size_t count;
	struct wording_text *next; /* the next of those that were read */
};

struct wording {
	char *language;
	struct problems *problems;
	const struct sources *sources; /* of the language, of English, and of all languages */
	struct wording_text *texts;    /* the texts that were read */
};

/* Returns the one of CHOICES that LOCALE, `ja` or `ja_JP.UTF-8`, asks for; NULL if there is
 * none. */
static const char *language_find(const char *locale, const char *const *choices)
{
	size_t length = strcspn(locale, "_-.@");

	for (; *choices != NULL; choices++)
		if (strncmp(*choices, locale, length) == 0 && (*choices)[length] == '\0')
			return *choices;
	return NULL;
}

const char *wording_choose(const char *option, const char *setting, const char *const *choices)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	if (option != NULL || setting != NULL)
		return language_find(option != NULL ? option : setting, choices);
	/* Only the first that is set counts: LC_ALL=C asks for English, whatever LANG is. */
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *wanted = getenv(variables[i]);

		if (wanted == NULL || wanted[0] == '\0')
			continue;
		const char *found = language_find(wanted, choices);

		return found != NULL ? found : "en";
	}
	return "en";
}

const char *wording_language_of(const char *text)
{
	const char *end = text != NULL ? text + strlen(text) : NULL, *found = NULL;
	uint32_t c = 0;

	for (; text != NULL && text < end; text++) {
		if (utf8_decode(text, end, &c) == 0)
			continue;
		if (c >= 0x3041 && c <= 0x30FF)
			return "ja"; /* kana: nobody else has it */
		if ((c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF))
			return "ko";
		if (c >= 0x4E00 && c <= 0x9FFF)
			found = "zh"; /* unless kana follows */
	}
	return found;
}

struct wording *wording_of(const void *ctx, const char *language, const struct sources *sources,
        struct problems *problems)
{
	struct wording *wording = talloc_zero(ctx, struct wording);

	wording->language = talloc_strdup(wording, language);
	wording->sources = sources;
	wording->problems = problems;
	return wording;
}

struct wording *wording_open(const void *ctx, const char *language, struct problems *problems)
{
	struct sources *sources = talloc_zero(ctx, struct sources);
	const char *kinds[] = {
	        talloc_asprintf(sources, "explain/%s", language), "explain/en", "explain"};

	for (size_t i = strcmp(language, "en") == 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct sources *more = source_list(sources, kinds[i], problems);

		for (size_t j = 0; j < more->count; j++)
			source_add(sources, &more->list[j]);
	}
	return wording_of(ctx, language, sources, problems);
}

bool wording_speaks(const struct wording *wording, const char *language)
{
	return strcmp(wording->language, language) == 0;
}

/* Returns whether the last character of TEXT is written without a blank before the next: Chinese,
 * Japanese, full-width punctuation. */
static bool ends_wide(const char *text)
{
	size_t length = strlen(text), start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	return start > 0 && start < length && wrap_is_solid(text + start - 1);
}

/* Adds the entries of SOURCE to TEXT. KEYS are the keys that it may have; NULL: any. */
static void wording_text_add(struct wording_text *text, const struct source *source,
        const char *const *keys, struct problems *problems)
{
	struct source_lines lines = source_lines_of(text, source, problems);
	struct entry *entry = NULL;
	const char *groups = NULL;
	char *line;

	while ((line = source_line_next(&lines)) != NULL) {
		size_t length = strcspn(line, " \t");
		char *rest = line + length + strspn(line + length, " \t");

		if (lines.is_indented && entry != NULL) {
			bool is_tight = entry->text[0] == '\0' ||
			                (ends_wide(entry->text) && wrap_is_solid(line));

			entry->text = talloc_asprintf(
			        text, "%s%s%s", entry->text, is_tight ? "" : " ", line);
		} else if (length == 3 && strncmp(line, "for", length) == 0) {
			groups = rest;
		} else if (line[length] = '\0', keys != NULL && !list_has(keys, line)) {
			problems_add(
			        problems, source->name, lines.number, "unknown key \"%s\"", line);
		} else {
			entry = &array_add(text, text->entries, text->count);
			*entry = (struct entry){line, rest, groups, source->name};
		}
	}
}

/* Returns the text called NAME, which may have these KEYS. Texts that were read are kept. */
static const struct wording_text *text_find(
        struct wording *wording, const char *name, const char *const *keys)
{
	const struct sources *sources = wording->sources;
	struct wording_text *text = wording->texts;
	size_t length = strlen(name);

	while (text != NULL && strcmp(text->name, name) != 0)
		text = text->next;
	if (text != NULL)
		return text;
	text = talloc_zero(wording, struct wording_text);
	text->name = talloc_strdup(text, name);
	text->next = wording->texts;
	wording->texts = text;
	for (size_t i = 0; i < sources->count; i++) {
		const char *base = basename(sources->list[i].name);

		if (strncmp(base, name, length) == 0 && strcmp(base + length, ".txt") == 0)
			wording_text_add(text, &sources->list[i], keys, wording->problems);
	}
	return text;
}

const struct wording_text *wording_text(struct wording *wording, const char *name)
{
	const struct wording_text *text = text_find(wording, name, text_keys);

	return text->count > 0 ? text : NULL;
}

/* Returns the first entry KEY of the text NAME; NULL if it has none. */
static const char *look_up(struct wording *wording, const char *name, const char *key)
{
	const struct wording_text *text = text_find(wording, name, NULL);

	for (size_t i = 0; i < text->count; i++)
		if (strcmp(text->entries[i].key, key) == 0)
			return text->entries[i].text;
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

/* The most arguments of a message. */
#define ARGUMENTS_MAX 8

/* Reads the arguments of FORMAT into KINDS, a letter for each (z: %zu). Returns false if it has
 * anything but %s, %d, %u, %zu and %%, or if only some of them have a number (%2$s). */
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

	for (size_t i = 1; i < text->count; i++) {
		const struct entry *entry = &text->entries[i];

		if (entry[-1].file == entry->file && strcmp(entry[-1].key, "en") == 0 &&
		        strcmp(entry[-1].text, english) == 0 && format_read(english, wanted) &&
		        format_read(entry->text, found) &&
		        memcmp(wanted, found, sizeof wanted) == 0)
			return entry->text;
	}
	return english;
}

/* Returns the form that a language with RULE has for the number N, as in gettext and CLDR; NULL:
 * the general one. */
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

/* Returns the value of the placeholder called LENGTH bytes of NAME; NULL if it is not known. */
static const char *wording_value_of(
        const struct wording_value *values, const char *name, size_t length)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strncmp(values->name, name, length) == 0 && values->name[length] == '\0')
			return values->value;
	return NULL;
}

char *wording_fill(const void *ctx, const char *text, const struct wording_value *values)
{
	struct buffer buffer = buffer_new(ctx);
	const char *open, *close;

	while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		const char *value = wording_value_of(values, open + 1, (size_t)(close - open - 1));

		if (value == NULL)
			return NULL;
		buffer_add(&buffer, text, (size_t)(open - text));
		buffer_add_string(&buffer, value);
		text = close + 1;
	}
	buffer_add_string(&buffer, text);
	return buffer_text(&buffer);
}

/* Returns the label KEY in the form for the number {count} in VALUES, if the language has one. */
static const char *label_for_count(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values)
{
	const char *count = wording_value_of(values, "count", 5), *form = NULL;

	if (count != NULL)
		form = plural_form(wording_label(wording, "plural"), strtoul(count, NULL, 10));
	if (form == NULL)
		return wording_label(wording, key);
	const char *with_form = talloc_asprintf(ctx, "%s-%s", key, form);
	const char *label = wording_label(wording, with_form);

	return label != with_form ? label : wording_label(wording, key);
}

char *wording_label_with(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values)
{
	return wording_fill(ctx, label_for_count(ctx, wording, key, values), values);
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

/* Returns whether one of GLOBS, which are separated by blanks, matches DOMAIN. */
static bool any_matches(const char *globs, const char *domain)
{
	SCOPED char *copy = talloc_strdup(NULL, globs);
	char *rest = copy, *glob;

	while ((glob = source_word_next(&rest)) != NULL)
		if (text_glob(glob, domain))
			return true;
	return false;
}

bool wording_is_in(struct wording *wording, const char *groups, const char *domain)
{
	const struct wording_text *all = text_find(wording, "groups", NULL);

	for (size_t i = 0; i < all->count; i++)
		if (text_has_word(groups, all->entries[i].key) &&
		        any_matches(all->entries[i].text, domain))
			return true;
	return false;
}

/* The groups of domains that answer "user unknown" also where the recipient's settings refuse the
 * sender. */
#define UNKNOWN_OR_REFUSED "au softbank ymobile-yahoo other-carriers"

bool wording_is_gone(struct wording *wording, enum reason reason, const char *address)
{
	SCOPED char *domain = address != NULL ? address_domain(NULL, address) : NULL;

	return reason_is_gone(reason) &&
	       !(reason == REASON_USER_UNKNOWN && domain != NULL &&
	               wording_is_in(wording, UNKNOWN_OR_REFUSED, domain));
}

/* Returns whether ENTRY is for an address at DOMAIN (NULL: not known) and for VALUES. */
static bool entry_applies(struct wording *wording, const struct entry *entry, const char *domain,
        const struct wording_value *values)
{
	if (entry->groups == NULL)
		return true;
	for (; values != NULL && values->name != NULL; values++)
		if (values->value != NULL && text_has_word(entry->groups, values->name))
			return true;
	return domain != NULL && wording_is_in(wording, entry->groups, domain);
}

/* The entries of TEXT that apply, filled in, of the first file that has any: [0] those for a group
 * or a case, [1] those for all. */
struct filled {
	char **list;      /* NULL-terminated */
	size_t held;      /* how many there are, with those that can't be filled in */
	bool lacks_first; /* the first can't be filled in */
};

static void entries_fill(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values,
        struct filled found[2])
{
	const char *file = NULL;

	for (int k = 0; k < 2; k++)
		found[k] = (struct filled){.list = list_new(ctx)};
	for (size_t i = 0; text != NULL && i < text->count; i++) {
		const struct entry *entry = &text->entries[i];
		struct filled *to = &found[entry->groups == NULL];

		if (file != NULL && entry->file != file)
			return;
		if (strcmp(entry->key, key) != 0 || !entry_applies(wording, entry, domain, values))
			continue;
		const char *filled = wording_fill(ctx, entry->text, values);

		file = entry->file;
		to->lacks_first |= to->held++ == 0 && filled == NULL;
		if (filled != NULL)
			list_add(ctx, &to->list, filled);
	}
}

char **wording_all(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	struct filled found[2], *all = &found[0];

	entries_fill(ctx, wording, text, key, domain, values, found);
	for (char **each = found[1].list; *each != NULL; each++)
		list_add(ctx, &all->list, *each);
	return all->list;
}

char *wording_first(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	return wording_all(ctx, wording, text, key, domain, values)[0];
}

char **wording_letter(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values)
{
	struct filled found[2], *letter = &found[0];

	entries_fill(ctx, wording, text, key, domain, values, found);
	letter += found[0].held == 0;
	return letter->lacks_first ? list_new(ctx) : letter->list;
}

char *wording_name(const void *ctx, struct wording *wording, const char *tag, const char *domain)
{
	char *name = wording_first(ctx, wording, wording_text(wording, tag), "name", domain, NULL);

	return name != NULL ? name : talloc_strdup(ctx, tag);
}

/* The key of the label is made of the English words: `you (address)` becomes who-you-address. */
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
	/* a user's file may lack it in English too; `-` is the same in all languages */
	return label != key.text ? label : who;
}

char *wording_number(const void *ctx, size_t count)
{
	return talloc_asprintf(ctx, "%zu", count);
}

/* -- days */

/* In seconds. */
#define HALF_A_YEAR (182 * DAY)

/* Returns the name of MONTH (01 to 12); NULL if the language has none. */
static char *month_name(const void *ctx, struct wording *wording, const char *month)
{
	size_t number = strtoul(month, NULL, 10);
	char **names = g_strsplit(wording_label(wording, "months"), " ", 12), *name = NULL;

	if (g_strv_length(names) >= number)
		name = talloc_strdup(ctx, names[number - 1]);
	g_strfreev(names);
	return name;
}

/* Returns TIME by the label KEY, with the name of the month if IS_NAMED; NULL if it is 0. */
static char *date_in_words(
        const void *ctx, struct wording *wording, const char *key, time_t time, bool is_named)
{
	char *rest = date_write_day(ctx, time);
	const char *year = strsep(&rest, "-"), *month = strsep(&rest, "-"), *day = rest;

	if (year == NULL)
		return NULL;
	const char *name = is_named ? month_name(ctx, wording, month) : NULL;

	return wording_label_with(ctx, wording, key,
	        WORDING_VALUES(
	                {"year", year}, {"month", name != NULL ? name : month}, {"day", day}));
}

char *wording_day(const void *ctx, struct wording *wording, time_t when)
{
	return date_in_words(ctx, wording, "date", when, false);
}

char *wording_day_short(const void *ctx, struct wording *wording, time_t when)
{
	time_t now = time(NULL);
	bool is_far = now - when > HALF_A_YEAR || when > now + HALF_A_YEAR; /* as in ls */

	return date_in_words(ctx, wording, is_far ? "date-month" : "date-day", when, !is_far);
}
