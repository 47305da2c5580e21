/* SPDX-License-Identifier: MIT */
/* A packet queue: the ring that the datapath shares with a driver, and who runs it. */
#ifndef CX_QUEUE_H
#define CX_QUEUE_H

#include "cx/packet.h"
#include "wdf/object.h"

struct cx_adapter;
struct cx_execution;

enum cx_queue_kind { CX_QUEUE_TX, CX_QUEUE_RX };

/* A queue that is asked for. */
struct cx_queue_request {
	enum cx_queue_kind kind;
	unsigned id;             /* 0 of a transmit queue */
	uint32_t packet_count;   /* ring elements, a power of two */
	uint32_t fragment_count; /* likewise; shapes without a fragment ring ignore it */
};

/*
 * One NETPACKETQUEUE. Made by the shape of its driver's API inside the queue-creation callback,
 * owned by the adapter, deleted by cx_queue_delete(). The shape's own part follows it.
 */
struct cx_queue {
	struct wdf_object object;
	struct cx_adapter *adapter;
	enum cx_queue_kind kind;
	unsigned id;
	struct cx_ring packets;
	uint32_t fragment_count;    /* elements of the fragment ring; 0: there is none */
	bool has_checksum, has_lso; /* its packets have room for these requests */
	/* The notify DDI: set by the datapath before the start; any IRQL, any thread. */
	void (*notify)(void *context);
	void *notify_context;
	/* Set by the shape: the driver's execution context (execution.h). NULL: a thread of its
	 * own.
	 */
	struct cx_execution *execution;
	void *datapath; /* the datapath's own part */
};

/* cx_queue_direction() - "transmit" or "receive", for messages: "transmit queue 0" */
static inline const char *cx_queue_direction(const struct cx_queue *queue)
{
	return queue->kind == CX_QUEUE_TX ? "transmit" : "receive";
}

/*
 * cx_queue_create() - have the driver make a queue
 * @request: an id below CX_RX_QUEUES that is not in use
 * Return: what the callback returned, or STATUS_UNSUCCESSFUL when it made no queue.
 * PASSIVE_LEVEL on the device's worker.
 */
NTSTATUS cx_queue_create(struct cx_adapter *adapter, const struct cx_queue_request *request,
			 struct cx_queue **queue);
void cx_queue_delete(struct cx_queue *queue);

/* cx_queue_init() - for a shape: the core's part of an object that it has made. */
void cx_queue_init(struct cx_queue *queue, struct cx_adapter *adapter,
		   const struct cx_queue_request *request);

#endif
