/* SPDX-License-Identifier: MIT */
/*
 * txoffload.c - checksums and large sends of transmit packets. What a packet needs is in its
 * extensions; where its headers are is in its layout. Lengths are never read from the IP header: a
 * large send's is not filled in.
 */
#include "txoffload.h"

/* After NetTxQueueCreate: they are the queue's. */
VOID
RtTxOffloadQueryExtensions(NETPACKETQUEUE Queue, RT_TX_EXTENSIONS *Extensions)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
				 NET_PACKET_EXTENSION_CHECKSUM_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Extensions->Checksum);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_GSO_NAME,
				 NET_PACKET_EXTENSION_GSO_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Extensions->Gso);

	NET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_IEEE8021Q_NAME,
				 NET_PACKET_EXTENSION_IEEE8021Q_VERSION_1, NetExtensionTypePacket);
	NetTxQueueGetExtension(Queue, &query, &Extensions->Tag);
}

static ULONG
RtTxOffloadLayer4(const NET_PACKET *Packet)
{
	return Packet->Layout.Layer2HeaderLength + Packet->Layout.Layer3HeaderLength;
}

/*
 * Return: FALSE when the packet must not be sent: large sends of that kind have been switched off
 * since it was queued, or it is none that the chip's fields can describe. Of UDP the MSS lies in
 * the same bits of the extension as of TCP.
 */
static BOOLEAN
RtTxOffloadLargeSend(const RT_ADAPTER *Adapter, const NET_PACKET *Packet, ULONG Mss,
		     RT_TX_OFFLOAD *Offload)
{
	BOOLEAN udp = Packet->Layout.Layer4Type == NetPacketLayer4TypeUdp;
	LONG active = ReadNoFence(&Adapter->ActiveOffloads);
	ULONG layer4 = RtTxOffloadLayer4(Packet);

	if (Mss > RT_TX_MSS_MAXIMUM || layer4 > RT_TX_GTSEN_TCPHO_MAXIMUM ||
	    (udp && (Adapter->Extension & RT_EXTENSION_USO) == 0))
		return FALSE;

	if (NetPacketIsIpv4(Packet) && (active & (udp ? RT_OFFLOAD_USO_IPV4 : RT_OFFLOAD_LSO_IPV4)))
		Offload->Status = RT_TX_GTSENV4;
	else if (NetPacketIsIpv6(Packet) &&
		 (active & (udp ? RT_OFFLOAD_USO_IPV6 : RT_OFFLOAD_LSO_IPV6)))
		Offload->Status = RT_TX_GTSENV6;
	else
		return FALSE;

	Offload->Status |= (USHORT)(layer4 << RT_TX_GTSEN_TCPHO_SHIFT);
	Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT) | (udp ? RT_TX_GTSEN_UDP : 0);
	return TRUE;
}

static BOOLEAN
RtTxOffloadChecksum(const NET_PACKET *Packet, const NET_PACKET_CHECKSUM *Checksum,
		    RT_TX_OFFLOAD *Offload)
{
	ULONG layer4 = RtTxOffloadLayer4(Packet);
	USHORT bits = 0;

	if (Checksum->Layer3 == NetPacketTxChecksumActionRequired && NetPacketIsIpv4(Packet))
		bits |= RT_TX_IPCS;

	if (Checksum->Layer4 == NetPacketTxChecksumActionRequired) {
		if (Packet->Layout.Layer4Type == NetPacketLayer4TypeTcp)
			bits |= RT_TX_TCPCS;
		else if (Packet->Layout.Layer4Type == NetPacketLayer4TypeUdp)
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

/* 802.1Q, beside whatever else the packet wants: the chip puts the tag in. */
static VOID
RtTxOffloadTag(const NET_PACKET_IEEE8021Q *Tag, RT_TX_OFFLOAD *Offload)
{
	USHORT tag = 0;

	if (Tag->TxTagging & NetPacketTxIeee8021qActionFlagPriorityRequired)
		tag |= (USHORT)(Tag->PriorityCodePoint << RT_TAG_PRIORITY_SHIFT);
	if (Tag->TxTagging & NetPacketTxIeee8021qActionFlagVlanRequired)
		tag |= Tag->VlanIdentifier;
	if (Tag->TxTagging != 0) {
		Offload->Vlan = RtlUshortByteSwap(tag);
		Offload->Offload |= RT_TX_TAGC;
	}
}

/* Return: FALSE when the packet must not reach the wire. */
BOOLEAN
RtTxOffloadGet(const RT_ADAPTER *Adapter, const RT_TX_EXTENSIONS *Extensions,
	       const NET_PACKET *Packet, UINT32 PacketIndex, RT_TX_OFFLOAD *Offload)
{
	BOOLEAN sendable = TRUE;
	ULONG mss = 0;

	RtlZeroMemory(Offload, sizeof(*Offload));

	if (Extensions->Gso.Enabled)
		mss = NetExtensionGetPacketGso(&Extensions->Gso, PacketIndex)->TCP.Mss;

	/* The chip computes the checksums of a large send's segments unasked. */
	if (mss != 0)
		sendable = RtTxOffloadLargeSend(Adapter, Packet, mss, Offload);
	else if (Extensions->Checksum.Enabled)
		sendable = RtTxOffloadChecksum(
			Packet, NetExtensionGetPacketChecksum(&Extensions->Checksum, PacketIndex),
			Offload);

	if (sendable && Extensions->Tag.Enabled)
		RtTxOffloadTag(NetExtensionGetPacketIeee8021Q(&Extensions->Tag, PacketIndex),
			       Offload);
	return sendable;
}
