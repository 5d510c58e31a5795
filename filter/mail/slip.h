/* Tells misspelt words and addresses from different ones, by how easily a slip of the fingers makes
 * one of the other. */
#ifndef SLIP_H
#define SLIP_H

#include <stdbool.h>
#include <stddef.h>

/* Cost of each kind of slip: the likelier, the lower. */
enum slip_cost {
	SLIP_SEPARATOR = 4, /* one of . - _ , for another, missing, or too many */
	SLIP_TWICE = 5,     /* a letter twice, or a double one once */
	SLIP_SWAPPED = 6,   /* two that changed places */
	SLIP_BESIDE = 7,    /* the key beside */
	SLIP_ALIKE = 6,     /* what looks alike: 0 and o, 1 and l or i */
	SLIP_STRAY = 7,     /* one too many, whose key lies beside that of a neighbour */
	SLIP_DROPPED = 8,   /* one missing */
	SLIP_EXTRA = 9,     /* one too many */
	SLIP_OTHER = 10,    /* any other letter */
	/* added to these at the beginning, where people look, and for one more or less at the end,
	 * where names vary */
	SLIP_EDGE = 2,
	SLIP_NONE = 1000, /* not a slip */
};

/* Returns the cost of the slips that turn MEANT into TYPED (Damerau-Levenshtein, optimal string
 * alignment): 0 if they are the same but for the case of ASCII letters, SLIP_NONE if it exceeds
 * LIMIT or one is longer than a domain can be. Digits and non-ASCII characters must be the same. */
unsigned slip_of_words(const char *typed, const char *meant, unsigned limit);

/* Returns the string of LIST that is closest to WORD: one that begins with WORD, or from which WORD
 * differs by a typing error or two. NULL if there is none. */
const char *slip_nearest(char *const *list, const char *word);

/* Returns the cost of the slips that make the address TYPED out of MEANT; SLIP_NONE if they are the
 * same, or differ by more than slips. The shorter a word, the less it may differ; one of three
 * letters only if a word beside it is right, a shorter one never. Digits never differ. Words
 * between dots are compared one by one. The end of the domain (`.com`) may differ only if all else
 * is right. */
unsigned slip_of_addresses(const char *typed, const char *meant);

/* Returns the same for domains, but 0 if they are the same. RIGHT is the length of the part before
 * the @ if that is right, else 0: then the ends (`.com`) must be the same. */
unsigned slip_of_domains(const char *typed, const char *meant, size_t right);

/* Returns the end of DOMAIN that does not say whose domain it is, with its dot: `.com`,
 * `.co.jp`. */
const char *slip_domain_end(const char *domain);

/* Returns whether A and B, halves of addresses, differ at most in case, dots, hyphens and the
 * like. */
bool slip_same_letters(const char *a, const char *b);

#endif
