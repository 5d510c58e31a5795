#include "index/resent.h"

#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "index/fate.h"

#define RESENT_PROPERTY "bounce.resent"
#define WAITING "waiting"

enum status resent_note(const void *ctx, struct index *index, char *const *bounces, char *const *drafts)
{
	enum status status = index_begin(index);
	size_t i, j;

	for (i = 0; status == STATUS_OK && bounces[i] != NULL; i++) {
		struct mail *bounce = index_find(ctx, index, bounces[i]);

		if (bounce == NULL)
			continue;
		for (j = 0; drafts[j] != NULL; j++)
			mail_add_value(bounce, RESENT_AS, drafts[j]);
		mail_set_value(bounce, RESENT_PROPERTY, WAITING);
		status = mail_status(bounce);
		talloc_free(bounce);
	}
	return status == STATUS_OK ? index_end(index) : status;
}

/* The mail of the user's that one of the drafts of BOUNCE became; NULL: none was sent yet. */
static struct mail *find_sent(const void *ctx, struct index *index, struct mail *bounce)
{
	char **drafts = mail_values(ctx, bounce, RESENT_AS);
	struct mail *sent = NULL;
	size_t i;

	for (i = 0; sent == NULL && drafts[i] != NULL; i++)
		sent = index_find(ctx, index, drafts[i]);
	talloc_free(drafts);
	return sent;
}

struct finding {
	const void *ctx;
	struct index *index;
	char **found;
	size_t count;
};

static bool see_waiting(void *argument, struct mail *bounce)
{
	struct finding *finding = argument;
	struct mail *sent = find_sent(finding->ctx, finding->index, bounce);

	if (sent != NULL)
		list_add(finding->ctx, &finding->found, &finding->count, mail_id(bounce));
	talloc_free(sent);
	return true;
}

char **resent_find(const void *ctx, struct index *index)
{
	struct finding finding = {.ctx = ctx, .index = index, .found = list_new(ctx)};

	index_each(index, "property:" RESENT_PROPERTY "=" WAITING, see_waiting, &finding);
	return finding.found;
}

/* Tell ORIGINAL that it was sent again at TIME to those whom BOUNCE is about. */
static enum status tell_original(const void *ctx, struct mail *original, struct mail *bounce, time_t time)
{
	char **failed = mail_values(ctx, bounce, "bounce.recipient");
	char **forwards = mail_values(ctx, bounce, "bounce.forward");
	struct fates *fates = fates_open(ctx, original);
	size_t i;

	for (i = 0; failed[i] != NULL; i++)
		fates_happen(fates, FATE_RESEND, failed[i], time, REASON_COUNT);
	for (i = 0; forwards[i] != NULL; i++)
		/* `a b`: what went to a was forwarded to b, and did not arrive there. */
		fates_happen(fates, FATE_RESEND, talloc_strndup(ctx, forwards[i], strcspn(forwards[i], " ")), time, REASON_COUNT);
	fates_write(fates);
	mail_add_tag(original, "resent");
	return mail_status(original);
}

/* Tie ORIGINAL to the drafts of BOUNCE that were sent. */
static enum status tie(const void *ctx, struct index *index, struct mail *original, struct mail *bounce)
{
	char **drafts = mail_values(ctx, bounce, RESENT_AS);
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && drafts[i] != NULL; i++) {
		struct mail *sent = index_find(ctx, index, drafts[i]);

		if (sent != NULL) {
			mail_add_value(original, RESENT_AS, drafts[i]);
			mail_add_value(sent, RESENT_FOR, mail_id(original));
			status = mail_status(sent);
		}
		talloc_free(sent);
	}
	return status;
}

enum status resent_confirm(const void *ctx, struct index *index, const char *id)
{
	struct mail *bounce = index_find(ctx, index, id);
	struct mail *sent = bounce != NULL ? find_sent(ctx, index, bounce) : NULL, *original = NULL;
	char *of = bounce != NULL ? mail_value(ctx, bounce, "bounce.of") : NULL;
	time_t time = sent != NULL ? mail_date(sent) : 0;
	enum status status = STATUS_OK;

	if (sent != NULL) {
		mail_set_value(bounce, RESENT_PROPERTY, NULL);
		mail_add_tag(bounce, "bounce/resent");
		status = mail_status(bounce);
		if (of != NULL && mail_has_value(bounce, "bounce.genuine", "linked"))
			original = index_find(ctx, index, of);
	}
	talloc_free(sent); /* it may be written to below, by another hand */
	if (original != NULL && status == STATUS_OK)
		status = tie(ctx, index, original, bounce);
	if (original != NULL && status == STATUS_OK)
		status = tell_original(ctx, original, bounce, time);
	talloc_free(original);
	talloc_free(bounce);
	return status;
}
