/* Parts of the program that are libraries of their own, loaded by the first command or mail that needs them: what such a part is linked with (libnotmuch, GMime,
 * libxml2) takes longer to load than a mail to judge. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

/* The interface of module NAME: its variable `module_NAME`. It is loaded from `notmuch-bounce-NAME.so` beside the program or in ../lib/notmuch-bounce/
 * from there, unless it is linked into the program. Static; NULL if it can't be loaded. */
const void *module_load(const char *name);

/* Why the last module that could not be loaded could not; NULL: none was missing. */
const char *module_missing(void);

/* From now on nothing can be loaded, because this process may not open files any more. What is asked for and isn't there is told to MISSED by its name; if that
 * comes back, or is NULL, it counts as missing. */
void module_seal(void (*missed)(const char *name));

/* Called before the module or charset NAME is loaded. False if nothing can be loaded any more. */
bool module_can_load(const char *name);

#endif
