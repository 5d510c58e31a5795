#include "knowledge/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "base/array.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "text/text.h"

struct problems *problems_new(const void *ctx)
{
	return talloc_zero(ctx, struct problems);
}

void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = talloc_vasprintf(problems, format, arguments);
	va_end(arguments);
	array_add(problems, problems->list, problems->count) =
	        (struct problem){talloc_strdup(problems, file), line, text};
}

enum status source_open(const void *ctx, const char *path, struct source *source)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t length;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? STATUS_NO_INPUT : STATUS_IO;
	bool is_read = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	               st.st_size <= (off_t)USER_FILE_MAX &&
	               io_read_all(ctx, fd, USER_FILE_MAX, &text, &length) == STATUS_OK;

	close(fd);
	if (!is_read)
		return STATUS_IO;
	*source = (struct source){
	        .name = talloc_strdup(ctx, path), .text = text, .length = length, .user = true};
	return STATUS_OK;
}

/* Returns the user's folder for KIND; NULL if the user has no home. */
static char *source_user_directory(const void *ctx, const char *kind)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config != NULL && config[0] == '/')
		return talloc_asprintf(ctx, "%s/notmuch-bounce/%s", config, kind);
	if (home != NULL && home[0] == '/')
		return talloc_asprintf(ctx, "%s/.config/notmuch-bounce/%s", home, kind);
	return NULL;
}

void source_add(struct sources *sources, const struct source *source)
{
	array_add(sources, sources->list, sources->count) = *source;
}

/* Returns whether the file NAME belongs into the folder KIND: *.rules, *.format, or else *.txt. */
static bool source_has_kind(const char *name, const char *kind)
{
	const char *suffix = strcmp(kind, "rules") == 0     ? ".rules"
	                     : strcmp(kind, "formats") == 0 ? ".format"
	                                                    : ".txt";

	return g_str_has_suffix(name, suffix) && strlen(name) > strlen(suffix);
}

/* Returns what follows share/KIND/ in the name of an embedded file; NULL if it is elsewhere. */
static const char *source_within(const char *name, const char *kind)
{
	size_t length = strlen(kind);

	name += strlen("share/");
	return strncmp(name, kind, length) == 0 && name[length] == '/' ? name + length + 1 : NULL;
}

/* Returns the names in DIRECTORY (NULL: none), sorted, owned by CTX. errno is 0, or says why it
 * can't be read. */
static char **names_in(const void *ctx, const char *directory)
{
	char **names = list_new(ctx);
	struct dirent **entries = NULL;

	int count = directory != NULL ? scandir(directory, &entries, NULL, alphasort) : 0;

	if (count >= 0)
		errno = 0;
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			list_add(ctx, &names, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return names;
}

struct sources *source_list_own(const void *ctx, const char *kind, struct problems *problems)
{
	struct sources *sources = talloc_zero(ctx, struct sources);
	char *directory = source_user_directory(sources, kind),
	     **names = names_in(sources, directory);

	if (names[0] == NULL && errno != 0 && errno != ENOENT && errno != ENOTDIR)
		problems_add(problems, directory, 0, "%s", strerror(errno));
	for (; *names != NULL; names++) {
		char *path = talloc_asprintf(sources, "%s/%s", directory, *names);
		struct source source;

		if (!source_has_kind(*names, kind))
			continue;
		if (source_open(sources, path, &source) == STATUS_OK)
			source_add(sources, &source);
		else
			problems_add(problems, path, 0,
			        "can't be read: expected a plain file of text, of 4 MB at most");
	}
	return sources;
}

/* Adds our files to SOURCES. */
static struct sources *add_built_in(struct sources *sources, const char *kind)
{
	for (size_t i = 0; i < embedded_files_count; i++) {
		const char *rest = source_within(embedded_files[i].name, kind);

		if (rest != NULL && strchr(rest, '/') == NULL && source_has_kind(rest, kind))
			source_add(sources, &embedded_files[i]);
	}
	return sources;
}

struct sources *source_list_built_in(const void *ctx, const char *kind)
{
	return add_built_in(talloc_zero(ctx, struct sources), kind);
}

struct sources *source_list(const void *ctx, const char *kind, struct problems *problems)
{
	return add_built_in(source_list_own(ctx, kind, problems), kind);
}

char **source_languages(const void *ctx)
{
	char **list = list_new(ctx),
	     **names = names_in(list, source_user_directory(list, "explain"));
	const char *last = NULL;

	for (size_t i = 0; i < embedded_files_count; i++) {
		const char *rest = source_within(embedded_files[i].name, "explain"),
		           *slash = rest != NULL ? strchr(rest, '/') : NULL;

		/* Their names are sorted: the files of a folder follow one another. */
		if (slash == NULL ||
		        (last != NULL && strncmp(last, rest, (size_t)(slash + 1 - rest)) == 0))
			continue;
		last = rest;
		list_add(ctx, &list, talloc_strndup(list, rest, (size_t)(slash - rest)));
	}
	for (; *names != NULL; names++)
		if (!list_has((const char *const *)list, *names))
			list_add(ctx, &list, *names);
	return list;
}

/* Returns whether LENGTH bytes at TEXT are UTF-8 without a NUL. */
static bool is_plain(const char *text, size_t length)
{
	return memchr(text, '\0', length) == NULL && text_is_utf8(text, length);
}

static bool is_line_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct source_lines source_lines_of(
        const void *ctx, const struct source *source, struct problems *problems)
{
	return (struct source_lines){
	        .source = source,
	        .problems = problems,
	        .is_plain = !source->user || is_plain(source->text, source->length),
	        .copy = talloc_memdup(ctx, source->text, source->length + 1),
	};
}

char *source_line_next(struct source_lines *lines)
{
	while (lines->offset < lines->source->length) {
		char *line = lines->copy + lines->offset;
		size_t left = lines->source->length - lines->offset, skip = 0;
		const char *newline = memchr(line, '\n', left);
		size_t whole = newline != NULL ? (size_t)(newline - line) : left, length = whole;

		while (skip < length && is_line_blank(line[skip]))
			skip++;
		while (length > skip && is_line_blank(line[length - 1]))
			length--;
		lines->is_indented = skip > 0;
		lines->offset += whole + 1;
		lines->number++;
		if (length == skip || line[skip] == '#')
			continue;
		line[length] = '\0';
		if (lines->is_plain || is_plain(line + skip, length - skip))
			return line + skip;
		if (lines->problems != NULL)
			problems_add(lines->problems, lines->source->name, lines->number,
			        "is not UTF-8, or has a NUL: expected text in that charset");
	}
	return NULL;
}

char *source_word_next(char **rest)
{
	char *word = *rest + strspn(*rest, " \t"), *end = word + strcspn(word, " \t");

	if (end == word)
		return NULL;
	*rest = end + strspn(end, " \t");
	*end = '\0';
	return word;
}
