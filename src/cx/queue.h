/* SPDX-License-Identifier: MIT */
/*
 * A packet queue of 1.3: rings, element layout (packet, contexts, extensions), the client's
 * callbacks. The datapath runs it.
 */
#ifndef CX_QUEUE_H
#define CX_QUEUE_H

#include <netadaptercx.h>

#include "cx/extension.h"
#include "wdf/object.h"

struct cx_adapter;

enum cx_queue_kind { CX_QUEUE_TX, CX_QUEUE_RX };

/* A driver's context in each packet; its address is the NET_PACKET_CONTEXT_TOKEN. */
struct cx_packet_context {
	PCNET_CONTEXT_TYPE_INFO type;
	size_t size;   /* bytes */
	size_t offset; /* in an element */
};

/*
 * One NETPACKETQUEUE. Made inside the client's EvtAdapterCreateTx/RxQueue; owned by the adapter,
 * deleted by cx_queue_delete(). The rings' OS side (EndIndex, elements) is the datapath's.
 */
struct cx_queue {
	struct wdf_object object;
	struct cx_adapter *adapter;
	enum cx_queue_kind kind;
	ULONG id;
	NET_PACKET_QUEUE_CONFIG config;
	NET_DATAPATH_DESCRIPTOR descriptor;   /* what the client sees */
	NET_RING_BUFFER *packets, *fragments; /* the same rings */
	size_t checksum_offset;               /* of the extension in an element, or
					       * NET_PACKET_EXTENSION_INVALID_OFFSET */
	size_t lso_offset;
	/* The notify DDI: set by the datapath before EvtStart; any IRQL, any thread. */
	void (*notify)(void *context);
	void *notify_context;
	void *datapath; /* the datapath's own part */

	struct cx_packet_context *contexts; /* in order of registration */
	size_t context_count;
	struct cx_extensions extensions;
};

/*
 * What a client's queue-creation callback gets as NETTXQUEUE_INIT or NETRXQUEUE_INIT. The adapter
 * has one per queue, valid (magic set) only while the callback runs: a kept pointer is found out.
 */
struct cx_queue_init {
	uint32_t magic;
	pthread_t thread;
	struct cx_adapter *adapter;
	enum cx_queue_kind kind;
	ULONG id, packet_count, fragment_count;
	struct cx_packet_context *contexts;
	size_t context_count;
	struct cx_extensions extensions;
	struct cx_queue *queue; /* made by NetTx/RxQueueCreate */
};

#define CX_QUEUE_INIT_MAGIC 0x696e6971u

/*
 * cx_queue_create() - run the client's EvtAdapterCreateTxQueue or RxQueue
 * @id: 0 of a transmit queue, below CX_RX_QUEUES and not in use of a receive queue
 * @packet_count, @fragment_count: ring elements, powers of two
 * Return: what the callback returned, or STATUS_UNSUCCESSFUL when it made no queue.
 * PASSIVE_LEVEL; emits the callback's event.
 */
NTSTATUS cx_queue_create(struct cx_adapter *adapter, enum cx_queue_kind kind, ULONG id,
			 ULONG packet_count, ULONG fragment_count, struct cx_queue **queue);
void cx_queue_delete(struct cx_queue *queue);

/* The handle to give to the client's callbacks. */
static inline NETPACKETQUEUE cx_queue_handle(struct cx_queue *queue)
{
	return (NETPACKETQUEUE)queue;
}

/* ---- for the DDIs ---- */
struct cx_queue *cx_queue_of(NETPACKETQUEUE handle, const char *call);

/* cx_queue_of_descriptor() - the queue whose rings a client's descriptor names. */
static inline struct cx_queue *cx_queue_of_descriptor(const NET_DATAPATH_DESCRIPTOR *descriptor)
{
	return descriptor->RingBuffer[0]->OSReserved2[1];
}

/*
 * cx_queue_init_add_context() / _add_extension() - one more part of each packet element
 * Return: STATUS_SUCCESS or STATUS_INSUFFICIENT_RESOURCES. An extension that the framework has put
 * there already (same name and version) succeeds without a second place.
 */
NTSTATUS cx_queue_init_add_context(struct cx_queue_init *init,
				   const NET_PACKET_CONTEXT_ATTRIBUTES *attributes);
NTSTATUS cx_queue_init_add_extension(struct cx_queue_init *init,
				     const NET_PACKET_EXTENSION *extension);

/*
 * cx_queue_make() - NetTxQueueCreate and NetRxQueueCreate: object, element layout and rings
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INTEGER_OVERFLOW (an element larger
 * than ElementStride can say), or what wdf_object_create() has for bad attributes.
 */
NTSTATUS cx_queue_make(struct cx_queue_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
		       const NET_PACKET_QUEUE_CONFIG *config, struct cx_queue **queue);

/* NULL: no context of this type in the queue's packets. */
struct cx_packet_context *cx_queue_context(const struct cx_queue *queue,
					   PCNET_CONTEXT_TYPE_INFO type);

/* An offset, or NET_PACKET_EXTENSION_INVALID_OFFSET. */
size_t cx_queue_extension_offset(const struct cx_queue *queue, PCWSTR name, ULONG version);

#endif
