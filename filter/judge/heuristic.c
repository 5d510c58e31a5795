#include "judge/heuristic.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

/* The most addresses that headers give a role. */
#define ROLES_MAX (4 * RECIPIENTS_MAX)

/* The most recipients of the returned mail that are searched for by their local part alone. */
#define BARE_MAX 50

/* The most other mentions of one recipient that are read. */
#define MENTIONS_READ_MAX 3

/* A mail may have been forwarded from one address to another if they are named at most so many
 * lines apart. */
#define LINK_LINES 2

/* So many bytes behind an address, five East Asian characters, may have the word that says what it
 * is: `X 宛` is "to X". */
#define BEHIND_BYTES 15

/* The longest line that can be about the address above it alone, as `Status: delivered` is. */
#define STATE_MAX 40

#define NAME_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* What headers, and the lines of the notice, say about an address: bits. */
enum role {
	ROLE_ADDRESSED = 1,   /* the returned mail was sent to it */
	ROLE_FAILED = 2,      /* X-Failed-Recipients or a delivery status names it */
	ROLE_OTHER = 4,       /* a sender's, the reporter's, or an office's such as postmaster */
	ROLE_READER = 8,      /* the notice was sent to it */
	ROLE_REACHED = 16,    /* the notice says that the mail was delivered to it */
	ROLE_ORIGIN = 32,     /* the notice says that the mail was forwarded from it */
	ROLE_WRITER = 64,     /* the notice is from it: from a list, or from the recipient */
	ROLE_UNREACHED = 128, /* a line that begins with it says that the mail was not delivered */
	ROLE_AUTHOR = 256,    /* the returned mail is from it */
	ROLE_MEANT = ROLE_ADDRESSED | ROLE_FAILED,
};

/* Where in its line an address stands: the later in this list, the surer it is that it failed. */
enum place {
	PLACE_ORIGIN,  /* the mail was forwarded from it to the address before or after */
	PLACE_OTHER,   /* beside words for somebody else, such as `Sender:` */
	PLACE_REPLY,   /* within a server's reply */
	PLACE_FIELD,   /* in a header field of the returned mail that the notice repeats */
	PLACE_WITHIN,  /* anywhere else */
	PLACE_LABEL,   /* after a word such as `Recipient:` */
	PLACE_HEAD,    /* at the beginning */
	PLACE_SESSION, /* in the RCPT TO of an SMTP session that the notice shows */
};

/* A place in the notice that names an address. */
struct mention {
	const char *address;
	size_t line;
	const char *after;  /* the rest of the line */
	const char *origin; /* the address that forwarded the mail to this one; NULL: none */
	enum place place;
	unsigned roles;
	size_t owner; /* the index of the recipient that it names + 1; 0: it names none */
};

/* What the notice says about a recipient. NULL: nothing. */
struct remark {
	const struct mention *best; /* its mention at the surest place */
	char *paragraph;            /* the words beside the address */
	char *diagnostic;           /* the server's reply, or what the notice gives as the reason */
	char *transcript;           /* what servers answered in a session that the notice shows */
	const char *command;        /* the command that was answered */
	char *remote;               /* the server that answered */
};

/* The state of reading a notice. */
struct inference {
	const struct heuristic_source *source;
	const struct notice_line *lines;
	size_t end;     /* of the lines that are read */
	bool *is_reply; /* for each line: it has a reply code, or begins with any code */
	GHashTable *roles;
	bool has_returned; /* the header of the mail came back, not only words about it */
	struct mention *mentions;
	size_t mention_count;
	bool has_head; /* a recipient that may have failed stands at the head of a line */
	struct heuristic *result; /* owns everything */
	struct remark *remarks;   /* one for each recipient */
};

/* Finds the next address in TEXT, *LENGTH bytes at *START. Returns how many bytes of TEXT there are
 * up to its end; 0 if there is none. Linear. */
static size_t address_find_next(const char *text, const char **start, size_t *length)
{
	const char *at = text, *missed = text, *sign = strchr(text, '@');

	while (sign != NULL) {
		size_t taken = at >= missed ? address_scan(at, start, length) : 0;

		if (taken > 0)
			return (size_t)(at + taken - text);
		if (at >= missed)
			missed = at + address_miss(at);
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

static unsigned roles_of(const struct inference *in, const char *address)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(in->roles, address));
}

/* Gives ADDRESS one more ROLE. */
static void role_add(struct inference *in, const char *address, unsigned role)
{
	unsigned roles = roles_of(in, address);

	if ((roles | role) != roles)
		g_hash_table_insert(in->roles,
		        roles != 0 ? (void *)address : talloc_strdup(in->result, address),
		        GUINT_TO_POINTER(roles | role));
}

/* Gives ROLE to all addresses in the field VALUE (NULL: absent), while fewer than ROLES_MAX have
 * one. */
static void roles_add(struct inference *in, const char *value, unsigned role)
{
	const char *start;
	size_t length, n;

	for (; value != NULL && role != 0 && (n = address_find_next(value, &start, &length)) > 0 &&
	        g_hash_table_size(in->roles) < ROLES_MAX;
	        value += n) {
		char address[ADDRESS_MAX + 1];

		memcpy(address, start, length);
		address[length] = '\0';
		role_add(in, address, role);
	}
}

/* Gives ROLE_ADDRESSED to the recipient that VERP put into the address that the notice came to,
 * `list-bounces+name=example.net@example.org`. */
static void roles_add_verp(struct inference *in, const char *value)
{
	const char *equals = value != NULL ? strchr(value, '=') : NULL,
	           *at = equals != NULL ? strchr(equals, '@') : NULL, *start = equals;

	if (at == NULL || memchr(equals, '.', (size_t)(at - equals)) == NULL)
		return;
	while (start > value && strchr("+<- \t", start[-1]) == NULL)
		start--;
	roles_add(in,
	        talloc_asprintf(in->result, "%.*s@%.*s", (int)(equals - start), start,
	                (int)(at - equals - 1), equals + 1),
	        ROLE_ADDRESSED);
}

/* The role that a field gives to the addresses in it, in the returned mail and in the notice; 0:
 * none. */
static const struct {
	const char *name;
	size_t length;
	unsigned returned, notice;
} role_fields[] = {
        {COUNTED("To"), ROLE_ADDRESSED, ROLE_READER},
        {COUNTED("Cc"), ROLE_ADDRESSED, ROLE_OTHER},
        {COUNTED("X-Original-To"), ROLE_ADDRESSED, ROLE_OTHER},
        {COUNTED("Bcc"), ROLE_ADDRESSED, 0},
        {COUNTED("Resent-To"), ROLE_ADDRESSED, 0},
        {COUNTED("Resent-Cc"), ROLE_ADDRESSED, 0},
        {COUNTED("Resent-Bcc"), ROLE_ADDRESSED, 0},
        {COUNTED("Apparently-To"), ROLE_ADDRESSED, 0},
        {COUNTED("X-Envelope-To"), ROLE_ADDRESSED, 0},
        {COUNTED("Envelope-To"), ROLE_ADDRESSED, 0},
        {COUNTED("X-Rcpt-To"), ROLE_ADDRESSED, 0},
        {COUNTED("Delivered-To"), 0, ROLE_READER},
        {COUNTED("X-Failed-Recipients"), 0, ROLE_FAILED},
        {COUNTED("X-Failed-Recipient"), 0, ROLE_FAILED},
        /* of a delivery status */
        {COUNTED("Final-Recipient"), ROLE_FAILED, 0},
        {COUNTED("Original-Recipient"), ROLE_FAILED, 0},
        {COUNTED("From"), ROLE_OTHER | ROLE_AUTHOR, ROLE_OTHER | ROLE_WRITER},
        {COUNTED("Sender"), ROLE_OTHER | ROLE_AUTHOR, ROLE_OTHER},
        {COUNTED("Return-Path"), ROLE_OTHER | ROLE_AUTHOR, ROLE_OTHER},
        {COUNTED("Reply-To"), ROLE_OTHER, ROLE_OTHER},
        /* ids look like addresses */
        {COUNTED("Message-ID"), ROLE_OTHER, ROLE_OTHER},
        {COUNTED("In-Reply-To"), ROLE_OTHER, ROLE_OTHER},
        {COUNTED("References"), ROLE_OTHER, ROLE_OTHER},
        {COUNTED("Resent-From"), ROLE_OTHER, 0},
        {COUNTED("Errors-To"), ROLE_OTHER, 0},
        {COUNTED("X-Envelope-From"), ROLE_OTHER, 0},
};

/* Returns the role that FIELD gives. */
static unsigned role_of(const struct field *field, bool is_returned)
{
	for (size_t i = 0; i < G_N_ELEMENTS(role_fields); i++)
		if (field->name_length == role_fields[i].length &&
		        strcasecmp(field->name, role_fields[i].name) == 0)
			return is_returned ? role_fields[i].returned : role_fields[i].notice;
	return 0;
}

/* Of fields with the same name in the notice's own header, only the first counts. */
static void roles_add_header(struct inference *in, const struct fields *header, bool is_returned)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct field *field = &header->list[i];
		const char *value = field->value;
		unsigned role = role_of(field, is_returned);

		if (is_returned && strcasecmp(field->name, "Received") == 0 &&
		        (value = strstr(value, " for ")) != NULL) { /* RFC 5321 section 4.4 */
			value = talloc_strndup(in->result, value + 5, strcspn(value + 5, " ;"));
			role = ROLE_ADDRESSED;
		}
		if (role != 0 && (is_returned || fields_value(header, field->name) == field->value))
			roles_add(in, value, role);
	}
}

static void roles_gather(struct inference *in)
{
	const struct heuristic_source *source = in->source;
	const struct fields *header = &source->message->header;
	char *subject = message_header(in->result, source->message, "Subject");
	const char *start;
	size_t length;

	roles_add_header(in, source->returned, true);
	for (size_t i = 0; i < source->group_count; i++)
		roles_add_header(in, &source->groups[i], true);
	roles_add_header(in, header, false);
	roles_add_verp(in, fields_value(source->returned, "Return-Path"));
	roles_add_verp(in, fields_value(header, "To"));
	roles_add_verp(in, fields_value(header, "Delivered-To"));
	/* An address in the subject, unless a header names it. */
	if (subject != NULL && address_find_next(subject, &start, &length) > 0) {
		char *address = talloc_strndup(in->result, start, length);

		if (roles_of(in, address) == 0)
			roles_add(in, address, ROLE_ADDRESSED);
	}
}

/* Returns the only address in the headers that has all of ROLES; NULL if none or several have. */
static const char *roles_only(const struct inference *in, unsigned roles)
{
	const char *only = NULL;
	GHashTableIter iterator;
	gpointer key, value;

	g_hash_table_iter_init(&iterator, in->roles);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		if ((GPOINTER_TO_UINT(value) & roles) != roles)
			continue;
		if (only != NULL)
			return NULL;
		only = key;
	}
	return only;
}

/* Returns whether ADDRESS is that of an office that reports or helps (postmaster, support), not a
 * person's. */
static bool is_office(const char *address)
{
	static const char *const offices[] = {"postmaster@*", "mailer-daemon@*", "abuse@*",
	        "support@*", "helpdesk@*", "help@*", "hostmaster@*", "webmaster@*", "noreply@*",
	        "no-reply@*", "security@*", "servicedesk@*", "service-desk@*", "mailadmin@*",
	        "removeme@*", "unblock@*", "delist@*", /* of lists: */ "*-owner@*", "*-bounces@*",
	        "*-request@*", "*-admin@*", "*-help@*"};

	for (size_t i = 0; i < G_N_ELEMENTS(offices); i++)
		if (text_glob(offices[i], address))
			return true;
	return false;
}

/* Returns whether only bullets, brackets, quotes, arrows, digits and address types (`SMTP:`) stand
 * between LINE and START. */
static bool is_head(const char *line, const char *start)
{
	static const char *const leads[] = {"smtp:", "rfc822;", "no.",
	        "rfc822:", "mailto:", "\xe2\x80\xa2", "\xe3\x83\xbb", "\xc2\xb7"};

	while (line < start) {
		size_t n = 0;

		for (size_t i = 0; n == 0 && i < G_N_ELEMENTS(leads); i++)
			if (strncasecmp(line, leads[i], strlen(leads[i])) == 0)
				n = strlen(leads[i]);
		if (n == 0 && ((unsigned char)*line >= 0x80 || g_ascii_isalpha(*line)))
			return false;
		line += n > 0 ? n : 1;
	}
	return true;
}

/* Returns whether LENGTH bytes of TEXT have one of the words for USE. */
static bool has_words(
        const struct inference *in, enum words_for use, const char *text, size_t length)
{
	return format_words_in_line(&in->source->words, use, text, length);
}

static bool line_has(const struct inference *in, enum words_for use, size_t number)
{
	const char *line = in->lines[number].text;

	return has_words(in, use, line, strlen(line));
}

/* Returns whether words for USE begin AFTER, what follows an address: languages that mark whom they
 * speak of behind the name, `X 宛`, `X から`. */
static bool is_followed_by(const struct inference *in, const char *after, enum words_for use)
{
	after += strspn(after, " >)]}\"'");
	if (strspn(after, ":,;.") > 0 || g_str_has_prefix(after, WIDE_COLON))
		return false;
	return has_words(in, use, after, strnlen(after, BEHIND_BYTES));
}

/* Returns whether what stands between two addresses, FROM up to START, leads from somebody else to
 * the one that the mail went to: `from a@b to c@d`. */
static bool leads_to(const struct inference *in, const char *from, const char *start)
{
	static const char *const words[] = {"to", "an", "\xc3\xa0", "a", "para", "per", "till",
	        "til", "aan", "naar", "do", "pro", "ke", "\xd0\xb4\xd0\xbb\xd1\x8f",
	        "\xd0\xbd\xd0\xb0"};
	size_t length;

	from += strspn(from, " >)]}\"',");
	while (start > from && strchr(" <([\"'", start[-1]) != NULL)
		start--;
	length = start > from ? (size_t)(start - from) : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strlen(words[i]) == length && strncasecmp(from, words[i], length) == 0)
			return true;
	return has_words(in, WORDS_ABOUT, from, length) &&
	       !has_words(in, WORDS_OTHER, from, length);
}

/* Returns where in LINE the address at START stands; AFTER is the rest of LINE, LAST what follows
 * an address before it, or NULL. If there is nothing but a name before it, it stands at the
 * beginning, too. */
static enum place place_of(const struct inference *in, const char *line, const char *last,
        const char *start, const char *after)
{
	const char *said = diagnostic_client_said(line);
	size_t length = (size_t)(start - line);

	if (said != NULL)
		return strncasecmp(said, "RCPT", 4) == 0 ? PLACE_SESSION : PLACE_OTHER;
	if (has_words(in, WORDS_ORIGIN, line, length))
		return PLACE_ORIGIN;
	if (is_followed_by(in, after, WORDS_AWAY))
		return PLACE_OTHER;
	if (is_head(line, start))
		return PLACE_HEAD;
	if (diagnostic_begins(line))
		return PLACE_REPLY;
	if (is_followed_by(in, after, WORDS_TOWARD))
		return PLACE_LABEL;
	if (has_words(in, WORDS_OTHER, line, length))
		return last != NULL && leads_to(in, last, start) ? PLACE_LABEL : PLACE_OTHER;
	if (notice_field(&in->source->words, line) != NULL)
		return PLACE_FIELD;
	if (has_words(in, WORDS_ABOUT, line, length))
		return PLACE_LABEL;
	return start > line && start[-1] == '<' && after[strspn(after, ">")] == '\0' ? PLACE_HEAD
	                                                                             : PLACE_WITHIN;
}

/* Returns whether MENTION, which must stand at PLACE or a surer place and have one of ROLES (0:
 * any), may name a recipient that was not reached. */
static bool may_fail(const struct mention *mention, enum place place, unsigned roles)
{
	bool is_other = (mention->roles & ROLE_OTHER) ||
	                (mention->roles & (ROLE_REACHED | ROLE_UNREACHED)) == ROLE_REACHED ||
	                ((mention->roles & ROLE_ORIGIN) && mention->place < PLACE_HEAD) ||
	                ((mention->roles & ROLE_READER) && !(mention->roles & ROLE_MEANT));

	return !is_other && mention->place >= place && (roles == 0 || (mention->roles & roles));
}

/* Links FIRST and LAST, two mentions in a row of which LAST stands at START, if the words between
 * them say that the mail was forwarded from one to the other: the other may be a recipient. */
static void mention_link(
        struct inference *in, struct mention *first, struct mention *last, const char *start)
{
	const char *line = in->lines[last->line].text;
	bool is_same = first->line == last->line;
	struct mention *origin = first, *goal = last;
	char *between;

	if (last->line < first->line || last->line - first->line > LINK_LINES ||
	        (is_same && start < first->after))
		return;
	between = is_same ? talloc_strndup(in->result, first->after, (size_t)(start - first->after))
	                  : talloc_asprintf(
	                            in->result, "%s %.*s", first->after, (int)(start - line), line);
	if (has_words(in, WORDS_ORIGIN, between, strlen(between))) {
		origin = last;
		goal = first;
	} else if (!((is_same && first->place == PLACE_HEAD) || strspn(between, " ,;(-=[>") > 1) ||
	           !has_words(in, WORDS_ONWARD, between, strlen(between)))
		return;
	if (address_equal(first->address, last->address))
		return;
	origin->place = PLACE_ORIGIN;
	goal->origin = origin->address;
	role_add(in, origin->address, ROLE_ORIGIN);
	if (goal->place >= PLACE_LABEL || roles_of(in, origin->address) & ROLE_MEANT)
		role_add(in, goal->address, ROLE_ADDRESSED);
}

/* Gives FIRST and LAST, two mentions in a row of which LAST stands at START, the same place if
 * there is only a comma or the like between them: they are a list. */
static void mention_join(struct mention *first, struct mention *last, const char *start)
{
	static const char *const commas[] = {"\xe3\x80\x81", "\xef\xbc\x8c", "\xe3\x83\xbb"};
	const char *at = first->after + strspn(first->after, " >");

	for (size_t i = 0; i < G_N_ELEMENTS(commas); i++)
		if (g_str_has_prefix(at, commas[i]))
			at += strlen(commas[i]);
	at += strspn(at, " ,;<");
	if (first->line != last->line || at != start || first->after == start)
		return;
	if (first->place == PLACE_WITHIN)
		first->place = last->place;
	else
		last->place = first->place;
}

/* Notes that line NUMBER names ADDRESS at START, and AFTER follows it. */
static void mention_add(struct inference *in, size_t number, const char *address, const char *start,
        const char *after)
{
	if (in->mention_count == 2 * RECIPIENTS_MAX)
		return;
	const struct mention *before =
	        in->mention_count > 0 ? &in->mentions[in->mention_count - 1] : NULL;
	bool is_next = before != NULL && before->line == number && before->after <= start;
	enum place place =
	        place_of(in, in->lines[number].text, is_next ? before->after : NULL, start, after);

	array_add(in->result, in->mentions, in->mention_count) = (struct mention){
	        .address = address, .line = number, .after = after, .place = place};
	if (in->mention_count > 1) {
		struct mention *last = &in->mentions[in->mention_count - 1];

		mention_link(in, last - 1, last, start);
		mention_join(last - 1, last, start);
	}
}

/* Returns whether AFTER, what follows an address, says that a mail did not arrive there. */
static bool says_unreached(const struct inference *in, const char *after)
{
	return diagnostic_reply(after) != 0 || has_words(in, WORDS_UNREACHED, after, strlen(after));
}

/* Returns whether MENTION names an office that reports or helps, and that the mail was not sent to:
 * no label before it, and no words behind it, say that it did not arrive there. */
static bool is_of_office(const struct inference *in, const struct mention *mention)
{
	const char *line = in->lines[mention->line].text;

	return is_office(mention->address) &&
	       (mention->place < PLACE_LABEL ||
	               (notice_label(&in->source->words, WORDS_ABOUT, line) == NULL &&
	                       !says_unreached(in, mention->after)));
}

/* Returns whether MENTION stands where the sender of a mail would, behind a label or below it. */
static bool is_sender(const struct inference *in, const struct mention *mention)
{
	return mention->place == PLACE_OTHER ||
	       (mention->place == PLACE_HEAD && mention->line > 0 &&
	               line_has(in, WORDS_OTHER, mention->line - 1));
}

/* Gives the mentions the roles of their addresses, and notes what features these make. */
static void mentions_weigh(struct inference *in)
{
	unsigned *features = &in->result->features;
	bool is_from = false, is_to = false, is_meant,
	     is_own = roles_only(in, ROLE_AUTHOR | ROLE_READER) != NULL;

	for (size_t i = 0; i < in->mention_count; i++) {
		struct mention *mention = &in->mentions[i];
		unsigned roles = roles_of(in, mention->address);

		/* The reader's own address is believed to have failed only if a mail came back:
		 * one that the reader sent to himself. */
		if ((roles & ROLE_READER) && !(roles & ROLE_FAILED) && !in->has_returned)
			roles = ROLE_OTHER | ROLE_READER;
		else if (roles & ROLE_MEANT)
			roles &= ~(unsigned)ROLE_OTHER;
		else if (is_of_office(in, mention))
			roles |= ROLE_OTHER;
		mention->roles = roles;
		in->has_head = in->has_head || may_fail(mention, PLACE_HEAD, 0);
		is_meant = may_fail(mention, PLACE_REPLY, ROLE_MEANT);
		*features |= (is_meant ? FEATURE_RECIPIENT : 0u) |
		             (may_fail(mention, PLACE_REPLY, 0) ? FEATURE_ADDRESS : 0u);
		if ((roles & ROLE_READER) && mention->place >= PLACE_LABEL)
			*features |= FEATURE_OWN;
		/* persons who answer with a mail name themselves below */
		if (is_meant && is_own && !(roles & ROLE_WRITER))
			*features |= FEATURE_OWN_MAIL;
		is_from = is_from || ((roles & ROLE_READER) && is_sender(in, mention));
		is_to = is_to ||
		        (mention->place != PLACE_WITHIN && may_fail(mention, PLACE_FIELD, 0));
	}
	if (is_from && is_to)
		*features |= FEATURE_OWN_SUMMARY;
}

/* Adds a mention from line NUMBER as X.400 gateways write it, `…;dda:SMTP=name(a)example.net;` or
 * with an @. Returns whether there is one. */
static bool mention_add_x400(struct inference *in, size_t number)
{
	const char *line = in->lines[number].text, *at = strcasestr(line, "SMTP="), *sign, *start;
	size_t length = at != NULL ? strcspn(at, "; /") : 0, size;
	char *address;

	if (length < 8)
		return false;
	address = talloc_strndup(in->result, at + 5, length - 5);
	sign = strstr(address, "(a)");
	if (sign != NULL)
		address = talloc_asprintf(
		        in->result, "%.*s@%s", (int)(sign - address), address, sign + 3);
	if (address_scan(address, &start, &size) == 0)
		return false;
	mention_add(in, number, talloc_strndup(in->result, start, size), line, at + length);
	return true;
}

/* Returns whether line NUMBER says that a mail arrived. Not if it also speaks of a failure, or
 * repeats a field of the returned mail, as a subject may say anything; nor, unless an address
 * begins the line (IS_HEAD), if the line before speaks of a failure. */
static bool says_reached(const struct inference *in, size_t number, bool is_head)
{
	const char *line = in->lines[number].text;

	return line_has(in, WORDS_REACHED, number) && !line_has(in, WORDS_UNREACHED, number) &&
	       diagnostic_reply(line) == 0 && notice_field(&in->source->words, line) == NULL &&
	       (is_head || number == 0 || !line_has(in, WORDS_UNREACHED, number - 1));
}

/* Returns where the address in the LENGTH bytes at START begins: after a label (`recipient=`) or a
 * reply code (`550-`) that was taken for a part of it. */
static const char *label_skip(const struct inference *in, const char *start, size_t length)
{
	const char *equals = memchr(start, '=', length);
	size_t label = equals != NULL ? (size_t)(equals - start) : 0;

	if (g_ascii_isdigit(*start) && diagnostic_begins_reply(start) &&
	        start[strlen("550-")] != '@')
		return start + strlen("550-");
	return label > 0 && equals[1] != '@' &&
	                       (has_words(in, WORDS_ABOUT, start, label) ||
	                               has_words(in, WORDS_OTHER, start, label))
	               ? equals + 1
	               : start;
}

/* Adds all addresses in line NUMBER. IS_LIST: the line stands below a heading for recipients that
 * were reached. Returns whether there are any. */
static bool mentions_add_line(struct inference *in, size_t number, bool is_list)
{
	const char *line = in->lines[number].text, *start;
	size_t length, n, before = in->mention_count;

	if ((line[0] == '>' && strncmp(line, ">>>", 3) != 0) ||
	        (strchr(line, '=') != NULL && mention_add_x400(in, number)))
		return true;
	for (; (n = address_find_next(line, &start, &length)) > 0; line += n) {
		const char *local = label_skip(in, start, length), *address;

		length -= (size_t)(local - start);
		address = text_address(in->result, local, length, ADDRESS_MAX);
		/* no names of viruses, Win32/Netsky.P@mm */
		if (!text_glob("*@mm", address) && !text_glob("*@m", address))
			mention_add(in, number, address, local, line + n);
	}
	for (size_t i = before; i < in->mention_count; i++) {
		struct mention *mention = &in->mentions[i];
		bool is_head = mention->place == PLACE_HEAD;

		if ((is_list && is_head && !in->is_reply[number]) ||
		        says_reached(in, number, is_head))
			role_add(in, mention->address, ROLE_REACHED);
		else if (is_head && !line_has(in, WORDS_REACHED, number) &&
		         says_unreached(in, mention->after))
			role_add(in, mention->address, ROLE_UNREACHED);
	}
	return in->mention_count > before;
}

/* Adds all addresses in the notice, but for those in quoted lines and below a signature's mark. */
static void mentions_add(struct inference *in)
{
	bool is_list = false;
	size_t last = 0; /* where the mentions of the line before begin */

	for (size_t i = 0; i < in->end && strcmp(in->lines[i].raw, "-- ") != 0; i++) {
		size_t before = in->mention_count;

		if (!mentions_add_line(in, i, is_list) && in->lines[i].text[0] != '\0') {
			is_list = says_reached(in, i, false);
			if (is_list && strlen(in->lines[i].text) <= STATE_MAX)
				/* `Status: delivered` below an address */
				for (size_t k = last; k < before; k++)
					role_add(in, in->mentions[k].address, ROLE_REACHED);
			is_list = is_list && last == before;
		}
		last = before;
	}
}

/* Returns where WORD of LENGTH bytes stands alone in LINE, as a name does: at the start, in quotes
 * or in brackets. NULL if nowhere. */
static const char *bare_find(const char *line, const char *word, size_t length)
{
	for (const char *at = line; (at = strcasestr(at, word)) != NULL; at++) {
		bool begins = at == line || strchr("<\"'(`[", at[-1]) != NULL;

		if ((begins || at[-1] == ' ') &&
		        strchr(begins ? " >\"'):,.]" : ">\"'):,.]", at[length]) != NULL)
			return at;
	}
	return NULL;
}

/* Adds mentions by the local part alone of addresses that the mail went to. */
static void mentions_add_bare(struct inference *in)
{
	guint count, tried = 0;
	/* a copy, as a mention may give one more address a role */
	g_autofree gpointer *keys = g_hash_table_get_keys_as_array(in->roles, &count);

	for (guint k = 0; k < count && tried < BARE_MAX; k++) {
		const char *key = keys[k], *at = NULL;
		size_t length = strcspn(key, "@");
		char *local = talloc_strndup(in->result, key, length);

		if (!(roles_of(in, key) & ROLE_MEANT) || length < 2)
			continue;
		tried++;
		for (size_t i = 0; at == NULL && i < in->end; i++) {
			at = bare_find(in->lines[i].text, local, length);
			if (at != NULL)
				mention_add(in, i, key, at, at + length);
		}
	}
}

/* Adds mentions in lines of one word after a line that ends with a colon: AOL and VMS name
 * mailboxes by the local part. The domain is the reporter's. */
static void mentions_add_names(struct inference *in)
{
	char *from = message_header(in->result, in->source->message, "From"), *domain = NULL;
	bool is_list = false;
	const char *start;
	size_t size;

	if (from != NULL && address_find_next(from, &start, &size) > 0)
		domain = address_domain(in->result, talloc_strndup(in->result, start, size));
	for (size_t i = 0; domain != NULL && i < in->end; i++) {
		const char *line = in->lines[i].text;
		size_t length = strspn(line, NAME_BYTES);

		if (is_list && length > 1 && (line[length] == '\0' || line[length] == ':') &&
		        strncmp(line + length, "://", 3) != 0)
			mention_add(in, i,
			        talloc_asprintf(in->result, "%.*s@%s", (int)length, line, domain),
			        line, line + length);
		else if (line[0] != '\0')
			is_list = line[strlen(line) - 1] == ':';
	}
}

/* Finds all mentions. If no line names an address, the local part of one that the mail went to
 * counts or, if a machine wrote the notice, a single word in a list. */
static void mentions_find(struct inference *in)
{
	const unsigned *features = &in->result->features;

	mentions_add(in);
	mentions_weigh(in);
	if (!(*features & FEATURE_RECIPIENT) && !in->has_head) {
		mentions_add_bare(in);
		mentions_weigh(in);
	}
	if (!(*features & FEATURE_ADDRESS) && in->source->is_automatic) {
		mentions_add_names(in);
		mentions_weigh(in);
	}
}

/* Adds the recipients that failed, by the surest sign that any mention has. Returns whether there
 * are any. */
static bool recipients_add(struct inference *in)
{
	static const struct {
		enum place place;
		unsigned roles;
	} signs[] = {
	        {PLACE_HEAD, ROLE_FAILED},
	        /* also those to whom no field says that it went: they got a blind copy */
	        {PLACE_HEAD, 0},
	        {PLACE_LABEL, ROLE_MEANT},
	        {PLACE_WITHIN, ROLE_MEANT},
	        {PLACE_LABEL, 0},
	        {PLACE_FIELD, ROLE_MEANT},
	        {PLACE_WITHIN, 0},
	        {PLACE_FIELD, 0},
	        {PLACE_REPLY, ROLE_MEANT},
	        {PLACE_REPLY, 0},
	};
	struct recipient_list *all = &in->result->recipients;

	for (size_t sign = 0; sign < G_N_ELEMENTS(signs); sign++) {
		for (size_t i = 0; i < in->mention_count; i++)
			if (may_fail(&in->mentions[i], signs[sign].place, signs[sign].roles))
				recipient_get(in->result, all, in->mentions[i].address);
		if (all->count > 0)
			return true;
	}
	return false;
}

/* Chooses the recipients that failed. If the notice seems to say that all were reached, it must
 * have said that of another mail. */
static void recipients_choose(struct inference *in)
{
	struct recipient_list *all = &in->result->recipients;
	const char *only;

	if (recipients_add(in))
		return;
	for (size_t i = 0; i < in->mention_count; i++)
		in->mentions[i].roles &= ~(unsigned)ROLE_REACHED;
	if (recipients_add(in))
		return;
	only = roles_only(in, ROLE_FAILED);
	/* No better sign: the mail was sent to this address and went on from there, or it is the
	 * reader's own, or the writer's. */
	for (size_t i = 0; only == NULL && i < in->mention_count; i++) {
		const struct mention *mention = &in->mentions[i];

		if (mention->place == PLACE_ORIGIN ||
		        (mention->place == PLACE_HEAD && (mention->roles & ROLE_READER) &&
		                in->has_returned) ||
		        (mention->place >= PLACE_LABEL && (mention->roles & ROLE_WRITER) &&
		                !(mention->roles & ROLE_READER) && !is_office(mention->address)))
			recipient_get(in->result, all, mention->address);
	}
	if (only == NULL && all->count == 0)
		only = roles_only(in, ROLE_ADDRESSED);
	if (only != NULL)
		recipient_get(in->result, all, only);
}

/* Returns the number of the recipient ADDRESS + 1; 0 if there is none. */
static size_t recipient_number(const struct inference *in, const char *address)
{
	const struct recipient_list *recipients = &in->result->recipients;
	const struct recipient *recipient = recipient_find(recipients, address);

	return recipient != NULL ? (size_t)(recipient - recipients->list) + 1 : 0;
}

/* Finds the recipient of each mention, and the surest mention of each recipient. */
static void mentions_assign(struct inference *in)
{
	in->remarks = talloc_zero_array(
	        in->result, struct remark, (unsigned)in->result->recipients.count + 1);
	for (size_t i = 0; i < in->mention_count; i++) {
		struct mention *mention = &in->mentions[i];
		size_t number = mention->place != PLACE_SESSION
		                        ? recipient_number(in, mention->address)
		                        : 0;
		const struct mention **best;

		if (number == 0)
			continue;
		mention->owner = number;
		if (mention->origin != NULL)
			in->result->recipients.list[number - 1].original_address =
			        talloc_strdup(in->result, mention->origin);
		best = &in->remarks[number - 1].best;
		if (*best == NULL || mention->place > (*best)->place)
			*best = mention;
	}
}

/* Returns where the paragraph of line NUMBER ends, at END at the latest. */
static size_t paragraph_end(const struct inference *in, size_t number, size_t end)
{
	while (number < end && !notice_is_rule(in->lines[number].text))
		number++;
	return number;
}

/* Returns where it begins, at FROM at the earliest. */
static size_t paragraph_start(const struct inference *in, size_t from, size_t number)
{
	while (number > from && !notice_is_rule(in->lines[number - 1].text))
		number--;
	return number;
}

/* Returns whether the reply TEXT only follows from an earlier one, which left no recipient to send
 * to. */
static bool is_consequence(const char *text)
{
	return strncmp(text, "503", 3) == 0 || strcasestr(text, "no valid recipients") != NULL ||
	       strcmp(text, "554 5.0.0 Service unavailable") == 0; /* sendmail */
}

static void remark_add_text(const struct inference *in, struct buffer *buffer, const char *text)
{
	const char *said = diagnostic_server_said(text);

	text = said != NULL ? said : text;
	if (text[0] == '\0' || notice_field(&in->source->words, text) != NULL ||
	        (buffer->length > 0 && is_consequence(text)))
		return;
	if (buffer->length > 0)
		buffer_add(buffer, "\n", 1);
	buffer_add_string(buffer, text);
}

/* Returns TEXT without the signs that stand between an address or a label and what is said about
 * it. */
static const char *text_after_signs(const char *text)
{
	const char *mailto = strncasecmp(text, "<mailto:", 8) == 0 ? strchr(text, '>') : NULL;

	text = mailto != NULL ? mailto + 1 : text;
	text += strspn(text, " \t>)]}\"':;,.-=|");
	return strncmp(text, WIDE_COLON, strlen(WIDE_COLON)) == 0 ? text + strlen(WIDE_COLON)
	                                                          : text;
}

/* Adds the lines from NUMBER up to the end of the paragraph, at END at the latest, without a
 * heading for what follows. */
static void paragraph_add(
        const struct inference *in, struct buffer *buffer, size_t number, size_t end)
{
	end = paragraph_end(in, number, end);
	if (number < end && notice_is_heading(in->lines[end - 1].text))
		end--;
	for (; number < end && buffer->length < 2 * DIAGNOSTIC_MAX; number++) {
		const char *value = notice_field(&in->source->words, in->lines[number].text);

		remark_add_text(in, buffer, in->lines[number].text);
		number += value != NULL && value[0] == '\0'; /* it stands below */
	}
}

/* Returns the paragraph between lines FROM and END that has a server's reply; else the reason that
 * is given at or after line CAUSE; NULL if there is neither. */
static char *diagnostic_find(const struct inference *in, size_t from, size_t cause, size_t end)
{
	struct buffer buffer = buffer_new(in->result);
	size_t number = from;

	while (number < end && !in->is_reply[number])
		number++;
	if (number < end)
		paragraph_add(in, &buffer, paragraph_start(in, from, number), end);
	for (; buffer.length == 0 && cause < end; cause++) {
		const char *reason =
		        notice_label(&in->source->words, WORDS_CAUSE, in->lines[cause].text);

		if (reason == NULL)
			continue;
		remark_add_text(in, &buffer, text_after_signs(reason));
		cause++;
		while (buffer.length == 0 && cause < end && in->lines[cause].text[0] == '\0')
			cause++;
		paragraph_add(in, &buffer, cause, end);
		break;
	}
	return buffer.text;
}

/* Returns where the section of the mention OWN ends (STEP 1) or begins (STEP -1): at the next line
 * that begins with another recipient, or labels one. */
static size_t section_edge(const struct inference *in, const struct mention *own, int step)
{
	for (size_t i = (size_t)(own - in->mentions) + (size_t)step; i < in->mention_count;
	        i += (size_t)step) {
		const struct mention *next = &in->mentions[i];

		if ((next->owner != 0 || (next->roles & ROLE_REACHED)) &&
		        next->owner != own->owner && next->place >= PLACE_LABEL &&
		        next->line != own->line)
			return next->line + (step < 0);
	}
	return step < 0 ? 0 : in->end;
}

/* Returns the paragraph of MENTION up to END, without what stands before the address if the line
 * begins with it. NULL if nothing else stands there. */
static char *mention_paragraph(
        const struct inference *in, const struct mention *mention, size_t end)
{
	struct buffer buffer = buffer_new(in->result);

	if (mention->place == PLACE_HEAD) {
		remark_add_text(in, &buffer, text_after_signs(mention->after));
		paragraph_add(in, &buffer, mention->line + 1, end);
	} else {
		size_t start = section_edge(in, mention, -1);

		paragraph_add(in, &buffer, paragraph_start(in, start, mention->line), end);
	}
	return buffer.text;
}

static bool has_reply(const char *text)
{
	return text != NULL && diagnostic_reply(text) != 0;
}

/* Returns whether a footer begins at line NUMBER: behind an empty line a row of signs, unless it is
 * the title of a section, in dashes. */
static bool begins_footer(const struct inference *in, size_t number)
{
	const char *line = in->lines[number].text;

	return number > 0 && line[0] != '\0' && notice_is_rule(line) &&
	       in->lines[number - 1].text[0] == '\0' &&
	       (line[0] != '-' || line[strspn(line, "-")] == '\0');
}

/* Returns the first paragraph with words of its own after that of line NUMBER, before END. Without
 * a reply, it must not stand in a footer, or name an address to turn to. NULL if there is none. */
static char *paragraph_next(const struct inference *in, size_t number, size_t end)
{
	struct buffer buffer = buffer_new(in->result);
	bool is_other = false;
	size_t next = number;

	while (buffer.length == 0 && number < end) {
		next = paragraph_end(in, number, end);
		for (; next < end && notice_is_rule(in->lines[next].text); next++)
			is_other = is_other || begins_footer(in, next);
		number = next;
		paragraph_add(in, &buffer, next, end);
	}
	end = paragraph_end(in, next, end);
	for (size_t i = 0; i < in->mention_count; i++)
		is_other =
		        is_other || (in->mentions[i].line >= next && in->mentions[i].line < end &&
		                            (in->mentions[i].roles & ROLE_OTHER));
	return is_other && !has_reply(buffer.text) ? NULL : buffer.text;
}

/* Returns where in TEXT the reply begins: at the start of a line, or after what announces it
 * (`said: 550 …`). If there is no reply code, an enhanced code counts. NULL if nowhere. */
static char *reply_find(char *text)
{
	bool (*begins)(const char *) =
	        has_reply(text) ? diagnostic_begins_reply : diagnostic_begins;

	while (!begins(text)) {
		text = strpbrk(text, "\n:");
		if (text == NULL)
			return NULL;
		text += text[0] == ':' && text[1] == ' ' ? 2 : 1;
	}
	return text;
}

/* Adds what stands beside the recipient's other mentions, where they begin a paragraph: Exim prints
 * there what a pipe said. */
static void remark_read_more(const struct inference *in, struct remark *remark)
{
	const struct mention *mention = remark->best, *last = in->mentions + in->mention_count;
	size_t line = mention->line, read = 0;

	for (const struct mention *m = mention + 1; m < last && read < MENTIONS_READ_MAX; m++) {
		size_t end;
		char *more;

		if (m->owner != mention->owner || m->place != PLACE_HEAD ||
		        paragraph_end(in, line + 1, m->line + 1) > m->line)
			continue;
		read++;
		line = m->line;
		end = section_edge(in, m, 1);
		more = mention_paragraph(in, m, end);
		if (more == NULL)
			more = paragraph_next(in, line + 1, end);
		if (more != NULL && strcmp(more, remark->paragraph) != 0)
			remark->paragraph =
			        talloc_asprintf(in->result, "%s\n%s", remark->paragraph, more);
	}
}

/* Returns whether TEXT, the words beside a recipient, says that the mail is only late. */
static bool is_delayed(const struct inference *in, const char *text)
{
	return text != NULL && has_words(in, WORDS_DELAYED, text, strlen(text));
}

/* Collects what stands beside the surest mention. */
static void remark_read(const struct inference *in, struct remark *remark)
{
	const struct mention *mention = remark->best;
	size_t end = section_edge(in, mention, 1);
	bool is_last = paragraph_end(in, mention->line, in->end) <= mention->line + 1 &&
	               text_after_signs(mention->after)[0] == '\0';
	char *next = NULL;

	remark->paragraph = mention_paragraph(in, mention, end);
	if (remark->paragraph == NULL || is_last) /* the words about it follow */
		next = paragraph_next(in, mention->line, end);
	if (remark->paragraph == NULL)
		remark->paragraph = next;
	else if (mention->place == PLACE_HEAD)
		remark_read_more(in, remark);
	if (!has_reply(remark->paragraph))
		remark->diagnostic = diagnostic_find(in, mention->line + 1, mention->line, end);
	if (remark->diagnostic != NULL)
		return;
	if (next == NULL)
		remark->diagnostic = remark->paragraph;
	else if (!is_delayed(in, next)) /* words about another try are not a reason */
		remark->diagnostic = next;
}

/* Reads what stands beside RECIPIENT's surest mention. Only the reply stays in the diagnostic. What
 * stands before it tells which server said it, and in answer to which command. */
static void recipient_read(struct inference *in, struct recipient *recipient, struct remark *remark)
{
	const struct mention *mention = remark->best;
	char *reply;

	in->result->has_mention = true;
	recipient->is_sure = mention->place >= PLACE_LABEL || (mention->roles & ROLE_MEANT) != 0;
	remark_read(in, remark);
	recipient->action = is_delayed(in, remark->paragraph) ? ACTION_DELAYED : ACTION_FAILED;
	if (remark->diagnostic == NULL)
		return;
	remark->command = diagnostic_command(remark->diagnostic);
	remark->remote = diagnostic_remote(in->result, remark->diagnostic);
	reply = reply_find(remark->diagnostic);
	if (reply == NULL)
		return;
	remark->diagnostic = reply;
	if (recipient->is_sure && has_reply(reply))
		in->result->features |= FEATURE_REFUSAL;
}

/* Reads sessions. A server's answer is about the recipient that it names, or else the last one that
 * was named. */
static void sessions_read(struct inference *in)
{
	size_t current = in->result->recipients.count == 1;
	const char *command = NULL;
	char *remote = NULL;

	for (size_t i = 0; i < in->end; i++) {
		const char *line = in->lines[i].text, *answer = diagnostic_server_said(line),
		           *said = diagnostic_client_said(line), *start;
		struct remark *remark;
		size_t length;

		if (said != NULL)
			command = diagnostic_command_name(said, strlen(said));
		else if (answer == NULL && strchr(line, '.') != NULL && strpbrk(line, "[:") != NULL)
			remote = diagnostic_remote(in->result, line);
		if ((said != NULL || answer != NULL) &&
		        address_find_next(said != NULL ? said : answer, &start, &length) > 0) {
			size_t number =
			        recipient_number(in, talloc_strndup(in->result, start, length));

			current = number > 0 ? number : current;
		}
		if (answer == NULL || current == 0 || (answer[0] != '4' && answer[0] != '5'))
			continue;
		remark = &in->remarks[current - 1];
		if (remark->transcript == NULL) {
			remark->command = command;
			remark->remote = remote;
			remark->transcript = talloc_strdup(in->result, answer);
		} else if (!is_consequence(answer) && strlen(remark->transcript) < DIAGNOSTIC_MAX)
			remark->transcript =
			        talloc_asprintf(in->result, "%s\n%s", remark->transcript, answer);
	}
}

/* Puts what the notice says into RECIPIENT. A session counts before all else. The command and
 * server that REMARK has count only if the texts don't name any. */
static void recipient_finish(const void *ctx, struct recipient *recipient,
        const struct remark *remark, const char *diagnostic)
{
	if (remark->transcript != NULL) {
		recipient_set_diagnostic(ctx, recipient, remark->transcript);
		recipient_add_text(recipient, TEXT_TRANSCRIPT, remark->transcript);
	}
	if (diagnostic != NULL && recipient->diagnostic == NULL)
		recipient_set_diagnostic(ctx, recipient, diagnostic);
	if (remark->paragraph != NULL)
		recipient_add_text(recipient, TEXT_NOTICE, remark->paragraph);
	recipient_fill(recipient,
	        &(struct recipient){.command = remark->command, .remote_mta = remark->remote});
}

/* Returns whether the notice names all recipients in one line, or in lines one after the other in
 * which nothing else stands. */
static bool is_one_list(const struct inference *in)
{
	const struct mention *last = NULL;

	for (size_t i = 0; i < in->result->recipients.count; i++) {
		const struct mention *best = in->remarks[i].best;

		if (best == NULL || (last != NULL && best->line != last->line &&
		                            (best->line != last->line + 1 ||
		                                    text_after_signs(last->after)[0] != '\0')))
			return false;
		last = best;
	}
	return last != NULL;
}

static const char *remark_said(const struct remark *remark)
{
	return remark->diagnostic != NULL ? remark->diagnostic : remark->transcript;
}

/* Reads what is said about each recipient. Recipients listed together share what is said after the
 * last of them; if nothing is said about any, what is said elsewhere is about all. */
static void recipients_read(struct inference *in)
{
	struct recipient_list *recipients = &in->result->recipients;
	const char *diagnostic;
	size_t gathered = 0;

	mentions_assign(in);
	in->result->is_one_list = is_one_list(in);
	for (size_t i = 0; i < recipients->count && gathered < NOTICE_GATHERED_MAX; i++) {
		if (in->remarks[i].best != NULL)
			recipient_read(in, &recipients->list[i], &in->remarks[i]);
		if (in->remarks[i].paragraph != NULL)
			gathered += strlen(in->remarks[i].paragraph);
	}
	sessions_read(in);
	diagnostic = in->result->shared = diagnostic_find(in, 0, 0, in->end);
	for (size_t i = 0; i < recipients->count; i++)
		if (remark_said(&in->remarks[i]) != NULL)
			diagnostic = NULL;
	for (size_t i = recipients->count; i-- > 0;) {
		const char *said = remark_said(&in->remarks[i]);

		diagnostic = said != NULL ? said : diagnostic;
		recipient_finish(in->result, &recipients->list[i], &in->remarks[i], diagnostic);
	}
}

/* Finds codes and links in the lines. */
static void lines_read(struct inference *in)
{
	unsigned *features = &in->result->features;

	in->is_reply = array_new(in->result, bool, in->end + 1);
	for (size_t i = 0; i < in->end; i++) {
		const char *line = in->lines[i].text;
		bool is_reply = diagnostic_reply(line) != 0 || diagnostic_begins(line);

		in->is_reply[i] = is_reply;
		if (is_reply || diagnostic_has_status(line))
			*features |= FEATURE_REPLY;
		if (strstr(line, "http://") != NULL || strstr(line, "https://") != NULL)
			*features |= FEATURE_LINK;
	}
}

static gboolean addresses_equal(gconstpointer a, gconstpointer b)
{
	return address_equal(a, b);
}

struct heuristic *heuristic_read(const void *ctx, const struct heuristic_source *source, size_t end)
{
	struct inference in = {
	        .source = source,
	        .lines = source->notice->lines,
	        .end = end,
	        .roles = g_hash_table_new(recipient_hash, addresses_equal),
	        .has_returned = fields_value(source->returned, "Message-ID") != NULL ||
	                        fields_value(source->returned, "Received") != NULL,
	        .result = talloc_zero(ctx, struct heuristic),
	};

	lines_read(&in);
	roles_gather(&in);
	mentions_find(&in);
	recipients_choose(&in);
	recipients_read(&in);
	g_hash_table_destroy(in.roles);
	return in.result;
}
