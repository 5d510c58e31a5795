#include <inttypes.h>
#include <stdint.h>
#include <talloc.h>

#include "address.h"
#include "array.h"
#include "limits.h"

char **address_list(const void *ctx, const char *text)
{
	char **list = talloc_zero_array(ctx, char *, RECIPIENTS_MAX + 1);
	size_t count = 0, length, n;
	const char *start;

	while (list != NULL && *text != '\0' && count < RECIPIENTS_MAX) {
		n = address_scan(text, &start, &length);
		if (n == 0) {
			text++;
			continue;
		}
		list[count] = talloc_strndup(list, start, length);
		if (list[count++] == NULL)
			return NULL;
		text += n;
	}
	return list;
}

char *address_digest(const void *ctx, const char *address)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *address != '\0'; address++) {
		unsigned char c = (unsigned char)*address;

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 1099511628211u;
	}
	return talloc_asprintf(ctx, "%016" PRIx64, hash);
}
