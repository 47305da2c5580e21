/* SPDX-License-Identifier: MIT */
/*
 * A newline on a descriptor, which is closed then, as s6 has it: who reads a newline knows, who
 * reads the end without one knows, too. And sd_notify(3): "READY=1", and "STOPPING=1" in the end,
 * to the socket in NOTIFY_SOCKET.
 */
#include "cli/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST_FD 1000000
#define UP      "the adapters are up"

bool ready_read(struct ready *ready, const char *text, struct error *error)
{
	char *end;
	long fd;
	int flags;

	errno = 0;
	fd = strtol(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || fd > MOST_FD)
		return error_set(error,
				 "--ready-fd %.100s: the number of an open descriptor is expected",
				 text);
	flags = fcntl((int)fd, F_GETFL);
	if (flags < 0)
		return error_set(error, "--ready-fd %ld: that descriptor is not open", fd);
	if ((flags & O_ACCMODE) == O_RDONLY)
		return error_set(error, "--ready-fd %ld: that descriptor is open for reading only",
				 fd);
	ready->fd = (int)fd;
	return true;
}

void ready_prepare(const struct ready *ready)
{
	if (ready->fd > STDERR_FILENO)
		fcntl(ready->fd, F_SETFD, FD_CLOEXEC);
}

static void warn(const char *to, const char *what, const char *why)
{
	fprintf(stderr, "netcx: run: %s cannot be told that %s: %s\n", to, what, why);
}

static void tell_fd(struct ready *ready)
{
	ssize_t n;

	do
		n = write(ready->fd, "\n", 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		warn("--ready-fd", UP, strerror(errno));
	/* Standard output and error are the log's and ours. */
	if (ready->fd > STDERR_FILENO)
		close(ready->fd);
	ready->fd = -1;
}

/* An address that begins with @ is abstract: a zero stands in its place. */
static void tell_systemd(const char *path, const char *state, const char *what)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	int fd;

	if (length >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@')) {
		warn("NOTIFY_SOCKET", what, "it names no socket");
		return;
	}
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
			     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		warn("NOTIFY_SOCKET", what, strerror(errno));
	if (fd >= 0)
		close(fd);
}

void ready_tell(void *context)
{
	struct ready *ready = context;
	const char *socket_path = getenv("NOTIFY_SOCKET");

	if (ready->fd >= 0)
		tell_fd(ready);
	if (socket_path && *socket_path)
		tell_systemd(socket_path, "READY=1\n", UP);
}

void ready_tell_end(void *context)
{
	const char *socket_path = getenv("NOTIFY_SOCKET");

	(void)context;
	if (socket_path && *socket_path)
		tell_systemd(socket_path, "STOPPING=1\n", "the run ends");
}
