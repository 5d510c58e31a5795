/* notmuch bounce status: which mail of the user's did not arrive, to whom, why, and whose turn it is. */
#include <string.h>
#include <talloc.h>

#include "cmd-index.h"
#include "cmd.h"
#include "list.h"
#include "story.h"

struct telling {
	const void *ctx;
	struct index *index;
	enum story_extent extent;
	bool json;
	char **told; /* ids: several bounces may be about one mail */
	size_t count;
	enum status status;
};

static bool was_told(struct telling *telling, const char *id)
{
	if (list_has((const char *const *)telling->told, id))
		return true;
	if (!list_add(telling->ctx, &telling->told, &telling->count, id)) {
		telling->status = STATUS_TRY_LATER;
		return true;
	}
	return false;
}

static bool tell(void *argument, struct mail *mail)
{
	struct telling *telling = argument;
	void *scratch = talloc_new(telling->ctx);
	struct story *story = story_read(scratch, telling->index, mail, telling->extent);

	if (story != NULL && !was_told(telling, story->id))
		telling->status = cmd_print(telling->json ? story_json(scratch, story) : story_text(scratch, story));
	talloc_free(scratch);
	return telling->status == STATUS_OK;
}

static enum status status_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "json", NULL};
	const char *format = "text";
	struct telling telling = {.ctx = ctx};
	const struct option options[] = {{.name = "format", .value = &format, .values = formats}, {.name = NULL}};
	struct settings settings;
	bool wrong;
	enum status status = cmd_options("status", arguments, options);
	char *query = cmd_query(ctx, arguments, "tag:undelivered or tag:delayed");

	if (status == STATUS_OK)
		status = cmd_index_open(ctx, "status", INDEX_READ, &telling.index, &settings, &wrong);
	if (status != STATUS_OK || wrong)
		return status != STATUS_OK ? status : STATUS_BAD_RULES;
	telling.extent = arguments[0] != NULL ? STORY_ALL : STORY_OPEN;
	telling.json = strcmp(format, "json") == 0;
	status = query != NULL ? index_each(telling.index, query, tell, &telling) : STATUS_TRY_LATER;
	if (status == STATUS_IO)
		cmd_say("status: the index can't be searched for %s", query);
	return telling.status != STATUS_OK ? telling.status : status;
}

const struct command command_status = {
        .name = "status",
        .arguments = "[--format=text|json] [QUERY]...",
        .summary = "say which mail did not arrive, to whom, why, and whose turn it is",
        .help = "Without a query: what is undelivered or delayed now. With one (id:...): what is known of\n"
                "every recipient of the mails found.\n",
        .run = status_run,
};
