/* What a step of an explanation can be done with: a command, or a key of the macro packs. The names are those behind the @ in the texts. */
#ifndef ACTION_H
#define ACTION_H

/* The command that does ACTION for the bounce ID, or the key that does, if PREFIX (NULL: none) names the macro packs' prefix. Owned by CTX. NULL if ACTION is
 * none of ours, or if ID (NULL: none) is not plain enough to be copied to a shell. */
char *action_how(const void *ctx, const char *action, const char *id, const char *prefix);

#endif
