#include "judge/mentions.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/recipient.h"
#include "mail/address.h"
#include "text/text.h"

/* Addresses of the returned mail whose local part alone is looked for. */
#define BARE_MAX 50

#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static guint key_hash(gconstpointer address)
{
	return recipient_hash(address);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	return address_equal(a, b);
}

static unsigned roles_of(const struct mentions *mentions, const char *address)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(mentions->roles, address));
}

/* ADDRESS becomes that of MENTIONS. */
static void role_add(struct mentions *mentions, char *address, unsigned role)
{
	unsigned roles = roles_of(mentions, address);

	g_hash_table_insert(mentions->roles, address, GUINT_TO_POINTER(roles | role));
	if (roles != 0)
		talloc_free(address); /* it was there already */
}

size_t mentions_next(const char *text, const char **start, size_t *length)
{
	const char *at = text, *sign = strchr(text, '@');
	size_t taken;

	while (sign != NULL) {
		taken = address_scan(at, start, length);
		if (taken > 0)
			return (size_t)(at + taken - text);
		if (strncasecmp(at, "http://", 7) == 0 || strncasecmp(at, "https://", 8) == 0)
			at += strcspn(at, " \t<>\"");
		else if ((unsigned char)*at >= 0x80)
			while ((unsigned char)*at >= 0x80)
				at++;
		else
			at += g_ascii_isalnum(*at) ? strspn(at, NAME_BYTES) : 1;
		if (at > sign)
			sign = strchr(at, '@');
	}
	return 0;
}

/* Give all addresses in VALUE, a field, the ROLE. */
static void roles_from(struct mentions *mentions, const char *value, unsigned role)
{
	const char *start;
	size_t length, n;

	for (; value != NULL && role != 0 && (n = mentions_next(value, &start, &length)) > 0;
	        value += n)
		role_add(mentions, talloc_strndup(mentions, start, length), role);
}

/* VERP: the recipient within the address that the notice came to,
 * `list-bounces+name=example.net@example.org`. */
static void roles_from_verp(struct mentions *mentions, const char *value)
{
	const char *equals = value != NULL ? strchr(value, '=') : NULL,
	           *at = equals != NULL ? strchr(equals, '@') : NULL, *start;
	char *address;

	if (at == NULL || memchr(equals, '.', (size_t)(at - equals)) == NULL)
		return;
	for (start = equals; start > value && strchr("+<- \t", start[-1]) == NULL; start--)
		continue;
	address = talloc_asprintf(mentions, "%.*s@%.*s", (int)(equals - start), start,
	        (int)(at - equals - 1), equals + 1);
	roles_from(mentions, address, ROLE_ADDRESSED);
	talloc_free(address);
}

/* What fields say of the addresses in them: in the returned mail, and in the notice; 0: nothing. */
static const struct {
	const char *name;
	unsigned returned, notice;
} role_fields[] = {
        {"To", ROLE_ADDRESSED, ROLE_READER},
        {"Cc", ROLE_ADDRESSED, ROLE_OTHER},
        {"Bcc", ROLE_ADDRESSED, 0},
        {"Resent-To", ROLE_ADDRESSED, 0},
        {"Resent-Cc", ROLE_ADDRESSED, 0},
        {"Resent-Bcc", ROLE_ADDRESSED, 0},
        {"Apparently-To", ROLE_ADDRESSED, 0},
        {"X-Original-To", ROLE_ADDRESSED, ROLE_OTHER},
        {"X-Envelope-To", ROLE_ADDRESSED, 0},
        {"Envelope-To", ROLE_ADDRESSED, 0},
        {"X-Rcpt-To", ROLE_ADDRESSED, 0},
        {"Delivered-To", 0, ROLE_READER},
        {"X-Failed-Recipients", 0, ROLE_FAILED},
        {"X-Failed-Recipient", 0, ROLE_FAILED},
        {"From", ROLE_OTHER, ROLE_OTHER},
        {"Sender", ROLE_OTHER, ROLE_OTHER},
        {"Reply-To", ROLE_OTHER, ROLE_OTHER},
        {"Return-Path", ROLE_OTHER, ROLE_OTHER},
        {"Resent-From", ROLE_OTHER, 0},
        {"Errors-To", ROLE_OTHER, 0},
        {"X-Envelope-From", ROLE_OTHER, 0},
        {"Message-ID", ROLE_OTHER, ROLE_OTHER}, /* it looks like one */
        {"In-Reply-To", ROLE_OTHER, ROLE_OTHER},
        {"References", ROLE_OTHER, ROLE_OTHER},
};

/* Give the addresses in FIELD, of the returned mail, their role. */
static void roles_from_field(struct mentions *mentions, const struct field *field)
{
	size_t i;

	for (i = 0; i < sizeof role_fields / sizeof *role_fields; i++)
		if (strcasecmp(field->name, role_fields[i].name) == 0)
			roles_from(mentions, field->value, role_fields[i].returned);
}

/* The address in the `for` of a Received field, RFC 5321 section 4.4. */
static void roles_from_received(struct mentions *mentions, const struct field *field)
{
	const char *clause =
	        strcasecmp(field->name, "Received") == 0 ? strstr(field->value, " for ") : NULL;

	if (clause != NULL)
		roles_from(mentions,
		        talloc_strndup(mentions, clause + 5, strcspn(clause + 5, " ;")),
		        ROLE_ADDRESSED);
}

/* An address in the notice's subject, unless it is the reader's own. */
static void roles_from_subject(struct mentions *mentions)
{
	char *subject = message_header(mentions, mentions->source->message, "Subject"), *address;
	const char *start;
	size_t length;

	if (subject == NULL || mentions_next(subject, &start, &length) == 0)
		return;
	address = talloc_strndup(mentions, start, length);
	if (roles_of(mentions, address) == 0)
		role_add(mentions, address, ROLE_ADDRESSED);
}

static void roles_gather(struct mentions *mentions)
{
	const struct mentions_source *source = mentions->source;
	const struct fields *header = &source->message->header, *returned = source->returned;
	size_t i;

	for (i = 0; i < returned->count; i++) {
		roles_from_field(mentions, &returned->list[i]);
		roles_from_received(mentions, &returned->list[i]);
	}
	for (i = 0; i < source->group_count; i++) {
		roles_from(
		        mentions, fields_value(&source->groups[i], "Final-Recipient"), ROLE_FAILED);
		roles_from(mentions, fields_value(&source->groups[i], "Original-Recipient"),
		        ROLE_FAILED);
	}
	for (i = 0; i < sizeof role_fields / sizeof *role_fields; i++)
		roles_from(
		        mentions, fields_value(header, role_fields[i].name), role_fields[i].notice);
	roles_from_verp(mentions, fields_value(returned, "Return-Path"));
	roles_from_verp(mentions, fields_value(header, "To"));
	roles_from_verp(mentions, fields_value(header, "Delivered-To"));
	roles_from_subject(mentions);
}

/* Whether nobody's mailbox is called so: who reports, and who helps. */
static bool is_office(const char *address)
{
	static const char *const offices[] = {"postmaster", "mailer-daemon", "abuse", "support",
	        "helpdesk", "help", "hostmaster", "webmaster", "noreply", "no-reply", "security",
	        "servicedesk", "service-desk", "mailadmin", "removeme", "unblock", "delist"};
	size_t length = strcspn(address, "@"), i;

	for (i = 0; i < sizeof offices / sizeof *offices; i++)
		if (strlen(offices[i]) == length && strncasecmp(address, offices[i], length) == 0)
			return true;
	return false;
}

/* The bytes of a bullet, bracket, quote, arrow, digit or address type (`SMTP:`) at TEXT; 0:
 * something else stands there. */
static size_t lead_length(const char *text)
{
	static const char *const leads[] = {"smtp:", "rfc822;",
	        "rfc822:", "mailto:", "\xe2\x80\xa2", "\xe3\x83\xbb", "\xc2\xb7"};
	size_t i;

	for (i = 0; i < sizeof leads / sizeof *leads; i++)
		if (strncasecmp(text, leads[i], strlen(leads[i])) == 0)
			return strlen(leads[i]);
	return (unsigned char)*text < 0x80 && !g_ascii_isalpha(*text);
}

/* Whether nothing but such signs stands between LINE and START. */
static bool is_head(const char *line, const char *start)
{
	size_t n;

	while (line < start && (n = lead_length(line)) > 0)
		line += n;
	return line >= start;
}

static enum mention_place place_of(struct mentions *mentions, size_t number, const char *start)
{
	const struct mentions_source *source = mentions->source;
	const char *line = source->notice->lines[number].text, *said = diagnostic_client_said(line);
	enum mention_place place = PLACE_WITHIN;
	char *before;

	if (said != NULL)
		return strncasecmp(said, "RCPT", 4) == 0 ? PLACE_SESSION : PLACE_OTHER;
	before = text_fold(mentions, line, (size_t)(start - line));
	if (format_words_in(source->words.format, WORDS_ORIGIN, source->words.hits, before))
		place = PLACE_ORIGIN;
	else if (is_head(line, start))
		place = PLACE_HEAD;
	else if (diagnostic_begins(line))
		place = PLACE_REPLY;
	else if (format_words_in(source->words.format, WORDS_OTHER, source->words.hits, before))
		place = PLACE_OTHER;
	else if (format_words_in(source->words.format, WORDS_ABOUT, source->words.hits, before))
		place = PLACE_LABEL;
	talloc_free(before);
	return place;
}

/* Add that line NUMBER names ADDRESS at START. */
static void mention_add(struct mentions *mentions, size_t number, char *address, const char *start,
        const char *behind)
{
	struct mention mention = {address, number, behind, place_of(mentions, number, start),
	        roles_of(mentions, address)};

	if (mentions->count == 2 * RECIPIENTS_MAX)
		return;
	/* That the reader's own address failed is believed only of a mail that he sent to himself,
	 * and that came back. */
	if ((mention.roles & ROLE_READER) && !(mention.roles & ROLE_FAILED) &&
	        !mentions->has_returned)
		mention.roles = ROLE_OTHER | ROLE_READER;
	else if (mention.roles & (ROLE_ADDRESSED | ROLE_FAILED))
		mention.roles &= ~(unsigned)ROLE_OTHER;
	else if (is_office(address))
		mention.roles |= ROLE_OTHER;
	mentions->list = array_grow(mentions, mentions->list, struct mention, mentions->count);
	mentions->list[mentions->count++] = mention;
}

/* X.400 gateways write `…;dda:SMTP=name(a)example.net;`, or with an @. Whether LINE does. */
static bool mention_x400(struct mentions *mentions, size_t number, const char *line)
{
	const char *at = strcasestr(line, "SMTP="), *sign, *start;
	size_t length = at != NULL ? strcspn(at, "; /") : 0, size;
	char *address;

	if (length < 8)
		return false;
	address = talloc_strndup(mentions, at + 5, length - 5);
	sign = strstr(address, "(a)");
	if (sign != NULL)
		address = talloc_asprintf(
		        mentions, "%.*s@%s", (int)(sign - address), address, sign + 3);
	if (address_scan(address, &start, &size) == 0)
		return false;
	mention_add(mentions, number, talloc_strndup(mentions, start, size), line, at + length);
	return true;
}

/* Lines that quote another mail, and what stands below a signature's mark, name nobody. */
static void mentions_find_addresses(struct mentions *mentions)
{
	const struct notice *notice = mentions->source->notice;
	const char *start;
	size_t i, length, n;

	for (i = mentions->from; i < mentions->end; i++) {
		const char *line = notice->lines[i].text;

		if (strcmp(notice->lines[i].raw, "-- ") == 0)
			break;
		if (line[0] == '>' && strncmp(line, ">>>", 3) != 0)
			continue;
		if (strchr(line, '=') != NULL && mention_x400(mentions, i, line))
			continue;
		for (; (n = mentions_next(line, &start, &length)) > 0; line += n)
			mention_add(mentions, i, text_address(mentions, start, length, ADDRESS_MAX),
			        start, line + n);
	}
}

/* Where the word of LENGTH bytes stands alone in LINE, as a name does: at its start, in quotes or
 * brackets. NULL: nowhere. */
static const char *bare_find(const char *line, const char *word, size_t length)
{
	const char *at;

	for (at = line; (at = strcasestr(at, word)) != NULL; at++) {
		bool begins = at == line || strchr("<\"'(`[", at[-1]) != NULL;

		if ((begins || at[-1] == ' ') &&
		        strchr(begins ? " >\"'):,.]" : ">\"'):,.]", at[length]) != NULL)
			return at;
	}
	return NULL;
}

/* The local part of an address that the mail went to. */
static void mentions_find_bare(struct mentions *mentions)
{
	const struct notice *notice = mentions->source->notice;
	GHashTableIter iterator;
	gpointer key, value;
	size_t tried = 0, i;

	g_hash_table_iter_init(&iterator, mentions->roles);
	while (tried < BARE_MAX && g_hash_table_iter_next(&iterator, &key, &value)) {
		char *local = talloc_strndup(mentions, key, strcspn(key, "@"));
		const char *at = NULL;

		if (!(GPOINTER_TO_UINT(value) & (ROLE_ADDRESSED | ROLE_FAILED)) ||
		        strlen(local) < 2)
			continue;
		tried++;
		for (i = mentions->from; at == NULL && i < mentions->end; i++) {
			at = bare_find(notice->lines[i].text, local, strlen(local));
			if (at != NULL)
				mention_add(mentions, i, talloc_strdup(mentions, key), at,
				        at + strlen(local));
		}
	}
}

/* The domain of the program that reports: AOL and VMS name mailboxes by what stands left of the
 * @. */
static char *reporter_domain(const struct mentions *mentions)
{
	char *from = message_header(mentions, mentions->source->message, "From");
	const char *start;
	size_t length;

	if (from == NULL || mentions_next(from, &start, &length) == 0)
		return NULL;
	return address_domain(mentions, talloc_strndup(mentions, start, length));
}

/* Lines of one word behind one that ends with a colon. */
static void mentions_find_names(struct mentions *mentions)
{
	const struct notice *notice = mentions->source->notice;
	char *domain = reporter_domain(mentions);
	bool is_list = false;
	size_t i;

	for (i = mentions->from; domain != NULL && i < mentions->end; i++) {
		const char *line = notice->lines[i].text;
		size_t length = strspn(line, NAME_BYTES);

		if (is_list && length > 1 && (line[length] == '\0' || line[length] == ':') &&
		        strncmp(line + length, "://", 3) != 0)
			mention_add(mentions, i,
			        talloc_asprintf(mentions, "%.*s@%s", (int)length, line, domain),
			        line, line + length);
		else if (line[0] != '\0')
			is_list = line[strlen(line) - 1] == ':';
	}
}

bool mention_may_fail(const struct mention *mention, enum mention_place place, unsigned roles)
{
	bool is_other = (mention->roles & ROLE_OTHER) ||
	                ((mention->roles & ROLE_READER) &&
	                        !(mention->roles & (ROLE_ADDRESSED | ROLE_FAILED)));

	return !is_other && mention->place >= place && (roles == 0 || (mention->roles & roles));
}

static bool any_may_fail(const struct mentions *mentions, enum mention_place place, unsigned roles)
{
	size_t i;

	for (i = 0; i < mentions->count; i++)
		if (mention_may_fail(&mentions->list[i], place, roles))
			return true;
	return false;
}

static int mentions_free(struct mentions *mentions)
{
	g_hash_table_destroy(mentions->roles);
	return 0;
}

struct mentions *mentions_find(
        const void *ctx, const struct mentions_source *source, size_t from, size_t end)
{
	struct mentions *mentions = talloc_zero(ctx, struct mentions);

	mentions->source = source;
	mentions->from = from;
	mentions->end = end;
	mentions->has_returned = fields_value(source->returned, "Message-ID") != NULL ||
	                         fields_value(source->returned, "Received") != NULL;
	mentions->roles = g_hash_table_new(key_hash, key_equal);
	talloc_set_destructor(mentions, mentions_free);
	roles_gather(mentions);
	mentions_find_addresses(mentions);
	if (!any_may_fail(mentions, PLACE_REPLY, ROLE_ADDRESSED | ROLE_FAILED) &&
	        !any_may_fail(mentions, PLACE_HEAD, 0))
		mentions_find_bare(mentions);
	if (!any_may_fail(mentions, PLACE_REPLY, 0))
		mentions_find_names(mentions);
	return mentions;
}

const char *mentions_only(const struct mentions *mentions, enum role role)
{
	const char *only = NULL;
	GHashTableIter iterator;
	gpointer key, value;

	g_hash_table_iter_init(&iterator, mentions->roles);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		if (!(GPOINTER_TO_UINT(value) & (unsigned)role))
			continue;
		if (only != NULL)
			return NULL;
		only = key;
	}
	return only;
}
