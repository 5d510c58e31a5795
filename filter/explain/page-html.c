#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "explain/page.h"

/* Readable on a phone, and in the dark: the browser's own colours but for what is marked. Whose turn it is has a colour and, for who can't tell colours apart,
 * a sign. */
static const char style_sheet[] =
        ":root{color-scheme:light dark}"
        "body{font-family:sans-serif;max-width:44em;margin:1em auto;padding:0 1em;line-height:1.5;overflow-wrap:anywhere}"
        "h1{font-size:1.3em}h2{font-size:1em;margin:1em 0 0}p,ol,ul,dl,blockquote{margin:.3em 0}ol{padding-left:1.5em}"
        "blockquote{border-left:3px solid #888;padding-left:1em;font-family:monospace;opacity:.8}"
        "mark{background:none;color:inherit;text-decoration:underline;font-weight:bold}"
        ".turn{border-left:.4em "
        "solid;padding-left:.6em}.you{border-color:#d33}.others{border-color:#c80}.nobody{border-color:#292}"
        "code{display:inline-block}dt{float:left;clear:left;width:9em}dd{margin-left:9.5em}"
        "@media(max-width:30em){dt{float:none}dd{margin-left:1em}}";

static const char no_break_space[] = "\302\240";

/* Whether the blank at TEXT, which began at START, may not break a line: before `:` or behind `«`, as French has them. */
static bool is_bound(const char *text, const char *start)
{
	static const char *const closing[] = {":", ";", "?", "!", "\302\273"};
	size_t i;

	if (text - start >= 2 && strncmp(text - 2, "\302\253", 2) == 0)
		return true;
	for (i = 0; i < sizeof closing / sizeof *closing; i++)
		if (strncmp(text + 1, closing[i], strlen(closing[i])) == 0)
			return true;
	return false;
}

static void add(struct buffer *page, const char *text)
{
	const char *start = text;
	size_t run;

	for (; text != NULL && *text != '\0'; text += run) {
		run = strcspn(text, " &<>\"'");
		buffer_add(page, text, run);
		if (text[run] == ' ')
			buffer_add_string(page, is_bound(text + run, start) ? no_break_space : " ");
		else if (text[run] != '\0')
			buffer_print(page, "&#%d;", text[run]);
		run += text[run] != '\0';
	}
}

/* <TAG>TEXT</TAG>, and a newline; nothing if TEXT is NULL or empty. */
static void add_element(struct buffer *page, const char *tag, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	buffer_print(page, "<%s>", tag);
	add(page, text);
	buffer_print(page, "</%s>\n", tag);
}

static void add_list(struct buffer *page, struct wording *wording, const char *title, char **list)
{
	if (list == NULL || list[0] == NULL)
		return;
	add_element(page, "h2", wording_label(wording, title));
	for (; *list != NULL; list++)
		add_element(page, "p", *list);
}

/* The address with the part that is meant marked. */
static void add_part(struct buffer *page, struct wording *wording, const struct explained *explained)
{
	const char *address = explained->addresses[0], *at = address != NULL ? strrchr(address, '@') : NULL;
	bool is_local = explained->part == PART_LOCAL;
	char *local;

	if (explained->part == PART_NONE || at == NULL || explained->addresses[1] != NULL)
		return;
	local = talloc_strndup(page->ctx, address, (size_t)(at - address));
	buffer_add_string(page, is_local ? "<p><mark>" : "<p>");
	add(page, local);
	buffer_add_string(page, is_local ? "</mark>@" : "@<mark>");
	add(page, at + 1);
	buffer_add_string(page, is_local ? " (" : "</mark> (");
	add(page, wording_label(wording, is_local ? "part-local" : "part-domain"));
	buffer_add_string(page, ")</p>\n");
}

static void add_path(struct buffer *page, struct wording *wording, const struct explained *explained)
{
	static const char *const names[] = {"way-you", "way-your-server", "way-their-server", "way-mailbox"};
	enum hop hop;

	if (!explained->has_path)
		return;
	add_element(page, "h2", wording_label(wording, "title-way"));
	buffer_add_string(page, "<p>");
	for (hop = HOP_YOU; hop < HOP_COUNT; hop++) {
		if (hop > HOP_YOU)
			buffer_add_string(page, hop < explained->path.stopped_before   ? " &#8594; "
			                        : hop > explained->path.stopped_before ? " &#183; "
			                        : explained->path.waiting              ? " &#8230; "
			                                                               : " <b>&#10007;</b> ");
		add(page, wording_label(wording, names[hop]));
	}
	buffer_add_string(page, "</p>\n");
}

static void add_steps(struct buffer *page, const struct explanation *explanation, const struct explained *explained,
        const struct page_style *style)
{
	size_t i;

	if (explained->step_count == 0)
		return;
	add_element(page, "h2", wording_label(explanation->wording, "title-do"));
	buffer_add_string(page, "<ol>\n");
	for (i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];
		char *how =
		        step->action != NULL ? page_action(page->ctx, step->action, explanation->context->id, style->keys) : NULL;

		buffer_add_string(page, "<li>");
		add(page, step->text);
		if (how != NULL) {
			buffer_add_string(page, "<br>");
			add_element(page, "code", how);
		}
		buffer_add_string(page, "</li>\n");
	}
	buffer_add_string(page, "</ol>\n");
}

static void add_said(struct buffer *page, struct wording *wording, const struct explained *explained)
{
	size_t i;

	if (explained->saying_count > 0)
		add_element(page, "h2", wording_label(wording, "title-said"));
	for (i = 0; i < explained->saying_count; i++) {
		const struct saying *saying = &explained->sayings[i];

		add_element(page, "p", saying->source != NULL ? saying->source : wording_label(wording, "said-by-unknown"));
		add_element(page, "blockquote", saying->words);
	}
	if (explained->detail_count == 0)
		return;
	add_element(page, "h2", wording_label(wording, "title-details"));
	buffer_add_string(page, "<dl>\n");
	for (i = 0; i < explained->detail_count; i++) {
		add_element(page, "dt", explained->details[i].label);
		add_element(page, "dd", explained->details[i].text);
	}
	buffer_add_string(page, "</dl>\n");
}

static void add_mail(struct buffer *page, const struct explanation *explanation)
{
	const char *subject = explanation->subject;

	if (explanation->genuine != NULL)
		add_element(page, "h2", wording_label(explanation->wording, "title-genuine"));
	add_element(page, "p", explanation->genuine);
	if (subject == NULL && explanation->mail == NULL)
		return;
	add_element(page, "h2", wording_label(explanation->wording, "title-mail"));
	add_element(page, "p", subject);
	add_element(page, "p", explanation->mail);
	add_element(page, "p", explanation->unheard);
}

/* A paragraph with a colour and a sign: it is for the reader to act, for others, for nobody. */
static void add_who(struct buffer *page, struct wording *wording, const struct explained *explained)
{
	static const struct {
		const char *class, *sign;
	} turns[] = {
	        [TURN_NOBODY] = {"nobody", "&#10003;"},
	        [TURN_YOU] = {"you", "&#9654;&#65038;"},
	        [TURN_OTHERS] = {"others", "&#8230;"},
	};

	if (explained->who == NULL)
		return;
	add_element(page, "h2", wording_label(wording, "title-who"));
	buffer_print(page, "<p class=\"turn %s\">%s ", turns[explained->turn].class, turns[explained->turn].sign);
	add(page, explained->who);
	buffer_add_string(page, "</p>\n");
}

static void add_explained(struct buffer *page, const struct explanation *explanation, const struct explained *explained,
        const struct page_style *style)
{
	struct wording *wording = explanation->wording;
	size_t i;

	add_element(page, "h1", explained->headline != NULL ? explained->headline : explained->name);
	for (i = 0; explained->addresses[0] != NULL && explained->addresses[1] != NULL && explained->addresses[i] != NULL; i++)
		add_element(page, "p", explained->addresses[i]);
	if (explained == explanation->list) {
		add_element(page, "p", explanation->alarm);
		add_mail(page, explanation);
	}
	if (explained->happened != NULL)
		add_element(page, "h2", wording_label(wording, "title-happened"));
	add_element(page, "p", explained->happened);
	add_part(page, wording, explained);
	add_element(page, "p", explained->forwarded);
	add_path(page, wording, explained);
	add_who(page, wording, explained);
	add_steps(page, explanation, explained, style);
	add_list(page, wording, "title-avoid", explained->avoid);
	add_list(page, wording, "title-sample", explained->sample);
	if (explained->brief != NULL)
		add_element(page, "h2", wording_label(wording, "title-brief"));
	add_element(page, "p", explained->brief);
	add_list(page, wording, "title-history", explained->history);
	add_said(page, wording, explained);
}

char *page_html(const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	struct buffer page = buffer_new(ctx);
	const struct explained *first = explanation->list;
	size_t i;

	buffer_print(&page, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	        wording_label(explanation->wording, "language"));
	buffer_add_string(&page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	buffer_add_string(&page,
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
	add_element(&page, "title", first->headline != NULL ? first->headline : first->name);
	buffer_print(&page, "<style>%s</style>\n</head>\n<body>\n", style_sheet);
	for (i = 0; i < explanation->count; i++)
		add_explained(&page, explanation, &explanation->list[i], style);
	buffer_add_string(&page, "</body>\n</html>\n");
	return buffer_text(&page);
}
