/* Which of a text's entries hold in a case at hand. */
#include <ctype.h>
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/list.h"
#include "knowledge/wording-file.h"
#include "knowledge/wording.h"

struct choice {
	struct wording *wording;
	const char *key, *domain;
	const struct wording_value *values;
};

/* Whether one of GROUPS, separated by blanks, is a case that holds. */
static bool is_case(const char *groups, const struct wording_value *values)
{
	const char *word = groups;

	for (; *word != '\0'; word += strspn(word, " ")) {
		size_t length = strcspn(word, " ");
		const struct wording_value *value;

		for (value = values; value != NULL && value->name != NULL; value++)
			if (value->value != NULL && strlen(value->name) == length && strncmp(value->name, word, length) == 0)
				return true;
		word += length;
	}
	return false;
}

/* Whether ENTRY is one of those asked for; SPECIAL: of those of a group or a case. */
static bool is_meant(const struct choice *choice, const struct wording_entry *entry, bool special)
{
	if (strcmp(entry->key, choice->key) != 0 || (entry->groups != NULL) != special)
		return false;
	return !special || is_case(entry->groups, choice->values) ||
	       (choice->domain != NULL && wording_is_in(choice->wording, entry->groups, choice->domain));
}

static char *entry_fill(const void *ctx, const struct choice *choice, const struct wording_entry *entry, bool special)
{
	return is_meant(choice, entry, special) ? wording_fill(ctx, entry->text, choice->values) : NULL;
}

/* TEXT, or the first behind it, that has entries for the case. */
static const struct wording_text *with_entries(const struct choice *choice, const struct wording_text *text)
{
	size_t i;

	for (; text != NULL; text = text->next)
		for (i = 0; i < text->count; i++)
			if (is_meant(choice, &text->entries[i], false) || is_meant(choice, &text->entries[i], true))
				return text;
	return NULL;
}

char *wording_first(const void *ctx, struct wording *wording, const struct wording_text *text, const char *key,
        const char *domain, const struct wording_value *values)
{
	const struct choice choice = {wording, key, domain, values};
	char *found = NULL;
	size_t i, special;

	text = with_entries(&choice, text);
	for (special = 2; special-- > 0;)
		for (i = 0; text != NULL && found == NULL && i < text->count; i++)
			found = entry_fill(ctx, &choice, &text->entries[i], special);
	return found;
}

char *wording_name(const void *ctx, struct wording *wording, const char *tag, const char *domain)
{
	char *name = wording_first(ctx, wording, wording_text(wording, tag), "name", domain, NULL);

	return name != NULL ? name : talloc_strdup(ctx, tag);
}

char **wording_all(const void *ctx, struct wording *wording, const struct wording_text *text, const char *key, const char *domain,
        const struct wording_value *values)
{
	const struct choice choice = {wording, key, domain, values};
	char **list = list_new(ctx);
	size_t count = 0, i, special;

	text = with_entries(&choice, text);
	for (special = 2; special-- > 0;)
		for (i = 0; text != NULL && i < text->count; i++) {
			char *filled = entry_fill(ctx, &choice, &text->entries[i], special);

			if (filled != NULL)
				list_add(ctx, &list, &count, filled);
			talloc_free(filled);
		}
	return list;
}

char **wording_letter(const void *ctx, struct wording *wording, const struct wording_text *text, const char *key,
        const char *domain, const struct wording_value *values)
{
	const struct choice choice = {wording, key, domain, values};
	char **list = list_new(ctx);
	size_t count = 0, seen = 0, i, special;

	text = with_entries(&choice, text);
	for (special = 2; special-- > 0 && seen == 0;)
		for (i = 0; text != NULL && i < text->count; i++) {
			char *filled;

			if (!is_meant(&choice, &text->entries[i], special))
				continue;
			filled = wording_fill(ctx, text->entries[i].text, values);
			if (seen++ == 0 && filled == NULL)
				return list;
			if (filled != NULL)
				list_add(ctx, &list, &count, filled);
			talloc_free(filled);
		}
	return list;
}

/* `you (address)` is the label who-you-address: the English words are the names of those in all languages. */
const char *wording_who(const void *ctx, struct wording *wording, enum reason reason)
{
	const char *who = reason_who(reason), *p, *label;
	struct buffer key = buffer_new(ctx);

	buffer_add_string(&key, "who");
	for (p = who; *p != '\0'; p++)
		if (isalpha((unsigned char)*p))
			buffer_print(&key, "%s%c", p == who || !isalpha((unsigned char)p[-1]) ? "-" : "", *p);
	label = wording_label(wording, key.text);
	return label != key.text ? label : who; /* an own file may lack it in English too; `-` is the same in all */
}
