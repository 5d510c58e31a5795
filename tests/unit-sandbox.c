/* What a process can still do in the sandbox, and that a judgement gets out of it whole. For unit.c. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "judge/judgement-wire.h"
#include "judge/sandbox.h"
#include "knowledge/rules.h"

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

static bool has_memory_and_time(void)
{
	void *memory = malloc(64u << 20);
	bool fine = memory != NULL && time(NULL) > 0 && write(STDOUT_FILENO, "", 0) == 0;

	free(memory);
	return fine;
}

/* abort() needs it; anybody else could be stopped or ended with it. */
static bool signals_itself(void)
{
	return syscall(SYS_tgkill, getpid(), getpid(), 0) == 0;
}

static bool signals_others(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0 || syscall(SYS_tgkill, 1, 1, 0) == 0;
}

static bool runs_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
	       mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

/* Commands of fcntl and ioctl are numbers below that, but for a few that stand for themselves. */
static bool commands_descriptors(void)
{
	for (int command = 0; command < 1100; command++)
		if (command != F_GETFL && fcntl(STDOUT_FILENO, command, 0) != -1)
			return true;
	for (unsigned long request = 0x5400; request < 0x5500; request++)
		if (ioctl(STDOUT_FILENO, request, 0) != -1 || errno != EPERM)
			return true;
	return false;
}

static bool opens_to_change(void)
{
	static const int ways[] = {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC, O_TMPFILE | O_WRONLY, O_TMPFILE | O_RDWR,
	        O_ACCMODE};

	for (size_t i = 0; i < COUNT(ways); i++)
		if (open("/tmp", ways[i], 0600) >= 0 || open(FOREIGN_FILE, ways[i], 0600) >= 0)
			return true;
	return false;
}

static bool reads_elsewhere(void)
{
	return open("/proc/self/status", O_RDONLY) >= 0 || open("/usr/lib", O_RDONLY) >= 0;
}

/* System calls that a judge needs: all others are tried by number. */
static const long sandbox_needed[] = {SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_close, SYS_brk, SYS_munmap, SYS_mremap,
        SYS_madvise, SYS_futex, SYS_clock_gettime, SYS_gettimeofday, SYS_getpid, SYS_gettid, SYS_getrandom, SYS_sched_yield,
        SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_mmap,
        SYS_mprotect, SYS_tgkill, SYS_ppoll,
#ifdef SYS_poll
        SYS_poll,
#endif
#ifdef SYS_time
        SYS_time,
#endif
};

static bool is_needed(long number)
{
	for (size_t i = 0; i < COUNT(sandbox_needed); i++)
		if (sandbox_needed[i] == number)
			return true;
	return false;
}

/* Any system call that there is or will be, but those. Their arguments are nonsense: what is not refused at once says something else than EPERM. */
static bool calls_anything_else(void)
{
	for (long number = 0; number < 600; number++)
		/* 335 and 336 are for the kernel's own probes, and end any process that isn't probed. */
		if (number != 335 && number != 336 && !is_needed(number) && (syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) != -1 || errno != EPERM)) {
			printf("# system call %ld\n", number);
			fflush(stdout);
			return true;
		}
	return false;
}

static const struct {
	const char *what;
	bool (*can)(void);
	bool sealed, reading;
} sandbox_cases[] = {
        {"opens a network connection", opens_network, false, false},
        {"starts a program, or another process", starts_program, false, false},
        {"writes or removes a file", writes_file, false, false},
        {"opens a file in a way that changes it", opens_to_change, false, false},
        {"sends a signal to another process", kills, false, false},
        {"sends a signal to another process by its thread", signals_others, false, false},
        {"sends a signal to itself", signals_itself, true, true},
        {"runs what it has written", runs_memory, false, false},
        {"changes how a descriptor works, or asks a terminal for anything", commands_descriptors, false, false},
        {"reads a file that was named", reads_file, false, true},
        {"reads a file that was not", reads_elsewhere, false, false},
        {"has memory, the time, and what is open", has_memory_and_time, true, true},
};

/* In a process of its own, as there is no way back. 0: can't; 1: can; 2: there is no sandbox here. */
static int can_in_sandbox(char *const *names, bool (*can)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(!sandbox_enter(names) ? 2 : can());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void sandbox_case(const char *where, char *const *names, const char *what, bool (*can)(void), bool expected)
{
	int found = can_in_sandbox(names, can);

	ok(found == 2 || found == expected, "%s: %s ==> %s%s", where, what, expected ? "yes" : "no",
	        found == 2 ? " # SKIP no sandbox in this kernel, or beside the sanitizers" : "");
}

UNIT(test_sandbox)
{
	char *names[] = {(char *)FOREIGN_FILE, NULL};

	(void)ctx;
	for (size_t i = 0; i < COUNT(sandbox_cases); i++) {
		sandbox_case("sealed", NULL, sandbox_cases[i].what, sandbox_cases[i].can, sandbox_cases[i].sealed);
		sandbox_case("reading", names, sandbox_cases[i].what, sandbox_cases[i].can, sandbox_cases[i].reading);
	}
	sandbox_case("sealed", NULL, "makes any other system call", calls_anything_else, false);
}

UNIT(test_judgement_wire)
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
	struct problems *problems = problems_new(ctx), *told = problems_new(ctx);
	struct judgement_wire given = {{&facts, verdicts}, (char *)"b1@example.net", (char *)"a\nend \nkind delivered", problems},
	                got = {.problems = told};
	char *text;

	facts.recipients = recipients;
	facts.recipient_count = 2;
	facts.original.subject = (char *)"見積書";
	facts.original.references[facts.original.reference_count++] = (struct reference){(char *)"o@example.org", "rfc822"};
	problems_add(problems, "my.rules", 7, "what is \033[31mthis");
	text = judgement_wire_write(ctx, &given);
	ok(judgement_wire_read(ctx, text, strlen(text), &got) == STATUS_OK, "judgement on the wire: what was written is read");
	ok(got.judgement.facts->kind == KIND_FAILED && got.judgement.facts->recipient_count == 2,
	        "judgement on the wire: kind and recipients");
	is_string(got.id, "b1@example.net", "judgement on the wire: the id");
	is_string(got.from, "a end kind delivered", "judgement on the wire: a newline in a value begins no line");
	is_string(got.judgement.facts->original.subject, "見積書", "judgement on the wire: the subject");
	is_string(
	        got.judgement.facts->original.references[0].id, "o@example.org", "judgement on the wire: the ids that may be the original's");
	is_string(got.judgement.facts->original.references[0].step, "rfc822", "judgement on the wire: and where they stood");
	is_string(got.judgement.facts->recipients[0].original_address, "b@example.com", "judgement on the wire: what is said of a recipient");
	ok(got.judgement.verdicts[0].reason == REASON_USER_UNKNOWN && got.judgement.verdicts[0].permanent,
	        "judgement on the wire: the verdict");
	ok(got.judgement.verdicts[1].reason == REASON_MAILBOX_FULL && !got.judgement.verdicts[1].permanent,
	        "judgement on the wire: each its own");
	ok(got.judgement.facts->recipients[1].action == ACTION_DELAYED, "judgement on the wire: the action");
	ok(told->count == 1 && told->list[0].line == 7, "judgement on the wire: what is wrong in the user's files");
	is_string(told->list[0].text, "what is [31mthis", "judgement on the wire: nothing that a terminal obeys");
	for (size_t i = 0; i < strlen(text); i++)
		if (judgement_wire_read(ctx, text, i, &got) == STATUS_OK)
			ok(false, "judgement on the wire: %zu bytes of %zu are not all of it", i, strlen(text));
}

static const struct {
	const char *text, *why;
} wire_refused[] = {
        {"", "nothing"},
        {"kind failed\n", "no end"},
        {"kind strange\nend \n", "a kind that there is not"},
        {"kind failed\nrecipient a@b\npermanent strange\nend \n", "a reason that there is not"},
        {"kind failed\nrecipient a@b\naction strange\nend \n", "an action that there is not"},
        {"kind failed\npermanent spam\nend \n", "a reason of nobody"},
        {"kind failed\nstrange x\nend \n", "a key that there is not"},
        {"kind failed\nend \nkind delivered\nend \n", "more behind the end"},
        {"kind failed\nsubject \xff\nend \n", "no UTF-8"},
        {"kind failed\nsubject a\033[2Jb\nend \n", "a control sequence"},
        {"kind failed\noriginal-id a\rX-Other: b\nend \n", "a carriage return"},
        {"kind failed\nproblem x\nend \n", "a problem of no file"},
        {"kind failed\nrfc822 1@x\nrfc822 2@x\nrfc822 3@x\nrfc822 4@x\nrfc822 5@x\nrfc822 6@x\nrfc822 7@x\nrfc822 8@x\nrfc822 "
         "9@x\n"
         "rfc822 10@x\nrfc822 11@x\nrfc822 12@x\nrfc822 13@x\nend \n",
                "more ids than REFERENCES_MAX"},
};

UNIT(test_wire_refused)
{
	struct judgement_wire got = {.problems = NULL};
	char *many = talloc_strdup(ctx, "kind failed\n"), *wide = talloc_asprintf(ctx, "kind failed\nsubject %05000d\nend \n", 0);

	for (size_t i = 0; i < COUNT(wire_refused); i++)
		ok(judgement_wire_read(ctx, wire_refused[i].text, strlen(wire_refused[i].text), &got) == STATUS_IO,
		        "judgement on the wire refused: %s", wire_refused[i].why);
	ok(judgement_wire_read(ctx, "kind none\0end \n", 16, &got) == STATUS_IO, "judgement on the wire refused: a NUL");
	for (size_t i = 0; i <= RECIPIENTS_MAX; i++)
		many = talloc_asprintf_append_buffer(many, "recipient r%zu@example.net\n", i);
	many = talloc_strdup_append_buffer(many, "end \n");
	ok(judgement_wire_read(ctx, many, strlen(many), &got) == STATUS_IO, "judgement on the wire refused: more recipients than RECIPIENTS_MAX");
	ok(judgement_wire_read(ctx, wide, strlen(wide), &got) == STATUS_IO, "judgement on the wire refused: a line longer than any of ours");
}

