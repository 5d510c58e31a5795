/* One file of words, read. For wording.c. */
#ifndef WORDING_FILE_H
#define WORDING_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "knowledge/source.h"

struct wording_entry {
	const char *key;
	char *text;         /* "" if there is none */
	const char *groups; /* of the `for` it stands behind; NULL: for all */
};

struct wording_text {
	const struct wording_text *next; /* what it has no entry of, is looked for there; NULL: nowhere */
	struct wording_entry *entries;
	size_t count;
};

/* Read SOURCE, whose lines belong to CTX then. KEYS: the keys there may be, NULL-terminated; NULL: any. What is wrong is noted in PROBLEMS and left
 * out. */
struct wording_text *wording_file_read(
        const void *ctx, const struct source *source, const char *const *keys, struct problems *problems);

#endif
