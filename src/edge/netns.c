/* SPDX-License-Identifier: MIT */
#include "edge/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#define STAYED INT_MAX

int netns_enter_fd(int there)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), error;

	if (home < 0 || !setns(there, CLONE_NEWNET))
		return home;
	error = errno;
	close(home);
	errno = error;
	return -1;
}

int netns_enter(const char *name, struct error *error)
{
	char path[PATH_MAX];
	int home, there;

	if (!name)
		return STAYED;
	if (snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : "/run/netns/", name) >=
		    (int)sizeof(path) ||
	    !*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		error_set(error, "'%.64s' cannot be a network namespace's name", name);
		return -1;
	}
	there = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (there < 0) {
		if (errno == ENOENT)
			error_set(
				error,
				"there is no network namespace '%s' (%s); `ip netns add` makes one",
				name, path);
		else
			error_set(error, "cannot open network namespace %s: %s", path,
				  strerror(errno));
		return -1;
	}
	home = netns_enter_fd(there);
	if (home < 0)
		error_set(error, "cannot enter network namespace '%s': %s%s", name, strerror(errno),
			  errno == EPERM    ? " (it takes CAP_SYS_ADMIN)"
			  : errno == EINVAL ? " (is it a network namespace?)"
					    : "");
	close(there);
	return home;
}

int netns_leave(int home)
{
	int error;

	if (home == STAYED)
		return 0;
	error = setns(home, CLONE_NEWNET) ? -errno : 0;
	close(home);
	return error;
}
