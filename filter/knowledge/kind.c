#include "knowledge/kind.h"

#include <string.h>

static const char *const names[KIND_COUNT] = {
        [KIND_NONE] = "none",
        [KIND_FAILED] = "failed",
        [KIND_DELAYED] = "delayed",
        [KIND_DELIVERED] = "delivered",
        [KIND_COMPLAINT] = "complaint",
        [KIND_AUTO_REPLY] = "auto-reply",
        [KIND_RECEIPT] = "receipt",
};

const char *kind_name(enum kind kind)
{
	return names[kind];
}

enum kind kind_by_name(const char *name)
{
	int kind;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (strcmp(names[kind], name) == 0)
			break;
	return (enum kind)kind;
}

bool kind_is_bounce(enum kind kind)
{
	return kind == KIND_FAILED || kind == KIND_DELAYED;
}
