#include "resend/draft-parts.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/parameter.h"
#include "text/text.h"

/* Whether PART or a part around it is of TYPE. */
static bool part_is_in(const struct part *part, const char *type)
{
	while (part != NULL && !part_is(part, type))
		part = part->parent;
	return part != NULL;
}

char *content_fields(const void *ctx, struct bytes header, const char *const *left_out)
{
	const char *at = header.start, *end = at + header.length, *const * name;
	struct buffer copy = buffer_new(ctx);
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field)) {
		for (name = left_out; *name != NULL && !header_field_is(&field, *name); name++)
			continue;
		if (*name == NULL && header_field_is(&field, "Content-*"))
			header_field_copy(&copy, &field);
	}
	return buffer_text(&copy);
}

struct part *part_new(const void *ctx, const char *header, struct bytes body)
{
	struct part *part = talloc_zero(ctx, struct part);

	part->header = (struct bytes){header, strlen(header)};
	part->body = body;
	part->is_new = true;
	part_describe(ctx, part, "text/plain");
	return part;
}

struct part *part_new_mixed(const void *ctx, const char *eol)
{
	uint64_t number[2];
	char *boundary, *header, *tail;
	struct part *part;

	if (getrandom(number, sizeof number, 0) != (ssize_t)sizeof number)
		return NULL;
	/* `=_` can stand in no quoted-printable text (RFC 2045 section 6.7), and base64 has no `_`.
	 */
	boundary = talloc_asprintf(ctx, "=_%016" PRIx64 "%016" PRIx64, number[0], number[1]);
	header = talloc_asprintf(
	        ctx, "Content-Type: multipart/mixed;%s boundary=\"%s\"%s", eol, boundary, eol);
	tail = talloc_asprintf(ctx, "%s--%s--%s", eol, boundary, eol);
	part = part_new(ctx, header, (struct bytes){"", 0});
	part->boundary = boundary;
	part->tail = (struct bytes){tail, strlen(tail)};
	return part;
}

/* Make the header of PART one that stands by itself: a root's has no empty line, and in a digest
 * nothing has to say that a mail is one. */
static void header_complete(struct part *part, const char *eol)
{
	struct buffer header = buffer_new(part);

	if (part->content_type.length == 0 && !part_is(part, "text/plain"))
		buffer_print(&header, "Content-Type: %s%s", part->type, eol);
	buffer_add(&header, part->header.start, part->header.length);
	if (part->parent == NULL)
		buffer_add_string(&header, eol);
	part->header = (struct bytes){header.text, header.length};
}

void part_insert(struct part *into, struct part *part, bool at_end, const char *eol)
{
	struct part **link = &into->first;
	char *lead = talloc_asprintf(part, "%s--%s%s", eol, into->boundary, eol);

	header_complete(part, eol);
	part->lead = (struct bytes){lead, strlen(lead)};
	part->parent = into;
	while (at_end && *link != NULL)
		link = &(*link)->next;
	part->next = at_end ? NULL : *link;
	*link = part;
}

bool part_is_kept(const struct part *part, unsigned share)
{
	const struct part *child = part->first;

	if (part->dropped || (part->share != 0 && share != 0 && part->share != share))
		return false;
	while (child != NULL && !part_is_kept(child, share))
		child = child->next;
	return part->first == NULL || child != NULL;
}

/* How many bytes PART takes, with all that is in it and not dropped. */
static size_t part_size(const struct part *part)
{
	const struct part *child;
	size_t size = part->lead.length + part->header.length + part->added.length +
	              part->body.length + part->tail.length;

	if (part->dropped)
		return 0;
	for (child = part->first; child != NULL; child = child->next)
		size += part_size(child);
	return size;
}

static bool has_disposition(const struct part *part, const char *disposition)
{
	const char *at = part->disposition.start, *end = at + part->disposition.length;
	size_t length = strlen(disposition);

	while (at < end && strchr(" \t\r\n", *at) != NULL)
		at++;
	return (size_t)(end - at) >= length && strncasecmp(at, disposition, length) == 0;
}

/* The file name that PART gives itself (RFC 2231, and what others do instead), in UTF-8, owned by
 * CTX; NULL if it has none. */
static char *name_of(const void *ctx, const struct part *part)
{
	char *name = parameter_text(ctx, part->disposition, "filename");

	return name != NULL && name[0] != '\0' ? name
	                                       : parameter_text(ctx, part->content_type, "name");
}

static bool has_name(const struct part *part)
{
	char *name = name_of(NULL, part);

	talloc_free(name);
	return name != NULL;
}

bool part_is_text(const struct part *part)
{
	if (part->first != NULL || !(part_is(part, "text/plain") || part_is(part, "text/html")))
		return false;
	if (part->parent == NULL)
		return true;
	/* One of several forms of a text may have a name all the same. */
	return !has_disposition(part, "attachment") &&
	       (part_is(part->parent, "multipart/alternative") || !has_name(part));
}

bool part_is_attachment(const struct part *part)
{
	if (part->first != NULL || part_is(part, "multipart/") || part_is_text(part))
		return false;
	/* What stands beside the text in these is another form of it, or belongs to it. */
	return has_disposition(part, "attachment") ||
	       !(part_is_in(part, "multipart/related") ||
	               (part->parent != NULL && part_is(part->parent, "multipart/alternative")));
}

/* Endings for files without a name. */
static const char *ending_of(const struct part *part)
{
	static const char *const endings[][2] = {{"message/rfc822", "eml"}, {"text/plain", "txt"},
	        {"text/html", "html"}, {"image/jpeg", "jpg"}, {"image/png", "png"},
	        {"image/gif", "gif"}, {"application/pdf", "pdf"}, {"text/calendar", "ics"},
	        {"text/vcard", "vcf"}, {"text/csv", "csv"}, {"application/zip", "zip"}};
	size_t i;

	for (i = 0; i < sizeof endings / sizeof *endings; i++)
		if (part_is(part, endings[i][0]))
			return endings[i][1];
	return "bin";
}

char *part_name(const void *ctx, const struct part *part)
{
	char *given = name_of(NULL, part), *name = NULL, *p;
	const char *last = given;

	for (p = given; p != NULL && *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			last = p + 1;
	if (last != NULL)
		name = text_one_line(ctx, last, strlen(last), VALUE_MAX / 4);
	talloc_free(given);
	if (name != NULL && name[strspn(name, " .")] != '\0')
		return name;
	return talloc_asprintf(ctx, "%s.%s",
	        part_is(part, "message/rfc822") ? "mail" : "attachment", ending_of(part));
}

static bool count_bytes(void *argument, const char *bytes, size_t length)
{
	size_t *size = argument;

	(void)bytes;
	*size += length;
	return true;
}

size_t part_content_size(const struct part *part)
{
	size_t size = 0;

	decode_each(part->body, part->encoding, count_bytes, &size);
	return size;
}

char *size_words(const void *ctx, size_t size)
{
	if (size < 1000)
		return talloc_asprintf(ctx, "%zu bytes", size);
	if (size < 1000000)
		return talloc_asprintf(ctx, "%zu kB", (size + 500) / 1000);
	return talloc_asprintf(
	        ctx, "%zu.%zu MB", (size + 50000) / 1000000, (size + 50000) / 100000 % 10);
}

bool parts_are_sealed(struct part *root, bool text_counts)
{
	static const char *const seals[] = {"multipart/signed", "multipart/encrypted",
	        "application/pkcs7-mime", "application/x-pkcs7-mime"};
	struct part *part;
	size_t i;

	for (part = root; part != NULL; part = part_next(root, part)) {
		for (i = 0; i < sizeof seals / sizeof *seals; i++)
			if (part_is(part, seals[i]))
				return true;
		if (part_is_text(part) && text_counts &&
		        memmem(part->body.start, part->body.length, "-----BEGIN PGP ", 15) != NULL)
			return true;
	}
	return false;
}

void parts_check(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	const char *repair = plan->plain              ? "--plain"
	                     : plan->no_attachments   ? "--no-attachments"
	                     : plan->zip              ? "--zip"
	                     : plan->split > 0        ? "--split"
	                     : plan->note             ? "--note"
	                     : plan->quote_recipients ? "--quote-recipients"
	                     : plan->check != NULL    ? "--scan"
	                                              : NULL;

	if (repair != NULL && making->is_unclear)
		making_refuse(making, "refuse-unclear", WORDING_VALUES({"option", repair}));
	if (repair != NULL && strcmp(repair, "--scan") != 0 &&
	        parts_are_sealed(making->root, plan->plain))
		making_refuse(making, "refuse-sealed", WORDING_VALUES({"option", repair}));
}

void parts_drop_attachments(struct making *making)
{
	struct part *part;

	for (part = making->root; part != NULL; part = part_next(making->root, part))
		if (part_is_attachment(part)) {
			char *name = part_name(making->ctx, part),
			     *size = size_words(making->ctx, part_content_size(part));

			making_top(making,
			        wording_say(making->ctx, making->plan->words, "draft-left-out",
			                WORDING_VALUES({"name", name}, {"size", size})));
			part->dropped = true;
		}
}

bool parts_wrap(struct making *making)
{
	const char *eol = making->plan->source.eol;
	struct part *root;

	if (part_is(making->root, "multipart/mixed") && making->root->boundary != NULL &&
	        making->root->tail.length > 0)
		return true;
	root = part_new_mixed(making->ctx, eol);
	if (root == NULL) {
		making->failed = true;
		return false;
	}
	part_insert(root, making->root, true, eol);
	making->root = root;
	return true;
}

/* Bytes that the header of a draft may have besides that of the mail: another Date and Message-ID,
 * a boundary, the number in the subject, the line that says which part it is. */
#define OVERHEAD 1000

/* What the first draft has besides attachments. */
static size_t text_size(const struct making *making)
{
	size_t size = making->plan->source.fields.length + OVERHEAD + part_size(making->root);
	struct part *part;

	for (part = making->root; part != NULL; part = part_next(making->root, part))
		if (part_is_attachment(part) && !part->dropped)
			size -= part_size(part);
	return size;
}

/* The first draft in which PART has room: first in, first out, but what is small may fill up an
 * earlier one. */
static unsigned share_for(size_t *sizes, unsigned *count, size_t size, size_t most, size_t empty)
{
	unsigned i = 0;

	while (i < *count && sizes[i] + size > most)
		i++;
	if (i == *count)
		sizes[(*count)++] = empty;
	sizes[i] += size;
	return i + 1;
}

static void too_large(struct making *making, const struct part *part, size_t size)
{
	if (part != NULL)
		making_refuse(making, "refuse-part-large",
		        WORDING_VALUES({"name", part_name(making->ctx, part)},
		                {"size", size_words(making->ctx, size)}));
	else
		making_refuse(making, "refuse-text-large",
		        WORDING_VALUES({"size", size_words(making->ctx, size)}));
}

/* `(Part 2 of 3.)` at the top of those that have no text. */
static void add_lines(struct making *making, unsigned count)
{
	unsigned i;

	for (i = 2; i <= count && parts_wrap(making); i++) {
		char *number = talloc_asprintf(making->ctx, "%u", i),
		     *all = talloc_asprintf(making->ctx, "%u", count);
		struct part *part = top_part(
		        making, wording_say(making->ctx, making->plan->words, "draft-part",
		                        WORDING_VALUES({"number", number}, {"count", all})));

		part_insert(making->root, part, false, making->plan->source.eol);
		part->share = i;
	}
}

unsigned draft_split(struct making *making)
{
	size_t most = making->plan->split, text = text_size(making),
	       empty = making->plan->source.fields.length + OVERHEAD;
	size_t *sizes = talloc_zero_array(making->ctx, size_t, PARTS_MAX + 2);
	unsigned count = 1;
	struct part *part;

	sizes[0] = text;
	if (text > most)
		too_large(making, NULL, text);
	for (part = making->root; part != NULL && making->why == NULL;
	        part = part_next(making->root, part)) {
		bool attachment = part_is_attachment(part);

		if (part->first != NULL || part->dropped)
			continue;
		if (attachment && part_size(part) + empty > most)
			too_large(making, part, part_size(part) + empty);
		part->share =
		        attachment ? share_for(sizes, &count, part_size(part), most, empty) : 1;
	}
	if (making->why != NULL)
		return 1;
	if (count > 1)
		add_lines(making, count);
	else
		making_remark(making, "remark-one-draft", NULL);
	return count;
}
