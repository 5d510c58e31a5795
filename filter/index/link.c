#include "index/link.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "mail/address-list.h"
#include "mail/message-id.h"
#include "text/text.h"

#define DAY (24 * 60 * 60)

/* How long before its bounce a mail is looked for that no id names: servers give up after five days. */
#define PROBABLE_DAYS 6

/* `(from:… or from:…) and date:…`: mail that the user sent from START to END. Only the user's own settings stand in it. NULL if there are none. */
static char *sent_query(const void *ctx, const struct settings *settings, time_t start, time_t end)
{
	char *query = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; settings->own != NULL && settings->own[i] != NULL; i++)
		if (strpbrk(settings->own[i], "\" ") == NULL) /* no address that anyone has */
			query = talloc_asprintf_append_buffer(
			        query, "%sfrom:\"%s\"", query[0] != '\0' ? " or " : "", settings->own[i]);
	if (query[0] == '\0')
		return NULL;
	return talloc_asprintf(
	        ctx, "(%s) and date:@%lld..@%lld", query, (long long)(start > 0 ? start : 0), (long long)(end > 0 ? end : 0));
}

bool link_has_sent_mail(struct index *index, const struct settings *settings, time_t time)
{
	void *scratch = talloc_new(NULL);
	char *query = sent_query(scratch, settings, time - 7 * DAY, time + 7 * DAY);
	bool has = query != NULL && index_count(index, query) > 0;

	talloc_free(scratch);
	return has;
}

struct search {
	const void *ctx;
	const char *subject; /* folded */
	const char *recipient;
	unsigned seen;
	char *found; /* its id */
};

/* All recipients that the header of MAIL shows. */
static char **recipients_of(const void *ctx, struct mail *mail)
{
	return address_list(ctx,
	        talloc_asprintf(ctx, "%s, %s, %s", mail_header(mail, "To"), mail_header(mail, "Cc"), mail_header(mail, "Bcc")));
}

static bool search_see(void *argument, struct mail *mail)
{
	struct search *search = argument;
	const char *subject = mail_header(mail, "Subject");
	char *folded = text_fold(search->ctx, subject, strlen(subject));

	if (strcmp(folded, search->subject) == 0 && address_list_has(recipients_of(search->ctx, mail), search->recipient))
		search->found = talloc_strdup(search->ctx, mail_id(mail));
	talloc_free(folded);
	return search->found == NULL && ++search->seen < PROBABLE_MAX;
}

/* By recipient, subject and time, among what the user sent. */
static struct mail *find_probable(const void *ctx, struct index *index, const struct settings *settings,
        const struct facts *facts, const struct mail *bounce)
{
	const char *subject = facts->original.subject;
	struct search search = {.ctx = ctx};
	time_t when;
	char *query;

	if (subject == NULL || facts->recipient_count == 0 || facts->recipients[0].address[0] == '\0')
		return NULL;
	search.subject = text_fold(ctx, subject, strlen(subject));
	search.recipient = facts->recipients[0].address;
	when = bounce != NULL ? mail_date(bounce) : time(NULL);
	query = sent_query(ctx, settings, when - PROBABLE_DAYS * DAY, when + DAY);
	if (query == NULL || search.subject[0] == '\0')
		return NULL;
	index_each(index, query, search_see, &search);
	return index_find(ctx, index, search.found);
}

/* By each id that the bounce names. A bounce is not about itself, nor about another bounce of ours that it was sent with. */
static struct mail *find_by_id(
        const void *ctx, struct index *index, const struct facts *facts, const struct mail *bounce, const char **step)
{
	size_t i;

	for (i = 0; i < facts->original.reference_count; i++) {
		char *id = message_id_plain(ctx, facts->original.references[i].id);
		struct mail *mail = index_find(ctx, index, id);

		bool itself = mail != NULL && bounce != NULL && strcmp(mail_id(mail), mail_id(bounce)) == 0;

		if (mail != NULL && !itself && mail_can_hold("bounce.of", mail_id(mail))) {
			*step = facts->original.references[i].step;
			return mail;
		}
		talloc_free(mail);
	}
	return NULL;
}

/* The recipient of the original that RECIPIENT is about. A report that names nobody is about the only one there is. */
static const char *reached_by(char **recipients, const struct recipient *recipient)
{
	if (recipient->address[0] == '\0')
		return recipients[0] != NULL && recipients[1] == NULL ? recipients[0] : NULL;
	if (address_list_has(recipients, recipient->address))
		return recipient->address;
	if (recipient->original_address != NULL && address_list_has(recipients, recipient->original_address))
		return recipient->original_address;
	return NULL;
}

/* Whether the original bears the bounce out. */
static void link_check(const void *ctx, const struct settings *settings, const struct facts *facts, struct link *link)
{
	char **recipients = recipients_of(ctx, link->original);
	size_t i;

	if (!settings_is_own(settings, mail_header(link->original, "From"))) {
		link->genuine = LINK_CONTRADICTED;
		return;
	}
	for (i = 0; i < facts->recipient_count; i++) {
		link->reached[i] = reached_by(recipients, &facts->recipients[i]);
		if (link->reached[i] != NULL)
			link->genuine = LINK_LINKED;
	}
}

void link_find(const void *ctx, struct index *index, const struct settings *settings, const struct facts *facts,
        const struct mail *bounce, struct link *link)
{
	*link = (struct link){.step = "none", .genuine = LINK_UNLINKED};
	link->reached = talloc_zero_array(ctx, const char *, (unsigned)facts->recipient_count + 1);
	link->original = find_by_id(ctx, index, facts, bounce, &link->step);
	if (link->original != NULL) {
		link_check(ctx, settings, facts, link);
		return;
	}
	link->original = find_probable(ctx, index, settings, facts, bounce);
	if (link->original != NULL)
		link->step = "probable";
}
