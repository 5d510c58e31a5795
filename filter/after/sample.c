#include "after/sample.h"

#include <ctype.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "mail/parameter.h"
#include "text/text.h"

/* A name shorter than this may be a word of the notice. */
#define NAME_LEAST 4

/* Names and subjects that are looked for in the text. */
#define NAMES_MAX 100

struct sampler {
	void *ctx;
	const struct domains *known;
	GHashTable *locals;  /* what stands left of an @ → userN */
	GHashTable *domains; /* a domain of the mail's people or servers → dN.example */
	GHashTable *hosts;   /* what stands before such a domain → hostN */
	GHashTable *ips;
	GHashTable *names; /* of people, and subjects → Name N; looked for anywhere */
	struct mime mime;
	struct buffer out;
};

/* What KEY is replaced by: BEFORE, the number of its place in TABLE (where it is put if it is new),
 * and BEHIND. */
static const char *alias(GHashTable *table, const char *key, const char *before, const char *behind)
{
	const char *known = g_hash_table_lookup(table, key);
	char *made;

	if (known != NULL)
		return known;
	made = g_strdup_printf("%s%u%s", before, g_hash_table_size(table) + 1, behind);
	g_hash_table_insert(table, g_strdup(key), made);
	return made;
}

static bool is_host_letter(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* The length of the host name at TEXT (labels with dots between, the last of letters); 0: there is
 * none. */
static size_t host_length(const char *text)
{
	size_t length = 0, last;

	while (is_host_letter(text[length]))
		length++;
	while (length > 0 && !g_ascii_isalnum(text[length - 1]))
		length--;
	for (last = length; last > 0 && g_ascii_isalpha(text[last - 1]); last--)
		continue;
	return last > 1 && text[last - 1] == '.' && length - last >= 2 && g_ascii_isalnum(text[0])
	               ? length
	               : 0;
}

/* Whether DOMAIN, or a domain that it is in, is a provider's whose name says nothing about the
 * sender. */
static bool is_well_known(const struct sampler *sampler, const char *domain)
{
	static const char *const servers[] = {"google.com", "outlook.com", "yahoodns.net",
	        "amazonses.com", "mimecast.com", "pphosted.com", "ppe-hosted.com",
	        "messagelabs.com", "iphmx.com", "barracudanetworks.com", "spamhaus.org",
	        "sendgrid.net", "mailgun.org", NULL};
	size_t i;

	for (; domain != NULL;
	        domain = strchr(domain, '.') != NULL ? strchr(domain, '.') + 1 : NULL) {
		if (domains_has(sampler->known, domain) || g_str_has_suffix(domain, ".example") ||
		        strcmp(domain, "example") == 0)
			return true;
		for (i = 0; servers[i] != NULL; i++)
			if (strcmp(domain, servers[i]) == 0)
				return true;
	}
	return false;
}

/* Learn the host name of LENGTH bytes: what its owner registered gets an alias, as far as that
 * shows. */
static void learn_host(struct sampler *sampler, const char *text, size_t length)
{
	char *host = g_ascii_strdown(text, (gssize)length), *at = host, *dot;
	size_t labels = 1;

	for (dot = host; (dot = strchr(dot, '.')) != NULL; dot++)
		labels++;
	while (labels > 2 && !(labels == 3 && strlen(strrchr(at, '.')) == 3 &&
	                             strlen(strchr(at, '.') + 1) <= strlen("com.xx"))) {
		at = strchr(at, '.') + 1;
		labels--;
	}
	if (labels >= 2 && !is_well_known(sampler, at))
		alias(sampler->domains, at, "d", ".example");
	g_free(host);
}

/* Learn the hosts and, if ADDRESSES_ONLY, of these only those behind an @. */
static void learn_text(struct sampler *sampler, const char *text, bool addresses_only)
{
	bool at_word = true;
	size_t length;

	for (; *text != '\0'; text++) {
		length = at_word && (!addresses_only || text[-1] == '@') ? host_length(text) : 0;
		if (length > 0) {
			learn_host(sampler, text, length);
			text += length - 1;
		}
		at_word = !is_host_letter(*text);
	}
}

static void learn_name(struct sampler *sampler, const char *name, const char *kind)
{
	if (strlen(name) >= NAME_LEAST && g_hash_table_size(sampler->names) < NAMES_MAX)
		alias(sampler->names, name, kind, "");
}

static void learn_names(struct sampler *sampler, const char *value)
{
	struct mailbox mailbox;
	const char *at = value;

	while (mailbox_next(sampler->ctx, &at, &mailbox))
		if (!mailbox_is_deaf(mailbox.address))
			learn_name(sampler, mailbox.name, "Name ");
}

/* Learn what the fields of HEADER name: people, hosts, and of the mail that came back (RETURNED)
 * the subject. */
static void learn_header(struct sampler *sampler, struct bytes header, bool returned)
{
	static const char *const people[] = {"From", "To", "Cc", "Bcc", "Reply-To", "Sender"};
	static const char *const hosts[] = {"Received", "Reporting-MTA", "Remote-MTA",
	        "Received-From-MTA", "Message-ID", "Return-Path", NULL};
	const char *at = header.start, *end = header.start + header.length;
	struct header_field field;
	size_t i;

	while (header_next(&at, end, HEADER_LENIENT, &field)) {
		char *value = decode_words(sampler->ctx, header_field_line(sampler->ctx, &field));
		bool is_host_field = false;

		for (i = 0; hosts[i] != NULL; i++)
			is_host_field = is_host_field || header_field_is(&field, hosts[i]);
		learn_text(sampler, value, !is_host_field);
		for (i = 0; i < sizeof people / sizeof *people; i++)
			if (header_field_is(&field, people[i]) &&
			        (returned || !header_field_is(&field, "From")))
				learn_names(sampler, value);
		if (returned && header_field_is(&field, "Subject"))
			learn_name(sampler, value, "Subject ");
	}
}

/* The alias of the IP address at TEXT, of LENGTH bytes; NULL: it is none. */
static const char *ip_alias(struct sampler *sampler, const char *text, size_t length)
{
	char *ip = g_strndup(text, length);
	const char *known = NULL;

	if (g_hostname_is_ip_address(ip) && strcmp(ip, "127.0.0.1") != 0)
		known = alias(
		        sampler->ips, ip, strchr(ip, ':') != NULL ? "2001:db8::" : "192.0.2.", "");
	g_free(ip);
	return known;
}

static void put_host(struct sampler *sampler, const char *text, size_t length)
{
	char *host = g_ascii_strdown(text, (gssize)length), *at = host;
	const char *known = g_hash_table_lookup(sampler->domains, host);

	while (known == NULL && (at = strchr(at, '.')) != NULL)
		known = g_hash_table_lookup(sampler->domains, ++at);
	if (known != NULL) {
		if (at > host) {
			at[-1] = '\0';
			buffer_print(&sampler->out, "%s.", alias(sampler->hosts, host, "host", ""));
		}
		buffer_add_string(&sampler->out, known);
	} else
		buffer_add(&sampler->out, text, length);
	g_free(host);
}

static void put_address(struct sampler *sampler, const char *text, size_t length)
{
	char *address = talloc_strndup(sampler->ctx, text, length), *sign = strrchr(address, '@');

	if (mailbox_is_deaf(address))
		buffer_add(&sampler->out, address, (size_t)(sign - address));
	else {
		*sign = '\0';
		buffer_add_string(&sampler->out, alias(sampler->locals, address, "user", ""));
	}
	buffer_add_string(&sampler->out, "@");
	put_host(sampler, sign + 1, strlen(sign + 1));
}

/* The length of what a name or subject at TEXT is; *KNOWN is what stands for it. */
static size_t name_length(const struct sampler *sampler, const char *text, const char **known)
{
	GHashTableIter iterator;
	gpointer key, value;
	size_t longest = 0;

	g_hash_table_iter_init(&iterator, sampler->names);
	while (g_hash_table_iter_next(&iterator, &key, &value))
		if (strlen(key) > longest && strncmp(text, key, strlen(key)) == 0) {
			longest = strlen(key);
			*known = value;
		}
	return longest;
}

/* Put TEXT with all that is known in it replaced. */
static void put_text(struct sampler *sampler, const char *text)
{
	bool at_word = true;

	while (*text != '\0') {
		const char *start, *known = NULL;
		size_t length, taken = at_word ? address_scan(text, &start, &length) : 0,
		               ip = at_word ? strspn(text, "0123456789abcdefABCDEF.:") : 0;

		while (ip > 0 && strchr(".:", text[ip - 1]) != NULL)
			ip--;
		if (taken > 0 && memchr(start, '@', length) != NULL) {
			buffer_add(&sampler->out, text, (size_t)(start - text));
			put_address(sampler, start, length);
			buffer_add(&sampler->out, start + length,
			        taken - length - (size_t)(start - text));
		} else if ((taken = name_length(sampler, text, &known)) > 0)
			buffer_add_string(&sampler->out, known);
		else if (ip >= 3 && (known = ip_alias(sampler, text, ip)) != NULL) {
			buffer_add_string(&sampler->out, known);
			taken = ip;
		} else if (at_word && (taken = host_length(text)) > 0)
			put_host(sampler, text, taken);
		else
			buffer_add(&sampler->out, text, taken = 1);
		text += taken;
		at_word = !is_host_letter(text[-1]);
	}
}

/* Fields that say nothing about people and have no free text. Of the mail that came back only these
 * and those with addresses stay. */
static bool is_kept(const struct header_field *field)
{
	static const char *const kept[] = {"From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Date",
	        "Message-ID", "In-Reply-To", "References", "Received", "MIME-Version", "Content-*",
	        "Subject", "Return-Path", "Resent-*", "X-Original-To", "Delivered-To",
	        "Auto-Submitted", "Precedence", "X-Failed-Recipients", "List-*"};
	size_t i;

	for (i = 0; i < sizeof kept / sizeof *kept; i++)
		if (header_field_is(field, kept[i]))
			return true;
	return false;
}

/* HEADER without what tells of people; PART (NULL: none): its text comes out in UTF-8 and without
 * an encoding. */
static void put_header(
        struct sampler *sampler, struct bytes header, const struct part *part, bool returned)
{
	const char *at = header.start, *end = header.start + header.length;
	bool is_leaf = part != NULL && part->boundary == NULL && !part_is(part, "message/");
	struct header_field field;

	while (header_next(&at, end, HEADER_LENIENT, &field)) {
		if (returned && !is_kept(&field))
			continue;
		if (part != NULL && part->first == NULL &&
		        header_field_is(&field, "Content-Transfer-Encoding"))
			continue;
		if (is_leaf && header_field_is(&field, "Content-Type"))
			buffer_print(&sampler->out, "Content-Type: %s%s\n", part->type,
			        part_is(part, "text/") ? "; charset=utf-8" : "");
		if (is_leaf && header_field_is(&field, "Content-*")) /* names of files */
			continue;
		buffer_add(&sampler->out, field.text, field.name_length);
		buffer_add_string(&sampler->out, ": ");
		put_text(sampler,
		        decode_words(sampler->ctx, header_field_line(sampler->ctx, &field)));
		buffer_add_string(&sampler->out, "\n");
	}
	if (part != NULL && part->first == NULL && part->encoding != ENCODING_NONE)
		buffer_add_string(&sampler->out, "Content-Transfer-Encoding: 8bit\n");
}

static char *text_of(struct sampler *sampler, const struct part *part)
{
	struct parameter charset = parameter_read(sampler->ctx, part->content_type, "charset");
	struct bytes bytes =
	        decode_bytes(sampler->ctx, part->body, part->encoding, MAIL_JUDGED_MAX);

	return text_to_utf8(sampler->ctx, bytes.start, bytes.length, charset.value);
}

static bool is_header_part(const struct part *part)
{
	return part_is(part, "text/rfc822-headers") || part_is(part, "message/rfc822-headers") ||
	       part_is(part, "message/global-headers");
}

static bool is_status_part(const struct part *part)
{
	return part_is(part, "message/delivery-status") ||
	       part_is(part, "message/global-delivery-status") ||
	       part_is(part, "message/disposition-notification") ||
	       part_is(part, "message/feedback-report");
}

/* The mail attached as PART; NULL: it is none. */
static struct part *attached_mail(struct sampler *sampler, const struct part *part)
{
	return part_is(part, "message/rfc822") || part_is(part, "message/global")
	               ? mime_attached(&sampler->mime, part)
	               : NULL;
}

/* Where in the text of a notice the header of the mail that came back begins, as mailers without
 * MIME quote it: three fields in a row that only mails have. The end of TEXT if it does not. */
static const char *quoted_mail(const char *text)
{
	const char *end = text + strlen(text), *line = text, *at, *newline;
	struct header_field field;
	size_t count;

	for (; line < end; line = newline != NULL ? newline + 1 : end) {
		newline = strchr(line, '\n');
		if (header_name_length(line, (size_t)(end - line)) == 0)
			continue;
		at = line;
		for (count = 0; count < 3 && header_next(&at, end, HEADER_STRICT, &field); count++)
			if (!header_name_is_of_mail(field.text, field.name_length))
				break;
		if (count == 3)
			return line;
	}
	return end;
}

static bool is_shown(const struct part *part, bool returned)
{
	return !returned &&
	       (part_is(part, "text/") || is_status_part(part) || part->parent == NULL);
}

/* Learn from all parts of the mail ROOT, and of mails in it: RETURNED. */
static void learn_tree(struct sampler *sampler, struct part *root, bool returned)
{
	struct part *part, *attached;

	for (part = root; part != NULL; part = part_next(root, part)) {
		if (part == root)
			learn_header(sampler, part->header, returned);
		if (is_header_part(part))
			learn_header(sampler, part->body, true);
		else if (is_status_part(part))
			learn_text(sampler, text_of(sampler, part), false);
		else if (is_shown(part, returned)) {
			const char *text = text_of(sampler, part), *quoted = quoted_mail(text);

			learn_text(sampler, text, true);
			learn_header(sampler, (struct bytes){quoted, strlen(quoted)}, true);
		}
		if ((attached = attached_mail(sampler, part)) != NULL)
			learn_tree(sampler, attached, true);
	}
}

/* The text of a notice; of a mail quoted in it only the header. */
static void put_notice(struct sampler *sampler, const char *text)
{
	const char *quoted = quoted_mail(text);

	put_text(sampler, talloc_strndup(sampler->ctx, text, (size_t)(quoted - text)));
	if (*quoted == '\0')
		return;
	put_header(sampler, (struct bytes){quoted, strlen(quoted)}, NULL, true);
	buffer_add_string(&sampler->out, "\n(text removed)\n");
}

static void put_tree(struct sampler *sampler, struct part *root, bool returned);

static void put_body(struct sampler *sampler, struct part *part, bool returned)
{
	struct part *attached = attached_mail(sampler, part);

	if (part->boundary != NULL)
		return;
	if (attached != NULL)
		put_tree(sampler, attached, true);
	else if (is_header_part(part))
		put_header(sampler, part->body, NULL, true);
	else if (is_shown(part, returned))
		put_notice(sampler, text_of(sampler, part));
	else if (part_is(part, "text/"))
		buffer_add_string(&sampler->out, "(text removed)\n");
}

static void put_bytes(struct buffer *out, struct bytes bytes)
{
	buffer_add(out, bytes.start, bytes.length);
}

static void put_tree(struct sampler *sampler, struct part *root, bool returned)
{
	struct part *part = root;

	put_bytes(&sampler->out, part->lead);
	put_header(sampler, part->header, part, returned && part->depth == root->depth);
	buffer_add_string(&sampler->out, "\n");
	put_body(sampler, part, returned);
	for (part = root->first; part != NULL; part = part->next)
		put_tree(sampler, part, returned);
	put_bytes(&sampler->out, root->tail);
}

struct sample sample_make(
        const void *ctx, const struct domains *domains, const char *bytes, size_t length)
{
	struct sampler sampler = {.ctx = talloc_new(ctx), .known = domains, .out = buffer_new(ctx)};
	struct message *message;
	GHashTable **tables[] = {
	        &sampler.locals, &sampler.domains, &sampler.hosts, &sampler.ips, &sampler.names};
	size_t i;

	if (message_read(sampler.ctx, bytes, length, &message) != STATUS_OK)
		return (struct sample){NULL, 0};
	for (i = 0; i < sizeof tables / sizeof *tables; i++)
		*tables[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	mime_read(sampler.ctx, (struct bytes){message->bytes, message->body},
	        (struct bytes){message->bytes + message->body, message->length - message->body},
	        &sampler.mime);
	learn_tree(&sampler, sampler.mime.root, false);
	put_tree(&sampler, sampler.mime.root, false);
	for (i = 0; i < sizeof tables / sizeof *tables; i++)
		g_hash_table_destroy(*tables[i]);
	talloc_free(sampler.ctx);
	return (struct sample){buffer_text(&sampler.out), sampler.out.length};
}
