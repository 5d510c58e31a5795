/* Whether one address was written for another by a slip, and not because it is somebody else's. */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>

#define SLIP_NONE 1000u

struct slip {
	unsigned local, domain; /* what the slips in each half cost (distance.h) */
};

/* Whether TYPED may be a slip for MEANT, both whole addresses, which differ. The shorter a word, the less it may differ: nothing up to three letters, digits
 * never, and of words between points each for itself. An end (`.com`) may be wrong only if all the rest is right. */
bool slip_is_likely(const char *typed, const char *meant, struct slip *slip);

/* The same for domains alone; SLIP_NONE: no slip. RIGHT: how many letters are the same before their @; if
 * any, their ends may differ. */
unsigned slip_of_domains(const char *typed, const char *meant, size_t right);

/* Whether A and B, halves of addresses, have the same letters and digits, and differ at most in their points and the like. */
bool slip_same_letters(const char *a, const char *b);

#endif
