/* Libraries that not every mail needs are loaded when the first one does: loading one takes longer than judging a mail. */
#ifndef LATE_H
#define LATE_H

#include <stdbool.h>

/* A function of such a library, and where its address is put. */
struct late_function {
	const char *name;
	void **address;
};

/* Load LIBRARY (by its soname) and find all FUNCTIONS, which end with a name of NULL. False if it isn't there, or isn't the one we were built for. */
bool late_load(const char *library, const struct late_function *functions);

/* From now on nothing can be loaded, because this process may not open files any more. What is asked for and isn't there is told to MISSED by its name; if that
 * comes back, or is NULL, it counts as missing. */
void late_seal(void (*missed)(const char *name));

/* Called before the library or charset NAME is loaded. False if nothing can be loaded any more. */
bool late_can_load(const char *name);

/* The library that could not be loaded last; NULL: none was missing. */
const char *late_missing(void);

/* Declares the function NAME of a late library, to be called as late_NAME; and names it in the list for late_load(). */
#define LATE(name) static __typeof__(&name) late_##name
#define LATE_FUNCTION(name)                                                                                                      \
	{                                                                                                                        \
#name, (void **)&late_##name                                                                                     \
	}

/* The same for a library that several files call: the header that they share has a list of its functions, to which these are given. */
#define LATE_DECLARE(name) extern __typeof__(&name) late_##name;
#define LATE_DEFINE(name) __typeof__(&name) late_##name;
#define LATE_ENTRY(name) {#name, (void **)&late_##name},

#endif
