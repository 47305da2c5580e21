/* SPDX-License-Identifier: MIT */
/*
 * offload.c - what the chip computes for the stack, and what of it is active. The callbacks run in
 * NetAdapterStart and whenever an administrator or the stack changes something, at PASSIVE_LEVEL,
 * while the queues may be at work on other threads.
 */
#include "framework.h"

#define RT_LSO_MAXIMUM_SIZE     64000 /* bytes of TCP payload in one packet */
#define RT_LSO_MINIMUM_SEGMENTS 2

static EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterOffloadSetChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterOffloadSetLso;

VOID
RtOffloadDeclare(RT_ADAPTER *Adapter)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;

	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE);
	NetAdapterOffloadSetChecksumCapabilities(Adapter->NetAdapter, &checksum,
						 EvtAdapterOffloadSetChecksum);

	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, TRUE, RT_LSO_MAXIMUM_SIZE,
						  RT_LSO_MINIMUM_SEGMENTS);
	NetAdapterOffloadSetLsoCapabilities(Adapter->NetAdapter, &lso, EvtAdapterOffloadSetLso);
}

/* The two callbacks never run at once, but the queues must see a change in one piece. */
static VOID
RtOffloadSet(RT_ADAPTER *Adapter, LONG Which, LONG Active)
{
	InterlockedExchange(&Adapter->ActiveOffloads, (Adapter->ActiveOffloads & ~Which) | Active);
}

_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetChecksum(NETADAPTER NetAdapter,
			     PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES ActiveCapabilities)
{
	RT_ADAPTER *adapter = RtGetAdapter(NetAdapter);
	LONG active = 0;

	PAGED_CODE();

	if (ActiveCapabilities->IPv4)
		active |= RT_OFFLOAD_RX_IPV4;
	if (ActiveCapabilities->Tcp)
		active |= RT_OFFLOAD_RX_TCP;
	if (ActiveCapabilities->Udp)
		active |= RT_OFFLOAD_RX_UDP;

	RtOffloadSet(adapter, RT_OFFLOAD_RX_CHECKSUMS, active);
	RtHardwareSetReceiveMode(adapter);
}

/* Large sends need no switch in the chip: each descriptor says what it wants. */
_Use_decl_annotations_ static VOID
EvtAdapterOffloadSetLso(NETADAPTER NetAdapter,
			PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES ActiveCapabilities)
{
	LONG active = 0;

	PAGED_CODE();

	if (ActiveCapabilities->IPv4)
		active |= RT_OFFLOAD_LSO_IPV4;
	if (ActiveCapabilities->IPv6)
		active |= RT_OFFLOAD_LSO_IPV6;

	RtOffloadSet(RtGetAdapter(NetAdapter), RT_OFFLOAD_LARGE_SENDS, active);
}
