/* Asking the person at the terminal. */
#ifndef CMD_ASK_H
#define CMD_ASK_H

#include <stdbool.h>
#include <stddef.h>

/* Where answers come from; -1 if there is nobody to ask, or nobody who sees what is asked. */
int cmd_terminal(void);

/* A line from TERMINAL into ANSWER (SIZE bytes, what is more is dropped); false if there is none, or it was interrupted. */
bool cmd_answer(int terminal, char *answer, size_t size);

/* Ask, and read a line from ANSWERS. Only a plain y or yes is one. */
bool cmd_ask(int answers, const char *question);

#endif
