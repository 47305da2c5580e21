/* SPDX-License-Identifier: MIT */
/* Events on the standard output: written when it takes them, never waited for. */
#ifndef CONTROL_LOG_H
#define CONTROL_LOG_H

#include <netcx/host.h>
#include <pthread.h>
#include <stdbool.h>

#include "control/events.h"
#include "control/loop.h"

/* Owned by the host. @lock: the last lines are also written by a thread that ends the process. */
struct host_log {
	struct events *events;
	struct loop *loop;
	enum netcx_log format;
	bool colour;
	bool traces; /* those of drivers, too */
	bool broken; /* nobody reads any more */
	struct loop_source source;
	bool armed, pollable; /* a file cannot be polled and takes everything */
	pthread_mutex_t lock;
	uint64_t cursor;
	char line[EVENT_SIZE * 2];
	size_t sent, length; /* of line */
};

int log_open(struct host_log *log, struct loop *loop, struct events *events, enum netcx_log format,
	     int fd);

/* log_feed() - there are new events. */
void log_feed(struct host_log *log);

/* log_finish() - write what is left, waiting at most @timeout_ms for a slow reader. Any thread. */
void log_finish(struct host_log *log, int timeout_ms);
void log_close(struct host_log *log);

#endif
