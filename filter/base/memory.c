#include "base/memory.h"

#include <setjmp.h>
#include <signal.h>

static void (*at_end)(void);

/* Where the work in hand is given up. */
static jmp_buf retreat;
static bool can_retreat;

_Noreturn void memory_out(void)
{
	if (can_retreat)
		longjmp(retreat, 1);
	if (at_end != NULL)
		at_end();
	for (;;)
		raise(SIGABRT);
}

void memory_on_out(void (*end)(void))
{
	at_end = end;
}

bool memory_try(void (*work)(void *argument), void *argument)
{
	bool done = setjmp(retreat) == 0;

	if (done) {
		can_retreat = true;
		work(argument);
	}
	can_retreat = false;
	return done;
}
