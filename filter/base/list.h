/* Lists of strings that end with NULL. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Returns an empty list, owned by CTX. */
char **list_new(const void *ctx);

/* Adds a copy of VALUE to the end of *LIST, which is owned by CTX; NULL is an empty list. Only a
 * list that list_new() or list_add() made can grow. */
void list_add(const void *ctx, char ***list, const char *value);

/* Returns how many strings are in LIST (NULL: none). */
size_t list_length(char *const *list);

/* Sorts LIST (NULL: empty), leaves each string in it once, and returns how many are left. */
size_t list_sort(char **list);

/* Returns whether VALUE is in LIST (NULL: empty). */
bool list_has(const char *const *list, const char *value);

#endif
