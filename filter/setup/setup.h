/* What the user's own files need so that other programs call this one: which file, and which lines.
 * Nothing is written: the user is told what to type. A topic is such a program, or a way to use
 * one. */
#ifndef SETUP_H
#define SETUP_H

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
	const char *no_index;       /* why there is no index */
	const char *hooks;          /* notmuch's folder for hooks; NULL: there is no index */
	const char *root;           /* the folder of the mail that is in the index */
	const char *new_tags;       /* notmuch's new.tags, separated by ; */
	bool has_searches;          /* our searches are saved in notmuch's configuration */
	unsigned messages, bounces; /* how many are in the index */
	unsigned sent;              /* how many mails there are from the user */
	char **addresses;           /* the user's addresses */
	bool marks;    /* the mail program knows bounces by header fields, not by tags */
	bool is_left;  /* something is to be typed */
	bool sets_tag; /* the command for new.tags was said, or is not needed */
};

/* Returns a setup in which all is set but what comes from the index. */
struct setup setup_read(const void *ctx, struct wording *wording);

enum setup_way {
	SETUP_LINES,   /* lines in the user's file */
	SETUP_SCRIPT,  /* a command in a script of the user's */
	SETUP_BY_HAND, /* lines whose place the user must find */
	SETUP_ONCE,    /* a script of ours to be run */
};

struct setup_topic {
	const char *name;

	/* The label that says what the topic does; -marks is appended where a delivery agent has no
	 * index. */
	const char *purpose;
	const char *program; /* the program that must be installed */
	const char *source;  /* the file of ours that it reads; NULL: none */
	/* the one to read instead where there is no index; NULL: the same */
	const char *without_index;

	/* The lines for the user's file, where {file} is the path of `source`, {program} this
	 * program, {folder} its folder, and {root} the index's; NULL: no such line. */
	const char *line, *path_line, *url_line;

	/* Both NULL-terminated. `keys`: a line that contains one of them calls us already. `files`:
	 * the user's files, in the order in which the program looks for them (~ is home, $ is
	 * config, ! the hooks). `fresh` is the one to make if none is there (NULL: the first). */
	const char *const *keys, *const *files;
	const char *fresh;

	const char *agent; /* its name for trial_run(); NULL: it can't be tried */
	const char *note;  /* the label that says where lines go (SETUP_BY_HAND), or what to read */
	/* the topic of another program that reads the same file */
	const struct setup_topic *shared;
	enum setup_way way;
	bool needs_index; /* it is of no use without an index */
	bool delivers, reads;
};

/* All topics; NULL-terminated. */
extern const struct setup_topic *const setup_topics[];

/* Programs that fetch mail and need no line of ours, as topics that have only a name and files;
 * NULL-terminated. */
extern const struct setup_topic *const setup_fetchers[];

/* Says how mail comes in and is read here. */
void setup_begin(struct setup *setup);

/* Returns whether TOPIC is of use here. */
bool setup_fits(const struct setup *setup, const struct setup_topic *topic);

/* Says what to type for TOPIC, and tries it. On an error *WHY says what is wrong. */
enum status setup_topic(struct setup *setup, const struct setup_topic *topic, const char **why);

/* Says what else there is to do. */
void setup_end(struct setup *setup);

/* Returns where SOURCE came with the program: installed, or in the source tree. *EXISTS is whether
 * it is there; if not, the path is where it should be. */
char *setup_source(const struct setup *setup, const char *source, bool *exists);

/* Returns the number of the first line of TEXT that contains one of KEYS and is not a comment; 0 if
 * there is none. */
int setup_line(const char *text, const char *const *keys);

/* Returns TEXT as a word of a shell command, with quotes if it needs them, owned by CTX. */
char *setup_word(const void *ctx, const char *text);

#endif
