#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <talloc.h>
#include <unistd.h>

#define CHUNK (64u << 10)

/* Returns whether a call that failed is to be made again, because a signal interrupted it or FD
 * does not wait by itself (O_NONBLOCK): then waits until FD is ready for EVENTS. */
static bool is_to_repeat(int fd, short events)
{
	struct pollfd wait = {.fd = fd, .events = events};

	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return errno == EINTR;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

enum status io_read(int fd, char *buffer, size_t size, size_t *length)
{
	*length = 0;
	while (*length < size) {
		ssize_t n = read(fd, buffer + *length, size - *length);

		if (n == 0)
			break;
		if (n < 0 && !is_to_repeat(fd, POLLIN))
			return STATUS_IO;
		*length += n > 0 ? (size_t)n : 0;
	}
	return STATUS_OK;
}

enum status io_read_all(const void *ctx, int fd, size_t max, char **bytes, size_t *length)
{
	enum status status = STATUS_OK;
	size_t room = 0;

	*bytes = NULL;
	for (*length = 0; status == STATUS_OK && *length == room && (room == 0 || room < max);) {
		size_t n;

		room = room == 0 ? CHUNK : MIN(2 * room, max);
		*bytes = talloc_realloc_size(ctx, *bytes, room + 1);
		status = io_read(fd, *bytes + *length, room - *length, &n);
		*length += n;
	}
	(*bytes)[*length] = '\0';
	return status;
}

void io_drain(int fd)
{
	char buffer[CHUNK];
	size_t n;

	while (io_read(fd, buffer, sizeof buffer, &n) == STATUS_OK && n > 0)
		continue;
}

void io_widen(int fd)
{
	fcntl(fd, F_SETPIPE_SZ, 4 * CHUNK); /* no pipe, or not allowed: it stays as it is */
}

enum status io_copy(int from, int to)
{
	char piece[CHUNK];
	size_t n;

	do {
		enum status status = io_read(from, piece, sizeof piece, &n);

		if (status == STATUS_OK)
			status = io_write(to, piece, n);
		if (status != STATUS_OK)
			return status;
	} while (n == sizeof piece);
	return STATUS_OK;
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
