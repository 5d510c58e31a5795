#include "mail-bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#include "io.h"
#include "limits.h"

char *mail_bytes(const void *ctx, struct mail *mail, size_t *length)
{
	char **files = mail_files(ctx, mail), *bytes = NULL;
	size_t i;
	int fd;

	for (i = 0; bytes == NULL && files != NULL && files[i] != NULL; i++) {
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (io_read_all(ctx, fd, MAIL_JUDGED_MAX, &bytes, length) != STATUS_OK)
			bytes = NULL;
		close(fd);
	}
	return bytes;
}

long long mail_size(struct mail *mail)
{
	char **files = mail_files(NULL, mail);
	struct stat st;
	long long size = 0;
	size_t i;

	for (i = 0; size == 0 && files != NULL && files[i] != NULL; i++)
		if (stat(files[i], &st) == 0)
			size = (long long)st.st_size;
	talloc_free(files);
	return size;
}
