/* What becomes of an ordinary message and of a bounce in a copy of a user's file, where nothing
 * real can be harmed: the script share/recipes/trial, in a process that can write to one folder
 * only, which goes away, and that has no network. */
#ifndef TRIAL_H
#define TRIAL_H

#include "setup/setup.h"

/* What became of one of both. */
struct trial_mail {
	char *folder; /* where it is: a path, `-` for the system's mailbox; empty: nowhere */
	char *tags;   /* between blanks; empty: none */
	char *reason; /* of its X-Bounce-Reason; empty: it has none */
};

struct trial {
	struct trial_mail message, bounce;
	char *said; /* the last line that a program complained in; may be empty */
};

/* Let AGENT (setup_topic.agent) deliver with what is in FILE and, behind it, LINES
 * (NULL-terminated; may be NULL). All of *TRIAL is owned by SETUP's ctx, and is clean text. False if it
 * can't be tried here, or was not over in TRIAL_SECONDS_MAX. */
bool trial_run(const struct setup *setup, const char *agent, const char *file, char *const *lines,
        struct trial *trial);

/* What the script SAID (NUL-terminated), taken apart. False if it did not come to its end. */
bool trial_read(const void *ctx, char *said, struct trial *trial);

#endif
