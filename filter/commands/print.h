/* A judgement as text: JSON for programs, lines for people. All strings are owned by CTX. */
#ifndef PRINT_H
#define PRINT_H

#include "judge/judge.h"
#include "knowledge/wording.h"

struct print_style {
	bool colour; /* escape sequences of a terminal may be used */
	bool why;    /* name the rule that decided, and what it decided on */
	struct wording *wording;
};

/* One JSON object and a newline, as README describes. NAME is where the mail came from. */
char *print_json(const void *ctx, const char *name, const struct judgement *judgement);

/* For people, at most 80 columns but for long names. */
char *print_text(const void *ctx, const char *name, const struct judgement *judgement,
        struct print_style style);

/* The facts, one `key: value` a line, before any verdict. */
char *print_facts(const void *ctx, const char *name, const struct judgement *judgement);

/* `+bounce +bounce/user-unknown …` and a newline; only the newline for ordinary mail. */
char *print_tags(const void *ctx, const struct judgement *judgement);

/* The reason as one word and a newline; `none` unless the mail is a bounce. */
char *print_reason(const void *ctx, const struct judgement *judgement);

#endif
