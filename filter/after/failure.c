#include "after/failure.h"

#include <glib.h>
#include <jansson.h>
#include <string.h>
#include <talloc.h>

#include "mail/address.h"

void failure_each(const struct judgement *judgement, failure_fn *each, void *argument)
{
	const struct facts *facts = judgement->facts;
	void *scratch = talloc_new(NULL);
	char **from =
	        facts->original.from != NULL ? address_list(scratch, facts->original.from) : NULL;
	size_t i;

	for (i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const struct failure failure = {
		        .address = recipient->address[0] != '\0' ? recipient->address : NULL,
		        .server = recipient->remote_mta != NULL ? recipient->remote_mta
		                                                : facts->reporting_mta,
		        .sender = from != NULL ? from[0] : NULL,
		        .words = recipient->diagnostic,
		        .reason = judgement->verdicts[i].reason,
		        .delayed = recipient->action == ACTION_DELAYED,
		        .time = facts->date,
		};

		if (recipient->action != ACTION_DELIVERED)
			each(argument, &failure);
	}
	talloc_free(scratch);
}

static const char *string_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* 0: DATE is NULL, or none. */
static time_t time_of(const char *date)
{
	GDateTime *read = date != NULL ? g_date_time_new_from_iso8601(date, NULL) : NULL;
	time_t time = read != NULL ? (time_t)g_date_time_to_unix(read) : 0;

	if (read != NULL)
		g_date_time_unref(read);
	return time;
}

static void read_recipient(
        const json_t *bounce, const json_t *recipient, failure_fn *each, void *argument)
{
	const char *server = string_of(recipient, "remote_mta"),
	           *action = string_of(recipient, "action"),
	           *reason = string_of(recipient, "reason");
	void *scratch = talloc_new(NULL);
	const char *from = string_of(json_object_get(bounce, "original"), "from");
	char **senders = from != NULL ? address_list(scratch, from) : NULL;
	struct failure failure = {
	        .address = string_of(recipient, "address"),
	        .server = server != NULL ? server : string_of(bounce, "reporting_mta"),
	        .sender = senders != NULL ? senders[0] : NULL,
	        .words = string_of(recipient, "diagnostic"),
	        .reason = reason != NULL ? reason_by_name(reason, strlen(reason)) : REASON_COUNT,
	        .delayed = action != NULL && strcmp(action, "delayed") == 0,
	        .time = time_of(string_of(bounce, "date")),
	};

	if (failure.reason != REASON_COUNT)
		each(argument, &failure);
	talloc_free(scratch);
}

bool failure_each_json(const char *line, size_t length, failure_fn *each, void *argument)
{
	json_t *bounce = json_loadb(line, length, 0, NULL);
	json_t *recipients = json_object_get(bounce, "recipients");
	size_t i;

	if (string_of(bounce, "kind") == NULL || !json_is_array(recipients)) {
		json_decref(bounce);
		return false;
	}
	for (i = 0; i < json_array_size(recipients); i++)
		read_recipient(bounce, json_array_get(recipients, i), each, argument);
	json_decref(bounce);
	return true;
}
