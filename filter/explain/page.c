#include "explain/page.h"

#include <glib.h>

#include "base/child.h"
#include "base/json.h"
#include "base/list.h"
#include "index/link.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* Columns between a heading of a text and what stands beside it. */
#define GAP 2

#define PAGE_WIDTH_MAX 100

/* A page for people that is being written: as HTML, or as a text with its headings at the left. */
struct page {
	struct buffer buffer;
	const struct explanation *whole;
	const struct page_style *style;
	bool is_html;
	const char *title; /* of a text: still to be written, beside what comes next; NULL: none */
	/* of a text, in columns: of all, and of what stands left of the words, for headings */
	size_t width, indent;
};

static const struct {
	const char *name;
	const char *key;
	const char *command; /* if it ends with a blank, the id follows */
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

/* Ids are chosen by whoever wrote the mail: one is shown to be copied only if it has no character
 * that means something to a shell or a query. */
static const char plain[] = SHELL_PLAIN "=%";

char *page_action(const void *ctx, const struct step *step, const char *id, const char *prefix)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(actions) && g_strcmp0(actions[i].name, step->action) != 0)
		i++;
	if (i == G_N_ELEMENTS(actions))
		return NULL;
	if (prefix != NULL)
		return talloc_asprintf(ctx, "%s%s", prefix, actions[i].key);
	const char *command = actions[i].command;

	if (command != NULL && !g_str_has_suffix(command, " "))
		return talloc_strdup(ctx, command);
	if (command == NULL || id == NULL || id[0] == '\0' || id[0] == '-' ||
	        strspn(id, plain) != strlen(id))
		return NULL;
	if (step->to != NULL && strspn(step->to, plain) == strlen(step->to))
		return talloc_asprintf(ctx, "notmuch bounce resend --to=%s id:%s", step->to, id);
	return talloc_asprintf(ctx, "%sid:%s", command, id);
}

static const char *page_label(const struct page *page, const char *key)
{
	return wording_label(page->whole->wording, key);
}

/* -- HTML */

/* Readable on a phone and in the dark: all but marks have the browser's own colours. Who must act
 * next has a colour and, for readers who can't tell colours apart, a sign. */
static const char page_style_sheet[] =
        "body{font-family:sans-serif;max-width:44em;margin:1em auto;padding:0 "
        "1em;line-height:1.5;overflow-wrap:anywhere}"
        "h1{font-size:1.3em}h2{font-size:1em;margin:1em 0 0}p,ol,ul,dl,blockquote{margin:.3em "
        "0}ol{padding-left:1.5em}"
        "blockquote{border-left:3px solid #888;padding-left:1em;font-family:monospace;opacity:.8}"
        "mark{background:none;color:inherit;text-decoration:underline;font-weight:bold}"
        ".turn{border-left:.4em "
        "solid;padding-left:.6em}.you{border-color:#d33}.others{border-color:#c80}.nobody{border-"
        "color:#292}"
        "code{display:inline-block}dt{float:left;clear:left;width:9em}dd{margin-left:9.5em}"
        "@media(max-width:30em){dt{float:none}dd{margin-left:1em}}";

/* Returns whether no line may be broken at the blank at TEXT (which began at START): before `:` or
 * behind `«`, as French has them. */
static bool is_bound(const char *text, const char *start)
{
	return (text - start >= 2 && strncmp(text - 2, "\302\253", 2) == 0) ||
	       (text[1] != '\0' && strchr(":;?!", text[1]) != NULL) ||
	       strncmp(text + 1, "\302\273", 2) == 0;
}

static void add_escaped(struct buffer *page, const char *text)
{
	const char *start = text;
	size_t run;

	for (; text != NULL && *text != '\0'; text += run) {
		run = strcspn(text, " &<>\"'");
		buffer_add(page, text, run);
		if (text[run] == ' ')
			buffer_add_string(page, is_bound(text + run, start) ? "\302\240" : " ");
		else if (text[run] != '\0')
			buffer_print(page, "&#%d;", text[run]);
		run += text[run] != '\0';
	}
}

void page_element(struct buffer *page, const char *tag, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	buffer_print(page, "<%s>", tag);
	add_escaped(page, text);
	buffer_print(page, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void page_begin(struct buffer *page, struct wording *wording, const char *title, const char *style)
{
	buffer_print(page,
	        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	        "'none'; style-src 'unsafe-inline'\">\n",
	        wording_label(wording, "language"));
	page_element(page, "title", title);
	buffer_print(
	        page, "<style>:root{color-scheme:light dark}%s</style>\n</head>\n<body>\n", style);
}

/* -- text */

static void page_add_bold(struct page *page, const char *text)
{
	buffer_add_string(&page->buffer, page->style->colour ? "\033[1m" : "");
	wrap_add(&page->buffer, text, 0, "", page->width);
	buffer_add_string(&page->buffer, page->style->colour ? "\033[0m" : "");
}

/* Adds a command or key. A command is to be copied: one that is wider than the page goes on in the
 * next line as a shell has it. */
static void page_add_command(struct page *page, const char *how)
{
	int indent = (int)page->indent + 3;
	const char *id = strstr(how, " id:");

	if (page->style->keys != NULL)
		buffer_print(&page->buffer, "%*s[%s]\n", indent, "",
		        wording_say(page->buffer.ctx, page->whole->wording, "key",
		                WORDING_VALUES({"key", how})));
	else if (id == NULL || (size_t)indent + 2 + text_width(how) <= page->width)
		buffer_print(&page->buffer, "%*s$ %s\n", indent, "", how);
	else
		buffer_print(&page->buffer, "%*s$ %.*s \\\n%*s    %s\n", indent, "",
		        (int)(id - how), how, indent, "", id + 1);
}

/* -- the parts of a page, in either form */

/* Adds INDENT and TEXT as a line of its own, below the headline. */
static void page_put_line(struct page *page, const char *indent, const char *text)
{
	if (page->is_html)
		page_element(&page->buffer, "p", text);
	else
		wrap_paragraph(
		        &page->buffer, indent, indent[0] != '\0' ? "    " : "", text, page->width);
}

/* Adds an empty line to a text; in HTML, headings have room above them. */
static void page_put_gap(struct page *page)
{
	buffer_add_string(&page->buffer, page->is_html ? "" : "\n");
}

/* Adds the label KEY as the title of what comes next. */
static void page_put_title(struct page *page, const char *key)
{
	if (page->is_html)
		page_element(&page->buffer, "h2", page_label(page, key));
	else
		page->title = page_label(page, key);
}

/* Adds TEXT: in HTML as <TAG>; in a text beside its title, behind HEAD, with NEXT at the beginning
 * of each further line. */
static void page_put_row(
        struct page *page, const char *tag, const char *head, const char *next, const char *text)
{
	size_t width = page->title != NULL ? text_width(page->title) : 0;

	if (page->is_html) {
		page_element(&page->buffer, tag, text);
		return;
	}
	if (page->title != NULL)
		page_add_bold(page, page->title);
	page->title = NULL;
	buffer_print(&page->buffer, "%*s%s", width < page->indent ? (int)(page->indent - width) : 1,
	        "", head);
	wrap_add(&page->buffer, text, page->indent + text_width(head),
	        talloc_asprintf(page->buffer.ctx, "%*s%s", (int)page->indent, "", next),
	        page->width);
	buffer_add_string(&page->buffer, "\n");
}

/* Adds TEXT, if there is any, with the title KEY; NULL: it goes on with what was written last. */
static void page_put_text(struct page *page, const char *key, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	if (key != NULL)
		page_put_title(page, key);
	page_put_row(page, "p", "", "", text);
}

static void page_put_list(struct page *page, const char *key, char *const *list)
{
	for (; list != NULL && *list != NULL; list++, key = NULL)
		page_put_text(page, key, *list);
}

/* Adds ADDRESS and says which part of it is wrong: marked in HTML, underlined in a text if a line
 * has room for it. */
static void page_put_part(struct page *page, const char *address, bool is_local)
{
	const char *at = strrchr(address, '@'),
	           *meaning = page_label(page, is_local ? "part-local" : "part-domain");
	size_t domain = text_width(at) - 1, local = text_width(address) - domain - 1;

	if (page->is_html) {
		buffer_add_string(&page->buffer, is_local ? "<p><mark>" : "<p>");
		add_escaped(&page->buffer, address_local(page->buffer.ctx, address));
		buffer_add_string(&page->buffer, is_local ? "</mark>@" : "@<mark>");
		add_escaped(&page->buffer, at + 1);
		buffer_add_string(&page->buffer, is_local ? " (" : "</mark> (");
		add_escaped(&page->buffer, meaning);
		buffer_add_string(&page->buffer, ")</p>\n");
	} else if (page->indent + 2 + local + domain + 1 <= page->width) {
		int indent = (int)page->indent + 2;

		buffer_print(&page->buffer, "%*s%s\n%*s", indent, "", address,
		        indent + (is_local ? 0 : (int)local + 1), "");
		for (size_t i = is_local ? local : domain; i > 0; i--)
			buffer_add_string(&page->buffer, "^");
		buffer_print(&page->buffer, " %s\n", meaning);
	}
}

/* Adds the hops of a mail, and between them signs for how far it got. */
static void page_put_path(struct page *page, const struct path *path)
{
	static const char *const hops[] = {
	        "way-you", "way-your-server", "way-their-server", "way-mailbox"};
	/* Before a hop that it did not get to, where it stopped, where it waits, and before one
	 * that it reached. ASCII in a text, as terminals don't agree on the width of arrows. */
	static const char *const marks[2][4] = {{" ... ", " -X- ", " ~~> ", " --> "},
	        {" &#183; ", " <b>&#10007;</b> ", " &#8230; ", " &#8594; "}};
	struct buffer line = buffer_new(page->buffer.ctx);

	for (enum hop hop = HOP_YOU; hop < HOP_COUNT; hop++) {
		int mark = path->waiting ? 2 : 1;

		if (hop != path->stopped_before)
			mark = hop < path->stopped_before ? 3 : 0;
		buffer_add_string(&line, hop > HOP_YOU ? marks[page->is_html][mark] : "");
		if (page->is_html)
			add_escaped(&line, page_label(page, hops[hop]));
		else
			buffer_add_string(&line, page_label(page, hops[hop]));
	}
	page_put_title(page, "title-way");
	if (page->is_html)
		buffer_print(&page->buffer, "<p>%s</p>\n", buffer_text(&line));
	else
		page_put_row(page, "p", "", "", buffer_text(&line));
}

/* Adds who must act next; in HTML with a colour and a sign. */
static void page_put_who(struct page *page, const char *text, enum turn turn)
{
	static const char *const marks[] = {
	        [TURN_NOBODY] = "nobody\">&#10003;",
	        [TURN_YOU] = "you\">&#9654;&#65038;",
	        [TURN_OTHERS] = "others\">&#8230;",
	};

	if (!page->is_html || text == NULL) {
		page_put_text(page, "title-who", text);
		return;
	}
	page_put_title(page, "title-who");
	buffer_print(&page->buffer, "<p class=\"turn %s ", marks[turn]);
	add_escaped(&page->buffer, text);
	buffer_add_string(&page->buffer, "</p>\n");
}

static void page_put_steps(struct page *page, const struct explained *group)
{
	const void *ctx = page->buffer.ctx;

	if (group->step_count == 0)
		return;
	page_put_title(page, "title-do");
	buffer_add_string(&page->buffer, page->is_html ? "<ol>\n" : "");
	for (size_t i = 0; i < group->step_count; i++) {
		const struct step *step = &group->steps[i];
		char *how = page_action(ctx, step, page->whole->context->id, page->style->keys);

		if (page->is_html) {
			buffer_add_string(&page->buffer, "<li>");
			add_escaped(&page->buffer, step->text);
			buffer_add_string(&page->buffer, how != NULL ? "<br>" : "");
			page_element(&page->buffer, "code", how);
			buffer_add_string(&page->buffer, "</li>\n");
			continue;
		}
		page_put_row(page, NULL, talloc_asprintf(ctx, "%zu. ", i + 1), "   ", step->text);
		if (how != NULL)
			page_add_command(page, how);
	}
	buffer_add_string(&page->buffer, page->is_html ? "</ol>\n" : "");
}

/* Adds quotations, with a mark at each line, so that nothing in them can be taken for words of
 * ours. */
static void page_put_sayings(struct page *page, const struct explained *group)
{
	if (group->reason < REASON_COUNT && group->saying_count == 0)
		page_put_text(page, "title-said", page_label(page, "said-nothing"));
	for (size_t i = 0; i < group->saying_count; i++) {
		const struct saying *saying = &group->sayings[i];

		page_put_text(page, i == 0 ? "title-said" : NULL,
		        saying->source != NULL ? saying->source
		                               : page_label(page, "said-by-unknown"));
		page_put_row(page, "blockquote", "> ", "> ", saying->words);
	}
}

static void page_put_details(struct page *page, const struct explained *group)
{
	const void *ctx = page->buffer.ctx;
	size_t widest = 0;

	if (group->detail_count == 0)
		return;
	page_put_title(page, "title-details");
	buffer_add_string(&page->buffer, page->is_html ? "<dl>\n" : "");
	for (size_t i = 0; i < group->detail_count; i++)
		widest = MAX(widest, text_width(group->details[i].label) + GAP);
	for (size_t i = 0; i < group->detail_count; i++) {
		const struct detail *detail = &group->details[i];
		int left = (int)(widest - text_width(detail->label));

		if (page->is_html)
			page_element(&page->buffer, "dt", detail->label);
		page_put_row(page, "dd", talloc_asprintf(ctx, "%s%*s", detail->label, left, ""),
		        talloc_asprintf(ctx, "%*s", (int)widest, ""), detail->text);
	}
	buffer_add_string(&page->buffer, page->is_html ? "</dl>\n" : "");
}

/* -- the whole, in reading order */

static const char *group_headline(const struct explained *group)
{
	return group->headline != NULL ? group->headline : group->name;
}

/* Adds the headline and, if there are several addresses, these below it, one a line. */
static void page_put_headline(struct page *page, const struct explained *group)
{
	char *const *addresses = group->addresses;
	char *left_out = wording_number(page->buffer.ctx, group->left_out);

	if (page->is_html) {
		page_element(&page->buffer, "h1", group_headline(group));
	} else {
		page_add_bold(page, group_headline(group));
		page_put_gap(page);
	}
	for (; list_length(group->addresses) > 1 && *addresses != NULL; addresses++)
		page_put_line(page, "  ", *addresses);
	if (group->left_out > 0)
		page_put_line(page, "  ",
		        wording_say(page->buffer.ctx, page->whole->wording, "and-more",
		                WORDING_VALUES({"count", left_out})));
}

/* Adds which mail came back. */
static void page_put_mail(struct page *page)
{
	const struct explanation *whole = page->whole;
	bool has_subject = whole->subject != NULL;

	page_put_text(page, "title-mail", whole->subject);
	page_put_text(page, has_subject ? NULL : "title-mail", whole->mail);
	if (has_subject || whole->mail != NULL)
		page_put_text(page, NULL, whole->unheard);
}

static void page_put_happened(struct page *page, const struct explained *group)
{
	page_put_text(page, "title-happened", group->happened);
	if (group->part != PART_NONE && group->addresses[1] == NULL &&
	        explanation_address(page->buffer.ctx, group->addresses[0]) != NULL)
		page_put_part(page, group->addresses[0], group->part == PART_LOCAL);
	page_put_text(page, NULL, group->forwarded);
	if (group->has_path)
		page_put_path(page, &group->path);
	page_put_who(page, group->who, group->turn);
}

static void page_put_all(struct page *page)
{
	const struct explanation *whole = page->whole;

	for (size_t i = 0; i < whole->count; i++) {
		const struct explained *group = &whole->list[i];

		if (i > 0)
			page_put_gap(page);
		page_put_headline(page, group);
		if (i == 0 && whole->alarm != NULL)
			page_put_line(page, "", whole->alarm);
		page_put_gap(page);
		if (i == 0 || group->genuine != group[-1].genuine)
			page_put_text(page, "title-genuine", group->genuine_text);
		if (i == 0)
			page_put_mail(page);
		page_put_happened(page, group);
		page_put_gap(page);
		page_put_steps(page, group);
		page_put_list(page, "title-avoid", group->avoid);
		if (group->sample[0] != NULL)
			page_put_gap(page);
		page_put_list(page, "title-sample", group->sample);
		page_put_text(page, "title-brief", group->brief);
		page_put_gap(page);
		page_put_list(page, "title-history", group->history);
		page_put_sayings(page, group);
		page_put_details(page, group);
	}
}

char *page_text(const void *ctx, const struct explanation *whole, const struct page_style *style)
{
	static const char *const titles[] = {"title-genuine", "title-mail", "title-happened",
	        "title-way", "title-who", "title-do", "title-avoid", "title-sample", "title-brief",
	        "title-history", "title-said", "title-details"};
	struct page page = {.buffer = buffer_new(ctx),
	        .whole = whole,
	        .style = style,
	        .width = CLAMP(style->width, PAGE_WIDTH_MIN, PAGE_WIDTH_MAX),
	        .indent = GAP};

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		page.indent = MAX(page.indent, text_width(page_label(&page, titles[i])) + GAP);
	if (page.indent >= page.width / 2)
		page.indent = page.width / 4;
	page_put_all(&page);
	return buffer_text(&page.buffer);
}

char *page_html(const void *ctx, const struct explanation *whole, const struct page_style *style)
{
	struct page page = {
	        .buffer = buffer_new(ctx), .whole = whole, .style = style, .is_html = true};

	page_begin(&page.buffer, whole->wording, group_headline(whole->list), page_style_sheet);
	page_put_all(&page);
	buffer_add_string(&page.buffer, "</body>\n</html>\n");
	return buffer_text(&page.buffer);
}

char *page_short(const void *ctx, const struct explanation *whole, const struct page_style *style)
{
	struct buffer line = buffer_new(ctx);

	for (size_t i = 0; i < whole->count; i++)
		buffer_print(&line, "%s%s", i > 0 ? " / " : "", group_headline(&whole->list[i]));
	return talloc_asprintf(ctx, "%s\n", text_in_columns(ctx, buffer_text(&line), style->width));
}

/* -- for programs */

static void json_list(struct json *json, const char *name, char **list)
{
	if (list != NULL && list[0] != NULL)
		json_strings(json, name, (const char *const *)list);
}

static void json_steps(struct json *json, const struct explanation *whole,
        const struct explained *group, const char *keys)
{
	json_open(json, "do", '[');
	for (size_t i = 0; i < group->step_count; i++) {
		const struct step *step = &group->steps[i];

		json_open(json, NULL, '{');
		json_string(json, "text", step->text);
		json_string(json, "action", step->action);
		json_string(json, keys != NULL ? "key" : "command",
		        page_action(json->buffer.ctx, step, whole->context->id, keys));
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void json_pair(struct json *json, const char *key, const char *name, const char *text)
{
	json_open(json, NULL, '{');
	json_string(json, key, name);
	json_string(json, "text", text);
	json_close(json, '}');
}

static void json_explained(struct json *json, const struct explanation *whole,
        const struct explained *group, const char *keys)
{
	static const char *const turns[] = {"nobody", "you", "others"}, *const hops[] = {"you",
	                                                                        "your-server",
	                                                                        "their-server",
	                                                                        "mailbox"};

	json_open(json, NULL, '{');
	json_string(
	        json, "reason", group->reason < REASON_COUNT ? reason_name(group->reason) : NULL);
	json_string(json, "name", group->name);
	json_string(json, "genuine", genuine_names[group->genuine]);
	json_string(json, "genuine_text", group->genuine_text);
	json_list(json, "addresses", group->addresses);
	json_number(json, "left_out", (long)group->left_out);
	json_string(json, "headline", group->headline);
	json_string(json, "happened", group->happened);
	if (group->part != PART_NONE)
		json_string(json, "part", group->part == PART_LOCAL ? "local" : "domain");
	if (group->has_path) {
		json_string(json, "stopped_before", hops[group->path.stopped_before]);
		json_bool(json, "waiting", group->path.waiting);
	}
	json_string(json, "forwarded", group->forwarded);
	json_string(json, "who", group->who);
	json_string(json, "turn", turns[group->turn]);
	json_steps(json, whole, group, keys);
	json_list(json, "avoid", group->avoid);
	json_list(json, "sample", group->sample);
	json_string(json, "brief", group->brief);
	json_list(json, "history", group->history);
	json_open(json, "said", '[');
	for (size_t i = 0; i < group->saying_count; i++)
		json_pair(json, "source", group->sayings[i].source, group->sayings[i].words);
	json_close(json, ']');
	json_open(json, "details", '[');
	for (size_t i = 0; i < group->detail_count; i++)
		json_pair(json, "label", group->details[i].label, group->details[i].text);
	json_close(json, ']');
	json_close(json, '}');
}

char *page_json(const void *ctx, const struct explanation *whole, const struct page_style *style)
{
	const struct bounce_context *context = whole->context;
	struct json json = json_new(ctx);

	json_open(&json, NULL, '{');
	json_string(&json, "message_id", context->id);
	json_string(&json, "kind", kind_name(whole->kind));
	json_string(&json, "language", wording_label(whole->wording, "language"));
	json_string(&json, "alarm", whole->alarm);
	json_string(&json, "genuine", genuine_names[context->genuine]);
	json_string(&json, "genuine_text", whole->genuine);
	json_open(&json, "original", '{');
	json_string(&json, "message_id", context->original_id);
	json_string(&json, "subject", whole->subject);
	json_string(&json, "mail", whole->mail);
	json_string(&json, "unheard", whole->unheard);
	json_close(&json, '}');
	json_open(&json, "explained", '[');
	for (size_t i = 0; i < whole->count; i++)
		json_explained(&json, whole, &whole->list[i], style->keys);
	json_close(&json, ']');
	json_close(&json, '}');
	return json_line(&json);
}
