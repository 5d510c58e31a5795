#include "index/story.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/resent.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "text/text.h"

static void story_add(struct story *story, const char *address, enum fate_state state, time_t since, enum reason reason)
{
	struct fate *list = talloc_realloc(story, story->fates, struct fate, (unsigned)story->fate_count + 1);

	story->fates = list;
	list[story->fate_count++] = (struct fate){state, since, reason, talloc_strdup(list, address)};
}

static bool story_has(const struct story *story, const char *address)
{
	size_t i;

	for (i = 0; i < story->fate_count; i++)
		if (address_equal(story->fates[i].address, address))
			return true;
	return false;
}

/* What is told of a mail that was sent again is newer than what is told of the first. */
static void story_tell(struct story *story, const struct fate *fate)
{
	size_t i;

	for (i = 0; i < story->fate_count; i++)
		if (address_equal(story->fates[i].address, fate->address)) {
			story->fates[i].state = fate->state;
			story->fates[i].since = fate->since;
			story->fates[i].reason = fate->reason;
			return;
		}
	story_add(story, fate->address, fate->state, fate->since, fate->reason);
}

static bool is_open(enum fate_state state)
{
	return state == FATE_FAILED || state == FATE_DELAYED;
}

static void read_fates(struct story *story, struct mail *mail, enum story_extent extent)
{
	size_t count, i;
	struct fate *fates = fate_read(story, mail, &count);

	for (i = 0; i < count; i++)
		if (extent == STORY_ALL || is_open(fates[i].state))
			story_tell(story, &fates[i]);
}

/* Those of whom nothing was heard. */
static void read_recipients(struct story *story, struct mail *mail)
{
	static const char *const fields[] = {"To", "Cc", "Bcc"};
	size_t i, j;

	for (i = 0; i < sizeof fields / sizeof *fields; i++) {
		char **list = address_list(story, mail_header(mail, fields[i]));

		for (j = 0; list[j] != NULL && story->fate_count < RECIPIENTS_MAX; j++)
			if (!story_has(story, list[j]))
				story_add(story, list[j], FATE_NOTHING, 0, REASON_COUNT);
		talloc_free(list);
	}
}

/* A mail, and those that were sent in its place since. */
static void read_sent(struct story *story, struct index *index, struct mail *mail, enum story_extent extent, int times)
{
	char **again = mail_values(story, mail, RESENT_AS);
	size_t i;

	read_fates(story, mail, extent);
	for (i = 0; again[i] != NULL && times > 0; i++) {
		struct mail *sent = index_find(story, index, again[i]);

		if (sent != NULL)
			read_sent(story, index, sent, extent, times - 1);
		talloc_free(sent);
	}
	if (extent == STORY_ALL)
		read_recipients(story, mail);
}

/* The mail in whose place MAIL was sent, or that one was sent; NULL: it is the first. */
static struct mail *first_sent(const void *ctx, struct index *index, struct mail *mail)
{
	struct mail *first = NULL, *earlier = mail;
	int times;

	for (times = 0; times < RESENT_MAX; times++) {
		char *id = mail_value(ctx, earlier, RESENT_FOR);

		earlier = index_find(ctx, index, id);
		if (earlier == NULL)
			break;
		first = earlier;
	}
	return first;
}

/* Who of those wrote in the same thread since. */
static bool see_reply(void *argument, struct mail *mail)
{
	struct story *story = argument;
	char **from = address_list(story, mail_header(mail, "From"));
	size_t i;

	for (i = 0; from[0] != NULL && i < story->fate_count; i++)
		if (story->fates[i].state == FATE_NOTHING && mail_date(mail) > story->date &&
		        address_equal(story->fates[i].address, from[0])) {
			story->fates[i].state = FATE_REPLIED;
			story->fates[i].since = mail_date(mail);
		}
	talloc_free(from);
	return true;
}

/* A bounce that no mail is known for tells only what it says itself. */
static void read_bounce(struct story *story, struct mail *mail)
{
	char **addresses = mail_values(story, mail, "bounce.recipient");
	char *reason = mail_value(story, mail, "bounce.reason");
	enum fate_state state = mail_has_tag(mail, "bounce/delayed") ? FATE_DELAYED : FATE_FAILED;
	size_t i;

	if (reason == NULL)
		return;
	for (i = 0; addresses[i] != NULL; i++)
		story_add(story, addresses[i], state, mail_date(mail), reason_by_name(reason, strlen(reason)));
	if (story->fate_count == 0)
		story_add(story, "", state, mail_date(mail), reason_by_name(reason, strlen(reason)));
}

static void story_head(struct story *story, struct mail *mail)
{
	const char *subject = mail_header(mail, "Subject");

	story->id = talloc_strdup(story, mail_id(mail));
	story->subject = text_one_line(story, subject, strlen(subject), VALUE_MAX);
	story->date = mail_date(mail);
}

struct story *story_read(const void *ctx, struct index *index, struct mail *mail, enum story_extent extent)
{
	struct story *story = talloc_zero(ctx, struct story);
	struct mail *original = index_find(story, index, mail_value(story, mail, "bounce.of"));
	struct mail *first = first_sent(story, index, original != NULL ? original : mail);

	original = first != NULL ? first : original;
	story->is_original = original != NULL || !mail_has_tag(mail, "bounce");
	if (original != NULL)
		mail = original;
	story_head(story, mail);
	if (!story->is_original)
		read_bounce(story, mail);
	else
		read_sent(story, index, mail, extent, RESENT_MAX);
	if (story->is_original && extent == STORY_ALL)
		index_each(index, talloc_asprintf(story, "thread:%s", mail_thread(mail)), see_reply, story);
	talloc_free(original);
	if (story->fate_count == 0)
		TALLOC_FREE(story);
	return story;
}
