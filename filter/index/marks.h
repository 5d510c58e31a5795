/* The tags that we set on a mail in the index, which are remembered in its property bounce.tag: nothing else is ever taken off. */
#ifndef MARKS_H
#define MARKS_H

#include "index/index-mail.h"

#define MARK_PROPERTY "bounce.tag"

enum marks_why {
	MARKS_AGAIN,     /* the mail is looked at: what the user took off stays off, and then nothing else of ours comes either */
	MARKS_NEWS,      /* something happened: what the user took off comes back */
	MARKS_DELIVERED, /* notmuch insert has just set the tags: they are ours */
};

/* Make WANTED (NULL-terminated) the tags of ours that MAIL has. */
void marks_apply(struct mail *mail, const char *const *wanted, enum marks_why why);

#endif
