/* What a report says about one recipient: codes, and every text about it with its source. */
#ifndef RECIPIENT_H
#define RECIPIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/limits.h"

enum action {
	ACTION_FAILED,
	ACTION_DELAYED,
	ACTION_DELIVERED, /* also relayed and expanded */
	ACTION_COUNT,
};

/* The names of actions in JSON and properties. */
extern const char *const action_names[ACTION_COUNT];

enum text_source {
	TEXT_DIAGNOSTIC, /* Diagnostic-Code, or the reply that the notice quotes */
	TEXT_TRANSCRIPT, /* what a server said in a session that the notice prints */
	/* the notice's words beside the address; all its words if there is only one recipient */
	TEXT_NOTICE,
};

/* A text about this recipient and no other. */
struct recipient_text {
	enum text_source source;
	const char *text; /* UTF-8; lines are separated by newlines; never empty */
};

struct recipient {
	char *address;          /* "" if the report does not name it */
	char *original_address; /* what the sender typed, if different; NULL: not said */
	/* where the mail went on to from ADDRESS, and failed; NULL: not said. The status is about
	 * ADDRESS all the same (RFC 3464 section 2.3.2) */
	char *actual_address;
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
	bool is_sure;       /* in a notice it stands where only an address that failed can */
	unsigned hash;      /* recipient_hash() of the address */
};

struct recipient_list {
	struct recipient *list;
	size_t count;
	size_t left_out; /* beyond RECIPIENTS_MAX */
};

/* Returns a hash of ADDRESS, the same for upper and lower case. */
unsigned recipient_hash(const void *address);

/* Returns the recipient ADDRESS (upper and lower case are the same); NULL if there is none. */
struct recipient *recipient_find(const struct recipient_list *recipients, const char *address);

/* Returns the recipient ADDRESS, or a new one at the end of the list, owned by CTX. NULL if there
 * are already RECIPIENTS_MAX. */
struct recipient *recipient_get(
        const void *ctx, struct recipient_list *recipients, const char *address);

/* Gives TO what it lacks and FROM has: codes, command, server, the address that the sender
 * typed. */
void recipient_fill(struct recipient *to, const struct recipient *from);

/* Adds TEXT (not copied) after the texts of the same SOURCE, unless it is empty, already there, or
 * there are RECIPIENT_TEXTS_MAX. */
void recipient_add_text(struct recipient *recipient, enum text_source source, const char *text);

/* Makes TEXT the diagnostic, unless it is empty, and takes the codes, command and server from it.
 * What is made is owned by CTX. */
void recipient_set_diagnostic(const void *ctx, struct recipient *recipient, const char *text);

#endif
