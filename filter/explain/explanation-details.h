/* What the server said, what the index knows of an address, and the technical details. For explanation.c. */
#ifndef EXPLANATION_DETAILS_H
#define EXPLANATION_DETAILS_H

#include "explain/explanation.h"

/* Add these to EXPLAINED, whose first recipient is RECIPIENT; VERDICT may be NULL. */
void explanation_details(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient,
        const struct verdict *verdict);

#endif
