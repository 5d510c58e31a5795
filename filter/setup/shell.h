/* A word of a command for the user to type. */
#ifndef SHELL_H
#define SHELL_H

/* WORD as a shell reads it, with quotes if it needs them, owned by CTX. */
char *shell_word(const void *ctx, const char *word);

#endif
