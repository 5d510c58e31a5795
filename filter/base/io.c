#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <talloc.h>
#include <unistd.h>

#define CHUNK (64u << 10)

static struct sigaction sigpipe;

void io_ignore_sigpipe(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, &sigpipe);
}

void io_restore_sigpipe(void)
{
	sigaction(SIGPIPE, &sigpipe, NULL);
}

/* Whether a call that failed is to be made again: after a signal, or, once FD is ready for EVENTS,
 * where it does not wait by itself (O_NONBLOCK). */
static bool is_to_repeat(int fd, short events)
{
	struct pollfd wait = {.fd = fd, .events = events};

	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return errno == EINTR;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

enum status io_read(int fd, char *buffer, size_t size, size_t *length)
{
	ssize_t n;

	*length = 0;
	while (*length < size) {
		n = read(fd, buffer + *length, size - *length);
		if (n == 0)
			break;
		if (n < 0 && !is_to_repeat(fd, POLLIN))
			return STATUS_IO;
		if (n > 0)
			*length += (size_t)n;
	}
	return STATUS_OK;
}

enum status io_read_all(const void *ctx, int fd, size_t max, char **bytes, size_t *length)
{
	size_t room = CHUNK, n;
	enum status status = STATUS_OK;
	char *buffer = talloc_size(ctx, room + 1);

	*length = 0;
	while (status == STATUS_OK && *length < max) {
		if (*length == room) {
			room = 2 * room < max ? 2 * room : max;
			buffer = talloc_realloc_size(ctx, buffer, room + 1);
		}
		status = io_read(fd, buffer + *length, room - *length, &n);
		*length += n;
		if (*length < room)
			break;
	}
	buffer[*length] = '\0';
	*bytes = buffer;
	return status;
}

void io_drain(int fd)
{
	char buffer[CHUNK];
	size_t n = 1;

	while (n > 0 && io_read(fd, buffer, sizeof buffer, &n) == STATUS_OK)
		continue;
}

void io_widen(int fd)
{
#ifdef F_SETPIPE_SZ
	fcntl(fd, F_SETPIPE_SZ, 4 * CHUNK); /* no pipe, or not allowed: it stays as it is */
#else
	(void)fd;
#endif
}

enum status io_copy(int from, int to)
{
	char piece[CHUNK];
	enum status status = STATUS_OK;
	size_t n = sizeof piece;

	while (status == STATUS_OK && n == sizeof piece) {
		status = io_read(from, piece, sizeof piece, &n);
		if (status == STATUS_OK)
			status = io_write(to, piece, n);
	}
	return status;
}

int io_nameless(void)
{
	int fd = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	FILE *file = fd < 0 ? tmpfile() : NULL;

	if (file == NULL)
		return fd;
	fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
	fclose(file);
	return fd;
}

enum status io_write_failure(void)
{
	return errno == ENOSPC || errno == EDQUOT ? STATUS_DISK_FULL : STATUS_IO;
}

enum status io_write(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && !is_to_repeat(fd, POLLOUT))
			return io_write_failure();
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return STATUS_OK;
}
