/* notmuch bounce rules: show and check what the program knows. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "commands/cmd.h"
#include "commands/command.h"
#include "knowledge/formats.h"
#include "knowledge/rule-reader.h"
#include "knowledge/rules-check.h"

static enum status rules_print_reasons(const void *ctx)
{
	char *text = talloc_strdup(ctx, "");
	int reason;

	for (reason = 0; reason < REASON_COUNT; reason++)
		text = talloc_asprintf_append_buffer(text, "%-18s %-16s %s\n",
		        reason_name((enum reason)reason), reason_who((enum reason)reason),
		        reason_meaning((enum reason)reason));
	return cmd_print(text);
}

static enum status rules_print_list(const void *ctx, const struct rules *rules)
{
	char *text = talloc_strdup(ctx, "");
	const struct rule_set *sets[2];

	rules_sets(rules, sets);
	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = 0; sets[k] != NULL && i < sets[k]->count; i++) {
			const struct rule *rule = &sets[k]->rules[i];

			text = talloc_asprintf_append_buffer(text, "%s:%u: %s\n",
			        rule_file(sets[k], rule), rule->line,
			        rule_line(ctx, sets[k], rule));
		}
	return cmd_print(text);
}

/* How many rules each file gives, in the order in which they are tried. */
static enum status rules_print_sources(const void *ctx, const struct rules *rules)
{
	char *text = talloc_strdup(ctx, "");
	const struct rule_set *sets[2];

	rules_sets(rules, sets);
	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = 1, start = 0; sets[k] != NULL && i <= sets[k]->count; i++)
			if (i == sets[k]->count ||
			        sets[k]->rules[i].file != sets[k]->rules[start].file) {
				text = talloc_asprintf_append_buffer(text, "%5u  %s\n", i - start,
				        rule_file(sets[k], &sets[k]->rules[start]));
				start = i;
			}
	return cmd_print(text);
}

/* A formats file is recognised by its name. */
static bool is_format_file(const char *path)
{
	size_t length = strlen(path);

	return length > 7 && strcmp(path + length - 7, ".format") == 0;
}

/* Sort the files to be checked into RULES and FORMATS. */
static enum status check_open(
        const void *ctx, char **paths, struct sources *rules, struct sources *formats)
{
	enum status first = STATUS_OK, status;

	for (; *paths != NULL; paths++) {
		struct source source;

		status = source_open(ctx, *paths, &source);
		if (status == STATUS_OK)
			source_add(is_format_file(*paths) ? formats : rules, &source);
		else
			cmd_say("%s: %s", *paths,
			        status == STATUS_NO_INPUT ? "no such file" : "can't be read");
		if (first == STATUS_OK)
			first = status;
	}
	return first;
}

/* Check the files named, or all that are in force. */
static enum status rules_run_check(const void *ctx, char **paths, struct problems *problems)
{
	struct sources *all_rules = talloc_zero(ctx, struct sources),
	               *all_formats = talloc_zero(ctx, struct sources);
	enum status status = STATUS_OK;
	size_t foreign = 0;

	if (paths[0] != NULL) {
		status = check_open(ctx, paths, all_rules, all_formats);
		all_rules = rule_sources_with_names(ctx, all_rules, &foreign);
	} else {
		all_rules = source_list(ctx, "rules", problems);
		all_formats = source_list(ctx, "formats", problems);
	}
	if (status != STATUS_OK)
		return status;
	formats_read(ctx, all_formats, problems);
	rules_check(ctx, all_rules, foreign, source_list(ctx, "examples", problems), problems);
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
	return options->list ? rules_print_list(call->ctx, rules)
	                     : rules_print_sources(call->ctx, rules);
}

static const struct option options[] = {
        FLAG_OPTION("check", struct rules_options, check,
                "errors, duplicates, rules that can never match, in the FILEs; in all files in "
                "force when none is named"),
        FLAG_OPTION("reasons", struct rules_options, reasons,
                "the reasons, who must act, what they mean"),
        FLAG_OPTION("list", struct rules_options, list,
                "every rule with its file and line, in the order tried"),
        NO_OPTION,
};

const struct command command_rules = {
        .name = "rules",
        .arguments = "[--check [FILE]... | --reasons | --list]",
        .summary = "show the rules in force, and check your own",
        .notes = "Without an option: the files in force and how many rules each has.",
        .options = options,
        .size = sizeof(struct rules_options),
        .run = rules_run,
};
