/* All descendants of a process that we started, whatever process groups, sessions and parents they
 * choose. */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* From now on, our descendants whose parents end become our children, so that none gets lost. */
void descendants_adopt(void);

/* Stops (SIGSTOP) our child PID, its descendants and all that we have adopted, except the child
 * EXCEPT (0: none). Once all have stopped, calls IS_TO_END with ARGUMENT. If that returns true,
 * kills all of them, waits until they are gone, and returns true, with PID's status in *OUTCOME. If
 * not, or if processes can't be listed or stopped, lets them continue and returns false. Never ends
 * the program for want of memory. */
bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome);

#endif
