/* SPDX-License-Identifier: MIT */
/* nettxqueue.h - creating a transmit queue and what can be asked of it. Part of netadaptercx.h. */
#ifndef NETCX_NETTXQUEUE_H
#define NETCX_NETTXQUEUE_H

#include <netpacketqueue.h>
#include <netadapterpacket.h>

EXTERN_C_START

/* Inside EvtAdapterCreateTxQueue, before the queue is created. PASSIVE_LEVEL */
ULONG NetTxQueueInitGetQueueId(PNETTXQUEUE_INIT NetTxQueueInit);
NTSTATUS NetTxQueueInitAddPacketContextAttributes(
	PNETTXQUEUE_INIT NetTxQueueInit, PNET_PACKET_CONTEXT_ATTRIBUTES PacketContextAttributes);
NTSTATUS NetTxQueueInitAddPacketExtension(PNETTXQUEUE_INIT QueueInit,
					  const NET_PACKET_EXTENSION *ExtensionToAdd);

/* Exactly once in EvtAdapterCreateTxQueue, on its thread. PASSIVE_LEVEL */
NTSTATUS NetTxQueueCreate(PNETTXQUEUE_INIT NetTxQueueInit, PWDF_OBJECT_ATTRIBUTES TxQueueAttributes,
			  PNET_PACKET_QUEUE_CONFIG Configuration, NETPACKETQUEUE *TxQueue);

/* Of the queue. PASSIVE_LEVEL. The offset is NET_PACKET_EXTENSION_INVALID_OFFSET without that
 * extension. */
PCNET_DATAPATH_DESCRIPTOR NetTxQueueGetDatapathDescriptor(NETPACKETQUEUE NetTxQueue);
PNET_PACKET_CONTEXT_TOKEN NetTxQueueGetPacketContextToken(NETPACKETQUEUE NetTxQueue,
							  PCNET_CONTEXT_TYPE_INFO ContextTypeInfo);
SIZE_T NetTxQueueGetPacketExtensionOffset(NETPACKETQUEUE NetTxQueue,
					  const NET_PACKET_EXTENSION_QUERY *ExtensionToGet);

/* Sent packets can be taken back: once after EvtSetNotificationEnabled(TRUE). Any IRQL */
VOID NetTxQueueNotifyMoreCompletedPacketsAvailable(NETPACKETQUEUE TxQueue);

EXTERN_C_END

#endif
