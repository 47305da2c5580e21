/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP_MS 50

struct stream {
	int fd;
	const _Atomic bool *stop;
};

static bool is_to_end(const _Atomic bool *stop)
{
	sigset_t pending;

	if (stop && atomic_load(stop))
		return true;
	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* Return: false and errno, EINTR when the waiting is to end. */
static bool wait_for(const struct stream *stream, short events)
{
	struct pollfd fd = { .fd = stream->fd, .events = events };
	int ready = poll(&fd, 1, 0);

	while (ready == 0 || (ready < 0 && errno == EINTR)) {
		if (is_to_end(stream->stop)) {
			errno = EINTR;
			return false;
		}
		ready = poll(&fd, 1, STEP_MS);
	}
	return ready > 0;
}

static ssize_t read_on(void *cookie, char *to, size_t length)
{
	struct stream *stream = cookie;

	return wait_for(stream, POLLIN) ? read(stream->fd, to, length) : -1;
}

/* So much at a time goes into a pipe that has room without waiting (pipe(7)). */
static ssize_t write_on(void *cookie, const char *from, size_t length)
{
	struct stream *stream = cookie;
	size_t done = 0;

	while (done < length) {
		size_t part = length - done < PIPE_BUF ? length - done : PIPE_BUF;
		ssize_t n = wait_for(stream, POLLOUT) ? write(stream->fd, from + done, part) : -1;

		if (n < 0)
			return done ? (ssize_t)done : 0; /* as fopencookie(3) wants it */
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int close_it(void *cookie)
{
	struct stream *stream = cookie;
	int result = close(stream->fd);

	free(stream);
	return result;
}

int stream_open_path(const char *path, bool to_write, const _Atomic bool *stop)
{
	int flags = to_write ? O_WRONLY : O_RDONLY;
	int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	/* A FIFO that nobody has opened for reading. */
	while (fd < 0 && errno == ENXIO && to_write) {
		if (is_to_end(stop)) {
			errno = EINTR;
			return -1;
		}
		poll(NULL, 0, STEP_MS);
		fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, flags);
	return fd;
}

FILE *stream_file(int fd, bool to_write, const _Atomic bool *stop)
{
	static const cookie_io_functions_t functions = { .read = read_on,
							 .write = write_on,
							 .close = close_it };
	struct stream *stream = malloc(sizeof(*stream));
	FILE *file;

	if (!stream)
		return NULL;
	*stream = (struct stream){ .fd = fd, .stop = stop };
	file = fopencookie(stream, to_write ? "w" : "r", functions);
	if (!file)
		free(stream);
	return file;
}
