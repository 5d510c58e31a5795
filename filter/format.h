/* One format: how a mailer that does not follow RFC 3464 lays out its notices. See share/formats/README for the language. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdint.h>

#include "kind.h"
#include "pattern.h"
#include "phrases.h"
#include "problem.h"
#include "source.h"

/* The ends of a value, in the phrases that globs for whole values become: private characters, which folding keeps. */
#define VALUE_BEGINS "\xee\x80\x80"
#define VALUE_ENDS "\xee\x80\x81"

/* What a condition looks at. */
enum view {
	VIEW_FROM,
	VIEW_SUBJECT,
	VIEW_START,  /* the first lines of the text */
	VIEW_BODY,   /* the notice */
	VIEW_HEADER, /* another header field */
	VIEW_COUNT,
};

struct condition {
	enum view view;
	const char *field; /* VIEW_HEADER: its name */
	const char *glob;  /* VIEW_HEADER: its value, folded */
	int phrase;        /* else: its number in the set of all formats' phrases */
	bool unless;
	unsigned group; /* conditions of one group are alternatives; each group must hold */
};

struct line {
	struct pattern *pattern;
	bool find; /* anywhere in a line, again and again */
};

struct format {
	const char *name;
	const struct source *source;
	int number; /* line of the source where the block begins */
	enum kind kind;
	struct condition *conditions;
	size_t condition_count;
	unsigned group_count;
	struct line *lines;
	size_t line_count;
	char ***begin, ***end, ***delayed; /* phrases, each as its folded parts between `*`; lists end with NULL; NULL: none */
	char **recipient_fields;           /* header fields that name the recipients */
	bool rest_is_diagnostic;
};

/* Read the blocks of SOURCE; each is given to ADD with ARGUMENT, which returns false when memory ran out. Phrases go into SET.
 * A line that is wrong is noted in PROBLEMS and left out. */
enum status format_read(const void *ctx, const struct source *source, struct phrases *set, struct problems *problems,
        bool (*add)(void *argument, const struct format *format), void *argument);

#endif
