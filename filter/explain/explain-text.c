#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "explain/action.h"
#include "explain/explain-page.h"
#include "explain/explanation-values.h"
#include "text/text.h"
#include "text/wrap.h"

/* The address, and the part of it that is meant underlined. */
static void put_part(struct page *page, const struct explained *explained)
{
	const char *address = explanation_address(explained->addresses[0]), *at;
	size_t local, domain, start;

	if (explained->part == PART_NONE || address == NULL || explained->addresses[1] != NULL)
		return;
	at = strrchr(address, '@');
	local = text_width(address) - text_width(at);
	domain = text_width(at) - 1;
	start = explained->part == PART_LOCAL ? 0 : local + 1;
	if (page->indent + 2 + local + domain + 1 > page->width)
		return;
	buffer_print(&page->buffer, "%s  %s\n%s  %*s", page->margin, address, page->margin, (int)start, "");
	for (start = explained->part == PART_LOCAL ? local : domain; start > 0; start--)
		buffer_add_string(&page->buffer, "^");
	buffer_print(&page->buffer, " %s\n",
	        wording_label(page->wording, explained->part == PART_LOCAL ? "part-local" : "part-domain"));
}

/* Plain ASCII between the stations: how wide arrows and crosses are, terminals don't agree on. */
static void put_way(struct page *page, const struct way *way)
{
	static const char *const stations[] = {"way-you", "way-your-server", "way-their-server", "way-mailbox"};
	char *line = talloc_strdup(page->buffer.ctx, wording_label(page->wording, stations[0]));
	enum station station;

	for (station = STATION_YOUR_SERVER; station < STATION_COUNT; station++) {
		const char *mark = station < way->stopped_before   ? "-->"
		                   : station > way->stopped_before ? "..."
		                   : way->waiting                  ? "~~>"
		                                                   : "-X-";

		line = talloc_asprintf_append_buffer(line, " %s %s", mark, wording_label(page->wording, stations[station]));
	}
	page_put(page, "title-way", line);
}

static void put_how(struct page *page, const char *how, const char *prefix)
{
	const struct wording_value values[] = {{"key", how}, {NULL, NULL}};

	if (how != NULL && page->style->keys != NULL)
		buffer_print(
		        &page->buffer, "\n%s[%s]", prefix, wording_label_with(page->buffer.ctx, page->wording, "key", values));
	else if (how != NULL) /* in one line, to be copied, even where that is wider than the page */
		buffer_print(
		        &page->buffer, "\n%s$ %s", text_width(prefix) + 2 + text_width(how) <= page->width ? prefix : "  ", how);
}

static void put_steps(struct page *page, const struct explanation *explanation, const struct explained *explained)
{
	size_t i;

	for (i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];
		char *how = step->action != NULL
		                    ? action_how(page->buffer.ctx, step->action, explanation->incident->id, page->style->keys)
		                    : NULL;
		char *prefix = talloc_asprintf(page->buffer.ctx, "%s   ", page->margin);

		page_begin(page, "title-do", i == 0);
		buffer_print(&page->buffer, "%zu. ", i + 1);
		wrap_add(&page->buffer, step->text, page->indent + 3, prefix, page->width);
		put_how(page, how, prefix);
		page_newline(page);
	}
}

static void put_list(struct page *page, const char *title, char **list)
{
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		page_begin(page, title, i == 0);
		page_beside(page, list[i]);
	}
}

/* Quotations have a mark of their own at each line, so that nothing in them can be taken for words of ours. */
static void put_sayings(struct page *page, const struct explained *explained)
{
	char *prefix = talloc_asprintf(page->buffer.ctx, "%s> ", page->margin);
	size_t i;

	if (explained->reason < REASON_COUNT && explained->saying_count == 0)
		page_put(page, "title-said", wording_label(page->wording, "said-nothing"));
	for (i = 0; i < explained->saying_count; i++) {
		const struct saying *saying = &explained->sayings[i];

		page_begin(page, "title-said", i == 0);
		page_beside(page, saying->source != NULL ? saying->source : wording_label(page->wording, "said-by-unknown"));
		buffer_add_string(&page->buffer, prefix);
		wrap_add(&page->buffer, saying->words, page->indent + 2, prefix, page->width);
		page_newline(page);
	}
}

static void put_details(struct page *page, const struct explained *explained)
{
	size_t widest = 0, i;

	for (i = 0; i < explained->detail_count; i++) {
		size_t width = text_width(explained->details[i].label);

		widest = width > widest ? width : widest;
	}
	for (i = 0; i < explained->detail_count; i++) {
		const struct detail *detail = &explained->details[i];
		char *prefix = talloc_asprintf(page->buffer.ctx, "%s%*s", page->margin, (int)widest + 2, "");

		page_begin(page, "title-details", i == 0);
		buffer_print(&page->buffer, "%s%*s", detail->label, (int)(widest + 2 - text_width(detail->label)), "");
		wrap_add(&page->buffer, detail->text, page->indent + widest + 2, prefix, page->width);
		page_newline(page);
	}
}

/* Several addresses stand below their headline, one a line. */
static void put_addresses(struct page *page, const struct explained *explained)
{
	char number[32];
	const struct wording_value values[] = {{"count", number}, {NULL, NULL}};
	size_t i;

	if (explained->addresses[0] == NULL || explained->addresses[1] == NULL)
		return;
	for (i = 0; explained->addresses[i] != NULL; i++) {
		buffer_add_string(&page->buffer, "  ");
		wrap_add(&page->buffer, explained->addresses[i], 2, "    ", page->width);
		page_newline(page);
	}
	snprintf(number, sizeof number, "%zu", explained->left_out);
	if (explained->left_out > 0)
		buffer_print(&page->buffer, "  %s\n", wording_label_with(page->buffer.ctx, page->wording, "and-more", values));
}

/* Which mail came back, and whether that can be believed. */
static void put_mail(struct page *page, const struct explanation *explanation)
{
	const char *subject = explanation->subject;

	page_put(page, "title-genuine", explanation->genuine);
	if (subject == NULL && explanation->mail == NULL)
		return;
	page_put(page, "title-mail", subject);
	if (explanation->mail != NULL) {
		buffer_add_string(&page->buffer, page->margin);
		page_beside(page, explanation->mail);
	}
}

static void put_explained(struct page *page, const struct explanation *explanation, const struct explained *explained, bool first)
{
	page_bold(page, explained->headline != NULL ? explained->headline : explained->name);
	page_newline(page);
	put_addresses(page, explained);
	page_newline(page);
	if (first)
		put_mail(page, explanation);
	page_put(page, "title-happened", explained->happened);
	put_part(page, explained);
	if (explained->has_way)
		put_way(page, &explained->way);
	page_put(page, "title-who", explained->who);
	page_newline(page);
	put_steps(page, explanation, explained);
	put_list(page, "title-avoid", explained->avoid);
	if (explained->sample != NULL && explained->sample[0] != NULL)
		page_newline(page);
	put_list(page, "title-sample", explained->sample);
	page_newline(page);
	put_list(page, "title-history", explained->history);
	put_sayings(page, explained);
	put_details(page, explained);
}

char *explain_text(const void *ctx, const struct explanation *explanation, const struct explain_style *style)
{
	struct page page = page_new(ctx, explanation->wording, style);
	size_t i;

	for (i = 0; i < explanation->count; i++) {
		if (i > 0)
			page_newline(&page);
		put_explained(&page, explanation, &explanation->list[i], i == 0);
	}
	return buffer_text(&page.buffer);
}
