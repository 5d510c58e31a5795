/* notmuch bounce status: which mail of the user's did not arrive, to whom, why, and whose turn it is. */
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "commands/story-print.h"
#include "explain/hold.h"
#include "index/mail-bytes.h"

struct telling {
	const void *ctx;
	struct index *index;
	enum story_extent extent;
	bool json;
	const char *language;    /* NULL: not said */
	struct wording *wording; /* to speak in */
	char *kept;              /* what is told, for a macro; NULL: it is printed */
	char **told;             /* ids: several bounces may be about one mail */
	size_t count;
	enum status status;
};

static bool was_told(struct telling *telling, const char *id)
{
	if (list_has((const char *const *)telling->told, id))
		return true;
	list_add(telling->ctx, &telling->told, &telling->count, id);
	return false;
}

static enum status print(struct telling *telling, const char *text)
{
	if (telling->kept == NULL)
		return cmd_print(text);
	telling->kept = talloc_strdup_append_buffer(telling->kept, text);
	return STATUS_OK;
}

static bool tell(void *argument, struct mail *mail)
{
	struct telling *telling = argument;
	void *scratch = talloc_new(telling->ctx);
	struct story *story = story_read(scratch, telling->index, mail, telling->extent);

	if (story != NULL && !was_told(telling, story->id))
		telling->status =
		        print(telling, telling->json ? story_json(scratch, story) : story_text(scratch, story, telling->wording));
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
		cmd_say("status: %s", wording_label(telling->wording, "status-nothing"));
	return telling->status;
}

static enum status tell_found(struct telling *telling, char **words)
{
	char *query = cmd_query(telling->ctx, words, "tag:undelivered or tag:delayed");
	enum status status = index_each(telling->index, query, tell, telling);

	if (status == STATUS_IO)
		cmd_say("status: the index can't be searched for %s", query);
	return telling->status != STATUS_OK ? telling->status : status;
}

static enum status status_tell(const void *ctx, char **arguments, struct telling *telling)
{
	struct problems *problems = problems_new(ctx);
	struct settings settings;
	bool wrong;
	enum status status = cmd_index_open(ctx, "status", INDEX_READ, &telling->index, &settings, &wrong);

	if (status != STATUS_OK || wrong)
		return status != STATUS_OK ? status : STATUS_BAD_RULES;
	status = cmd_wording(ctx, "status", telling->language, settings.language, problems, &telling->wording);
	if (status == STATUS_OK && arguments[0] != NULL && strcmp(arguments[0], "-") == 0)
		status = tell_stdin(telling, &settings);
	else if (status == STATUS_OK)
		status = tell_found(telling, arguments);
	cmd_say_problems(problems);
	return status;
}

/* For a macro: see explain --hold. What is wrong in the user's texts does not keep what they say from being read. */
static enum status status_hold(const void *ctx, char **arguments, struct telling *telling)
{
	char *said;
	enum status status;

	telling->kept = talloc_strdup(ctx, "");
	hold_forget("text");
	cmd_say_to(ctx, &said);
	status = status_tell(ctx, arguments, telling);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK || (said != NULL && telling->kept[0] == '\0'))
		telling->kept = said;
	if (telling->kept != NULL)
		hold_put("text", telling->kept);
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
	        {.name = "lang", .value = &telling.language},
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
        .arguments = "[OPTION]... [QUERY|-]...",
        .summary = "say which mail did not arrive, to whom, why, and whose turn it is",
        .help = "  --format=FORMAT   text, json (the same in every language)\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "  --hold            keep it for explain --held, for a macro\n"
                "Without a query: what is undelivered or delayed now. With one (id:...): what is\n"
                "known of every recipient of the mails found; with -, of the mail on stdin.\n",
        .run = status_run,
};
