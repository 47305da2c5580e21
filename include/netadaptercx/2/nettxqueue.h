/* SPDX-License-Identifier: MIT */
/* nettxqueue.h - creating a transmit queue and what can be asked of it. Part of netadaptercx.h. */
#ifndef NETCX_NETTXQUEUE_2_H
#define NETCX_NETTXQUEUE_2_H

#include <netpacketqueue.h>

EXTERN_C_START

#if NETCX_SINCE(1)
/* With an execution context its callback arms the notification, not the queue's. */
FORCEINLINE void NET_TX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(NET_PACKET_QUEUE_CONFIG *Config,
							    NETEXECUTIONCONTEXT ExecutionContext,
							    PFN_PACKET_QUEUE_ADVANCE EvtAdvance)
{
	WDF_STRUCT_INIT(Config, NET_PACKET_QUEUE_CONFIG);
	Config->ExecutionContext = ExecutionContext;
	Config->EvtAdvance = EvtAdvance;
}
#endif

/* Inside EvtAdapterCreateTxQueue, before the queue is created. PASSIVE_LEVEL */
ULONG NetTxQueueInitGetQueueId(NETTXQUEUE_INIT *NetTxQueueInit)
	NETCX_SYMBOL(NetTxQueueInitGetQueueId);

/* Exactly once in EvtAdapterCreateTxQueue, on its thread. PASSIVE_LEVEL */
NTSTATUS NetTxQueueCreate(NETTXQUEUE_INIT *NetTxQueueInit, WDF_OBJECT_ATTRIBUTES *TxQueueAttributes,
			  NET_PACKET_QUEUE_CONFIG *Configuration, NETPACKETQUEUE *PacketQueue)
	NETCX_SYMBOL(NetTxQueueCreate);

/* Of the queue. PASSIVE_LEVEL. An extension that the queue has not comes back with Enabled FALSE.
 */
const NET_RING_COLLECTION *NetTxQueueGetRingCollection(NETPACKETQUEUE PacketQueue)
	NETCX_SYMBOL(NetTxQueueGetRingCollection);
void NetTxQueueGetExtension(NETPACKETQUEUE PacketQueue, const NET_EXTENSION_QUERY *Query,
			    NET_EXTENSION *Extension) NETCX_SYMBOL(NetTxQueueGetExtension);
#if NETCX_SINCE(1)
/* The 802.1p priority whose packets come here, of an adapter that asked for that. */
UINT8 NetTxQueueGetDemux8021p(NETPACKETQUEUE Queue) NETCX_SYMBOL(NetTxQueueGetDemux8021p);
#endif

/* Packets have been sent: once after EvtSetNotificationEnabled(TRUE). Any IRQL */
void NetTxQueueNotifyMoreCompletedPacketsAvailable(NETPACKETQUEUE PacketQueue)
	NETCX_SYMBOL(NetTxQueueNotifyMoreCompletedPacketsAvailable);

EXTERN_C_END

#endif
