/* notmuch bounce clean: a list of addresses without those that are dead. */
#include <fcntl.h>
#include <glib.h>
#include <errno.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "after/clean.h"
#include "after/standing.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"

struct dead {
	GHashTable *reasons; /* by the address in lower case */
};

static void add(struct dead *dead, const char *address, const char *reason)
{
	g_hash_table_insert(dead->reasons, g_ascii_strdown(address, -1), g_strdup(reason));
}

static const char *is_dead(void *argument, const char *address)
{
	const struct dead *dead = argument;
	char *key = g_ascii_strdown(address, -1);
	const char *reason = g_hash_table_lookup(dead->reasons, key);

	g_free(key);
	return reason;
}

static enum status read_index(struct call *call, struct dead *dead)
{
	struct standings list = {NULL, 0};

	if (call->index == NULL) {
		cmd_say("clean: %s", call->no_index);
		return STATUS_NO_INPUT;
	}
	if (!standings_read(call->ctx, call->index, NULL, 0, false, &list))
		return STATUS_IO;
	for (size_t i = 0; i < list.count; i++)
		if (list.list[i]->kind == STANDING_DEAD)
			add(dead, list.list[i]->address, reason_name(list.list[i]->reason));
	return STATUS_OK;
}

/* Lines of addresses, as `addresses --format=list` writes them. */
static enum status read_file(const void *ctx, const char *path, struct dead *dead)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status = fd >= 0 ? STATUS_OK : errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO;
	char *bytes = NULL, *line, *rest = NULL;
	size_t length;

	if (status == STATUS_OK)
		status = io_read_all(ctx, fd, LIST_MAX, &bytes, &length);
	if (status != STATUS_OK)
		cmd_say("clean: %s: %s", path, strerror(errno));
	for (line = bytes != NULL ? strtok_r(bytes, "\r\n", &rest) : NULL; line != NULL;
	        line = strtok_r(NULL, "\r\n", &rest))
		add(dead, g_strstrip(line), "dead");
	if (fd >= 0)
		close(fd);
	return status;
}

/* What is taken out is written before the list that lacks it. */
static enum status write_dead(const char *path, const struct buffer *dead)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	enum status status =
	        fd >= 0 ? io_write(fd, dead->text != NULL ? dead->text : "", dead->length)
	                : STATUS_IO;

	if (fd >= 0 && close(fd) != 0)
		status = STATUS_IO;
	if (status != STATUS_OK)
		cmd_say("clean: %s: %s; nothing was printed", path, strerror(errno));
	return status;
}

static enum status clean(const void *ctx, struct dead *dead, const char *dead_to)
{
	struct cleaned cleaned;
	enum status status;
	size_t length;
	char *list;

	status = io_read_all(ctx, STDIN_FILENO, LIST_MAX, &list, &length);
	if (status == STATUS_OK && length == LIST_MAX) {
		cmd_say("clean: a list of more than %u MB is not taken; nothing was printed",
		        LIST_MAX >> 20);
		return STATUS_REFUSED;
	}
	if (status != STATUS_OK) {
		cmd_say("clean: standard input can't be read: %s; nothing was printed",
		        strerror(errno));
		return status;
	}
	cleaned = clean_list(ctx, list, length, is_dead, dead);
	if (dead_to != NULL)
		status = write_dead(dead_to, &cleaned.dead);
	if (status == STATUS_OK)
		status = io_write(STDOUT_FILENO, buffer_text(&cleaned.kept), cleaned.kept.length);
	if (status == STATUS_OK)
		cmd_say("clean: %zu of %zu addresses are dead%s", cleaned.dead_addresses,
		        cleaned.addresses,
		        cleaned.mixed > 0 ? "; some stand in a line with others, which stays" : "");
	return status;
}

struct clean_options {
	const char *dead_to, *dead;
};

static enum status clean_run(struct call *call)
{
	const struct clean_options *options = call->options;
	struct dead dead = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
	enum status status;

	if (call->arguments[0] != NULL) {
		cmd_say("clean reads a list from standard input: expected no argument");
		return STATUS_USAGE;
	}
	status = options->dead != NULL ? read_file(call->ctx, options->dead, &dead)
	                               : read_index(call, &dead);
	if (status == STATUS_OK)
		status = clean(call->ctx, &dead, options->dead_to);
	g_hash_table_destroy(dead.reasons);
	return status;
}

static const struct option options[] = {
        VALUE_OPTION("dead-to", OPTION_VALUE, struct clean_options, dead_to, "FILE",
                "write these lines there, with the reason"),
        VALUE_OPTION("dead", OPTION_VALUE, struct clean_options, dead, "FILE",
                "take the dead ones from there, one a line, and not from the index: what addresses "
                "--dead --format=list printed"),
        NO_OPTION,
};

const struct command command_clean = {
        .name = "clean",
        .arguments = "[OPTION]... < LIST",
        .summary = "print a list of addresses without those that are dead",
        .notes = "Any list with addresses in its lines: CSV, one a line, aliases, a Bcc field. A "
                 "line all of whose addresses are dead is left out; all else stays as it is.",
        .options = options,
        .size = sizeof(struct clean_options),
        .needs = USES_INDEX,
        .run = clean_run,
};
