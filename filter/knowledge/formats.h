/* How mailers write bounces that follow no standard: formats, one for each mailer, with its
 * peculiarities; signs, by which the notices of other mailers are known; and the words by which
 * those are read. notmuch-bounce-formats(5) describes the language. */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdbool.h>

#include "knowledge/line-pattern.h"
#include "knowledge/phrases.h"
#include "knowledge/source.h"
#include "knowledge/vocabulary.h"

struct formats;

/* What a condition looks at. From VIEW_COUNT on: a header field. */
enum view {
	VIEW_FROM,
	VIEW_SUBJECT,
	VIEW_START, /* the first lines of the text */
	VIEW_BODY,  /* all of the mailer's words */
	VIEW_COUNT,
};

/* What a format can ask for with `has`: bits. What stands in the notice counts only if it is in the
 * mailer's own words. */
enum feature {
	FEATURE_RETURNED = 1, /* the mail has the header of a returned mail */
	/* the notice names an address to which, by a header, the returned mail was sent */
	FEATURE_RECIPIENT = 2,
	FEATURE_REPLY = 4, /* a line has an SMTP reply code or an enhanced status code */
	FEATURE_LINK = 8,  /* a line has a link to a web page */
	/* the notice names an address, not the reader's, a sender's, or an office's */
	FEATURE_ADDRESS = 16,
	FEATURE_OWN = 32, /* the reader's address stands where one that failed would */
	/* FEATURE_RECIPIENT, not by the notice's writer, and the returned mail is the reader's */
	FEATURE_OWN_MAIL = 64,
	FEATURE_REFUSAL = 128, /* an SMTP reply stands beside an address that failed */
	/* the notice names the reader as the sender of a mail, and somebody as its recipient */
	FEATURE_OWN_SUMMARY = 256,
};

/* The mail that formats are compared with. NULL: empty. */
struct letter {
	/* By enum view: From, Subject, the first lines of the notice, and all of it; the last two
	 * after text_fold(). */
	const char *view[VIEW_COUNT];
	/* Returns the features of the mail. Called only if a condition needs them. HITS are the
	 * phrases in the notice. NULL: no features. */
	unsigned (*features)(void *argument, const struct phrase_hits *hits);
	/* Returns the decoded value of the header field NAME; NULL if there is none. NULL: no
	 * fields. */
	const char *(*header)(void *argument, const char *name);
	void *argument;
	/* It has a delivery status: signs count only if a format takes it for an automatic
	 * reply. */
	bool is_report;
};

struct phrase_list {
	struct phrase_run *list;
	size_t count;
};

/* What a phrase says about the line in which it stands, or about an address beside it. */
enum words_for {
	WORDS_BEGIN,     /* the recipients follow */
	WORDS_END,       /* the notice ends here */
	WORDS_DELAYED,   /* the mail is only late */
	WORDS_ABOUT,     /* the address after it was not reached */
	WORDS_OTHER,     /* the address after it is somebody else's */
	WORDS_TOWARD,    /* the address before it was not reached */
	WORDS_AWAY,      /* the address before it is the sender's */
	WORDS_ORIGIN,    /* the address after it forwarded the mail to the one before */
	WORDS_ONWARD,    /* the address before it forwarded the mail to the one after */
	WORDS_REACHED,   /* the mail arrived at the addresses in the line, or below it */
	WORDS_UNREACHED, /* it did not, whatever else stands in the line */
	WORDS_CAUSE,     /* the reason follows */
	WORDS_FIELD,     /* a field of the mail that came back follows */
	WORDS_COUNT,
};

struct line {
	const char *pattern;
	bool find; /* anywhere in a line, again and again */
};

/* A condition. Conditions on the same view stand together and are alternatives. */
struct condition {
	unsigned view;         /* from VIEW_COUNT on a header field; CONDITION_HAS: features */
	unsigned features;     /* any of these bits */
	struct phrase_run run; /* any of these phrases */
	const char *glob;      /* for a header field: the glob for its value, folded */
};

/* Sorts last, because it costs most. */
#define CONDITION_HAS (~0u)

struct condition_list {
	struct condition *list;
	size_t count;
};

struct format {
	const char *name;
	const struct phrases *phrases; /* the phrases of all formats */
	bool is_sign;
	int weight; /* of a sign */
	enum kind kind;
	struct condition_list conditions; /* one of each view must hold */
	struct condition_list exceptions; /* none of these may hold */
	bool asks_header;                 /* one of the conditions is about the header */
	bool answers;                     /* also a person's answer may have this format */
	struct line *lines;
	size_t line_count;
	struct phrase_list words[WORDS_COUNT];
	char **recipient_fields; /* header fields with recipients; NULL: none */
	bool rest_is_diagnostic;
};

/* Mark the ends of a value in the phrases that globs for whole values become: private characters,
 * which folding keeps. */
#define VALUE_BEGINS "\xee\x80\x80"
#define VALUE_ENDS "\xee\x80\x81"

/* All that files of formats say. */
struct format_set {
	struct format *list; /* formats and signs */
	size_t count;
	struct format general;
	struct phrases *phrases; /* of all of them */
	char **fields;           /* names of header fields that conditions ask for */
	size_t field_count;
};

/* The formats of share/formats, read when the program was built. */
extern const struct format_set formats_built_in;

/* Returns what SOURCES say, which must live as long; owned by CTX. Errors are noted in PROBLEMS. */
const struct format_set *formats_parse(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* Returns all formats, the user's and ours, owned by CTX. They are read when a letter is first
 * compared with them, because most reports need none. Errors are noted in PROBLEMS then. */
struct formats *formats_new(const void *ctx, struct problems *problems);

/* Reads the user's files now, for a process that can't open files later. */
void formats_gather(struct formats *formats);

/* Returns the formats of SOURCES alone, which must live as long. They are read at once. */
struct formats *formats_read(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* Returns the first format whose conditions hold for LETTER; formats_general() if none do but the
 * signs suffice; else NULL. *HITS, owned by CTX, are the phrases in the notice; NULL: it has no
 * text. */
const struct format *formats_detect(const void *ctx, struct formats *formats,
        const struct letter *letter, struct phrase_hits **hits);

/* Returns the format for notices that no other describes. Never NULL. */
const struct format *formats_general(struct formats *formats);

/* Returns whether formats_detect() may find something once the notice is known. Does not look at
 * LETTER's VIEW_BODY and features, nor at VIEW_START for formats that have conditions on the
 * header. This keeps ordinary mail from being parsed. */
bool formats_may_detect(struct formats *formats, const struct letter *letter);

/* The words of a format, and which of them a notice has. */
struct format_words {
	const struct format *format;
	const struct phrase_hits *hits; /* phrases in the notice; NULL: not searched for */
	unsigned uses;                  /* a bit for each enum words_for that has any of them */
};

/* Returns whether the notice has any of WORDS for USE. */
static inline bool format_words_any(const struct format_words *words, enum words_for use)
{
	return (words->uses >> use & 1) != 0;
}

struct format_words format_words_of(const struct format *format, const struct phrase_hits *hits);

/* Returns whether FOLDED, a text of the notice after text_fold(), has one of WORDS for USE. */
bool format_words_in(const struct format_words *words, enum words_for use, const char *folded);

/* Returns the same for LENGTH bytes of a line, of which NOTICE_LINE_MAX count. */
bool format_words_in_line(
        const struct format_words *words, enum words_for use, const char *line, size_t length);

#endif
