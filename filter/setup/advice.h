/* What the user is told to type, in the words of a language; a topic after the other. */
#ifndef ADVICE_H
#define ADVICE_H

#include "base/buffer.h"
#include "knowledge/wording.h"
#include "setup/setup.h"

struct advice {
	const void *ctx; /* owns all */
	struct wording *wording;
	const struct setup *setup;
	struct buffer text; /* what is said */
	bool marks;         /* who reads mail here knows bounces by header fields */
	bool is_left;       /* something is to be typed */
	bool sets_tag;      /* new.tags was spoken of */
};

/* What a run of setup knows of the index besides. */
struct advice_index {
	unsigned messages, bounces, sent;
	char **addresses; /* the user's, NULL-terminated */
};

/* Say how mail comes in and is read here. */
void advice_begin(struct advice *advice, const struct advice_index *index);

/* Say what TOPIC takes, and try it. On an error *WHY, owned by ctx, says what is wrong. */
enum status advice_topic(struct advice *advice, const struct setup_topic *topic, const char **why);

/* Whether TOPIC is of use here. */
bool advice_fits(const struct advice *advice, const struct setup_topic *topic);

/* Say what else there is to do. */
void advice_end(struct advice *advice, const struct advice_index *index);

#endif
