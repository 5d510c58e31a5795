#include "mail/parameter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/decode.h"
#include "text/text.h"

/* Pieces of one value that are put together. */
#define PIECES_MAX 64

struct cursor {
	const char *at, *end;
	bool is_cut; /* it ended within quotes or a comment */
};

/* What stands behind one `name=`, `name*=`, `name*2=` or `name*2*=`. */
struct piece {
	struct bytes text;
	unsigned number;
	bool is_numbered, is_coded, is_quoted;
};

struct pieces {
	struct piece list[PIECES_MAX];
	size_t count;
	bool is_unclear;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void comment_skip(struct cursor *cursor)
{
	size_t depth = 0;

	for (; cursor->at < cursor->end; cursor->at++) {
		depth += *cursor->at == '(';
		depth -= *cursor->at == ')';
		if (*cursor->at == '\\' && cursor->at + 1 < cursor->end)
			cursor->at++;
		if (depth == 0) {
			cursor->at++;
			return;
		}
	}
	cursor->is_cut = true;
}

static void blank_skip(struct cursor *cursor)
{
	while (cursor->at < cursor->end)
		if (is_space(*cursor->at))
			cursor->at++;
		else if (*cursor->at == '(')
			comment_skip(cursor);
		else
			return;
}

/* What stands before one of ENDS, white space or a comment. */
static struct bytes token_read(struct cursor *cursor, const char *ends)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end && !is_space(*cursor->at) && *cursor->at != '(' &&
	        (*cursor->at == '\0' || strchr(ends, *cursor->at) == NULL))
		cursor->at++;
	return (struct bytes){start, (size_t)(cursor->at - start)};
}

/* The string in quotes at AT, without them. */
static struct bytes quoted_read(struct cursor *cursor)
{
	const char *start = ++cursor->at, *end;

	while (cursor->at < cursor->end && *cursor->at != '"')
		cursor->at += *cursor->at == '\\' && cursor->at + 1 < cursor->end ? 2 : 1;
	end = cursor->at;
	cursor->is_cut = cursor->is_cut || end == cursor->end;
	cursor->at += end < cursor->end;
	return (struct bytes){start, (size_t)(end - start)};
}

/* Whether ATTRIBUTE is NAME, with an asterisk or a number behind it, which PIECE is told. */
static bool is_named(struct bytes attribute, const char *name, struct piece *piece)
{
	const char *p = attribute.start + strlen(name), *end = attribute.start + attribute.length;

	if (attribute.length < strlen(name) ||
	        strncasecmp(attribute.start, name, strlen(name)) != 0)
		return false;
	if (end - p >= 2 && p[0] == '*' && p[1] >= '0' && p[1] <= '9') {
		piece->is_numbered = true;
		for (p++; p < end && *p >= '0' && *p <= '9' && piece->number < PIECES_MAX; p++)
			piece->number = 10 * piece->number + (unsigned)(*p - '0');
	}
	piece->is_coded = p < end && *p == '*';
	return p + piece->is_coded == end;
}

/* Read the next parameter; whether there was one. IS_APART: a `;` stood before it, and stands
 * behind it if more follows. */
static bool piece_read(
        struct cursor *cursor, struct bytes *attribute, struct piece *piece, bool *is_apart)
{
	*piece = (struct piece){.number = 0};
	for (*is_apart = false; blank_skip(cursor), cursor->at < cursor->end;) {
		if (*cursor->at == ';' || *cursor->at == '=') {
			*is_apart = *cursor->at++ == ';' || *is_apart;
			continue;
		}
		if (*cursor->at == '"') {
			quoted_read(cursor);
			continue;
		}
		*attribute = token_read(cursor, ";=\"");
		blank_skip(cursor);
		if (cursor->at == cursor->end || *cursor->at != '=') {
			*is_apart = false;
			continue;
		}
		cursor->at++;
		blank_skip(cursor);
		piece->is_quoted = cursor->at < cursor->end && *cursor->at == '"';
		piece->text = piece->is_quoted ? quoted_read(cursor) : token_read(cursor, ";");
		*is_apart = *is_apart && (piece->is_quoted || cursor->at == cursor->end ||
		                                 *cursor->at != '('); /* a comment, or not? */
		blank_skip(cursor);
		*is_apart = *is_apart && (cursor->at == cursor->end || *cursor->at == ';');
		return true;
	}
	return false;
}

static void pieces_read(struct bytes value, const char *name, struct pieces *pieces)
{
	size_t length = value.length < PARAMETERS_MAX ? value.length : PARAMETERS_MAX;
	struct cursor cursor = {value.start, value.start + length, length < value.length};
	struct bytes attribute;
	struct piece piece;
	bool is_apart;

	while (piece_read(&cursor, &attribute, &piece, &is_apart)) {
		if (!is_named(attribute, name, &piece))
			continue;
		is_apart = is_apart && memchr(piece.text.start, '\n', piece.text.length) == NULL;
		pieces->is_unclear = pieces->is_unclear || !is_apart || pieces->count == PIECES_MAX;
		if (pieces->count < PIECES_MAX)
			pieces->list[pieces->count++] = piece;
	}
	pieces->is_unclear = pieces->is_unclear || (cursor.is_cut && pieces->count > 0);
}

/* The first piece with NUMBER, coded or numbered if SPLIT; *COUNT says how many there are. */
static const struct piece *piece_find(const struct pieces *pieces, unsigned number, bool split)
{
	size_t i;

	for (i = 0; i < pieces->count; i++)
		if (pieces->list[i].number == number &&
		        (pieces->list[i].is_coded || pieces->list[i].is_numbered) == split)
			return &pieces->list[i];
	return NULL;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
	                                            : -1;
}

/* Put PIECE at TO, which then is behind it. */
static void piece_add(char **to, const struct piece *piece)
{
	const char *p = piece->text.start, *end = p + piece->text.length;

	for (; p < end; p++) {
		char c = *p;

		if (piece->is_coded && c == '%' && end - p > 2 && hex_digit(p[1]) >= 0 &&
		        hex_digit(p[2]) >= 0) {
			c = (char)(16 * hex_digit(p[1]) + hex_digit(p[2]));
			p += 2;
		} else if (piece->is_quoted && c == '\\' && end - p > 1)
			c = *++p;
		else if (c == '\r' || c == '\n')
			continue;
		if (c != '\0')
			*(*to)++ = c;
	}
}

/* `utf-8'en'` before the value of the first coded piece is taken from it. Owned by CTX; NULL if it
 * names none. */
static char *charset_take(const void *ctx, struct piece *piece)
{
	const char *start = piece->text.start, *end = start + piece->text.length;
	const char *first = memchr(start, '\'', piece->text.length),
	           *second = first != NULL ? memchr(first + 1, '\'', (size_t)(end - first - 1))
	                                   : NULL;

	if (second == NULL)
		return NULL;
	piece->text = (struct bytes){second + 1, (size_t)(end - second - 1)};
	return first > start ? talloc_strndup(ctx, start, (size_t)(first - start)) : NULL;
}

/* All pieces in their order, from FIRST on. */
static struct parameter pieces_join(
        const void *ctx, const struct pieces *pieces, const struct piece *first, size_t room)
{
	struct parameter parameter = {.value = talloc_size(ctx, room + 1)};
	bool split = first->is_coded || first->is_numbered;
	char *to = parameter.value;
	struct piece piece = *first;
	const struct piece *next = first;
	unsigned number = 0;

	talloc_set_name_const(parameter.value, "char");
	if (piece.is_coded)
		parameter.charset = charset_take(ctx, &piece);
	piece_add(&to, &piece);
	while (next->is_numbered && (next = piece_find(pieces, ++number, true)) != NULL)
		piece_add(&to, next);
	*to = '\0';
	parameter.is_unclear =
	        pieces->is_unclear || pieces->count != (split && first->is_numbered ? number : 1);
	return parameter;
}

struct parameter parameter_read(const void *ctx, struct bytes value, const char *name)
{
	struct pieces pieces = {.count = 0};
	const struct piece *first;

	pieces_read(value, name, &pieces);
	first = piece_find(&pieces, 0, true);
	if (first == NULL)
		first = piece_find(&pieces, 0, false);
	if (first == NULL)
		return (struct parameter){.is_unclear = pieces.count > 0};
	return pieces_join(
	        ctx, &pieces, first, value.length < PARAMETERS_MAX ? value.length : PARAMETERS_MAX);
}

char *parameter_text(const void *ctx, struct bytes value, const char *name)
{
	struct parameter parameter = parameter_read(ctx, value, name);
	char *text = NULL;

	if (parameter.value != NULL && parameter.charset != NULL)
		text = text_to_utf8(
		        ctx, parameter.value, strlen(parameter.value), parameter.charset);
	else if (parameter.value != NULL)
		text = decode_words(ctx, parameter.value);
	talloc_free(parameter.value);
	talloc_free(parameter.charset);
	return text;
}

char *parameter_type(const void *ctx, struct bytes value)
{
	struct cursor cursor = {value.start, value.start + value.length, false};
	struct bytes type, subtype;
	char *text, *p;

	blank_skip(&cursor);
	type = token_read(&cursor, "/;\"");
	blank_skip(&cursor);
	if (type.length == 0 || cursor.at == cursor.end || *cursor.at++ != '/')
		return NULL;
	blank_skip(&cursor);
	subtype = token_read(&cursor, ";\"");
	if (subtype.length == 0 || memchr(subtype.start, '/', subtype.length) != NULL)
		return NULL;
	text = talloc_asprintf(
	        ctx, "%.*s/%.*s", (int)type.length, type.start, (int)subtype.length, subtype.start);
	for (p = text; *p != '\0'; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	return text;
}
