/* SPDX-License-Identifier: MIT */
/*
 * netpacketqueue.h - the callbacks of a packet queue. For one queue they are called one after the
 * other. Part of netadaptercx.h.
 */
#ifndef NETCX_NETPACKETQUEUE_2_H
#define NETCX_NETPACKETQUEUE_2_H

#include <netadaptercxtypes.h>
#include <netadapterpacket.h>

EXTERN_C_START

/* PASSIVE_LEVEL */
typedef void EVT_PACKET_QUEUE_START(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_START *PFN_PACKET_QUEUE_START;
typedef void EVT_PACKET_QUEUE_STOP(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_STOP *PFN_PACKET_QUEUE_STOP;
typedef void EVT_PACKET_QUEUE_CANCEL(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_CANCEL *PFN_PACKET_QUEUE_CANCEL;
typedef void EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED(_In_ NETPACKETQUEUE PacketQueue,
						       _In_ BOOLEAN NotificationEnabled);
typedef EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED *PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED;

/* IRQL: <= DISPATCH_LEVEL */
typedef void EVT_PACKET_QUEUE_ADVANCE(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_ADVANCE *PFN_PACKET_QUEUE_ADVANCE;

typedef struct _NET_PACKET_QUEUE_CONFIG {
	ULONG Size;
	PFN_PACKET_QUEUE_START EvtStart; /* optional, as is EvtStop */
	PFN_PACKET_QUEUE_STOP EvtStop;
	PFN_PACKET_QUEUE_ADVANCE EvtAdvance;
	PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;
	PFN_PACKET_QUEUE_CANCEL EvtCancel;
#if NETCX_SINCE(1)
	NETEXECUTIONCONTEXT ExecutionContext; /* NULL: the framework's own */
#endif
} NET_PACKET_QUEUE_CONFIG, *PNET_PACKET_QUEUE_CONFIG;

FORCEINLINE void NET_PACKET_QUEUE_CONFIG_INIT(
	NET_PACKET_QUEUE_CONFIG *Config, PFN_PACKET_QUEUE_ADVANCE EvtAdvance,
	PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled,
	PFN_PACKET_QUEUE_CANCEL EvtCancel)
{
	WDF_STRUCT_INIT(Config, NET_PACKET_QUEUE_CONFIG);
	Config->EvtAdvance = EvtAdvance;
	Config->EvtSetNotificationEnabled = EvtSetNotificationEnabled;
	Config->EvtCancel = EvtCancel;
}

EXTERN_C_END

#endif
