/* Writes a judgement as JSON for programs, or as lines for people. All strings are owned by CTX. */
#ifndef PRINT_H
#define PRINT_H

#include "judge/judge.h"
#include "knowledge/wording.h"

struct print_style {
	bool colour; /* escape sequences of a terminal may be used */
	bool why;    /* name the rule that decided, and what it decided on */
	struct wording *wording;
};

/* Returns one JSON object (notmuch-bounce(1) describes it) and a newline. NAME is where the mail
 * came from. */
char *print_json(const void *ctx, const char *name, const struct judgement *judgement);

/* Returns lines for people, of at most 80 columns unless names are longer. */
char *print_text(const void *ctx, const char *name, const struct judgement *judgement,
        struct print_style style);

/* Returns the facts without the verdict, one `key: value` a line. */
char *print_facts(const void *ctx, const char *name, const struct judgement *judgement);

/* Returns `+bounce +bounce/user-unknown …` and a newline; only the newline for ordinary mail. */
char *print_tags(const void *ctx, const struct judgement *judgement);

/* Returns the reason as one word and a newline; `none` unless the mail is a bounce. */
char *print_reason(const void *ctx, const struct judgement *judgement);

#endif
