/* What the texts of a language say of some recipients. For explanation.c. */
#ifndef EXPLANATION_WORDS_H
#define EXPLANATION_WORDS_H

#include "explain/explanation.h"

/* Put into words what holds for all recipients of EXPLAINED, which has their addresses and their reason; RECIPIENT is the first. */
void explanation_words(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient);

#endif
