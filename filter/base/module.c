#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Length of the folder that the program is in, with its slash, in PATH; 0 if that can't be had:
 * then the loader looks where it looks for libraries. */
static size_t program_folder(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	const char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* From beside the program, where it is built; else from where `make install` puts it. Never
 * closed. */
static void *library_open(const char *name)
{
	char folder[PATH_MAX], path[PATH_MAX + 128];
	int length = (int)program_folder(folder);

	snprintf(path, sizeof path, "%.*snotmuch-bounce-%s.so", length, folder, name);
	if (length == 0 || access(path, F_OK) == 0)
		return dlopen(path, RTLD_NOW | RTLD_LOCAL);
	snprintf(path, sizeof path, "%.*s../lib/notmuch-bounce/notmuch-bounce-%s.so", length,
	        folder, name);
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static const char *missing;
static bool is_sealed;
static void (*on_missed)(const char *name);

void module_seal(void (*missed)(const char *name))
{
	is_sealed = true;
	on_missed = missed;
}

bool module_can_load(const char *name)
{
	if (is_sealed && on_missed != NULL)
		on_missed(name);
	return !is_sealed;
}

const void *module_load(const char *name)
{
	char symbol[64];
	const void *interface;
	void *library;

	snprintf(symbol, sizeof symbol, "module_%s", name);
	interface = dlsym(RTLD_DEFAULT, symbol);
	if (interface != NULL)
		return interface;
	library = module_can_load(name) ? library_open(name) : NULL;
	interface = library != NULL ? dlsym(library, symbol) : NULL;
	if (interface == NULL)
		missing = is_sealed ? name : dlerror();
	return interface;
}

const char *module_missing(void)
{
	return missing;
}
