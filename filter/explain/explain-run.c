#include "explain/explain-run.h"

#include <glib.h>

#include "index/mail-files.h"
#include "index/outcome.h"
#include "index/properties.h"
#include "mail/address.h"
#include "resend/resend.h"
#include "text/text.h"

/* Bounces about one mail that are explained when that mail is named. */
#define BOUNCES_MAX 10

/* A mail that failed for so many recipients or more is explained in groups; so many addresses of a
 * group are shown; and so many bounces are looked at for an example. */
#define GROUPED_FROM 6
#define GROUP_SHOWN_MAX 10
#define GROUPED_BOUNCES_MAX 500
#define GROUPED_OTHERS_MAX 20 /* bounces that `o` opens */

/* Bytes of a file's name or an id that are shown. */
#define NAME_SHOWN_MAX 200

/* Adds an explanation. RUN's name is cleaned, as others choose names of files and ids. */
static void add(struct explain_run *run, const char *text)
{
	const char *name = run->name != NULL ? run->name : "-";

	if (run->count++ == 0)
		run->only = talloc_strdup(run->ctx, text);
	if (run->form == page_text)
		buffer_print(&run->all, "%s=== %s\n\n", run->count > 1 ? "\n" : "",
		        text_one_line(run->ctx, name, NAME_SHOWN_MAX));
	buffer_add_string(&run->all, text);
}

/* Finds the mail that came back: the user's own or, if that is not there, the copy in the bounce. */
static void find_other(struct explain_run *run, const struct bounce_context *context,
        const char *bytes, size_t length)
{
	const struct facts *facts = context->judgement->facts;

	run->others = (struct ids){NULL, 0};
	run->returned = NULL;
	if (run->index != NULL &&
	        (context->genuine == GENUINE_LINKED || context->genuine == GENUINE_PROBABLE))
		ids_add(run->ctx, &run->others, context->original_id);
	else if (kind_is_bounce(facts->kind)) {
		struct original_copy copy = original_returned(run->ctx, bytes, length, facts);

		if (copy.bytes != NULL)
			run->returned = talloc_memdup(run->ctx, copy.bytes, copy.length);
		run->returned_length = copy.length;
	}
}

/* Explains the bounce BYTES. MAIL is the bounce in the index; NULL: not known to be there. */
static enum status explain(
        struct explain_run *run, struct mail *mail, const char *bytes, size_t length)
{
	void *scratch = talloc_new(run->ctx);
	struct judgement judgement;
	enum status status = judge_mail(scratch, run->judge, bytes, length, &judgement);

	if (status == STATUS_OK) {
		struct bounce_context *context =
		        bounce_context_read(scratch, &judgement, run->index, run->own, mail);

		if (run->wants_others)
			find_other(run, context, bytes, length);
		if (run->is_alone)
			context->genuine = GENUINE_NOT_ASKED;
		add(run, run->form(scratch, explanation_make(scratch, context, run->wording),
		                 &run->style));
	}
	talloc_free(scratch);
	return status;
}

/* -- a mail that failed for many: groups by reason instead of a page for each bounce */

/* Returns the first of the bounces IDS that has REASON; NULL: there is none. */
static char *example(struct index *index, char **ids, enum reason reason)
{
	char *found = NULL;

	for (size_t i = 0; found == NULL && ids[i] != NULL && i < GROUPED_BOUNCES_MAX; i++) {
		SCOPED struct mail *bounce = index_find(NULL, index, ids[i]);
		char *name = bounce != NULL ? mail_value(bounce, bounce, PROPERTY_REASON) : NULL;

		if (name != NULL && strcmp(name, reason_name(reason)) == 0)
			found = ids[i];
	}
	return found;
}

/* Adds a line that is at most as wide as RUN's terminal. */
static void add_line(
        struct buffer *buffer, const struct explain_run *run, const char *before, const char *text)
{
	size_t width = run->style.width < PAGE_WIDTH_MIN ? PAGE_WIDTH_MIN : run->style.width;

	buffer_print(buffer, "%s%s\n", before,
	        text_in_columns(buffer->ctx, text, width - strlen(before)));
}

static char *said_with_count(
        const void *ctx, struct wording *wording, const char *key, size_t count, const char *name)
{
	return wording_say(ctx, wording, key,
	        WORDING_VALUES({"count", talloc_asprintf(ctx, "%zu", count)}, {"name", name}));
}

/* Adds the addresses among COUNT FATES that failed for REASON, and an example among the bounces IDS;
 * nothing if there are no such addresses. */
static void add_group(struct buffer *buffer, const struct explain_run *run,
        const struct recipient_fate *fates, size_t count, enum reason reason, char **ids)
{
	const void *ctx = buffer->ctx;
	struct wording *wording = run->wording;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct recipient_fate *fate = &fates[i];

		if (fate->state != STATE_FAILED || MIN(fate->reason, REASON_UNKNOWN) != reason)
			continue;
		if (found++ == 0)
			add_line(buffer, run, "\n",
			        talloc_asprintf(ctx, "%s · %s",
			                wording_name(ctx, wording, reason_name(reason), NULL),
			                wording_who(ctx, wording, reason)));
		if (found <= GROUP_SHOWN_MAX)
			add_line(buffer, run, "  ",
			        fate->address[0] != '\0' ? address_shown(ctx, fate->address)
			                                 : wording_label(wording, "no-address"));
	}
	if (found > GROUP_SHOWN_MAX)
		add_line(buffer, run, "  ",
		        said_with_count(ctx, wording, "and-more", found - GROUP_SHOWN_MAX, NULL));
	if (found == 0)
		return;
	char *command = page_action(ctx, &(struct step){.action = "explain"},
	        example(run->index, ids, reason), run->style.keys);

	if (command != NULL) /* never cut: it is to be copied */
		buffer_print(buffer, "  %s\n",
		        wording_say(ctx, wording, "group-example",
		                WORDING_VALUES({"command", command})));
}

/* Explains MAIL, which the bounces IDS are about, in groups. Returns false if it did not fail for
 * enough recipients, or the form is not a text. */
static bool explain_groups(struct explain_run *run, struct mail *mail, char **ids)
{
	void *scratch = talloc_new(run->ctx);
	struct buffer buffer = buffer_new(scratch);
	size_t count, failed = 0;
	struct recipient_fate *fates = outcome_read(scratch, mail, &count);

	for (size_t i = 0; i < count; i++)
		failed += fates[i].state == STATE_FAILED;
	if (failed >= GROUPED_FROM && run->form == page_text) {
		const char *subject = mail_header(mail, "Subject");
		char *name = wording_say(scratch, run->wording, "mail-subject",
		        WORDING_VALUES(
		                {"subject", text_one_line(scratch, subject, NAME_SHOWN_MAX)}));

		add_line(&buffer, run, "",
		        said_with_count(scratch, run->wording, "headline-several", failed, name));
		for (enum reason reason = 0; reason < REASON_COUNT; reason++)
			add_group(&buffer, run, fates, count, reason, ids);
		add(run, buffer_text(&buffer));
	}
	talloc_free(scratch);
	return buffer.length > 0;
}

/* Explains the bounces IDS about MAIL, which the user sent: in groups, or one by one. */
static enum status explain_sent(struct explain_run *run, struct mail *mail, char **ids)
{
	struct ids others = {NULL, 0};
	bool grouped = explain_groups(run, mail, ids);
	size_t most = grouped ? GROUPED_OTHERS_MAX : BOUNCES_MAX, length;
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && ids[i] != NULL && i < most; i++) {
		SCOPED struct mail *bounce = index_find(NULL, run->index, ids[i]);
		char *bytes =
		        bounce != NULL && !grouped ? mail_bytes(bounce, bounce, &length) : NULL;

		if (bytes != NULL)
			status = explain(run, bounce, bytes, length);
		if (bytes != NULL || (grouped && bounce != NULL))
			ids_add(run->ctx, &others, ids[i]);
	}
	run->others = others;
	run->returned = NULL;
	return status;
}

/* Explains the mail of LENGTH BYTES (NULL: those of MAIL's file), which is MAIL in the index (NULL: it
 * is not there). */
static enum status explain_any(
        struct explain_run *run, struct mail *mail, const char *bytes, size_t length)
{
	char **about = mail != NULL ? mail_values(mail, mail, PROPERTY_BY) : NULL;

	if (about != NULL && about[0] != NULL)
		return explain_sent(run, mail, about);
	if (bytes == NULL && mail != NULL)
		bytes = mail_bytes(mail, mail, &length);
	return bytes != NULL ? explain(run, mail, bytes, length) : STATUS_NO_INPUT;
}

enum status explain_run_bytes(struct explain_run *run, const char *bytes, size_t length)
{
	SCOPED struct mail *mail = mail_of_bytes(NULL, run->index, bytes, length);

	return explain_any(run, mail, bytes, length);
}

enum status explain_run_mail(struct explain_run *run, struct mail *mail)
{
	return explain_any(run, mail, NULL, 0);
}
