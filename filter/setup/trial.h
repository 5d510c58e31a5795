/* Tries what becomes of an ordinary message and of a bounce with a copy of a user's file: by the
 * script share/recipes/trial, in a process that has no network and can write to one temporary
 * folder only. */
#ifndef TRIAL_H
#define TRIAL_H

#include "setup/setup.h"

/* What became of a mail. */
struct trial_mail {
	char *folder; /* where it is: a path, `-` for the system's mailbox; empty: nowhere */
	char *tags;   /* separated by blanks; empty: none */
	char *reason; /* its X-Bounce-Reason; empty: it has none */
};

struct trial {
	struct trial_mail message, bounce;
	char *said; /* the last complaint of a program; may be empty */
};

/* Lets AGENT (setup_topic.agent) deliver with a copy of FILE to which LINES (may be NULL) are
 * added. All of *TRIAL is clean text, owned by SETUP's ctx. Returns false if it can't be
 * tried here, or takes more than TRIAL_SECONDS_MAX. */
bool trial_run(const struct setup *setup, const char *agent, const char *file, char *const *lines,
        struct trial *trial);

/* Reads what the script SAID, which it changes, into *TRIAL. Returns false if it did not come to
 * its end. */
bool trial_read(const void *ctx, char *said, struct trial *trial);

#endif
