#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Opens the module NAME that lies beside the program, where it is built, or where `make install`
 * puts it. It is never closed. If /proc does not say where the program is, the loader looks where
 * it looks for libraries. */
static void *library_open(const char *name)
{
	char program[PATH_MAX], path[PATH_MAX + 128];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	program[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(program, '/');
	slash = slash != NULL ? slash + 1 : program;
	*slash = '\0';
	snprintf(path, sizeof path, "%snotmuch-bounce-%s.so", program, name);
	if (slash > program && access(path, F_OK) != 0)
		snprintf(path, sizeof path, "%s../lib/notmuch-bounce/notmuch-bounce-%s.so", program,
		        name);
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static const char *module_why;
static bool module_is_sealed;
static void (*module_on_missed)(const char *name);

void module_seal(void (*missed)(const char *name))
{
	module_is_sealed = true;
	module_on_missed = missed;
}

bool module_can_load(const char *name)
{
	if (module_is_sealed && module_on_missed != NULL)
		module_on_missed(name);
	return !module_is_sealed;
}

const void *module_load(const char *name)
{
	char symbol[64];

	snprintf(symbol, sizeof symbol, "module_%s", name);
	const void *interface = dlsym(RTLD_DEFAULT, symbol);
	if (interface != NULL)
		return interface;
	void *library = module_can_load(name) ? library_open(name) : NULL;
	if (library != NULL)
		interface = dlsym(library, symbol);
	if (interface == NULL)
		module_why = module_is_sealed ? name : dlerror();
	return interface;
}

const char *module_missing(void)
{
	return module_why;
}
