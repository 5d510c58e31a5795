/* How far a long command is: one line on stderr if that is a terminal, which is taken away before anything else is said there. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stddef.h>

/* From now on progress is shown, and time is taken. */
void cmd_progress_begin(void);

/* Show this instead of what was shown before. ASCII, and shorter than a terminal is wide. */
void cmd_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many in a second, if there were COUNT since the beginning. */
size_t cmd_progress_rate(size_t count);

/* Take away what is shown. */
void cmd_progress_clear(void);

#endif
