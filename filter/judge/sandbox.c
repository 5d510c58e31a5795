#include "judge/sandbox.h"

#include <sys/resource.h>

#include "base/limits.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* Where the C library's own files are, and the libraries that are loaded when a mail needs them. Nothing there is anybody's secret. */
static const char *const library_files[] = {"/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/usr/share",
        "/etc/localtime", "/etc/ld.so.cache", "/usr/local/lib", "/nix/store", "/gnu/store"};

static bool allow_below(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = READING, .parent_fd = open(path, O_PATH | O_CLOEXEC)};
	bool fine;

	if (rule.parent_fd < 0)
		return errno == ENOENT;
	fine = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	if (!fine) { /* a file, not a folder */
		rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
		fine = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	}
	close(rule.parent_fd);
	return fine;
}

/* Everything that can be done to a file and that the running kernel can forbid. */
static __u64 handled_access(int version)
{
	__u64 all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* version 1 */

	if (version >= 2)
		all |= 1ULL << 13; /* to move files between folders */
	if (version >= 3)
		all |= 1ULL << 14; /* to cut files off */
	return all;
}

static bool lock_files(enum sandbox_files files)
{
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), ruleset;
	struct landlock_ruleset_attr attributes = {.handled_access_fs = version > 0 ? handled_access(version) : 0};
	bool fine = true;
	size_t i;

	if (version < 1)
		return false;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0);
	if (ruleset < 0)
		return false;
	if (files == SANDBOX_READING)
		fine = allow_below(ruleset, "/");
	else
		for (i = 0; i < sizeof library_files / sizeof *library_files; i++)
			fine = allow_below(ruleset, library_files[i]) && fine;
	fine = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 && fine;
	close(ruleset);
	return fine;
}

/* What remains. All else fails with EPERM, which the libraries take for an answer: nothing that works by itself on one machine ends the program on
 * another. */
static const int allowed[] = {
        /* what is open */
        SCMP_SYS(read),
        SCMP_SYS(readv),
        SCMP_SYS(pread64),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(close),
        SCMP_SYS(lseek),
        SCMP_SYS(_llseek),
        SCMP_SYS(fcntl),
        SCMP_SYS(fcntl64),
        SCMP_SYS(dup),
        SCMP_SYS(poll),
        SCMP_SYS(ppoll),
        SCMP_SYS(ioctl),
        SCMP_SYS(copy_file_range),
        SCMP_SYS(sendfile),
        SCMP_SYS(splice),
        SCMP_SYS(fsync),
        SCMP_SYS(fdatasync),
        /* looking at files, within what Landlock leaves */
        SCMP_SYS(fstat),
        SCMP_SYS(fstat64),
        SCMP_SYS(stat),
        SCMP_SYS(stat64),
        SCMP_SYS(lstat),
        SCMP_SYS(lstat64),
        SCMP_SYS(statx),
        SCMP_SYS(newfstatat),
        SCMP_SYS(fstatat64),
        SCMP_SYS(fstatfs),
        SCMP_SYS(access),
        SCMP_SYS(faccessat),
        SCMP_SYS(faccessat2),
        SCMP_SYS(getdents),
        SCMP_SYS(getdents64),
        SCMP_SYS(readlink),
        SCMP_SYS(readlinkat),
        SCMP_SYS(getcwd),
        SCMP_SYS(fadvise64),
        SCMP_SYS(fadvise64_64),
        /* memory */
        SCMP_SYS(brk),
        SCMP_SYS(mmap),
        SCMP_SYS(mmap2),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(mprotect),
        SCMP_SYS(madvise),
        /* time, and oneself */
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_gettime64),
        SCMP_SYS(clock_getres),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(alarm),
        SCMP_SYS(setitimer),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigreturn),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(getpid),
        SCMP_SYS(gettid),
        SCMP_SYS(getuid),
        SCMP_SYS(geteuid),
        SCMP_SYS(tgkill),
        SCMP_SYS(futex),
        SCMP_SYS(futex_time64),
        SCMP_SYS(getrandom),
        SCMP_SYS(getrlimit),
        SCMP_SYS(ugetrlimit),
        SCMP_SYS(sched_yield),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(uname),
        SCMP_SYS(sysinfo),
        SCMP_SYS(rseq),
        SCMP_SYS(set_robust_list),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
};

static bool lock_system_calls(void)
{
	const unsigned writing = O_ACCMODE | O_CREAT | O_TRUNC;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool fine = filter != NULL;
	size_t i;

	for (i = 0; fine && i < sizeof allowed / sizeof *allowed; i++)
		fine = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	fine = fine &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) ==
	               0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) == 0 &&
	       seccomp_load(filter) == 0;
	seccomp_release(filter);
	return fine;
}

bool sandbox_enter(enum sandbox_files files)
{
	bool files_locked;

	if (SANITIZED || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	files_locked = lock_files(files);
	return lock_system_calls() && files_locked;
}

#else
bool sandbox_enter(enum sandbox_files files)
{
	(void)files;
	return false;
}
#endif

static void limit(__rlimit_resource_t resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0 || (now.rlim_cur != RLIM_INFINITY && now.rlim_cur <= most))
		return;
	now.rlim_cur = most;
	setrlimit(resource, &now);
}

void sandbox_limit(unsigned seconds)
{
	if (!SANITIZED)
		limit(RLIMIT_AS, MEMORY_MAX);
	if (seconds > 0)
		limit(RLIMIT_CPU, seconds);
	limit(RLIMIT_CORE, 0);
}
