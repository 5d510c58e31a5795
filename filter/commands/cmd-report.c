/* notmuch bounce report: what many bounces say together. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "after/survey-print.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/mail-files.h"
#include "mail/input.h"

struct survey_run {
	/* Options. */
	time_t since; /* 0: all */
	size_t format;
	const char *by;

	const void *ctx;
	void *pool; /* what one mail needs is had from here, and given back at once */
	struct judge *judge;
	struct survey *survey;
	size_t mails;
	enum status status;
};

static void add(void *argument, const struct failure *failure)
{
	struct survey_run *run = argument;

	if (run->since == 0 || failure->time >= run->since)
		survey_add(run->survey, failure);
}

static void show_progress(struct survey_run *run)
{
	if (++run->mails % 64 == 0)
		cmd_progress(
		        "%zu mails, %zu came back", run->mails, survey_failures(run->survey).count);
}

static enum status add_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct survey_run *run = argument;
	void *scratch = talloc_new(run->pool);
	struct judgement judgement;
	enum status status = judge_mail(scratch, run->judge, bytes, length, &judgement);

	(void)name;
	if (status == STATUS_OK)
		failure_each(&judgement, add, run);
	talloc_free(scratch);
	show_progress(run);
	return status;
}

/* A line of `classify --format=json`; what is none is no failure. */
static enum status add_line(void *argument, const char *name, const char *line, size_t length)
{
	struct survey_run *run = argument;

	(void)name;
	show_progress(run);
	return failure_each_json(line, length, add, run) ? STATUS_OK : STATUS_NOT_MAIL;
}

static bool add_found(void *argument, struct mail *mail)
{
	struct survey_run *run = argument;
	size_t length;
	char *bytes = mail_bytes(mail, mail, &length);

	if (bytes != NULL)
		run->status = add_mail(run, "", bytes, length);
	if (run->status == STATUS_NOT_MAIL)
		run->status = STATUS_OK;
	return run->status == STATUS_OK;
}

static enum status add_query(struct survey_run *run, struct call *call)
{
	char **words = call->arguments;
	char *query = words[0] != NULL ? talloc_asprintf(run->ctx, "tag:bounce and (%s)",
	                                         cmd_query(run->ctx, words, ""))
	                               : talloc_strdup(run->ctx, "tag:bounce");
	enum status status;

	if (call->index == NULL) {
		cmd_say("report: %s", call->no_index);
		return STATUS_NO_INPUT;
	}
	status = index_each(call->index, query, add_found, run);
	if (status == STATUS_IO)
		cmd_query_failed("report", call->index, query);
	/* Of some bounces it can't be said how many of the mails they are. */
	if (status == STATUS_OK && words[0] == NULL && run->since == 0)
		survey_compare(run->survey, outbox_read(run->ctx, call->index, &call->settings));
	return run->status != STATUS_OK ? run->status : status;
}

/* Whether the file PATH holds lines of JSON. */
static bool is_json(const char *path)
{
	FILE *file = strcmp(path, "-") != 0 ? fopen(path, "re") : NULL;
	int first = file != NULL ? getc(file) : '{';

	if (file != NULL)
		fclose(file);
	return first == '{';
}

static enum status add_paths(struct survey_run *run, char **paths)
{
	const struct input mails = {add_mail, cmd_complain, run},
	                   lines = {add_line, cmd_complain, run};
	enum status first = STATUS_OK, status;

	for (; *paths != NULL; paths++) {
		status = is_json(*paths) ? input_lines(run->ctx, &lines, *paths)
		                         : input_walk(run->ctx, &mails, *paths);
		first = first != STATUS_OK ? first : status;
	}
	return first;
}

/* Which counts VALUE (names with commas between; NULL: all) asks for into LIST; STATUS_USAGE if one
 * is none. */
static enum status read_by(const char *value, enum survey_by list[SURVEY_BY_COUNT], size_t *count)
{
	enum survey_by by;
	size_t length;

	for (*count = 0; value == NULL && *count < SURVEY_BY_COUNT; ++*count)
		list[*count] = (enum survey_by) * count;
	for (; value != NULL && *value != '\0'; value += length + (value[length] == ',')) {
		length = strcspn(value, ",");
		for (by = 0; by < SURVEY_BY_COUNT; by++)
			if (strlen(survey_by_name(by)) == length &&
			        strncmp(survey_by_name(by), value, length) == 0)
				break;
		if (by == SURVEY_BY_COUNT || *count == SURVEY_BY_COUNT) {
			cmd_say("report --by=%.*s: expected reason, domain, server, week, sender "
			        "or address",
			        (int)length, value);
			return STATUS_USAGE;
		}
		list[(*count)++] = by;
	}
	return STATUS_OK;
}

static enum status report_run(struct call *call)
{
	static char *(*const forms[])(const void *, const struct survey *, struct wording *,
	        const struct survey_style *) = {survey_text, survey_page, survey_csv, survey_json};
	struct survey_run *run = call->options;
	enum survey_by counts[SURVEY_BY_COUNT];
	struct survey_style style = {.by = counts, .width = 80};
	const char *first = call->arguments[0];
	bool is_query = first == NULL || (strcmp(first, "-") != 0 && access(first, F_OK) != 0);
	enum status status = read_by(run->by, counts, &style.by_count), printed;

	if (status != STATUS_OK)
		return status;
	run->ctx = call->ctx;
	run->pool = talloc_pool(call->ctx, JUDGE_SCRATCH_SIZE);
	run->judge = call->judge;
	run->survey = survey_new(call->ctx);
	cmd_progress_begin();
	status = is_query ? add_query(run, call) : add_paths(run, call->arguments);
	cmd_progress_clear();
	cmd_say_problems(call->problems);
	if (is_query && status != STATUS_OK)
		return status;
	printed = cmd_print(forms[run->format](call->ctx, run->survey, call->wording, &style));
	return status != STATUS_OK ? status : printed;
}

static const struct option options[] = {
        VALUE_OPTION("since", OPTION_DATE, struct survey_run, since, "DATE",
                "only what came since: 2026-11-30, 30d, 8w"),
        VALUE_OPTION("by", OPTION_VALUE, struct survey_run, by, "COUNT",
                "reason, domain, server, week, sender, address, or several with commas; default: "
                "all"),
        CHOICE_OPTION("format", OPTION_CHOICE, struct survey_run, format, "FORMAT",
                "text html csv json", "text (default), html (a page), csv, json"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_report = {
        .name = "report",
        .arguments = "[OPTION]... [QUERY|FILE|DIR|MBOX|-]...",
        .summary = "say what many bounces say together, and what is going on",
        .notes = "Without an argument: all bounces in the index; with a QUERY those that it finds. "
                 "Files may be mails, mbox files, folders, or what classify --format=json wrote; "
                 "`-` is that on standard input.",
        .options = options,
        .size = sizeof(struct survey_run),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE,
        .run = report_run,
};
