/* The words of one language, from share/explain/ and the user's own explain/ folder: a text for
 * each reason and kind of mail, labels, and what status codes mean. What a language lacks is there
 * in English.
 *
 * A file is a list of entries. A line that begins in column 1 is `key text`; one that begins with a
 * blank goes on with the text above it. Entries behind `for GROUP…` hold only for addresses whose
 * domain is in one of these groups (share/explain/groups.txt), or in a case: `own-server` holds
 * where the values that are to be filled in have one of that name. */
#ifndef WORDING_H
#define WORDING_H

#include <stdbool.h>

#include "base/problem.h"
#include "knowledge/vocabulary.h"
#include "knowledge/source.h"

struct wording;
struct wording_text;

/* What a placeholder `{name}` stands for. A list of them ends with a name of NULL, and NULL is an
 * empty one; a value of NULL is not known. */
struct wording_value {
	const char *name;
	const char *value;
};

/* Such a list, for one call: WORDING_VALUES({"address", address}, {"count", count}). */
#define WORDING_VALUES(...) ((const struct wording_value[]){__VA_ARGS__, {NULL, NULL}})

/* The languages there are texts in, ours and the user's, NULL-terminated, owned by CTX. */
char **wording_languages(const void *ctx);

/* The first of CHOICES (NULL-terminated, `ja`) that is asked for: by OPTION, or else SETTING; NULL
 * if it is not there. If both are NULL, by the environment as setlocale(3) reads it for messages:
 * LC_ALL, LC_MESSAGES, LANG; `ja_JP.UTF-8` asks for `ja`; `en` if that is not there. */
const char *wording_choose(const char *option, const char *setting, const char *const *choices);

/* The language that TEXT, which may be NULL, shows by its letters: `ja`, `ko` or `zh`; NULL: any
 * other. */
const char *wording_language_of(const char *text);

/* Get the words of LANGUAGE ready (`ja`; one there is nothing of is English). What is wrong in the
 * user's files is noted in PROBLEMS, also later. Owned by CTX. */
struct wording *wording_open(const void *ctx, const char *language, struct problems *problems);

/* Whether WORDING was opened for LANGUAGE. */
bool wording_speaks(const struct wording *wording, const char *language);

/* The text called NAME (`user-unknown`), or NULL if there is none even in English. Owned by
 * WORDING. What a file has no entry of is taken from the next: the user's, ours, the English
 * one. */
const struct wording_text *wording_text(struct wording *wording, const char *name);

/* The text that SOURCE alone has, owned by CTX. What is wrong in it is noted in PROBLEMS, and left
 * out. */
struct wording_text *wording_text_read(
        const void *ctx, const struct source *source, struct problems *problems);

/* The label KEY as it stands in labels.txt, resend.txt, lists.txt, setup.txt or help.txt, its key
 * if there is none. */
const char *wording_label(struct wording *wording, const char *key);

/* What the message ENGLISH, a format for printf, is in this language: the entry behind that which
 * has it in messages.txt. ENGLISH itself, if there is none that takes the same arguments: a text of
 * the user's can't make printf read what is not there. Owned by WORDING. */
const char *wording_message(struct wording *wording, const char *english)
        __attribute__((format_arg(2)));

/* The label KEY with VALUES filled in, owned by CTX. NULL if one of its placeholders is not known.
 * The number {count} decides whether KEY-one or KEY-few is taken in its place, if the language has
 * it: the label `plural` names its rule. */
char *wording_label_with(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values);

/* The same, as it stands where a placeholder is not known: for what must be said whatever a text of
 * the user's looks like. */
char *wording_say(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values);

/* What the enhanced status CODE (RFC 3463: `5.1.1`) means: *DETAIL and the *CLASS it is of. NULL:
 * not registered. */
void wording_status(
        struct wording *wording, const char *code, const char **class, const char **detail);

/* The first entry KEY of TEXT whose placeholders are all known, filled in; those for DOMAIN (NULL:
 * not known) before those for all. Owned by CTX; NULL if there is none. */
char *wording_first(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* What that which the text TAG is about (`user-unknown`) is called, of an address at DOMAIN (NULL:
 * not known); TAG if nothing says so. Owned by CTX. */
char *wording_name(const void *ctx, struct wording *wording, const char *tag, const char *domain);

/* Whose turn it is after REASON, in a few words. Owned by CTX, or static. */
const char *wording_who(const void *ctx, struct wording *wording, enum reason reason);

/* All entries KEY of TEXT whose placeholders are known, in the same order, NULL-terminated, owned
 * by CTX. */
char **wording_all(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* The same for the paragraphs of a letter: those for DOMAIN, if there are such, stand for all
 * others. Empty if the first can't be filled in, for the rest says nothing without it. */
char **wording_letter(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* Whether DOMAIN is in one of GROUPS, separated by blanks. */
bool wording_is_in(struct wording *wording, const char *groups, const char *domain);

/* TEXT with VALUES in the place of its placeholders, owned by CTX; NULL if one of them is not
 * known. */
char *wording_fill(const void *ctx, const char *text, const struct wording_value *values);

#endif
