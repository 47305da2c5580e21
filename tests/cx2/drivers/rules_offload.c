/* SPDX-License-Identifier: MIT */
/* Rules of offloads, of what a driver declares and of the NETOFFLOAD that its callbacks get. */
#include "rules.h"
#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapteroffload.h>
#endif

static void OffloadKept(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	NetOffloadIsLsoIPv4Enabled(RecorderKeptOffload);
}

static void OffloadNull(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	NetOffloadIsLsoIPv6Enabled(NULL);
}

static void ChecksumSize(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum = { .Size = 8 };

	NetAdapterOffloadSetChecksumCapabilities(Place->Adapter, &checksum);
}

#if NETADAPTER_VERSION_MINOR == 0

static void ChecksumStarted(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;

	NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE, NULL);
	NetAdapterOffloadSetChecksumCapabilities(Place->Adapter, &checksum);
}

#define LSO_RULE(name, statement)                                                         \
	static void name(const RECORDER_PLACE *Place)                                     \
	{                                                                                 \
		NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;                                 \
                                                                                          \
		NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, TRUE, FALSE, 1, 1, NULL); \
		statement;                                                                \
		NetAdapterOffloadSetLsoCapabilities(Place->Adapter, &lso);                \
	}
LSO_RULE(LsoSize, lso.Size = 40)
LSO_RULE(LsoMaximum, lso.MaximumOffloadSize = 0)
LSO_RULE(LsoMinimum, lso.MinimumSegmentCount = 0)
LSO_RULE(LsoStarted, (void)0)

static void RscSize(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc = { .Size = 24 };

	NetAdapterOffloadSetRscCapabilities(Place->Adapter, &rsc);
}

const RULE OffloadRules[] = {
	{ "offload-kept", PointStarted, OffloadKept },
	{ "offload-null", PointStarted, OffloadNull },
	{ "checksum-size", PointBeforeStart, ChecksumSize },
	{ "checksum-started", PointStarted, ChecksumStarted },
	{ "lso-size", PointBeforeStart, LsoSize },
	{ "lso-maximum", PointBeforeStart, LsoMaximum },
	{ "lso-minimum", PointBeforeStart, LsoMinimum },
	{ "lso-started", PointStarted, LsoStarted },
	{ "rsc-size-2.0", PointBeforeStart, RscSize },
	{ NULL, PointStarted, NULL },
};

#else

static void ChecksumAsked(const RECORDER_PLACE *Place)
{
	NetOffloadIsChecksumTcpEnabled(Place->Offload);
}

#define TX_RULE(name, layer3, layer4, statement)                                 \
	static void name(const RECORDER_PLACE *Place)                            \
	{                                                                        \
		NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES tx;                 \
                                                                                 \
		NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(               \
			&tx, (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)(layer3), NULL);  \
		tx.Layer4Flags = (NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)(layer4);     \
		statement;                                                       \
		NetAdapterOffloadSetTxChecksumCapabilities(Place->Adapter, &tx); \
	}
TX_RULE(TxChecksumSize, 1, 1, tx.Size = 16)
TX_RULE(TxOptions4, 2, 1, (void)0)
TX_RULE(TxExtensions6, 9, 1, (void)0)
TX_RULE(TxTcpOptions, 1, 2, (void)0)
TX_RULE(TxNothing, 0, 0, (void)0)
TX_RULE(TxHeaderOfIpv6, 4, 0, (void)0)
TX_RULE(TxChecksumStarted, 1, 1, (void)0)

#define GSO_RULE(name, layer3, layer4, statement)                                    \
	static void name(const RECORDER_PLACE *Place)                                \
	{                                                                            \
		NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES gso;                            \
                                                                                     \
		NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(                           \
			&gso, (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)(layer3),            \
			(NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)(layer4), 64000, 2, NULL); \
		statement;                                                           \
		NetAdapterOffloadSetGsoCapabilities(Place->Adapter, &gso);           \
	}
GSO_RULE(GsoSize, 1, 1, gso.Size = 32)
GSO_RULE(GsoMaximum, 4, 4, gso.MaximumOffloadSize = 0)
GSO_RULE(GsoMinimum, 1, 1, gso.MinimumSegmentCount = 0)
GSO_RULE(GsoTcpOptions, 1, 6, (void)0)
GSO_RULE(GsoNothing, 0, 0, (void)0)
GSO_RULE(GsoStarted, 1, 1, (void)0)
/* Without the plain kinds nothing is said of the sizes. */
GSO_RULE(GsoSizesRight, 2, 1, (gso.MaximumOffloadSize = gso.MinimumSegmentCount = 0))

static void Rx(const RECORDER_PLACE *Place, ULONG Size)
{
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES rx;

	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(&rx, NULL);
	rx.Size = Size;
	NetAdapterOffloadSetRxChecksumCapabilities(Place->Adapter, &rx);
}

static void RxChecksumSize(const RECORDER_PLACE *Place)
{
	Rx(Place, 8);
}

static void RxChecksumStarted(const RECORDER_PLACE *Place)
{
	Rx(Place, sizeof(NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES));
}

static void Rsc(const RECORDER_PLACE *Place, ULONG Size)
{
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES rsc;

	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(&rsc, NetAdapterOffloadLayer3FlagIPv4NoOptions,
						  NetAdapterOffloadLayer4FlagTcpNoOptions, NULL);
	rsc.Size = Size;
	NetAdapterOffloadSetRscCapabilities(Place->Adapter, &rsc);
}

static void RscSize(const RECORDER_PLACE *Place)
{
	Rsc(Place, 16);
}

static void RscStarted(const RECORDER_PLACE *Place)
{
	Rsc(Place, sizeof(NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES));
}

static void Tags(const RECORDER_PLACE *Place, ULONG Size)
{
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES tags;

	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
		&tags, NetAdapterOffloadIeee8021VlanTaggingFlag);
	tags.Size = Size;
	NetAdapterOffloadSetIeee8021qTagCapabilities(Place->Adapter, &tags);
}

static void TagsSize(const RECORDER_PLACE *Place)
{
	Tags(Place, 4);
}

static void TagsStarted(const RECORDER_PLACE *Place)
{
	Tags(Place, sizeof(NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES));
}

/* A question that another callback's handle answers. */
static void OffloadOther(const RECORDER_PLACE *Place)
{
	NetOffloadIsUsoIPv4Enabled(Place->Offload);
}

static void OffloadIrql(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	NetOffloadIsTcpRscIPv4Enabled(Place->Offload);
	KeLowerIrql(irql);
}

#if NETADAPTER_VERSION_MINOR >= 4
static void Pause(const RECORDER_PLACE *Place)
{
	NetAdapterPauseOffloadCapabilities(Place->Adapter);
}

static void Resume(const RECORDER_PLACE *Place)
{
	NetAdapterResumeOffloadCapabilities(Place->Adapter);
}
#endif

const RULE OffloadRules[] = {
	{ "offload-kept", PointStarted, OffloadKept },
	{ "offload-kept-in-next", PointSetRsc, OffloadKept },
	{ "offload-null", PointStarted, OffloadNull },
	{ "offload-other", PointSetRsc, OffloadOther },
	{ "offload-irql", PointSetRsc, OffloadIrql },
	{ "checksum-deprecated", PointBeforeStart, ChecksumSize },
	{ "checksum-asked", PointSetRsc, ChecksumAsked },
	{ "tx-checksum-size", PointBeforeStart, TxChecksumSize },
	{ "tx-checksum-ipv4-options", PointBeforeStart, TxOptions4 },
	{ "tx-checksum-ipv6-extensions", PointBeforeStart, TxExtensions6 },
	{ "tx-checksum-tcp-options", PointBeforeStart, TxTcpOptions },
	{ "tx-checksum-nothing", PointBeforeStart, TxNothing },
	{ "tx-checksum-ipv6-header", PointBeforeStart, TxHeaderOfIpv6 },
	{ "tx-checksum-started", PointStarted, TxChecksumStarted },
	{ "rx-checksum-size", PointBeforeStart, RxChecksumSize },
	{ "rx-checksum-started", PointStarted, RxChecksumStarted },
	{ "gso-size", PointBeforeStart, GsoSize },
	{ "gso-maximum", PointBeforeStart, GsoMaximum },
	{ "gso-minimum", PointBeforeStart, GsoMinimum },
	{ "gso-tcp-options", PointBeforeStart, GsoTcpOptions },
	{ "gso-nothing", PointBeforeStart, GsoNothing },
	{ "gso-started", PointStarted, GsoStarted },
	{ "gso-sizes-right", PointBeforeStart, GsoSizesRight },
	{ "rsc-size", PointBeforeStart, RscSize },
	{ "rsc-started", PointStarted, RscStarted },
	{ "tags-size", PointBeforeStart, TagsSize },
	{ "tags-started", PointStarted, TagsStarted },
#if NETADAPTER_VERSION_MINOR >= 4
	{ "pause-before-start", PointBeforeStart, Pause },
	{ "resume-before-start", PointBeforeStart, Resume },
	{ "resume-without-pause", PointStarted, Resume },
	{ "pause-right", PointStarted, Pause },
#endif
	{ NULL, PointStarted, NULL },
};

#endif
