/* What the user's own files need so that other programs call this one: which file, which lines, and where in it. Nothing is written here; user-file.h
 * does that. A topic is such a program, or a use of one. */
#ifndef SETUP_H
#define SETUP_H

#include "setup/place.h"
#include "setup/user-file.h"

/* This installation, and the user's surroundings. */
struct setup {
	char *program;        /* the program that runs, with its whole path */
	char *prefix;         /* where it is installed, or the source tree that it was built in */
	const char *home;     /* NULL: not known */
	char *config;         /* $XDG_CONFIG_HOME or ~/.config; NULL: not known */
	char *hooks;          /* notmuch's folder for hooks; NULL: there is no index */
	const char *new_tags; /* notmuch's new.tags, separated by ; */
	bool has_searches;    /* ours, saved in notmuch's configuration */
	const char *no_index; /* why there is none */
};

/* All owned by CTX; hooks and what follows are left to who knows the index. */
struct setup setup_read(const void *ctx);

/* Whether TAG is among those of new.tags. */
bool setup_has_new_tag(const struct setup *setup, const char *tag);

/* The command that adds `new` to new.tags, NULL-terminated, owned by CTX. */
char **setup_new_tag(const void *ctx, const struct setup *setup);

struct setup_topic {
	const char *name;
	const char *purpose;       /* what comes of it */
	const char *program;       /* that makes use of it */
	const char *only;          /* for whom, if not for all who have the program; else NULL */
	const char *note;          /* place_by_hand: why, and that `source` says more */
	const char *source;        /* the file of ours that came with the program; NULL: none */
	const char *without_index; /* that instead of it where there is no index; NULL: the same */

	/* The lines that the user's file needs: before the name of `source` (of this program, if there is none), and behind it; no tail: without the name.
	 * path_head begins a line, to be ended by :$PATH", that adds a folder to where programs are looked for. */
	const char *head, *tail, *path_head;

	/* NULL-terminated: what such a line of the user's own has in it (place.h); the user's files, in the order in which the program looks for them: ~ is
	 * home, $ is config, ! the hooks; `fresh` is the one to make if there is none (NULL: the first). */
	const char *const *keys, *const *files;
	const char *fresh;

	place_rule *rule;
	const struct setup_topic *shared; /* whose lines go into a file that that topic's program reads as well; else NULL */
	bool needs_index, needs_file;     /* makes no sense without; a file can be made by hand */
	bool delivers, is_script;
};

/* All there are; ends with NULL. */
extern const struct setup_topic *const setup_topics[];

/* Whether PROGRAM is in the path. */
bool setup_is_installed(const char *program);

/* The user's file that TOPIC's program reads, owned by CTX; NULL if there is none. */
char *setup_path(const void *ctx, const struct setup *setup, const struct setup_topic *topic);

/* The one to make then; NULL if it isn't known where. */
char *setup_new_path(const void *ctx, const struct setup *setup, const struct setup_topic *topic);

/* Why TOPIC makes no sense here (owned by CTX or static); NULL: it does. */
const char *setup_left_out(const void *ctx, const struct setup *setup, const struct setup_topic *topic);

/* TOPIC's file of ours, where it came with the program: installed, or in the source tree; owned by CTX. NULL if it isn't there: *PLACE is where it should
 * be. */
char *setup_source(const void *ctx, const struct setup *setup, const struct setup_topic *topic, char **place);

/* What TOPIC takes. */
struct setup_step {
	const struct setup_topic *topic; /* not always the one asked for: neomutt may read mutt's file */
	struct user_file file;
	const char *text;   /* of the file; of a new script its first line */
	char *source;       /* the topic's file of ours, with its path; NULL: none */
	char *marked;       /* what goes in, between our marks */
	struct place place; /* where */
	mode_t mode;        /* that the file has to have */
};

/* Find out. All owned by CTX. STATUS_NO_INPUT: something that it takes is not there; STATUS_IO: the user's file can't be read. *WHY says so. */
enum status setup_find(
        const void *ctx, const struct setup *setup, const struct setup_topic *topic, struct setup_step *step, const char **why);

/* Nothing is left to do. */
bool setup_is_done(const struct setup_step *step);

#endif
