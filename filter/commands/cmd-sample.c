/* notmuch bounce sample: makes a copy of a bounce that can be shown to strangers. Addresses, hosts,
 * IPs, ids and names are replaced, each by the same alias everywhere. Of the mail that came back,
 * only the header stays, without its subject. The words of servers and mailers stay, and the
 * domains of well-known providers. Text is decoded, into UTF-8; attachments are empty. */
#include <glib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "knowledge/domains.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/mime.h"
#include "mail/parameter.h"
#include "text/text.h"

/* A shorter name may be a word of the notice, and is not replaced. */
#define NAME_LEAST 4

/* No IP address is longer. */
#define IP_MAX 45

/* What is replaced, and an example of its alias. */
enum alias_kind {
	ALIAS_LOCAL,  /* the part before an @: user1 */
	ALIAS_DOMAIN, /* a domain of the mail's people or servers: d1.example */
	ALIAS_HOST,   /* the part before such a domain: host1 */
	ALIAS_IP,
	ALIAS_NAME, /* a person's name, or a subject, anywhere in the text: Name 1 */
	ALIAS_COUNT,
};

/* A name or subject that is looked for at every place of a text. */
struct name {
	const char *text, *alias;
	size_t length;
	const struct name *beginning; /* the longest other one that it begins with; NULL: none */
};

/* A mail is written twice: the first time only to learn the names of its people and servers. */
struct sampler {
	void *ctx;
	const struct domains *known;
	GHashTable *aliases[ALIAS_COUNT];
	/* the keys of ALIAS_NAME, in the order of strcmp(), once all are learned */
	struct name *names;
	size_t name_count;
	struct mime mime;
	bool learning;
	struct buffer out;
};

/* Returns the alias of KEY; if it has none yet, a new one: BEFORE, the next number of this KIND,
 * and AFTER. */
static const char *alias_of(struct sampler *sampler, enum alias_kind kind, const char *key,
        const char *before, const char *after)
{
	GHashTable *table = sampler->aliases[kind];
	char *known = g_hash_table_lookup(table, key);

	if (known == NULL) {
		known = g_strdup_printf("%s%u%s", before, g_hash_table_size(table) + 1, after);
		g_hash_table_insert(table, g_strdup(key), known);
	}
	return known;
}

static bool is_host_letter(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* Returns the length of the host name at TEXT (labels with dots between them, the last one of
 * letters); 0 if there is none. */
static size_t sample_host_length(const char *text)
{
	size_t length = 0;

	while (is_host_letter(text[length]))
		length++;
	while (length > 0 && !g_ascii_isalnum(text[length - 1]))
		length--;
	size_t last = length;

	while (last > 0 && g_ascii_isalpha(text[last - 1]))
		last--;
	return last > 1 && text[last - 1] == '.' && length - last >= 2 && g_ascii_isalnum(text[0])
	               ? length
	               : 0;
}

/* Returns whether DOMAIN, or one above it, belongs to a well-known provider, so that it tells
 * nothing about the sender. */
static bool is_well_known(const struct sampler *sampler, const char *domain)
{
	static const char *const servers[] = {"google.com", "outlook.com", "yahoodns.net",
	        "amazonses.com", "mimecast.com", "pphosted.com", "ppe-hosted.com",
	        "messagelabs.com", "iphmx.com", "barracudanetworks.com", "spamhaus.org",
	        "sendgrid.net", "mailgun.org", "example", NULL};

	while (!domains_has(sampler->known, domain) && !g_strv_contains(servers, domain)) {
		domain = strchr(domain, '.');
		if (domain == NULL)
			return false;
		domain++;
	}
	return true;
}

/* Learns the name or subject NAME, a long one in pieces, as it is looked for at every place. */
static void learn_name(struct sampler *sampler, const char *name, const char *kind)
{
	for (size_t length; (length = strnlen(name, VALUE_MAX)) >= NAME_LEAST; name += length)
		alias_of(sampler, ALIAS_NAME, talloc_strndup(sampler->ctx, name, length), kind, "");
}

/* Returns the length of what may be an IP address at TEXT. */
static size_t ip_length(const char *text)
{
	size_t length = 0;

	while (length < IP_MAX &&
	        (g_ascii_isxdigit(text[length]) || text[length] == '.' || text[length] == ':'))
		length++;
	while (length > 0 && !g_ascii_isxdigit(text[length - 1]))
		length--;
	return length;
}

/* Returns the alias of the IP address of LENGTH bytes at TEXT; NULL if it is something else. */
static const char *ip_alias(struct sampler *sampler, const char *text, size_t length)
{
	SCOPED char *ip = talloc_strndup(NULL, text, length);
	const char *before = strchr(ip, ':') != NULL ? "2001:db8::" : "192.0.2.";

	return g_hostname_is_ip_address(ip) && strcmp(ip, "127.0.0.1") != 0
	               ? alias_of(sampler, ALIAS_IP, ip, before, "")
	               : NULL;
}

/* Puts the host name of LENGTH bytes, with an alias for its organisation's domain. That domain is
 * learned only if IS_SERVER: the host is a server, or in an address. */
static void sample_put_host(
        struct sampler *sampler, const char *text, size_t length, bool is_server)
{
	char *host = g_ascii_strdown(text, (gssize)length);
	const char *owner = address_organisation(host);

	if (sampler->learning && is_server && strchr(owner, '.') != NULL &&
	        !is_well_known(sampler, owner))
		alias_of(sampler, ALIAS_DOMAIN, owner, "d", ".example");
	const char *known = g_hash_table_lookup(sampler->aliases[ALIAS_DOMAIN], owner);

	if (known == NULL)
		buffer_add(&sampler->out, text, length);
	else if (owner == host)
		buffer_add_string(&sampler->out, known);
	else {
		host[owner - host - 1] = '\0';
		buffer_print(&sampler->out, "%s.%s",
		        alias_of(sampler, ALIAS_HOST, host, "host", ""), known);
	}
	g_free(host);
}

static void sample_put_address(struct sampler *sampler, const char *text, size_t length)
{
	SCOPED char *address = talloc_strndup(NULL, text, length);
	char *sign = strrchr(address, '@');
	bool is_deaf = mailbox_is_deaf(address);

	*sign = '\0';
	buffer_print(&sampler->out, "%s@",
	        is_deaf ? address : alias_of(sampler, ALIAS_LOCAL, address, "user", ""));
	sample_put_host(sampler, sign + 1, strlen(sign + 1), true);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

/* Sorts the names that were learned. In this order the names that a name begins with are before it,
 * the longest one last. */
static void sort_names(struct sampler *sampler)
{
	GHashTable *table = sampler->aliases[ALIAS_NAME];
	struct name *list = array_new(sampler->ctx, struct name, g_hash_table_size(table));
	GHashTableIter iterator;
	gpointer key, value;
	size_t count = 0;

	g_hash_table_iter_init(&iterator, table);
	while (g_hash_table_iter_next(&iterator, &key, &value))
		list[count++] = (struct name){key, value, strlen(key), NULL};
	if (count > 0)
		qsort(list, count, sizeof *list, compare_names);
	for (size_t i = 1; i < count; i++) {
		const struct name *before = &list[i - 1];

		while (before != NULL && strncmp(list[i].text, before->text, before->length) != 0)
			before = before->beginning;
		list[i].beginning = before;
	}
	sampler->names = list;
	sampler->name_count = count;
}

/* Returns the longest known name or subject that TEXT begins with; NULL if there is none. */
static const struct name *name_find(const struct sampler *sampler, const char *text)
{
	size_t low = 0, high = sampler->name_count;

	while (low < high) { /* finds the last name that is not after TEXT */
		size_t middle = low + (high - low) / 2;
		const struct name *name = &sampler->names[middle];

		if (strncmp(name->text, text, name->length) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	const struct name *name = low > 0 ? &sampler->names[low - 1] : NULL;

	while (name != NULL && strncmp(text, name->text, name->length) != 0)
		name = name->beginning;
	return name;
}

/* Puts TEXT with aliases. ARE_SERVERS: the hosts in it are servers. */
static void sample_put_text(struct sampler *sampler, const char *text, bool are_servers)
{
	const char *missed = text;               /* no address begins before this */
	bool at_word = true, is_escaped = false; /* behind a backslash */

	while (*text != '\0') {
		const char *start, *known = NULL;
		/* each quote that may begin an address ends where the next one does */
		bool may_begin = at_word && text >= missed && !(is_escaped && *text == '"');
		size_t length, taken = may_begin ? address_scan(text, &start, &length) : 0,
		               ip = at_word ? ip_length(text) : 0;
		const struct name *name;

		if (may_begin && taken == 0)
			missed = text + address_miss(text);
		if (taken > 0 && memchr(start, '@', length) != NULL) {
			buffer_add(&sampler->out, text, (size_t)(start - text));
			sample_put_address(sampler, start, length);
			buffer_add(&sampler->out, start + length,
			        taken - length - (size_t)(start - text));
		} else if ((name = name_find(sampler, text)) != NULL) {
			buffer_add_string(&sampler->out, name->alias);
			taken = name->length;
		} else if (ip >= 3 && (known = ip_alias(sampler, text, ip)) != NULL) {
			buffer_add_string(&sampler->out, known);
			taken = ip;
		} else if (at_word && (taken = sample_host_length(text)) > 0)
			sample_put_host(sampler, text, taken, are_servers);
		else
			buffer_add(&sampler->out, text, taken = 1);
		text += taken;
		at_word = !is_host_letter(text[-1]);
		is_escaped = text[-1] == '\\';
	}
}

/* Learns the names in FIELD; if RETURNED (it is of the mail that came back), also the subject. */
static void learn_names(
        struct sampler *sampler, const struct header_field *field, const char *value, bool returned)
{
	static const char *const people[] = {"To", "Cc", "Bcc", "Reply-To", "Sender", NULL};

	if (header_field_is_one_of(field, people) || (returned && header_field_is(field, "From"))) {
		SCOPED void *scratch = talloc_new(NULL);
		const char *at = value, *end = value + strlen(value);
		struct mailbox mailbox;

		while (mailbox_next(scratch, &at, end, &mailbox))
			if (!mailbox_is_deaf(mailbox.address))
				learn_name(sampler, mailbox.name, "Name ");
	}
	if (returned && header_field_is(field, "Subject"))
		learn_name(sampler, value, "Subject ");
}

/* Puts HEADER, which is of PART or, if that is NULL, of a mail quoted in a text. RETURNED: that is
 * the mail that came back. Changes the fields about charset and encoding, as text is put in
 * UTF-8. */
static void sample_put_header(
        struct sampler *sampler, struct bytes header, const struct part *part, bool returned)
{
	/* Only these stay of the mail that came back, as others may tell something about people. */
	static const char *const kept[] = {"From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Date",
	        "Message-ID", "In-Reply-To", "References", "Received", "MIME-Version", "Content-*",
	        "Subject", "Return-Path", "Resent-*", "X-Original-To", "Delivered-To",
	        "Auto-Submitted", "Precedence", "X-Failed-Recipients", "List-*", NULL};
	static const char *const hosts[] = {"Received", "Reporting-MTA", "Remote-MTA",
	        "Received-From-MTA", "Message-ID", "Return-Path", NULL};
	const char *at = header.start, *end = header.start + header.length;
	bool is_leaf = part != NULL && part->boundary == NULL && !part_is(part, "message/"),
	     is_single = part != NULL && part->first == NULL;
	struct header_field field;

	while (header_next(&at, end, HEADER_LENIENT, &field)) {
		SCOPED void *scratch = talloc_new(NULL);
		const char *value = decode_words(scratch, header_field_line(scratch, &field));

		if (sampler->learning) {
			learn_names(sampler, &field, value, returned);
			sample_put_text(sampler, value, header_field_is_one_of(&field, hosts));
			continue;
		}
		if ((returned && !header_field_is_one_of(&field, kept)) ||
		        (is_single && header_field_is(&field, "Content-Transfer-Encoding")))
			continue;
		if (is_leaf && header_field_is(&field, "Content-Type"))
			buffer_print(&sampler->out, "Content-Type: %s%s\n", part->type,
			        part_is(part, "text/") ? "; charset=utf-8" : "");
		if (is_leaf && header_field_is(&field, "Content-*")) /* has names of files */
			continue;
		buffer_add(&sampler->out, field.text, field.name_length);
		buffer_add_string(&sampler->out, ": ");
		sample_put_text(sampler, value, false);
		buffer_add_string(&sampler->out, "\n");
	}
	if (is_single && part->encoding != ENCODING_NONE)
		buffer_add_string(&sampler->out, "Content-Transfer-Encoding: 8bit\n");
}

/* Returns where the header of the mail that came back begins in the text of a notice, as mailers
 * without MIME quote it: at three fields in a row that only mails have. The end of TEXT if there is
 * none. */
static const char *quoted_mail(const char *text)
{
	const char *end = text + strlen(text);

	for (const char *line = text, *next; line < end; line = next) {
		const char *newline = strchr(line, '\n'), *at = line;
		struct header_field field;
		size_t count = 0;

		next = newline != NULL ? newline + 1 : end;
		if (header_name_length(line, (size_t)(end - line)) == 0)
			continue;
		while (count < 3 && header_next(&at, end, HEADER_STRICT, &field) &&
		        header_name_is_of_mail(field.text, field.name_length))
			count++;
		if (count == 3)
			return line;
	}
	return end;
}

/* Puts the text of PART, a notice; of a mail that is quoted in it, only the header. */
static void sample_put_notice(struct sampler *sampler, const struct part *part, bool is_status)
{
	struct parameter charset = parameter_read(sampler->ctx, part->content_type, "charset");
	struct bytes bytes =
	        decode_bytes(sampler->ctx, part->body, part->encoding, MAIL_JUDGED_MAX);
	char *text = text_to_utf8(sampler->ctx, bytes.start, bytes.length, charset.value);
	const char *quoted = quoted_mail(text);

	sample_put_text(
	        sampler, talloc_strndup(sampler->ctx, text, (size_t)(quoted - text)), is_status);
	if (*quoted == '\0')
		return;
	sample_put_header(sampler, (struct bytes){quoted, strlen(quoted)}, NULL, true);
	buffer_add_string(&sampler->out, "\n(text removed)\n");
}

/* Puts the boundary at the start of LINE, without what follows it. */
static void sample_put_boundary(struct sampler *sampler, struct bytes line)
{
	if (line.length == 0)
		return;
	const char *text = talloc_strndup(sampler->ctx, line.start, line.length),
	           *dashes = strstr(text, "--");

	if (dashes == NULL)
		return;
	buffer_add(&sampler->out, text, (size_t)(dashes + 2 - text));
	dashes += 2;
	sample_put_text(
	        sampler, talloc_strndup(sampler->ctx, dashes, strcspn(dashes, "\n")), false);
	buffer_add_string(&sampler->out, "\n");
}

/* Puts PART and all its parts. RETURNED: it belongs to the mail that came back. */
static void sample_put_part(struct sampler *sampler, struct part *part, bool returned)
{
	static const char *const headers[] = {
	        "text/rfc822-headers", "message/rfc822-headers", "message/global-headers", NULL};
	static const char *const statuses[] = {"message/delivery-status",
	        "message/global-delivery-status", "message/disposition-notification",
	        "message/feedback-report", NULL};
	static const char *const mails[] = {"message/rfc822", "message/global", NULL};
	bool is_status = g_strv_contains(statuses, part->type), is_root = part->parent == NULL;
	struct part *attached =
	        g_strv_contains(mails, part->type) ? mime_attached(&sampler->mime, part) : NULL;

	sample_put_boundary(sampler, part->lead);
	sample_put_header(sampler, part->header, part, returned);
	buffer_add_string(&sampler->out, "\n");
	if (part->boundary != NULL)
		for (struct part *child = part->first; child != NULL; child = child->next)
			sample_put_part(sampler, child, returned);
	else if (attached != NULL)
		sample_put_part(sampler, attached, true);
	else if (g_strv_contains(headers, part->type))
		sample_put_header(sampler, part->body, NULL, true);
	else if (!returned && (is_status || is_root || part_is(part, "text/")))
		sample_put_notice(sampler, part, is_status);
	else if (part_is(part, "text/"))
		buffer_add_string(&sampler->out, "(text removed)\n");
	sample_put_boundary(sampler, part->tail);
}

/* Returns the sample of a mail of LENGTH BYTES, with *SAMPLE_LENGTH bytes, owned by CTX; NULL if it
 * is not a mail. */
static char *sample_make(const void *ctx, const struct domains *domains, const char *bytes,
        size_t length, size_t *sample_length)
{
	struct sampler sampler = {.ctx = talloc_new(ctx), .known = domains, .learning = true};
	struct message *message;

	if (message_read(sampler.ctx, bytes, length, &message) != STATUS_OK)
		return NULL;
	for (size_t i = 0; i < ALIAS_COUNT; i++)
		sampler.aliases[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	mime_read(sampler.ctx, (struct bytes){message->bytes, message->body},
	        (struct bytes){message->bytes + message->body, message->length - message->body},
	        &sampler.mime);
	sampler.out = buffer_new(sampler.ctx);
	sample_put_part(&sampler, sampler.mime.root, false);
	sampler.out = buffer_new(ctx);
	sampler.learning = false;
	sort_names(&sampler);
	sample_put_part(&sampler, sampler.mime.root, false);
	for (size_t i = 0; i < ALIAS_COUNT; i++)
		g_hash_table_destroy(sampler.aliases[i]);
	talloc_free(sampler.ctx);
	*sample_length = sampler.out.length;
	return buffer_text(&sampler.out);
}

/* Returns whether A and B, the judgements of a mail and its sample, are the same apart from
 * addresses. */
static bool is_same_verdict(const struct judgement *a, const struct judgement *b)
{
	size_t count = a->facts->recipient_count;

	if (a->facts->kind != b->facts->kind || count != b->facts->recipient_count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct recipient *x = &a->facts->recipients[i], *y = &b->facts->recipients[i];

		if (x->action != y->action || (x->address[0] == '\0') != (y->address[0] == '\0'))
			return false;
		if (a->verdicts != NULL &&
		        (a->verdicts[i].reason != b->verdicts[i].reason ||
		                a->verdicts[i].permanent != b->verdicts[i].permanent))
			return false;
	}
	return true;
}

static enum status sample_run(struct call *call)
{
	const void *ctx = call->ctx;
	struct judgement of_mail, of_sample;
	size_t length, sample_length;
	char *bytes, *sample;

	cmd_paths(call->arguments, NULL); /* says what is read */
	enum status status = io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length);

	io_drain(STDIN_FILENO);
	if (status != STATUS_OK)
		return status;
	sample = sample_make(ctx, domains_read(ctx, call->problems), bytes, length, &sample_length);
	if (sample == NULL || judge_mail(ctx, call->judge, bytes, length, &of_mail) != STATUS_OK ||
	        judge_mail(ctx, call->judge, sample, sample_length, &of_sample) != STATUS_OK) {
		cmd_say("sample: %s",
		        cmd_text("this is not a mail: it does not begin with header fields"));
		return STATUS_NOT_MAIL;
	}
	if (!is_same_verdict(&of_mail, &of_sample)) {
		cmd_say("sample: without its names this mail would be judged differently; nothing "
		        "was printed");
		return STATUS_REFUSED;
	}
	cmd_say("sample: addresses, names and your text are replaced; read it before you show it");
	return cmd_print(sample);
}

static const struct option options[] = {NO_OPTION};

const struct command command_sample = {
        .name = "sample",
        .arguments = "< MAIL",
        .options = options,
        .takes_stdin = true,
        .needs = NEEDS_JUDGE,
        .run = sample_run,
};
