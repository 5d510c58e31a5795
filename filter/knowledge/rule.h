/* One rule: a line of a rules file.
 *
 *     REASON [GUARD VALUE]... [phrase TEXT [unless TEXT]...]
 *
 * Guards: `status 5.1.1` (X any class, * any number), `reply 55x`, `command RCPT`, `remote *.example.jp` (the receiving
 * host or the recipient's domain; `*.x` also means x itself), `format qmail`, `action delayed`. All must hold. */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>

#include "base/problem.h"
#include "knowledge/phrases.h"
#include "knowledge/reason.h"
#include "knowledge/source.h"

#define RULE_UNLESS_MAX 6

/* What must hold besides; NULL: any. */
struct rule_guards {
	const char *status, *reply, *command, *remote, *format, *action;
};

/* There are thousands, of which few have guards or exceptions: what only these need is apart. */
struct rule {
	const struct source *source;
	const char *text;                 /* the line as written, in the source */
	const char *words;                /* the phrase as written; NULL: none */
	const struct rule_guards *guards; /* NULL: none */
	const int *unless;                /* UNLESS_COUNT numbers of phrases that must not be there */
	int line, length;                 /* the number of the line, and its bytes */
	int phrase;                       /* its number in the set of phrases, -1: none */
	int unless_count;
	enum reason reason;
};

/* What a report says of one recipient, in one layer of trust (see rules.h). */
struct evidence {
	const char *text;    /* after text_fold(); NULL: nothing said */
	const char *status;  /* enhanced status code, NULL: none */
	int reply;           /* SMTP reply code, 0: none */
	const char *command; /* CONN EHLO MAIL RCPT DATA, NULL: not known */
};

/* Where it was said: the same for all layers. Host names in lower case; any may be NULL. */
struct circumstances {
	const char *remote; /* receiving host */
	const char *domain; /* of the recipient's address */
	const char *format; /* that read the report */
	const char *action; /* "failed" or "delayed" */
};

/* Read LINE, which AT gave out and the rule keeps, into RULE and its phrases into SET. False if it is no rule:
 * then PROBLEMS has file, line and what was expected. */
bool rule_parse(char *line, const struct source_lines *at, struct phrases *set, struct problems *problems, struct rule *rule);

/* Whether all guards of RULE hold. Phrases are not looked at. */
bool rule_guards_hold(const struct rule *rule, const struct evidence *evidence, const struct circumstances *where);

/* Whether each guard of GENERAL holds whenever those of SPECIAL do. Sound, not complete: false when in doubt. */
bool rule_guards_cover(const struct rule *general, const struct rule *special);

#endif
