/* notmuch bounce rules: shows and checks the rules. */
#include <glib.h>

#include "base/buffer.h"
#include "commands/cmd.h"
#include "knowledge/formats.h"
#include "knowledge/rules.h"
#include "text/text.h"

static enum status rules_print_reasons(const void *ctx)
{
	struct buffer text = buffer_new(ctx);
	struct wording *wording = cmd_words();

	for (enum reason reason = 0; reason < REASON_COUNT; reason++) {
		const char *name = reason_name(reason), *who = wording_who(ctx, wording, reason);

		buffer_print(&text, "%-18s %s%*s %s\n", name, who, 17 - (int)text_width(who), "",
		        wording_first(
		                ctx, wording, wording_text(wording, name), "headline", NULL, NULL));
	}
	return cmd_print(buffer_text(&text));
}

/* Prints every rule, in the order in which they are tried, if EACH; else how many each file has. */
static enum status rules_print(const void *ctx, const struct rules *rules, bool each)
{
	struct buffer text = buffer_new(ctx);

	for (size_t k = 0; k < 2; k++) {
		const struct rule_set *set = rules_sets(rules)[k];
		unsigned count = 0;

		for (uint32_t i = 0; set != NULL && i < set->count; i++) {
			const struct rule *rule = &set->rules[i];
			const char *file = rule_file(set, rule);

			count++;
			if (each)
				buffer_print(&text, "%s:%u: %s\n", file, rule->line,
				        rule_line(set, rule));
			else if (i + 1 == set->count || rule[1].file != rule->file) {
				buffer_print(&text, "%5u  %s\n", count, file);
				count = 0;
			}
		}
	}
	return cmd_print(buffer_text(&text));
}

/* Opens the files PATHS, and adds them to RULES or FORMATS, by their names. */
static enum status check_open(
        const void *ctx, char **paths, struct sources *rules, struct sources *formats)
{
	enum status first = STATUS_OK;

	for (; *paths != NULL; paths++) {
		struct source source;
		enum status status = source_open(ctx, *paths, &source);

		if (status == STATUS_OK)
			source_add(g_str_has_suffix(*paths, ".format") ? formats : rules, &source);
		else
			cmd_say("%s: %s", *paths,
			        cmd_text(status == STATUS_NO_INPUT
			                         ? "no such file"
			                         : "can't be read: expected a plain file of text, "
			                           "of 4 MB at most"));
		first = status_first(first, status);
	}
	return first;
}

/* Checks the files PATHS or, if there are none, all that are in use. */
static enum status rules_run_check(const void *ctx, char **paths, struct problems *problems)
{
	struct sources *rules, *formats;

	if (paths[0] != NULL) {
		rules = talloc_zero(ctx, struct sources);
		formats = talloc_zero(ctx, struct sources);
		enum status status = check_open(ctx, paths, rules, formats);

		if (status != STATUS_OK)
			return status;
	} else {
		rules = source_list(ctx, "rules", problems);
		formats = source_list(ctx, "formats", problems);
	}
	formats_read(ctx, formats, problems);
	rules_check(ctx, rules, source_list(ctx, "examples", problems), problems);
	if (problems->count == 0)
		return STATUS_OK;
	cmd_say_problems(problems);
	return STATUS_BAD_RULES;
}

struct rules_options {
	bool check, reasons, list;
};

static enum status rules_run(struct call *call)
{
	const struct rules_options *options = call->options;
	struct rules *rules;

	if (options->check)
		return rules_run_check(call->ctx, call->arguments, call->problems);
	if (call->arguments[0] != NULL) {
		cmd_say("rules takes files only with --check: notmuch-bounce rules --check %s",
		        call->arguments[0]);
		return STATUS_USAGE;
	}
	if (options->reasons)
		return rules_print_reasons(call->ctx);
	rules = rules_open(call->ctx, call->problems);
	cmd_say_problems(call->problems);
	return rules_print(call->ctx, rules, options->list);
}

static const struct option options[] = {
        FLAG_OPTION("check", struct rules_options, check),
        FLAG_OPTION("reasons", struct rules_options, reasons),
        FLAG_OPTION("list", struct rules_options, list),
        NO_OPTION,
};

const struct command command_rules = {
        .name = "rules",
        .arguments = "[--check [FILE]... | --reasons | --list]",
        .options = options,
        .size = sizeof(struct rules_options),
        .run = rules_run,
};
