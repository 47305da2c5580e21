/* SPDX-License-Identifier: MIT */
/* One connection to the control socket. */
#ifndef CONTROL_CONNECTION_H
#define CONTROL_CONNECTION_H

#include "control/server.h"

/* Bytes that wait for the client before its requests and events have to wait as well. */
#define CONTROL_OUT_HIGH (64u << 10)

/* Owned by the control; freed by control_client_close(), which also happens inside its calls. */
struct control_client {
	struct control_client *next, *prev;
	struct control *control;
	struct loop_source source;
	uint64_t id;
	uint32_t armed; /* what the loop waits for */
	bool waiting;   /* a reply is to come: requests behind it stay in @in */
	bool ended;     /* the client sends no more */
	bool overlong;  /* skipping to the end of a line that is too long */
	bool following;
	uint64_t cursor; /* in the events */
	char *out;       /* to be sent: [sent, length) */
	size_t sent, length, room;
	int attached; /* a descriptor that goes with the next bytes; -1: none */
	size_t in_length;
	char in[CONTROL_LINE_MAX];
};

void control_client_close(struct control_client *client);

/* control_client_drop() - the descriptor that is attached is closed */
void control_client_drop(struct control_client *client);

/* control_client_answer() - the reply to the oldest request; @reply is taken over. */
void control_client_answer(struct control_client *client, json_t *reply);

/* control_client_feed() - send events to a follower, as many as it takes. */
void control_client_feed(struct control_client *client);

#endif
