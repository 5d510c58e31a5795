#include "base/json.h"
#include "explain/page.h"
#include "index/link.h"

static const char *const turns[] = {"nobody", "you", "others"};

static const char *const hops[] = {"you", "your-server", "their-server", "mailbox"};

static void add_list(struct json *json, const char *name, char **list)
{
	if (list != NULL && list[0] != NULL)
		json_strings(json, name, (const char *const *)list);
}

static void add_steps(struct json *json, const struct explanation *explanation,
        const struct explained *explained, const char *keys)
{
	json_open(json, "do", '[');
	for (size_t i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];

		json_open(json, NULL, '{');
		json_string(json, "text", step->text);
		json_string(json, "action", step->action);
		json_string(json, keys != NULL ? "key" : "command",
		        page_action(json->buffer.ctx, step, explanation->context->id, keys));
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void add_text(struct json *json, const char *key, const char *name, const char *text)
{
	json_open(json, NULL, '{');
	json_string(json, key, name);
	json_string(json, "text", text);
	json_close(json, '}');
}

static void add_explained(struct json *json, const struct explanation *explanation,
        const struct explained *explained, const char *keys)
{
	json_open(json, NULL, '{');
	json_string(json, "reason",
	        explained->reason < REASON_COUNT ? reason_name(explained->reason) : NULL);
	json_string(json, "name", explained->name);
	add_list(json, "addresses", explained->addresses);
	json_number(json, "left_out", (long)explained->left_out);
	json_string(json, "headline", explained->headline);
	json_string(json, "happened", explained->happened);
	if (explained->part != PART_NONE)
		json_string(json, "part", explained->part == PART_LOCAL ? "local" : "domain");
	if (explained->has_path) {
		json_string(json, "stopped_before", hops[explained->path.stopped_before]);
		json_bool(json, "waiting", explained->path.waiting);
	}
	json_string(json, "forwarded", explained->forwarded);
	json_string(json, "who", explained->who);
	json_string(json, "turn", turns[explained->turn]);
	add_steps(json, explanation, explained, keys);
	add_list(json, "avoid", explained->avoid);
	add_list(json, "sample", explained->sample);
	json_string(json, "brief", explained->brief);
	add_list(json, "history", explained->history);
	json_open(json, "said", '[');
	for (size_t i = 0; i < explained->saying_count; i++)
		add_text(json, "source", explained->sayings[i].source, explained->sayings[i].words);
	json_close(json, ']');
	json_open(json, "details", '[');
	for (size_t i = 0; i < explained->detail_count; i++)
		add_text(json, "label", explained->details[i].label, explained->details[i].text);
	json_close(json, ']');
	json_close(json, '}');
}

char *page_json(
        const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	const struct bounce_context *context = explanation->context;
	struct json json = json_new(ctx);

	json_open(&json, NULL, '{');
	json_string(&json, "message_id", context->id);
	json_string(&json, "kind", kind_name(explanation->kind));
	json_string(&json, "language", wording_label(explanation->wording, "language"));
	json_string(&json, "alarm", explanation->alarm);
	json_string(&json, "genuine", genuine_name(context->genuine));
	json_string(&json, "genuine_text", explanation->genuine);
	json_open(&json, "original", '{');
	json_string(&json, "message_id", context->original_id);
	json_string(&json, "subject", explanation->subject);
	json_string(&json, "mail", explanation->mail);
	json_string(&json, "unheard", explanation->unheard);
	json_close(&json, '}');
	json_open(&json, "explained", '[');
	for (size_t i = 0; i < explanation->count; i++)
		add_explained(&json, explanation, &explanation->list[i], style->keys);
	json_close(&json, ']');
	json_close(&json, '}');
	return json_line(&json);
}
