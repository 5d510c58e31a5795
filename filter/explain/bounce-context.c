#include "explain/bounce-context.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/date.h"
#include "base/list.h"
#include "index/link.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "mail/message.h"

/* Of so many recipients the history is looked up. */
#define HISTORIES_MAX 4

/* By what the bounce says and the index has now: what is on record of it was true when it was
 * sorted. */
static struct mail *find_original(struct bounce_context *context, struct index *index,
        const struct settings *settings, struct mail *mail)
{
	struct link link = link_find_facts(context, index, context->judgement, mail);

	context->genuine = link.genuine;
	context->author =
	        link.genuine == GENUINE_FOREIGN ? talloc_strdup(context, link.author) : NULL;
	context->author_is_own =
	        context->author != NULL && address_list_has(settings->own, context->author);
	context->names_mail = context->judgement->facts->original.reference_count > 0;
	return link.original;
}

static char *first_address(const void *ctx, const char *field)
{
	return field != NULL ? address_list(ctx, field)[0] : NULL;
}

static void read_recipients(struct bounce_context *context, struct mail *original)
{
	context->to = talloc_asprintf(context, "%s, %s, %s, %s", mail_header(original, "To"),
	        mail_header(original, "Cc"), mail_header(original, "Bcc"),
	        mail_header(original, "Resent-To"));
}

static void describe_by_index(struct bounce_context *context, struct mail *original)
{
	context->original_id = talloc_strdup(context, mail_id(original));
	context->subject = talloc_strdup(context, mail_header(original, "Subject"));
	read_recipients(context, original);
	context->date = mail_date(original);
	context->size = mail_size(original);
	context->sender = first_address(context, mail_header(original, "From"));
}

static void describe_by_report(struct bounce_context *context, const struct settings *settings)
{
	const struct original *original = &context->judgement->facts->original;
	char *sender = first_address(context, original->from);

	context->original_id = original->message_id;
	context->subject = original->subject;
	context->to = original->to_others != NULL
	                      ? talloc_asprintf(context, "%s%s", original->to, original->to_others)
	                      : original->to;
	context->date = date_read(original->date);
	/* The address that was refused, or whose mail came back: it may be one that is not set. */
	if (sender == NULL && settings != NULL && settings->own != NULL)
		sender = settings->own[0];
	if (sender == NULL)
		sender = first_address(context, getenv("EMAIL"));
	context->sender = sender;
}

static char *caseless(const char *address)
{
	return g_ascii_strdown(address, -1);
}

/* Which of the addresses that the mail went to are neither in the report nor, if ORIGINAL is known,
 * have a state in the index. */
static void find_unheard(struct bounce_context *context, struct mail *original)
{
	const struct facts *facts = context->judgement->facts;
	GHashTable *heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char **to = context->to != NULL ? address_list(context, context->to) : NULL;
	size_t fate_count = 0, count = 0, i;
	struct recipient_fate *fates =
	        original != NULL ? outcome_read(context, original, &fate_count) : NULL;

	for (i = 0; i < facts->recipient_count; i++) {
		const char *typed = facts->recipients[i].original_address;

		g_hash_table_add(heard, caseless(facts->recipients[i].address));
		g_hash_table_add(heard, caseless(typed != NULL ? typed : ""));
	}
	for (i = 0; i < fate_count; i++)
		if (fates[i].state != STATE_NOTHING)
			g_hash_table_add(heard, caseless(fates[i].address));
	for (i = 0; to != NULL && to[i] != NULL; i++)
		if (g_hash_table_add(heard, caseless(to[i])))
			list_add(context, &context->unheard, &count, to[i]);
	/* None of those named is among them: a list or a forwarding is between. */
	if (count == list_length(to))
		context->unheard = NULL;
	g_hash_table_destroy(heard);
}

/* A mail that names nobody but the user went to others without naming them. */
static void find_named(struct bounce_context *context, const struct settings *settings)
{
	char **list = context->to != NULL ? address_list(context, context->to) : list_new(context);
	size_t i;

	for (i = 0; list[i] != NULL && context->named == NULL; i++)
		if (!address_equal(list[i], context->sender != NULL ? context->sender : "") &&
		        (settings == NULL || !address_list_has(settings->own, list[i])))
			context->named = list;
}

static void read_history(struct bounce_context *context, struct index *index)
{
	const struct facts *facts = context->judgement->facts;
	size_t count = facts->recipient_count, i;

	if (count == 0 || count > HISTORIES_MAX)
		return;
	context->history = talloc_zero_array(context, struct history, (unsigned)count);
	for (i = 0; i < count; i++)
		context->history[i] = history_read(index, facts->recipients[i].address);
}

struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement,
        struct index *index, const struct settings *settings, struct mail *mail)
{
	struct bounce_context *context = talloc_zero(ctx, struct bounce_context);
	const struct facts *facts = judgement->facts;
	struct mail *original = NULL;

	context->judgement = judgement;
	context->id =
	        facts->message_id != NULL ? message_id_plain(context, facts->message_id) : NULL;
	if (mail != NULL)
		context->id = talloc_strdup(context, mail_id(mail));
	if (kind_is_bounce(facts->kind) && index == NULL)
		context->genuine = GENUINE_NO_INDEX;
	else if (kind_is_bounce(facts->kind))
		original = find_original(context, index, settings, mail);
	if (original != NULL &&
	        (context->genuine == GENUINE_LINKED || context->genuine == GENUINE_PROBABLE))
		describe_by_index(context, original);
	else
		describe_by_report(context, settings);
	if (original != NULL && context->genuine == GENUINE_OTHER_RECIPIENT)
		read_recipients(context, original);
	if (kind_is_bounce(facts->kind) && context->genuine != GENUINE_FOREIGN &&
	        context->genuine != GENUINE_BACKSCATTER &&
	        (original != NULL || facts->original.to_others != NULL))
		find_named(context, settings);
	if (kind_is_bounce(facts->kind) && context->genuine != GENUINE_BACKSCATTER &&
	        facts->recipients_left_out == 0)
		find_unheard(context, original);
	if (index != NULL && kind_is_bounce(facts->kind))
		read_history(context, index);
	return context;
}
