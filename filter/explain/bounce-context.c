#include "explain/bounce-context.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/date.h"
#include "base/list.h"
#include "index/fate.h"
#include "index/link.h"
#include "index/mail-bytes.h"
#include "mail/address-list.h"
#include "mail/message-id.h"

/* Of so many recipients the history is looked up. */
#define HISTORIES_MAX 4

/* What the index has on record about the bounce. False: nothing. */
static bool read_record(struct bounce_context *context, struct index *index, struct mail *mail, struct mail **original)
{
	char *genuine = mail_value(context, mail, "bounce.genuine"), *of = mail_value(context, mail, "bounce.of");
	char *step = mail_value(context, mail, "bounce.link");
	bool probable = step != NULL && strcmp(step, "probable") == 0;

	if (genuine == NULL)
		return false;
	*original = index_find(context, index, of);
	if (strcmp(genuine, "linked") == 0)
		context->genuine = *original != NULL ? GENUINE_LINKED : GENUINE_UNLINKED;
	else if (strcmp(genuine, "backscatter") == 0)
		context->genuine = GENUINE_BACKSCATTER;
	else
		context->genuine = probable && *original != NULL ? GENUINE_PROBABLE : GENUINE_UNLINKED;
	return true;
}

/* A bounce that was never sorted is tied to its mail now, without a trace. */
static void find_original(struct bounce_context *context, struct index *index, const struct settings *settings, struct mail *mail,
        struct mail **original)
{
	struct link link;

	context->genuine = GENUINE_UNLINKED;
	link_find(context, index, settings, context->judgement->facts, mail, &link);
	*original = link.original;
	if (link.genuine == LINK_LINKED)
		context->genuine = GENUINE_LINKED;
	else if (link.genuine == LINK_CONTRADICTED)
		context->genuine = GENUINE_BACKSCATTER;
	else if (link.original != NULL && strcmp(link.step, "probable") == 0)
		context->genuine = GENUINE_PROBABLE;
}

static char *first_address(const void *ctx, const char *field)
{
	return field != NULL ? address_list(ctx, field)[0] : NULL;
}

static void describe_by_index(struct bounce_context *context, struct mail *original)
{
	context->original_id = talloc_strdup(context, mail_id(original));
	context->subject = talloc_strdup(context, mail_header(original, "Subject"));
	context->to = talloc_asprintf(
	        context, "%s, %s, %s", mail_header(original, "To"), mail_header(original, "Cc"), mail_header(original, "Bcc"));
	context->date = mail_date(original);
	context->size = mail_size(original);
	context->sender = first_address(context, mail_header(original, "From"));
}

static void describe_by_report(struct bounce_context *context, const struct settings *settings)
{
	const struct original *original = &context->judgement->facts->original;
	char *from = first_address(context, original->from);

	context->original_id = original->message_id;
	context->subject = original->subject;
	context->to = original->to;
	context->date = date_read(original->date);
	if (settings != NULL && from != NULL && address_list_has(settings->own, from))
		context->sender = from;
	else if (settings != NULL && settings->own != NULL)
		context->sender = settings->own[0];
	else
		context->sender = getenv("EMAIL") != NULL ? first_address(context, getenv("EMAIL")) : from;
}

static char *caseless(const char *address)
{
	return g_ascii_strdown(address, -1);
}

/* Which of the addresses that the mail went to are neither in the report nor, if ORIGINAL is known, have a state in the index. */
static void find_unheard(struct bounce_context *context, struct mail *original)
{
	const struct facts *facts = context->judgement->facts;
	GHashTable *heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char **to = context->to != NULL ? address_list(context, context->to) : NULL;
	size_t fate_count = 0, count = 0, i;
	struct fate *fates = original != NULL ? fate_read(context, original, &fate_count) : NULL;

	for (i = 0; i < facts->recipient_count; i++) {
		const char *typed = facts->recipients[i].original_address;

		g_hash_table_add(heard, caseless(facts->recipients[i].address));
		g_hash_table_add(heard, caseless(typed != NULL ? typed : ""));
	}
	for (i = 0; i < fate_count; i++)
		if (fates[i].state != FATE_NOTHING)
			g_hash_table_add(heard, caseless(fates[i].address));
	for (i = 0; to != NULL && to[i] != NULL; i++)
		if (g_hash_table_add(heard, caseless(to[i])))
			list_add(context, &context->unheard, &count, to[i]);
	if (count == list_length(to)) /* none of those named is among them: a list or a forwarding is between */
		context->unheard = NULL;
	g_hash_table_destroy(heard);
}

static void read_history(struct bounce_context *context, struct index *index, const struct settings *settings)
{
	const struct facts *facts = context->judgement->facts;
	size_t count = facts->recipient_count, i;

	if (count == 0 || count > HISTORIES_MAX)
		return;
	context->history = talloc_zero_array(context, struct history, (unsigned)count);
	for (i = 0; i < count; i++)
		context->history[i] = history_read(index, settings, facts->recipients[i].address);
}

struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement, struct index *index,
        const struct settings *settings, struct mail *mail)
{
	struct bounce_context *context = talloc_zero(ctx, struct bounce_context);
	const struct facts *facts = judgement->facts;
	struct mail *original = NULL;

	context->judgement = judgement;
	context->id = facts->message_id != NULL ? message_id_plain(context, facts->message_id) : NULL;
	if (mail != NULL)
		context->id = talloc_strdup(context, mail_id(mail));
	if (kind_is_bounce(facts->kind) && index == NULL)
		context->genuine = GENUINE_NO_INDEX;
	else if (kind_is_bounce(facts->kind) && !(mail != NULL && read_record(context, index, mail, &original)))
		find_original(context, index, settings, mail, &original);
	if (original != NULL && (context->genuine == GENUINE_LINKED || context->genuine == GENUINE_PROBABLE))
		describe_by_index(context, original);
	else
		describe_by_report(context, settings);
	if (kind_is_bounce(facts->kind) && context->genuine != GENUINE_BACKSCATTER && facts->recipients_left_out == 0)
		find_unheard(context, original);
	if (index != NULL && kind_is_bounce(facts->kind))
		read_history(context, index, settings);
	return context;
}
