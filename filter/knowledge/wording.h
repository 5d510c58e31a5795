/* The words of one language, from share/explain/ and the user's own explain/ folder: a text for
 * each reason and kind of mail, labels, and what status codes mean. What a language lacks is taken
 * from English.
 *
 * A file is a list of entries. A line that begins in column 1 is `key text`; an indented one
 * continues the text above it. Entries after `for GROUP…` apply only to addresses whose domain is
 * in one of these groups (share/explain/groups.txt), or in a case: `own-server` applies where a
 * value of that name is given. */
#ifndef WORDING_H
#define WORDING_H

#include <stdbool.h>
#include <time.h>

#include "knowledge/vocabulary.h"
#include "knowledge/source.h"

struct wording;
struct wording_text;

/* The value of a placeholder `{name}`; NULL: not known. A list of values ends with a name of NULL;
 * NULL is an empty list. */
struct wording_value {
	const char *name;
	const char *value;
};

/* A list of values for one call: WORDING_VALUES({"address", address}, {"count", count}). */
#define WORDING_VALUES(...) ((const struct wording_value[]){__VA_ARGS__, {NULL, NULL}})

/* Returns the one of CHOICES (NULL-terminated, `ja`) that OPTION asks for, or else SETTING; NULL if
 * it is not among them. If both are NULL, the first that is set of LC_ALL, LC_MESSAGES and LANG
 * decides (`ja_JP.UTF-8` asks for `ja`); `en` if that is not among them. */
const char *wording_choose(const char *option, const char *setting, const char *const *choices);

/* Returns the language that the letters of TEXT (which may be NULL) show: `ja`, `ko` or `zh`; NULL
 * for any other. */
const char *wording_language_of(const char *text);

/* Returns the words of LANGUAGE (`ja`), owned by CTX; those of English if it has none. Errors in
 * the user's files are noted in PROBLEMS, also later. */
struct wording *wording_open(const void *ctx, const char *language, struct problems *problems);

/* Returns the words that SOURCES have, the first first. They must live as long. */
struct wording *wording_of(const void *ctx, const char *language, const struct sources *sources,
        struct problems *problems);

/* Returns whether WORDING was opened for LANGUAGE. */
bool wording_speaks(const struct wording *wording, const char *language);

/* Returns the text called NAME (`user-unknown`), owned by WORDING; NULL if there is none even in
 * English. Entries that one file lacks come from the next: the user's, ours, the English one. */
const struct wording_text *wording_text(struct wording *wording, const char *name);

/* Returns the label KEY in labels.txt, resend.txt, lists.txt, setup.txt or help.txt; KEY itself if
 * there is none. */
const char *wording_label(struct wording *wording, const char *key);

/* Returns the message ENGLISH, a format for printf, in this language: in messages.txt, the entry
 * after the one that has it. Returns ENGLISH itself if no entry takes the same arguments, so that a
 * user's text can't make printf read what is not there. Owned by WORDING. */
const char *wording_message(struct wording *wording, const char *english)
        __attribute__((format_arg(2)));

/* Returns the label KEY with VALUES filled in, owned by CTX; NULL if one of its placeholders is not
 * known. By the number {count}, KEY-one or KEY-few is taken instead if the language has it; the
 * label `plural` names the rule. */
char *wording_label_with(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values);

/* Returns the same, but with its placeholders if one is not known: for what must be said whatever a
 * user's text looks like. */
char *wording_say(const void *ctx, struct wording *wording, const char *key,
        const struct wording_value *values);

/* Tells what the enhanced status CODE (RFC 3463: `5.1.1`) means: *DETAIL, and its *CLASS. NULL: not
 * registered. */
void wording_status(
        struct wording *wording, const char *code, const char **class, const char **detail);

/* Returns the first entry KEY of TEXT whose placeholders are all known, filled in; those for DOMAIN
 * (NULL: not known) before those for all. Owned by CTX; NULL if there is none. */
char *wording_first(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* Returns the name of what the text TAG (`user-unknown`) is about, for an address at DOMAIN (NULL:
 * not known); TAG if the text has no name. Owned by CTX. */
char *wording_name(const void *ctx, struct wording *wording, const char *tag, const char *domain);

/* Returns whose turn it is after REASON, in a few words. Owned by CTX, or static. */
const char *wording_who(const void *ctx, struct wording *wording, enum reason reason);

/* Returns all entries KEY of TEXT whose placeholders are known, in the same order, NULL-terminated,
 * owned by CTX. */
char **wording_all(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* Returns the same for the paragraphs of a letter: if there are any for DOMAIN, only those. Empty
 * if the first can't be filled in. */
char **wording_letter(const void *ctx, struct wording *wording, const struct wording_text *text,
        const char *key, const char *domain, const struct wording_value *values);

/* Returns whether DOMAIN is in one of GROUPS, which are separated by blanks. */
bool wording_is_in(struct wording *wording, const char *groups, const char *domain);

/* Returns whether REASON says that nobody can be reached at ADDRESS (NULL: not known), now or
 * later. "User unknown" does not where it is also said to senders whom the recipient's settings
 * refuse. */
bool wording_is_gone(struct wording *wording, enum reason reason, const char *address);

/* Returns TEXT with VALUES in place of its placeholders, owned by CTX; NULL if one of them is not
 * known. */
char *wording_fill(const void *ctx, const char *text, const struct wording_value *values);

/* Returns COUNT in decimal, for a placeholder; owned by CTX. */
char *wording_number(const void *ctx, size_t count);

/* Returns TIME as a day in the words of a language, owned by CTX. NULL if it is 0. */
char *wording_day(const void *ctx, struct wording *wording, time_t time);

/* Returns the same in the few columns of a list: without the year or, if it is more than half a
 * year from now, without the day. */
char *wording_day_short(const void *ctx, struct wording *wording, time_t time);

#endif
