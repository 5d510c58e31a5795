/* All formats in reading order, and the one that a mail is written in. */
#ifndef FORMATS_H
#define FORMATS_H

#include "format.h"

struct formats;

/* What the conditions of formats look at. NULL: empty. */
struct letter {
	/* By enum view: From, Subject, and the first lines and the whole of the notice; these two after text_fold(). */
	const char *view[VIEW_HEADER];
	/* The decoded value of header field NAME, NULL if there is none. */
	const char *(*header)(const void *argument, const char *name);
	const void *argument;
};

/* All formats, the user's and ours; lines that are wrong are left out and noted in PROBLEMS. */
enum status formats_open(const void *ctx, struct problems *problems, struct formats **formats);

/* Only the formats of SOURCES, which must live as long as FORMATS. */
enum status formats_read(const void *ctx, const struct sources *sources, struct problems *problems, struct formats **formats);

/* The first format whose conditions LETTER fulfils; NULL if there is none. */
const struct format *formats_detect(const struct formats *formats, const struct letter *letter);

/* Whether a format's conditions can still be fulfilled once the notice is known: LETTER's VIEW_BODY is not looked at, nor
 * VIEW_START of formats that have conditions on the header. This is what keeps ordinary mail from being parsed. */
bool formats_may_detect(const struct formats *formats, const struct letter *letter);

/* The formats themselves, in reading order. */
const struct format *formats_list(const struct formats *formats, size_t *count);

#endif
