/* SPDX-License-Identifier: MIT */
/*
 * A NETPACKETQUEUE of 1.3: two rings of NET_PACKETs and NET_PACKET_FRAGMENTs, the layout of an
 * element (packet, contexts, extensions), and the client's callbacks.
 */
#ifndef CX_API_1_3_QUEUE_H
#define CX_API_1_3_QUEUE_H

#include "cx/api/1.3/adapter.h"
#include "cx/queue.h"
#include "nt/callback.h"
#include "nt/guard.h"

/* A driver's context in each packet; its address is the NET_PACKET_CONTEXT_TOKEN. */
struct cx13_packet_context {
	PCNET_CONTEXT_TYPE_INFO type;
	size_t size;   /* bytes */
	size_t offset; /* in an element */
};

/*
 * A ring's header as it is to be: what the framework has put there, and the driver's indices at
 * the last look (verify_ring.c). Members are called as NET_RING_BUFFER's.
 */
struct cx13_ring_header {
	uint16_t OSReserved1, ElementStride;
	uint32_t NumberOfElements, ElementIndexMask, BeginIndex, NextIndex, EndIndex;
	void *OSReserved2[2];
};

/* Made inside the client's EvtAdapterCreateTx/RxQueue, owned as the core's. */
struct cx13_queue {
	struct cx_queue core;
	NET_PACKET_QUEUE_CONFIG config;
	NET_DATAPATH_DESCRIPTOR descriptor; /* what the client sees */
	NET_RING_BUFFER *packets,
		*fragments;     /* the same rings, all of it the driver's to write to */
	size_t stride;          /* of packets; our own copy, bytes */
	uint32_t fragment_mask; /* likewise of fragments, elements - 1 */
	size_t checksum_offset; /* of the extension in an element, or
				 * NET_PACKET_EXTENSION_INVALID_OFFSET */
	size_t lso_offset;
	/* Of the fragment ring, which is ours: the queue's thread has them, transmit only. */
	uint32_t fragment_begin, fragment_end;
	uint16_t *fragments_of; /* by packet index: how many that packet has */

	/* The queue's thread has these while the queue runs. */
	struct cx13_ring_header packet_header, fragment_header;
	struct nt_callback_watch watch;
	const struct nt_callback *returning; /* where packets may be returned, while it runs */
	struct nt_guarded guarded;           /* the elements of the packet ring */
	const char *last_callback;           /* of the queue, NULL: it has not been started */

	struct cx13_packet_context *contexts; /* in order of registration */
	size_t context_count;
	struct cx_extensions extensions;
};

/* The shape's queue behind the core's, and the handle to give to the client's callbacks. */
static inline struct cx13_queue *cx13_queue(struct cx_queue *queue)
{
	return (struct cx13_queue *)queue;
}

static inline NETPACKETQUEUE cx13_queue_handle(struct cx_queue *queue)
{
	return (NETPACKETQUEUE)queue;
}

/* ---- for the DDIs ---- */
struct cx13_queue *cx13_queue_of(NETPACKETQUEUE handle, const char *call);

/*
 * cx13_queue_of_descriptor() - the queue whose rings a client's descriptor names
 * A ring whose header does not know its queue any more is a violation, and does not return.
 */
struct cx13_queue *cx13_queue_of_descriptor(const NET_DATAPATH_DESCRIPTOR *descriptor,
					    const char *call);

/*
 * The framework's part of a ring's header and the indices (verify_ring.c), on the queue's thread.
 * cx13_rings_made() - they are as they are to be, from now on
 * cx13_rings_rewind() - before a start: all indices are 0
 * cx13_rings_compare() - before EndIndex is written: it is still what was written there last
 * cx13_rings_watch() - from now on looked at around each callback on this thread, until another
 * queue is, or @on is false
 * What a driver has changed there is a violation, and does not return.
 */
void cx13_rings_made(struct cx13_queue *queue);
void cx13_rings_rewind(struct cx13_queue *queue);
void cx13_rings_compare(struct cx13_queue *queue);
void cx13_rings_watch(struct cx13_queue *queue, bool on);

/*
 * cx13_verify_packet_gaps() - nothing was written in front of a packet and behind it, in its ring
 * cx13_describe_packet() - of the packet ring's elements, for nt/guard.h
 */
void cx13_verify_packet_gaps(const struct cx13_queue *queue, uint32_t index);
void cx13_describe_packet(const struct nt_guarded *guarded, const void *at, struct text *text);

/*
 * cx13_queue_init_add_context() / _add_extension() - one more part of each packet element
 * Return: STATUS_SUCCESS or STATUS_INSUFFICIENT_RESOURCES. An extension that the framework has put
 * there already (same name and version) succeeds without a second place.
 */
NTSTATUS cx13_queue_init_add_context(struct cx13_queue_init *init,
				     const NET_PACKET_CONTEXT_ATTRIBUTES *attributes);
NTSTATUS cx13_queue_init_add_extension(struct cx13_queue_init *init,
				       const NET_PACKET_EXTENSION *extension);

/*
 * cx13_queue_make() - NetTxQueueCreate and NetRxQueueCreate: object, element layout and rings
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INTEGER_OVERFLOW (an element larger
 * than ElementStride can say), or what wdf_object_create() has for bad attributes.
 */
NTSTATUS cx13_queue_make(struct cx13_queue_init *init, PWDF_OBJECT_ATTRIBUTES attributes,
			 const NET_PACKET_QUEUE_CONFIG *config, struct cx13_queue **queue);

/* NULL: no context of this type in the queue's packets. */
struct cx13_packet_context *cx13_queue_context(const struct cx13_queue *queue,
					       PCNET_CONTEXT_TYPE_INFO type);

/* An offset, or NET_PACKET_EXTENSION_INVALID_OFFSET. */
size_t cx13_queue_extension_offset(const struct cx13_queue *queue, PCWSTR name, ULONG version);

#endif
