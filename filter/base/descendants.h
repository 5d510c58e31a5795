/* All descendants of a process that we started, whatever process groups, sessions and parents they
 * choose. */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* From now on, our descendants whose parents end become our children, so that none gets lost. */
void descendants_adopt(void);

/* Stops (SIGSTOP) our child PID, its descendants and all that we have adopted, except the child
 * EXCEPT (0: none). Once all have stopped it calls IS_TO_END. If that returns true, all are killed,
 * and gone when this returns true, with PID's status in *OUTCOME. If not, or if processes can't be
 * listed or stopped, they continue and this returns false. Never ends the program for want of
 * memory. */
bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome);

#endif
