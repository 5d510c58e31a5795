/* What a notice says, read as its format says: by the lines of the format, else as the general reader (named.h) reads it. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "judge/facts.h"

/* Add to FACTS whom the notice of REPORT names, what it says of them and of the original, and of which kind FORMAT says that it is. */
void layout_read(struct facts *facts, struct report *report, const struct format *format);

#endif
