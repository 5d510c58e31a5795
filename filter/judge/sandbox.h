/* Gives up the rights that reading a mail doesn't need, before an attacker's bytes are looked at:
 * by seccomp and Landlock, where the kernel has them. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

/* Gives up for good, in this process, everything but reading and writing open files, memory, and
 * ending. If NAMES (NULL-terminated) is not NULL, what lies below these files and folders can still
 * be opened for reading. Returns false if the kernel doesn't support all of this; the part that it
 * supports is in force. */
bool sandbox_enter(char *const *names);

/* Gives up for good, in this process and all that it starts, the network and writing anywhere but
 * below FOLDER and to /dev/null. Returns false if the kernel doesn't support all of this: then
 * start nothing that could do harm. */
bool sandbox_enter_folder(const char *folder);

/* Limits this process to MEMORY_MAX bytes of memory and SECONDS of processor time (0: no limit),
 * and keeps it from leaving a core dump. */
void sandbox_limit(unsigned seconds);

/* Closes everything but standard input, output and error, A, and B (-1: none). */
void sandbox_close_others(int a, int b);

#endif
