/* SPDX-License-Identifier: MIT */
/* netrxqueue.h - creating a receive queue and what can be asked of it. Part of netadaptercx.h. */
#ifndef NETCX_NETRXQUEUE_H
#define NETCX_NETRXQUEUE_H

#include <netpacketqueue.h>
#include <netadapterpacket.h>

EXTERN_C_START

/* Inside EvtAdapterCreateRxQueue, before the queue is created. PASSIVE_LEVEL */
ULONG NetRxQueueInitGetQueueId(PNETRXQUEUE_INIT NetRxQueueInit);
NTSTATUS NetRxQueueInitAddPacketContextAttributes(
	PNETRXQUEUE_INIT NetRxQueueInit, PNET_PACKET_CONTEXT_ATTRIBUTES PacketContextAttributes);
NTSTATUS NetRxQueueInitAddPacketExtension(PNETRXQUEUE_INIT QueueInit,
					  const NET_PACKET_EXTENSION *ExtensionToAdd);

/* Exactly once in EvtAdapterCreateRxQueue, on its thread. PASSIVE_LEVEL */
NTSTATUS NetRxQueueCreate(PNETRXQUEUE_INIT NetRxQueueInit, PWDF_OBJECT_ATTRIBUTES RxQueueAttributes,
			  PNET_PACKET_QUEUE_CONFIG Configuration, NETPACKETQUEUE *RxQueue);

/* Of the queue. PASSIVE_LEVEL. The offset is NET_PACKET_EXTENSION_INVALID_OFFSET without that
 * extension. */
PCNET_DATAPATH_DESCRIPTOR NetRxQueueGetDatapathDescriptor(NETPACKETQUEUE NetRxQueue);
PNET_PACKET_CONTEXT_TOKEN NetRxQueueGetPacketContextToken(NETPACKETQUEUE NetRxQueue,
							  PCNET_CONTEXT_TYPE_INFO ContextTypeInfo);
SIZE_T NetRxQueueGetPacketExtensionOffset(NETPACKETQUEUE NetRxQueue,
					  const NET_PACKET_EXTENSION_QUERY *ExtensionToGet);

/* Frames have been received: once after EvtSetNotificationEnabled(TRUE). Any IRQL */
VOID NetRxQueueNotifyMoreReceivedPacketsAvailable(NETPACKETQUEUE RxQueue);

EXTERN_C_END

/* For drivers that place received frames in buffers of their own. */
typedef struct _NET_RXQUEUE_BUFFER_LAYOUT_HINT {
	SIZE_T MinimumBackfillSize;
	SIZE_T L3HeaderAlignment;
} NET_RXQUEUE_BUFFER_LAYOUT_HINT, *PNET_RXQUEUE_BUFFER_LAYOUT_HINT;

#endif
