/* SPDX-License-Identifier: MIT */
/*
 * adapter.h - what the driver knows of one card, and what its files about the chip do. It is
 * compiled with each version of NetAdapterCx that has a folder beside: their files lie there, and
 * framework.h with what they do for each other.
 */
#pragma once

#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

#include "hw.h"

#define RT_FRAME_HEADER        14 /* Ethernet */
#define RT_VLAN_TAG            4
#define RT_MAXIMUM_JUMBO       9014

#define RT_MULTICAST_ADDRESSES 32
#define RT_MULTICAST_HASH      8 /* bytes: MAR0..7 */

/* Bits of RT_ADAPTER.ActiveOffloads. The chip sends each packet as its descriptors ask. */
#define RT_OFFLOAD_RX_IPV4      0x01 /* checksums of received frames are to be judged */
#define RT_OFFLOAD_RX_TCP       0x02
#define RT_OFFLOAD_RX_UDP       0x04
#define RT_OFFLOAD_RX_CHECKSUMS 0x07
#define RT_OFFLOAD_LSO_IPV4     0x10
#define RT_OFFLOAD_LSO_IPV6     0x20
#define RT_OFFLOAD_USO_IPV4     0x40
#define RT_OFFLOAD_USO_IPV6     0x80
#define RT_OFFLOAD_LARGE_SENDS  0xF0
#define RT_OFFLOAD_RSC_IPV4     0x100 /* received segments are to be coalesced */
#define RT_OFFLOAD_RSC_IPV6     0x200
#define RT_OFFLOAD_RSC_UDP      0x400
#define RT_OFFLOAD_RSC_TIMES    0x800 /* those with TCP's timestamp option as well */
#define RT_OFFLOAD_RSC          0xF00

/* Bits of *PriorityVLANTag */
#define RT_TAG_PRIORITY 0x1
#define RT_TAG_VLAN     0x2

/* An 802.1Q tag: priority, drop eligible, VLAN */
#define RT_TAG_PRIORITY_SHIFT 13
#define RT_TAG_VLAN_MASK      0x0FFF

/* From the keywords of the INF. */
typedef struct _RT_CONFIGURATION {
	ULONG MaximumFrame; /* *JumboPacket: bytes, with the Ethernet header, without VLAN tag and
			       CRC */
	ULONG TransmitBuffers; /* descriptors */
	ULONG ReceiveBuffers;
	BOOLEAN InterruptModeration;
	ULONG PriorityVlanTag; /* *PriorityVLANTag: bits RT_TAG_ */
	/* RscDuplicateAcks. Windows switches RSC off when it sees such a count, so it is off. */
	BOOLEAN CountDuplicateAcks;
} RT_CONFIGURATION;

typedef struct _RT_ADAPTER {
	NETADAPTER NetAdapter;
	WDFDEVICE Device;
	WDFDMAENABLER DmaEnabler;
	WDFINTERRUPT Interrupt;
	WDFCOMMONBUFFER Tally; /* of drivers that count for the stack themselves */
	/* For registers that several callbacks read, change and write back. */
	WDFSPINLOCK RegisterLock;

	PUCHAR Registers;
	ULONG RegistersLength; /* bytes */

	RT_CONFIGURATION Configuration;
	UCHAR PermanentAddress[ETH_LENGTH_OF_ADDRESS];
	UCHAR CurrentAddress[ETH_LENGTH_OF_ADDRESS];

	/* What the stack wants to receive. Guarded by RegisterLock. */
	ULONG PacketFilter; /* NDIS_PACKET_TYPE_..., whose values every version has */
	UCHAR MulticastHash[RT_MULTICAST_HASH];

	/* The indirection table as the chip has it. Guarded by RegisterLock. */
	ULONG RssTable[RT_RSS_TABLE_WORDS];

	ULONG Extension; /* bits RT_EXTENSION_, none of a real chip's */
	ULONG TxRings;   /* 1 on a real chip */

	/* The chip takes 802.1Q tags out of received frames. Set before the adapter starts. */
	BOOLEAN TagOffload;

	/* Written by the offload callbacks while the queues' threads read them. */
	volatile LONG ActiveOffloads;

	/* NULL unless the queue exists. Guarded by the interrupt lock. */
	NETPACKETQUEUE TxQueues[RT_TX_RINGS];
	NETPACKETQUEUE RxQueues[RT_RX_QUEUES];

	ULONG InterruptMask;      /* what the mask registers are. Guarded by the interrupt lock */
	volatile LONG Interrupts; /* seen by the ISR, for the DPC */
} RT_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_ADAPTER, RtGetAdapter)

/* The contexts of the device and of the interrupt lead to the adapter. */
typedef struct _RT_DEVICE {
	RT_ADAPTER *Adapter;
} RT_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(RT_DEVICE, RtGetDevice)

/* device.c */
EVT_WDF_DEVICE_PREPARE_HARDWARE EvtDevicePrepareHardware;
EVT_WDF_DEVICE_RELEASE_HARDWARE EvtDeviceReleaseHardware;
EVT_WDF_DEVICE_D0_ENTRY EvtDeviceD0Entry;
EVT_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED EvtDeviceD0EntryPostInterruptsEnabled;
EVT_WDF_DEVICE_D0_EXIT EvtDeviceD0Exit;

/* Of the version's folder: adapter.c, link.c */
NTSTATUS RtAdapterStart(RT_ADAPTER *Adapter);
VOID RtLinkReport(RT_ADAPTER *Adapter);

/* configuration.c */
NTSTATUS RtConfigurationRead(RT_ADAPTER *Adapter);

/* hardware.c */
NTSTATUS RtHardwareIdentify(RT_ADAPTER *Adapter);
NTSTATUS RtHardwareReset(RT_ADAPTER *Adapter);
VOID RtHardwareStart(RT_ADAPTER *Adapter);
VOID RtHardwareStop(RT_ADAPTER *Adapter);
VOID RtHardwareReadAddress(RT_ADAPTER *Adapter, UCHAR Address[ETH_LENGTH_OF_ADDRESS]);
VOID RtHardwareSetReceiveMode(RT_ADAPTER *Adapter);
VOID RtHardwareSetCoalescing(RT_ADAPTER *Adapter);
VOID RtHardwareSetMagicPacket(RT_ADAPTER *Adapter, BOOLEAN Wakes);
VOID RtHardwareSetCommand(RT_ADAPTER *Adapter, UCHAR Clear, UCHAR Set);
VOID RtHardwareSetRing(RT_ADAPTER *Adapter, ULONG Register, PHYSICAL_ADDRESS Ring);

/* rss.c */
NTSTATUS RtRssEnable(RT_ADAPTER *Adapter, ULONG Hashes);
VOID RtRssDisable(RT_ADAPTER *Adapter);
NTSTATUS RtRssSetKey(RT_ADAPTER *Adapter, const UCHAR Key[RT_RSS_KEY_LENGTH]);
VOID RtRssSetEntry(RT_ADAPTER *Adapter, ULONG Entry, ULONG Queue);
VOID RtRssApplyTable(RT_ADAPTER *Adapter);
NTSTATUS RtRssSetRing(RT_ADAPTER *Adapter, ULONG Queue, PHYSICAL_ADDRESS Ring);

/* filter.c */
VOID RtFilterApply(RT_ADAPTER *Adapter);
VOID RtFilterClear(RT_ADAPTER *Adapter);
VOID RtFilterSetPacketFilter(RT_ADAPTER *Adapter, ULONG PacketFilter);
VOID RtFilterSetMulticastHash(RT_ADAPTER *Adapter, const UCHAR Hash[RT_MULTICAST_HASH]);
VOID RtFilterHashAddress(UCHAR Hash[RT_MULTICAST_HASH], const UCHAR Address[ETH_LENGTH_OF_ADDRESS]);

/* eeprom.c */
BOOLEAN RtEepromReadAddress(RT_ADAPTER *Adapter, UCHAR Address[ETH_LENGTH_OF_ADDRESS]);

/* phy.c */
NTSTATUS RtPhyStart(RT_ADAPTER *Adapter);

/* interrupt.c */
NTSTATUS RtInterruptCreate(RT_ADAPTER *Adapter);
VOID RtInterruptSetQueue(RT_ADAPTER *Adapter, NETPACKETQUEUE *Place, NETPACKETQUEUE Queue);
VOID RtInterruptArm(RT_ADAPTER *Adapter, ULONG Interrupts);
VOID RtInterruptDisarm(RT_ADAPTER *Adapter, ULONG Interrupts);

/*
 * Interrupts of all registers in one word: those of IMR and ISR as they are, above them two bits
 * for each of the receive queues 1 to 3, then for each of the transmit rings 1 to 3. What a queue
 * waits for:
 */
FORCEINLINE ULONG
RtInterruptOfRxQueue(ULONG Queue)
{
	return Queue == 0 ? RT_INT_RECEIVE : (ULONG)RT_QUEUE_INT_RECEIVE << (14 + 2 * Queue);
}

FORCEINLINE ULONG
RtInterruptOfTxRing(ULONG Ring)
{
	return Ring == 0 ? RT_INT_TRANSMIT : (ULONG)RT_RING_INT_TRANSMIT << (20 + 2 * Ring);
}

/* ring.c */
typedef struct _RT_RING {
	WDFCOMMONBUFFER Buffer;
	RT_DESCRIPTOR *Descriptors;
	PHYSICAL_ADDRESS LogicalAddress;
	ULONG Count;
} RT_RING;

NTSTATUS RtRingCreate(RT_RING *Ring, RT_ADAPTER *Adapter, ULONG Count);
VOID RtRingDelete(RT_RING *Ring);
VOID RtRingReset(RT_RING *Ring);

FORCEINLINE ULONG
RtRingNext(const RT_RING *Ring, ULONG Index)
{
	return Index + 1 == Ring->Count ? 0 : Index + 1;
}

/* EOR stands in the last descriptor whatever else does. */
FORCEINLINE USHORT
RtRingEnd(const RT_RING *Ring, ULONG Index)
{
	return Index + 1 == Ring->Count ? RT_DESC_EOR : 0;
}

/* Register access, each register in its own width */
FORCEINLINE UCHAR
RtRead8(const RT_ADAPTER *Adapter, ULONG Register)
{
	return READ_REGISTER_UCHAR(Adapter->Registers + Register);
}

FORCEINLINE USHORT
RtRead16(const RT_ADAPTER *Adapter, ULONG Register)
{
	return READ_REGISTER_USHORT((volatile USHORT *)(Adapter->Registers + Register));
}

FORCEINLINE ULONG
RtRead32(const RT_ADAPTER *Adapter, ULONG Register)
{
	return READ_REGISTER_ULONG((volatile ULONG *)(Adapter->Registers + Register));
}

FORCEINLINE VOID
RtWrite8(const RT_ADAPTER *Adapter, ULONG Register, UCHAR Value)
{
	WRITE_REGISTER_UCHAR(Adapter->Registers + Register, Value);
}

FORCEINLINE VOID
RtWrite16(const RT_ADAPTER *Adapter, ULONG Register, USHORT Value)
{
	WRITE_REGISTER_USHORT((volatile USHORT *)(Adapter->Registers + Register), Value);
}

FORCEINLINE VOID
RtWrite32(const RT_ADAPTER *Adapter, ULONG Register, ULONG Value)
{
	WRITE_REGISTER_ULONG((volatile ULONG *)(Adapter->Registers + Register), Value);
}
