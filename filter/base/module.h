/* Parts of the program that are libraries of their own, loaded by the first command that needs them. What such a part is linked with (libnotmuch,
 * libarchive) takes longer to load than a mail to judge. */
#ifndef MODULE_H
#define MODULE_H

/* The interface of module NAME: its variable `module_NAME`. It is loaded from `notmuch-bounce-NAME.so` beside the program or in ../lib/notmuch-bounce/
 * from there, unless it is linked into the program. Static; NULL with *WHY (static) if it can't be loaded. */
const void *module_load(const char *name, const char **why);

#endif
