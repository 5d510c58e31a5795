/* What many bounces say together: how many there were for each reason, domain, server and week, and
 * what seems to be going on. Memory does not grow with the number of bounces: of more than
 * SURVEY_KEYS_MAX domains, servers or addresses the rarest are forgotten, and each count left may
 * be too low by at most one SURVEY_KEYS_MAXth of all bounces (Misra and Gries, Finding repeated
 * elements, 1982). */
#ifndef SURVEY_H
#define SURVEY_H

#include <time.h>

#include "index/index.h"
#include "knowledge/wording.h"

struct survey;

/* Returns an empty survey, owned by CTX, which passes over what was reported before SINCE (0: over
 * nothing). */
struct survey *survey_new(const void *ctx, struct wording *wording, time_t since);

/* Chooses which counts are printed, and in which order: BY has their names (reason, domain, server,
 * week, sender, address), separated by commas; NULL: all. Returns false if BY has another name. */
bool survey_show(struct survey *survey, const char *by);

/* A mail that did not reach one recipient. A string that is NULL is not known. */
struct failure {
	const char *address;
	const char *server; /* the host that refused the mail, or else the one that reported it */
	const char *sender; /* the From address of the mail that came back */
	const char *words;  /* what the server said: the diagnostic */
	enum reason reason;
	bool delayed; /* the server goes on trying */
	time_t time;  /* when it was reported; 0: not known */
};

/* Counts FAILURE; copies what it needs of the strings. */
void survey_add(struct survey *survey, const struct failure *failure);

/* Compares what came back with the newest OUTBOX_MAILS_MAX mails that the user sent, if INDEX has
 * any; opens their files. */
void survey_compare(struct survey *survey, struct index *index);

/* Returns how many failures were counted. */
size_t survey_failures(const struct survey *survey);

enum survey_form {
	SURVEY_TEXT,
	SURVEY_PAGE, /* HTML */
	SURVEY_CSV,
	SURVEY_JSON,
};

/* Returns what is going on and the counts, owned by SURVEY. To be called once. */
char *survey_print(struct survey *survey, enum survey_form form);

#endif
