/* How mailers write the bounces that follow no standard: formats, one a mailer, for what is
 * peculiar to it; signs, by which a notice of any other mailer is known; and the words by which
 * such a notice is read. notmuch-bounce-formats(5) describes the language. */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdbool.h>

#include "base/problem.h"
#include "knowledge/line-pattern.h"
#include "knowledge/phrases.h"
#include "knowledge/source.h"
#include "knowledge/vocabulary.h"

struct formats;

/* What a condition looks at; what comes behind are header fields that conditions ask for. */
enum view {
	VIEW_FROM,
	VIEW_SUBJECT,
	VIEW_START, /* the first lines of the text */
	VIEW_BODY,  /* the notice */
	VIEW_COUNT,
};

/* What a mail may have, for `has`: bits. */
enum feature {
	FEATURE_RETURNED = 1, /* the header of a returned mail */
	/* an address that the returned mail, or the header, says a mail went to, in the notice's
	 * own words */
	FEATURE_RECIPIENT = 2,
	FEATURE_REPLY = 4,    /* a line with an SMTP reply code or enhanced status code */
	FEATURE_LINK = 8,     /* a link to a web page */
	FEATURE_ADDRESS = 16, /* an address that is nobody's whom the header names */
	/* the address that it came to, where one that failed would stand */
	FEATURE_OWN = 32,
};

/* What the conditions look at. NULL: empty. */
struct letter {
	/* By enum view: From, Subject, and the first lines and the whole of the notice; these two
	 * after text_fold(). */
	const char *view[VIEW_COUNT];
	/* What the mail has, bits of enum feature; asked only if a condition looks at it. HITS:
	 * phrases in the notice. NULL: nothing. */
	unsigned (*features)(const void *argument, const struct phrase_hits *hits);
	/* The decoded value of header field NAME, NULL if there is none. */
	const char *(*header)(const void *argument, const char *name);
	const void *argument;
};

/* Numbers of phrases. */
struct phrase_list {
	int *list;
	size_t count;
};

/* Words that say what a line of a notice is for. */
enum words_for {
	WORDS_BEGIN,   /* the recipients stand behind it */
	WORDS_END,     /* here the notice ends */
	WORDS_DELAYED, /* it is only a delay */
	WORDS_ABOUT,   /* whom it names was not reached */
	WORDS_OTHER,   /* whom it names is somebody else */
	WORDS_ORIGIN,  /* whom it names was written to, and leads to the one before */
	WORDS_CAUSE,   /* the reason follows */
	WORDS_FIELD,   /* a field of the mail that came back follows */
	WORDS_COUNT,
};

struct line {
	const char *pattern;
	bool find; /* anywhere in a line, again and again */
};

/* Those on one view stand together, and are alternatives. */
struct condition {
	unsigned view;    /* VIEW_COUNT and up: a header field; CONDITION_HAS: what the mail has */
	int phrase;       /* its number in the set of all phrases, or the feature */
	const char *glob; /* of a header field: its value, folded */
};

/* The last of all, as it costs most. */
#define CONDITION_HAS (~0u)

struct condition_list {
	struct condition *list;
	size_t count;
};

struct format {
	const char *name;
	const struct phrases *phrases; /* those of all formats */
	bool is_sign;
	int weight; /* of a sign */
	enum kind kind;
	struct condition_list conditions; /* of each group one must hold */
	struct condition_list exceptions; /* none of these may */
	bool asks_header;                 /* a condition is about the header */
	bool answers;                     /* it may be the answer to a mail */
	struct line *lines;
	size_t line_count;
	struct phrase_list words[WORDS_COUNT];
	char **recipient_fields; /* header fields that name the recipients; NULL: none */
	bool rest_is_diagnostic;
};

/* What is known of a letter. */
struct detection {
	/* the first whose conditions hold; formats_general() if none does but the signs suffice;
	 * NULL: none */
	const struct format *format;
	int signs;                /* what the signs add up to */
	struct phrase_hits *hits; /* phrases in the notice; NULL: it has no text */
};

/* All formats, the user's and ours. They are read when a letter is first compared with them, as
 * most reports need none; what is wrong in them is noted in PROBLEMS then. */
struct formats *formats_new(const void *ctx, struct problems *problems);

/* Read the user's files now, for who can't open files later; what is in them is looked at when the
 * first mail needs it. */
void formats_gather(struct formats *formats);

/* Only the formats of SOURCES, which must live as long. */
struct formats *formats_read(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* Whose format LETTER has. What is found belongs to CTX. */
struct detection formats_detect(
        const void *ctx, struct formats *formats, const struct letter *letter);

/* How a notice is read that no format describes. Never NULL. */
const struct format *formats_general(struct formats *formats);

/* Whether formats_detect() may find something once the notice is known: LETTER's VIEW_BODY and
 * features are not looked at, nor VIEW_START of formats that have conditions on the header. This is
 * what keeps ordinary mail from being parsed. */
bool formats_may_detect(struct formats *formats, const struct letter *letter);

/* Whether FOLDED, a line after text_fold(), has one of the words of FORMAT for USE; HITS are those
 * of the notice. */
bool format_words_in(const struct format *format, enum words_for use,
        const struct phrase_hits *hits, const char *folded);

#endif
