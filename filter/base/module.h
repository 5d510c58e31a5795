/* Parts of the program that are shared objects, loaded when first needed: the libraries that they
 * are linked with (libnotmuch, GMime, libxml2) take longer to load than a mail takes to judge. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

/* Returns the variable `module_NAME` of module NAME, which is loaded from notmuch-bounce-NAME.so
 * beside the program or in ../lib/notmuch-bounce/, unless it is linked into the program. NULL if
 * that fails. */
const void *module_load(const char *name);

/* Returns why the last load failed; NULL if none did. */
const char *module_missing(void);

/* From now on loading fails, because this process may no longer open files. MISSED (may be NULL) is
 * called with the name of what was to be loaded. */
void module_seal(void (*missed)(const char *name));

/* Returns whether the module or charset NAME may still be loaded; to be called before loading it.
 * If not, calls what module_seal() was given. */
bool module_can_load(const char *name);

#endif
