#include "judge/recipient.h"

#include <string.h>

#include "base/array.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

const char *const action_names[ACTION_COUNT] = {
        [ACTION_FAILED] = "failed", [ACTION_DELAYED] = "delayed", [ACTION_DELIVERED] = "delivered"};

/* FNV-1a. */
unsigned recipient_hash(const void *address)
{
	unsigned hash = 2166136261u;

	for (const char *at = address; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at)) *
		       16777619u;
	return hash;
}

struct recipient *recipient_find(const struct recipient_list *recipients, const char *address)
{
	unsigned hash = recipient_hash(address);

	for (size_t i = 0; i < recipients->count; i++) {
		struct recipient *recipient = &recipients->list[i];

		if (recipient->hash == hash && address_equal(recipient->address, address))
			return recipient;
	}
	return NULL;
}

struct recipient *recipient_get(
        const void *ctx, struct recipient_list *recipients, const char *address)
{
	struct recipient *recipient = recipient_find(recipients, address);

	if (recipient != NULL)
		return recipient;
	if (recipients->count == RECIPIENTS_MAX) {
		recipients->left_out++;
		return NULL;
	}
	recipient = &array_add(ctx, recipients->list, recipients->count);
	*recipient = (struct recipient){.hash = recipient_hash(address)};
	recipient->address = text_address(ctx, address, strlen(address), ADDRESS_MAX);
	return recipient;
}

void recipient_fill(struct recipient *to, const struct recipient *from)
{
	if (to->original_address == NULL)
		to->original_address = from->original_address;
	if (to->status == NULL)
		to->status = from->status;
	if (to->reply == 0)
		to->reply = from->reply;
	if (to->command == NULL)
		to->command = from->command;
	if (to->remote_mta == NULL)
		to->remote_mta = from->remote_mta;
}

void recipient_add_text(struct recipient *recipient, enum text_source source, const char *text)
{
	size_t at = recipient->text_count;

	for (size_t i = 0; i < recipient->text_count; i++)
		if (strcmp(recipient->texts[i].text, text) == 0)
			return;
	if (text[0] == '\0' || recipient->text_count == RECIPIENT_TEXTS_MAX)
		return;
	for (; at > 0 && recipient->texts[at - 1].source > source; at--)
		recipient->texts[at] = recipient->texts[at - 1];
	recipient->texts[at] = (struct recipient_text){source, text};
	recipient->text_count++;
}

void recipient_set_diagnostic(const void *ctx, struct recipient *recipient, const char *text)
{
	char *diagnostic = diagnostic_clean(ctx, text);

	if (diagnostic[0] == '\0')
		return;
	recipient->diagnostic = diagnostic;
	recipient_add_text(recipient, TEXT_DIAGNOSTIC, diagnostic);
	recipient->diagnostic_status = diagnostic_status(ctx, diagnostic);
	int reply = diagnostic_reply(diagnostic);
	recipient->reply = reply != 0 ? reply : recipient->reply;
	if (recipient->command == NULL)
		recipient->command = diagnostic_command(diagnostic);
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = diagnostic_remote(ctx, diagnostic);
}
