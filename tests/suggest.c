/* suggest [-j] [-n NAME] [-d DIAGNOSTIC] [ADDRESS]: which address may have been meant for that one; without it, for each line of standard input: the
 * address, a tab, and a name if there is one. For candidates.t, which asks for hundreds of them. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "resend/candidates.h"

struct asking {
	struct index *index;
	struct problems *problems;
	struct wording *wording;
	bool as_json;
};

static void ask(const struct asking *asking, const struct candidates_wish *wish)
{
	void *ctx = talloc_new(NULL);
	struct candidates candidates = candidates_find(ctx, asking->index, wish, asking->problems);

	fputs((asking->as_json ? candidates_json : candidates_text)(ctx, asking->wording, &candidates), stdout);
	talloc_free(ctx);
}

static void ask_for_lines(const struct asking *asking)
{
	char line[4096];

	while (fgets(line, sizeof line, stdin) != NULL) {
		struct candidates_wish wish = {.failed = line, .wording = asking->wording};
		char *tab;

		line[strcspn(line, "\n")] = '\0';
		tab = strchr(line, '\t');
		if (tab != NULL) {
			*tab = '\0';
			wish.name = tab + 1;
		}
		ask(asking, &wish);
	}
}

int main(int count, char **arguments)
{
	void *ctx = talloc_new(NULL);
	struct asking asking = {.problems = problems_new(ctx)};
	struct candidates_wish wish = {.failed = NULL};
	const char *why;
	int option;

	while ((option = getopt(count, arguments, "jn:d:")) != -1)
		switch (option) {
		case 'j': asking.as_json = true; break;
		case 'n': wish.name = optarg; break;
		case 'd': wish.diagnostic = optarg; break;
		default: return 64;
		}
	if (index_open(ctx, asking.problems, &asking.index, &why) != STATUS_OK)
		asking.index = NULL;
	wish.wording = asking.wording = wording_open(ctx, "en", asking.problems);
	wish.failed = arguments[optind];
	if (wish.failed != NULL)
		ask(&asking, &wish);
	else
		ask_for_lines(&asking);
	talloc_free(ctx);
	return 0;
}
