/* In which language a command speaks to a person. */
#ifndef CMD_LANGUAGE_H
#define CMD_LANGUAGE_H

#include "base/status.h"
#include "knowledge/wording.h"

/* The words of the language asked for by OPTION (--lang of COMMAND), else SETTING (bounce.language), else the environment; OPTION and SETTING may be
 * NULL. STATUS_USAGE or STATUS_BAD_RULES, and it was said on stderr, if there are no texts in what OPTION or SETTING asks for. Owned by CTX. */
enum status cmd_wording(const void *ctx, const char *command, const char *option, const char *setting, struct problems *problems,
        struct wording **wording);

#endif
