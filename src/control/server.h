/* SPDX-License-Identifier: MIT */
/* The host's end of the control socket. The protocol is in control/protocol.h. */
#ifndef CONTROL_SERVER_H
#define CONTROL_SERVER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "control/loop.h"
#include "control/protocol.h"

#define CONTROL_CLIENTS 64

struct events;
struct control_client;

/* What the host does with a request. */
struct control_ops {
	/*
	 * Return: the reply (owned by the caller), or NULL when it comes later by control_reply()
	 * with @client. "events" never arrives here.
	 */
	json_t *(*request)(void *context, uint64_t client, json_t *request);
	/* The number of clients that follow the events is another one. NULL: of no interest. */
	void (*followers)(void *context, unsigned count);
	/* A client is gone, with what it had asked for to last as long as it. NULL: likewise. */
	void (*closed)(void *context, uint64_t client);
	void *context;
};

/* Owned by the host; the main thread's alone, but for @path, which is written once. */
struct control {
	struct loop *loop;
	struct events *events;
	struct control_ops ops;
	struct loop_source listener;
	struct loop_source pause; /* a timer: when the listener is looked at again */
	struct control_client *clients;
	unsigned client_count, followers;
	uint64_t next_id;
	char path[108]; /* of the socket; "" when there is none */
};

/* control_open() - make the socket. Return: 0 or -errno, with one sentence in @error. */
int control_open(struct control *control, struct loop *loop, struct events *events,
		 const struct control_ops *ops, struct error *error);
/* control_close() - tell followers what is left to tell, end all connections, remove the socket. */
void control_close(struct control *control);

/* control_reply() - the late reply to a client's request; @reply is taken over. */
void control_reply(struct control *control, uint64_t client, json_t *reply);

/*
 * control_attach() - the next reply of this client has a descriptor with it (SCM_RIGHTS); within
 * ops.request()
 * @fd: taken over
 */
void control_attach(struct control *control, uint64_t client, int fd);

/* control_feed() - there are new events. */
void control_feed(struct control *control);

/* control_unlink() - remove the socket's file; any thread, also in the process' last moment. */
void control_unlink(const struct control *control);

/* control_error() - {"error": ...} */
json_t *control_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * control_adopt() - serve a connected stream socket as a client; for what comes in by the listener,
 * and for tests. @fd is taken over. NULL: no memory, and @fd stays the caller's.
 */
struct control_client *control_adopt(struct control *control, int fd);

#endif
