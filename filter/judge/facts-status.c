#include "judge/facts-status.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/date.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

static const struct {
	const char *word;
	enum action action;
} actions[] = {
        {"fail", ACTION_FAILED}, /* failed, failure */
        {"error", ACTION_FAILED},
        {"expired", ACTION_FAILED},
        {"undeliver", ACTION_FAILED},
        {"bounce", ACTION_FAILED},
        {"delay", ACTION_DELAYED},
        {"deferred", ACTION_DELAYED},
        {"deliver", ACTION_DELIVERED}, /* delivered, deliverable */
        {"relay", ACTION_DELIVERED},
        {"expand", ACTION_DELIVERED},
        {"success", ACTION_DELIVERED},
};

/* RFC 3464 section 2.3.3. Without an Action that is known the class of the status decides; false if that is not said either, or nonsense. */
static bool action_read(const char *value, const char *status, enum action *action)
{
	size_t i;

	for (i = 0; value != NULL && i < sizeof actions / sizeof *actions; i++)
		if (strncasecmp(value, actions[i].word, strlen(actions[i].word)) == 0) {
			*action = actions[i].action;
			return true;
		}
	*action = status == NULL || status[0] == '5' ? ACTION_FAILED : status[0] == '4' ? ACTION_DELAYED : ACTION_DELIVERED;
	return value == NULL || status != NULL;
}

static char *address_of(struct facts *facts, const struct fields *group, const char *name)
{
	const char *value = fields_value(group, name);
	char *address = value != NULL ? address_from_field(facts, value, strcasecmp(name, "Original-Recipient") == 0) : NULL;

	return address;
}

/* Final-Recipient, unless it is no address and another field has one: X.400 gateways, pipes and aliases put other things there. */
static char *recipient_address(struct facts *facts, const struct fields *group, const char *original)
{
	char *address = address_of(facts, group, "Final-Recipient");
	char *actual;

	if (address != NULL && address_is_complete(address))
		return address;
	if (original != NULL && address_is_complete(original))
		return talloc_strdup(facts, original);
	actual = address_of(facts, group, "X-Actual-Recipient");
	return actual != NULL && address_is_complete(actual) ? actual : address;
}

/* A host in `dns; mx.example.net (192.0.2.1)`. */
static char *host_of(const void *ctx, const char *value)
{
	const char *semicolon = strchr(value, ';');
	char *line = text_one_line(
	        ctx, semicolon != NULL ? semicolon + 1 : value, strlen(semicolon != NULL ? semicolon + 1 : value), VALUE_MAX);
	size_t length;

	length = strcspn(line, " (");
	while (length > 0 && line[length - 1] == '.')
		length--;
	line[length] = '\0';
	return length > 0 ? line : NULL;
}

static void read_codes(struct facts *facts, const struct fields *group, struct recipient *recipient)
{
	const char *status = fields_value(group, "Status"), *remote = fields_value(group, "Remote-MTA");
	const char *code = fields_value(group, "Diagnostic-Code");

	if (status != NULL) {
		recipient->status = diagnostic_status(facts, status);
		if (recipient->status == NULL)
			recipient->reply = diagnostic_reply(status);
	}
	if (remote != NULL)
		recipient->remote_mta = host_of(facts, remote);
	if (code == NULL || code[strspn(code, " ")] == '\0')
		code = fields_value(group, "X-Exim-Diagnostic");
	if (code == NULL && status != NULL && strchr(status, '(') != NULL)
		code = status; /* `4.0.0 (host name lookup failure)`: sendmail of old says it there */
	if (code != NULL)
		facts_set_diagnostic(facts, recipient, message_decode(facts, code));
}

static void read_recipient(struct facts *facts, const struct fields *group)
{
	char *original = address_of(facts, group, "Original-Recipient");
	char *address = recipient_address(facts, group, original);
	const char *status = fields_value(group, "Status");
	size_t before = facts->recipient_count;
	struct recipient *recipient;
	enum action action;

	if (!action_read(fields_value(group, "Action"), status != NULL ? diagnostic_status(facts, status) : NULL, &action))
		return;
	recipient = facts_recipient(facts, address != NULL ? address : "");
	if (recipient == NULL)
		return;
	if (facts->recipient_count == before && recipient->diagnostic != NULL)
		return; /* the same recipient again, with nothing new */
	if (original != NULL && address != NULL && !address_equal(original, address))
		recipient->original_address = original;
	read_codes(facts, group, recipient);
	recipient->action = action;
	recipient->retry_until = date_read(fields_value(group, "Will-Retry-Until"));
}

static bool names_recipient(const struct fields *group)
{
	static const char *const names[] = {"Final-Recipient", "Original-Recipient", "X-Actual-Recipient", "Action"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (fields_value(group, names[i]) != NULL)
			return true;
	return false;
}

void facts_read_status(struct facts *facts, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->group_count; i++) {
		const struct fields *group = &report->groups[i];
		const char *reporting = fields_value(group, "Reporting-MTA");

		if (facts->reporting_mta == NULL && reporting != NULL)
			facts->reporting_mta = host_of(facts, reporting);
		if (names_recipient(group))
			read_recipient(facts, group);
	}
}
