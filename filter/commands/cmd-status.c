/* notmuch bounce status: which mail of the user's did not arrive, to whom, why, and whose turn it is. */
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "explain/hold.h"
#include "index/mail-bytes.h"
#include "index/story.h"

struct telling {
	const void *ctx;
	struct index *index;
	enum story_extent extent;
	bool json;
	char *kept;  /* what is told, for a macro; NULL: it is printed */
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

static enum status print(struct telling *telling, const char *text)
{
	if (telling->kept == NULL)
		return cmd_print(text);
	telling->kept = text != NULL ? talloc_strdup_append_buffer(telling->kept, text) : NULL;
	return telling->kept != NULL ? STATUS_OK : STATUS_TRY_LATER;
}

static bool tell(void *argument, struct mail *mail)
{
	struct telling *telling = argument;
	void *scratch = talloc_new(telling->ctx);
	struct story *story = story_read(scratch, telling->index, mail, telling->extent);

	if (story != NULL && !was_told(telling, story->id))
		telling->status = print(telling, telling->json ? story_json(scratch, story) : story_text(scratch, story));
	talloc_free(scratch);
	return telling->status == STATUS_OK;
}

/* The mail on standard input, by its id; owned by CTX. NULL if it is not in the index. */
static struct mail *find_on_stdin(const void *ctx, struct index *index, const struct settings *settings)
{
	size_t length;
	char *bytes;

	if (io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) != STATUS_OK)
		return NULL;
	return mail_of_bytes(ctx, index, settings, bytes, length);
}

static enum status tell_stdin(struct telling *telling, const struct settings *settings)
{
	struct mail *mail = find_on_stdin(telling->ctx, telling->index, settings);

	if (mail != NULL)
		tell(telling, mail);
	if (telling->status == STATUS_OK && telling->count == 0)
		cmd_say("status: nothing came back of this mail, as far as the index knows");
	return telling->status;
}

static enum status tell_found(struct telling *telling, char **words)
{
	char *query = cmd_query(telling->ctx, words, "tag:undelivered or tag:delayed");
	enum status status = query != NULL ? index_each(telling->index, query, tell, telling) : STATUS_TRY_LATER;

	if (status == STATUS_IO)
		cmd_say("status: the index can't be searched for %s", query);
	return telling->status != STATUS_OK ? telling->status : status;
}

static enum status status_tell(const void *ctx, char **arguments, struct telling *telling)
{
	struct settings settings;
	bool wrong;
	enum status status = cmd_index_open(ctx, "status", INDEX_READ, &telling->index, &settings, &wrong);

	if (status != STATUS_OK || wrong)
		return status != STATUS_OK ? status : STATUS_BAD_RULES;
	if (arguments[0] != NULL && strcmp(arguments[0], "-") == 0)
		return tell_stdin(telling, &settings);
	return tell_found(telling, arguments);
}

/* For a macro: see explain --hold. */
static enum status status_hold(const void *ctx, char **arguments, struct telling *telling)
{
	char *said;

	telling->kept = talloc_strdup(ctx, "");
	hold_forget("text");
	cmd_say_to(ctx, &said);
	status_tell(ctx, arguments, telling);
	io_drain(STDIN_FILENO);
	if (telling->kept != NULL)
		hold_put("text", said != NULL ? said : telling->kept);
	return STATUS_OK;
}

static enum status status_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "json", NULL};
	const char *format = "text";
	bool hold = false;
	struct telling telling = {.ctx = ctx};
	const struct option options[] = {
	        {.name = "format", .value = &format, .values = formats},
	        {.name = "hold", .flag = &hold},
	        {.name = NULL},
	};
	enum status status = cmd_options("status", arguments, options);

	if (status != STATUS_OK)
		return status;
	telling.extent = arguments[0] != NULL ? STORY_ALL : STORY_OPEN;
	telling.json = strcmp(format, "json") == 0;
	return hold ? status_hold(ctx, arguments, &telling) : status_tell(ctx, arguments, &telling);
}

const struct command command_status = {
        .name = "status",
        .arguments = "[--format=text|json] [--hold] [QUERY|-]...",
        .summary = "say which mail did not arrive, to whom, why, and whose turn it is",
        .help = "Without a query: what is undelivered or delayed now. With one (id:...): what is known of\n"
                "every recipient of the mails found; with -, of the mail on standard input. --hold keeps it\n"
                "for explain --held, for a macro.\n",
        .run = status_run,
};
