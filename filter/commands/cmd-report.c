/* notmuch bounce report: what many bounces say together. */
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "after/standing.h"
#include "after/survey.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/mail-files.h"
#include "judge/judge.h"
#include "mail/address.h"

struct survey_run {
	/* Options. */
	time_t since; /* 0: all */
	size_t form;  /* enum survey_form */
	const char *by;

	struct call *call;
	void *pool; /* memory for one mail, used again for the next */
	struct survey *survey;
	size_t mails;
};

static void show_progress(struct survey_run *run)
{
	if (++run->mails % 64 == 0)
		cmd_progress("%zu mails, %zu came back", run->mails, survey_failures(run->survey));
}

/* Returns the first address in FROM (NULL: not known), owned by CTX; NULL if there is none. */
static const char *sender_of(const void *ctx, const char *from)
{
	return from != NULL ? address_list(ctx, from)[0] : NULL;
}

static enum status report_add_mail(
        void *argument, const char *name, const char *bytes, size_t length)
{
	struct survey_run *run = argument;
	SCOPED void *scratch = talloc_new(run->pool);
	struct judgement judgement = {NULL, NULL};
	enum status status = judge_mail(scratch, run->call->judge, bytes, length, &judgement);
	const struct facts *facts = judgement.facts;
	const char *sender =
	        judgement.verdicts != NULL ? sender_of(scratch, facts->original.from) : NULL;

	(void)name;
	for (size_t i = 0; judgement.verdicts != NULL && i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const struct failure failure = {
		        recipient->address[0] != '\0' ? recipient->address : NULL,
		        recipient->remote_mta != NULL ? recipient->remote_mta
		                                      : facts->reporting_mta,
		        sender, recipient->diagnostic, judgement.verdicts[i].reason,
		        recipient->action == ACTION_DELAYED, facts->date};

		if (recipient->action != ACTION_DELIVERED)
			survey_add(run->survey, &failure);
	}
	show_progress(run);
	return status;
}

static const char *string_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* Counts the failures in LINE, a line of `classify --format=json`. STATUS_NOT_MAIL if it is another
 * line. */
static enum status report_add_line(
        void *argument, const char *name, const char *line, size_t length)
{
	struct survey_run *run = argument;

	if (line[strspn(line, " \t")] != '{')
		return STATUS_NOT_MAIL;
	SCOPED void *scratch = talloc_new(run->pool);
	json_t *bounce = json_loadb(line, length, 0, NULL);
	const json_t *recipients = json_object_get(bounce, "recipients");
	bool is_bounce = string_of(bounce, "kind") != NULL && json_is_array(recipients);
	const char *date = string_of(bounce, "date"),
	           *sender = sender_of(
	                   scratch, string_of(json_object_get(bounce, "original"), "from"));
	GDateTime *time = date != NULL ? g_date_time_new_from_iso8601(date, NULL) : NULL;

	(void)name;
	for (size_t i = 0; is_bounce && i < json_array_size(recipients); i++) {
		const json_t *recipient = json_array_get(recipients, i);
		const char *server = string_of(recipient, "remote_mta"),
		           *reason = string_of(recipient, "reason");
		const struct failure failure = {string_of(recipient, "address"),
		        server != NULL ? server : string_of(bounce, "reporting_mta"), sender,
		        string_of(recipient, "diagnostic"),
		        reason != NULL ? reason_by_name(reason, strlen(reason)) : REASON_COUNT,
		        g_strcmp0(string_of(recipient, "action"), "delayed") == 0,
		        time != NULL ? (time_t)g_date_time_to_unix(time) : 0};

		if (failure.reason != REASON_COUNT)
			survey_add(run->survey, &failure);
	}
	g_clear_pointer(&time, g_date_time_unref);
	json_decref(bounce);
	show_progress(run);
	return is_bounce ? STATUS_OK : STATUS_NOT_MAIL;
}

/* Anybody can send a bounce: to be taken off lists are the addresses that `addresses --dead`
 * names, too. */
static void report_confirm_gone(struct survey_run *run, const char *query)
{
	struct call *call = run->call;
	struct standings list = {NULL, 0};
	size_t dead = 0;

	if (!standings_read(call->ctx, call->index, call->wording, query, run->since, false, &list))
		return;
	for (size_t i = 0; i < list.count; i++)
		dead += list.list[i]->kind == STANDING_DEAD ? list.list[i]->failures : 0;
	survey_confirm_gone(run->survey, dead);
}

static enum status report_add_query(struct survey_run *run, char **words)
{
	struct call *call = run->call;

	if (call->index == NULL)
		return cmd_index_missing(call);
	const char *query = "tag:bounce";

	if (words[0] != NULL)
		query = talloc_asprintf(call->ctx, "tag:bounce and (%s)", cmd_query(call));
	SCOPED struct found *found = index_search(NULL, call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(call, query);
	for (struct mail *mail; (mail = found_next(found)) != NULL;) {
		size_t length;
		char *bytes = mail_bytes(mail, mail, &length);

		if (bytes != NULL)
			report_add_mail(run, "", bytes, length);
	}
	report_confirm_gone(run, words[0] != NULL ? cmd_query(call) : NULL);
	/* What was sent can only be compared with all bounces. */
	if (words[0] == NULL && run->since == 0)
		survey_compare(run->survey, call->index);
	return STATUS_OK;
}

/* Returns whether the file PATH has lines of JSON; standard input always has. */
static bool is_json(const char *path)
{
	FILE *file = strcmp(path, "-") != 0 ? fopen(path, "re") : NULL;
	int first = file != NULL ? getc(file) : '{';

	if (file != NULL)
		fclose(file);
	return first == '{';
}

static enum status report_add_paths(struct survey_run *run, char **paths)
{
	const struct input mails = {report_add_mail, cmd_complain, run},
	                   lines = {report_add_line, cmd_complain, run};
	enum status status = STATUS_OK;

	for (; *paths != NULL; paths++)
		status = status_first(status,
		        is_json(*paths) ? input_lines(&lines, *paths) : input_walk(&mails, *paths));
	return status;
}

static enum status report_run(struct call *call)
{
	struct survey_run *run = call->options;
	char **arguments = call->arguments;
	bool is_query = arguments[0] == NULL ||
	                (strcmp(arguments[0], "-") != 0 && access(arguments[0], F_OK) != 0);

	run->call = call;
	run->pool = talloc_pool(call->ctx, JUDGE_SCRATCH_SIZE);
	run->survey = survey_new(call->ctx, call->wording, run->since);
	if (!survey_show(run->survey, run->by)) {
		cmd_say("%s --%s=%s: expected one of %s", "report", "by", run->by,
		        "reason domain server week sender address");
		return STATUS_USAGE;
	}
	cmd_progress_begin();
	enum status status =
	        is_query ? report_add_query(run, arguments) : report_add_paths(run, arguments);

	cmd_progress_clear();
	cmd_say_problems(call->problems);
	if (is_query && status != STATUS_OK)
		return status;
	return status_first(
	        status, cmd_print(survey_print(run->survey, (enum survey_form)run->form)));
}

static const struct option options[] = {
        VALUE_OPTION("since", OPTION_DATE, struct survey_run, since, "DATE"),
        VALUE_OPTION("by", OPTION_VALUE, struct survey_run, by, "COUNT"),
        CHOICE_OPTION(
                "format", OPTION_CHOICE, struct survey_run, form, "FORMAT", "text html csv json"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_report = {
        .name = "report",
        .arguments = "[OPTION]... [QUERY|FILE|DIR|MBOX|-]...",
        .options = options,
        .size = sizeof(struct survey_run),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE,
        .run = report_run,
};
