/* Every cap in one place: what a mail may cost us, and what happens there. A mail is hostile input;
 * time and memory must stay linear in its size, and bounded where a bounce needs no more. */
#ifndef LIMITS_H
#define LIMITS_H

/* Bytes of a mail that are judged. A notice stands at the front of a bounce; what lies behind is
 * the returned mail. The filter passes the rest through unread. */
#define MAIL_JUDGED_MAX (4u << 20)

/* Bytes of a mail that are read to decide whether it can be a bounce at all. */
#define MAIL_HEAD_MAX (64u << 10)

/* Header fields of the top level that are looked at. */
#define HEADER_FIELDS_MAX 2000

/* Bytes of a field with encoded words that are decoded: GMime takes the square of them for words
 * that are not closed. */
#define HEADER_DECODED_MAX (16u << 10)

/* Bytes of a Content-Type or a Content-Disposition that are read. */
#define PARAMETERS_MAX (64u << 10)

/* MIME parts visited, and how deep a report may be wrapped. Beyond: not seen. */
#define PARTS_MAX 500
#define PART_DEPTH_MAX 12

/* Bytes of a notice that are read as text, and of one of its lines; the rest is not seen. */
#define NOTICE_MAX (32u << 10)
#define NOTICE_LINE_MAX 2000

/* Bytes of its words that are gathered for its recipients, the same words for several of them
 * included; recipients beyond have none of their own. */
#define NOTICE_GATHERED_MAX (8 * NOTICE_MAX)

/* Bytes of a notice that are quoted where the server's own words are not known. */
#define NOTICE_QUOTED_MAX 600

/* HTML parts of a mail that are looked at. */
#define HTML_PARTS_MAX 4

/* Bytes of HTML that are turned into text, and nesting at which reading ends. */
#define HTML_MAX (128u << 10)
#define HTML_DEPTH_MAX 256

/* Bytes of HTML that a mail of the user's can have to be sent again as plain text. */
#define HTML_LETTER_MAX (4u << 20)

/* Recipients of one report that are kept. As many again are counted as left out; what lies beyond
 * is not read. */
#define RECIPIENTS_MAX 2000

/* Texts about one recipient that are kept. */
#define RECIPIENT_TEXTS_MAX 6

/* Ids of a bounce that are looked up to find the mail it is about. */
#define REFERENCES_MAX 12

/* Sent mails that are compared with a bounce which names no id. */
#define PROBABLE_MAX 2000

/* Mails from and to one address that are looked at for its history; and those from it that are
 * looked at for a sign of life, the newest first. */
#define HISTORY_MAX 50
#define REPLIES_MAX 200

/* For an address that another may have been meant for: mails that one query looks at, the newest
 * first; those of them whose files are opened; and those that are looked at for their domain
 * only. */
#define CANDIDATE_MAILS_MAX 2000
#define CANDIDATE_FILES_MAX 100
#define CANDIDATE_DOMAIN_MAILS_MAX 500

/* Such addresses that are kept while looking, the likeliest; of these, whose history is read; and
 * of these, that are shown. */
#define CANDIDATES_KEPT_MAX 50
#define CANDIDATES_WEIGHED_MAX 8
#define CANDIDATES_MAX 5

/* Addresses of a bounce that are explained one by one, sayings of servers that are quoted for one
 * reason, and columns of such a saying. */
#define EXPLAINED_MAX 20
#define SAYINGS_MAX 5

/* Memory that a process may take which judges mails (its address space, with the libraries in it).
 * Beyond, the mail is not judged. */
#define MEMORY_MAX (256ul << 20)

/* Seconds of processor time that passing a mail on may take. */
#define PROCESSOR_SECONDS_MAX 60

/* Seconds that judging one mail may take; then it is not judged. */
#define JUDGE_SECONDS_MAX 10

/* Seconds that a program waits for the index's lock unless bounce.lock_timeout says otherwise. */
#define LOCK_TIMEOUT_DEFAULT 30

/* Bytes of a mail that can be sent again, and bounces of one mail that are looked at for that, the
 * newest first. */
#define RESEND_MAX (200u << 20)

/* Size of the parts into which a mail is split when nobody says another. */
#define RESEND_SPLIT_DEFAULT (5u << 20)
#define RESEND_BOUNCES_MAX 50

/* Bytes kept of a diagnostic, an address, and any other quoted value. */
#define DIAGNOSTIC_MAX 2000

/* Bytes of a line of a log, a list or JSON that are read. */
#define LINE_BYTES_MAX (64u << 10)

/* Bytes of a list of addresses. */
#define LIST_MAX (1u << 30)

/* Bytes of a file written by hand that are read, and of the name of a file. */
#define USER_FILE_MAX (1u << 20)
#define PATH_BYTES_MAX 4096

/* Seconds that setup's trial of a user's file may take, and bytes of what it says. */
#define TRIAL_SECONDS_MAX 30
#define TRIAL_BYTES_MAX (64u << 10)

/* What judging an ordinary bounce takes; more is had from malloc. */
#define JUDGE_SCRATCH_SIZE (256u << 10)

/* Different domains, servers or addresses that are counted. */
#define SURVEY_KEYS_MAX 50000

/* A mail to more people than these, or more mails than these with one subject, are a mailing. */
#define MAILING_PEOPLE 10
#define MAILING_MAILS 10

/* Mails that a survey compares with what came back: the newest that the user sent. */
#define OUTBOX_MAILS_MAX 5000
#define ADDRESS_MAX 320
#define VALUE_MAX 1000

/* Caps that were reached in reading a mail: bits of a set. */
enum cap {
	CAP_MAIL = 1,
	CAP_FIELDS = 2,
	CAP_PARTS = 4,
	CAP_DEPTH = 8,
	CAP_NOTICE = 16,
	CAP_HTML = 32,
	CAP_RECIPIENTS = 64,
};

/* Returns the caps in SET as words ("500 parts"), NULL-terminated, owned by CTX. */
const char **cap_words(const void *ctx, unsigned set);

#endif
