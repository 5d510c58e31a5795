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

static enum status read_index(const void *ctx, struct dead *dead)
{
	struct settings settings;
	struct index *index;
	enum status status = cmd_index_open(ctx, "clean", INDEX_READ, &index, &settings, NULL);
	struct standing *list;
	size_t count, i;

	if (status != STATUS_OK)
		return status;
	list = standings_read(ctx, index, &settings, NULL, 0, false, &count);
	for (i = 0; list != NULL && i < count; i++)
		if (list[i].kind == STANDING_DEAD)
			add(dead, list[i].address, reason_name(list[i].reason));
	return list != NULL ? STATUS_OK : STATUS_IO;
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
	for (line = bytes != NULL ? strtok_r(bytes, "\r\n", &rest) : NULL; line != NULL; line = strtok_r(NULL, "\r\n", &rest))
		add(dead, g_strstrip(line), "dead");
	if (fd >= 0)
		close(fd);
	return status;
}

/* What is taken out is written before the list that lacks it. */
static enum status write_dead(const char *path, const struct buffer *dead)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	enum status status = fd >= 0 ? io_write(fd, dead->text != NULL ? dead->text : "", dead->length) : STATUS_IO;

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
		cmd_say("clean: a list of more than %u MB is not taken; nothing was printed", LIST_MAX >> 20);
		return STATUS_REFUSED;
	}
	if (status != STATUS_OK) {
		cmd_say("clean: standard input can't be read: %s; nothing was printed", strerror(errno));
		return status;
	}
	cleaned = clean_list(ctx, list, length, is_dead, dead);
	if (dead_to != NULL)
		status = write_dead(dead_to, &cleaned.dead);
	if (status == STATUS_OK)
		status = io_write(STDOUT_FILENO, buffer_text(&cleaned.kept), cleaned.kept.length);
	if (status == STATUS_OK)
		cmd_say("clean: %zu of %zu addresses are dead%s", cleaned.dead_addresses, cleaned.addresses,
		        cleaned.mixed > 0 ? "; some stand in a line with others, which stays" : "");
	return status;
}

static enum status clean_run(const void *ctx, char **arguments)
{
	const char *dead_to = NULL, *dead_file = NULL;
	struct dead dead = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
	const struct option options[] = {
	        {.name = "dead-to", .value = &dead_to},
	        {.name = "dead", .value = &dead_file},
	        {.name = NULL},
	};
	enum status status = cmd_options("clean", arguments, options);

	if (status == STATUS_OK && arguments[0] != NULL) {
		cmd_say("clean reads a list from standard input: expected no argument");
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = dead_file != NULL ? read_file(ctx, dead_file, &dead) : read_index(ctx, &dead);
	if (status == STATUS_OK)
		status = clean(ctx, &dead, dead_to);
	g_hash_table_destroy(dead.reasons);
	return status;
}

const struct command command_clean = {
        .name = "clean",
        .arguments = "[OPTION]... < LIST",
        .summary = "print a list of addresses without those that are dead",
        .help = "Any list with addresses in its lines: CSV, one a line, aliases, a Bcc field.\n"
                "A line all of whose addresses are dead is left out; all else stays as it is.\n"
                "  --dead-to=FILE    write these lines there, with the reason\n"
                "  --dead=FILE       take the dead ones from there, one a line, and not from the\n"
                "                    index: what addresses --dead --format=list printed\n",
        .run = clean_run,
};
