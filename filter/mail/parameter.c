#include "mail/parameter.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/decode.h"
#include "text/text.h"

/* Pieces of one value that are put together. */
#define PIECES_MAX 64

struct cursor {
	const char *at, *end;
	bool is_cut; /* it ended within quotes or a comment */
};

static bool is_at(const struct cursor *cursor, char c)
{
	return cursor->at < cursor->end && *cursor->at == c;
}

static void blank_skip(struct cursor *cursor)
{
	const char *behind = header_blank_end(cursor->at, cursor->end);

	cursor->is_cut |= behind == NULL;
	cursor->at = behind != NULL ? behind : cursor->end;
}

/* Reads the bytes before one of ENDS, white space or a comment. */
static struct bytes token_read(struct cursor *cursor, const char *ends)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end &&
	        (g_ascii_isalnum(*cursor->at) ||
	                (memchr(" \t\r\n(", *cursor->at, 5) == NULL &&
	                        memchr(ends, *cursor->at, strlen(ends)) == NULL)))
		cursor->at++;
	return (struct bytes){start, (size_t)(cursor->at - start)};
}

/* Reads the quoted string at the cursor; the quotes are left out. */
static struct bytes quoted_read(struct cursor *cursor)
{
	const char *start = cursor->at + 1, *end = header_quote_end(cursor->at, cursor->end);

	cursor->is_cut |= end == cursor->end;
	cursor->at = end + (end < cursor->end);
	return (struct bytes){start, (size_t)(end - start)};
}

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

/* Returns whether ATTRIBUTE is NAME, maybe followed by a number and an asterisk, which are noted in
 * PIECE. */
static bool is_named(struct bytes attribute, const char *name, struct piece *piece)
{
	const char *p = attribute.start + strlen(name), *end = attribute.start + attribute.length;

	if (attribute.length < strlen(name) ||
	        strncasecmp(attribute.start, name, strlen(name)) != 0)
		return false;
	if (end - p >= 2 && p[0] == '*' && g_ascii_isdigit(p[1])) {
		piece->is_numbered = true;
		for (p++; p < end && g_ascii_isdigit(*p) && piece->number < PIECES_MAX; p++)
			piece->number = 10 * piece->number + (unsigned)(*p - '0');
	}
	piece->is_coded = p < end && *p == '*';
	return p + piece->is_coded == end;
}

/* Reads the pieces of the parameter NAME. They are clear if a `;` stands before each, and behind it
 * if more follows. */
static void pieces_read(struct bytes value, const char *name, struct pieces *pieces)
{
	size_t length = MIN(value.length, PARAMETERS_MAX);
	struct cursor cursor = {value.start, value.start + length, length < value.length};

	for (bool is_apart = false; blank_skip(&cursor), cursor.at < cursor.end;) {
		struct piece piece = {.number = 0};

		if (is_at(&cursor, ';') || is_at(&cursor, '=')) {
			is_apart |= *cursor.at++ == ';';
			continue;
		}
		if (is_at(&cursor, '"')) {
			quoted_read(&cursor);
			continue;
		}
		struct bytes attribute = token_read(&cursor, ";=\"");
		blank_skip(&cursor);
		if (!is_at(&cursor, '=')) {
			is_apart = false;
			continue;
		}
		cursor.at++;
		blank_skip(&cursor);
		piece.is_quoted = is_at(&cursor, '"');
		piece.text = piece.is_quoted ? quoted_read(&cursor) : token_read(&cursor, ";");
		bool is_clear = is_apart &&
		                memchr(piece.text.start, '\n', piece.text.length) == NULL &&
		                (piece.is_quoted || !is_at(&cursor, '(')); /* a comment, or not? */
		blank_skip(&cursor);
		is_clear = is_clear && (cursor.at == cursor.end || *cursor.at == ';');
		is_apart = false;
		if (!is_named(attribute, name, &piece))
			continue;
		pieces->is_unclear |= !is_clear || pieces->count == PIECES_MAX;
		if (pieces->count < PIECES_MAX)
			pieces->list[pieces->count++] = piece;
	}
	pieces->is_unclear |= cursor.is_cut && pieces->count > 0;
}

/* Returns the first piece with NUMBER: if SPLIT, one that is coded or numbered, else a plain
 * one. */
static struct piece *piece_find(struct pieces *pieces, unsigned number, bool split)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->list[i].number == number &&
		        (pieces->list[i].is_coded || pieces->list[i].is_numbered) == split)
			return &pieces->list[i];
	return NULL;
}

static void parameter_piece_add(struct buffer *to, const struct piece *piece)
{
	for (const char *p = piece->text.start, *end = p + piece->text.length; p < end; p++) {
		const char *run = p;

		while (p < end && strchr("%\\\r\n", *p) == NULL) /* nor a NUL */
			p++;
		buffer_add(to, run, (size_t)(p - run));
		if (p == end)
			break;
		char c = *p;

		if (piece->is_coded && c == '%' && end - p > 2 && g_ascii_isxdigit(p[1]) &&
		        g_ascii_isxdigit(p[2])) {
			c = (char)(16 * g_ascii_xdigit_value(p[1]) + g_ascii_xdigit_value(p[2]));
			p += 2;
		} else if (piece->is_quoted && c == '\\' && end - p > 1)
			c = *++p;
		else if (c == '\r' || c == '\n')
			continue;
		buffer_add(to, &c, c != '\0');
	}
}

/* Takes `utf-8'en'` off the first coded piece. Returns the charset, owned by CTX; NULL if none is
 * named. */
static char *charset_take(const void *ctx, struct piece *piece)
{
	const char *start = piece->text.start, *end = start + piece->text.length;
	const char *first = memchr(start, '\'', piece->text.length);
	const char *second =
	        first != NULL ? memchr(first + 1, '\'', (size_t)(end - first - 1)) : NULL;

	if (second == NULL)
		return NULL;
	piece->text = (struct bytes){second + 1, (size_t)(end - second - 1)};
	return first > start ? talloc_strndup(ctx, start, (size_t)(first - start)) : NULL;
}

struct parameter parameter_read(const void *ctx, struct bytes value, const char *name)
{
	struct pieces pieces = {.count = 0};

	pieces_read(value, name, &pieces);
	struct parameter parameter = {.is_unclear = pieces.is_unclear};
	struct piece *piece = piece_find(&pieces, 0, true);
	if (piece == NULL)
		piece = piece_find(&pieces, 0, false);
	if (piece == NULL) {
		parameter.is_unclear = pieces.count > 0;
		return parameter;
	}
	struct buffer text = buffer_new(ctx);
	unsigned number = 0;
	if (piece->is_coded)
		parameter.charset = charset_take(ctx, piece);
	do {
		parameter_piece_add(&text, piece);
		number++;
	} while (piece->is_numbered && (piece = piece_find(&pieces, number, true)) != NULL);
	parameter.value = buffer_text(&text);
	parameter.is_unclear |= pieces.count != number;
	return parameter;
}

char *parameter_text(const void *ctx, struct bytes value, const char *name)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct parameter parameter = parameter_read(scratch, value, name);

	if (parameter.value == NULL)
		return NULL;
	return parameter.charset != NULL ? text_to_utf8(ctx, parameter.value,
	                                           strlen(parameter.value), parameter.charset)
	                                 : decode_words(ctx, parameter.value);
}

char *parameter_type(const void *ctx, struct bytes value)
{
	struct cursor cursor = {value.start, value.start + value.length, false};

	blank_skip(&cursor);
	struct bytes type = token_read(&cursor, "/;\"");
	blank_skip(&cursor);
	if (type.length == 0 || !is_at(&cursor, '/'))
		return NULL;
	cursor.at++;
	blank_skip(&cursor);
	struct bytes subtype = token_read(&cursor, ";\"");
	if (subtype.length == 0 || memchr(subtype.start, '/', subtype.length) != NULL)
		return NULL;
	char *text = talloc_asprintf(
	        ctx, "%.*s/%.*s", (int)type.length, type.start, (int)subtype.length, subtype.start);
	for (char *p = text; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return text;
}
