/* SPDX-License-Identifier: MIT */
/*
 * offload.c - what the chip computes for the stack, and what of it is active. The callbacks run in
 * NetAdapterStart and whenever an administrator or the stack changes something, at PASSIVE_LEVEL,
 * while the queues may be at work on other threads. What the chip cannot do with a packet (UDP
 * segmentation of a real one, a transport header further in than its fields reach) the framework
 * does before the packet is here.
 */
#include "framework.h"

#define RT_GSO_MAXIMUM_SIZE     64000 /* bytes of payload in one packet */
#define RT_GSO_MINIMUM_SEGMENTS 2

#define RT_OFFLOAD_LAYER3                                                                        \
	(NetAdapterOffloadLayer3FlagIPv4NoOptions | NetAdapterOffloadLayer3FlagIPv4WithOptions | \
	 NetAdapterOffloadLayer3FlagIPv6NoExtensions |                                           \
	 NetAdapterOffloadLayer3FlagIPv6WithExtensions)
#define RT_OFFLOAD_TCP \
	(NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagTcpWithOptions)

static EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtAdapterOffloadSetTxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtAdapterOffloadSetRxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_GSO EvtAdapterOffloadSetGso;
static EVT_NET_ADAPTER_OFFLOAD_SET_RSC EvtAdapterOffloadSetRsc;

static VOID
RtOffloadDeclareTags(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tags;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS flags = 0;

	if (Adapter->Configuration.PriorityVlanTag & RT_TAG_PRIORITY)
		flags |= NetAdapterOffloadIeee8021PriorityTaggingFlag;
	if (Adapter->Configuration.PriorityVlanTag & RT_TAG_VLAN)
		flags |= NetAdapterOffloadIeee8021VlanTaggingFlag;

	Adapter->TagOffload = flags != 0;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(&tags, flags);
	NetAdapterOffloadSetIeee8021qTagCapabilities(Adapter->NetAdapter, &tags);
}

/* No real chip coalesces; no software does it instead. */
static VOID
RtOffloadDeclareRsc(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	if ((Adapter->Extension & RT_EXTENSION_RSC) == 0)
		return;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
		&rsc,
		NetAdapterOffloadLayer3FlagIPv4NoOptions |
			NetAdapterOffloadLayer3FlagIPv6NoExtensions,
		NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagUdp,
		EvtAdapterOffloadSetRsc);
	rsc.TcpTimestampOption = TRUE;
	NetAdapterOffloadSetRscCapabilities(Adapter->NetAdapter, &rsc);
}

VOID
RtOffloadDeclare(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES txChecksum;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rxChecksum;
	NET_ADAPTER_OFFLOAD_LAYER4_FLAGS segmented = RT_OFFLOAD_TCP;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&txChecksum, RT_OFFLOAD_LAYER3,
							  EvtAdapterOffloadSetTxChecksum);
	txChecksum.Layer4Flags = RT_OFFLOAD_TCP | NetAdapterOffloadLayer4FlagUdp;
	txChecksum.Layer4HeaderOffsetLimit = RT_TX_TCPHO_MAXIMUM;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter->NetAdapter, &txChecksum);

	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rxChecksum,
							  EvtAdapterOffloadSetRxChecksum);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter->NetAdapter, &rxChecksum);

	if (Adapter->Extension & RT_EXTENSION_USO)
		segmented |= NetAdapterOffloadLayer4FlagUdp;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, RT_OFFLOAD_LAYER3, segmented,
						  RT_GSO_MAXIMUM_SIZE, RT_GSO_MINIMUM_SEGMENTS,
						  EvtAdapterOffloadSetGso);
	gso.Layer4HeaderOffsetLimit = RT_TX_GTSEN_TCPHO_MAXIMUM;
	NetAdapterOffloadSetGsoCapabilities(Adapter->NetAdapter, &gso);

	RtOffloadDeclareRsc(Adapter);
	RtOffloadDeclareTags(Adapter);
}

/* The callbacks never run at once, but the queues must see a change in one piece. */
static VOID
RtOffloadSet(RT_ADAPTER *Adapter, LONG Which, LONG Active)
{
	InterlockedExchange(&Adapter->ActiveOffloads, (Adapter->ActiveOffloads & ~Which) | Active);
}

/* Nothing to switch: each packet's extension says what it wants, and its descriptors pass it on. */
_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetTxChecksum(NETADAPTER NetAdapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(NetAdapter);
	UNREFERENCED_PARAMETER(Offload);
	PAGED_CODE();
}

_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetRxChecksum(NETADAPTER NetAdapter, NETOFFLOAD Offload)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	LONG active = 0;

	PAGED_CODE();

	if (NetOffloadIsRxChecksumIPv4Enabled(Offload))
		active |= RT_OFFLOAD_RX_IPV4;
	if (NetOffloadIsRxChecksumTcpEnabled(Offload))
		active |= RT_OFFLOAD_RX_TCP;
	if (NetOffloadIsRxChecksumUdpEnabled(Offload))
		active |= RT_OFFLOAD_RX_UDP;

	RtOffloadSet(adapter, RT_OFFLOAD_RX_CHECKSUMS, active);
	RtHardwareSetReceiveMode(adapter);
}

/* Large sends need no switch in the chip: each descriptor says what it wants. */
_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetGso(NETADAPTER NetAdapter, NETOFFLOAD Offload)
{
	LONG active = 0;

	PAGED_CODE();

	if (NetOffloadIsLsoIPv4Enabled(Offload))
		active |= RT_OFFLOAD_LSO_IPV4;
	if (NetOffloadIsLsoIPv6Enabled(Offload))
		active |= RT_OFFLOAD_LSO_IPV6;
	if (NetOffloadIsUsoIPv4Enabled(Offload))
		active |= RT_OFFLOAD_USO_IPV4;
	if (NetOffloadIsUsoIPv6Enabled(Offload))
		active |= RT_OFFLOAD_USO_IPV6;

	RtOffloadSet(RtGetAdapter(NetAdapter), RT_OFFLOAD_LARGE_SENDS, active);
}

_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetRsc(NETADAPTER NetAdapter, NETOFFLOAD Offload)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	LONG active = 0;

	PAGED_CODE();

	if (NetOffloadIsTcpRscIPv4Enabled(Offload))
		active |= RT_OFFLOAD_RSC_IPV4;
	if (NetOffloadIsTcpRscIPv6Enabled(Offload))
		active |= RT_OFFLOAD_RSC_IPV6;
	if (NetOffloadIsRscTcpTimestampOptionEnabled(Offload))
		active |= RT_OFFLOAD_RSC_TIMES;
	if (NetOffloadIsUdpRscEnabled(Offload))
		active |= RT_OFFLOAD_RSC_UDP;

	RtOffloadSet(adapter, RT_OFFLOAD_RSC, active);
	RtHardwareSetCoalescing(adapter);
}
