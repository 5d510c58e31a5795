/* notmuch bounce report: what many bounces say together. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "after/survey-print.h"
#include "base/date.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd-progress.h"
#include "commands/cmd.h"
#include "index/mail-files.h"
#include "mail/input.h"

struct survey_run {
	const void *ctx;
	struct judge *judge;
	struct survey *survey;
	time_t since; /* 0: all */
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
		cmd_progress("%zu mails, %zu came back", run->mails, survey_failures(run->survey).count);
}

static enum status add_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct survey_run *run = argument;
	void *scratch = talloc_new(run->ctx);
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

static void complain(void *argument, const char *name, const char *what)
{
	(void)argument;
	cmd_say("%s: %s", name, what);
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

static enum status add_query(struct survey_run *run, const char *command, char **words)
{
	struct settings settings;
	struct index *index;
	enum status status = cmd_index_open(run->ctx, command, INDEX_READ, &index, &settings, NULL);
	char *query = words[0] != NULL ? talloc_asprintf(run->ctx, "tag:bounce and (%s)", cmd_query(run->ctx, words, ""))
	                               : talloc_strdup(run->ctx, "tag:bounce");

	if (status != STATUS_OK)
		return status;
	status = index_each(index, query, add_found, run);
	if (status == STATUS_IO)
		cmd_say("%s: the index can't be searched for %s", command, query);
	index_close(index);
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
	const struct input mails = {add_mail, complain, run}, lines = {add_line, complain, run};
	enum status first = STATUS_OK, status;

	for (; *paths != NULL; paths++) {
		status = is_json(*paths) ? input_lines(run->ctx, &lines, *paths) : input_walk(run->ctx, &mails, *paths);
		first = first != STATUS_OK ? first : status;
	}
	return first;
}

/* Which counts VALUE (names with commas between; NULL: all) asks for into LIST; STATUS_USAGE if one is none. */
static enum status read_by(const char *value, enum survey_by list[SURVEY_BY_COUNT], size_t *count)
{
	enum survey_by by;
	size_t length;

	for (*count = 0; value == NULL && *count < SURVEY_BY_COUNT; ++*count)
		list[*count] = (enum survey_by)*count;
	for (; value != NULL && *value != '\0'; value += length + (value[length] == ',')) {
		length = strcspn(value, ",");
		for (by = 0; by < SURVEY_BY_COUNT; by++)
			if (strlen(survey_by_name(by)) == length && strncmp(survey_by_name(by), value, length) == 0)
				break;
		if (by == SURVEY_BY_COUNT || *count == SURVEY_BY_COUNT) {
			cmd_say("report --by=%.*s: expected reason, domain, server, week, sender or address", (int)length, value);
			return STATUS_USAGE;
		}
		list[(*count)++] = by;
	}
	return STATUS_OK;
}

static enum status report_print(struct survey_run *run, const char *format, struct wording *wording, const struct survey_style *style)
{
	char *(*form)(const void *ctx, const struct survey *survey, struct wording *wording, const struct survey_style *style) =
	        strcmp(format, "html") == 0   ? survey_page
	        : strcmp(format, "csv") == 0  ? survey_csv
	        : strcmp(format, "json") == 0 ? survey_json
	                                      : survey_text;

	cmd_progress_clear();
	return cmd_print(form(run->ctx, run->survey, wording, style));
}

static enum status report_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "html", "csv", "json", NULL};
	const char *format = "text", *language = NULL, *since = NULL, *by = NULL;
	struct problems *problems = problems_new(ctx);
	enum survey_by counts[SURVEY_BY_COUNT];
	struct survey_style style = {.by = counts, .width = 80};
	struct survey_run run = {.ctx = ctx, .survey = survey_new(ctx)};
	const struct option options[] = {
	        {.name = "format", .value = &format, .values = formats},
	        {.name = "lang", .value = &language},
	        {.name = "since", .value = &since},
	        {.name = "by", .value = &by},
	        {.name = NULL},
	};
	enum status status = cmd_options("report", arguments, options), read;
	struct wording *wording;
	bool is_query;

	if (status != STATUS_OK || (status = read_by(by, counts, &style.by_count)) != STATUS_OK)
		return status;
	if (since != NULL && (run.since = date_since(since, time(NULL))) == 0) {
		cmd_say("report --since=%s: expected a day (2026-11-30) or a time back (30d, 8w)", since);
		return STATUS_USAGE;
	}
	status = cmd_wording(ctx, "report", language, NULL, problems, &wording);
	if (status != STATUS_OK)
		return status;
	run.judge = judge_open(ctx, problems);
	cmd_progress_begin();
	is_query = arguments[0] == NULL || (strcmp(arguments[0], "-") != 0 && access(arguments[0], F_OK) != 0);
	read = is_query ? add_query(&run, "report", arguments) : add_paths(&run, arguments);
	cmd_say_problems(problems);
	if (is_query && read != STATUS_OK)
		return read;
	status = report_print(&run, format, wording, &style);
	return read != STATUS_OK ? read : status;
}

const struct command command_report = {
        .name = "report",
        .arguments = "[OPTION]... [QUERY|FILE|DIR|MBOX|-]...",
        .summary = "say what many bounces say together, and what is going on",
        .help = "  --since=DATE      only what came since: 2026-11-30, 30d, 8w\n"
                "  --by=COUNT,...    reason, domain, server, week, sender, address; default: all\n"
                "  --format=FORMAT   text (default), html (a page), csv, json\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "Without an argument: all bounces in the index; with a QUERY those that it finds.\n"
                "Files may be mails, mbox files, folders, or what classify --format=json wrote;\n"
                "`-` is that on standard input.\n",
        .run = report_run,
};
