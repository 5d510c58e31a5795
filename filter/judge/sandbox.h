/* Giving up what reading a mail does not take, before an attacker's bytes are looked at: network, other programs, writing to files; and limits on memory and
 * time. By Landlock and seccomp, where the kernel has them. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

enum sandbox_files {
	SANDBOX_SEALED, /* no file is opened any more, but what the C library reads of its own: conversions of charsets, time zones */
	SANDBOX_READING, /* files can be read, none can be written */
};

/* Give up for good all but reading, writing and memory in this process. What is open stays open. False if the kernel does not support all of it; what it
 * supports holds. */
bool sandbox_enter(enum sandbox_files files);

/* Limit this process to MEMORY_MAX bytes of memory and SECONDS of processor time (0: no limit); no picture of its memory is left behind if it crashes. */
void sandbox_limit(unsigned seconds);

#endif
