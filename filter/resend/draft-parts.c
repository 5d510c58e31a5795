#include "resend/draft-parts.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "resend/draft-content.h"
#include "text/text.h"

static bool has_disposition(const struct part *part, const char *disposition)
{
	char *value = part_field(NULL, part, "Content-Disposition");
	bool has = value != NULL && strncasecmp(value, disposition, strlen(disposition)) == 0;

	talloc_free(value);
	return has;
}

static bool has_name(const struct part *part)
{
	char *name = content_name(NULL, part);

	talloc_free(name);
	return name != NULL;
}

bool part_is_text(const struct part *part)
{
	if (part->first != NULL || !(part_isa(part, "text/plain") || part_isa(part, "text/html")))
		return false;
	if (part->parent == NULL)
		return true;
	/* One of several forms of a text may have a name all the same. */
	return !has_disposition(part, "attachment") && (part_isa(part->parent, "multipart/alternative") || !has_name(part));
}

bool part_is_attachment(const struct part *part)
{
	if (part->first != NULL || part_isa(part, "multipart/") || part_is_text(part))
		return false;
	/* What stands beside the text in these is another form of it, or belongs to it. */
	return has_disposition(part, "attachment") ||
	       !(part_is_in(part, "multipart/related") ||
	               (part->parent != NULL && part_isa(part->parent, "multipart/alternative")));
}

/* Endings for files without a name. */
static const char *ending_of(const struct part *part)
{
	static const char *const endings[][2] = {{"message/rfc822", "eml"}, {"text/plain", "txt"}, {"text/html", "html"},
	        {"image/jpeg", "jpg"}, {"image/png", "png"}, {"image/gif", "gif"}, {"application/pdf", "pdf"},
	        {"text/calendar", "ics"}, {"text/vcard", "vcf"}, {"text/csv", "csv"}, {"application/zip", "zip"}};
	size_t i;

	for (i = 0; i < sizeof endings / sizeof *endings; i++)
		if (part_isa(part, endings[i][0]))
			return endings[i][1];
	return "bin";
}

char *part_name(const void *ctx, const struct part *part)
{
	char *given = content_name(NULL, part), *name = NULL, *p;
	const char *last = given;

	for (p = given; p != NULL && *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			last = p + 1;
	if (last != NULL)
		name = text_one_line(ctx, last, strlen(last), VALUE_MAX / 4);
	talloc_free(given);
	if (name != NULL && name[strspn(name, " .")] != '\0')
		return name;
	return talloc_asprintf(ctx, "%s.%s", part_isa(part, "message/rfc822") ? "mail" : "attachment", ending_of(part));
}

static bool count_bytes(void *argument, const char *bytes, size_t length)
{
	size_t *size = argument;

	(void)bytes;
	*size += length;
	return true;
}

size_t part_content_size(const struct part *part)
{
	size_t size = 0;

	content_each(part, count_bytes, &size);
	return size;
}

char *size_words(const void *ctx, size_t size)
{
	if (size < 1000)
		return talloc_asprintf(ctx, "%zu bytes", size);
	if (size < 1000000)
		return talloc_asprintf(ctx, "%zu kB", (size + 500) / 1000);
	return talloc_asprintf(ctx, "%zu.%zu MB", (size + 50000) / 1000000, (size + 50000) / 100000 % 10);
}

/* Whether the mail is signed or encrypted; within its text matters only when that is changed. */
static bool is_sealed(struct making *making)
{
	static const char *const seals[] = {
	        "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"};
	struct part *part;
	size_t i;

	for (part = making->root; part != NULL; part = tree_next(making->root, part)) {
		for (i = 0; i < sizeof seals / sizeof *seals; i++)
			if (part_isa(part, seals[i]))
				return true;
		if (part_is_text(part) && making->plan->plain &&
		        memmem(part->body.start, part->body.length, "-----BEGIN PGP ", 15) != NULL)
			return true;
	}
	return false;
}

void parts_check_seal(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	const char *repair = plan->plain              ? "--plain"
	                     : plan->no_attachments   ? "--no-attachments"
	                     : plan->zip              ? "--zip"
	                     : plan->split > 0        ? "--split"
	                     : plan->note             ? "--note"
	                     : plan->quote_recipients ? "--quote-recipients"
	                                              : NULL;

	if (repair != NULL && is_sealed(making))
		making_refuse(making, "refuse-sealed", WORDING_VALUES({"option", repair}));
}

void parts_drop_attachments(struct making *making)
{
	struct part *part;

	for (part = making->root; part != NULL; part = tree_next(making->root, part))
		if (part_is_attachment(part)) {
			char *name = part_name(making->ctx, part), *size = size_words(making->ctx, part_content_size(part));

			making_top(making, wording_say(making->ctx, making->plan->words, "draft-left-out",
			                           WORDING_VALUES({"name", name}, {"size", size})));
			part->dropped = true;
		}
}

bool parts_wrap(struct making *making)
{
	const char *eol = making->plan->source.eol;
	struct part *root;

	if (part_isa(making->root, "multipart/mixed") && making->root->boundary != NULL && making->root->tail.length > 0)
		return true;
	root = part_new_mixed(making->ctx, eol);
	if (root == NULL) {
		making->failed = true;
		return false;
	}
	part_insert(root, making->root, true, eol);
	making->root = root;
	return true;
}
