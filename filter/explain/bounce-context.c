#include "explain/bounce-context.h"

#include <glib.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/list.h"
#include "index/link.h"
#include "mail/address.h"
#include "mail/message.h"

/* The history is looked up if the bounce has at most so many recipients. */
#define HISTORIES_MAX 4

static char *first_address(const void *ctx, const char *field)
{
	return field != NULL ? address_list(ctx, field)[0] : NULL;
}

static void describe_by_index(struct bounce_context *context, struct mail *original)
{
	context->original_id = talloc_strdup(context, mail_id(original));
	context->subject = talloc_strdup(context, mail_header(original, "Subject"));
	context->date = mail_date(original);
	context->size = mail_size(original);
	context->sender = first_address(context, mail_header(original, "From"));
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
	GHashTable *heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	size_t fate_count = 0;
	struct recipient_fate *fates =
	        original != NULL ? outcome_read(context, original, &fate_count) : NULL;

	for (size_t i = 0; i < facts->recipient_count; i++) {
		const char *typed = facts->recipients[i].original_address;

		g_hash_table_add(heard, g_ascii_strdown(facts->recipients[i].address, -1));
		g_hash_table_add(heard, g_ascii_strdown(typed != NULL ? typed : "", -1));
	}
	for (size_t i = 0; i < fate_count; i++)
		if (fates[i].state != STATE_NOTHING)
			g_hash_table_add(heard, g_ascii_strdown(fates[i].address, -1));
	for (size_t i = 0; to[i] != NULL; i++)
		if (g_hash_table_add(heard, g_ascii_strdown(to[i], -1)))
			list_add(context, &context->unheard, to[i]);
	/* The report names none of them: it is about where a list or a forwarding led. */
	if (list_length(context->unheard) == list_length(to))
		context->unheard = NULL;
	g_hash_table_destroy(heard);
}

/* Fills CONTEXT with what the index and the report say of the bounce. */
static void look(
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
		        mail_header(link.original, "To"), mail_header(link.original, "Cc"),
		        mail_header(link.original, "Bcc"), mail_header(link.original, "Resent-To"));
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
        struct index *index, char *const *own, struct mail *mail)
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
	look(context, index, own, mail);
	if (index == NULL || count == 0 || count > HISTORIES_MAX)
		return context;
	context->history = talloc_zero_array(context, struct history, (unsigned)count);
	for (size_t i = 0; i < count; i++)
		context->history[i] = history_read(index, facts->recipients[i].address);
	return context;
}
