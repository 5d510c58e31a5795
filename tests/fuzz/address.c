/* A value as fields and notices have it; behind a NUL, a second one: the addresses, mailboxes and ids in it. */
#include "mail/address.h"
#include "fuzz.h"
#include "base/limits.h"
#include "base/list.h"
#include "mail/message.h"
#include "text/text.h"

static bool has_controls(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* ADDRESS is one, in one line. */
static void check_listed(const void *ctx, const char *address)
{
	char *domain = address_domain(ctx, address);

	CHECK(strlen(address) <= ADDRESS_MAX && address_is_complete(address) && !has_controls(address));
	CHECK(domain != NULL && domain[strcspn(domain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ@")] == '\0');
}

/* So is one that was found in a text, and it is found again when it stands alone. */
static void check_address(const void *ctx, const char *address)
{
	const char *start;
	size_t length;

	check_listed(ctx, address);
	CHECK(address_scan(address, &start, &length) == strlen(address) && start == address && length == strlen(address));
}

static void check_scan(const char *text)
{
	size_t left = strlen(text), length, taken;
	const char *start;

	for (; left > 0; text++, left--) {
		taken = address_scan(text, &start, &length);
		CHECK(taken <= left);
		CHECK(taken == 0 || (start >= text && length > 0 && start + length <= text + taken));
	}
}

/* The mailboxes of a field are its addresses, in their order (some may be left out), with a name that may be shown. */
static void check_mailboxes(const void *ctx, const char *text, char **list)
{
	const char *end = text + strlen(text), *before = text;
	struct mailbox mailbox;

	while (mailbox_next(ctx, &text, end, &mailbox)) {
		CHECK(text > before && text <= end);
		before = text;
		check_listed(ctx, mailbox.address);
		fuzz_check_shown(mailbox.name);
		CHECK(strpbrk(mailbox.name, "\n@") == NULL && strlen(mailbox.name) <= VALUE_MAX + strlen("…"));
		while (*list != NULL && strcmp(*list, mailbox.address) != 0)
			list++;
		CHECK(*list++ != NULL);
	}
}

static void check_from_field(const void *ctx, const char *text)
{
	char *address = address_from_field(ctx, text, true);

	CHECK(address == NULL || (address[0] != '\0' && strlen(address) <= ADDRESS_MAX + strlen("…")));
	CHECK(address == NULL || (text_is_utf8(address, strlen(address)) && !has_controls(address)));
	address = address_from_field(ctx, text, false);
	CHECK(address == NULL || (address[0] != '\0' && strlen(address) <= ADDRESS_MAX + strlen("…")));
	CHECK(address == NULL || (text_is_utf8(address, strlen(address)) && !has_controls(address)));
}

static void check_id(const void *ctx, const char *text)
{
	char *id = message_id_plain(ctx, text), *again;

	if (id == NULL)
		return;
	CHECK(id[0] != '\0' && strpbrk(id, " \t\r\n>") == NULL);
	again = message_id_plain(ctx, talloc_asprintf(ctx, "<%s>", id));
	CHECK(id[0] == '(' || (again != NULL && strcmp(again, id) == 0));
}

static void check_two(const void *ctx, const char *a, const char *b)
{
	CHECK(address_equal(a, a) && address_equal(a, b) == address_equal(b, a));
	CHECK(!address_equal(a, b) || strcmp(address_digest(ctx, a), address_digest(ctx, b)) == 0);
	CHECK(mailbox_same_name(a, b) == mailbox_same_name(b, a));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	char *text = fuzz_part(ctx, &data, &size), *other = fuzz_part(ctx, &data, &size), **list;
	size_t i;

	check_scan(text);
	check_from_field(ctx, text);
	check_id(ctx, text);
	/* Lists are taken from decoded fields. */
	text = text_to_utf8(ctx, text, strlen(text), NULL);
	other = text_to_utf8(ctx, other, strlen(other), NULL);
	list = address_list(ctx, text);
	CHECK(list != NULL && list_length(list) <= RECIPIENTS_MAX);
	for (i = 0; list[i] != NULL; i++) {
		check_listed(ctx, list[i]);
		CHECK(text_is_utf8(list[i], strlen(list[i])) && address_list_has(list, list[i]));
	}
	if (i < RECIPIENTS_MAX)
		check_mailboxes(ctx, text, list);
	for (list = address_scan_all(ctx, text); *list != NULL; list++)
		check_address(ctx, *list);
	check_two(ctx, text, other);
	talloc_free(ctx);
	return 0;
}
