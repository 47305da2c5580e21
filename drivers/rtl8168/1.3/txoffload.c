/* SPDX-License-Identifier: MIT */
/*
 * txoffload.c - checksums and large sends of transmit packets. What a packet needs is in its
 * extensions; where its headers are is in its layout. Lengths are never read from the IP header: a
 * large send's is not filled in.
 */
#include "txoffload.h"

/* After NetTxQueueCreate: the offsets are the queue's. */
VOID
RtTxOffloadQueryExtensions(NETPACKETQUEUE Queue, RT_TX_EXTENSIONS *Extensions)
{
	NET_PACKET_EXTENSION_QUERY query;

	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
	Extensions->ChecksumOffset = NetTxQueueGetPacketExtensionOffset(Queue, &query);

	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_LSO_NAME,
					NET_PACKET_EXTENSION_LSO_VERSION_1);
	Extensions->LsoOffset = NetTxQueueGetPacketExtensionOffset(Queue, &query);
}

static ULONG
RtTxOffloadLayer4(const NET_PACKET *Packet)
{
	return Packet->Layout.Layer2HeaderLength + Packet->Layout.Layer3HeaderLength;
}

/*
 * Return: FALSE when the packet must not be sent: large sends of that IP version have been switched
 * off since it was queued, or it is none that the chip's fields can describe.
 */
static BOOLEAN
RtTxOffloadLargeSend(const RT_ADAPTER *Adapter, const NET_PACKET *Packet, ULONG Mss,
		     RT_TX_OFFLOAD *Offload)
{
	LONG active = ReadNoFence(&Adapter->ActiveOffloads);
	ULONG layer4 = RtTxOffloadLayer4(Packet);

	if (Mss > RT_TX_MSS_MAXIMUM || layer4 > RT_TX_GTSEN_TCPHO_MAXIMUM)
		return FALSE;

	if (NetPacketIsIpv4(Packet) && (active & RT_OFFLOAD_LSO_IPV4))
		Offload->Status = RT_TX_GTSENV4;
	else if (NetPacketIsIpv6(Packet) && (active & RT_OFFLOAD_LSO_IPV6))
		Offload->Status = RT_TX_GTSENV6;
	else
		return FALSE;

	Offload->Status |= (USHORT)(layer4 << RT_TX_GTSEN_TCPHO_SHIFT);
	Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT);
	return TRUE;
}

static BOOLEAN
RtTxOffloadChecksum(const NET_PACKET *Packet, const NET_PACKET_CHECKSUM *Checksum,
		    RT_TX_OFFLOAD *Offload)
{
	ULONG layer4 = RtTxOffloadLayer4(Packet);
	USHORT bits = 0;

	if (Checksum->Layer3 == NET_PACKET_TX_CHECKSUM_REQUIRED && NetPacketIsIpv4(Packet))
		bits |= RT_TX_IPCS;

	if (Checksum->Layer4 == NET_PACKET_TX_CHECKSUM_REQUIRED) {
		if (Packet->Layout.Layer4Type == NET_PACKET_LAYER4_TYPE_TCP)
			bits |= RT_TX_TCPCS;
		else if (Packet->Layout.Layer4Type == NET_PACKET_LAYER4_TYPE_UDP)
			bits |= RT_TX_UDPCS;
		if (NetPacketIsIpv6(Packet)) {
			if (layer4 > RT_TX_TCPHO_MAXIMUM)
				return FALSE;
			bits |= RT_TX_IPV6CS | (USHORT)(layer4 << RT_TX_TCPHO_SHIFT);
		}
	}

	Offload->Offload = bits;
	return TRUE;
}

/* Return: FALSE when the packet must not reach the wire. */
BOOLEAN
RtTxOffloadGet(const RT_ADAPTER *Adapter, const RT_TX_EXTENSIONS *Extensions,
	       const NET_PACKET *Packet, RT_TX_OFFLOAD *Offload)
{
	ULONG mss = 0;

	Offload->Status = 0;
	Offload->Offload = 0;

	if (Extensions->LsoOffset != NET_PACKET_EXTENSION_INVALID_OFFSET)
		mss = NetPacketGetPacketLargeSendSegmentation(Packet, Extensions->LsoOffset)
			      ->TCP.Mss;

	/* The chip computes the checksums of a large send's segments unasked. */
	if (mss != 0)
		return RtTxOffloadLargeSend(Adapter, Packet, mss, Offload);

	if (Extensions->ChecksumOffset == NET_PACKET_EXTENSION_INVALID_OFFSET)
		return TRUE;
	return RtTxOffloadChecksum(
		Packet, NetPacketGetPacketChecksum(Packet, Extensions->ChecksumOffset), Offload);
}
