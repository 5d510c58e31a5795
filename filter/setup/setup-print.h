/* What setup found out, for a person to read and to copy from. */
#ifndef SETUP_PRINT_H
#define SETUP_PRINT_H

#include "setup/setup.h"

/* STEP as text, owned by CTX, found for the topic ASKED: which file, where in it, and the lines, ready to be copied; or that they are there. */
char *setup_text(const void *ctx, const struct setup_step *step, const struct setup_topic *asked);

/* PATH, on which a terminal may depend. */
char *setup_path_text(const void *ctx, const char *path);

#endif
