/* In which language to speak to the reader. */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stdbool.h>

/* The first of CHOICES (NULL-terminated, `ja`) that is asked for: by OPTION, or else SETTING, or
 * else by the environment as setlocale(3) reads it for messages: LC_ALL, LC_MESSAGES, LANG;
 * `ja_JP.UTF-8` asks for `ja`. OPTION and SETTING may be NULL. `en` if what is asked for is not
 * there, or nothing is. */
const char *language_choose(const char *option, const char *setting, const char *const *choices);

/* Whether LANGUAGE, `ja` or a locale as above, is among CHOICES. */
bool language_is_among(const char *language, const char *const *choices);

/* The language that TEXT, which may be NULL, shows by its letters: `ja`, `ko` or `zh`; NULL: any
 * other. */
const char *language_of(const char *text);

#endif
