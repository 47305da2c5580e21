/* SPDX-License-Identifier: MIT */
/*
 * adapter.h - the part that the drivers in 2.0 to 2.5 have in common: a device, an adapter that is
 * started, a queue of each kind, and one frame that is received. Each adds, in its only.c, what
 * its version of NetAdapterCx was the first to have.
 */
#pragma once

#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
#include <net/virtualaddress.h>

#define ADAPTER_MTU        1500
#define ADAPTER_FRAME      1514 /* bytes, with the Ethernet header */
#define ADAPTER_LINK_SPEED 1000000000ULL

/* What the version promises, and whether it came out so. The test wants them all to hold. */
#define HOLDS(What, Expression) DbgPrint("%s: %s\n", (Expression) ? "holds" : "fails", What)

typedef struct _ADAPTER_DEVICE {
	NETADAPTER Adapter;
} ADAPTER_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ADAPTER_DEVICE, GetDevice)

typedef struct _ADAPTER_QUEUE {
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION VirtualAddress; /* of a receive queue's fragments */
	NET_EXTENSION Extension;      /* of the version, if it has one */
	BOOLEAN Received;
} ADAPTER_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ADAPTER_QUEUE, GetQueue)

EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;

/* Of only.c, in the order in which they are called. */
VOID OnlyDeclare(_In_ WDFDEVICE Device, _In_ NETADAPTER Adapter);
VOID OnlyStarted(_In_ WDFDEVICE Device, _In_ NETADAPTER Adapter);
VOID OnlyConfigureQueue(_Inout_ NET_PACKET_QUEUE_CONFIG *Config);
NTSTATUS OnlyReceiveQueue(_In_ NETPACKETQUEUE Queue);
VOID OnlyReceived(_In_ ADAPTER_QUEUE *Queue, _In_ UINT32 PacketIndex);
VOID OnlyStopped(VOID);
