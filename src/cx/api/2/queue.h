/* SPDX-License-Identifier: MIT */
/*
 * A NETPACKETQUEUE of 2.x: its ring collection, the extensions of its elements, and the client's
 * callbacks.
 */
#ifndef CX_API_2_QUEUE_H
#define CX_API_2_QUEUE_H

#include "cx/api/2/adapter.h"

struct cx2_queue;

/* The shape's queue behind the core's, and the handle to give to the client's callbacks. */
static inline struct cx2_queue *cx2_queue(struct cx_queue *queue)
{
	return (struct cx2_queue *)queue;
}

static inline NETPACKETQUEUE cx2_queue_handle(struct cx_queue *queue)
{
	return (NETPACKETQUEUE)queue;
}

struct cx2_queue *cx2_queue_of(NETPACKETQUEUE handle, const char *call);

#endif
