/* SPDX-License-Identifier: MIT */
/*
 * filter.c - which frames the chip receives. The stack sets a packet filter and a list of multicast
 * addresses; until it does, the chip drops every frame.
 */
#include "adapter.h"

#define RT_CRC_POLYNOMIAL 0x04C11DB7

/* Bits 31..26 of the Ethernet CRC over the address choose one of the 64 bits in MAR0..7. */
static ULONG
RtFilterHash(const UCHAR Address[ETH_LENGTH_OF_ADDRESS])
{
	ULONG crc = MAXULONG;
	ULONG i, bit;

	for (i = 0; i < ETH_LENGTH_OF_ADDRESS; i++) {
		for (bit = 0; bit < 8; bit++) {
			ULONG one = (crc >> 31) ^ ((Address[i] >> bit) & 1);

			crc <<= 1;
			if (one)
				crc ^= RT_CRC_POLYNOMIAL;
		}
	}
	return crc >> 26;
}

static ULONG
RtFilterReceiveConfiguration(ULONG PacketFilter)
{
	ULONG configuration = RT_RCR_DMA_UNLIMITED;

	if (PacketFilter & NDIS_PACKET_TYPE_DIRECTED)
		configuration |= RT_RCR_APM;
	if (PacketFilter & (NDIS_PACKET_TYPE_MULTICAST | NDIS_PACKET_TYPE_ALL_MULTICAST))
		configuration |= RT_RCR_AM;
	if (PacketFilter & NDIS_PACKET_TYPE_BROADCAST)
		configuration |= RT_RCR_AB;
	if (PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS)
		configuration |= RT_RCR_AAP | RT_RCR_APM | RT_RCR_AM | RT_RCR_AB;
	return configuration;
}

/* MAR0 is the highest byte of its register, and so on down to MAR7. */
static ULONG
RtFilterHashRegister(const UCHAR Hash[4])
{
	return ((ULONG)Hash[0] << 24) | ((ULONG)Hash[1] << 16) | ((ULONG)Hash[2] << 8) | Hash[3];
}

/* To the chip. Also after each reset, which clears these registers. */
VOID
RtFilterApply(RT_ADAPTER *Adapter)
{
	static const UCHAR all[RT_MULTICAST_HASH] = {
		0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
	};
	const UCHAR *hash;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	hash = Adapter->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST ? all
								      : Adapter->MulticastHash;
	RtWrite32(Adapter, RT_MAR7, RtFilterHashRegister(hash + 4));
	RtWrite32(Adapter, RT_MAR3, RtFilterHashRegister(hash));
	RtWrite32(Adapter, RT_RCR, RtFilterReceiveConfiguration(Adapter->PacketFilter));
	WdfSpinLockRelease(Adapter->RegisterLock);
}

/* Nothing is wanted until the stack says so. */
VOID
RtFilterClear(RT_ADAPTER *Adapter)
{
	Adapter->PacketFilter = 0;
	RtlZeroMemory(Adapter->MulticastHash, sizeof(Adapter->MulticastHash));
}

/* RtFilterApply() brings either of these two to the chip. */
VOID
RtFilterSetPacketFilter(RT_ADAPTER *Adapter, ULONG PacketFilter)
{
	WdfSpinLockAcquire(Adapter->RegisterLock);
	Adapter->PacketFilter = PacketFilter;
	WdfSpinLockRelease(Adapter->RegisterLock);
}

VOID
RtFilterSetMulticastHash(RT_ADAPTER *Adapter, const UCHAR Hash[RT_MULTICAST_HASH])
{
	WdfSpinLockAcquire(Adapter->RegisterLock);
	RtlCopyMemory(Adapter->MulticastHash, Hash, RT_MULTICAST_HASH);
	WdfSpinLockRelease(Adapter->RegisterLock);
}

/* Different addresses may share a bit: the stack looks again. */
VOID
RtFilterHashAddress(UCHAR Hash[RT_MULTICAST_HASH], const UCHAR Address[ETH_LENGTH_OF_ADDRESS])
{
	ULONG bit = RtFilterHash(Address);

	Hash[bit / 8] |= (UCHAR)(1 << (bit % 8));
}
