#include "resend/draft-tree.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/parameter.h"
#include "mail/raw-header.h"

struct reading {
	const void *ctx;
	size_t parts;
};

static void children_read(struct reading *reading, struct part *part, int depth);

/* `Text/Plain; charset=x` is text/plain. Owned by CTX. */
static char *type_of(const void *ctx, const char *value, const char *otherwise)
{
	size_t length = value != NULL ? strcspn(value, "; \t(") : 0;
	char *type, *p;

	if (length == 0 || memchr(value, '/', length) == NULL || value[0] == '/' || value[length - 1] == '/')
		return talloc_strdup(ctx, otherwise);
	type = talloc_strndup(ctx, value, length);
	for (p = type; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return type;
}

/* Find out what PART is, whose header and body are set, and go into it. */
static void part_read(struct reading *reading, struct part *part, const char *otherwise, int depth)
{
	char *value = part_field(reading->ctx, part, "Content-Type");

	part->type = type_of(part, value, otherwise);
	if (part_isa(part, "multipart/") && depth < PART_DEPTH_MAX) {
		part->boundary = value != NULL ? parameter_read(part, (struct bytes){value, strlen(value)}, "boundary").value : NULL;
		if (part->boundary != NULL && part->boundary[0] != '\0')
			children_read(reading, part, depth);
	}
	talloc_free(value);
}

struct delimiter {
	const char *start; /* of the newline before it */
	const char *end;   /* of its line */
	bool is_last;
};

/* Whether the boundary that was seen at AT, LENGTH bytes long, is a line of its own: it is then taken apart. */
static bool delimiter_read(const char *start, const char *at, size_t length, const char *end, struct delimiter *delimiter)
{
	const char *p = at + length;

	if (at > start && at[-1] != '\n')
		return false;
	delimiter->is_last = end - p >= 2 && p[0] == '-' && p[1] == '-';
	p += delimiter->is_last ? 2 : 0;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p < end && *p != '\n')
		return false;
	delimiter->is_last = delimiter->is_last || p == end; /* cut off: nothing can follow */
	delimiter->end = p < end ? p + 1 : end;
	delimiter->start = at;
	if (delimiter->start > start)
		delimiter->start--;
	if (at > start && delimiter->start > start && delimiter->start[-1] == '\r')
		delimiter->start--;
	return true;
}

/* The first line at or behind FROM that is the boundary LINE. START is where lines begin. */
static bool delimiter_find(const char *start, const char *from, const char *end, const char *line, struct delimiter *delimiter)
{
	size_t length = strlen(line);

	while ((from = from < end ? memmem(from, (size_t)(end - from), line, length) : NULL) != NULL) {
		if (delimiter_read(start, from, length, end, delimiter))
			return true;
		from += length;
	}
	return false;
}

/* The part from DELIMITER's end up to NEXT, which is added behind *LINK. */
static struct part *child_read(
        struct reading *reading, struct part *parent, const struct delimiter *delimiter, const char *next, int depth)
{
	struct part *part = talloc_zero(reading->ctx, struct part);
	const char *fields_end, *body;

	body = raw_header_end(delimiter->end, next, &fields_end);
	part->lead = (struct bytes){delimiter->start, (size_t)(delimiter->end - delimiter->start)};
	part->header = (struct bytes){delimiter->end, (size_t)(body - delimiter->end)};
	part->body = (struct bytes){body, (size_t)(next - body)};
	part->parent = parent;
	part_read(reading, part, part_isa(parent, "multipart/digest") ? "message/rfc822" : "text/plain", depth + 1);
	return part;
}

static void children_read(struct reading *reading, struct part *part, int depth)
{
	const char *start = part->body.start, *end = start + part->body.length;
	char *line = talloc_asprintf(part, "--%s", part->boundary);
	struct part **link = &part->first;
	struct delimiter here, next;

	if (!delimiter_find(start, start, end, line, &here) || here.is_last)
		return;
	part->body.length = (size_t)(here.start - start);
	while (!here.is_last && here.start < end && reading->parts < PARTS_MAX) {
		if (!delimiter_find(here.end, here.end, end, line, &next))
			next = (struct delimiter){end, end, true};
		*link = child_read(reading, part, &here, next.start, depth);
		link = &(*link)->next;
		reading->parts++;
		here = next;
	}
	part->tail = (struct bytes){here.start, (size_t)(end - here.start)};
}

/* The fields that describe the body, copied. */
static struct bytes content_fields(const void *ctx, const char *bytes, const char *end)
{
	char *copy = talloc_strdup(ctx, "");
	struct raw_field field;

	while (raw_header_next(&bytes, end, &field))
		if (raw_field_is(&field, "Content-*") && !raw_field_is(&field, "Content-Length"))
			copy = raw_field_append(copy, &field);
	return (struct bytes){copy, strlen(copy)};
}

struct part *tree_read(const void *ctx, const char *bytes, const char *fields_end, const char *body, const char *end)
{
	struct reading reading = {.ctx = ctx, .parts = 1};
	struct part *root = talloc_zero(ctx, struct part);

	root->header = content_fields(root, bytes, fields_end);
	root->body = (struct bytes){body, (size_t)(end - body)};
	part_read(&reading, root, "text/plain", 0);
	return root;
}
