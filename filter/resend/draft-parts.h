/* A draft while it is made: the tree of its parts, which repairs change one after the other, and
 * what they say. */
#ifndef DRAFT_PARTS_H
#define DRAFT_PARTS_H

#include "base/buffer.h"
#include "mail/mime.h"
#include "resend/draft.h"

struct making {
	const void *ctx;
	const struct draft_plan *plan;
	const char *eol; /* the mail's newline */
	struct part *root;
	const char *why; /* what was refused first; NULL: nothing */
	struct drafts *drafts;
	char **top; /* the lines that come on top, NULL-terminated */
	size_t top_count;
	/* While it is written: */
	struct draft draft;
	unsigned share; /* the number of it, if there are several; 0: the only one */
	bool is_within; /* behind something that is no boundary and no header */
};

/* -- draft.c */

/* Note the refusal LABEL with VALUES, of which the first counts; or a remark for the user. */
void making_refuse(struct making *making, const char *label, const struct wording_value *values);
void making_remark(struct making *making, const char *label, const struct wording_value *values);

struct bytes bytes_of(const char *text);

bool part_is_text(const struct part *part);       /* a piece of the mail's text, plain or HTML */
bool part_is_attachment(const struct part *part); /* and not a picture that the text shows */

/* What to call PART: the name of its file without folders, or one made up; one line of UTF-8, never
 * empty, owned by CTX. */
char *part_name(const void *ctx, const struct part *part);

/* How many bytes it has when decoded. */
size_t part_content_size(const struct part *part);

/* The fields of HEADER that describe a body, without those called LEFT_OUT (ends with NULL). No
 * others: they become fields of a mail, where a Bcc or an Attach would be an order. Owned by CTX.
 */
char *content_fields(const void *ctx, struct bytes header, const char *const *left_out);

/* A new part with the lines of HEADER, without the empty line, and BODY, both owned by somebody who
 * lives as long; owned by CTX. */
struct part *part_new(const void *ctx, const char *header, struct bytes body);

/* Put PART, new or from elsewhere in the tree, before all others or behind them. The root becomes a
 * multipart/mixed if it is none. */
void making_insert(struct making *making, struct part *part, bool at_end);

/* Whether PART is written into the draft SHARE of a split mail, or any part in it is. */
bool part_is_kept(const struct part *part, unsigned share);

/* -- draft-header.c */

/* The header of a draft, without the empty line, owned by CTX; its Message-ID is ID, without angle
 * brackets. A field that nothing changes is as it was, byte for byte. CONTENT (NULL: as they were)
 * are the fields that describe the body; SUBJECT_END (US-ASCII; NULL: nothing) comes behind the
 * Subject. */
char *draft_header(const void *ctx, const struct draft_plan *plan, const char *id,
        const char *content, const char *subject_end);

/* A new Message-ID in the domain of the From address FROM (NULL: unknown), without angle brackets;
 * 32 hexadecimal digits. Nobody can guess them; owned by CTX. */
char *draft_message_id(const void *ctx, const char *from);
char *draft_random(const void *ctx);

/* -- draft-text.c */

/* Base64 (RFC 2045 section 6.8) that is made bit by bit. */
struct base64 {
	struct buffer *out;
	const char *eol;
	unsigned char line[57]; /* make a line of 76 characters */
	size_t length;
};

void base64_add(struct base64 *base64, const char *bytes, size_t length);
void base64_end(struct base64 *base64);

/* LENGTH bytes in lines that end with EOL, owned by CTX: as base64; as quoted-printable (RFC 2045
 * section 6.7), where the newlines of TEXT stay and EOL is one more. */
char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol);
char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol);

/* LENGTH bytes of UTF8 in CHARSET, *OUT_LENGTH bytes, owned by CTX. What CHARSET does not have is
 * written in another way if there is one that anyone reads as the same, and else counted in *LOST.
 * NULL if the charset is not known. */
char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset,
        size_t *out_length, size_t *lost);

/* The text of PART, plain or HTML as it is, as UTF-8 with LF newlines, owned by CTX. */
char *part_text(const void *ctx, const struct part *part);

/* Leave of the text what is plain; where there is none, HTML becomes plain text. Attachments stay.
 * Without them the mail is one text and nothing else. */
void draft_plain(struct making *making);

/* Put the lines of MAKING on top of the text, which otherwise stays byte for byte unless it can't
 * hold them; into a text of their own if there is none. */
void draft_top(struct making *making);

/* A text part that holds nothing but LINE. */
struct part *top_part(struct making *making, const char *line);

/* -- draft-zip.c, which alone knows libarchive: all attachments in one archive. */
void draft_zip(struct making *making);

#endif
