/* SPDX-License-Identifier: MIT */
/* Rules of what an adapter declares. */
#include "rules.h"

static NET_ADAPTER_DMA_CAPABILITIES Dma(void)
{
	NET_ADAPTER_DMA_CAPABILITIES dma;

	NET_ADAPTER_DMA_CAPABILITIES_INIT(&dma, NULL);
	return dma;
}

/* A rule that is broken by one field of the otherwise right datapath capabilities. */
#define DATAPATH_RULE(name, statement)                                                   \
	static void name(const RECORDER_PLACE *Place)                                    \
	{                                                                                \
		NET_ADAPTER_DMA_CAPABILITIES dma = Dma();                                \
		NET_ADAPTER_TX_CAPABILITIES tx;                                          \
		NET_ADAPTER_RX_CAPABILITIES rx;                                          \
                                                                                         \
		NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&tx, &dma, 65536, 1);           \
		NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&rx, &dma, 2048, 1); \
		statement;                                                               \
		NetAdapterSetDatapathCapabilities(Place->Adapter, &tx, &rx);             \
	}
DATAPATH_RULE(TxSize, tx.Size--)
DATAPATH_RULE(RxSize, rx.Size++)
DATAPATH_RULE(DmaSize, dma.Size = 0)
DATAPATH_RULE(TxDma, tx.DmaCapabilities = NULL)
DATAPATH_RULE(TxQueues, tx.MaximumNumberOfQueues = 0)
DATAPATH_RULE(TxAlignment, tx.FragmentBufferAlignment = 3)
DATAPATH_RULE(TxHint, tx.FragmentRingNumberOfElementsHint = 1000)
DATAPATH_RULE(RxAttachment, rx.AllocationMode = NetRxFragmentBufferAllocationModeDriver)
DATAPATH_RULE(RxDma, rx.DmaCapabilities = NULL)
DATAPATH_RULE(RxQueues, rx.MaximumNumberOfQueues = 0)
DATAPATH_RULE(RxAlignment, rx.FragmentBufferAlignment = 48)
DATAPATH_RULE(RxHint, rx.FragmentRingNumberOfElementsHint = 3)
DATAPATH_RULE(DatapathStarted, (void)0)

static void RxReturnNull(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 65536, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, NULL, 2048, 1);
	NetAdapterSetDatapathCapabilities(Place->Adapter, &tx, &rx);
}

static void TxNull(const RECORDER_PLACE *Place)
{
	NetAdapterSetDatapathCapabilities(Place->Adapter, NULL, NULL);
}

#define LINK_RULE(name, statement)                                                               \
	static void name(const RECORDER_PLACE *Place)                                            \
	{                                                                                        \
		NET_ADAPTER_LINK_LAYER_CAPABILITIES link;                                        \
                                                                                                 \
		NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, NET_PACKET_FILTER_TYPE_DIRECTED, \
							 32, NET_ADAPTER_STATISTICS_NO_FLAGS, 1, \
							 1);                                     \
		statement;                                                                       \
		NetAdapterSetLinkLayerCapabilities(Place->Adapter, &link);                       \
	}
LINK_RULE(LinkSize, link.Size = 4)
LINK_RULE(LinkStatistics, link.SupportedStatistics = (NET_ADAPTER_STATISTICS_FLAGS)0x800000)
LINK_RULE(LinkFilters, link.SupportedPacketFilters = (NET_PACKET_FILTER_TYPES_FLAGS)0x40)
LINK_RULE(LinkStarted, (void)0)

#define STATE_RULE(name, statement)                                    \
	static void name(const RECORDER_PLACE *Place)                  \
	{                                                              \
		NET_ADAPTER_LINK_STATE state;                          \
                                                                       \
		NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&state);      \
		statement;                                             \
		NetAdapterSetCurrentLinkState(Place->Adapter, &state); \
	}
STATE_RULE(StateSize, state.Size = 0)
STATE_RULE(StateConnect, state.MediaConnectState = (NET_IF_MEDIA_CONNECT_STATE)3)
STATE_RULE(StateDuplex, state.MediaDuplexState = (NET_IF_MEDIA_DUPLEX_STATE)7)
STATE_RULE(StatePause, state.SupportedPauseFunctions = (NET_ADAPTER_PAUSE_FUNCTIONS)5)
STATE_RULE(StateNegotiated, state.AutoNegotiationFlags = (NET_ADAPTER_AUTO_NEGOTIATION_FLAGS)0x10)

static void MtuZero(const RECORDER_PLACE *Place)
{
	NetAdapterSetLinkLayerMtuSize(Place->Adapter, 0);
}

static void AddressTooLong(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 33 };

	NetAdapterSetCurrentLinkLayerAddress(Place->Adapter, &address);
}

static void AddressNull(const RECORDER_PLACE *Place)
{
	NetAdapterSetPermanentLinkLayerAddress(Place->Adapter, NULL);
}

#define LSO_RULE(name, ipv4, ipv6, maximum, minimum, statement)                                \
	static void name(const RECORDER_PLACE *Place)                                          \
	{                                                                                      \
		NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lso;                                      \
                                                                                               \
		NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lso, ipv4, ipv6, maximum, minimum); \
		statement;                                                                     \
		NetAdapterOffloadSetLsoCapabilities(Place->Adapter, &lso, NULL);               \
	}
LSO_RULE(LsoSize, TRUE, TRUE, 64000, 2, lso.Size = 20)
LSO_RULE(LsoMaximum, TRUE, FALSE, 0, 2, (void)0)
LSO_RULE(LsoMinimum, FALSE, TRUE, 64000, 0, (void)0)
LSO_RULE(LsoBoth, FALSE, TRUE, 0, 0, (void)0)
LSO_RULE(LsoStarted, TRUE, TRUE, 64000, 2, (void)0)
/* What 1809 does not look at. */
LSO_RULE(LsoSizesWithoutFamily, FALSE, FALSE, 0, 0, (void)0)
LSO_RULE(LsoHuge, TRUE, TRUE, 1024 * 1024, 1, (void)0)

#define CHECKSUM_RULE(name, statement)                                                       \
	static void name(const RECORDER_PLACE *Place)                                        \
	{                                                                                    \
		NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES checksum;                          \
                                                                                             \
		NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(&checksum, TRUE, TRUE, TRUE); \
		statement;                                                                   \
		NetAdapterOffloadSetChecksumCapabilities(Place->Adapter, &checksum, NULL);   \
	}
CHECKSUM_RULE(ChecksumSize, checksum.Size = 0)
CHECKSUM_RULE(ChecksumStarted, (void)0)

#define SCALING_RULE(name, statement)                                                 \
	static void name(const RECORDER_PLACE *Place)                                 \
	{                                                                             \
		NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES rss;                         \
                                                                                      \
		NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES_INIT(                        \
			&rss, 4, NetAdapterReceiveScalingUnhashedTargetTypeHashIndex, \
			NetAdapterReceiveScalingHashTypeToeplitz,                     \
			NetAdapterReceiveScalingProtocolTypeIPv4 |                    \
				NetAdapterReceiveScalingProtocolTypeTcp,              \
			NULL, NULL, NULL, NULL);                                      \
		statement;                                                            \
		NetAdapterSetReceiveScalingCapabilities(Place->Adapter, &rss);        \
	}
SCALING_RULE(ScalingTable, rss.IndirectionTableSize = 100)
SCALING_RULE(ScalingQueues, rss.NumberOfQueues = 3)
SCALING_RULE(ScalingHash, rss.ReceiveScalingHashTypes = (NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE)2)
SCALING_RULE(ScalingProtocol,
	     rss.ReceiveScalingProtocolTypes = (NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE)0x40)
SCALING_RULE(ScalingOuter, rss.ReceiveScalingEncapsulationTypes.Outer =
				   (NET_ADAPTER_RECEIVE_SCALING_ENCAPSULATION_TYPE)4)
SCALING_RULE(ScalingInner, rss.ReceiveScalingEncapsulationTypes.Inner =
				   (NET_ADAPTER_RECEIVE_SCALING_ENCAPSULATION_TYPE)8)
SCALING_RULE(ScalingStarted, (void)0)
SCALING_RULE(ScalingRight,
	     (rss.EvtAdapterReceiveScalingEnable = RecorderScalingEnable,
	      rss.EvtAdapterReceiveScalingDisable = RecorderScalingDisable,
	      rss.EvtAdapterReceiveScalingSetHashSecretKey = RecorderSetHashSecretKey,
	      rss.EvtAdapterReceiveScalingSetIndirectionEntries = RecorderSetIndirectionEntries))

static void ScalingNull(const RECORDER_PLACE *Place)
{
	NetAdapterSetReceiveScalingCapabilities(Place->Adapter, NULL);
}

const RULE CapabilityRules[] = {
	{ "tx-size", PointBeforeStart, TxSize },
	{ "rx-size", PointBeforeStart, RxSize },
	{ "dma-size", PointBeforeStart, DmaSize },
	{ "tx-null", PointBeforeStart, TxNull },
	{ "tx-dma", PointBeforeStart, TxDma },
	{ "tx-queues", PointBeforeStart, TxQueues },
	{ "tx-alignment", PointBeforeStart, TxAlignment },
	{ "tx-hint", PointBeforeStart, TxHint },
	{ "rx-attachment", PointBeforeStart, RxAttachment },
	{ "rx-return-null", PointBeforeStart, RxReturnNull },
	{ "rx-dma", PointBeforeStart, RxDma },
	{ "rx-queues", PointBeforeStart, RxQueues },
	{ "rx-alignment", PointBeforeStart, RxAlignment },
	{ "rx-hint", PointBeforeStart, RxHint },
	{ "datapath-started", PointStarted, DatapathStarted },
	{ "link-size", PointBeforeStart, LinkSize },
	{ "link-statistics", PointBeforeStart, LinkStatistics },
	{ "link-filters", PointBeforeStart, LinkFilters },
	{ "link-started", PointStarted, LinkStarted },
	{ "state-size", PointBeforeStart, StateSize },
	{ "state-connect", PointBeforeStart, StateConnect },
	{ "state-duplex", PointBeforeStart, StateDuplex },
	{ "state-pause", PointBeforeStart, StatePause },
	{ "state-negotiated", PointStarted, StateNegotiated },
	{ "mtu-zero", PointStarted, MtuZero },
	{ "address-too-long", PointBeforeStart, AddressTooLong },
	{ "address-null", PointBeforeStart, AddressNull },
	{ "lso-size", PointBeforeStart, LsoSize },
	{ "lso-maximum", PointBeforeStart, LsoMaximum },
	{ "lso-minimum", PointBeforeStart, LsoMinimum },
	{ "lso-both", PointBeforeStart, LsoBoth },
	{ "lso-started", PointStarted, LsoStarted },
	{ "lso-sizes-without-family", PointBeforeStart, LsoSizesWithoutFamily },
	{ "lso-huge", PointBeforeStart, LsoHuge },
	{ "checksum-size", PointBeforeStart, ChecksumSize },
	{ "checksum-started", PointStarted, ChecksumStarted },
	{ "scaling-table", PointBeforeStart, ScalingTable },
	{ "scaling-queues", PointBeforeStart, ScalingQueues },
	{ "scaling-hash", PointBeforeStart, ScalingHash },
	{ "scaling-protocol", PointBeforeStart, ScalingProtocol },
	{ "scaling-outer", PointBeforeStart, ScalingOuter },
	{ "scaling-inner", PointBeforeStart, ScalingInner },
	{ "scaling-started", PointStarted, ScalingStarted },
	{ "scaling-right", PointBeforeStart, ScalingRight },
	{ "scaling-null", PointBeforeStart, ScalingNull },
	{ NULL, PointStarted, NULL },
};
