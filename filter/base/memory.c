#include "base/memory.h"

#include <signal.h>

static void (*at_end)(void);

_Noreturn void memory_out(void)
{
	if (at_end != NULL)
		at_end();
	for (;;)
		raise(SIGABRT);
}

void memory_on_out(void (*end)(void))
{
	at_end = end;
}
