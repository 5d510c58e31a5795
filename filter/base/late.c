#include "base/late.h"

#include <dlfcn.h>
#include <stddef.h>

static const char *missing;
static bool is_sealed;
static void (*on_missed)(const char *name);

void late_seal(void (*missed)(const char *name))
{
	is_sealed = true;
	on_missed = missed;
}

bool late_can_load(const char *name)
{
	if (is_sealed && on_missed != NULL)
		on_missed(name);
	return !is_sealed;
}

bool late_load(const char *library, const struct late_function *functions)
{
	void *handle = late_can_load(library) ? dlopen(library, RTLD_LAZY | RTLD_LOCAL) : NULL; /* for good: it is never closed */
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
