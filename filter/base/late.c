#include "base/late.h"

#include <dlfcn.h>
#include <stddef.h>

static const char *missing;

bool late_load(const char *library, const struct late_function *functions)
{
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL); /* for good: it is never closed */
	bool is_there = handle != NULL;

	for (; is_there && functions->name != NULL; functions++)
		is_there = (*functions->address = dlsym(handle, functions->name)) != NULL;
	if (!is_there)
		missing = library;
	return is_there;
}

const char *late_missing(void)
{
	return missing;
}
