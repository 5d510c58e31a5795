/* Decides whether an address is a misspelling of another one, or somebody else's. */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>

#define SLIP_NONE 1000u

/* Returns the cost of the slips (see distance.h) that make TYPED out of MEANT; SLIP_NONE if they
 * are the same, or differ by more than slips. The shorter a word, the less it may differ; one of
 * three letters only if a word beside it is right, a shorter one never. Digits never differ. Words
 * between dots are compared one by one. The end of the domain (`.com`) may differ only if all else
 * is right. */
unsigned slip_of_addresses(const char *typed, const char *meant);

/* Returns the cost of the slips in a domain, 0 if it is the same, or SLIP_NONE. RIGHT is the length
 * of what stands before the @ if that is right, else 0: then the ends must be the same. */
unsigned slip_of_domains(const char *typed, const char *meant, size_t right);

/* Returns the end of DOMAIN that does not say whose domain it is, with its dot: `.com`,
 * `.co.jp`. */
const char *slip_domain_end(const char *domain);

/* Returns whether A and B, halves of addresses, differ at most in case, dots, hyphens and the
 * like. */
bool slip_same_letters(const char *a, const char *b);

#endif
