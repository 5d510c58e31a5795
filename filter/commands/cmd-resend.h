/* What the files of the command resend share. */
#ifndef CMD_RESEND_H
#define CMD_RESEND_H

#include "commands/command.h"
#include "resend/draft.h"
#include "resend/resend.h"

struct resending {
	struct resend_env env;
	struct resend_options options;
	struct draft_plan plan;
	/* NULL: standard output, or what the person at the terminal says */
	const char *directory;
	bool scan, send;
	/* for a macro: ask how; keep the draft; print the commands that open what was kept */
	bool ask, hold, held;
	const char *language; /* --lang; NULL: not given */
	/* only say which addresses may have been meant, as "text", "json" or "", which is text;
	 * NULL: no */
	const char *suggest;
	const char *split, *max_size;
	char **reasons, **skip;
	struct problems *problems;
	struct mail *mail; /* what was asked for; NULL: it is not in the index */
	char *bytes;       /* of that mail */
	size_t length;
	struct resend resend;
};

/* cmd-resend-read.c: open the index, if there is one, and get ready to judge and to speak. Then
 * read what NAME says: a file, `-`, an id or a query. What is wrong is said. */
enum status resending_open(const void *ctx, struct resending *resending);
enum status resending_read(const void *ctx, const char *name, struct resending *resending);

/* cmd-resend-suggest.c: print which addresses may have been meant. */
enum status resending_suggest(const void *ctx, struct resending *resending);

/* The likeliest for the one address that failed, owned by CTX; NULL: none is known, or several
 * failed. Never one that only the report names, or that has only the same name and was never
 * written to: anybody could have seen to that. */
const char *resending_suggestion(const void *ctx, const struct resending *resending);

/* cmd-resend-put.c: where the drafts go; what goes wrong is said. To standard output. */
enum status resending_print(const struct resending *resending, const struct drafts *drafts);

/* Into the Maildir resending->directory; *PATHS are theirs, owned by CTX. */
enum status resending_keep(const void *ctx, const struct resending *resending,
        const struct drafts *drafts, char ***paths);

/* To the mail server, with a copy beside that of the first mail. STATUS_NOT_SENT: the program said
 * why. */
enum status resending_send(
        const void *ctx, const struct resending *resending, const struct drafts *drafts);

/* The program that sends, with its arguments, owned by CTX; NULL: there is none. And the Maildir
 * for drafts; NULL: no index says where. */
char **resending_sendmail(const void *ctx, const struct resending *resending);
char *resending_folder(const void *ctx, const struct resending *resending);

/* Tell the index of the drafts, whose files are PATHS (NULL: they have none); ARE_SENT: and that
 * they were sent. They stand whatever comes of that. */
void resending_note(const void *ctx, const struct resending *resending, const struct drafts *drafts,
        char *const *paths, bool are_sent);

/* cmd-resend-ask.c: say what came back, and ask how it is to be sent again, or only what can be
 * done; then decide. STATUS_REFUSED with *WHY (NULL: it is the person who doesn't want to). */
enum status resending_ask(const void *ctx, struct resending *resending, const char **why);

/* Say what was made, ask the person at TERMINAL what to do with it, and do that. */
enum status resending_offer(
        const void *ctx, struct resending *resending, const struct drafts *drafts, int terminal);

/* The remarks about RESENDING and DRAFTS, in one list owned by CTX. */
char **resending_remarks(
        const void *ctx, const struct resending *resending, const struct drafts *drafts);

/* cmd-resend-macro.c: the private Maildir that new drafts for the mail program go into, emptied;
 * owned by CTX. NULL: there is no place for one. */
char *resending_hold_folder(const void *ctx);

/* Whether drafts of the same mail are still there that were not opened yet: of several, mutt opens
 * one at a time. */
bool resending_holds_more(const void *ctx, const struct resending *resending);

/* Keep for resending_print_held() the commands that open what is in RESENDING's folder or, if
 * STATUS is not STATUS_OK, those that say SAID; and open what is still there of the same mail. */
void resending_hold(
        const void *ctx, enum status status, const struct resending *resending, const char *said);

/* Print the commands that were kept, and forget them. */
enum status resending_print_held(const void *ctx);

#endif
