/* What the user's own files need so that other programs call this one: which file, and which
 * lines. Nothing is written: the user is told what to type. A topic is such a program, or a use
 * of one. */
#ifndef SETUP_H
#define SETUP_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/status.h"
#include "knowledge/wording.h"

/* This installation, the user's surroundings, and what is said about them in the words of a
 * language. All is owned by CTX. */
struct setup {
	const void *ctx;
	struct wording *wording;
	struct buffer text;         /* what is said */
	const char *program;        /* the program that runs, with its whole path */
	const char *prefix;         /* where it is installed, or the source tree it was built in */
	const char *home, *config;  /* $XDG_CONFIG_HOME or ~/.config; NULL: not known */
	const char *no_index;       /* why there is none */
	const char *hooks;          /* notmuch's folder for hooks; NULL: there is no index */
	const char *root;           /* the folder of the mail that is in the index */
	const char *new_tags;       /* notmuch's new.tags, separated by ; */
	bool has_searches;          /* ours, saved in notmuch's configuration */
	unsigned messages, bounces; /* in the index; */
	unsigned sent;              /* sent by the user; */
	char **addresses;           /* whose addresses these are */
	bool marks;                 /* who reads mail here knows bounces by header fields */
	bool is_left;               /* something is to be typed */
	bool sets_tag;              /* new.tags was spoken of */
};

/* What concerns the index is left to who knows it. */
struct setup setup_read(const void *ctx, struct wording *wording);

enum setup_way {
	SETUP_LINES,   /* lines in the user's file */
	SETUP_SCRIPT,  /* a command in a script of the user's */
	SETUP_BY_HAND, /* lines that the user knows better where to put */
	SETUP_ONCE,    /* a script of ours to be run */
};

struct setup_topic {
	const char *name;

	/* The label that says what comes of it; behind it -marks where there is no index and
	 * without_index delivers. */
	const char *purpose;
	const char *program; /* that makes use of it */
	const char *source;  /* the file of ours that came with the program; NULL: none */
	/* that instead of it where there is no index; NULL: the same */
	const char *without_index;

	/* A line of the user's file: before and behind the name of `source` (of this program, if
	 * there is none); no tail: without the name. path_head begins a line, to be ended by
	 * :$PATH", that adds a folder to where programs are looked for, url_head one that ends
	 * in the index's folder. */
	const char *head, *tail, *path_head, *url_head;

	/* NULL-terminated: what such a line of the user's own has in it; the user's files, in
	 * the order in which the program looks for them: ~ is home, $ is config, ! the hooks;
	 * `fresh` is the one to make if there is none (NULL: the first). */
	const char *const *keys, *const *files;
	const char *fresh;

	const char *agent; /* its name for trial.h; NULL: it can't be tried */
	const char *note;  /* the label that says why SETUP_BY_HAND, or what to read on */
	/* whose file its program may read, for which its lines are */
	const struct setup_topic *shared;
	enum setup_way way;
	bool needs_index; /* makes no sense without */
	bool delivers, reads;
};

/* All there are; ends with NULL. */
extern const struct setup_topic *const setup_topics[];

/* Programs that fetch mail, and that we need no line in; as topics that have only a name and
 * files. */
extern const struct setup_topic *const setup_fetchers[];

/* Say how mail comes in and is read here. */
void setup_begin(struct setup *setup);

/* Whether TOPIC is of use here. */
bool setup_fits(const struct setup *setup, const struct setup_topic *topic);

/* Say what TOPIC takes, and try it. On an error *WHY says what is wrong. */
enum status setup_topic(struct setup *setup, const struct setup_topic *topic, const char **why);

/* Say what else there is to do. */
void setup_end(struct setup *setup);

/* Where SOURCE came with the program: installed, or in the source tree; if it is not there, *EXISTS
 * says so, and it is where it should be. */
char *setup_source(const struct setup *setup, const char *source, bool *exists);

/* The number of the first line of TEXT that has one of KEYS in it and is no comment; 0: none. */
int setup_line(const char *text, const char *const *keys);

/* TEXT as a word of a command that a shell reads, with quotes if it needs them, owned by CTX. */
char *setup_word(const void *ctx, const char *text);

#endif
