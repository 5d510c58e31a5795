/* Where lines of ours go in a file that another program reads and the user wrote: behind what, before what, or whether they are there. place.c finds
 * them; place-rules.c knows, of each program's language, just so much. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>

enum place_state {
	PLACE_FREE,    /* to be put in before the byte AT */
	PLACE_OLD,     /* what stands from AT to END between our marks is of another place or time */
	PLACE_THERE,   /* they are there */
	PLACE_BY_HAND, /* a program had better not */
};

struct place {
	enum place_state state;
	size_t at, end; /* equal but for what stands there already */
	int line;       /* the line that is at AT, counted from 1 */
	bool is_last;   /* nothing comes behind */
	const char *
	        why; /* PLACE_BY_HAND: why, if the file's words say so; AT is the line meant, if it is about one (else LINE is 0) */
};

/* Where LINES go in a file, by its words alone. */
typedef struct place place_rule(const char *text);

place_rule place_last;        /* behind all else */
place_rule place_in_procmail; /* behind all recipes, but before one that takes all mail */
place_rule place_in_maildrop; /* behind all statements, but before one that takes all mail */
place_rule place_in_fdm;      /* behind all rules, but before one that takes all mail */
place_rule place_by_hand;     /* wherever the user knows better, whatever its words are */
place_rule place_in_script;   /* a shell script: before its first command, behind which it may end or become another program */

/* LINES (whole lines) between our marks for TOPIC, owned by CTX. */
char *place_mark(const void *ctx, const char *topic, const char *lines);

/* The place of MARKED (from place_mark) in TEXT. A line of the user's that has one of the NULL-terminated KEYS in it, and is no comment, does the same. */
struct place place_find(place_rule *rule, const char *text, const char *topic, const char *marked, const char *const *keys);

/* TEXT with MARKED in PLACE, which is FREE or OLD; owned by CTX. All bytes of TEXT stay but those from AT to END. */
char *place_fill(const void *ctx, const char *text, const struct place *place, const char *marked);

/* A line of a file of settings: neither empty nor a comment, with the lines that it goes on in (\ at the end). */
struct place_line {
	const char *text; /* behind its blanks */
	size_t length;    /* without blanks at the end */
	size_t start;     /* where it starts in the file */
	size_t next;      /* where the one behind it starts */
	int number;       /* of the first, counted from 1 */
	int last;         /* of the last */
};

/* Move LINE, first zeroed, on to the next one of TEXT; false at the end. */
bool place_line_next(const char *text, struct place_line *line);

#endif
