/* What the words and codes of a report mean: the rules of share/rules and the user's own
 * (notmuch-bounce-rules(5)).
 *
 *     REASON [GUARD VALUE]... [PATTERN [/ PATTERN]... [unless PATTERN]...]
 *     word CLASS = WORD...     host NAME = GLOB...     when [GUARD VALUE]...
 *
 * The user's rules come first. The built-in ones are in layers, by the numbers of their files. Each
 * layer is asked about each text that it is for, and the first rule that matches decides. */
#ifndef RULES_H
#define RULES_H

#include "knowledge/patterns.h"
#include "knowledge/vocabulary.h"

enum rule_layer {
	RULE_OWN,      /* the user's, with any number */
	RULE_PROVIDER, /* 00-19: the words of one provider */
	RULE_WORDS,    /* 20-29: the words of any server */
	RULE_STATUS,   /* 30-39: enhanced status codes */
	RULE_REPLY,    /* 40-49: reply codes and commands */
	RULE_AGE,      /* 50-59: everything else */
	RULE_LASTING,  /* 60-69: `permanent` or `temporary` instead of a reason */
};

/* Special values of guards: no reply is known; the domain is that of the host that wrote the
 * report. */
#define RULE_REPLY_NONE "none"
#define RULE_DOMAIN_REPORTER "@reporter"

/* Conditions other than words. */
enum rule_guard {
	GUARD_STATUS,
	GUARD_REPLY,
	GUARD_COMMAND,
	GUARD_REMOTE,
	GUARD_DOMAIN,
	GUARD_FORMAT,
	GUARD_ACTION,
	GUARD_COUNT,
};

/* What rules of RULE_LASTING have instead of a reason. */
enum lasting {
	LASTING_TEMPORARY = REASON_COUNT,
	LASTING_PERMANENT,
	LASTING_END,
};

/* All fields are uint32_t for prepare.c. */
struct rule {
	/* the number of the first of its patterns; those of its `unless` follow them */
	uint32_t patterns;
	uint32_t alternatives, exceptions; /* how many there are of each */
	uint32_t is_phrase;                /* the patterns are from an old `phrase` line */
	uint32_t guards;                   /* their number in the list of the set; 0: none */
	/* where it is, and how it is written, in one line; FILE and TEXT are in the pool */
	uint32_t file, line, text;
	uint32_t reason, layer;
};

/* The conditions of a rule other than words, by enum rule_guard: where in the pool the value is; 0:
 * any. */
struct rule_guards {
	uint32_t value[GUARD_COUNT];
};

/* Rules that are searched for together. The tables of the built-in ones are written when the
 * program is built. */
struct rule_set {
	const struct patterns *patterns;
	struct pattern_builder *builder; /* of the patterns; NULL in rules_built_in */
	struct rule *rules;
	struct rule_guards *guards;
	uint32_t *by_pattern; /* the rule of each pattern */
	char *pool;
	uint32_t *wordless; /* the rules that are about codes only */
	uint32_t count, guards_count, pool_length, wordless_count;
};

struct rules;

/* A rule that matched, and its set; both NULL: none did. */
struct rule_found {
	const struct rule_set *set;
	const struct rule *rule;
	/* the words that it matched, owned by the caller's context; NULL: only codes */
	const char *words;
	uint32_t alternative; /* the number of the pattern that matched them */
};

/* A text, which is searched when the first rule asks about it. */
struct rule_text;

/* One text about a recipient, and the codes that go with it. */
struct rule_evidence {
	struct rule_text *text; /* NULL: nothing but codes */
	const char *status;     /* enhanced status code, NULL: none */
	int reply;              /* SMTP reply code, 0: none */
	const char *command;    /* CONN EHLO MAIL RCPT DATA, NULL: not known */
};

/* The circumstances of a text. Host names are in lower case; any may be NULL. */
struct circumstances {
	const char *remote;   /* receiving host */
	const char *domain;   /* of the recipient's address */
	const char *reporter; /* host that wrote the report */
	const char *format;   /* the format of the report */
	const char *action;   /* "failed" or "delayed" */
};

/* Returns the user's rules, read now, and the built-in ones, owned by CTX. Lines that are not rules
 * are left out and noted in PROBLEMS, which must live as long. */
struct rules *rules_open(const void *ctx, struct problems *problems);

/* Returns rules with OWN for the user's rules (NULL: none) and the built-in ones. */
struct rules *rules_of_set(const void *ctx, const struct rule_set *own);

/* Returns the first NOTICE_MAX of LENGTH bytes of TEXT, which must live as long, as a text for
 * rules; owned by CTX. */
struct rule_text *rule_text_new(const void *ctx, const char *text, size_t length);

const struct tokens *rule_text_tokens(struct rule_text *text);

/* Returns the first rule of LAYER that matches EVIDENCE. The words that it matched are owned by
 * CTX. */
struct rule_found rules_match(const void *ctx, struct rules *rules, enum rule_layer layer,
        const struct rule_evidence *evidence, const struct circumstances *where);

/* Returns the name of RULE's file. */
static inline const char *rule_file(const struct rule_set *set, const struct rule *rule)
{
	return set->pool + rule->file;
}

/* Returns the value of GUARD in RULE; NULL: any. */
static inline const char *rule_guard(
        const struct rule_set *set, const struct rule *rule, enum rule_guard guard)
{
	uint32_t at = set->guards[rule->guards].value[guard];

	return at != 0 ? set->pool + at : NULL;
}

/* Returns the rule that HIT belongs to; NULL if the pattern stands after `unless`, or its line is
 * not a rule. */
static inline const struct rule *rule_of_hit(
        const struct rule_set *set, const struct pattern_hit *hit)
{
	uint32_t number = set->by_pattern[hit->pattern];
	const struct rule *rule = number < set->count ? &set->rules[number] : NULL;

	return rule != NULL && hit->pattern < rule->patterns + rule->alternatives ? rule : NULL;
}

/* Returns RULE as written, in one line. */
static inline const char *rule_line(const struct rule_set *set, const struct rule *rule)
{
	return set->pool + rule->text;
}

/* Returns the rule of FOUND as written, in one line owned by CTX; of several patterns only the one
 * that matched, without `unless`. */
char *rule_found_line(const void *ctx, const struct rule_found *found);

/* Returns all rules in reading order, two sets: the user's (NULL: none), then the built-in ones. */
const struct rule_set *const *rules_sets(const struct rules *rules);

extern const struct rule_set rules_built_in;

/* -- Reading them (rule-reader.c) */

/* Returns the rules of SOURCES, which may use the names that built-in files give to all. Lines
 * that are not rules are left out and noted in PROBLEMS. Owned by CTX; SOURCES and PROBLEMS must
 * live as long. */
const struct rule_set *rule_set_read(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* Cuts TEXT at the next SEPARATOR (` / `, ` unless `), which in a pattern must be outside quotes,
 * but not in an old phrase. Returns what follows it; NULL if there is none. */
char *rule_cut(char *text, const char *separator, bool is_phrase);

/* Notes in PROBLEMS what is wrong with SOURCES: lines that are not rules; rules that can never
 * decide, because earlier ones match all sample texts made from them; rules of which a single word
 * decides one of EXAMPLES that means something else; lines of these that can't be read; classes
 * that no rule uses. Rules with `unless` are not checked. */
void rules_check(const void *ctx, const struct sources *sources, const struct sources *examples,
        struct problems *problems);

#endif
