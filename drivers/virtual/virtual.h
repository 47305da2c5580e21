/* SPDX-License-Identifier: MIT */
/*
 * virtual.h - a pair of virtual adapters: what the stack sends on one the other receives.
 *
 * An adapter has one thread of its own, its execution context's, for both of its queues. A packet
 * is copied once, by the sender's thread, from the sender's transmit ring into a buffer of the
 * receiver's receive ring. So two things of an adapter are touched by two threads:
 *
 *   Peer, whom it sends to     under its PeerLock; link.c connects and disconnects a pair
 *   the port, what it receives into and what it wants to receive     under its PortLock
 *
 * PeerLock comes before the PortLock of the peer; nobody holds two locks of a kind.
 */
#pragma once

#include "platform.h"
#include <net/checksum.h>
#include <net/gso.h>
#include <net/ieee8021q.h>
#include <net/rsc.h>
#include <net/virtualaddress.h>

#define VIRT_ADDRESS        6  /* bytes of an Ethernet address */
#define VIRT_HEADER         14 /* bytes of an Ethernet header */
#define VIRT_TAG            4  /* bytes of an 802.1Q tag */
#define VIRT_MULTICAST      32 /* addresses of the list */
#define VIRT_STANDARD_FRAME 1514
#define VIRT_MAXIMUM_JUMBO  9014
#define VIRT_MAXIMUM_GSO    64000 /* bytes of its payload */

/*
 * Bytes of a receive buffer, a power of two; a super-packet has several. All buffers of a queue
 * together are half a megabyte, so that what the sender copies into one is still in the processor's
 * second cache when the receiver's stack reads it.
 */
#define VIRT_BUFFER       8192
#define VIRT_JUMBO_BUFFER 16384

/* The keywords of virtual.inf that are the driver's to read. */
typedef struct _VIRT_CONFIGURATION {
	ULONG Link;            /* a pair has the same */
	ULONG Station;         /* 1 to 254: the last byte of the permanent address */
	ULONG MaximumFrame;    /* bytes, with the Ethernet header */
	ULONG ReceiveBuffers;  /* a power of two */
	ULONG BufferSize;      /* bytes; a frame is in one */
	ULONG PriorityVlanTag; /* VIRT_TAG_... */
} VIRT_CONFIGURATION;
#define VIRT_TAG_PRIORITY 1
#define VIRT_TAG_VLAN     2

/* Active offloads of receive. */
#define VIRT_RX_CHECKSUM_IPV4 0x01
#define VIRT_RX_CHECKSUM_TCP  0x02
#define VIRT_RX_CHECKSUM_UDP  0x04
#define VIRT_RSC_TCP_IPV4     0x10
#define VIRT_RSC_TCP_IPV6     0x20
#define VIRT_RSC_TIMESTAMP    0x40
#define VIRT_RSC_UDP          0x80

/* What has come over the link since the adapter started; frames unless said otherwise. */
typedef struct _VIRT_COUNTERS {
	ULONG64 Received;  /* packets given to the stack */
	ULONG64 Coalesced; /* super-packets among them */
	ULONG64 Segments;  /* among them, made of super-packets */
	ULONG64 Filtered;  /* nobody has asked for them */
	ULONG64 Lost;      /* no receive queue runs, or larger than a buffer */
} VIRT_COUNTERS;

/* What the peer's thread touches of an adapter, under the adapter's PortLock. */
typedef struct _VIRT_PORT {
	struct _VIRT_RX_QUEUE *Queue; /* NULL: it does not run */
	ULONG Offloads;
	NET_PACKET_FILTER_FLAGS Filter;
	SIZE_T MulticastCount;
	UCHAR Multicast[VIRT_MULTICAST][VIRT_ADDRESS];
	UCHAR Address[VIRT_ADDRESS]; /* the station's: a copy */
	BOOLEAN SenderWaits;         /* for buffers of Queue */
	BOOLEAN Armed, Work;         /* the execution context's thread: port.c */
	VIRT_COUNTERS Counters;
} VIRT_PORT;

typedef struct _VIRT_ADAPTER {
	WDFDEVICE Device;
	NETADAPTER NetAdapter;
	NETEXECUTIONCONTEXT ExecutionContext;
	VIRT_CONFIGURATION Configuration;
	UCHAR PermanentAddress[VIRT_ADDRESS];
	UCHAR CurrentAddress[VIRT_ADDRESS];

	/* link.c's */
	struct _VIRT_ADAPTER *NextLinked;
	BOOLEAN Linked, Ready;

	WDFSPINLOCK PeerLock;
	struct _VIRT_ADAPTER *Peer; /* NULL: the link is down */

	/* The adapter's own thread's: port.c */
	BOOLEAN Sent;       /* something, in this round */
	BOOLEAN Unsignaled; /* and the peer does not know of it yet */

	WDFSPINLOCK PortLock;
	VIRT_PORT Port;
} VIRT_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(VIRT_ADAPTER, VirtGetAdapter)

typedef struct _VIRT_DEVICE {
	VIRT_ADAPTER *Adapter;
} VIRT_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(VIRT_DEVICE, VirtGetDevice)

/* Of the driver: all adapters that have joined a link, under the lock. */
typedef struct _VIRT_DRIVER {
	WDFWAITLOCK LinkLock;
	VIRT_ADAPTER *Linked;
} VIRT_DRIVER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(VIRT_DRIVER, VirtGetDriver)

/* A receive queue. Its rings' NextIndex is where the sender goes on. */
typedef struct _VIRT_RX_QUEUE {
	VIRT_ADAPTER *Adapter;
	const NET_RING_COLLECTION *Rings;
	NET_EXTENSION VirtualAddress; /* of fragments */
	NET_EXTENSION Checksum;       /* of packets, as are the next; Enabled FALSE: none */
	NET_EXTENSION Tag;
	NET_EXTENSION Rsc;
	NET_EXTENSION RscTimestamp;
	UINT32 PacketEnd, FragmentEnd; /* EndIndex of the rings, for the sender's thread */
} VIRT_RX_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(VIRT_RX_QUEUE, VirtGetRxQueue)

/* A packet of a transmit ring, as its receiver needs to know it. */
typedef struct _VIRT_PACKET {
	const NET_RING *Fragments;
	const NET_EXTENSION *VirtualAddress; /* of the fragments */
	UINT32 FragmentIndex;
	ULONG FragmentCount;
	NET_PACKET_LAYOUT Layout;
	BOOLEAN Ipv4;
	ULONG Length; /* bytes */
	ULONG Mss;    /* payload bytes of a segment; 0: it is one frame */
	NET_PACKET_CHECKSUM Checksum;
	NET_PACKET_IEEE8021Q Tag;
} VIRT_PACKET;

/* adapter.c, configuration.c */
NTSTATUS VirtAdapterCreate(WDFDEVICE Device);
NTSTATUS VirtAdapterStart(VIRT_ADAPTER *Adapter);
VOID VirtAdapterStop(VIRT_ADAPTER *Adapter);
NTSTATUS VirtConfigurationRead(VIRT_ADAPTER *Adapter);

/* offload.c, filter.c: what is declared before each start; the filter's answer, PortLock held */
VOID VirtOffloadDeclare(VIRT_ADAPTER *Adapter);
VOID VirtFilterDeclare(VIRT_ADAPTER *Adapter);
BOOLEAN VirtFilterAccepts(const VIRT_PORT *Port, const UCHAR *Destination);

/*
 * link.c, at PASSIVE_LEVEL
 * VirtLinkJoin() - fails, and says why, when the link has two ends or the other has our address
 * VirtLinkLeave() - also when it has not joined
 * VirtLinkReady() - the adapter can send and receive now, or no longer
 */
NTSTATUS VirtLinkJoin(VIRT_ADAPTER *Adapter);
VOID VirtLinkLeave(VIRT_ADAPTER *Adapter);
VOID VirtLinkReady(VIRT_ADAPTER *Adapter, BOOLEAN Ready);
VOID VirtLinkReport(VIRT_ADAPTER *Adapter, BOOLEAN Connected);

/* port.c */
VOID VirtPortOpen(VIRT_ADAPTER *Adapter, VIRT_RX_QUEUE *Queue);
VOID VirtPortClose(VIRT_ADAPTER *Adapter);
VOID VirtPortSignal(VIRT_ADAPTER *Adapter);
VOID VirtPortSignalPeer(VIRT_ADAPTER *Adapter);
VOID VirtPortNoteSent(VIRT_ADAPTER *Adapter, VIRT_ADAPTER *Peer);
EVT_NET_EXECUTION_CONTEXT_PRE_ADVANCE EvtExecutionContextPreAdvance;
EVT_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED EvtExecutionContextSetNotificationEnabled;

/* packet.c */
VOID VirtPacketRead(const VIRT_PACKET *Packet, ULONG Offset, ULONG Length, UCHAR *To);
ULONG VirtPacketHeaderLength(const VIRT_PACKET *Packet);

/*
 * deliver.c, on the sender's thread
 * VirtDeliver() - put a packet into the receiver's ring, whole or in segments
 * Done:   payload bytes of it that are there already, 0 for a new one; kept by the caller
 * Return: FALSE when there is no room for (the rest of) it now; the receiver will signal
 */
BOOLEAN VirtDeliver(VIRT_ADAPTER *Receiver, const VIRT_PACKET *Packet, ULONG *Done);

/* coalesce.c: may the receiver have this super-packet as one? PortLock held */
BOOLEAN VirtCoalesceFits(const VIRT_PORT *Port, const VIRT_PACKET *Packet);

/*
 * checksum.c
 * VirtChecksum() - of a layer 4 header and payload that begin with a seed in the checksum's field
 * More: what else is to be summed, as a number
 */
USHORT VirtChecksum(const UCHAR *Data, ULONG Length, ULONG More);
VOID VirtChecksumIpv4(UCHAR *Header, ULONG Length);

/* txqueue.c, rxqueue.c */
EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;

/* device.c */
EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE EvtDeviceReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY EvtDeviceD0Entry;
EVT_WDF_DEVICE_D0_EXIT EvtDeviceD0Exit;

/* Numbers of headers: in network order, anywhere. */
FORCEINLINE USHORT VirtLoad16(const UCHAR *From)
{
	return (USHORT)(From[0] << 8 | From[1]);
}

FORCEINLINE VOID VirtStore16(UCHAR *To, ULONG Value)
{
	To[0] = (UCHAR)(Value >> 8);
	To[1] = (UCHAR)Value;
}
