/* A charset, and behind a NUL text in it: made UTF-8, folded, cleaned for showing, read as HTML. */
#include "text/text.h"
#include "fuzz.h"
#include "text/html.h"

static void check_fold(const void *ctx, const char *utf8)
{
	char *once = text_fold(ctx, utf8, strlen(utf8)), *twice = text_fold(ctx, once, strlen(once));

	CHECK(strlen(once) <= strlen(utf8));
	CHECK(text_is_utf8(once, strlen(once)));
	CHECK(strcmp(once, twice) == 0);
}

static void check_one_line(const void *ctx, const char *utf8, size_t length, size_t max)
{
	char *line = text_one_line_of(ctx, utf8, length, max);

	fuzz_check_shown(line);
	CHECK(strchr(line, '\n') == NULL);
	CHECK(strlen(line) <= max + strlen("…"));
	CHECK(text_width(line) <= 2 * strlen(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	char *charset = talloc_strndup(ctx, pair.first, pair.first_size);
	char *utf8 = text_to_utf8(ctx, pair.second, pair.second_size, charset), *html;

	CHECK(text_is_utf8(utf8, strlen(utf8)));
	CHECK(strlen(utf8) <= 6 * pair.second_size + 16);
	check_fold(ctx, utf8);
	check_one_line(ctx, utf8, strlen(utf8), size % 200);
	check_one_line(ctx, pair.second, pair.second_size, 1 + size % 80); /* also what is no UTF-8 */
	check_fold(ctx, talloc_strndup(ctx, pair.second, pair.second_size));
	html = html_to_text(ctx, utf8, strlen(utf8), false);
	CHECK(text_is_utf8(html, strlen(html)));
	html = html_to_text(ctx, utf8, strlen(utf8), true);
	CHECK(text_is_utf8(html, strlen(html)));
	talloc_free(ctx);
	return 0;
}
