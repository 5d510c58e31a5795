/* What the user's own files need so that other programs call this one: which file, and which
 * lines. Nothing is written: the user is told what to type. A topic is such a program, or a use
 * of one. */
#ifndef SETUP_H
#define SETUP_H

#include <stdbool.h>

#include "base/status.h"

/* This installation, and the user's surroundings. */
struct setup {
	char *program;        /* the program that runs, with its whole path */
	char *prefix;         /* where it is installed, or the source tree that it was built in */
	const char *home;     /* NULL: not known */
	char *config;         /* $XDG_CONFIG_HOME or ~/.config; NULL: not known */
	char *hooks;          /* notmuch's folder for hooks; NULL: there is no index */
	char *root;           /* the folder of the mail that is in the index */
	const char *new_tags; /* notmuch's new.tags, separated by ; */
	bool has_searches;    /* ours, saved in notmuch's configuration */
	const char *no_index; /* why there is none */
};

/* All owned by CTX; hooks and what follows are left to who knows the index. */
struct setup setup_read(const void *ctx);

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

/* Whether PROGRAM is in the path. */
bool setup_is_installed(const char *program);

/* The user's file that TOPIC's program reads, owned by CTX; the one to make if there is none,
 * and *EXISTS says so. NULL: it isn't known where. */
char *setup_path(
        const void *ctx, const struct setup *setup, const struct setup_topic *topic, bool *exists);

/* TOPIC's program is set up here by the user: it has a file, or ~/.forward names it. */
bool setup_has(const struct setup *setup, const struct setup_topic *topic);

/* SOURCE where it came with the program: installed, or in the source tree; owned by CTX. NULL if
 * it isn't there: *PLACE is where it should be. */
char *setup_source(const void *ctx, const struct setup *setup, const char *source, char **place);

/* The number of the first line of TEXT that has one of KEYS in it and is no comment; 0: none. */
int setup_line(const char *text, const char *const *keys);

/* How TOPIC is to be set up. */
struct setup_wish {
	const char *folder; /* deliver there, below the index's folder; NULL: in that itself */
	/* give bounces header fields as well, for a mail program that knows no tags */
	bool marks;
	bool is_new;  /* there is no such file yet */
	bool has_url; /* it says where the index is */
};

/* The lines of TOPIC, NULL-terminated, owned by CTX. On an error *WHY is the label that says so,
 * and *PATH what it is about. */
enum status setup_lines(const void *ctx, const struct setup *setup, const struct setup_topic *topic,
        const struct setup_wish *wish, char ***lines, const char **why, char **path);

#endif
