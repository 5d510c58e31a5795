/* "Did you mean …?" */
#ifndef SUGGEST_H
#define SUGGEST_H

/* The one of the NULL-terminated CHOICES that is closest to WORD, if a typing error or two explain
 * the difference, or if WORD begins it; NULL if none is. */
const char *suggest(const char *word, const char *const *choices);

#endif
