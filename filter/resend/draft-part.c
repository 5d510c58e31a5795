/* What can be asked of a part, and done with it: the second half of draft-tree.h. */
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <talloc.h>

#include "mail/raw-header.h"
#include "resend/draft-tree.h"

struct part *tree_next(const struct part *root, struct part *part)
{
	if (part->first != NULL)
		return part->first;
	while (part != root && part->next == NULL)
		part = part->parent;
	return part != root ? part->next : NULL;
}

char *part_field(const void *ctx, const struct part *part, const char *name)
{
	return raw_header_find(ctx, part->header.start, part->header.start + part->header.length, name);
}

bool part_isa(const struct part *part, const char *type)
{
	size_t length = strlen(type);

	return type[length - 1] == '/' ? strncmp(part->type, type, length) == 0 : strcmp(part->type, type) == 0;
}

bool part_is_in(const struct part *part, const char *type)
{
	while (part != NULL && !part_isa(part, type))
		part = part->parent;
	return part != NULL;
}

struct part *part_new(const void *ctx, const char *type, const char *header, struct bytes body)
{
	struct part *part = talloc_zero(ctx, struct part);

	part->type = talloc_strdup(part, type);
	part->header = (struct bytes){header, strlen(header)};
	part->body = body;
	part->is_new = true;
	return part;
}

struct part *part_new_mixed(const void *ctx, const char *eol)
{
	struct part *part = part_new(ctx, "multipart/mixed", "", (struct bytes){"", 0});
	uint64_t number[2];
	char *header, *tail;

	if (getrandom(number, sizeof number, 0) != (ssize_t)sizeof number)
		return NULL;
	/* `=_` can stand in no quoted-printable text (RFC 2045 section 6.7), and base64 has no `_`. */
	part->boundary = talloc_asprintf(part, "=_%016" PRIx64 "%016" PRIx64, number[0], number[1]);
	header = talloc_asprintf(part, "Content-Type: multipart/mixed;%s boundary=\"%s\"%s", eol, part->boundary, eol);
	tail = talloc_asprintf(part, "%s--%s--%s", eol, part->boundary, eol);
	part->header = (struct bytes){header, strlen(header)};
	part->tail = (struct bytes){tail, strlen(tail)};
	return part;
}

/* The header of a part that has none before it: with the empty line. */
static void header_end(struct part *part, const char *eol)
{
	char *header = talloc_asprintf(part, "%.*s%s", (int)part->header.length, part->header.start, eol);

	part->header = (struct bytes){header, strlen(header)};
}

void part_insert(struct part *into, struct part *part, bool at_end, const char *eol)
{
	struct part **link = &into->first;
	char *lead = talloc_asprintf(part, "%s--%s%s", eol, into->boundary, eol);

	if (part->parent == NULL)
		header_end(part, eol);
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
