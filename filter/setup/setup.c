#include "setup/setup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/list.h"

#define PATH_BYTES_MAX 4096

static const char *directory_in(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] == '/' ? value : NULL;
}

/* The folder of PATH, which is changed. */
static char *up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash != NULL)
		*slash = '\0';
	return path;
}

struct setup setup_read(const void *ctx)
{
	char *program = talloc_zero_size(ctx, PATH_BYTES_MAX);
	const char *config = directory_in("XDG_CONFIG_HOME");
	struct setup setup = {.program = program, .home = directory_in("HOME")};

	if (readlink("/proc/self/exe", program, PATH_BYTES_MAX - 1) <= 0)
		setup.program = talloc_strdup(ctx, "/usr/local/bin/notmuch-bounce");
	setup.prefix = talloc_strdup(ctx, setup.program);
	if (config != NULL)
		setup.config = talloc_strdup(ctx, config);
	else if (setup.home != NULL)
		setup.config = talloc_asprintf(ctx, "%s/.config", setup.home);
	up(up(setup.prefix));
	return setup;
}

bool setup_has_new_tag(const struct setup *setup, const char *tag)
{
	const char *tags = setup->new_tags;
	size_t length;

	for (; tags != NULL && tags[0] != '\0'; tags += length + strspn(tags + length, ";")) {
		length = strcspn(tags, ";");
		if (length == strlen(tag) && strncmp(tags, tag, length) == 0)
			return true;
	}
	return false;
}

char **setup_new_tag(const void *ctx, const struct setup *setup)
{
	static const char *const words[] = {"notmuch", "config", "set", "new.tags", "new"};
	char **command = list_new(ctx), *rest = talloc_strdup(ctx, setup->new_tags), *tag;
	size_t count = 0, i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		list_add(ctx, &command, &count, words[i]);
	while ((tag = strsep(&rest, ";")) != NULL)
		if (tag[0] != '\0')
			list_add(ctx, &command, &count, tag);
	return command;
}

bool setup_is_installed(const char *program)
{
	const char *path = getenv("PATH");
	bool found = false;
	size_t length;

	for (; path != NULL && path[0] != '\0' && !found; path += length + strspn(path + length, ":")) {
		char *file;

		length = strcspn(path, ":");
		file = talloc_asprintf(NULL, "%.*s/%s", (int)length, path, program);
		found = access(file, X_OK) == 0;
		talloc_free(file);
	}
	return found;
}

/* A file of the user's, as a topic names it; NULL if its folder is not known. */
static char *user_path(const void *ctx, const struct setup *setup, const char *name)
{
	const char *folder = name[0] == '~' ? setup->home : name[0] == '$' ? setup->config : setup->hooks;

	return folder != NULL ? talloc_asprintf(ctx, "%s%s", folder, name + 1) : NULL;
}

char *setup_path(const void *ctx, const struct setup *setup, const struct setup_topic *topic)
{
	size_t i;

	for (i = 0; topic->files != NULL && topic->files[i] != NULL; i++) {
		char *path = user_path(ctx, setup, topic->files[i]);

		if (path != NULL && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return path;
		talloc_free(path);
	}
	return NULL;
}

char *setup_new_path(const void *ctx, const struct setup *setup, const struct setup_topic *topic)
{
	return user_path(ctx, setup, topic->fresh != NULL ? topic->fresh : topic->files[0]);
}

/* Whether a program's file shows that it delivers the mail here. */
static bool is_delivered(const void *ctx, const struct setup *setup)
{
	size_t i;

	for (i = 0; setup_topics[i] != NULL; i++)
		if (setup_topics[i]->delivers && setup_path(ctx, setup, setup_topics[i]) != NULL)
			return true;
	return false;
}

const char *setup_left_out(const void *ctx, const struct setup *setup, const struct setup_topic *topic)
{
	bool has_file = setup_path(ctx, setup, topic) != NULL;

	if (topic->only != NULL)
		return topic->only;
	if (!setup_is_installed(topic->program) && !has_file)
		return talloc_asprintf(ctx, "no %s here", topic->program);
	if (topic->needs_index && setup->hooks == NULL)
		return "there is no notmuch index; see notmuch setup";
	if (!has_file && topic->files != NULL && (topic->needs_file || (topic->delivers && is_delivered(ctx, setup))))
		return talloc_asprintf(ctx, "no %s here", topic->files[0]);
	return NULL;
}
