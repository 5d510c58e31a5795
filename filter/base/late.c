#include "base/late.h"

#include <dlfcn.h>
#include <stddef.h>

bool late_load(const char *library, const struct late_function *functions)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL); /* for good: it is never closed */

	for (; handle != NULL && functions->name != NULL; functions++)
		if ((*functions->address = dlsym(handle, functions->name)) == NULL)
			return false;
	return handle != NULL;
}
