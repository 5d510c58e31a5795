/* What many bounces together say: how many there are for each reason, domain, server and week, and
 * what the user should know about them. Memory is bounded: of more than SURVEY_KEYS_MAX domains,
 * servers or addresses the rarest are dropped, and the other counts may be too low by at most all
 * bounces divided by SURVEY_KEYS_MAX (Misra and Gries, Finding repeated elements, 1982). */
#ifndef SURVEY_H
#define SURVEY_H

#include <time.h>

#include "index/index.h"
#include "knowledge/wording.h"

struct survey;

/* Returns an empty survey, owned by CTX, which skips what was reported before SINCE. */
struct survey *survey_new(const void *ctx, struct wording *wording, time_t since);

/* Chooses the counts to print, in their order: BY has their names (reason, domain, server, week,
 * sender, address), separated by commas; NULL: all. Returns false if there is no such name. */
bool survey_show(struct survey *survey, const char *by);

/* A mail that did not reach one recipient. Strings that are not known are NULL. */
struct failure {
	const char *address;
	const char *server; /* the host that refused the mail, else the one that reported it */
	const char *sender; /* the From address of the mail that came back */
	const char *words;  /* what the server said: the diagnostic */
	enum reason reason;
	bool delayed; /* the server goes on trying */
	time_t time;  /* when it was reported; 0: not known */
};

/* Counts FAILURE. Keeps none of its strings. */
void survey_add(struct survey *survey, const struct failure *failure);

/* Reads the newest OUTBOX_MAILS_MAX mails that the user sent, if INDEX has any, so that
 * survey_print() can compare them with what came back. Opens their files. */
void survey_compare(struct survey *survey, struct index *index);

/* Says that COUNT failures are about dead addresses, as the index bears out. Otherwise all count
 * that the reports tell of, and people are told that this may be forged. */
void survey_confirm_gone(struct survey *survey, size_t count);

/* Returns how many failures were counted. */
size_t survey_failures(const struct survey *survey);

enum survey_form {
	SURVEY_TEXT,
	SURVEY_PAGE, /* HTML */
	SURVEY_CSV,
	SURVEY_JSON,
};

/* Returns the findings and the counts as text, owned by SURVEY. To be called once. */
char *survey_print(struct survey *survey, enum survey_form form);

#endif
