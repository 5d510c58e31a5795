/* Within formats.c and formats-detect.c: the formats, and an index from phrases to them. */
#ifndef FORMATS_SET_H
#define FORMATS_SET_H

#include "knowledge/formats.h"

/* A phrase that is a condition of a format. */
struct use {
	uint16_t format; /* number */
	uint8_t view;
	uint8_t group;
	uint32_t next; /* use of the same phrase, as index + 1 */
};

struct formats {
	struct format *list;
	size_t count;
	struct phrases *phrases;
	uint32_t *first_use; /* by phrase, as index + 1; 0: none */
	size_t phrase_count;
	struct use *uses;
	struct problems *problems;
	struct sources *sources; /* NULL: not read yet */
	bool is_loaded;
};

/* Load the formats if that was not done yet. */
void formats_need(struct formats *formats);

/* Format NUMBER with all of it read; NULL if a line of it is wrong. */
const struct format *formats_prepared(struct formats *formats, size_t number);

#endif
