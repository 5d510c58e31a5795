#include "setup/setup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "setup/shell.h"

/* What each of the languages, and the shell, takes for itself. Blanks go between quotes. */
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-@:,=%"

static const char *directory_in(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] == '/' ? value : NULL;
}

/* PATH without its last name. */
static char *folder_of(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	return talloc_strndup(ctx, path, slash != NULL ? (size_t)(slash - path) : 0);
}

struct setup setup_read(const void *ctx)
{
	char *program = talloc_zero_size(ctx, PATH_BYTES_MAX);
	const char *config = directory_in("XDG_CONFIG_HOME");
	struct setup setup = {.program = program, .home = directory_in("HOME")};

	if (readlink("/proc/self/exe", program, PATH_BYTES_MAX - 1) <= 0)
		setup.program = talloc_strdup(ctx, "/usr/local/bin/notmuch-bounce");
	setup.prefix = folder_of(ctx, folder_of(ctx, setup.program));
	if (config != NULL)
		setup.config = talloc_strdup(ctx, config);
	else if (setup.home != NULL)
		setup.config = talloc_asprintf(ctx, "%s/.config", setup.home);
	return setup;
}

bool setup_is_installed(const char *program)
{
	const char *path = getenv("PATH");
	bool found = false;
	size_t length;

	for (; path != NULL && path[0] != '\0' && !found;
	        path += length + strspn(path + length, ":")) {
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
	const char *folder = name[0] == '~'   ? setup->home
	                     : name[0] == '$' ? setup->config
	                                      : setup->hooks;

	return folder != NULL ? talloc_asprintf(ctx, "%s%s", folder, name + 1) : NULL;
}

char *setup_path(
        const void *ctx, const struct setup *setup, const struct setup_topic *topic, bool *exists)
{
	size_t i;

	for (i = 0; topic->files[i] != NULL; i++) {
		char *path = user_path(ctx, setup, topic->files[i]);

		*exists = path != NULL && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
		if (*exists)
			return path;
		talloc_free(path);
	}
	return user_path(ctx, setup, topic->fresh != NULL ? topic->fresh : topic->files[0]);
}

bool setup_has(const struct setup *setup, const struct setup_topic *topic)
{
	const char *const words[] = {topic->name, NULL};
	void *ctx = talloc_new(NULL);
	bool exists;
	int fd = -1;
	char *text;
	size_t length;

	setup_path(ctx, setup, topic, &exists);
	if (!exists && topic->delivers && setup->home != NULL)
		fd = open(talloc_asprintf(ctx, "%s/.forward", setup->home),
		        O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		exists = io_read_all(ctx, fd, USER_FILE_MAX, &text, &length) == STATUS_OK &&
		         setup_line(text, words) > 0;
		close(fd);
	}
	talloc_free(ctx);
	return exists;
}

char *setup_source(const void *ctx, const struct setup *setup, const char *source, char **place)
{
	static const char *const folders[] = {"/share", ""}; /* of the source tree */
	char *path = talloc_asprintf(ctx, "%s/share/notmuch-bounce/%s", setup->prefix, source);
	size_t i;

	*place = path;
	for (i = 0; access(path, R_OK) != 0; i++) {
		if (i == sizeof folders / sizeof *folders)
			return NULL;
		path = talloc_asprintf(ctx, "%s%s/%s", setup->prefix, folders[i], source);
	}
	return path;
}

int setup_line(const char *text, const char *const *keys)
{
	size_t length, i;
	int number;

	for (number = 1; text[0] != '\0';
	        number++, text += length + (text[length] == '\n' ? 1 : 0)) {
		length = strcspn(text, "\n");
		if (text[strspn(text, " \t")] == '#')
			continue;
		for (i = 0; keys[i] != NULL; i++)
			if (memmem(text, length, keys[i], strlen(keys[i])) != NULL)
				return number;
	}
	return 0;
}

/* PATH for where HEAD ends, with quotes if it needs and hasn't them; NULL if they would not be
 * enough. */
static char *quoted(const void *ctx, const char *path, const char *head)
{
	if (path[strspn(path, PLAIN " ")] != '\0')
		return NULL;
	if (path[strspn(path, PLAIN)] == '\0' || strchr(head, '"') != NULL)
		return talloc_strdup(ctx, path);
	return talloc_asprintf(ctx, "\"%s\"", path);
}

/* Whether all programs look for others where this one is. */
static bool is_in_usual_folder(const struct setup *setup)
{
	static const char *const usual[] = {"/usr/local/bin", "/usr/bin", "/bin", NULL};
	char *folder = folder_of(NULL, setup->program);
	bool found = list_has(usual, folder);

	talloc_free(folder);
	return found;
}

/* The line that takes in SOURCE, owned by CTX; NULL if there can be none: *WHY and *PATH. */
static char *source_line(const void *ctx, const struct setup *setup,
        const struct setup_topic *topic, const char *source, const char **why, char **path)
{
	char *place = setup_source(ctx, setup, source, path), *word;

	*why = "setup-missing";
	if (place == NULL)
		return NULL;
	*path = place;
	*why = "setup-odd-path";
	word = quoted(ctx, place, topic->head);
	if (word == NULL)
		return NULL;
	return talloc_asprintf(ctx, "%s%s%s", topic->head, topic->tail != NULL ? word : "",
	        topic->tail != NULL ? topic->tail : "");
}

enum status setup_lines(const void *ctx, const struct setup *setup, const struct setup_topic *topic,
        const struct setup_wish *wish, char ***lines, const char **why, char **path)
{
	bool is_without = setup->hooks == NULL && topic->without_index != NULL;
	char *line = NULL, *one, *marking = NULL,
	     *folder = wish->folder != NULL ? quoted(ctx, wish->folder, "\"") : NULL;
	size_t count = 0;

	*lines = list_new(ctx);
	if (topic->way == SETUP_SCRIPT)
		line = talloc_asprintf(ctx, "%s%s", shell_word(ctx, setup->program), topic->tail);
	else
		line = source_line(ctx, setup, topic,
		        is_without ? topic->without_index : topic->source, why, path);
	if (line != NULL && wish->marks)
		marking = source_line(ctx, setup, topic, topic->without_index, why, path);
	if (line == NULL || (wish->marks && marking == NULL))
		return STATUS_NO_INPUT;
	if (topic->path_head != NULL && !is_in_usual_folder(setup))
		list_add(ctx, lines, &count,
		        talloc_asprintf(ctx, "%s%s:$PATH\"", topic->path_head,
		                folder_of(ctx, setup->program)));
	if (topic->way == SETUP_SCRIPT && wish->is_new)
		list_add(ctx, lines, &count, "#!/bin/sh");
	if (marking != NULL)
		list_add(ctx, lines, &count, marking);
	if (folder != NULL && !is_without)
		list_add(ctx, lines, &count, talloc_asprintf(ctx, "BOUNCE_FOLDER=\"%s\"", folder));
	if (topic->url_head != NULL && setup->root != NULL && !wish->has_url)
		list_add(ctx, lines, &count,
		        talloc_asprintf(ctx, "%s%s\"", topic->url_head, setup->root));
	while ((one = strsep(&line, "\n")) != NULL)
		list_add(ctx, lines, &count, one);
	return STATUS_OK;
}
