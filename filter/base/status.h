/* What can go wrong, and the exit status that says so. */
#ifndef STATUS_H
#define STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_USAGE,    /* the command line asks for something that does not exist */
	STATUS_NOT_MAIL, /* the input is not a mail message */
	STATUS_NO_INPUT, /* no such file, or a directory without mail */
	STATUS_IO,       /* reading or writing failed */
	/* no memory, process, file or random number can be had; judging took too long; notmuch
	 * failed */
	STATUS_TRY_LATER,
	STATUS_LOCKED,        /* another program writes to the index: to be tried later */
	STATUS_NOT_DELIVERED, /* the mail is where it was: to be tried later */
	STATUS_DISK_FULL,     /* there is no room to write: also to be tried later */
	STATUS_BAD_RULES,     /* a rules or formats file has errors */
	STATUS_NOT_SENT,      /* `send` stopped the mail, and said why */
	STATUS_REFUSED,       /* we won't do it: it would do harm, or is not allowed */
};

/* Returns FIRST, or NEXT if FIRST is STATUS_OK: the first of several failures counts. */
static inline enum status status_first(enum status first, enum status next)
{
	return first != STATUS_OK ? first : next;
}

/* Returns the sysexits(3) code for S: 0, 64, 65, 66, 69, 74, 75, 77 or 78. */
int status_exit_code(enum status s);

#endif
