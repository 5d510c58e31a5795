/* Asking the person at the terminal. */
#ifndef CMD_ASK_H
#define CMD_ASK_H

#include <stdbool.h>

/* Where answers come from; -1 if there is nobody to ask, or nobody who sees what is asked. */
int cmd_terminal(void);

/* Ask, and read a line from ANSWERS. Only a plain y or yes is one. */
bool cmd_ask(int answers, const char *question);

#endif
