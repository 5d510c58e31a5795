/* A file of explain/, and its entries filled in. */
#include "fuzz.h"
#include "knowledge/wording.h"
#include "text/text.h"

static const char *const keys[] = {"name", "headline", "happened", "who", "do", "avoid", "sample", NULL};

static void fill(const void *ctx, struct wording *wording, const struct wording_text *text, const char *domain)
{
	static const struct wording_value values[] = {
	        {"address", "yuki@docomo.ne.jp"}, {"domain", "docomo.ne.jp"}, {"sender", NULL}, {NULL, NULL}};
	char **list, *first;
	size_t i, j;

	for (i = 0; keys[i] != NULL; i++) {
		first = wording_first(ctx, wording, text, keys[i], domain, values);
		CHECK(first == NULL || text_is_utf8(first, strlen(first)));
		list = wording_all(ctx, wording, text, keys[i], domain, values);
		CHECK(list != NULL);
		for (j = 0; list[j] != NULL; j++)
			CHECK(text_is_utf8(list[j], strlen(list[j])));
		CHECK(wording_letter(ctx, wording, text, keys[i], domain, values) != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct problems *problems = problems_new(ctx);
	struct source source = fuzz_source(ctx, "user.txt", (const char *)data, size);
	struct source all[] = {source, fuzz_embedded("share/explain/groups.txt")};
	const struct sources sources = {all, 2};
	struct wording *wording = wording_of(ctx, "en", &sources, problems);
	const struct wording_text *text = wording_text(wording, "user");

	fill(ctx, wording, text, "docomo.ne.jp");
	fill(ctx, wording, text, NULL);
	talloc_free(ctx);
	return 0;
}
