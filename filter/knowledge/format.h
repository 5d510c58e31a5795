/* One format: how a mailer that does not follow RFC 3464 lays out its notices. notmuch-bounce-formats(5) describes the language. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdint.h>

#include "base/problem.h"
#include "knowledge/kind.h"
#include "knowledge/pattern.h"
#include "knowledge/phrases.h"
#include "knowledge/source.h"

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

struct reader;

/* A line that is read when the format is first needed. */
struct deferred {
	bool (*read)(struct reader *reader, char *value);
	char *value;
};

struct format {
	const char *name; /* one that begins with a dot is never matched: `like` takes from it */
	const struct source *source;
	int number; /* line of the source where the block begins */
	enum kind kind;
	struct condition *conditions;
	size_t condition_count;
	unsigned group_count;
	uint32_t groups_of[VIEW_COUNT]; /* by view: a bit for each group of conditions on it */
	struct line *lines;
	size_t line_count;
	char ***begin, ***end, ***delayed; /* phrases, each as its folded parts between `*`; lists end with NULL; NULL: none */
	char **recipient_fields;           /* header fields that name the recipients */
	bool rest_is_diagnostic;
	struct deferred *deferred; /* how the text is read: see format_prepare() */
	size_t deferred_count;
};

/* Where the blocks of a source go. */
struct format_sink {
	struct phrases *phrases; /* of all formats */
	struct problems *problems;
	bool (*add)(void *argument, const struct format *format); /* false: there are too many */
	/* The block called LENGTH bytes of NAME that was added before, for `like`; NULL if there is none. */
	struct format *(*find)(const void *argument, const char *name, size_t length);
	void *argument;
	bool at_once; /* read all lines of all sources at once, to find what is wrong in them */
};

/* Read the blocks of SOURCE into SINK. A line that is wrong, or a block too many, is noted in its problems and left out. */
void format_read(const void *ctx, const struct source *source, const struct format_sink *sink);

/* Read what was put off: of our own formats only the conditions are read at first, as few mails need more than one of them. False if a line
 * is wrong. */
bool format_prepare(const void *ctx, struct format *format, const struct format_sink *sink);

#endif
