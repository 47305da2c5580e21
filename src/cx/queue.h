/* SPDX-License-Identifier: MIT */
/*
 * A packet queue of 1.3: rings, element layout (packet, contexts, extensions), the client's
 * callbacks. The datapath runs it.
 */
#ifndef CX_QUEUE_H
#define CX_QUEUE_H

#include <netadaptercx.h>
#include "wdf/object.h"

struct cx_adapter;

enum cx_queue_kind { CX_QUEUE_TX, CX_QUEUE_RX };

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
	NET_DATAPATH_DESCRIPTOR descriptor;	/* what the client sees */
	NET_RING_BUFFER *packets, *fragments;	/* the same rings */
	size_t checksum_offset;			/* of the extension in an element, or
						 * NET_PACKET_EXTENSION_INVALID_OFFSET */
	size_t lso_offset;
	/* The notify DDI: set by the datapath before EvtStart; any IRQL, any thread. */
	void (*notify)(void *context);
	void *notify_context;
	void *datapath;				/* the datapath's own part */
};

/*
 * cx_queue_create() - run the client's EvtAdapterCreateTxQueue or RxQueue
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

#endif
