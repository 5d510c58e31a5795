/* Reading and writing file descriptors to the end, whatever signals, short counts and O_NONBLOCK
 * come between. */
#ifndef IO_H
#define IO_H

#include <stddef.h>

#include "base/status.h"

/* Reads from FD until SIZE bytes are in BUFFER or the input ends; *LENGTH is how many came.
 * STATUS_IO with errno set on failure. */
enum status io_read(int fd, char *buffer, size_t size, size_t *length);

/* Reads from FD until it ends or MAX bytes came, into *BYTES (owned by CTX, NUL-terminated).
 * STATUS_IO with errno set on failure; *BYTES is then what came before. */
enum status io_read_all(const void *ctx, int fd, size_t max, char **bytes, size_t *length);

/* Reads and discards the rest of FD, so that the writer does not get SIGPIPE. */
void io_drain(int fd);

/* Enlarges the buffer of FD if it is a pipe, so that its other end waits for us less often. */
void io_widen(int fd);

/* Copies FROM to TO until FROM ends. STATUS_DISK_FULL or STATUS_IO with errno set on failure. */
enum status io_copy(int from, int to);

/* Returns a file descriptor without a name, which disappears when closed: a memfd that can be
 * sealed, else a temporary file. -1 with errno set if neither can be had. */
int io_nameless(void);

/* Returns the status for errno after a failed write: STATUS_DISK_FULL or STATUS_IO. */
enum status io_write_failure(void);

/* Writes all LENGTH bytes to FD. STATUS_DISK_FULL or STATUS_IO with errno set on failure. */
enum status io_write(int fd, const char *bytes, size_t length);

#endif
