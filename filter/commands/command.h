/* Describes a command (its name, its options, and what it needs) and a call of it. */
#ifndef COMMAND_H
#define COMMAND_H

#include "index/index.h"
#include "judge/judgement-wire.h"
#include "knowledge/wording.h"

enum option_kind {
	OPTION_FLAG,  /* bool */
	OPTION_VALUE, /* const char *: NULL if it is not given */
	OPTION_MAYBE, /* const char *: "" if it is given without a value; NULL if it is not given */
	/* size_t: the index of the value among the choices; 0 also if it is not given */
	OPTION_CHOICE,
	/* char **, owned by the call: all values, NULL-terminated; NULL if it is not given */
	OPTION_LIST,
	OPTION_DATE,     /* time_t: a day, or a time back from now; 0 if it is not given */
	OPTION_LANGUAGE, /* sets the call's language */
};

struct option {
	const char *name; /* without the dashes; NULL ends the options of a command */
	enum option_kind kind;
	size_t offset;       /* of the member of the command's struct that it sets */
	const char *value;   /* what the help calls its value (DATE); NULL: it takes none */
	const char *choices; /* the values that it can have, separated by blanks; NULL: any */
};

/* The lines of a table of options; see struct option. What each is for: help.txt in
 * share/explain/. */
#define CHOICE_OPTION(NAME, KIND, STRUCT, MEMBER, VALUE, CHOICES)                                  \
	{                                                                                          \
		NAME, KIND, offsetof(STRUCT, MEMBER), VALUE, CHOICES                               \
	}
#define VALUE_OPTION(NAME, KIND, STRUCT, MEMBER, VALUE)                                            \
	CHOICE_OPTION(NAME, KIND, STRUCT, MEMBER, VALUE, NULL)
#define FLAG_OPTION(NAME, STRUCT, MEMBER)                                                          \
	CHOICE_OPTION(NAME, OPTION_FLAG, STRUCT, MEMBER, NULL, NULL)
#define LANGUAGE_OPTION                                                                            \
	{                                                                                          \
		"lang", OPTION_LANGUAGE, 0, "LANGUAGE", NULL                                       \
	}
#define NO_OPTION                                                                                  \
	{                                                                                          \
		.name = NULL                                                                       \
	} /* the end */

/* What is opened for a command before it runs; see call_open(). */
enum {
	NEEDS_INDEX = 1,    /* without an index it fails */
	USES_INDEX = 2,     /* an index, if there is one */
	NEEDS_SETTINGS = 4, /* it fails if a setting has a wrong value */
	NEEDS_WORDING = 8,
	NEEDS_JUDGE = 16,
	OPENS_LATER = 32, /* it calls call_open() itself */
};

struct call;

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *words;     /* the arguments there can be, separated by blanks; NULL: any */
	const struct option *options;
	size_t size;      /* of the struct that they set */
	bool takes_stdin; /* it reads standard input and has no arguments */
	/* its options are another program's: all arguments stay as they are */
	bool passes_all;
	/* its messages are English, as they end up in the log of a delivery agent */
	bool is_logged;
	unsigned needs;
	enum status (*run)(struct call *call);
};

struct call {
	const void *ctx; /* owns all that the call allocates */
	const struct command *command;
	void *options;        /* the command's struct, in which its options were set */
	char **arguments;     /* without the options, NULL-terminated */
	const char *language; /* --lang; NULL: not given */
	struct problems *problems;
	char *said;           /* for cmd_say_to() */
	struct index *index;  /* NULL: there is none */
	const char *no_index; /* why there is none */
	struct settings settings;
	struct wording *wording;
	struct judge *judge;
};

extern const struct command command_addresses, command_classify, command_clean, command_explain,
        command_filter, command_forget, command_handled, command_insert, command_report,
        command_resend, command_rules, command_sample, command_send, command_setup, command_silent,
        command_status, command_tag;

/* A mail that `notmuch insert` delivers, and what it is. */
struct insert_record {
	const void *ctx;
	int spool;     /* the mail */
	size_t length; /* its bytes */
	bool is_judged;
	struct judgement_wire judged; /* what the mail is, if it is judged */
	/* a pipe that gives a byte once the mail is delivered, or ends if it is not */
	int go;
};

/* The part of the program that is linked with libnotmuch. */
struct index_module {
	const struct command *const *commands; /* all, sorted by name; ends with NULL */
	/* Runs one of them, after opening what it needs unless it OPENS_LATER. */
	enum status (*run)(struct call *call);
	/* Runs while the mail is delivered. First writes a line to ANSWER: how many seconds the
	 * delivery may wait for the index's lock (empty if the index can't be opened). Once the
	 * mail is there, notes its tags, links it to the mail that it is about, and updates other
	 * mails that it concerns. Then writes an empty line if nothing went wrong; for most mail,
	 * which needs no such notes, at once. This has a process of its own, because libnotmuch
	 * ends a program that is out of memory. */
	void (*record)(struct insert_record *record, int answer);
};

extern const struct index_module module_index;

/* -- options (option.c) */

/* Takes the options out of CALL's arguments and puts their values into its struct. `--` ends the
 * options; `-` is an argument. STATUS_USAGE, after a message, if an option is wrong. */
enum status options_read(struct call *call);

/* Returns the help of COMMAND in the words of WORDING, owned by CTX: its usage, what it is for, its
 * options. At most 80 columns wide. */
char *options_help(const void *ctx, const struct command *command, struct wording *wording);

/* Returns the help of the program, owned by CTX: what each of COMMANDS (NULL-terminated) is for. */
char *commands_help(
        const void *ctx, const struct command *const *commands, struct wording *wording);

/* Returns a description of COMMAND and its options for programs, in the words of WORDING, owned by
 * CTX: a line for each, of six fields separated by tabs: the name of the command; that of the
 * option (empty: the command itself); `flag`, `value`, `maybe` (with or without a value) or `list`
 * (can be given several times); what the value is called (of a command: its arguments); the values
 * that it can have; what it is for. */
char *options_list(const void *ctx, const struct command *command, struct wording *wording);

#endif
