#include "index/settings.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/address.h"

const struct settings settings_default = {
        .lock_timeout = LOCK_TIMEOUT_DEFAULT, .backscatter_after = 3};

static void read_number(struct index *index, const char *key, unsigned most, unsigned *value,
        struct problems *problems)
{
	char *text = index_setting(NULL, index, key), *end;
	unsigned long number;

	if (text == NULL)
		return;
	number = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= most)
		*value = (unsigned)number;
	else
		problems_add(problems, "notmuch config", 0,
		        "%s=%s: expected a whole number from 0 to %u", key, text, most);
	talloc_free(text);
}

struct settings settings_read(const void *ctx, struct index *index, struct problems *problems)
{
	struct settings settings = settings_default;

	read_number(index, "bounce.lock_timeout", 86400, &settings.lock_timeout, problems);
	read_number(index, "bounce.backscatter_after", 3650, &settings.backscatter_after, problems);
	settings.language = index_setting(ctx, index, "bounce.language");
	settings.own = index_own_addresses(ctx, index);
	return settings;
}

bool settings_is_own(const struct settings *settings, const char *from)
{
	char *author = address_list_only(NULL, from);
	bool own = author != NULL && address_list_has(settings->own, author);

	talloc_free(author);
	return own;
}

bool settings_finds_own(const struct settings *settings, const char *text)
{
	char **addresses = address_scan_all(NULL, text);
	bool own = false;
	size_t i;

	for (i = 0; addresses[i] != NULL; i++)
		own = own || address_list_has(settings->own, addresses[i]);
	talloc_free(addresses);
	return own;
}
