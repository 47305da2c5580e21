/* SPDX-License-Identifier: MIT */
/* netrxqueue.h - creating a receive queue and what can be asked of it. Part of netadaptercx.h. */
#ifndef NETCX_NETRXQUEUE_2_H
#define NETCX_NETRXQUEUE_2_H

#include <netpacketqueue.h>

EXTERN_C_START

/* Of older versions; nothing uses it. */
typedef struct _NET_RXQUEUE_BUFFER_LAYOUT_HINT {
	ULONG MinimumBackfillSize;
	ULONG L3HeaderAlignment;
} NET_RXQUEUE_BUFFER_LAYOUT_HINT, *PNET_RXQUEUE_BUFFER_LAYOUT_HINT;

#if NETCX_SINCE(1)
/* With an execution context its callback arms the notification, not the queue's. */
FORCEINLINE void NET_RX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(NET_PACKET_QUEUE_CONFIG *Config,
							    NETEXECUTIONCONTEXT ExecutionContext,
							    PFN_PACKET_QUEUE_ADVANCE EvtAdvance,
							    PFN_PACKET_QUEUE_CANCEL EvtCancel)
{
	WDF_STRUCT_INIT(Config, NET_PACKET_QUEUE_CONFIG);
	Config->ExecutionContext = ExecutionContext;
	Config->EvtAdvance = EvtAdvance;
	Config->EvtCancel = EvtCancel;
}
#endif

/* Inside EvtAdapterCreateRxQueue, before the queue is created. PASSIVE_LEVEL */
ULONG NetRxQueueInitGetQueueId(NETRXQUEUE_INIT *NetRxQueueInit)
	NETCX_SYMBOL(NetRxQueueInitGetQueueId);

/* Exactly once in EvtAdapterCreateRxQueue, on its thread. PASSIVE_LEVEL */
NTSTATUS NetRxQueueCreate(NETRXQUEUE_INIT *NetRxQueueInit, WDF_OBJECT_ATTRIBUTES *RxQueueAttributes,
			  NET_PACKET_QUEUE_CONFIG *Configuration, NETPACKETQUEUE *PacketQueue)
	NETCX_SYMBOL(NetRxQueueCreate);

/* Of the queue. PASSIVE_LEVEL. An extension that the queue has not comes back with Enabled FALSE.
 */
const NET_RING_COLLECTION *NetRxQueueGetRingCollection(NETPACKETQUEUE PacketQueue)
	NETCX_SYMBOL(NetRxQueueGetRingCollection);
void NetRxQueueGetExtension(NETPACKETQUEUE PacketQueue, const NET_EXTENSION_QUERY *Query,
			    NET_EXTENSION *Extension) NETCX_SYMBOL(NetRxQueueGetExtension);

/* Frames have been received: once after EvtSetNotificationEnabled(TRUE). Any IRQL */
void NetRxQueueNotifyMoreReceivedPacketsAvailable(NETPACKETQUEUE PacketQueue)
	NETCX_SYMBOL(NetRxQueueNotifyMoreReceivedPacketsAvailable);

EXTERN_C_END

#endif
