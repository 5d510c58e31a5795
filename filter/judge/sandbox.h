/* Giving up what reading a mail doesn't take before an attacker's bytes are looked at. By seccomp
 * and Landlock, where the kernel has them. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

/* Give up for good, in this process, all but reading and writing what is open, memory, and ending.
 * With NAMES (NULL-terminated; NULL: none), what lies below these files and folders can still be
 * opened, for reading. False if the kernel doesn't support all of it; what it supports holds. */
bool sandbox_enter(char *const *names);

/* Give up for good, in this process and all that it starts: writing anywhere but below FOLDER and
 * to /dev/null, and the network. False if the kernel doesn't support all of it; then nothing that
 * could harm may be started. */
bool sandbox_enter_folder(const char *folder);

/* Limit this process to MEMORY_MAX bytes of memory and SECONDS of processor time (0: no limit); no
 * picture of its memory is left behind if it crashes. */
void sandbox_limit(unsigned seconds);

/* Close all that is open but standard input, output and error, A, and B (-1: none). */
void sandbox_close_others(int a, int b);

#endif
