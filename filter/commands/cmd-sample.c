/* notmuch bounce sample: a bounce as it can be shown to strangers. */
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "after/sample.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "commands/command.h"

/* Whether A and B, the verdicts on a mail and on its sample, are the same but for the addresses. */
static bool is_same_verdict(const struct judgement *a, const struct judgement *b)
{
	size_t i;

	if (a->facts->kind != b->facts->kind ||
	        a->facts->recipient_count != b->facts->recipient_count)
		return false;
	for (i = 0; i < a->facts->recipient_count; i++)
		if (a->facts->recipients[i].action != b->facts->recipients[i].action ||
		        (a->facts->recipients[i].address[0] == '\0') !=
		                (b->facts->recipients[i].address[0] == '\0'))
			return false;
	for (i = 0; a->verdicts != NULL && i < a->facts->recipient_count; i++)
		if (a->verdicts[i].reason != b->verdicts[i].reason ||
		        a->verdicts[i].permanent != b->verdicts[i].permanent)
			return false;
	return true;
}

static enum status sample_run(struct call *call)
{
	const void *ctx = call->ctx;
	struct judgement of_mail, of_sample;
	struct sample sample;
	size_t length;
	char *bytes;
	enum status status;

	if (call->arguments[0] != NULL) {
		cmd_say("%s reads standard input: expected no argument", "sample");
		return STATUS_USAGE;
	}
	if (isatty(STDIN_FILENO))
		cmd_say("reading a mail from the terminal; end it with Ctrl-D");
	status = io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK)
		return status;
	sample = sample_make(ctx, domains_read(ctx, call->problems), bytes, length);
	if (sample.bytes == NULL ||
	        judge_mail(ctx, call->judge, bytes, length, &of_mail) != STATUS_OK ||
	        judge_mail(ctx, call->judge, sample.bytes, sample.length, &of_sample) !=
	                STATUS_OK) {
		cmd_say("sample: %s",
		        cmd_text("this is not a mail: it does not begin with header fields"));
		return STATUS_NOT_MAIL;
	}
	if (!is_same_verdict(&of_mail, &of_sample)) {
		cmd_say("sample: without its names this mail is judged otherwise; nothing is "
		        "printed");
		return STATUS_REFUSED;
	}
	cmd_say("sample: addresses, names and your text are replaced; read it before you show it");
	return cmd_print(sample.bytes);
}

static const struct option options[] = {NO_OPTION};

const struct command command_sample = {
        .name = "sample",
        .arguments = "< MAIL",
        .summary = "print a bounce without names and addresses, to be shown to others",
        .notes = "Addresses, names, hosts, IPs and ids are replaced, each by the same everywhere; "
                 "of the mail that came back only the header is left, without its subject. What "
                 "servers say stays. Refused (77) if the sample would be judged otherwise.",
        .options = options,
        .needs = NEEDS_JUDGE,
        .run = sample_run,
};
