/* What the words and codes of a report mean: the rules of share/rules and the user's own
 * (notmuch-bounce-rules(5)).
 *
 *     REASON [GUARD VALUE]... [PATTERN [/ PATTERN]... [unless PATTERN]...]
 *     word CLASS = WORD...     host NAME = GLOB...     when [GUARD VALUE]...
 *
 * The user's rules come first. Those built in stand in layers, by the number of their file; each
 * layer is asked about each text that it is for, and the first rule that fits decides. */
#ifndef RULES_H
#define RULES_H

#include "knowledge/patterns.h"
#include "knowledge/vocabulary.h"
#include "knowledge/source.h"

enum rule_layer {
	RULE_OWN,      /* the user's, whatever the number */
	RULE_PROVIDER, /* 00-19: what one provider says */
	RULE_WORDS,    /* 20-29: what servers say */
	RULE_STATUS,   /* 30-39: enhanced status codes */
	RULE_REPLY,    /* 40-49: reply codes and commands */
	RULE_AGE,      /* 50-59: what is left */
	RULE_LASTING,  /* 60-69: `permanent` or `temporary` instead of a reason */
	RULE_LAYERS,
};

/* Values of guards that are words: no reply is known; the domain is the one of the host that wrote
 * the report. */
#define RULE_REPLY_NONE "none"
#define RULE_DOMAIN_REPORTER "@reporter"

/* What must hold besides the words. */
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

/* What rules of RULE_LASTING have for a reason. */
enum lasting {
	LASTING_TEMPORARY = REASON_COUNT,
	LASTING_PERMANENT,
	LASTING_END,
};

/* All fields are uint32_t for prepare.c. */
struct rule {
	/* the first of its own, by number; those of its `unless` follow them */
	uint32_t patterns;
	uint32_t alternatives, exceptions; /* how many these are */
	uint32_t is_phrase;                /* they are of an old `phrase` line */
	uint32_t guards;                   /* number in the list of the set; 0: none */
	/* where it stands in its file: the number of the line, and the byte */
	uint32_t line, offset;
	uint32_t length; /* of the line, with those that go on with it */
	uint32_t file;   /* number among the files of the set */
	uint32_t reason, layer;
};

/* Rules that are searched for together. The tables of those built in are written when the program
 * is built. */
struct rule_set {
	const struct patterns *patterns;
	const struct rule *rules;
	const uint32_t *guards;     /* GUARD_COUNT each: where in POOL the value is; 0: any */
	const uint32_t *by_pattern; /* the rule of each pattern */
	const char *pool;
	const struct source *files; /* NULL: those built in */
	const uint32_t *wordless;   /* the rules that are about codes only */
	uint32_t count, guards_count, pool_length, wordless_count;
};

struct rules;

/* A rule of RULES and the set it stands in; SET is NULL for none. */
struct rule_found {
	const struct rule_set *set;
	const struct rule *rule;
	/* what it took of the text, owned by the caller's context; NULL: it is about codes only */
	const char *words;
};

/* A text, and what was found in it: it is searched when a rule asks about it first. */
struct rule_text;

/* What a report says of one recipient in one text, and the codes that go with it. */
struct rule_evidence {
	struct rule_text *text; /* NULL: nothing but codes */
	const char *status;     /* enhanced status code, NULL: none */
	int reply;              /* SMTP reply code, 0: none */
	const char *command;    /* CONN EHLO MAIL RCPT DATA, NULL: not known */
};

/* Where it was said. Host names in lower case; any may be NULL. */
struct circumstances {
	const char *remote;   /* receiving host */
	const char *domain;   /* of the recipient's address */
	const char *reporter; /* host that wrote the report */
	const char *format;   /* that read the report */
	const char *action;   /* "failed" or "delayed" */
};

/* The user's rules, read now, and those built in. Lines that are no rules are left out and noted in
 * PROBLEMS, which must live as long. */
struct rules *rules_open(const void *ctx, struct problems *problems);

/* The same with OWN for the user's rules; NULL: none. */
struct rules *rules_of_set(const void *ctx, const struct rule_set *own);

/* The first NOTICE_MAX of LENGTH bytes of TEXT, which must live as long; owned by CTX. */
struct rule_text *rule_text_new(const void *ctx, const char *text, size_t length);

/* Its words. */
const struct tokens *rule_text_tokens(struct rule_text *text);

/* The first rule of LAYER that fits EVIDENCE. The words it took are owned by CTX. */
struct rule_found rules_match(const void *ctx, struct rules *rules, enum rule_layer layer,
        const struct rule_evidence *evidence, const struct circumstances *where);

/* The name of the file that RULE stands in. */
static inline const char *rule_file(const struct rule_set *set, const struct rule *rule)
{
	return set->files[rule->file].name;
}

/* The value of GUARD of RULE; NULL: any. */
static inline const char *rule_guard(
        const struct rule_set *set, const struct rule *rule, enum rule_guard guard)
{
	uint32_t at = set->guards[rule->guards * GUARD_COUNT + guard];

	return at != 0 ? set->pool + at : NULL;
}

/* The rule that HIT fulfils; NULL if it is behind `unless`, or of a line that is no rule. */
static inline const struct rule *rule_of_hit(
        const struct rule_set *set, const struct pattern_hit *hit)
{
	uint32_t number = set->by_pattern[hit->pattern];
	const struct rule *rule = number < set->count ? &set->rules[number] : NULL;

	return rule != NULL && hit->pattern < rule->patterns + rule->alternatives ? rule : NULL;
}

/* RULE as written, in one line, owned by CTX. */
static inline char *rule_line(const void *ctx, const struct rule_set *set, const struct rule *rule)
{
	return source_excerpt(ctx, &set->files[rule->file], rule->offset, rule->length);
}

/* All rules in reading order: the user's (NULL: none), then those built in. */
const struct rule_set *const *rules_sets(const struct rules *rules);

/* The rules built in, without their files. */
extern const struct rule_set rules_built_in;

#endif
