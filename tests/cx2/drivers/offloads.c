/* SPDX-License-Identifier: MIT */
/* The offloads of the 2.x driver "recorder": declares what it is told to, records what it hears. */
#include "recorder.h"
#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapteroffload.h>
#endif

/* The last NETOFFLOAD of a callback, for what must not be done with it afterwards. */
NETOFFLOAD RecorderKeptOffload;

#if NETADAPTER_VERSION_MINOR == 0

static EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM SetChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_LSO SetLso;
static EVT_NET_ADAPTER_OFFLOAD_SET_RSC SetRsc;

static void SetChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderKeptOffload = Offload;
	RecorderSay("SetChecksum(%d,%d,%d)", NetOffloadIsChecksumIPv4Enabled(Offload),
		    NetOffloadIsChecksumTcpEnabled(Offload),
		    NetOffloadIsChecksumUdpEnabled(Offload));
}

static void SetLso(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	RECORDER_PLACE place = { .Adapter = Adapter, .Offload = Offload };

	RecorderKeptOffload = Offload;
	RecorderSay("SetLso(%d,%d)", NetOffloadIsLsoIPv4Enabled(Offload),
		    NetOffloadIsLsoIPv6Enabled(Offload));
	RecorderBreak(PointSetGso, &place);
}

static void SetRsc(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	RECORDER_PLACE place = { .Adapter = Adapter, .Offload = Offload };

	RecorderSay("SetRsc(%d,%d,%d)", NetOffloadIsRscIPv4Enabled(Offload),
		    NetOffloadIsRscIPv6Enabled(Offload), NetOffloadIsRscTimestampEnabled(Offload));
	RecorderBreak(PointSetRsc, &place);
}

void RecorderDeclareOffloads(NETADAPTER Adapter)
{
	const RECORDER_OFFLOADS *o = &RecorderOptions.Offloads;
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE, SetChecksum);
	if (o->Declare & DECLARE_TX_CHECKSUM)
		NetAdapterOffloadSetChecksumCapabilities(Adapter, &checksum);
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, TRUE, 64000, 2, SetLso);
	if (o->Declare & DECLARE_GSO)
		NetAdapterOffloadSetLsoCapabilities(Adapter, &lso);
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, TRUE, TRUE, TRUE, SetRsc);
	if (o->Declare & DECLARE_RSC)
		NetAdapterOffloadSetRscCapabilities(Adapter, &rsc);
}

#else

static EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM SetTxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM SetRxChecksum;
static EVT_NET_ADAPTER_OFFLOAD_SET_GSO SetGso;
static EVT_NET_ADAPTER_OFFLOAD_SET_RSC SetRsc;

static void SetTxChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	NT_FRE_ASSERT(Adapter == RecorderOptions.Adapter);
	NT_FRE_ASSERT(KeGetCurrentIrql() == PASSIVE_LEVEL);
	RecorderSay("SetTxChecksum(%d,%d,%d)", NetOffloadIsTxChecksumIPv4Enabled(Offload),
		    NetOffloadIsTxChecksumTcpEnabled(Offload),
		    NetOffloadIsTxChecksumUdpEnabled(Offload));
}

static void SetRxChecksum(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	UNREFERENCED_PARAMETER(Adapter);
	RecorderSay("SetRxChecksum(%d,%d,%d)", NetOffloadIsRxChecksumIPv4Enabled(Offload),
		    NetOffloadIsRxChecksumTcpEnabled(Offload),
		    NetOffloadIsRxChecksumUdpEnabled(Offload));
}

static void SetGso(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	RECORDER_PLACE place = { .Adapter = Adapter, .Offload = Offload };

	RecorderKeptOffload = Offload;
	RecorderSay("SetGso(%d,%d,%d,%d)", NetOffloadIsLsoIPv4Enabled(Offload),
		    NetOffloadIsLsoIPv6Enabled(Offload), NetOffloadIsUsoIPv4Enabled(Offload),
		    NetOffloadIsUsoIPv6Enabled(Offload));
	RecorderBreak(PointSetGso, &place);
}

static void SetRsc(NETADAPTER Adapter, NETOFFLOAD Offload)
{
	RECORDER_PLACE place = { .Adapter = Adapter, .Offload = Offload };

#if NETADAPTER_VERSION_MINOR >= 5
	RecorderSay("SetRsc(%d,%d,%d,%d)", NetOffloadIsTcpRscIPv4Enabled(Offload),
		    NetOffloadIsTcpRscIPv6Enabled(Offload),
		    NetOffloadIsRscTcpTimestampOptionEnabled(Offload),
		    NetOffloadIsUdpRscEnabled(Offload));
#else
	RecorderSay("SetRsc(%d,%d,%d)", NetOffloadIsTcpRscIPv4Enabled(Offload),
		    NetOffloadIsTcpRscIPv6Enabled(Offload),
		    NetOffloadIsRscTcpTimestampOptionEnabled(Offload));
#endif
	RecorderBreak(PointSetRsc, &place);
}

static void DeclareGso(NETADAPTER Adapter, ULONG Layer3, ULONG Layer4)
{
	const RECORDER_OFFLOADS *o = &RecorderOptions.Offloads;
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;

	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(
		&gso, (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)Layer3,
		(NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)Layer4,
		o->MaximumOffloadSize ? o->MaximumOffloadSize : 64000, 2, SetGso);
	gso.Layer4HeaderOffsetLimit = o->HeaderOffsetLimit;
	NetAdapterOffloadSetGsoCapabilities(Adapter, &gso);
	/* It was copied. */
	RtlFillMemory(&gso, sizeof(gso), 0xdd);
}

static void DeclareRsc(NETADAPTER Adapter, ULONG Layer3, ULONG Layer4)
{
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)Layer3,
						  (NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)Layer4, SetRsc);
	rsc.TcpTimestampOption = TRUE;
	NetAdapterOffloadSetRscCapabilities(Adapter, &rsc);
}

void RecorderDeclareOffloads(NETADAPTER Adapter)
{
	const RECORDER_OFFLOADS *o = &RecorderOptions.Offloads;
	ULONG layer3 = o->Layer3 ? o->Layer3 : 15, layer4 = o->Layer4 ? o->Layer4 : 7;
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES tx;
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rx;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tags;

	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(
		&tx, (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)layer3, SetTxChecksum);
	tx.Layer4Flags = (NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)layer4;
	tx.Layer4HeaderOffsetLimit = o->HeaderOffsetLimit;
	if (o->Declare & DECLARE_TX_CHECKSUM)
		NetAdapterOffloadSetTxChecksumCapabilities(Adapter, &tx);
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rx, SetRxChecksum);
	if (o->Declare & DECLARE_RX_CHECKSUM)
		NetAdapterOffloadSetRxChecksumCapabilities(Adapter, &rx);
	if (o->Declare & DECLARE_GSO)
		DeclareGso(Adapter, layer3, layer4);
	if (o->Declare & DECLARE_RSC)
		DeclareRsc(Adapter, layer3, layer4);
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
		&tags, NetAdapterOffloadIeee8021PriorityTaggingFlag |
			       NetAdapterOffloadIeee8021VlanTaggingFlag);
	if (o->Declare & DECLARE_TAGS)
		NetAdapterOffloadSetIeee8021qTagCapabilities(Adapter, &tags);
}

#endif
