/* SPDX-License-Identifier: MIT */
/* A packet queue: the ring that the datapath shares with a driver, and who runs it. */
#ifndef CX_QUEUE_H
#define CX_QUEUE_H

#include <pthread.h>

#include "cx/packet.h"
#include "wdf/object.h"

struct cx_adapter;
struct cx_execution;

struct cx_site;

enum cx_queue_kind { CX_QUEUE_TX, CX_QUEUE_RX };

/* A queue that is asked for. */
struct cx_queue_request {
	enum cx_queue_kind kind;
	unsigned id;
	uint8_t priority;        /* 802.1p, of an adapter whose transmit queues go by it */
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
	uint32_t fragment_count; /* elements of the fragment ring; 0: there is none */
	/*
	 * Receive: the ring whose element i has the datapath's buffer i. It is posted, returned and
	 * counted as packets is; in a shape where buffers go with the packets it is packets.
	 */
	struct cx_ring *buffers;
	uint8_t priority;                          /* as it was asked for */
	bool has_checksum, has_lso, has_ieee8021q; /* its packets have room for these requests */
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
 * @request: an id below CX_TX_QUEUES or CX_RX_QUEUES that is not in use
 * Return: what the callback returned, or STATUS_UNSUCCESSFUL when it made no queue.
 * PASSIVE_LEVEL on the device's worker.
 */
NTSTATUS cx_queue_create(struct cx_adapter *adapter, const struct cx_queue_request *request,
			 struct cx_queue **queue);
void cx_queue_delete(struct cx_queue *queue);

/* ---- for a shape ---- */

/*
 * What a driver's queue-creation callback gets as its init object. The adapter has one per queue,
 * so that a pointer kept from another callback is found out; valid only while the callback runs.
 */
struct cx_queue_creation {
	uint32_t magic; /* CX_QUEUE_CREATION while it is valid */
	pthread_t thread;
	struct cx_adapter *adapter;
	struct cx_queue_request request;
	struct cx_queue *queue; /* made by NetTx/RxQueueCreate */
};

#define CX_QUEUE_CREATION 0x696e6971u

/*
 * cx_queue_creation_begin() - before the callback, on its thread
 * cx_queue_creation_end() - after it
 * @status: what it returned
 * Return: @status with *@queue; STATUS_UNSUCCESSFUL when it made none. After a failure there is
 * none.
 */
void cx_queue_creation_begin(struct cx_queue_creation *creation, struct cx_adapter *adapter,
			     const struct cx_queue_request *request);
NTSTATUS cx_queue_creation_end(struct cx_queue_creation *creation, NTSTATUS status,
			       struct cx_queue **queue);

/* cx_queue_creation_object() - the name of the adapter, for a site; NULL: it is not valid */
const char *cx_queue_creation_object(const struct cx_queue_creation *creation);

/*
 * @tx: the DDI is for transmit queues
 * cx_verify_queue_signature() - it is an init object in use
 * cx_verify_queue_creation() - a queue can be made of it here and now
 */
void cx_verify_queue_signature(const struct cx_site *at, const struct cx_queue_creation *creation,
			       bool tx);
void cx_verify_queue_creation(const struct cx_site *at, const struct cx_queue_creation *creation,
			      bool tx);

/* cx_queue_init() - the core's part of an object that the shape has made. */
void cx_queue_init(struct cx_queue *queue, struct cx_adapter *adapter,
		   const struct cx_queue_request *request);

#endif
