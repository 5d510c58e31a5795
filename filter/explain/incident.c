#include "explain/incident.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/date.h"
#include "index/link.h"
#include "index/mail-bytes.h"
#include "mail/address.h"
#include "mail/message-id.h"

/* Of so many recipients the history is looked up. */
#define HISTORIES_MAX 4

/* What the index has on record about the bounce. False: nothing. */
static bool read_record(struct incident *incident, struct index *index, struct mail *mail, struct mail **original)
{
	char *genuine = mail_value(incident, mail, "bounce.genuine"), *of = mail_value(incident, mail, "bounce.of");
	char *step = mail_value(incident, mail, "bounce.link");
	bool probable = step != NULL && strcmp(step, "probable") == 0;

	if (genuine == NULL)
		return false;
	*original = index_find(incident, index, of);
	if (strcmp(genuine, "linked") == 0)
		incident->genuine = *original != NULL ? GENUINE_LINKED : GENUINE_UNLINKED;
	else if (strcmp(genuine, "backscatter") == 0)
		incident->genuine = GENUINE_BACKSCATTER;
	else
		incident->genuine = probable && *original != NULL ? GENUINE_PROBABLE : GENUINE_UNLINKED;
	return true;
}

/* A bounce that was never sorted is tied to its mail now, without a trace. */
static void find_original(struct incident *incident, struct index *index, const struct settings *settings, struct mail *mail,
        struct mail **original)
{
	struct link link;

	incident->genuine = GENUINE_UNLINKED;
	link_find(incident, index, settings, incident->judgement->facts, mail, &link);
	*original = link.original;
	if (link.genuine == LINK_LINKED)
		incident->genuine = GENUINE_LINKED;
	else if (link.genuine == LINK_CONTRADICTED)
		incident->genuine = GENUINE_BACKSCATTER;
	else if (link.original != NULL && strcmp(link.step, "probable") == 0)
		incident->genuine = GENUINE_PROBABLE;
}

static char *first_address(const void *ctx, const char *field)
{
	return field != NULL ? address_list(ctx, field)[0] : NULL;
}

static void describe_by_index(struct incident *incident, struct mail *original)
{
	incident->original_id = talloc_strdup(incident, mail_id(original));
	incident->subject = talloc_strdup(incident, mail_header(original, "Subject"));
	incident->to = talloc_asprintf(
	        incident, "%s, %s, %s", mail_header(original, "To"), mail_header(original, "Cc"), mail_header(original, "Bcc"));
	incident->date = mail_date(original);
	incident->size = mail_size(original);
	incident->sender = first_address(incident, mail_header(original, "From"));
}

static void describe_by_report(struct incident *incident, const struct settings *settings)
{
	const struct original *original = &incident->judgement->facts->original;
	char *from = first_address(incident, original->from);

	incident->original_id = original->message_id;
	incident->subject = original->subject;
	incident->to = original->to;
	incident->date = date_read(original->date);
	if (settings != NULL && from != NULL && address_list_has(settings->own, from))
		incident->sender = from;
	else if (settings != NULL && settings->own != NULL)
		incident->sender = settings->own[0];
	else
		incident->sender = getenv("EMAIL") != NULL ? first_address(incident, getenv("EMAIL")) : from;
}

static void read_history(struct incident *incident, struct index *index, const struct settings *settings)
{
	const struct facts *facts = incident->judgement->facts;
	size_t count = facts->recipient_count, i;

	if (count == 0 || count > HISTORIES_MAX)
		return;
	incident->history = talloc_zero_array(incident, struct history, (unsigned)count);
	for (i = 0; i < count; i++)
		incident->history[i] = history_read(index, settings, facts->recipients[i].address);
}

struct incident *incident_read(const void *ctx, const struct judgement *judgement, struct index *index,
        const struct settings *settings, struct mail *mail)
{
	struct incident *incident = talloc_zero(ctx, struct incident);
	const struct facts *facts = judgement->facts;
	struct mail *original = NULL;

	incident->judgement = judgement;
	incident->id = facts->message_id != NULL ? message_id_plain(incident, facts->message_id) : NULL;
	if (mail != NULL)
		incident->id = talloc_strdup(incident, mail_id(mail));
	if (kind_is_bounce(facts->kind) && index == NULL)
		incident->genuine = GENUINE_NO_INDEX;
	else if (kind_is_bounce(facts->kind) && !(mail != NULL && read_record(incident, index, mail, &original)))
		find_original(incident, index, settings, mail, &original);
	if (original != NULL && (incident->genuine == GENUINE_LINKED || incident->genuine == GENUINE_PROBABLE))
		describe_by_index(incident, original);
	else
		describe_by_report(incident, settings);
	if (index != NULL && kind_is_bounce(facts->kind))
		read_history(incident, index, settings);
	return incident;
}
