/* All formats in reading order, and the one that a mail is written in. */
#ifndef FORMATS_H
#define FORMATS_H

#include "knowledge/format.h"

struct formats;

/* What the conditions of formats look at. NULL: empty. */
struct letter {
	/* By enum view: From, Subject, and the first lines and the whole of the notice; these two after text_fold(). */
	const char *view[VIEW_HEADER];
	/* The decoded value of header field NAME, NULL if there is none. */
	const char *(*header)(const void *argument, const char *name);
	const void *argument;
};

/* All formats, the user's and ours. They are read when a letter is first compared with them, as most reports need none; what is wrong in
 * them is noted in PROBLEMS then. */
struct formats *formats_new(const void *ctx, struct problems *problems);

/* Read the user's files now, for who can't open files later; what is in them is looked at when the first mail needs it. */
void formats_gather(struct formats *formats);

/* Only the formats of SOURCES, which must live as long; all of them is read at once. */
struct formats *formats_read(const void *ctx, const struct sources *sources, struct problems *problems);

/* The first format whose conditions LETTER fulfils; NULL if there is none. */
const struct format *formats_detect(struct formats *formats, const struct letter *letter);

/* Whether a format's conditions can still be fulfilled once the notice is known: LETTER's VIEW_BODY is not looked at, nor
 * VIEW_START of formats that have conditions on the header. This is what keeps ordinary mail from being parsed. */
bool formats_may_detect(struct formats *formats, const struct letter *letter);

#endif
