/* SPDX-License-Identifier: MIT */
/*
 * A NETPACKETQUEUE of 2.x: its ring collection, the extensions of its elements, and the client's
 * callbacks.
 *
 * Rings lie in memory that the driver writes to. For each there is a copy of our own: of an element
 * that the driver has, as it was given; of one that is the framework's, as it came back. An element
 * is read once, when the callback in which it was returned is over, checked, and from then on only
 * the copy counts.
 */
#ifndef CX_API_2_QUEUE_H
#define CX_API_2_QUEUE_H

#include <string.h>

#include "cx/api/2/adapter.h"
#include "cx/api/2/extension.h"
#include "nt/callback.h"

struct cx2_execution;

/* A ring's header as it is to be. Members are called as NET_RING's, and lie as there. */
struct cx2_ring_header {
	uint16_t OSReserved1, ElementStride;
	uint32_t NumberOfElements, ElementIndexMask, EndIndex;
	void *OSReserved2[4];
	uint32_t BeginIndex;
};
C_ASSERT(offsetof(struct cx2_ring_header, BeginIndex) == offsetof(NET_RING, BeginIndex) &&
	 offsetof(NET_RING, BeginIndex) == 6 * sizeof(uint64_t));

/* One ring; the queue's thread has it while the queue runs. */
struct cx2_ring {
	const char *name;      /* "packet", for reports */
	NET_RING *shared;      /* all of it the driver's to write to; NULL: the queue has none */
	unsigned char *copies; /* elements, as in shared->Buffer */
	size_t stride;         /* bytes of an element: one of two, below */
	struct cx_ring *at;    /* our indices */
	uint32_t begin;        /* at->returned before the callback that runs */
	struct cx2_ring_header header;
};

/* The types in the layout of a packet that was posted for receive: none of theirs. */
#define CX2_LAYER_AS_POSTED 0xF

/*
 * Elements, packet or fragment with all their extensions, have one of two sizes, so that what is
 * done to each of them is a few instructions.
 */
#define CX2_STRIDE     32
#define CX2_STRIDE_MAX 64

/* Made inside the client's EvtAdapterCreateTx/RxQueue, owned as the core's. */
struct cx2_queue {
	struct cx_queue core;
	NET_PACKET_QUEUE_CONFIG config;
	struct cx2_execution *execution; /* the driver's context, referenced; NULL: none */
	struct cx2_queue *next_grouped;  /* of those that run in it */
	NET_RING_COLLECTION collection;  /* what the client sees */
	struct cx2_ring rings[NetRingTypeDataBuffer + 1];
	struct cx_ring fragments, data_buffers;
	struct cx2_layout layout;
	const struct cx_rx_buffers *buffers; /* as posted last; NULL: the driver's own */

	/* The queue's thread has these while the queue runs. */
	struct nt_callback_watch watch;
	const struct nt_callback *returning; /* where elements may be returned, while it runs */
	const char *last_callback;           /* of the queue, NULL: it has not been started */
	uint64_t layout_seen;                /* of the packet that was checked last */
	bool layout_told;                    /* that it leaves packets' layouts as they are */
	bool arming_owed;                    /* it was to be armed while it had no packet */
};

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

/* cx2_queue_code() - code of the queue's driver, for a cx_site */
static inline const void *cx2_queue_code(const struct cx2_queue *queue)
{
	return (const void *)queue->config.EvtAdvance;
}

/* An element, as the driver can reach it, and our own copy. */
static inline void *cx2_shared_at(const struct cx2_ring *ring, uint32_t index)
{
	return ring->shared->Buffer + index * ring->stride;
}

static inline void *cx2_copy_at(const struct cx2_ring *ring, uint32_t index)
{
	return ring->copies + index * ring->stride;
}

/* cx2_copy_element(), cx2_same_element(), cx2_clear_element() - of @stride bytes, in any memory */
static inline void cx2_copy_element(size_t stride, void *to, const void *from)
{
	if (stride == CX2_STRIDE)
		memcpy(to, from, CX2_STRIDE);
	else
		memcpy(to, from, CX2_STRIDE_MAX);
}

static inline bool cx2_same_element(size_t stride, const void *a, const void *b)
{
	typedef uint64_t half __attribute__((vector_size(CX2_STRIDE / 2)));
	half a_first, a_second, b_first, b_second, differ;

	memcpy(&a_first, a, sizeof(half));
	memcpy(&b_first, b, sizeof(half));
	memcpy(&a_second, (const char *)a + sizeof(half), sizeof(half));
	memcpy(&b_second, (const char *)b + sizeof(half), sizeof(half));
	differ = (a_first ^ b_first) | (a_second ^ b_second);
	return !(differ[0] | differ[1]) &&
	       (stride == CX2_STRIDE ||
		!memcmp((const char *)a + CX2_STRIDE, (const char *)b + CX2_STRIDE,
			CX2_STRIDE_MAX - CX2_STRIDE));
}

static inline void *cx2_clear_element(size_t stride, void *element)
{
	if (stride == CX2_STRIDE)
		return memset(element, 0, CX2_STRIDE);
	return memset(element, 0, CX2_STRIDE_MAX);
}

/* cx2_extension() - of an element of ours; NULL: the queue's elements have not got it */
static inline void *cx2_extension(const struct cx2_queue *queue, const void *element,
				  enum cx2_extension extension)
{
	uint16_t offset = queue->layout.offset[extension];

	return offset ? (unsigned char *)element + offset : NULL;
}

/*
 * cx2_queue_make() - NetTxQueueCreate and NetRxQueueCreate: object, element layout and rings
 * @execution: the driver's context; NULL: none
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, or what wdf_object_create() has for bad
 * attributes.
 */
NTSTATUS cx2_queue_make(struct cx_queue_creation *creation, PWDF_OBJECT_ATTRIBUTES attributes,
			const NET_PACKET_QUEUE_CONFIG *config, struct cx2_execution *execution,
			struct cx2_queue **queue);

/* cx2_queue_extension() - NetTx/RxQueueGetExtension */
void cx2_queue_extension(const struct cx2_queue *queue, const NET_EXTENSION_QUERY *query,
			 NET_EXTENSION *extension);

/* ---- verify_ring.c; on the queue's thread ---- */

/*
 * cx2_rings_made() - they are as they are to be, from now on
 * cx2_rings_rewind() - before a start: all indices are 0
 * cx2_rings_compare() - before EndIndex is written: it is still what was written there last
 * cx2_rings_watch() - the rings to look at around each callback on this thread; NULL: none
 * cx2_rings_returned() - the callback in which elements can be returned is over: what came back is
 *                        read and checked
 * What a driver has changed there is a violation, and does not return.
 */
void cx2_rings_made(struct cx2_queue *queue);
void cx2_rings_rewind(struct cx2_queue *queue);
void cx2_rings_compare(struct cx2_queue *queue);
void cx2_rings_watch(struct cx2_queue *queue);
void cx2_rings_returned(struct cx2_queue *queue);

/*
 * cx2_verify_let_alone() - an element of the framework's is as it came back
 * cx2_element_differs() - it is not; returns when the driver only was late
 */
void cx2_element_differs(const struct cx2_queue *queue, const struct cx2_ring *ring,
			 uint32_t index);

static inline void cx2_verify_let_alone(const struct cx2_queue *queue, const struct cx2_ring *ring,
					uint32_t index)
{
	if (!cx2_same_element(ring->stride, cx2_copy_at(ring, index), cx2_shared_at(ring, index)))
		cx2_element_differs(queue, ring, index);
}

/* Transmit packets have all come back, and the fragment ring has no room for another. */
_Noreturn void cx2_kept_fragments(const struct cx2_queue *queue);

#endif
