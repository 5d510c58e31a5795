/* Every cap in one place: what a mail may cost, and what happens beyond. A mail is hostile input:
 * time and memory must stay linear in its size, and bounded where a bounce needs no more. */
#ifndef LIMITS_H
#define LIMITS_H

/* -- A mail; sizes are in bytes */

/* A notice stands at the front of a bounce, the returned mail behind it. `filter` passes the rest
 * through unread. */
#define MAIL_JUDGED_MAX (4u << 20)
#define MAIL_HEAD_MAX (64u << 10) /* read to decide whether it can be a bounce at all */
#define HEADER_FIELDS_MAX 2000    /* of the top level */
/* The time grows with the square of the encoded words in a field that are not closed. */
#define HEADER_DECODED_MAX (16u << 10)
#define PARAMETERS_MAX (64u << 10) /* a Content-Type or a Content-Disposition */
#define PARTS_MAX 500              /* MIME parts; those beyond are not seen */
#define PART_DEPTH_MAX 12          /* how deep a report may be wrapped */
#define DIAGNOSTIC_MAX 2000
#define ADDRESS_MAX 320
#define VALUE_MAX 1000 /* any other value that is quoted */

/* -- A notice */

#define NOTICE_MAX (32u << 10) /* read as text; the rest is not seen */
#define NOTICE_LINE_MAX 2000   /* of one of its lines */
/* What is copied from it for its recipients, all of them together; recipients beyond get no words
 * of their own. */
#define NOTICE_GATHERED_MAX (8 * NOTICE_MAX)
#define NOTICE_QUOTED_MAX 600      /* quoted where the server's own words are not known */
#define HTML_PARTS_MAX 4           /* of a mail */
#define HTML_MAX (128u << 10)      /* turned into text */
#define HTML_DEPTH_MAX 256         /* nesting at which reading ends */
#define HTML_LETTER_MAX (4u << 20) /* of a mail of the user's, to be sent again as plain text */
#define RECIPIENTS_MAX 2000        /* as many again are counted; those beyond are not read */
#define RECIPIENT_TEXTS_MAX 6      /* about one recipient */
#define GROUP_FIELDS_MAX (32 * RECIPIENTS_MAX) /* of a delivery status; the rest is not read */

/* -- What the index is asked about a bounce; the newest first */

#define REFERENCES_MAX 12 /* ids of a bounce that are looked up to find its mail */
#define PROBABLE_MAX 2000 /* sent mails that are compared with a bounce which names no id */
#define HISTORY_MAX 50    /* mails from and to one address */
#define REPLIES_MAX 200   /* mails from one address, looked at for a sign of life */
#define EXPLAINED_MAX 20  /* addresses of a bounce that are explained one by one */
#define SAYINGS_MAX 5     /* of servers that are quoted for one reason */

/* Where an address may be a slip for another: what is looked at to find that one. */
#define CANDIDATE_MAILS_MAX 2000       /* mails that one query finds */
#define CANDIDATE_FILES_MAX 100        /* of these, that are opened */
#define CANDIDATE_DOMAIN_MAILS_MAX 500 /* that are looked at for their domain only */
#define CANDIDATES_KEPT_MAX 50         /* addresses while looking, the likeliest */
#define CANDIDATES_WEIGHED_MAX 8       /* of these, whose history is read */
#define CANDIDATES_MAX 5               /* of these, that are shown */

/* -- Processes */

/* The address space, with the libraries in it, of a process that judges mails. Beyond, the mail is
 * not judged. */
#define MEMORY_MAX (256ul << 20)
#define PROCESSES_MAX 16                /* that judge at once */
#define JUDGE_SCRATCH_SIZE (256u << 10) /* for an ordinary bounce; more comes from malloc() */
#define JUDGE_SECONDS_MAX 10            /* for one mail; then it is not judged */
#define PROCESSOR_SECONDS_MAX 60        /* for passing a mail on */
#define LOCK_TIMEOUT_DEFAULT 30         /* seconds for the index's lock: bounce.lock_timeout */
#define TRIAL_SECONDS_MAX 30            /* for setup's trial of a user's file */
#define TRIAL_BYTES_MAX (64u << 10)     /* of what it says */

/* -- What the user has */

#define RESEND_MAX (200u << 20)         /* of a mail that is sent again */
#define RESEND_BOUNCES_MAX 50           /* of one mail that are looked at for that, the newest */
#define RESEND_SPLIT_DEFAULT (5u << 20) /* of the parts into which a mail is split */
#define LINE_BYTES_MAX (64u << 10)      /* of a line of a log, a list or JSON */
#define LIST_MAX (1u << 30)             /* of a list of addresses */
#define USER_FILE_MAX (4u << 20)        /* of a file written by hand; a larger one is refused */
#define PATH_BYTES_MAX 4096             /* of the name of a file */
#define SURVEY_KEYS_MAX 50000           /* domains, servers or addresses that are counted */
#define OUTBOX_MAILS_MAX 5000           /* sent, compared with what came back; the newest */
#define MAILING_PEOPLE 10               /* a mail to more is a mailing */
#define MAILING_MAILS 10                /* more mails with one subject are one, too */

/* A cap that was reached in reading a mail: one bit of a set. */
enum cap {
	CAP_MAIL = 1,
	CAP_FIELDS = 2,
	CAP_PARTS = 4,
	CAP_DEPTH = 8,
	CAP_NOTICE = 16,
	CAP_HTML = 32,
	CAP_RECIPIENTS = 64,
};

#endif
