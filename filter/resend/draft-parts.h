/* A draft while it is made: the tree of the mail's parts, which one repair after the other changes.
 * Shared by the files draft*.c. */
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
	const char *why; /* the first refusal; NULL: none so far */
	struct drafts *drafts;
	char **top; /* the lines to put on top of the text, NULL-terminated */
	/* While it is written: */
	struct draft draft;
	unsigned share; /* the number of the draft, if there are several; 0: there is one */
	bool is_within; /* something was written after the last boundary and header */
};

/* -- draft.c */

/* Note why the plan can't be followed, of which the first counts, or a remark for the user. */
void making_refuse(struct making *making, const char *label, const struct wording_value *values);
void making_remark(struct making *making, const char *label, const struct wording_value *values);

struct bytes bytes_of(const char *text);

/* Returns whether PART is a piece of the mail's text, plain or HTML. */
bool part_is_text(const struct part *part);

/* Returns whether PART is an attachment, and not a picture that the text shows. */
bool part_is_attachment(const struct part *part);

/* Returns the name of PART's file without folders, or one made up: a line of UTF-8, never empty,
 * owned by CTX. */
char *part_name(const void *ctx, const struct part *part);

/* Returns how many bytes PART has when decoded. */
size_t part_content_size(const struct part *part);

/* Returns the Content fields of HEADER but for LEFT_OUT (ends with NULL), owned by CTX. No others:
 * a part's may become those of a mail, where a Bcc or an Attach would be an order. */
char *content_fields(const void *ctx, struct bytes header, const char *const *left_out);

/* Returns a new part with HEADER, without an empty line, and BODY, which are not copied; owned by
 * CTX. */
struct part *part_new(const void *ctx, const char *header, struct bytes body);

/* Puts PART, which is new or from elsewhere in the tree, before all others, or AT_END after them.
 * Makes a multipart/mixed the root if it is something else. */
void making_insert(struct making *making, struct part *part, bool at_end);

/* Returns whether PART, or any part in it, is written into draft number SHARE of a split mail (0:
 * of a mail that is not split). */
bool part_is_kept(const struct part *part, unsigned share);

/* -- draft-header.c */

/* Returns the header of a draft, without the empty line, owned by CTX. A field that nothing changes
 * is copied byte for byte. ID has no angle brackets. CONTENT has the fields that describe the body
 * (NULL: those of the mail); SUBJECT_END (ASCII; NULL: nothing) is added to the Subject. */
char *draft_header(const void *ctx, const struct draft_plan *plan, const char *id,
        const char *content, const char *subject_end);

/* Returns a new id in the domain of the address FROM (NULL: unknown), owned by CTX. */
char *draft_message_id(const void *ctx, const char *from);

/* Returns 32 hexadecimal digits that nobody can guess, owned by CTX. */
char *draft_random(const void *ctx);

/* -- draft-text.c */

/* Base64 (RFC 2045 section 6.8) that is written piece by piece. */
struct base64 {
	struct buffer *out;
	const char *eol;
	unsigned char line[57]; /* not written yet; a full one becomes 76 characters */
	size_t length;
};

void base64_add(struct base64 *base64, const char *bytes, size_t length);
void base64_end(struct base64 *base64);

/* Returns LENGTH bytes as base64, in lines that end with EOL, owned by CTX. */
char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol);

/* Returns LENGTH bytes as quoted-printable (RFC 2045 section 6.7), owned by CTX. The newlines of
 * TEXT stay; lines that get too long are broken with EOL. */
char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol);

/* Returns LENGTH bytes of UTF8 in CHARSET, *OUT_LENGTH bytes, owned by CTX; NULL if CHARSET is not
 * known. What it lacks is replaced by what everybody reads as the same, else by a mark and counted
 * in *LOST. */
char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset,
        size_t *out_length, size_t *lost);

/* Returns the text of PART, plain or HTML, decoded to UTF-8 with LF newlines, owned by CTX. */
char *part_text(const void *ctx, const struct part *part);

/* Reduces the text to plain text, and turns HTML into plain text where there is no other.
 * Attachments stay; without any, the draft is a single text. */
void draft_plain(struct making *making);

/* Puts the lines in `top` on top of the text, or into a new one. The text below stays byte for
 * byte, unless its charset or encoding has no room for them. */
void draft_top(struct making *making);

/* Returns a new text part with LINE alone. */
struct part *top_part(struct making *making, const char *line);

/* -- draft-zip.c */

/* Puts all attachments into one zip file. */
void draft_zip(struct making *making);

#endif
