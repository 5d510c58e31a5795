/* All processes that come from one that we started, whatever they do to their groups, sessions and parents. */
#ifndef DESCENDANTS_H
#define DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* From now on, descendants of ours whose parents end become our own children, so that none gets lost. */
void descendants_adopt(void);

/* Stop our child PID, all that comes from it, and all that we have adopted, but for the child EXCEPT (0: none). Once nothing of all that runs any more, ask
 * IS_TO_END: if it says so, all of it is killed, and gone when this returns true; *OUTCOME is then how PID ended. False if not, or if that can't be had (the
 * system doesn't list processes, or one is not ours to stop): it goes on. Allocates nothing that could end the program. */
bool descendants_end(pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome);

#endif
