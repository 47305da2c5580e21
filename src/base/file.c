/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_regular(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), number;

	if (fd < 0) {
		/* How open(2) says that nobody listens on a socket, or that a device is not there.
		 */
		if (errno == ENXIO)
			errno = FILE_NOT_REGULAR;
		else if (errno == ENOENT && lstat(path, &status) == 0)
			errno = FILE_DANGLING;
		return -1;
	}
	if (fstat(fd, &status) < 0)
		number = errno;
	else if (S_ISREG(status.st_mode))
		return fd;
	else
		number = S_ISDIR(status.st_mode) ? EISDIR : FILE_NOT_REGULAR;
	close(fd);
	errno = number;
	return -1;
}

FILE *file_open_regular(const char *path)
{
	int fd = open_regular(path), number;
	FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;

	if (fd >= 0 && !file) {
		number = errno;
		close(fd);
		errno = number;
	}
	return file;
}

const char *file_error(int number)
{
	if (number == FILE_DANGLING)
		return "a symbolic link to what is not there";
	return number == FILE_NOT_REGULAR ? "not a regular file" : strerror(number);
}
