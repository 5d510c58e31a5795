/* What is known of one mail that came back: for each recipient what became of it. */
#ifndef STORY_H
#define STORY_H

#include "index/fate.h"
#include "index/index.h"

struct story {
	char *id;
	char *subject;
	time_t date;
	bool is_original;   /* a mail of the user's; else a bounce that is tied to none */
	struct fate *fates; /* a recipient each */
	size_t fate_count;
};

enum story_extent {
	STORY_OPEN, /* recipients that it did not reach, as far as is known now */
	STORY_ALL,  /* all recipients that its header names; opens the file */
};

/* The story of MAIL, owned by CTX: if it is a bounce, that of the mail it is about, or its own if there is none; NULL if nothing came back, and EXTENT
 * does not ask for more. */
struct story *story_read(const void *ctx, struct index *index, struct mail *mail, enum story_extent extent);

#endif
