/* What a report says of one recipient: where it stood, codes, and every text about it. */
#ifndef RECIPIENT_H
#define RECIPIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/limits.h"

enum action {
	ACTION_FAILED,
	ACTION_DELAYED,
	ACTION_DELIVERED, /* relayed and expanded too */
	ACTION_COUNT,
};

/* Their names in JSON and in properties. */
extern const char *const action_names[ACTION_COUNT];

/* Where a text about a recipient stood. */
enum text_source {
	TEXT_DIAGNOSTIC, /* Diagnostic-Code, or the reply that the notice quotes */
	TEXT_TRANSCRIPT, /* what a server said in a session that the notice prints */
	/* the notice's words beside the address; all of them for a single recipient */
	TEXT_NOTICE,
};

/* One text about one recipient. No text about another is among them. */
struct recipient_text {
	enum text_source source;
	const char *text; /* UTF-8; lines are separated by newlines; never empty */
};

struct recipient {
	char *address;          /* "" if the report does not name it */
	char *original_address; /* what the sender typed, if told and different; NULL: not said */
	enum action action;
	char *status;            /* the Status field, or the notice's code; NULL: none */
	int reply;               /* SMTP reply code; 0: none */
	const char *command;     /* CONN EHLO MAIL RCPT DATA; NULL: not said */
	char *diagnostic;        /* one line of UTF-8; NULL: none */
	char *diagnostic_status; /* the enhanced code inside the diagnostic; NULL: none */
	char *remote_mta;        /* NULL: not said */
	struct recipient_text texts[RECIPIENT_TEXTS_MAX]; /* the most exact first */
	size_t text_count;
	time_t retry_until; /* how long the server goes on trying; 0: not said */
	bool is_sure;       /* read from a notice: where only one that failed can stand */
	unsigned hash;      /* of the address, to find it again */
};

struct recipient_list {
	struct recipient *list;
	size_t count;
	size_t left_out; /* beyond RECIPIENTS_MAX */
};

/* Returns a number for ADDRESS, whatever the case of its letters. */
unsigned recipient_hash(const void *address);

/* Returns the recipient ADDRESS (letters compare without case); NULL if there is none. */
struct recipient *recipient_find(const struct recipient_list *recipients, const char *address);

/* Returns that recipient, or a new one at the end of the list, owned by CTX. NULL when
 * RECIPIENTS_MAX is reached. */
struct recipient *recipient_get(
        const void *ctx, struct recipient_list *recipients, const char *address);

/* Add TEXT (not copied) behind the texts of the same SOURCE, unless it is empty or there
 * already. */
void recipient_add_text(struct recipient *recipient, enum text_source source, const char *text);

/* Make TEXT the diagnostic, and take the codes that are in it; what is made is owned by CTX. */
void recipient_set_diagnostic(const void *ctx, struct recipient *recipient, const char *text);

#endif
