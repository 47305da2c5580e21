/* SPDX-License-Identifier: MIT */
#include "build/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "build/strings.h"

static int copy_bytes(int from, int to)
{
	char buffer[65536];
	ssize_t n;

	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(to, buffer + done, (size_t)(n - done));
			if (m < 0)
				return -errno;
		}
	}
	return n < 0 ? -errno : 0;
}

int path_copy_file(const char *from, const char *to)
{
	char *unfinished = string_format("%s.%ld", to, (long)getpid());
	int result, in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	result = in < 0 || out < 0 ? -errno : copy_bytes(in, out);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0 && result == 0)
		result = -errno;
	if (result == 0 && rename(unfinished, to) < 0)
		result = -errno;
	if (result < 0)
		unlink(unfinished);
	free(unfinished);
	return result;
}
