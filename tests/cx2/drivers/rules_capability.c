/* SPDX-License-Identifier: MIT */
/* Rules of what an adapter declares. */
#include "rules.h"

static WDFDMAENABLER Enabler(WDFDEVICE Device, ULONG Version)
{
	WDF_DMA_ENABLER_CONFIG config;
	WDFDMAENABLER enabler;

	WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather64, 65536);
	config.WdmDmaVersionOverride = Version;
	if (!NT_SUCCESS(WdfDmaEnablerCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler)))
		return NULL;
	return enabler;
}

static EVT_NET_ADAPTER_RETURN_RX_BUFFER ReturnRxBuffer;

static void ReturnRxBuffer(NETADAPTER Adapter, NET_FRAGMENT_RETURN_CONTEXT_HANDLE Context)
{
	UNREFERENCED_PARAMETER(Adapter);
	UNREFERENCED_PARAMETER(Context);
}

/* A rule that is broken by one field of the otherwise right datapath capabilities. */
#define DATAPATH_RULE(name, statement)                                                   \
	static void name(const RECORDER_PLACE *Place)                                    \
	{                                                                                \
		NET_ADAPTER_DMA_CAPABILITIES dma;                                        \
		NET_ADAPTER_TX_CAPABILITIES tx;                                          \
		NET_ADAPTER_RX_CAPABILITIES rx;                                          \
                                                                                         \
		NET_ADAPTER_DMA_CAPABILITIES_INIT(&dma, Enabler(Place->Device, 3));      \
		NET_ADAPTER_TX_CAPABILITIES_INIT_FOR_DMA(&tx, &dma, 1);                  \
		NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED_DMA(&rx, &dma, 2048, 1); \
		statement;                                                               \
		NetAdapterSetDataPathCapabilities(Place->Adapter, &tx, &rx);             \
	}
DATAPATH_RULE(TxSize, tx.Size--)
DATAPATH_RULE(RxSize, rx.Size++)
DATAPATH_RULE(DmaSize, dma.Size = 0)
DATAPATH_RULE(TxDma, tx.DmaCapabilities = NULL)
DATAPATH_RULE(TxEnabler, dma.DmaEnabler = NULL)
DATAPATH_RULE(TxVersion, dma.DmaEnabler = Enabler(Place->Device, 0))
DATAPATH_RULE(TxQueues, tx.MaximumNumberOfQueues = 0)
DATAPATH_RULE(TxAlignment, tx.FragmentBufferAlignment = 3)
DATAPATH_RULE(TxHint, tx.FragmentRingNumberOfElementsHint = 1000)
DATAPATH_RULE(RxAttachment, rx.AllocationMode = NetRxFragmentBufferAllocationModeDriver)
DATAPATH_RULE(RxDma, rx.DmaCapabilities = NULL)
DATAPATH_RULE(RxVersion, (tx.MappingRequirement = NetMemoryMappingRequirementNone,
			  dma.DmaEnabler = Enabler(Place->Device, 2)))
DATAPATH_RULE(RxQueues, rx.MaximumNumberOfQueues = 0)
DATAPATH_RULE(RxAlignment, rx.FragmentBufferAlignment = 48)
DATAPATH_RULE(RxHint, rx.FragmentRingNumberOfElementsHint = 3)
DATAPATH_RULE(DatapathStarted, (void)0)
DATAPATH_RULE(DatapathRight, (void)0)

static void Driver(const RECORDER_PLACE *Place, PFN_NET_ADAPTER_RETURN_RX_BUFFER Return)
{
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_DRIVER_MANAGED(&rx, Return, 2048, 1);
	NetAdapterSetDataPathCapabilities(Place->Adapter, &tx, &rx);
}

static void RxReturnNull(const RECORDER_PLACE *Place)
{
	Driver(Place, NULL);
}

static void RxDriverRight(const RECORDER_PLACE *Place)
{
	Driver(Place, ReturnRxBuffer);
}

#define LINK_RULE(name, statement)                                         \
	static void name(const RECORDER_PLACE *Place)                      \
	{                                                                  \
		NET_ADAPTER_LINK_LAYER_CAPABILITIES link;                  \
                                                                           \
		NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, 1, 1);     \
		statement;                                                 \
		NetAdapterSetLinkLayerCapabilities(Place->Adapter, &link); \
	}
LINK_RULE(LinkSize, link.Size = 4)
LINK_RULE(LinkStarted, (void)0)

#define STATE_RULE(name, statement)                               \
	static void name(const RECORDER_PLACE *Place)             \
	{                                                         \
		NET_ADAPTER_LINK_STATE state;                     \
                                                                  \
		NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&state); \
		statement;                                        \
		NetAdapterSetLinkState(Place->Adapter, &state);   \
	}
STATE_RULE(StateConnect, state.MediaConnectState = (NET_IF_MEDIA_CONNECT_STATE)3)
STATE_RULE(StateDuplex, state.MediaDuplexState = (NET_IF_MEDIA_DUPLEX_STATE)7)
STATE_RULE(StatePause, state.SupportedPauseFunctions = (NET_ADAPTER_PAUSE_FUNCTION_TYPE)5)
STATE_RULE(StateNegotiated, state.AutoNegotiationFlags = (NET_ADAPTER_AUTO_NEGOTIATION_FLAGS)0x10)
/* 2.x does not look at it. */
STATE_RULE(StateSize, state.Size = 0)

static void MtuZero(const RECORDER_PLACE *Place)
{
	NetAdapterSetLinkLayerMtuSize(Place->Adapter, 0);
}

static void AddressTooLong(const RECORDER_PLACE *Place)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS address = { .Length = 33 };

	NetAdapterSetCurrentLinkLayerAddress(Place->Adapter, &address);
}

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
SCALING_RULE(ScalingCallbacks, (void)0)

static void ScalingNull(const RECORDER_PLACE *Place)
{
	NetAdapterSetReceiveScalingCapabilities(Place->Adapter, NULL);
}

const RULE CapabilityRules[] = {
	{ "tx-size", PointBeforeStart, TxSize },
	{ "rx-size", PointBeforeStart, RxSize },
	{ "dma-size", PointBeforeStart, DmaSize },
	{ "tx-dma", PointBeforeStart, TxDma },
	{ "tx-enabler", PointBeforeStart, TxEnabler },
	{ "tx-version", PointBeforeStart, TxVersion },
	{ "tx-queues", PointBeforeStart, TxQueues },
	{ "tx-alignment", PointBeforeStart, TxAlignment },
	{ "tx-hint", PointBeforeStart, TxHint },
	{ "rx-attachment", PointBeforeStart, RxAttachment },
	{ "rx-return-null", PointBeforeStart, RxReturnNull },
	{ "rx-dma", PointBeforeStart, RxDma },
	{ "rx-version", PointBeforeStart, RxVersion },
	{ "rx-queues", PointBeforeStart, RxQueues },
	{ "rx-alignment", PointBeforeStart, RxAlignment },
	{ "rx-hint", PointBeforeStart, RxHint },
	{ "datapath-started", PointStarted, DatapathStarted },
	{ "datapath-right", PointPrepareHardware, DatapathRight },
	{ "rx-driver-right", PointPrepareHardware, RxDriverRight },
	{ "link-size", PointBeforeStart, LinkSize },
	{ "link-started", PointStarted, LinkStarted },
	{ "state-connect", PointBeforeStart, StateConnect },
	{ "state-duplex", PointBeforeStart, StateDuplex },
	{ "state-pause", PointBeforeStart, StatePause },
	{ "state-negotiated", PointStarted, StateNegotiated },
	{ "state-size", PointStarted, StateSize },
	{ "mtu-zero", PointStarted, MtuZero },
	{ "address-too-long", PointBeforeStart, AddressTooLong },
	{ "scaling-table", PointBeforeStart, ScalingTable },
	{ "scaling-queues", PointBeforeStart, ScalingQueues },
	{ "scaling-hash", PointBeforeStart, ScalingHash },
	{ "scaling-protocol", PointBeforeStart, ScalingProtocol },
	{ "scaling-outer", PointBeforeStart, ScalingOuter },
	{ "scaling-inner", PointBeforeStart, ScalingInner },
	{ "scaling-started", PointStarted, ScalingStarted },
	{ "scaling-callbacks", PointBeforeStart, ScalingCallbacks },
	{ "scaling-null", PointBeforeStart, ScalingNull },
	{ NULL, PointStarted, NULL },
};
