/* What many bounces say together: how often which reason, whose domains and servers, over time, and
 * what seems to be going on. Memory does not grow with the number of bounces: of more than
 * SURVEY_KEYS_MAX domains, servers or addresses the rarest are forgotten, and the others may count
 * too low by no more than one in SURVEY_KEYS_MAX of all (Misra and Gries, Finding repeated
 * elements, 1982). */
#ifndef SURVEY_H
#define SURVEY_H

#include <stdbool.h>
#include <time.h>

#include "index/index.h"
#include "knowledge/vocabulary.h"
#include "knowledge/wording.h"

struct survey;

/* What was reported before SINCE will not be counted (0: all is). */
struct survey *survey_new(const void *ctx, struct wording *wording, time_t since);

/* Choose which counts are printed: BY has their names (reason, domain, server, week, sender,
 * address) with commas between, in this order; NULL: all. False if one is none. */
bool survey_show(struct survey *survey, const char *by);

/* A mail that did not reach one recipient. Strings live only during the call that they are given to;
 * NULL: not known. */
struct failure {
	const char *address;
	const char *server; /* the host that refused the mail, else the one that reported it */
	const char *sender; /* the address in From of the mail that came back */
	const char *words;  /* the diagnostic */
	enum reason reason;
	bool delayed; /* the server goes on trying */
	time_t time;  /* when it was reported; 0: not known */
};

/* Count FAILURE. */
void survey_add(struct survey *survey, const struct failure *failure);

/* Compare what came back with what the user sent: the newest OUTBOX_MAILS_MAX mails; opens their
 * files. Nothing if INDEX can't be searched, or has no sent mail. */
void survey_compare(struct survey *survey, struct index *index, const struct settings *settings);

/* How many failures were counted. */
size_t survey_failures(const struct survey *survey);

enum survey_form {
	SURVEY_TEXT,
	SURVEY_PAGE, /* HTML */
	SURVEY_CSV,
	SURVEY_JSON,
};

/* Returns in the words of a language what is going on, and the counts; owned by SURVEY. */
char *survey_print(struct survey *survey, enum survey_form form);

#endif
