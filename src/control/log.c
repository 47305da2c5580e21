/* SPDX-License-Identifier: MIT */
#include "control/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/event_text.h"

/* The next event into the line. Return: false when there is none. */
static bool next_line(struct host_log *log)
{
	char json[EVENT_SIZE];

	do {
		size_t n = log->traces ? events_get(log->events, &log->cursor, json)
				       : events_get_but_traces(log->events, &log->cursor, json);

		if (n == 0)
			return false;
		log->sent = 0;
		if (log->format == NETCX_LOG_JSON) {
			memcpy(log->line, json, n);
			log->length = n;
		} else {
			log->length = event_text(json, log->colour, log->line, sizeof(log->line));
		}
	} while (log->length == 0);
	return true;
}

/*
 * Writes what can be written within the time. A pipe that polls writable takes PIPE_BUF bytes
 * without blocking; the descriptor itself stays blocking, since others share it.
 * Return: false when something is left.
 */
static bool write_out(struct host_log *log, int timeout_ms)
{
	struct pollfd p = { .fd = log->source.fd, .events = POLLOUT };

	while (!log->broken && (log->sent < log->length || next_line(log))) {
		size_t n = log->length - log->sent;
		ssize_t written;

		if (poll(&p, 1, timeout_ms) == 0)
			return false;
		written = write(p.fd, log->line + log->sent, n < PIPE_BUF ? n : PIPE_BUF);
		if (written < 0 && errno != EINTR)
			log->broken = true;
		if (written > 0)
			log->sent += (size_t)written;
	}
	return true;
}

static void arm(struct host_log *log, bool on)
{
	if (!log->pollable || on == log->armed)
		return;
	if (loop_modify(log->loop, &log->source, on ? EPOLLOUT : 0) == 0)
		log->armed = on;
}

void log_feed(struct host_log *log)
{
	bool done;

	if (log->format == NETCX_LOG_NONE)
		return;
	pthread_mutex_lock(&log->lock);
	done = write_out(log, 0);
	pthread_mutex_unlock(&log->lock);
	arm(log, !done);
}

static void log_ready(struct loop_source *source, uint32_t events)
{
	struct host_log *log = source->context;

	/* Nobody reads any more: no more of these. */
	if ((events & (EPOLLERR | EPOLLHUP)) && log->pollable) {
		loop_remove(log->loop, source);
		log->pollable = false;
		log->broken = true;
		return;
	}
	log_feed(log);
}

int log_open(struct host_log *log, struct loop *loop, struct events *events, enum netcx_log format,
	     int fd)
{
	const char *no_colour = getenv("NO_COLOR");

	*log = (struct host_log){ .loop = loop, .events = events, .format = format };
	log->source = (struct loop_source){ .fd = fd, log_ready, log };
	pthread_mutex_init(&log->lock, NULL);
	if (format == NETCX_LOG_NONE)
		return 0;
	log->colour = isatty(fd) && !(no_colour && *no_colour);
	log->pollable = loop_add(loop, &log->source, 0) == 0;
	return 0;
}

void log_finish(struct host_log *log, int timeout_ms)
{
	struct timespec until;

	if (log->format == NETCX_LOG_NONE)
		return;
	until = clock_timespec(clock_wall_ns() + NS_PER_S);
	if (pthread_mutex_timedlock(&log->lock, &until) != 0)
		return;
	write_out(log, timeout_ms);
	pthread_mutex_unlock(&log->lock);
}

void log_close(struct host_log *log)
{
	log_finish(log, 1000);
	if (log->pollable)
		loop_remove(log->loop, &log->source);
	log->pollable = false;
	log->format = NETCX_LOG_NONE;
	pthread_mutex_destroy(&log->lock);
}
