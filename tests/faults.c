/* Makes the machine fail, for tests/faults.t: loaded before all other libraries, it lets one call in a row of calls fail, or several, in the program that is
 * called notmuch-bounce and in nothing that it starts.
 *
 *     FAULT=CALLS:HOW:FIRST[:PROCESS]
 *
 * CALLS: a name below. HOW: the errno of a call that fails; `short`: it does a part of its work; `term`, `killall`: SIGTERM comes just before it, to this process or to its process group. FIRST: which call it is to be, from 1 on; with a +
 * behind it all that follow as well. PROCESS: 0 is the one that was started, 1 the first that it forks, and so on; without it, all.
 *
 * FAULT_SEEN names a file of two numbers, as the machine has them: how many such calls there were, and whether one failed. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <dlfcn.h>

enum call {
	CALL_MALLOC,
	CALL_READ,
	CALL_PREAD,
	CALL_WRITE,
	CALL_CLOSE,
	CALL_SYNC,
	CALL_OPEN,
	CALL_FORK,
	CALL_PIPE,
	CALL_MEMFD,
	CALL_RENAME,
	CALL_SEEK,
	CALL_DUP,
	CALL_WAIT,
	CALL_POLL,
	CALL_EXEC,
	CALL_ANY,
};

static const char *const names[] = {"malloc", "read", "pread", "write", "close", "sync", "open", "fork", "pipe", "memfd", "rename", "seek", "dup",
        "wait", "poll", "exec", "any"};

static const struct {
	const char *name;
	int number;
} errors[] = {
        {"EIO", EIO},
        {"ENOSPC", ENOSPC},
        {"EINTR", EINTR},
        {"ENOMEM", ENOMEM},
        {"EAGAIN", EAGAIN},
        {"EMFILE", EMFILE},
        {"EACCES", EACCES},
        {"EPIPE", EPIPE},
        {"EBADF", EBADF},
        {"ENOENT", ENOENT},
        {"ENOSYS", ENOSYS},
        {"ECHILD", ECHILD},
};

enum how { HOW_ERROR, HOW_SHORT, HOW_TERM, HOW_KILL_ALL };

static struct {
	enum call call;
	enum how how;
	int error;
	long first;
	int and_all_behind;
	int only_process; /* -1: all */
} fault;

static struct {
	volatile unsigned calls, hit;
} nowhere, *seen = &nowhere;

static int is_on, process, forks;
static long count;

/* The library's own work: the real functions, by names that are not ours. */
static void *real(const char *name)
{
	int was_on = is_on;
	void *function;

	is_on = 0;
	function = dlsym(RTLD_NEXT, name);
	is_on = was_on;
	return function;
}

#define REAL(name) \
	static __typeof__(name) *real_##name; \
	if (real_##name == NULL) \
		real_##name = (__typeof__(name) *)real(#name)

static void see(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT, 0600);
	void *map = MAP_FAILED;

	if (file >= 0 && ftruncate(file, sizeof nowhere) == 0)
		map = mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (map != MAP_FAILED)
		seen = map;
	close(file);
}

__attribute__((constructor)) static void begin(void)
{
	const char *what = getenv("FAULT"), *how = what != NULL ? strchr(what, ':') : NULL, *first = how != NULL ? strchr(how + 1, ':') : NULL;
	char *end;
	size_t i;

	if (first == NULL || strcmp(program_invocation_short_name, "notmuch-bounce") != 0)
		return;
	fault.call = CALL_ANY;
	for (i = 0; i < CALL_ANY; i++)
		if (strlen(names[i]) == (size_t)(how - what) && strncmp(names[i], what, strlen(names[i])) == 0)
			fault.call = (enum call)i;
	how++;
	fault.how = strncmp(how, "short:", 6) == 0 ? HOW_SHORT
	            : strncmp(how, "term:", 5) == 0 ? HOW_TERM
	            : strncmp(how, "killall:", 8) == 0 ? HOW_KILL_ALL
	                                               : HOW_ERROR;
	fault.error = EIO;
	for (i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strlen(errors[i].name) == (size_t)(first - how) && strncmp(errors[i].name, how, strlen(errors[i].name)) == 0)
			fault.error = errors[i].number;
	fault.first = strtol(first + 1, &end, 10);
	fault.and_all_behind = *end == '+';
	end += fault.and_all_behind;
	fault.only_process = *end == ':' ? atoi(end + 1) : -1;
	if (getenv("FAULT_SEEN") != NULL)
		see(getenv("FAULT_SEEN"));
	is_on = 1;
}

/* libseccomp 2.5 turns for ever when it gets no memory: what it asks for is given. */
static int is_excused(const void *caller)
{
	Dl_info info;
	int was_on = is_on, found;

	is_on = 0;
	found = dladdr(caller, &info) != 0 && strstr(info.dli_fname, "libseccomp") != NULL;
	is_on = was_on;
	return found;
}

/* Whether this call is the one. */
static inline __attribute__((always_inline)) int is_hit(enum call call)
{
	if (!is_on || (fault.call != CALL_ANY && fault.call != call) || (fault.only_process >= 0 && process != fault.only_process))
		return 0;
	count++;
	if (seen->calls < count)
		seen->calls = (unsigned)count;
	if (count != fault.first && !(fault.and_all_behind && count > fault.first))
		return 0;
	seen->hit = 1;
	if (is_excused(__builtin_return_address(0)))
		return 0;
	if (fault.how == HOW_TERM || fault.how == HOW_KILL_ALL) {
		kill(fault.how == HOW_TERM ? getpid() : 0, SIGTERM);
		return 0;
	}
	errno = fault.error;
	return 1;
}

/* A call that either fails or is done. */
#define CALL(call, work) return is_hit(call) ? -1 : (work)

/* One that moves LENGTH bytes, or only the first of them. */
#define MOVE(call, work, length) \
	do { \
		if (!is_hit(call)) \
			return work; \
		if (fault.how != HOW_SHORT) \
			return -1; \
		length = length > 1 ? 1 : length; \
		return work; \
	} while (0)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return is_hit(CALL_MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t members, size_t size)
{
	return is_hit(CALL_MALLOC) ? NULL : __libc_calloc(members, size);
}

void *realloc(void *old, size_t size)
{
	return is_hit(CALL_MALLOC) ? NULL : __libc_realloc(old, size);
}

ssize_t read(int fd, void *bytes, size_t length)
{
	REAL(read);
	MOVE(CALL_READ, real_read(fd, bytes, length), length);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t at)
{
	REAL(pread);
	MOVE(CALL_PREAD, real_pread(fd, bytes, length, at), length);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at)
{
	REAL(pread64);
	MOVE(CALL_PREAD, real_pread64(fd, bytes, length, at), length);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	REAL(write);
	MOVE(CALL_WRITE, real_write(fd, bytes, length), length);
}

int close(int fd)
{
	int result;

	REAL(close);
	if (!is_hit(CALL_CLOSE))
		return real_close(fd);
	result = real_close(fd); /* on Linux it is closed, whatever is reported */
	errno = fault.error;
	return result == 0 ? -1 : result;
}

int fsync(int fd)
{
	REAL(fsync);
	CALL(CALL_SYNC, real_fsync(fd));
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	CALL(CALL_SYNC, real_fdatasync(fd));
}

/* The last argument of open, if there is one. */
static mode_t mode_of(int flags, va_list arguments)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		mode_t mode; \
\
		va_start(arguments, flags); \
		mode = mode_of(flags, arguments); \
		va_end(arguments); \
		REAL(name); \
		CALL(CALL_OPEN, real_##name(path, flags, mode)); \
	}
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
	int name(int folder, const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		mode_t mode; \
\
		va_start(arguments, flags); \
		mode = mode_of(flags, arguments); \
		va_end(arguments); \
		REAL(name); \
		CALL(CALL_OPEN, real_##name(folder, path, flags, mode)); \
	}
OPENAT(openat)
OPENAT(openat64)

pid_t fork(void)
{
	pid_t pid;

	REAL(fork);
	if (is_hit(CALL_FORK))
		return -1;
	forks++;
	pid = real_fork();
	if (pid == 0) {
		process = forks;
		count = 0;
	}
	return pid;
}

int pipe2(int ends[2], int flags)
{
	REAL(pipe2);
	CALL(CALL_PIPE, real_pipe2(ends, flags));
}

int memfd_create(const char *name, unsigned flags)
{
	REAL(memfd_create);
	CALL(CALL_MEMFD, real_memfd_create(name, flags));
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	CALL(CALL_RENAME, real_rename(from, to));
}

off_t lseek(int fd, off_t at, int from)
{
	REAL(lseek);
	CALL(CALL_SEEK, real_lseek(fd, at, from));
}

off64_t lseek64(int fd, off64_t at, int from)
{
	REAL(lseek64);
	CALL(CALL_SEEK, real_lseek64(fd, at, from));
}

int dup(int fd)
{
	REAL(dup);
	CALL(CALL_DUP, real_dup(fd));
}

int dup2(int fd, int to)
{
	REAL(dup2);
	CALL(CALL_DUP, real_dup2(fd, to));
}

int dup3(int fd, int to, int flags)
{
	REAL(dup3);
	CALL(CALL_DUP, real_dup3(fd, to, flags));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	REAL(waitpid);
	CALL(CALL_WAIT, real_waitpid(pid, status, options));
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	REAL(sigtimedwait);
	CALL(CALL_WAIT, real_sigtimedwait(set, info, timeout));
}

int poll(struct pollfd *list, nfds_t length, int timeout)
{
	REAL(poll);
	CALL(CALL_POLL, real_poll(list, length, timeout));
}

int execvp(const char *program, char *const arguments[])
{
	REAL(execvp);
	CALL(CALL_EXEC, real_execvp(program, arguments));
}
