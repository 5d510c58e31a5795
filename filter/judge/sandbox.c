#include "judge/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

/* struct landlock_ruleset_attr as of version 6 of Landlock; older headers don't have all of it, and
 * older kernels take the beginning. */
struct ruleset {
	uint64_t files;
	uint64_t network; /* version 4: bind and connect, TCP */
	uint64_t scoped;  /* version 6: abstract sockets and signals of processes outside */
};

/* The version of Landlock that the kernel has; 0 or less: none. */
static int landlock_version(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Forbids all that VERSION of Landlock can forbid but the rights UNHANDLED. Below each of NAMES
 * (NULL-terminated, or NULL), the rights ALLOWED remain. Returns whether all of it holds. */
static bool lock_files(int version, uint64_t unhandled, char *const *names, uint64_t allowed)
{
	/* Version 1 has 13 rights to files; moving between folders came with 2, truncating with 3,
	 * ioctl on devices with 5. */
	int rights = 13 + (version >= 2) + (version >= 3) + (version >= 5), ruleset;
	struct ruleset all = {
	        .files = ((1ULL << rights) - 1) & ~unhandled, .network = 3, .scoped = 3};
	size_t size = version >= 6   ? sizeof all
	              : version >= 4 ? offsetof(struct ruleset, scoped)
	                             : offsetof(struct ruleset, network);
	bool fine = true;

	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	if (ruleset < 0)
		return false;
	for (; names != NULL && *names != NULL; names++) {
		struct landlock_path_beneath_attr rule = {.allowed_access = allowed & all.files,
		        .parent_fd = open(*names, O_PATH | O_CLOEXEC)};
		struct stat st;

		if (rule.parent_fd < 0)
			continue; /* using it will fail too, and say why */
		if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
			rule.allowed_access &=
			        LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
		fine = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
		               0) == 0 &&
		       fine;
		close(rule.parent_fd);
	}
	fine = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 && fine;
	close(ruleset);
	return fine;
}

/* The system calls that remain. All others fail with EPERM, which the libraries accept as an
 * answer, so that a call forbidden by mistake doesn't end the program. */
static const int allowed[] = {
        /* what is open; whoever started us may have made it not to wait (O_NONBLOCK) */
        SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
        SCMP_SYS(close), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
        /* memory, see also lock_system_calls() */
        SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
        SCMP_SYS(futex_time64),
        /* time */
        SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        /* this process */
        SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(sched_yield),
        SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)};

/* The system calls that reading named folders and files takes; Landlock limits them to these. */
static const int allowed_for_files[] = {SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(dup),
        SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat),
        SCMP_SYS(lstat64), SCMP_SYS(statx), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64),
        SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(getdents),
        SCMP_SYS(getdents64)};

static bool allow_each(scmp_filter_ctx filter, const int *calls, size_t count)
{
	size_t i = 0;

	while (i < count && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0)
		i++;
	return i == count;
}

static bool allow_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, condition) == 0;
}

/* Allows opening a file, but not to write, create or truncate it, and asking how it is open. */
static bool allow_opening(scmp_filter_ctx filter)
{
	const unsigned writing = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);

	return allow_if(filter, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) &&
	       allow_if(filter, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) &&
	       allow_if(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0)) &&
	       allow_if(filter, SCMP_SYS(fcntl64), SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0)) &&
	       allow_each(filter, allowed_for_files, G_N_ELEMENTS(allowed_for_files));
}

static bool lock_system_calls(bool with_files)
{
	const struct scmp_arg_cmp not_run = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	                          /* abort() sends a signal to its own process; no other gets
	                           * one. */
	        oneself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool fine = filter != NULL && allow_each(filter, allowed, G_N_ELEMENTS(allowed)) &&
	            allow_if(filter, SCMP_SYS(mmap), not_run) &&
	            allow_if(filter, SCMP_SYS(mmap2), not_run) &&
	            allow_if(filter, SCMP_SYS(mprotect), not_run) &&
	            allow_if(filter, SCMP_SYS(tgkill), oneself) &&
	            (!with_files || allow_opening(filter)) && seccomp_load(filter) == 0;

	seccomp_release(filter);
	return fine;
}

bool sandbox_enter(char *const *names)
{
	int version = landlock_version();
	bool files_locked;

	if (SANITIZED || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	files_locked =
	        version > 0 && lock_files(version, 0, names,
	                               LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	return lock_system_calls(names != NULL) && files_locked;
}

bool sandbox_enter_folder(const char *folder)
{
	char *const places[] = {(char *)(uintptr_t)folder, (char *)(uintptr_t) "/dev/null", NULL};
	int version = landlock_version();
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	/* Before version 2, no file can be moved to another folder. Ioctl on devices is not
	 * forbidden. */
	bool fine = filter != NULL && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && version >= 2 &&
	            lock_files(version < 3 ? version : 3,
	                    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
	                            LANDLOCK_ACCESS_FS_EXECUTE,
	                    places, UINT64_MAX) &&
	            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 0) == 0 &&
	            seccomp_load(filter) == 0;

	seccomp_release(filter);
	return fine;
}

static void resource_limit(__rlimit_resource_t resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0 || now.rlim_max <= most)
		return;
	now.rlim_max = most;
	if (now.rlim_cur > most)
		now.rlim_cur = most;
	setrlimit(resource, &now);
}

void sandbox_limit(unsigned seconds)
{
	if (!SANITIZED)
		resource_limit(RLIMIT_AS, MEMORY_MAX);
	if (seconds > 0)
		resource_limit(RLIMIT_CPU, seconds);
	resource_limit(RLIMIT_CORE, 0);
}

/* Closes all descriptors from FIRST to LAST. */
static void close_between(int first, int last)
{
	if (first > last)
		return;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0) == 0)
		return;
#endif
	for (long most = sysconf(_SC_OPEN_MAX); first <= last && first < most; first++)
		close(first);
}

void sandbox_close_others(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	if (low < STDERR_FILENO)
		low = STDERR_FILENO;
	if (high < STDERR_FILENO)
		high = STDERR_FILENO;
	close_between(STDERR_FILENO + 1, low - 1);
	close_between(low + 1, high - 1);
	close_between(high + 1, INT_MAX);
}
