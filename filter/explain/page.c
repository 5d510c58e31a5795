#include "explain/page.h"

#include <stddef.h>
#include <string.h>
#include <talloc.h>

#include "explain/placeholders.h"
#include "text/text.h"

static const struct {
	const char *name;
	const char *key;
	const char *command; /* with the id behind it, if it ends in a blank */
} actions[] = {
        {"resend", "r", "notmuch bounce resend "},
        {"resend-to", "m", "notmuch bounce resend --suggest "},
        {"resend-plain", "m", "notmuch bounce resend --plain "},
        {"resend-without", "m", "notmuch bounce resend --no-attachments "},
        {"resend-zip", "m", "notmuch bounce resend --zip "},
        {"resend-split", "m", "notmuch bounce resend --split=5M --draft=DIR "},
        {"status", "s", "notmuch bounce status "},
        {"undelivered", "u", "notmuch bounce status"},
        {"original", "o", NULL},
        {"handled", "h", "notmuch bounce handled "},
        {"explain", "o", "notmuch bounce explain "},
};

/* Ids are chosen by whoever wrote the mail: only what no shell and no query looks at is shown to be
 * copied. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-=";

char *page_action(const void *ctx, const struct step *step, const char *id, const char *prefix)
{
	const char *command;
	size_t i;

	for (i = 0; step->action != NULL && i < sizeof actions / sizeof *actions; i++)
		if (strcmp(actions[i].name, step->action) == 0)
			break;
	if (step->action == NULL || i == sizeof actions / sizeof *actions)
		return NULL;
	if (prefix != NULL)
		return talloc_asprintf(ctx, "%s%s", prefix, actions[i].key);
	command = actions[i].command;
	if (command != NULL && command[strlen(command) - 1] != ' ')
		return talloc_strdup(ctx, command);
	if (command == NULL || id == NULL || id[0] == '\0' || id[0] == '-' ||
	        strspn(id, plain) != strlen(id))
		return NULL;
	if (step->to != NULL && strspn(step->to, plain) == strlen(step->to))
		return talloc_asprintf(ctx, "notmuch bounce resend --to=%s id:%s", step->to, id);
	return talloc_asprintf(ctx, "%sid:%s", command, id);
}

/* The label KEY; NULL if that is. */
static const char *title_of(const struct page *page, const char *key)
{
	return key != NULL ? wording_label(page->wording, key) : NULL;
}

static void put(struct page *page, const struct page_form *form, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		form->text(page, title_of(page, key), text);
}

static void put_list(
        struct page *page, const struct page_form *form, const char *key, char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		put(page, form, key, *list);
		key = NULL;
	}
}

/* Several addresses stand below their headline, one a line. */
static void put_addresses(
        struct page *page, const struct page_form *form, const struct explained *explained)
{
	char *count = talloc_asprintf(page->buffer.ctx, "%zu", explained->left_out);
	size_t i;

	if (explained->addresses[0] == NULL || explained->addresses[1] == NULL)
		return;
	for (i = 0; explained->addresses[i] != NULL; i++)
		form->line(page, "  ", explained->addresses[i]);
	if (explained->left_out > 0)
		form->line(page, "  ",
		        wording_say(page->buffer.ctx, page->wording, "and-more",
		                WORDING_VALUES({"count", count})));
}

/* Whether it can be believed, and which mail came back. */
static void put_mail(struct page *page, const struct page_form *form)
{
	const struct explanation *explanation = page->explanation;
	bool has_subject = explanation->subject != NULL;

	put(page, form, "title-genuine", explanation->genuine);
	put(page, form, "title-mail", explanation->subject);
	put(page, form, has_subject ? NULL : "title-mail", explanation->mail);
	if (has_subject || explanation->mail != NULL)
		put(page, form, NULL, explanation->unheard);
}

static void put_happened(
        struct page *page, const struct page_form *form, const struct explained *explained)
{
	static const char *const names[] = {
	        "way-you", "way-your-server", "way-their-server", "way-mailbox"};
	bool is_local = explained->part == PART_LOCAL;
	const char *hops[HOP_COUNT];
	size_t i;

	put(page, form, "title-happened", explained->happened);
	if (explained->part != PART_NONE && explained->addresses[1] == NULL &&
	        placeholder_address(page->buffer.ctx, explained->addresses[0]) != NULL)
		form->part(page, explained->addresses[0], is_local,
		        title_of(page, is_local ? "part-local" : "part-domain"));
	put(page, form, NULL, explained->forwarded);
	for (i = 0; i < HOP_COUNT; i++)
		hops[i] = title_of(page, names[i]);
	if (explained->has_path)
		form->path(page, title_of(page, "title-way"), &explained->path, hops);
	if (explained->who != NULL)
		form->who(page, title_of(page, "title-who"), explained->who, explained->turn);
}

static void put_evidence(
        struct page *page, const struct page_form *form, const struct explained *explained)
{
	size_t i;

	put_list(page, form, "title-history", explained->history);
	if (explained->reason < REASON_COUNT && explained->saying_count == 0)
		put(page, form, "title-said", title_of(page, "said-nothing"));
	for (i = 0; i < explained->saying_count; i++) {
		const struct saying *saying = &explained->sayings[i];

		form->saying(page, title_of(page, i == 0 ? "title-said" : NULL),
		        saying->source != NULL ? saying->source : title_of(page, "said-by-unknown"),
		        saying->words);
	}
	if (explained->detail_count > 0)
		form->details(page, title_of(page, "title-details"), explained);
}

static void put_explained(
        struct page *page, const struct page_form *form, const struct explained *explained)
{
	bool is_first = explained == page->explanation->list;

	if (!is_first)
		form->gap(page);
	form->headline(page, explained->headline != NULL ? explained->headline : explained->name);
	put_addresses(page, form, explained);
	if (is_first && page->explanation->alarm != NULL)
		form->line(page, "", page->explanation->alarm);
	form->gap(page);
	if (is_first)
		put_mail(page, form);
	put_happened(page, form, explained);
	form->gap(page);
	if (explained->step_count > 0)
		form->steps(page, title_of(page, "title-do"), explained);
	put_list(page, form, "title-avoid", explained->avoid);
	if (explained->sample != NULL && explained->sample[0] != NULL)
		form->gap(page);
	put_list(page, form, "title-sample", explained->sample);
	put(page, form, "title-brief", explained->brief);
	form->gap(page);
	put_evidence(page, form, explained);
}

void page_write(struct page *page, const struct page_form *form)
{
	size_t i;

	for (i = 0; i < page->explanation->count; i++)
		put_explained(page, form, &page->explanation->list[i]);
}

char *page_short(
        const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	struct buffer line = buffer_new(ctx);
	size_t i;

	for (i = 0; i < explanation->count; i++) {
		const struct explained *explained = &explanation->list[i];

		buffer_add_string(&line, i > 0 ? " / " : "");
		buffer_add_string(
		        &line, explained->headline != NULL ? explained->headline : explained->name);
	}
	return talloc_asprintf(ctx, "%s\n", text_in_columns(ctx, buffer_text(&line), style->width));
}
