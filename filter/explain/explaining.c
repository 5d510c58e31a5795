#include "explain/explaining.h"

#include <talloc.h>

#include "index/mail-bytes.h"
#include "resend/resend-original.h"

/* Bounces about one mail that are explained when that mail is named. */
#define BOUNCES_MAX 10

static void add(struct explaining *explaining, const char *text)
{
	if (explaining->text == NULL)
		explaining->text = talloc_strdup(explaining->ctx, text);
	else
		explaining->text = talloc_asprintf_append_buffer(explaining->text, "%s%s", explaining->between, text);
}

/* The mail that came back: the user's own or, if that is not there, what the bounce brought. */
static void find_other(struct explaining *explaining, const struct incident *incident, const char *bytes, size_t length)
{
	struct mail *original =
	        explaining->index != NULL && (incident->genuine == GENUINE_LINKED || incident->genuine == GENUINE_PROBABLE)
	                ? index_find(explaining->ctx, explaining->index, incident->original_id)
	                : NULL;
	struct original_copy copy;

	explaining->others = (struct others){NULL, 0, NULL, 0};
	if (original != NULL)
		others_add(explaining->ctx, &explaining->others, original);
	else if (kind_is_bounce(incident->judgement->facts->kind)) {
		copy = original_returned(explaining->ctx, bytes, length, incident->judgement->facts);
		if (copy.bytes != NULL) {
			explaining->others.returned = talloc_memdup(explaining->ctx, copy.bytes, copy.length);
			explaining->others.returned_length = copy.length;
		}
	}
	talloc_free(original);
}

/* MAIL: the bounce in the index; NULL: not known to be there. */
static enum status explain(struct explaining *explaining, struct mail *mail, const char *bytes, size_t length)
{
	void *scratch = talloc_new(explaining->ctx);
	struct incident *incident;
	struct judgement judgement;
	enum status status = judge_mail(scratch, explaining->judge, bytes, length, &judgement);

	if (status == STATUS_OK) {
		incident = incident_read(scratch, &judgement, explaining->index, &explaining->settings, mail);
		if (explaining->wants_others)
			find_other(explaining, incident, bytes, length);
		if (explaining->is_report)
			incident->genuine = GENUINE_NOT_ASKED; /* a part alone can't be tied to anything */
		add(explaining,
		        explaining->form(scratch, explanation_make(scratch, incident, explaining->wording), &explaining->style));
	}
	talloc_free(scratch);
	return status;
}

/* The ids of the bounces about MAIL, NULL-terminated and owned by it; NULL: none. */
static char **bounces_about(struct mail *mail)
{
	char **bounces = mail != NULL ? mail_values(mail, mail, "bounce.by") : NULL;

	return bounces != NULL && bounces[0] != NULL ? bounces : NULL;
}

static enum status explain_bounces(struct explaining *explaining, char **ids)
{
	struct others others = {NULL, 0, NULL, 0};
	enum status status = STATUS_OK;
	size_t i, length;

	for (i = 0; status == STATUS_OK && ids[i] != NULL && i < BOUNCES_MAX; i++) {
		struct mail *bounce = index_find(explaining->ctx, explaining->index, ids[i]);
		char *bytes = bounce != NULL ? mail_bytes(bounce, bounce, &length) : NULL;

		if (bytes != NULL)
			status = explain(explaining, bounce, bytes, length);
		if (bytes != NULL)
			others_add(explaining->ctx, &others, bounce);
		talloc_free(bounce);
	}
	explaining->others = others;
	return status;
}

/* The part as a mail that has nothing else (RFC 3462). Nothing in it can end it: it is the last. */
static char *report_as_mail(const void *ctx, const char *bytes, size_t length)
{
	return talloc_asprintf(ctx,
	        "MIME-Version: 1.0\n"
	        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_notmuch-bounce\"\n\n"
	        "--=_notmuch-bounce\n"
	        "Content-Type: message/delivery-status\n\n%.*s\n--=_notmuch-bounce--\n",
	        (int)length, bytes);
}

enum status explaining_bytes(struct explaining *explaining, const char *bytes, size_t length)
{
	struct mail *mail;
	char *report, **about;
	enum status status;

	if (explaining->is_report) {
		report = report_as_mail(explaining->ctx, bytes, length);
		return explain(explaining, NULL, report, talloc_get_size(report) - 1);
	}
	mail = mail_of_bytes(explaining->ctx, explaining->index, &explaining->settings, bytes, length);
	about = bounces_about(mail);
	status = about != NULL ? explain_bounces(explaining, about) : explain(explaining, mail, bytes, length);
	talloc_free(mail);
	return status;
}

enum status explaining_id(struct explaining *explaining, const char *id, const char **why)
{
	struct mail *mail = index_find(explaining->ctx, explaining->index, id);
	char **about = bounces_about(mail), *bytes;
	size_t length;

	*why = "is not in the index";
	if (mail == NULL)
		return STATUS_NO_INPUT;
	if (about != NULL)
		return explain_bounces(explaining, about);
	bytes = mail_bytes(mail, mail, &length);
	*why = "has no file any more";
	return bytes != NULL ? explain(explaining, mail, bytes, length) : STATUS_NO_INPUT;
}
