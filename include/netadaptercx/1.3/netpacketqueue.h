/* SPDX-License-Identifier: MIT */
/*
 * netpacketqueue.h - callbacks of a packet queue, transmit or receive. The framework calls those of
 * one queue one at a time: Start, then Advance and SetNotificationEnabled, Cancel, Advance until
 * all packets are back, Stop. Part of netadaptercx.h.
 */
#ifndef NETCX_NETPACKETQUEUE_H
#define NETCX_NETPACKETQUEUE_H

#include <netadaptercxtypes.h>

/* PASSIVE_LEVEL; Advance <= DISPATCH_LEVEL */
typedef VOID EVT_PACKET_QUEUE_START(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_START *PFN_PACKET_QUEUE_START;
typedef VOID EVT_PACKET_QUEUE_STOP(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_STOP *PFN_PACKET_QUEUE_STOP;
typedef VOID EVT_PACKET_QUEUE_ADVANCE(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_ADVANCE *PFN_PACKET_QUEUE_ADVANCE;
typedef VOID EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED(_In_ NETPACKETQUEUE PacketQueue,
						       _In_ BOOLEAN NotificationEnabled);
typedef EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED *PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED;
typedef VOID EVT_PACKET_QUEUE_CANCEL(_In_ NETPACKETQUEUE PacketQueue);
typedef EVT_PACKET_QUEUE_CANCEL *PFN_PACKET_QUEUE_CANCEL;

/* EvtStart and EvtStop may be NULL. */
typedef struct _NET_PACKET_QUEUE_CONFIG {
	ULONG Size;
	PFN_PACKET_QUEUE_START EvtStart;
	PFN_PACKET_QUEUE_STOP EvtStop;
	PFN_PACKET_QUEUE_ADVANCE EvtAdvance;
	PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;
	PFN_PACKET_QUEUE_CANCEL EvtCancel;
} NET_PACKET_QUEUE_CONFIG, *PNET_PACKET_QUEUE_CONFIG;

FORCEINLINE VOID
NET_PACKET_QUEUE_CONFIG_INIT(PNET_PACKET_QUEUE_CONFIG Config, PFN_PACKET_QUEUE_ADVANCE EvtAdvance,
			     PFN_PACKET_QUEUE_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled,
			     PFN_PACKET_QUEUE_CANCEL EvtCancel)
{
	WDF_STRUCT_INIT(Config, NET_PACKET_QUEUE_CONFIG);
	Config->EvtAdvance = EvtAdvance;
	Config->EvtSetNotificationEnabled = EvtSetNotificationEnabled;
	Config->EvtCancel = EvtCancel;
}

#endif
