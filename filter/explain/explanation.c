#include "explain/explanation.h"

#include <glib.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/link.h"
#include "mail/address.h"
#include "mail/message.h"
#include "text/text.h"
#include "text/wrap.h"

/* -- what is known */

/* The history is looked up if the bounce has at most so many recipients. */
#define HISTORIES_MAX 4

static char *first_address(const void *ctx, const char *field)
{
	return field != NULL ? address_list(ctx, field)[0] : NULL;
}

static void describe_by_index(struct bounce_context *context, struct mail *original)
{
	context->original_id = talloc_strdup(context, mail_id(original));
	context->subject = talloc_strdup(context, mail_own_header(context, original, "Subject"));
	context->date = mail_own_date(original);
	context->size = mail_size(original);
	context->sender = first_address(context, mail_own_header(context, original, "From"));
}

static void describe_by_report(struct bounce_context *context, char *const *own)
{
	const struct original *original = &context->judgement->facts->original;

	context->original_id = original->message_id;
	context->subject = original->subject;
	context->to = original->to_others != NULL
	                      ? talloc_asprintf(context, "%s%s", original->to, original->to_others)
	                      : original->to;
	context->date = date_read(original->date);
	/* From of the mail that came back: it may be an address that is missing in the settings. */
	context->sender = first_address(context, original->from);
	if (context->sender == NULL && own != NULL)
		context->sender = own[0];
	if (context->sender == NULL)
		context->sender = first_address(context, getenv("EMAIL"));
}

/* Finds the addresses among TO, the mail's recipients, that are not in the report and have no state
 * in the index, if ORIGINAL is there. */
static void find_unheard(struct bounce_context *context, struct mail *original, char *const *to)
{
	const struct facts *facts = context->judgement->facts;
	SCOPED void *scratch = talloc_new(NULL);
	g_autoptr(GHashTable) heard = g_hash_table_new(g_str_hash, g_str_equal);
	size_t fate_count = 0;
	struct recipient_fate *fates =
	        original != NULL ? outcome_read(context, original, &fate_count) : NULL;

	for (size_t i = 0; i < facts->recipient_count; i++) {
		const char *typed = facts->recipients[i].original_address;

		g_hash_table_add(heard, address_digest(scratch, facts->recipients[i].address));
		g_hash_table_add(heard, address_digest(scratch, typed != NULL ? typed : ""));
	}
	for (size_t i = 0; i < fate_count; i++)
		if (fates[i].state != STATE_NOTHING)
			g_hash_table_add(heard, address_digest(scratch, fates[i].address));
	for (size_t i = 0; to[i] != NULL; i++)
		if (g_hash_table_add(heard, address_digest(scratch, to[i])))
			list_add(context, &context->unheard, to[i]);
	/* The report names none of them: it is about where a list or a forwarding led. */
	if (list_length(context->unheard) == list_length(to))
		context->unheard = NULL;
}

/* Fills CONTEXT with what the index and the report say of the bounce. */
static void context_fill(
        struct bounce_context *context, struct index *index, char *const *own, struct mail *mail)
{
	const struct facts *facts = context->judgement->facts;
	/* The bounce is linked again, as the index may have changed since it was sorted. */
	struct link link = {.genuine = GENUINE_NO_INDEX};

	if (index != NULL)
		link = link_find_facts(context, index, context->judgement, mail);
	context->genuine = link.genuine;
	context->reached = link.reached;
	bool is_theirs = link.genuine == GENUINE_BACKSCATTER,
	     is_foreign = link.genuine == GENUINE_FOREIGN,
	     is_own = link.genuine == GENUINE_LINKED || link.genuine == GENUINE_PROBABLE;

	if (is_foreign)
		context->author = talloc_strdup(context, link.author);
	context->author_is_own = context->author != NULL && address_list_has(own, context->author);
	context->names_mail = index != NULL && facts->original.reference_count > 0;
	if (link.original != NULL && is_own)
		describe_by_index(context, link.original);
	else
		describe_by_report(context, own);
	if (link.original != NULL && (is_own || link.genuine == GENUINE_OTHER_RECIPIENT))
		context->to = talloc_asprintf(context, "%s, %s, %s, %s",
		        mail_own_header(context, link.original, "To"),
		        mail_own_header(context, link.original, "Cc"),
		        mail_own_header(context, link.original, "Bcc"),
		        mail_own_header(context, link.original, "Resent-To"));
	char **to = context->to != NULL ? address_list(context, context->to) : list_new(context);

	/* A mail that names nobody but the user went to others without naming them. */
	for (size_t i = 0; !is_foreign && !is_theirs && to[i] != NULL &&
	                   (link.original != NULL || facts->original.to_others != NULL);
	        i++)
		if (!address_equal(to[i], context->sender != NULL ? context->sender : "") &&
		        (own == NULL || !address_list_has(own, to[i])))
			context->named = to;
	if (!is_theirs && facts->recipients_left_out == 0)
		find_unheard(context, link.original, to);
}

struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement,
        struct index *index, struct wording *wording, char *const *own, struct mail *mail)
{
	struct bounce_context *context = talloc_zero(ctx, struct bounce_context);
	const struct facts *facts = judgement->facts;
	size_t count = facts->recipient_count;

	context->judgement = judgement;
	if (mail != NULL)
		context->id = talloc_strdup(context, mail_id(mail));
	else if (facts->message_id != NULL)
		context->id = message_id_plain(context, facts->message_id);
	if (!kind_is_bounce(facts->kind)) {
		describe_by_report(context, own);
		return context;
	}
	context_fill(context, index, own, mail);
	if (index == NULL || count == 0 || count > HISTORIES_MAX)
		return context;
	context->history = talloc_zero_array(context, struct history, (unsigned)count);
	for (size_t i = 0; i < count; i++)
		context->history[i] = history_read(index, wording, facts->recipients[i].address);
	return context;
}

/* Bytes of a subject that are shown. */
#define SUBJECT_SHOWN_MAX 200

/* Longer addresses and hosts are not shown within a sentence: nobody would read them. */
#define ADDRESS_SHOWN_MAX 100
#define HOST_SHOWN_MAX 80

/* How many addresses of a mail are named; the others are counted. */
#define ADDRESSES_NAMED_MAX 5

/* -- where on its path a mail stopped */

/* Returns the first hop that the mail did not reach, by REASON: that says more than the hosts in a
 * report, which depend on who wrote it. HOP_COUNT: the hosts decide. */
static enum hop place_of_reason(enum reason reason)
{
	switch (reason) {
	case REASON_SENDER_SUSPENDED:
	case REASON_SUPPRESSED: return HOP_YOUR_SERVER;
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE:
	case REASON_NETWORK:
	case REASON_TLS:
	case REASON_EXPIRED: return HOP_THEIR_SERVER;
	case REASON_USER_UNKNOWN:
	case REASON_MAILBOX_FULL:
	case REASON_SUSPENDED:
	case REASON_MOVED:
	case REASON_FILTERED:
	case REASON_NOT_AUTHORIZED: return HOP_MAILBOX;
	case REASON_UNKNOWN:
	case REASON_COUNT: return HOP_YOU;
	default: return HOP_COUNT; /* refused by some server */
	}
}

/* Returns whether HOST is the domain of ADDRESS, or below it. */
static bool is_of(const char *host, const char *address)
{
	SCOPED char *domain = address != NULL ? address_domain(NULL, address) : NULL;
	size_t length = domain != NULL ? strlen(domain) : 0,
	       more = host != NULL && strlen(host) >= length ? strlen(host) - length : 0;

	return host != NULL && length > 0 && strcasecmp(host + more, domain) == 0 &&
	       (more == 0 || host[more - 1] == '.');
}

struct path path_of(const struct facts *facts, const struct recipient *recipient,
        enum reason reason, const char *sender)
{
	struct path path = {place_of_reason(reason), recipient->action == ACTION_DELAYED};
	const char *host = recipient->remote_mta, *reporter = facts->reporting_mta;

	if (path.stopped_before != HOP_COUNT)
		return path;
	/* Only the user's own server asks for a login (RFC 4954). A host that answered a command of
	 * SMTP and is not the user's is theirs. A server that reports without having asked another
	 * is the user's own or theirs. */
	if (recipient->reply == 530 || recipient->reply == 535)
		path.stopped_before = HOP_YOUR_SERVER;
	else if ((host != NULL && !is_of(host, sender)) || is_of(reporter, recipient->address))
		path.stopped_before = HOP_MAILBOX;
	else if (host != NULL || is_of(reporter, sender))
		path.stopped_before = HOP_THEIR_SERVER;
	else
		path.stopped_before = HOP_YOU;
	return path;
}

/* -- the values of the texts' placeholders. Of what a mail says, they have only what can't be taken
 * for our own words: an address without blanks, a host name. */

/* Returns the label KEY with VALUES; NULL if one of those that it names is not known. */
static char *explanation_say(
        const struct explanation *whole, const char *key, const struct wording_value *values)
{
	return wording_label_with(whole, whole->wording, key, values);
}

const char *explanation_address(const void *ctx, const char *address)
{
	if (address == NULL || !address_is_complete(address) ||
	        strlen(address) > ADDRESS_SHOWN_MAX || strpbrk(address, " \t\"<>()[],;:{}") != NULL)
		return NULL;
	return address_shown(ctx, address);
}

/* Returns HOST if it is a host name that can be shown within our sentences, else NULL. */
static const char *host_shown(const char *host)
{
	static const char allowed[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

	return host != NULL && host[0] != '\0' && strlen(host) <= HOST_SHOWN_MAX &&
	                       strspn(host, allowed) == strlen(host)
	               ? host
	               : NULL;
}

static char *say_count(const struct explanation *whole, const char *key, size_t count)
{
	return explanation_say(whole, key, WORDING_VALUES({"count", wording_number(whole, count)}));
}

/* Returns the first addresses of LIST (NULL-terminated; NULL: empty) in one line, and how many more
 * there are. NULL if LIST is empty. */
static const char *addresses_shown(const struct explanation *whole, char *const *list)
{
	const char *named = NULL;
	size_t count = list_length(list);

	for (size_t i = 0; i < MIN(count, ADDRESSES_NAMED_MAX + 1); i++) {
		const char *next = i < ADDRESSES_NAMED_MAX
		                           ? explanation_address(whole, list[i])
		                           : say_count(whole, "and-more", count - i);

		next = next != NULL ? next : wording_label(whole->wording, "no-address");
		named = named == NULL ? next
		                      : explanation_say(whole, "list-join",
		                                WORDING_VALUES({"list", named}, {"next", next}));
	}
	return named;
}

/* Returns another address that the server names, as those do that know where someone moved; NULL if
 * it names none. */
static const char *new_address(const void *ctx, const struct recipient *recipient)
{
	char **list = recipient->diagnostic != NULL ? address_scan_all(ctx, recipient->diagnostic)
	                                            : list_new(ctx);

	while (*list != NULL && (address_equal(*list, recipient->address) ||
	                                explanation_address(ctx, *list) == NULL))
		list++;
	return explanation_address(ctx, *list);
}

/* Returns SIZE without decimals, as languages have different signs for these. */
static const char *size_shown(const struct explanation *whole, long long size)
{
	bool is_large = size >= 1000 * 1000;
	size_t units = (size_t)((size + 500) / (is_large ? 1000 * 1000 : 1000));

	return size <= 0 ? NULL
	                 : explanation_say(whole, is_large ? "size-mb" : "size-kb",
	                           WORDING_VALUES({"size", wording_number(whole, units)}));
}

/* Returns for how many days in all the server tries: from the mail's date until it gives up. */
static const char *delay_shown(const struct explanation *whole, const struct recipient *recipient)
{
	time_t date = whole->context->date, span = date != 0 ? recipient->retry_until - date : 0;
	long days = span > 0 ? (long)((span + DAY / 2) / DAY) : 0;

	return days <= 0 || days >= 100 ? NULL : say_count(whole, "days", (size_t)days);
}

/* Returns whether TEXT has one of WORDS (NULL-terminated). */
static bool has_any(const char *text, const char *const *words)
{
	while (*words != NULL && strcasestr(text, *words) == NULL)
		words++;
	return *words != NULL;
}

/* Returns whether the server says that the recipient's address is written in a wrong form, by code
 * (RFC 3463: X.1.3) or in words. */
static bool is_malformed(const struct recipient *recipient)
{
	static const char *const faults[] = {"syntax", "malformed", "illegal char", "invalid char",
	        "forbidden char", "badly formed", "ungültige zeichen", "unzulässige zeichen", NULL};
	static const char *const parts[] = {"recipient", "address", "local part", "local-part",
	        "localpart", "mailbox name", "adress", "rcpt", NULL};
	static const char *const others[] = {
	        "sender", "from", "header", "absender", "originator", "return-path", NULL};
	const char *said = recipient->diagnostic, *code = recipient->diagnostic_status != NULL
	                                                          ? recipient->diagnostic_status
	                                                          : recipient->status;

	return (code != NULL && g_str_has_suffix(code, ".1.3")) ||
	       (said != NULL && has_any(said, faults) && has_any(said, parts) &&
	               !has_any(said, others));
}

/* Returns whether ADDRESS has dots where RFC 5322 allows none, as old phone addresses in Japan
 * do. */
static bool has_odd_dots(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at > address &&
	       (address[0] == '.' || at[-1] == '.' || strstr(address, "..") != NULL);
}

/* Returns whether the server objects to the mail's From field, rather than to the SMTP sender. */
static bool is_about_from_field(const struct recipient *recipient)
{
	static const char *const words[] = {
	        "from header", "header from", "from: header", "'from'", "\"from\"", NULL};
	const char *said = recipient->diagnostic;

	return said != NULL && strcasestr(said, "header") != NULL && has_any(said, words);
}

/* Returns whether LIST contains ADDRESS, both as they are shown. */
static bool address_is_among(const void *ctx, const char *address, char *const *list)
{
	while (*list != NULL && strcasecmp(address_shown(ctx, *list), address) != 0)
		list++;
	return *list != NULL;
}

/* Returns the address to which the user wrote instead of ADDRESS; NULL if it is the same, or not
 * known. REPORTED is what the report says of it (NULL: nothing), which is only what its own server
 * was told. If the mail names neither of these two, *NAMED are those that it names, else NULL. */
static const char *written_to(const struct explanation *whole, const char *address,
        const char *reported, const char **named)
{
	char *const *list = whole->context->named;
	bool differs = address != NULL && reported != NULL && strcasecmp(address, reported) != 0;

	*named = NULL;
	if (address == NULL || list == NULL || (differs && address_is_among(whole, reported, list)))
		return differs ? reported : NULL;
	if (!address_is_among(whole, address, list))
		*named = addresses_shown(whole, list);
	return NULL;
}

/* Returns the value of a case, such as `permanent`: NULL unless it HOLDS. */
static const char *case_value(bool holds)
{
	return holds ? "" : NULL;
}

static const struct verdict *verdict_on(const struct judgement *judgement, size_t recipient)
{
	return judgement->facts->recipient_count > 0 && judgement->verdicts != NULL
	               ? &judgement->verdicts[recipient]
	               : NULL;
}

/* Returns the values for RECIPIENT, which is number PLACE of the facts, and the cases that hold for
 * it (such as `own-server`, which `for` in a text may name). Values that are about a single address
 * are not known unless RECIPIENT is ALONE. */
static struct wording_value *values_for(const struct explanation *whole,
        const struct recipient *recipient, size_t place, bool alone)
{
	const struct bounce_context *context = whole->context;
	const struct facts *facts = context->judgement->facts;
	const struct verdict *verdict = verdict_on(context->judgement, place);
	enum hop stopped = HOP_YOU;
	const char *actual = recipient->actual_address,
	           *address =
	                   explanation_address(whole, actual != NULL ? actual : recipient->address),
	           *one = alone ? address : NULL,
	           *sender = explanation_address(whole, context->sender);
	const char *named,
	        *typed = written_to(whole, one,
	                explanation_address(whole,
	                        actual != NULL ? recipient->address : recipient->original_address),
	                &named);

	if (verdict != NULL)
		stopped =
		        path_of(facts, recipient, verdict->reason, context->sender).stopped_before;
	bool is_own_server = stopped == HOP_YOUR_SERVER || stopped == HOP_THEIR_SERVER,
	     is_about_from = is_about_from_field(recipient);
	const char *sender_domain = sender != NULL ? strrchr(sender, '@') + 1 : NULL;
	const struct wording_value values[] = {
	        {"address", one},
	        {"local", one != NULL ? address_local(whole, one) : NULL},
	        {"domain", address != NULL ? strrchr(address, '@') + 1 : NULL},
	        {"sender", sender},
	        {"sender_domain", sender_domain},
	        {"server", host_shown(recipient->remote_mta)},
	        {"reporter", host_shown(facts->reporting_mta)},
	        {"new_address", alone ? new_address(whole, recipient) : NULL},
	        {"size", size_shown(whole, context->size)},
	        {"delay", delay_shown(whole, recipient)},
	        {"typed", typed},
	        {"named", named},
	        {"unheard", addresses_shown(whole, context->unheard)},
	        {"forwarded", case_value(typed != NULL)},
	        {"perhaps-forwarded", case_value(typed == NULL && named != NULL)},
	        {"not-forwarded", case_value(typed == NULL)},
	        {"own-server", case_value(is_own_server)},
	        {"receiving-server", case_value(!is_own_server)},
	        {"permanent", case_value(verdict != NULL && verdict->permanent)},
	        {"temporary", case_value(verdict != NULL && !verdict->permanent)},
	        {"dots", case_value(has_odd_dots(recipient->address))},
	        {"malformed", case_value(is_malformed(recipient))},
	        {"from-field", case_value(is_about_from)},
	        {"not-from-field", case_value(!is_about_from)},
	        {"free-mail", case_value(sender != NULL && wording_is_in(whole->wording,
	                                                           "free-mail", sender_domain))},
	        {"known", case_value(context->history != NULL && verdict != NULL &&
	                             context->history[place].last_from != 0)},
	        {NULL, NULL},
	};

	return talloc_memdup(whole, values, sizeof values);
}

static struct wording_value *value_find(struct wording_value *values, const char *name)
{
	while (values->name != NULL && strcmp(values->name, name) != 0)
		values++;
	return values;
}

/* -- the words for some recipients */

/* What the words about GROUP are made from. RECIPIENT is its first. */
struct topic {
	struct explanation *whole;
	struct explained *group;
	const struct recipient *recipient;
	const struct wording_text *text;
	const char *domain; /* of RECIPIENT */
	struct wording_value *values;
};

/* Returns the name of the text for RECIPIENT: that of its reason, unless it is backscatter, not a
 * bounce, delivered, or delayed. */
static const char *text_for(
        const struct explanation *whole, const struct recipient *recipient, enum reason reason)
{
	if (whole->context->genuine == GENUINE_BACKSCATTER)
		return "backscatter";
	if (!kind_is_bounce(whole->kind))
		return kind_name(whole->kind);
	if (recipient->action == ACTION_DELIVERED)
		return "delivered";
	return recipient->action == ACTION_DELAYED ? "delayed" : reason_name(reason);
}

static char *first_of(const struct topic *topic, const char *key)
{
	return wording_first(topic->whole, topic->whole->wording, topic->text, key, topic->domain,
	        topic->values);
}

static char **all_of(const struct topic *topic, const char *key)
{
	return wording_all(topic->whole, topic->whole->wording, topic->text, key, topic->domain,
	        topic->values);
}

/* Takes the action off TEXT (`Correct it and send it again. @resend-to`) and returns it; NULL if it
 * has none. */
static const char *action_of(char *text)
{
	char *at = strrchr(text, '@');

	if (at == NULL || at == text || at[-1] != ' ' ||
	        at[1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz-")] != '\0')
		return NULL;
	at[-1] = '\0';
	return at + 1;
}

/* Returns whether the index bears out that the user's mail went to the topic's address itself. */
static bool is_sure(const struct topic *topic)
{
	const struct bounce_context *context = topic->whole->context;
	const char *reached = NULL;

	if (context->genuine == GENUINE_LINKED && topic->recipient->address[0] != '\0')
		reached = context->reached[topic->group->first];
	return reached != NULL && address_equal(reached, topic->recipient->address);
}

static void group_add_steps(const struct topic *topic)
{
	struct explained *group = topic->group;
	char **list = all_of(topic, "do");

	group->step_count = list_length(list);
	group->steps = talloc_zero_array(topic->whole, struct step, (unsigned)group->step_count);
	for (size_t i = 0; i < group->step_count; i++) {
		struct step *step = &group->steps[i];

		*step = (struct step){.text = list[i], .action = action_of(list[i])};
		/* The new address of somebody who moved, if the index bears out what the report
		 * says of him: anybody could forge another. */
		if (step->action != NULL && strcmp(step->action, "resend-to") == 0 &&
		        group->reason == REASON_MOVED && is_sure(topic))
			step->to = value_find(topic->values, "new_address")->value;
	}
}

/* Returns HAPPENED, which is about a delay, with what has caused it so far. */
static char *with_cause(const struct explanation *whole, char *happened, enum reason reason)
{
	bool is_known =
	        reason != REASON_UNKNOWN && reason != REASON_EXPIRED && reason < REASON_COUNT;
	const char *name =
	        is_known ? wording_name(whole, whole->wording, reason_name(reason), NULL) : NULL;
	char *cause = explanation_say(whole, "delayed-cause", WORDING_VALUES({"name", name}));

	if (cause == NULL || happened == NULL)
		return happened;
	return talloc_asprintf(whole, "%s%s%s", happened, wrap_is_solid(cause) ? "" : " ", cause);
}

static enum turn turn_of(const struct explanation *whole, enum reason reason, enum action action)
{
	if (whole->kind == KIND_COMPLAINT)
		return TURN_YOU;
	if (whole->context->genuine == GENUINE_BACKSCATTER || reason >= REASON_COUNT ||
	        action != ACTION_FAILED || reason == REASON_NETWORK)
		return TURN_NOBODY;
	return reason_is_yours(reason) ? TURN_YOU : TURN_OTHERS;
}

/* Returns whether the letter about REASON is for a recipient, and not for whoever looks after the
 * sender's side, or a list. */
static bool is_for_recipient(enum reason reason)
{
	return reason < REASON_COUNT && reason != REASON_SENDER_REJECTED &&
	       reason != REASON_NOT_AUTHORIZED && !g_str_has_prefix(reason_who(reason), "your ");
}

/* Returns the sample letter. Of several recipients each gets one, and does not learn of the others;
 * anybody else is told all addresses. */
static char **group_letter(const struct topic *topic)
{
	struct explanation *whole = topic->whole;
	struct wording_value *values =
	        values_for(whole, topic->recipient, topic->group->first, true);

	if (list_length(topic->group->addresses) > 1)
		value_find(values, "address")->value =
		        is_for_recipient(topic->group->reason)
		                ? wording_label(whole->wording, "each-address")
		                : addresses_shown(whole, topic->group->addresses);
	return wording_letter(whole, whole->wording, topic->text, "sample", topic->domain, values);
}

/* Says where the mail stopped, and whether it was written to another address, from which it may
 * have been forwarded to the one that failed. */
static void group_add_path(const struct topic *topic)
{
	const struct bounce_context *context = topic->whole->context;
	struct explained *group = topic->group;
	enum reason reason = group->reason;

	group->forwarded = explanation_say(topic->whole, "forwarded", topic->values);
	bool is_forwarded = group->forwarded != NULL;
	if (!is_forwarded)
		group->forwarded =
		        explanation_say(topic->whole, "forwarded-perhaps", topic->values);
	if (reason >= REASON_COUNT)
		return;
	if (topic->recipient->action != ACTION_DELAYED && !is_forwarded)
		group->part = reason == REASON_USER_UNKNOWN ? PART_LOCAL
		              : reason == REASON_HOST_UNKNOWN || reason == REASON_NO_MAIL_SERVICE
		                      ? PART_DOMAIN
		                      : PART_NONE;
	group->path = path_of(context->judgement->facts, topic->recipient, reason, context->sender);
	group->has_path = group->path.stopped_before != HOP_YOU;
}

static void group_add_words(const struct topic *topic)
{
	struct explanation *whole = topic->whole;
	struct explained *group = topic->group;
	enum action action = topic->recipient->action;
	size_t count = list_length(group->addresses) + group->left_out;
	bool is_theirs = whole->context->genuine == GENUINE_BACKSCATTER;

	group->name = first_of(topic, "name");
	if (group->name == NULL)
		group->name = kind_name(whole->kind);
	group->headline = count < 2
	                          ? first_of(topic, "headline")
	                          : explanation_say(whole,
	                                    action == ACTION_FAILED ? "headline-several"
	                                                            : "headline-several-other",
	                                    WORDING_VALUES({"count", wording_number(whole, count)},
	                                            {"name", group->name}));
	group->happened = first_of(topic, "happened");
	if (action == ACTION_DELAYED && !is_theirs)
		group->happened = with_cause(whole, group->happened, group->reason);
	group->who = first_of(topic, "who");
	group->turn = turn_of(whole, group->reason, action);
	group->brief = first_of(topic, "brief");
	group->avoid = all_of(topic, "avoid");
	group->sample = group_letter(topic);
	if (action != ACTION_DELIVERED && !is_theirs)
		group_add_path(topic);
	group_add_steps(topic);
}

/* -- the evidence */

/* `5.1.1: permanent failure; no such mailbox` */
static const char *status_in_words(const struct explanation *whole, const char *code)
{
	const char *class, *detail, *words;

	if (code == NULL)
		return NULL;
	wording_status(whole->wording, code, &class, &detail);
	words = explanation_say(
	        whole, "status-both", WORDING_VALUES({"class", class}, {"detail", detail}));
	words = explanation_say(whole, "status-words",
	        WORDING_VALUES({"code", code}, {"words", words != NULL ? words : class}));
	return words != NULL ? words : code;
}

static const char *reply_in_words(
        const struct explanation *whole, const struct recipient *recipient)
{
	const char *reply = wording_number(whole, (size_t)recipient->reply), *both;

	if (recipient->reply == 0)
		return NULL;
	both = explanation_say(whole, "detail-reply-to",
	        WORDING_VALUES({"reply", reply}, {"command", recipient->command}));
	return both != NULL ? both : reply;
}

/* Returns the file and line of the rule that decided, or of the nearest example. NULL if there was
 * nothing to decide. */
static const char *decided_by(const struct explanation *whole, const struct verdict *verdict)
{
	if (verdict == NULL)
		return NULL;
	const struct rule_found *found = &verdict->found;
	const struct likeness_answer *like = verdict->like;

	if (found->rule != NULL)
		return talloc_asprintf(
		        whole, "%s:%u", rule_file(found->set, found->rule), found->rule->line);
	if (like == NULL || like->example == NULL)
		return wording_label(whole->wording, "detail-no-rule");
	return talloc_asprintf(whole, "%s (%s:%d)",
	        explanation_say(whole, "detail-like", WORDING_VALUES({"example", like->example})),
	        like->file, like->line);
}

static void group_add_details(const struct topic *topic)
{
	struct explanation *whole = topic->whole;
	struct explained *group = topic->group;
	const struct recipient *recipient = topic->recipient;
	const struct judgement *judgement = whole->context->judgement;
	const char *status = recipient->diagnostic_status != NULL ? recipient->diagnostic_status
	                                                          : recipient->status;
	bool differs = recipient->status != NULL && strcmp(recipient->status, status) != 0;
	const struct detail details[] = {
	        {"detail-status", status_in_words(whole, status)},
	        {"detail-status-field", status_in_words(whole, differs ? recipient->status : NULL)},
	        {"detail-reply", reply_in_words(whole, recipient)},
	        {"detail-remote", recipient->remote_mta},
	        {"detail-reporter", judgement->facts->reporting_mta},
	        {"detail-typed", recipient->actual_address != NULL ? recipient->address
	                                                           : recipient->original_address},
	        {"detail-format", judgement->facts->format},
	        {"detail-rule", decided_by(whole, verdict_on(judgement, group->first))},
	        {"detail-original", whole->context->original_id},
	};

	group->details = array_new(whole, struct detail, G_N_ELEMENTS(details));
	for (size_t i = 0; i < G_N_ELEMENTS(details); i++) {
		const char *text = details[i].text;

		if (text != NULL && text[0] != '\0')
			group->details[group->detail_count++] =
			        (struct detail){wording_label(whole->wording, details[i].label),
			                text_one_line(whole, text, VALUE_MAX)};
	}
}

/* Adds a saying, unless it is there: a mail to a hundred people of one domain comes back with the
 * same words a hundred times. */
static void add_saying(const struct topic *topic, const char *words, char *source)
{
	struct explained *group = topic->group;

	if (words == NULL || words[0] == '\0')
		return;
	for (size_t i = 0; i < group->saying_count; i++)
		if (strcmp(group->sayings[i].words, words) == 0)
			return;
	group->sayings[group->saying_count++] = (struct saying){words, source};
}

static enum reason reason_of(const struct judgement *judgement, size_t recipient)
{
	return judgement->verdicts != NULL ? judgement->verdicts[recipient].reason : REASON_COUNT;
}

/* Returns what happened to RECIPIENT for REASON, in a few words that fit its domain. */
static char *name_at(const void *ctx, const struct explanation *whole, enum reason reason,
        const struct recipient *recipient)
{
	return wording_name(ctx, whole->wording, text_for(whole, recipient, reason),
	        address_domain(ctx, recipient->address));
}

/* Returns how far the index bears out what is said of RECIPIENT: a report about the user's mail may
 * name others too, to whom that never went. */
static enum genuine genuine_for(const struct bounce_context *context, size_t recipient)
{
	bool is_linked = context->genuine == GENUINE_LINKED || context->genuine == GENUINE_PROBABLE;

	return is_linked && recipient < context->judgement->facts->recipient_count &&
	                       context->reached[recipient] == NULL
	               ? GENUINE_OTHER_RECIPIENT
	               : context->genuine;
}

/* Returns whether RECIPIENT is explained in GROUP: the same happened to it, can be believed as far,
 * and is called the same at its domain. */
static bool group_has(
        const struct explanation *whole, const struct explained *group, size_t recipient)
{
	const struct judgement *judgement = whole->context->judgement;
	const struct recipient *one = &judgement->facts->recipients[recipient],
	                       *other = &judgement->facts->recipients[group->first];
	SCOPED void *scratch = talloc_new(NULL);

	if (reason_of(judgement, recipient) != group->reason || one->action != other->action ||
	        genuine_for(whole->context, recipient) != group->genuine)
		return false;
	return group->reason == REASON_COUNT ||
	       strcmp(name_at(scratch, whole, group->reason, one),
	               name_at(scratch, whole, group->reason, other)) == 0;
}

/* Where the server's own words are not known, those of the report are taken. */
static void group_add_sayings(const struct topic *topic)
{
	struct explained *group = topic->group;
	const struct judgement *judgement = topic->whole->context->judgement;
	const struct facts *facts = judgement->facts;

	group->sayings = array_new(topic->whole, struct saying, SAYINGS_MAX);
	for (size_t i = group->first;
	        i < facts->recipient_count && group->saying_count < SAYINGS_MAX; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (group_has(topic->whole, group, i))
			add_saying(topic, recipient->diagnostic,
			        explanation_say(topic->whole, "said-by",
			                WORDING_VALUES(
			                        {"server", host_shown(recipient->remote_mta)})));
	}
	if (group->saying_count == 0)
		add_saying(topic, facts_words(topic->whole, facts), NULL);
}

/* Adds what the index knows of earlier mails, if there is only one address. */
static void group_add_history(const struct topic *topic)
{
	struct explanation *whole = topic->whole;
	const struct bounce_context *context = whole->context;
	struct explained *group = topic->group;

	if (context->history == NULL || list_length(group->addresses) != 1)
		return;
	const struct history *history = &context->history[group->first];
	bool some = history->sent > 1;
	char *const lines[] = {
	        explanation_say(whole,
	                history->last_from != 0 ? "history-from" : "history-none-from",
	                WORDING_VALUES(
	                        {"address", explanation_address(whole, topic->recipient->address)},
	                        {"date", wording_day(whole, whole->wording, history->last_from)})),
	        some ? explanation_say(whole, "history-reached",
	                       WORDING_VALUES({"date",
	                               wording_day(whole, whole->wording, history->last_reached)}))
	             : NULL,
	        some && history->failed > 0
	                ? explanation_say(whole, "history-failed",
	                          WORDING_VALUES({"sent", wording_number(whole, history->sent)},
	                                  {"count", wording_number(whole, history->failed)}))
	                : NULL,
	        !some && group->genuine == GENUINE_LINKED
	                ? explanation_say(whole, "history-first", NULL)
	                : NULL,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		if (lines[i] != NULL)
			list_add(whole, &group->history, lines[i]);
}

/* -- the whole */

/* Returns the group that RECIPIENT belongs to; a new one if there is none. */
static struct explained *explained_for(struct explanation *whole, size_t recipient)
{
	for (size_t i = 0; i < whole->count; i++)
		if (group_has(whole, &whole->list[i], recipient))
			return &whole->list[i];
	struct explained *new = &array_add(whole, whole->list, whole->count);

	*new = (struct explained){.first = recipient,
	        .reason = reason_of(whole->context->judgement, recipient),
	        .genuine = genuine_for(whole->context, recipient),
	        .addresses = list_new(whole)};
	return new;
}

/* Groups the recipients by what happened to them, in the order of the report. A mail without
 * recipients has one group. */
static void make_groups(struct explanation *whole)
{
	const struct facts *facts = whole->context->judgement->facts;

	for (size_t i = 0; i < facts->recipient_count; i++) {
		struct explained *group = explained_for(whole, i);
		const char *address = facts->recipients[i].address,
		           *readable = explanation_address(whole, address);

		if (readable == NULL)
			readable = address[0] != '\0' ? address
			                              : wording_label(whole->wording, "no-address");
		if (list_length(group->addresses) >= EXPLAINED_MAX)
			group->left_out++;
		else
			list_add(whole, &group->addresses, readable);
	}
	if (facts->recipient_count > 0)
		return;
	whole->list = talloc_zero(whole, struct explained);
	whole->list->addresses = list_new(whole);
	whole->list->reason = REASON_COUNT;
	whole->list->genuine = whole->context->genuine;
	whole->count = 1;
}

/* Returns the sentence that says whether what has GENUINE can be believed; NULL: nothing to say. */
static const char *genuine_of(const struct explanation *whole, enum genuine genuine)
{
	static const char *const keys[GENUINE_COUNT] = {
	        [GENUINE_NO_INDEX] = "genuine-no-index",
	        [GENUINE_LINKED] = "genuine-linked",
	        [GENUINE_PROBABLE] = "genuine-probable",
	        [GENUINE_OTHER_RECIPIENT] = "genuine-other-recipient",
	        [GENUINE_UNLINKED] = "genuine-unlinked",
	        [GENUINE_FOREIGN] = "genuine-came-in", /* only a copy that came in is here */
	        [GENUINE_BACKSCATTER] = "genuine-backscatter",
	};
	const struct bounce_context *context = whole->context;
	const char *author = context->author;

	if (genuine == GENUINE_FOREIGN && author != NULL && !context->author_is_own)
		return wording_say(whole, whole->wording, "genuine-foreign",
		        WORDING_VALUES({"address", text_one_line(whole, author, ADDRESS_MAX)}));
	if (genuine == GENUINE_UNLINKED && !context->names_mail)
		return wording_label(whole->wording, "genuine-no-id");
	return keys[genuine] != NULL ? wording_label(whole->wording, keys[genuine]) : NULL;
}

static void group_explain(struct explanation *whole, struct explained *group)
{
	static const struct recipient nobody = {.address = (char *)"", .action = ACTION_FAILED};
	const struct facts *facts = whole->context->judgement->facts;
	const struct recipient *recipient =
	        facts->recipient_count > 0 ? &facts->recipients[group->first] : &nobody;
	bool alone = list_length(group->addresses) + group->left_out < 2;
	const struct topic topic = {whole, group, recipient,
	        wording_text(whole->wording, text_for(whole, recipient, group->reason)),
	        address_domain(whole, recipient->address),
	        values_for(whole, recipient, group->first, alone)};

	group->genuine_text = genuine_of(whole, group->genuine);
	group_add_words(&topic);
	group_add_history(&topic);
	group_add_details(&topic);
	group_add_sayings(&topic);
}

/* Returns the date and the recipients of the mail that came back; NULL if neither is known. */
static char *mail_of(const struct explanation *whole)
{
	const struct bounce_context *context = whole->context;
	char **list = context->to != NULL ? address_list(whole, context->to) : NULL;
	char *date = wording_day(whole, whole->wording, context->date), *both;
	const char *to = addresses_shown(whole, list);

	both = explanation_say(
	        whole, "mail-date", WORDING_VALUES({"date", date}, {"addresses", to}));
	if (both != NULL)
		return both;
	return to != NULL ? explanation_say(whole, "mail-to", WORDING_VALUES({"addresses", to}))
	                  : date;
}

/* Returns the subject between quotation marks, as it is what a mail says. NULL: not known. */
static const char *subject_quoted(const struct explanation *whole)
{
	const char *subject = whole->context->subject;

	if (subject == NULL)
		return NULL;
	subject = text_one_line(whole, subject, SUBJECT_SHOWN_MAX);
	return subject[0] == '\0' ? wording_label(whole->wording, "no-subject")
	                          : explanation_say(whole, "mail-subject",
	                                    WORDING_VALUES({"subject", subject}));
}

/* Returns the sentence that says whether the report is harmless or urgent; NULL if neither is. */
static const char *alarm_of(const struct explanation *whole)
{
	const char *key = "alarm-harmless";

	if (!kind_is_bounce(whole->kind) || whole->context->genuine == GENUINE_BACKSCATTER)
		return NULL;
	for (size_t i = 0; i < whole->count; i++)
		if (whole->list[i].reason == REASON_SENDER_SUSPENDED ||
		        whole->list[i].reason == REASON_VIRUS)
			key = "alarm-urgent";
	return wording_label(whole->wording, key);
}

struct explanation *explanation_make(
        const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	struct explanation *whole = talloc_zero(ctx, struct explanation);

	whole->kind = context->judgement->facts->kind;
	whole->wording = wording;
	whole->context = context;
	whole->genuine = genuine_of(whole, context->genuine);
	whole->subject = subject_quoted(whole);
	whole->mail = mail_of(whole);
	make_groups(whole);
	for (size_t i = 0; i < whole->count; i++)
		group_explain(whole, &whole->list[i]);
	whole->alarm = alarm_of(whole);
	whole->unheard = explanation_say(whole, "unheard",
	        WORDING_VALUES({"addresses", addresses_shown(whole, context->unheard)}));
	return whole;
}
