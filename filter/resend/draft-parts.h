/* A draft while it is made: the tree of its parts, which repairs change one after the other, and
 * what they say. Each repair has a file; draft.c calls them. */
#ifndef DRAFT_PARTS_H
#define DRAFT_PARTS_H

#include "resend/draft.h"

struct making {
	const void *ctx;
	const struct draft_plan *plan;
	struct part *root;
	bool is_unclear; /* which parts the mail has */
	const char *why; /* NULL: nothing is refused */
	struct drafts *drafts;
	char **top; /* the lines that come on top, NULL-terminated */
	size_t top_count;
	bool failed; /* the system gave no random numbers, or no converter into the charset */
};

/* Note the refusal LABEL with VALUES, of which the first counts; a remark for the user; a line for
 * the top of the text. */
void making_refuse(struct making *making, const char *label, const struct wording_value *values);
void making_remark(struct making *making, const char *label, const struct wording_value *values);
void making_top(struct making *making, const char *line);

/* -- draft-parts.c */

bool part_is_text(const struct part *part);       /* a piece of the mail's text, plain or HTML */
bool part_is_attachment(const struct part *part); /* and not a picture that the text shows */

/* What to call PART: the name of its file without folders, or one made up; one line of UTF-8, never
 * empty, owned by CTX. */
char *part_name(const void *ctx, const struct part *part);

/* How many bytes it has when decoded. */
size_t part_content_size(const struct part *part);

/* SIZE in a form for people, `1.5 MB`, owned by CTX. */
char *size_words(const void *ctx, size_t size);

/* Whether the mail is signed or encrypted; TEXT_COUNTS: or within its text. */
bool parts_are_sealed(struct part *root, bool text_counts);

/* Refuse if it is not certain which parts the mail has, or what the plan asks for would break a
 * signature or change what is encrypted. */
void parts_check(struct making *making);

/* Leave all attachments out, with a line for each on top of the text. */
void parts_drop_attachments(struct making *making);

/* Make the root a multipart/mixed that more can be put into, if it is none. False if the system has
 * no random numbers, which is then noted. */
bool parts_wrap(struct making *making);

/* Give each part the number of its draft, so that none is larger than the plan says. How many
 * drafts there are: 1 if the mail fits into one, or if it can't be done, which is then refused. */
unsigned draft_split(struct making *making);

/* The fields of HEADER that describe a body, without those called LEFT_OUT (ends with NULL). No
 * others: they become fields of a mail, where a Bcc or an Attach would be an order. Owned by CTX.
 */
char *content_fields(const void *ctx, struct bytes header, const char *const *left_out);

/* A new part with the lines of HEADER, without the empty line, and BODY, both owned by somebody who
 * lives as long; owned by CTX. */
struct part *part_new(const void *ctx, const char *header, struct bytes body);

/* A new multipart/mixed without parts, owned by CTX; NULL if the system has no random numbers. EOL
 * is the mail's newline. */
struct part *part_new_mixed(const void *ctx, const char *eol);

/* Put PART into the multipart INTO: before all others, or behind them. It may have been the root of
 * a mail. */
void part_insert(struct part *into, struct part *part, bool at_end, const char *eol);

/* Whether PART is written into the draft SHARE of a split mail, or any part in it is. */
bool part_is_kept(const struct part *part, unsigned share);

/* -- draft-text.c */

/* The text of PART, plain or HTML as it is, as UTF-8 with LF newlines, owned by CTX. */
char *part_text(const void *ctx, const struct part *part);

/* Make TEXT (UTF-8, LF newlines) all that PART is: in CHARSET (NULL: US-ASCII or UTF-8), as TYPE
 * with PARAMETERS (`; format=flowed`, or ""). *LOST counts what the charset has not. False if the
 * charset is not known. */
bool text_into_part(const struct making *making, struct part *part, const char *text,
        const char *charset, const char *type, const char *parameters, size_t *lost);

/* Put the lines of MAKING on top of the text, which otherwise stays byte for byte unless it can't
 * hold them; into a text of their own if there is none. */
void draft_top(struct making *making);

/* A text part that holds nothing but LINE. */
struct part *top_part(struct making *making, const char *line);

/* -- draft-plain.c */

/* Leave of the text what is plain; where there is none, HTML becomes plain text. Attachments stay.
 * Without them the mail is one text and nothing else. */
void draft_plain(struct making *making);

/* All attachments in one archive. Only draft-zip.c knows libarchive. */
void draft_zip(struct making *making);

#endif
