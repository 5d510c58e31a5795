/* Lists of strings that end with NULL. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

/* An empty list, owned by CTX. */
char **list_new(const void *ctx);

/* Add a copy of VALUE to *LIST, which has *COUNT of them and is owned by CTX, or NULL while it has
 * none. */
void list_add(const void *ctx, char ***list, size_t *count, const char *value);

/* How many there are in LIST (NULL: none). */
size_t list_length(char *const *list);

/* Sort LIST (NULL: empty), and leave each string in it once; returns how many are left. */
size_t list_sort(char **list);

/* The one of LIST that is closest to WORD, if a typing error or two explain the difference, or if
 * WORD begins it; NULL if none is. */
const char *list_nearest(const char *const *list, const char *word);

/* Whether VALUE is in LIST (NULL: empty). */
bool list_has(const char *const *list, const char *value);

#endif
