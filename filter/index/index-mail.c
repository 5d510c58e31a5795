#include "index/index-mail.h"

#include <notmuch.h>
#include <string.h>
#include <talloc.h>

#include "base/list.h"

/* libnotmuch ends the process when `key=value` is longer than a Xapian term of its prefix may
 * be. */
#define PROPERTY_MAX 236

struct mail {
	notmuch_message_t *message;
	bool pretend;
	bool changed;
	char *changed_tags;
	enum status status;
};

static int mail_destroy(struct mail *mail)
{
	if (mail->changed && !mail->pretend)
		notmuch_message_thaw(mail->message);
	notmuch_message_destroy(mail->message);
	return 0;
}

struct mail *mail_new(const void *ctx, struct _notmuch_message *message, bool pretend)
{
	struct mail *mail = talloc_zero(ctx, struct mail);

	mail->message = message;
	mail->pretend = pretend;
	talloc_set_destructor(mail, mail_destroy);
	return mail;
}

const char *mail_id(const struct mail *mail)
{
	return notmuch_message_get_message_id(mail->message);
}

time_t mail_date(const struct mail *mail)
{
	return notmuch_message_get_date(mail->message);
}

const char *mail_header(struct mail *mail, const char *name)
{
	const char *value = notmuch_message_get_header(mail->message, name);

	return value != NULL ? value : "";
}

const char *mail_thread(struct mail *mail)
{
	return notmuch_message_get_thread_id(mail->message);
}

char **mail_files(const void *ctx, struct mail *mail)
{
	notmuch_filenames_t *names = notmuch_message_get_filenames(mail->message);
	char **list = list_new(ctx);
	size_t count = 0;

	for (; notmuch_filenames_valid(names); notmuch_filenames_move_to_next(names))
		list_add(ctx, &list, &count, notmuch_filenames_get(names));
	notmuch_filenames_destroy(names);
	return list;
}

bool mail_is_draft(struct mail *mail)
{
	char **files = mail_files(NULL, mail);
	bool draft = files[0] != NULL;
	size_t i;

	for (i = 0; files[i] != NULL; i++) {
		const char *flags = strstr(strrchr(files[i], '/'), ":2,");

		draft = draft && flags != NULL && strchr(flags + 3, 'D') != NULL;
	}
	talloc_free(files);
	return draft;
}

char **mail_tags(const void *ctx, struct mail *mail)
{
	notmuch_tags_t *tags = notmuch_message_get_tags(mail->message);
	char **list = list_new(ctx);
	size_t count = 0;

	for (; notmuch_tags_valid(tags); notmuch_tags_move_to_next(tags))
		list_add(ctx, &list, &count, notmuch_tags_get(tags));
	notmuch_tags_destroy(tags);
	return list;
}

char **mail_values(const void *ctx, struct mail *mail, const char *key)
{
	notmuch_message_properties_t *properties =
	        notmuch_message_get_properties(mail->message, key, 1);
	char **list = list_new(ctx);
	size_t count = 0;

	for (; notmuch_message_properties_valid(properties);
	        notmuch_message_properties_move_to_next(properties))
		list_add(ctx, &list, &count, notmuch_message_properties_value(properties));
	notmuch_message_properties_destroy(properties);
	return list;
}

char *mail_value(const void *ctx, struct mail *mail, const char *key)
{
	char **values = mail_values(NULL, mail, key);
	char *value = talloc_strdup(ctx, values[0]);

	talloc_free(values);
	return value;
}

bool mail_has_tag(struct mail *mail, const char *tag)
{
	char **tags = mail_tags(NULL, mail);
	bool has = list_has((const char *const *)tags, tag);

	talloc_free(tags);
	return has;
}

bool mail_has_value(struct mail *mail, const char *key, const char *value)
{
	char **values = mail_values(NULL, mail, key);
	bool has = list_has((const char *const *)values, value);

	talloc_free(values);
	return has;
}

/* Note that MAIL changes. Whether libnotmuch has to be told. */
static bool mail_change(struct mail *mail)
{
	if (!mail->changed && !mail->pretend &&
	        notmuch_message_freeze(mail->message) != NOTMUCH_STATUS_SUCCESS)
		mail->status = STATUS_IO;
	mail->changed = true;
	return !mail->pretend;
}

static void mail_result(struct mail *mail, notmuch_status_t status)
{
	if (status != NOTMUCH_STATUS_SUCCESS && mail->status == STATUS_OK)
		mail->status =
		        status == NOTMUCH_STATUS_OUT_OF_MEMORY ? STATUS_TRY_LATER : STATUS_IO;
}

void mail_put_tag(struct mail *mail, const char *tag, bool wanted)
{
	if (mail_has_tag(mail, tag) == wanted)
		return;
	mail->changed_tags = talloc_asprintf_append_buffer(
	        mail->changed_tags != NULL ? mail->changed_tags : talloc_strdup(mail, ""), " %c%s",
	        wanted ? '+' : '-', tag);
	if (mail_change(mail))
		mail_result(mail, wanted ? notmuch_message_add_tag(mail->message, tag)
		                         : notmuch_message_remove_tag(mail->message, tag));
}

bool mail_can_hold(const char *key, const char *value)
{
	return value[0] != '\0' && strlen(key) + 1 + strlen(value) <= PROPERTY_MAX;
}

static void change_value(struct mail *mail, const char *key, const char *value, bool wanted)
{
	if (mail_can_hold(key, value) && mail_change(mail))
		mail_result(
		        mail, wanted ? notmuch_message_add_property(mail->message, key, value)
		                     : notmuch_message_remove_property(mail->message, key, value));
}

void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted)
{
	if (mail_has_value(mail, key, value) != wanted)
		change_value(mail, key, value, wanted);
}

void mail_set_values(struct mail *mail, const char *key, char *const *values)
{
	char **old = mail_values(NULL, mail, key);
	size_t i;

	for (i = 0; old[i] != NULL; i++)
		if (!list_has((const char *const *)values, old[i]))
			change_value(mail, key, old[i], false);
	for (i = 0; values != NULL && values[i] != NULL; i++)
		if (!list_has((const char *const *)old, values[i]))
			change_value(mail, key, values[i], true);
	talloc_free(old);
}

void mail_set_value(struct mail *mail, const char *key, const char *value)
{
	char *const values[] = {(char *)value, NULL};

	mail_set_values(mail, key, values);
}

const char *mail_changed_tags(const struct mail *mail)
{
	return mail->changed_tags != NULL ? mail->changed_tags : "";
}

size_t mail_count_values(struct mail *mail, const char *prefix)
{
	notmuch_message_properties_t *properties =
	        notmuch_message_get_properties(mail->message, prefix, 0);
	size_t count = 0;

	for (; notmuch_message_properties_valid(properties);
	        notmuch_message_properties_move_to_next(properties))
		count++;
	notmuch_message_properties_destroy(properties);
	return count;
}

void mail_remove_values(struct mail *mail, const char *prefix)
{
	if (mail_count_values(mail, prefix) > 0 && mail_change(mail))
		mail_result(mail,
		        notmuch_message_remove_all_properties_with_prefix(mail->message, prefix));
}

enum status mail_status(const struct mail *mail)
{
	return mail->status;
}
