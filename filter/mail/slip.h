/* Decides whether an address is a typing error for another one, rather than somebody else's. */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>

#define SLIP_NONE 1000u

/* Returns the cost of the slips (see distance.h) by which TYPED became another address than MEANT,
 * or SLIP_NONE. The shorter a word, the less it may differ: not at all up to three letters. Digits
 * never differ. Words between dots are compared one by one. A wrong end (`.com`) needs all else
 * right. */
unsigned slip_of_addresses(const char *typed, const char *meant);

/* Returns the cost for domains alone, or SLIP_NONE. RIGHT is how many letters before the @ are the
 * same; if any, the domains' ends may differ. */
unsigned slip_of_domains(const char *typed, const char *meant, size_t right);

/* Returns the last labels of DOMAIN, beginning with their dot, that say nothing of whose domain it
 * is: `.com`, `.co.jp`. */
const char *slip_domain_end(const char *domain);

/* Returns whether A and B, halves of addresses, differ at most in dots, hyphens and the like. */
bool slip_same_letters(const char *a, const char *b);

#endif
