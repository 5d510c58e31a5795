/* What a process can still do in the sandbox, and that a judgement gets out of it whole. For unit.c. */
#ifndef UNIT_SANDBOX_H
#define UNIT_SANDBOX_H

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "judge/handover.h"
#include "judge/sandbox.h"
#include "knowledge/rules.h"
#include "unit.h"

/* A file that is there and can be read by anybody, and is no business of a judge. */
#define FOREIGN_FILE "/etc/passwd"

static bool opens_network(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool starts_program(void)
{
	char *arguments[] = {(char *)"true", NULL};

	execv("/bin/true", arguments);
	return fork() >= 0;
}

static bool writes_file(void)
{
	return open("unit-sandbox.written", O_WRONLY | O_CREAT, 0600) >= 0 || unlink("unit-sandbox.written") == 0;
}

static bool reads_file(void)
{
	return open(FOREIGN_FILE, O_RDONLY) >= 0;
}

static bool kills(void)
{
	return kill(getppid(), 0) == 0;
}

static bool converts_charsets(void)
{
	return iconv_open("UTF-8", "ISO-2022-KR") != (iconv_t)-1; /* a module, loaded when it is asked for */
}

static bool has_memory_and_time(void)
{
	void *memory = malloc(64u << 20);
	bool fine = memory != NULL && time(NULL) > 0 && write(STDOUT_FILENO, "", 0) == 0;

	free(memory);
	return fine;
}

static const struct {
	const char *what;
	bool (*can)(void);
	bool sealed, reading;
} sandbox_cases[] = {
        {"opens a network connection", opens_network, false, false},
        {"starts a program, or another process", starts_program, false, false},
        {"writes or removes a file", writes_file, false, false},
        {"sends a signal to another process", kills, false, false},
        {"reads a file", reads_file, false, true},
        {"converts a charset that takes a module", converts_charsets, true, true},
        {"has memory, the time, and what is open", has_memory_and_time, true, true},
};

/* In a process of its own, as there is no way back. 0: can't; 1: can; 2: there is no sandbox here. */
static int can_in_sandbox(enum sandbox_files files, bool (*can)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(!sandbox_enter(files) ? 2 : can());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_sandbox(const void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < COUNT(sandbox_cases); i++) {
		int sealed = can_in_sandbox(SANDBOX_SEALED, sandbox_cases[i].can);
		int reading = can_in_sandbox(SANDBOX_READING, sandbox_cases[i].can);

		ok(sealed == 2 || sealed == sandbox_cases[i].sealed, "sealed: %s ==> %s%s", sandbox_cases[i].what,
		        sandbox_cases[i].sealed ? "yes" : "no", sealed == 2 ? " # SKIP no sandbox in this kernel, or beside the sanitizers" : "");
		ok(reading == 2 || reading == sandbox_cases[i].reading, "reading only: %s ==> %s%s", sandbox_cases[i].what,
		        sandbox_cases[i].reading ? "yes" : "no",
		        reading == 2 ? " # SKIP no sandbox in this kernel, or beside the sanitizers" : "");
	}
}

static void test_handover(const void *ctx)
{
	struct facts facts = {.kind = KIND_FAILED};
	struct recipient recipients[2] = {
	        {.address = (char *)"bo@example.net",
	                .action = ACTION_FAILED,
	                .status = (char *)"5.1.1",
	                .original_address = (char *)"b@example.com"},
	        {.address = (char *)"", .action = ACTION_DELAYED, .diagnostic_status = (char *)"4.2.2"},
	};
	struct verdict verdicts[2] = {
	        {.reason = REASON_USER_UNKNOWN, .permanent = true}, {.reason = REASON_MAILBOX_FULL, .permanent = false}};
	struct handover given = {{&facts, verdicts}, (char *)"b1@example.net", (char *)"a\nend \nkind delivered"}, got;
	char *text;

	facts.recipients = recipients;
	facts.recipient_count = 2;
	facts.original.subject = (char *)"見積書";
	facts.original.references[facts.original.reference_count++] = (struct reference){(char *)"o@example.org", "rfc822"};
	text = handover_write(ctx, &given);
	ok(handover_read(ctx, text, strlen(text), &got) == STATUS_OK, "handover: what was written is read");
	ok(got.judgement.facts->kind == KIND_FAILED && got.judgement.facts->recipient_count == 2,
	        "handover: kind and recipients");
	is_string(got.id, "b1@example.net", "handover: the id");
	is_string(got.from, "a end kind delivered", "handover: a newline in a value begins no line");
	is_string(got.judgement.facts->original.subject, "見積書", "handover: the subject");
	is_string(
	        got.judgement.facts->original.references[0].id, "o@example.org", "handover: the ids that may be the original's");
	is_string(got.judgement.facts->original.references[0].step, "rfc822", "handover: and where they stood");
	is_string(got.judgement.facts->recipients[0].original_address, "b@example.com", "handover: what is said of a recipient");
	ok(got.judgement.verdicts[0].reason == REASON_USER_UNKNOWN && got.judgement.verdicts[0].permanent,
	        "handover: the verdict");
	ok(got.judgement.verdicts[1].reason == REASON_MAILBOX_FULL && !got.judgement.verdicts[1].permanent,
	        "handover: each its own");
	ok(got.judgement.facts->recipients[1].action == ACTION_DELAYED, "handover: the action");
	for (size_t i = 0; i < strlen(text); i++)
		if (handover_read(ctx, text, i, &got) == STATUS_OK)
			ok(false, "handover: %zu bytes of %zu are not all of it", i, strlen(text));
}

static const struct {
	const char *text, *why;
} handover_refused[] = {
        {"", "nothing"},
        {"kind failed\n", "no end"},
        {"kind strange\nend \n", "a kind that there is not"},
        {"kind failed\nrecipient a@b\npermanent strange\nend \n", "a reason that there is not"},
        {"kind failed\nrecipient a@b\naction strange\nend \n", "an action that there is not"},
        {"kind failed\npermanent spam\nend \n", "a reason of nobody"},
        {"kind failed\nstrange x\nend \n", "a key that there is not"},
        {"kind failed\nend \nkind delivered\nend \n", "more behind the end"},
        {"kind failed\nsubject \xff\nend \n", "no UTF-8"},
        {"kind failed\nrfc822 1@x\nrfc822 2@x\nrfc822 3@x\nrfc822 4@x\nrfc822 5@x\nrfc822 6@x\nrfc822 7@x\nrfc822 8@x\nrfc822 "
         "9@x\n"
         "rfc822 10@x\nrfc822 11@x\nrfc822 12@x\nrfc822 13@x\nend \n",
                "more ids than REFERENCES_MAX"},
};

static void test_handover_refused(const void *ctx)
{
	struct handover got;
	char *many = talloc_strdup(ctx, "kind failed\n"), *wide = talloc_asprintf(ctx, "kind failed\nsubject %05000d\nend \n", 0);

	for (size_t i = 0; i < COUNT(handover_refused); i++)
		ok(handover_read(ctx, handover_refused[i].text, strlen(handover_refused[i].text), &got) == STATUS_IO,
		        "handover refused: %s", handover_refused[i].why);
	ok(handover_read(ctx, "kind none\0end \n", 16, &got) == STATUS_IO, "handover refused: a NUL");
	for (size_t i = 0; i <= RECIPIENTS_MAX; i++)
		many = talloc_asprintf_append_buffer(many, "recipient r%zu@example.net\n", i);
	many = talloc_strdup_append_buffer(many, "end \n");
	ok(handover_read(ctx, many, strlen(many), &got) == STATUS_IO, "handover refused: more recipients than RECIPIENTS_MAX");
	ok(handover_read(ctx, wide, strlen(wide), &got) == STATUS_IO, "handover refused: a line longer than any of ours");
}

#endif
