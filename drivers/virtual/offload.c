/* SPDX-License-Identifier: MIT */
/*
 * offload.c - what the adapter does for the stack, and what of it is active. The callbacks run in
 * NetAdapterStart and whenever an administrator or the stack changes something, at PASSIVE_LEVEL,
 * while the queues may be at work on other threads.
 *
 * What is to be sent says for itself what it needs, so of transmit nothing is kept. Of receive the
 * peer's thread has to know.
 */
#include "virtual.h"

#define VIRT_GSO_MINIMUM_SEGMENTS 2

#define VIRT_LAYER3                                                                              \
	(NetAdapterOffloadLayer3FlagIPv4NoOptions | NetAdapterOffloadLayer3FlagIPv4WithOptions | \
	 NetAdapterOffloadLayer3FlagIPv6NoExtensions |                                           \
	 NetAdapterOffloadLayer3FlagIPv6WithExtensions)
#define VIRT_LAYER4                                                                            \
	(NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagTcpWithOptions | \
	 NetAdapterOffloadLayer4FlagUdp)
#define VIRT_RX_CHECKSUMS (VIRT_RX_CHECKSUM_IPV4 | VIRT_RX_CHECKSUM_TCP | VIRT_RX_CHECKSUM_UDP)
#define VIRT_RSC          (VIRT_RSC_TCP_IPV4 | VIRT_RSC_TCP_IPV6 | VIRT_RSC_TIMESTAMP | VIRT_RSC_UDP)

static EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtAdapterOffloadSetTxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtAdapterOffloadSetRxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_GSO EvtAdapterOffloadSetGso;
static EVT_NET_ADAPTER_OFFLOAD_SET_RSC EvtAdapterOffloadSetRsc;

static VOID VirtOffloadDeclareTags(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tags;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS flags = 0;

	if (Adapter->Configuration.PriorityVlanTag & VIRT_TAG_PRIORITY)
		flags |= NetAdapterOffloadIeee8021PriorityTaggingFlag;
	if (Adapter->Configuration.PriorityVlanTag & VIRT_TAG_VLAN)
		flags |= NetAdapterOffloadIeee8021VlanTaggingFlag;

	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(&tags, flags);
	NetAdapterOffloadSetIeee8021qTagCapabilities(Adapter->NetAdapter, &tags);
}

static VOID VirtOffloadDeclareReceive(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&checksum,
							  EvtAdapterOffloadSetRxChecksum);
	NetAdapterOffloadSetRxChecksumCapabilities(Adapter->NetAdapter, &checksum);

	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
		&rsc,
		NetAdapterOffloadLayer3FlagIPv4NoOptions |
			NetAdapterOffloadLayer3FlagIPv6NoExtensions,
		NetAdapterOffloadLayer4FlagTcpNoOptions | NetAdapterOffloadLayer4FlagUdp,
		EvtAdapterOffloadSetRsc);
	rsc.TcpTimestampOption = TRUE;
	NetAdapterOffloadSetRscCapabilities(Adapter->NetAdapter, &rsc);
}

VOID VirtOffloadDeclare(VIRT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(&checksum, VIRT_LAYER3,
							  EvtAdapterOffloadSetTxChecksum);
	checksum.Layer4Flags = VIRT_LAYER4;
	NetAdapterOffloadSetTxChecksumCapabilities(Adapter->NetAdapter, &checksum);

	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(&gso, VIRT_LAYER3, VIRT_LAYER4, VIRT_MAXIMUM_GSO,
						  VIRT_GSO_MINIMUM_SEGMENTS,
						  EvtAdapterOffloadSetGso);
	NetAdapterOffloadSetGsoCapabilities(Adapter->NetAdapter, &gso);

	VirtOffloadDeclareReceive(Adapter);
	VirtOffloadDeclareTags(Adapter);
}

static VOID VirtOffloadSet(VIRT_ADAPTER *Adapter, ULONG Mask, ULONG Active)
{
	WdfSpinLockAcquire(Adapter->PortLock);
	Adapter->Port.Offloads = (Adapter->Port.Offloads & ~Mask) | Active;
	WdfSpinLockRelease(Adapter->PortLock);
}

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetTxChecksum(NETADAPTER NetAdapter,
								  NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(NetAdapter);
	UNREFERENCED_PARAMETER(Offload);
	PAGED_CODE();
}

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetGso(NETADAPTER NetAdapter,
							   NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(NetAdapter);
	UNREFERENCED_PARAMETER(Offload);
	PAGED_CODE();
}

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetRxChecksum(NETADAPTER NetAdapter,
								  NETOFFLOAD Offload)
{
	ULONG active = 0;

	PAGED_CODE();

	if (NetOffloadIsRxChecksumIPv4Enabled(Offload))
		active |= VIRT_RX_CHECKSUM_IPV4;
	if (NetOffloadIsRxChecksumTcpEnabled(Offload))
		active |= VIRT_RX_CHECKSUM_TCP;
	if (NetOffloadIsRxChecksumUdpEnabled(Offload))
		active |= VIRT_RX_CHECKSUM_UDP;
	VirtOffloadSet(VirtGetAdapter(NetAdapter), VIRT_RX_CHECKSUMS, active);
}

_Use_decl_annotations_ static VOID EvtAdapterOffloadSetRsc(NETADAPTER NetAdapter,
							   NETOFFLOAD Offload)
{
	ULONG active = 0;

	PAGED_CODE();

	if (NetOffloadIsTcpRscIPv4Enabled(Offload))
		active |= VIRT_RSC_TCP_IPV4;
	if (NetOffloadIsTcpRscIPv6Enabled(Offload))
		active |= VIRT_RSC_TCP_IPV6;
	if (NetOffloadIsRscTcpTimestampOptionEnabled(Offload))
		active |= VIRT_RSC_TIMESTAMP;
	if (NetOffloadIsUdpRscEnabled(Offload))
		active |= VIRT_RSC_UDP;
	VirtOffloadSet(VirtGetAdapter(NetAdapter), VIRT_RSC, active);
}
