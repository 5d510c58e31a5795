#include <inttypes.h>
#include <stdint.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "mail/address.h"

char **address_list(const void *ctx, const char *text)
{
	char **list = list_new(ctx), *address;
	size_t count = 0, length, n;
	const char *start;

	while (*text != '\0' && count < RECIPIENTS_MAX) {
		n = address_scan(text, &start, &length);
		if (n == 0) {
			text++;
			continue;
		}
		address = talloc_strndup(ctx, start, length);
		list_add(ctx, &list, &count, address);
		talloc_free(address);
		text += n;
	}
	return list;
}

bool address_list_has(char *const *list, const char *address)
{
	for (; list != NULL && *list != NULL; list++)
		if (address_equal(*list, address))
			return true;
	return false;
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
