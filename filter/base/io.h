/* Reading and writing file descriptors to the end, whatever signals and short counts come between. */
#ifndef IO_H
#define IO_H

#include <stddef.h>

#include "base/status.h"

/* Read from FD until SIZE bytes are in BUFFER or the input ends; *LENGTH is how many came. STATUS_IO with errno set on failure. */
enum status io_read(int fd, char *buffer, size_t size, size_t *length);

/* Read from FD to its end into *BYTES (owned by CTX, NUL-terminated), of which the first MAX are kept. */
enum status io_read_all(const void *ctx, int fd, size_t max, char **bytes, size_t *length);

/* Read FD to its end and forget it, so that the program before us in a pipe is not cut off. */
void io_drain(int fd);

/* If FD is a pipe, let it hold more, so that the program at its other end need not wait for us so often. */
void io_widen(int fd);

/* Copy FROM to TO until FROM ends. STATUS_DISK_FULL or STATUS_IO with errno set on failure. */
enum status io_copy(int from, int to);

/* What errno says of a write that failed: STATUS_DISK_FULL or STATUS_IO. */
enum status io_write_failure(void);

/* Write all LENGTH bytes to FD. STATUS_DISK_FULL or STATUS_IO with errno set on failure. */
enum status io_write(int fd, const char *bytes, size_t length);

#endif
