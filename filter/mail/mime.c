#include "mail/mime.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/parameter.h"

/* RFC 2046 section 5.1.1 has 70; some mailers write longer ones. */
#define BOUNDARY_MAX 200

/* A multipart whose parts are being read. */
struct level {
	struct part *part;
	struct part **link; /* where its next part is put */
	size_t length;      /* of its boundary */
};

struct splitting {
	struct mime *mime;
	const char *end;
	struct level levels[PART_DEPTH_MAX + 1];
	size_t level_count;
	struct bytes *open; /* the span that goes on until a boundary is found */
};

struct delimiter {
	const char *start; /* of the newline before it */
	const char *end;   /* of its line */
	size_t level;
	bool is_last;
	bool is_cut; /* the mail ends with it, although it is not a last boundary */
};

/* Returns whether the line at LINE is the boundary of LEVEL, and sets what it is. */
static bool is_delimiter_of(
        const struct level *level, const char *line, const char *end, struct delimiter *delimiter)
{
	const char *p = line + 2 + level->length;

	if (p > end || memcmp(line + 2, level->part->boundary, level->length) != 0)
		return false;
	delimiter->is_last = end - p >= 2 && p[0] == '-' && p[1] == '-';
	p += delimiter->is_last ? 2 : 0;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p < end && *p != '\n')
		return false;
	delimiter->is_cut = p == end && !delimiter->is_last;
	delimiter->is_last |= p == end;
	delimiter->end = p < end ? p + 1 : end;
	return true;
}

/* Returns whether the line at LINE is a boundary; if it can be that of several levels, it is that
 * of the innermost. */
static bool is_delimiter(
        const struct splitting *splitting, const char *line, struct delimiter *delimiter)
{
	if (splitting->end - line <= 2 || line[0] != '-' || line[1] != '-')
		return false;
	for (size_t i = splitting->level_count; i > 0; i--) {
		delimiter->level = i - 1;
		if (is_delimiter_of(&splitting->levels[i - 1], line, splitting->end, delimiter))
			return true;
	}
	return false;
}

/* Finds the first boundary at or behind the line at FROM. */
static bool delimiter_find(
        const struct splitting *splitting, const char *from, struct delimiter *delimiter)
{
	const char *line = from;

	if (splitting->level_count == 0)
		return false;
	while (!is_delimiter(splitting, line, delimiter)) {
		line = memchr(line, '\n', (size_t)(splitting->end - line));
		if (line == NULL)
			return false;
		line++;
	}
	delimiter->start = line;
	if (line > splitting->open->start && line[-1] == '\n')
		delimiter->start -= line - 1 > splitting->open->start && line[-2] == '\r' ? 2 : 1;
	return true;
}

/* Returns where the header at START ends at the latest: behind an empty line, or at a boundary. */
static const char *header_limit(const struct splitting *splitting, const char *start)
{
	struct delimiter delimiter;
	const char *line = start;

	while (line < splitting->end && !is_delimiter(splitting, line, &delimiter)) {
		const char *newline = memchr(line, '\n', (size_t)(splitting->end - line));

		if (newline == NULL)
			return splitting->end;
		if (newline == line || (newline == line + 1 && *line == '\r'))
			return newline + 1;
		line = newline + 1;
	}
	return line;
}

/* Returns whether FIELD, which stands in the header of PART, belongs to the mail or the fields that
 * PART holds. */
static bool is_of_content(const struct part *part, const struct header_field *field)
{
	static const char *const names[] = {"Received", "Return-Path", "From", "To", "Subject",
	        "Date", "Message-ID", "Delivered-To", "Reporting-MTA", "Arrival-Date", "Original-*",
	        "Final-Recipient", "DKIM-Signature", NULL};

	return part->parent != NULL &&
	       (part_is(part, "message/") || part_is(part, "text/rfc822-headers") ||
	               part_is(part, "text/rfc822-header")) &&
	       header_field_is_one_of(field, names);
}

/* Notes what FIELD says of PART: of each kind the first counts. */
static void field_read(struct mime *mime, struct part *part, const struct header_field *field)
{
	if (!header_field_is(field, "Content-*"))
		return;
	struct bytes value = header_field_value(field);

	if (header_field_is(field, "Content-Type")) {
		bool is_first = part->content_type.length == 0;
		char *type = is_first ? parameter_type(mime->ctx, value) : NULL;

		mime->is_unclear |= type == NULL; /* the second, or none that can be read */
		part->content_type = is_first ? value : part->content_type;
		part->type = type != NULL ? type : part->type;
	} else if (header_field_is(field, "Content-Transfer-Encoding") &&
	           part->encoding == ENCODING_NONE)
		part->encoding = decode_encoding(value);
	else if (header_field_is(field, "Content-Disposition") && part->disposition.length == 0)
		part->disposition = value;
}

/* Reads the header of PART, which ends at END at the latest; TYPE is its type if the header gives
 * none. Returns where its body begins. The empty line may be missing where the body consists of
 * fields, too. */
static const char *header_read(
        struct mime *mime, struct part *part, const char *end, const char *type)
{
	const char *at = part->header.start;
	struct header_field field;

	part->content_type = part->disposition = (struct bytes){"", 0};
	part->encoding = ENCODING_NONE;
	part->type = talloc_strdup(mime->ctx, type);
	while (header_next(&at, end, HEADER_STRICT, &field)) {
		if (is_of_content(part, &field))
			return field.text;
		mime->is_unclear |= field.is_odd;
		field_read(mime, part, &field);
	}
	return at;
}

/* Returns whether one line may be a boundary, or a last boundary, of both A and B. */
static bool is_confusable(const char *a, const char *b)
{
	size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
	const char *rest = a[n] != '\0' ? a + n : b + n;

	return strncmp(a, b, n) == 0 && (rest[0] == '\0' || strcmp(rest, "--") == 0);
}

/* Makes PART the innermost multipart, whose parts BOUNDARY separates (NULL: it has none). */
static void level_push(struct splitting *splitting, struct part *part, char *boundary)
{
	struct mime *mime = splitting->mime;
	size_t length = boundary != NULL ? strlen(boundary) : 0;

	/* A boundary does not end with a blank (RFC 2046 section 5.1.1). */
	while (length > 0 && (boundary[length - 1] == ' ' || boundary[length - 1] == '\t'))
		boundary[--length] = '\0';
	part->boundary = boundary;
	if (part->depth >= PART_DEPTH_MAX)
		mime->caps |= CAP_DEPTH;
	for (size_t i = 0; boundary != NULL && i < splitting->level_count; i++)
		/* is it in use around PART? */
		mime->is_unclear |= is_confusable(splitting->levels[i].part->boundary, boundary);
	if (length > 0 && length <= BOUNDARY_MAX && part->depth < PART_DEPTH_MAX)
		splitting->levels[splitting->level_count++] =
		        (struct level){part, &part->first, length};
	else
		mime->is_unclear = true;
}

/* Begins the body of PART at START. */
static void body_begin(struct splitting *splitting, struct part *part, const char *start)
{
	part->body = (struct bytes){start, 0};
	splitting->open = &part->body;
	if (!part_is(part, "multipart/"))
		return;
	struct parameter boundary =
	        parameter_read(splitting->mime->ctx, part->content_type, "boundary");
	splitting->mime->is_unclear |= boundary.is_unclear;
	level_push(splitting, part, boundary.value);
}

/* Returns whether HEADER ends with an empty line. */
static bool ends_empty(struct bytes header)
{
	const char *p = header.start + header.length;

	if (header.length == 0 || *--p != '\n')
		return false;
	p -= p > header.start && p[-1] == '\r';
	return p == header.start || p[-1] == '\n';
}

/* Adds the part behind DELIMITER. Returns where its body begins. */
static const char *child_read(struct splitting *splitting, const struct delimiter *delimiter)
{
	struct level *level = &splitting->levels[delimiter->level];
	struct part *part = talloc_zero(splitting->mime->ctx, struct part);
	const char *type =
	        part_is(level->part, "multipart/digest") ? "message/rfc822" : "text/plain";

	*level->link = part;
	level->link = &part->next;
	splitting->mime->count++;
	part->parent = level->part;
	part->depth = level->part->depth + 1;
	part->lead = (struct bytes){delimiter->start, (size_t)(delimiter->end - delimiter->start)};
	part->header.start = delimiter->end;
	const char *body =
	        header_read(splitting->mime, part, header_limit(splitting, delimiter->end), type);
	part->header.length = (size_t)(body - delimiter->end);
	/* Others may find more header, or no part between two boundaries. */
	splitting->mime->is_unclear |= !ends_empty(part->header);
	body_begin(splitting, part, body);
	return body;
}

/* Reads the parts from AT, where a body begins, to the end. */
static void mime_parts_read(struct splitting *splitting, const char *at)
{
	struct mime *mime = splitting->mime;
	struct delimiter delimiter;

	while (delimiter_find(splitting, at, &delimiter)) {
		if (!delimiter.is_last && mime->count >= PARTS_MAX) {
			mime->caps |= CAP_PARTS;
			mime->is_unclear = true;
			break;
		}
		splitting->open->length = (size_t)(delimiter.start - splitting->open->start);
		splitting->level_count = delimiter.level + 1;
		at = delimiter.end;
		if (delimiter.is_last) {
			mime->is_unclear |= delimiter.is_cut;
			splitting->open = &splitting->levels[--splitting->level_count].part->tail;
			*splitting->open = (struct bytes){delimiter.start, 0};
		} else
			at = child_read(splitting, &delimiter);
	}
	splitting->open->length = (size_t)(splitting->end - splitting->open->start);
}

/* Returns the boundary that BODY shows: X, if there is a line `--X` followed by a Content- field.
 * Owned by CTX; NULL if there is none. */
static char *boundary_guess(const void *ctx, struct bytes body)
{
	const char *end = body.start + body.length, *newline;

	for (const char *line = body.start;
	        line < end && (newline = memchr(line, '\n', (size_t)(end - line))) != NULL;
	        line = newline + 1) {
		if (newline - line <= 3 || newline - line >= 100 || line[0] != '-' ||
		        line[1] != '-' || end - newline < 10 ||
		        strncasecmp(newline + 1, "Content-", 8) != 0)
			continue;
		const char *last = newline;
		while (last > line + 3 && strchr(" \t\r", last[-1]) != NULL)
			last--;
		return talloc_strndup(ctx, line + 2, (size_t)(last - line - 2));
	}
	return NULL;
}

/* Reads the multiparts again in which no parts were found, with the boundary that their body shows;
 * and delivery statuses, within which other parts lie if the boundary behind them was changed. */
static void lost_read(struct mime *mime, struct part *root)
{
	for (struct part *part = root; part != NULL; part = part_next(root, part)) {
		bool is_multipart = part_is(part, "multipart/");
		bool is_lost = part->first == NULL && part->tail.length == 0 &&
		               (is_multipart || part_is(part, "message/delivery-status"));
		char *boundary = is_lost ? boundary_guess(mime->ctx, part->body) : NULL;

		mime->is_unclear |= boundary != NULL || (is_multipart && part->first == NULL);
		if (boundary == NULL)
			continue;
		struct splitting splitting = {.mime = mime,
		        .end = part->body.start + part->body.length,
		        .open = &part->body};
		level_push(&splitting, part, boundary);
		mime_parts_read(&splitting, part->body.start);
	}
}

static struct part *root_read(
        struct mime *mime, struct bytes header, struct bytes body, unsigned depth)
{
	struct splitting splitting = {.mime = mime, .end = body.start + body.length};
	struct part *root = talloc_zero(mime->ctx, struct part);

	mime->count++;
	root->depth = depth;
	root->header = header;
	header_read(mime, root, header.start + header.length, "text/plain");
	body_begin(&splitting, root, body.start);
	mime_parts_read(&splitting, body.start);
	lost_read(mime, root);
	return root;
}

void mime_read(const void *ctx, struct bytes header, struct bytes body, struct mime *mime)
{
	const char *header_end = header.start + header.length;

	*mime = (struct mime){.ctx = ctx};
	/* The header has no empty line at its end, or all is one line with bare CRs. */
	mime->is_unclear = (body.length > 0 && body.start == header_end && !ends_empty(header)) ||
	                   (memchr(header.start, '\r', header.length) != NULL &&
	                           memchr(header.start, '\n', header.length) == NULL);
	mime->root = root_read(mime, header, body, 0);
}

struct part *mime_attached(struct mime *mime, const struct part *part)
{
	struct bytes mail = decode_bytes(mime->ctx, part->body, part->encoding, MAIL_JUDGED_MAX);
	struct bytes body, fields = header_split(mail.start, mail.length, &body);

	if (fields.length + body.length == 0)
		return NULL;
	if (mime->count >= PARTS_MAX || part->depth + 1 >= PART_DEPTH_MAX) {
		mime->caps |= mime->count >= PARTS_MAX ? CAP_PARTS : CAP_DEPTH;
		return NULL;
	}
	return root_read(mime, fields, body, part->depth + 1);
}

struct part *part_next(const struct part *root, const struct part *part)
{
	if (part->first != NULL)
		return part->first;
	while (part != root && part->next == NULL)
		part = part->parent;
	return part != root ? part->next : NULL;
}

void part_describe(const void *ctx, struct part *part, const char *type)
{
	struct mime mime = {.ctx = ctx};

	header_read(&mime, part, part->header.start + part->header.length, type);
}

bool part_is(const struct part *part, const char *type)
{
	size_t length = strlen(type);

	return type[length - 1] == '/' ? strncmp(part->type, type, length) == 0
	                               : strcmp(part->type, type) == 0;
}
