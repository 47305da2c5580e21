/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/protocol.h"

/* A directory, not a link, ours, and nobody else may enter it. */
static int check_private(const char *path, mode_t forbidden)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (st.st_uid != geteuid() || (st.st_mode & forbidden))
		return -EPERM;
	return 0;
}

int control_directory(char *path, size_t size, bool create)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (runtime && runtime[0] == '/' && check_private(runtime, S_IWGRP | S_IWOTH) == 0)
		n = snprintf(path, size, "%s/netcx", runtime);
	else
		n = snprintf(path, size, "/tmp/netcx-%u", (unsigned)geteuid());
	if (n < 0 || (size_t)n >= size)
		return -ENAMETOOLONG;
	if (create && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	return check_private(path, S_IRWXG | S_IRWXO);
}
