/* notmuch bounce rules: show and check what the program knows. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "commands/cmd.h"
#include "knowledge/formats.h"
#include "knowledge/rules-check.h"

static enum status rules_print_reasons(const void *ctx)
{
	char *text = talloc_strdup(ctx, "");
	int reason;

	for (reason = 0; reason < REASON_COUNT; reason++)
		text = talloc_asprintf_append_buffer(text, "%-18s %-16s %s\n", reason_name((enum reason)reason),
		        reason_who((enum reason)reason), reason_meaning((enum reason)reason));
	return cmd_print(text);
}

static enum status rules_print_list(const void *ctx, const struct rules *rules)
{
	char *text = talloc_strdup(ctx, "");
	const struct rule *list;
	size_t count, i;

	list = rules_list(rules, &count);
	for (i = 0; i < count; i++)
		text = talloc_asprintf_append_buffer(
		        text, "%s:%d: %.*s\n", list[i].source->name, list[i].line, list[i].length, list[i].text);
	return cmd_print(text);
}

/* How many rules each file gives, in the order in which they are tried. */
static enum status rules_print_sources(const void *ctx, const struct rules *rules)
{
	char *text = talloc_strdup(ctx, "");
	const struct rule *list;
	size_t count, i, start = 0;

	list = rules_list(rules, &count);
	for (i = 1; i <= count; i++)
		if (i == count || list[i].source != list[start].source) {
			text = talloc_asprintf_append_buffer(text, "%5zu  %s\n", i - start, list[start].source->name);
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

static void sources_add(const void *ctx, struct sources *sources, const struct source *source)
{
	sources->list = array_grow(ctx, sources->list, struct source, sources->count);
	sources->list[sources->count++] = *source;
}

/* Sort the files to be checked into RULES and FORMATS. */
static enum status check_open(const void *ctx, char **paths, struct sources *rules, struct sources *formats)
{
	enum status first = STATUS_OK, status;

	for (; *paths != NULL; paths++) {
		struct source source;

		status = source_open(ctx, *paths, &source);
		if (status == STATUS_OK)
			sources_add(ctx, is_format_file(*paths) ? formats : rules, &source);
		else
			cmd_say("%s: %s", *paths, status == STATUS_NO_INPUT ? "no such file" : "can't be read");
		if (first == STATUS_OK)
			first = status;
	}
	return first;
}

/* Check the files named, or all that are in force. */
static enum status rules_run_check(const void *ctx, char **paths, struct problems *problems)
{
	struct sources rule_sources = {NULL, 0}, format_sources = {NULL, 0};
	struct sources *all_rules = &rule_sources, *all_formats = &format_sources;
	enum status status = STATUS_OK;

	if (paths[0] != NULL)
		status = check_open(ctx, paths, &rule_sources, &format_sources);
	else {
		all_rules = source_list(ctx, "rules", problems);
		all_formats = source_list(ctx, "formats", problems);
	}
	if (status != STATUS_OK)
		return status;
	formats_read(ctx, all_formats, problems);
	rules_check(ctx, rules_read(ctx, all_rules, problems), problems);
	if (problems->count == 0)
		return STATUS_OK;
	cmd_say_problems(problems);
	return STATUS_BAD_RULES;
}

static enum status rules_run(const void *ctx, char **arguments)
{
	bool check = false, reasons = false, list = false;
	const struct option options[] = {
	        {.name = "check", .flag = &check},
	        {.name = "reasons", .flag = &reasons},
	        {.name = "list", .flag = &list},
	        {.name = NULL},
	};
	struct problems *problems = problems_new(ctx);
	struct rules *rules;
	enum status status = cmd_options("rules", arguments, options);

	if (status != STATUS_OK)
		return status;
	if (check)
		return rules_run_check(ctx, arguments, problems);
	if (arguments[0] != NULL) {
		cmd_say("rules takes files only with --check: notmuch-bounce rules --check %s", arguments[0]);
		return STATUS_USAGE;
	}
	if (reasons)
		return rules_print_reasons(ctx);
	rules = rules_open(ctx, problems);
	cmd_say_problems(problems);
	return list ? rules_print_list(ctx, rules) : rules_print_sources(ctx, rules);
}

const struct command command_rules = {
        .name = "rules",
        .arguments = "[--check [FILE]... | --reasons | --list]",
        .summary = "show the rules in force, and check your own",
        .help = "  --check [FILE]...  errors, duplicates, rules that can never match; in all\n"
                "                     files in force when none is named\n"
                "  --reasons          the reasons, who must act, what they mean\n"
                "  --list             every rule with its file and line, in the order tried\n"
                "Without an option: the files in force and how many rules each has.\n",
        .run = rules_run,
};
