/* SPDX-License-Identifier: MIT */
/*
 * netadapteroffload.h - what an adapter's hardware does for the stack, and the callbacks that say
 * which of it is wanted now: transmit and receive checksums, segmentation (LSO and USO),
 * coalescing, 802.1Q tags. PASSIVE_LEVEL. Part of netadaptercx.h, from 2.1 on.
 */
#ifndef NETCX_NETADAPTEROFFLOAD_2_H
#define NETCX_NETADAPTEROFFLOAD_2_H

#include <netadaptercxtypes.h>

#if NETCX_SINCE(1)

EXTERN_C_START

typedef enum _NET_ADAPTER_OFFLOAD_LAYER3_FLAGS NETCX_INT_ENUM {
	NetAdapterOffloadLayer3FlagIPv4NoOptions = 0x1,
	NetAdapterOffloadLayer3FlagIPv4WithOptions = 0x2,
	NetAdapterOffloadLayer3FlagIPv6NoExtensions = 0x4,
	NetAdapterOffloadLayer3FlagIPv6WithExtensions = 0x8
} NET_ADAPTER_OFFLOAD_LAYER3_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)

typedef enum _NET_ADAPTER_OFFLOAD_LAYER4_FLAGS NETCX_INT_ENUM {
	NetAdapterOffloadLayer4FlagTcpNoOptions = 0x1,
	NetAdapterOffloadLayer4FlagTcpWithOptions = 0x2,
	NetAdapterOffloadLayer4FlagUdp = 0x4
} NET_ADAPTER_OFFLOAD_LAYER4_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)

/* ---- transmit checksums ---- */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM(_In_ NETADAPTER Adapter,
						     _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM *PFN_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM;

/* The limits are bytes from the start of the frame to that header; 0: none. */
typedef struct _NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES {
	ULONG Size;
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags;
	NET_ADAPTER_OFFLOAD_LAYER4_FLAGS Layer4Flags;
	UINT16 Layer3HeaderOffsetLimit;
	UINT16 Layer4HeaderOffsetLimit;
	PFN_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtAdapterOffloadSetTxChecksum;
} NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *Capabilities,
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags,
	PFN_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM EvtAdapterOffloadSetTxChecksum)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES);
	Capabilities->Layer3Flags = Layer3Flags;
	Capabilities->EvtAdapterOffloadSetTxChecksum = EvtAdapterOffloadSetTxChecksum;
}

/* ---- receive checksums ---- */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM(_In_ NETADAPTER Adapter,
						     _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM *PFN_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM;

typedef struct _NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES {
	ULONG Size;
	PFN_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtAdapterOffloadSetRxChecksum;
} NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES *Capabilities,
	PFN_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM EvtAdapterOffloadSetRxChecksum)
{
	WDF_STRUCT_INIT(Capabilities, NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES);
	Capabilities->EvtAdapterOffloadSetRxChecksum = EvtAdapterOffloadSetRxChecksum;
}

/* ---- segmentation: LSO (TCP) and USO (UDP) ---- */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_GSO(_In_ NETADAPTER Adapter, _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_GSO *PFN_NET_ADAPTER_OFFLOAD_SET_GSO;

typedef struct _NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES {
	ULONG Size;
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags;
	NET_ADAPTER_OFFLOAD_LAYER4_FLAGS Layer4Flags;
	UINT16 Layer4HeaderOffsetLimit; /* bytes from the start of the frame; 0: none */
	SIZE_T MaximumOffloadSize;      /* bytes */
	SIZE_T MinimumSegmentCount;
	PFN_NET_ADAPTER_OFFLOAD_SET_GSO EvtAdapterOffloadSetGso;
} NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_GSO_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *GsoCapabilities,
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags, NET_ADAPTER_OFFLOAD_LAYER4_FLAGS Layer4Flags,
	SIZE_T MaximumOffloadSize, SIZE_T MinimumSegmentCount,
	PFN_NET_ADAPTER_OFFLOAD_SET_GSO EvtAdapterOffloadSetGso)
{
	WDF_STRUCT_INIT(GsoCapabilities, NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES);
	GsoCapabilities->Layer3Flags = Layer3Flags;
	GsoCapabilities->Layer4Flags = Layer4Flags;
	GsoCapabilities->MaximumOffloadSize = MaximumOffloadSize;
	GsoCapabilities->MinimumSegmentCount = MinimumSegmentCount;
	GsoCapabilities->EvtAdapterOffloadSetGso = EvtAdapterOffloadSetGso;
}

/* ---- receive segment coalescing ---- */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_RSC(_In_ NETADAPTER Adapter, _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_RSC *PFN_NET_ADAPTER_OFFLOAD_SET_RSC;

typedef struct _NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES {
	ULONG Size;
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags;
	NET_ADAPTER_OFFLOAD_LAYER4_FLAGS Layer4Flags; /* UDP from 2.5 on */
	BOOLEAN TcpTimestampOption;
	PFN_NET_ADAPTER_OFFLOAD_SET_RSC EvtAdapterOffloadSetRsc;
} NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_RSC_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *RscCapabilities,
	NET_ADAPTER_OFFLOAD_LAYER3_FLAGS Layer3Flags, NET_ADAPTER_OFFLOAD_LAYER4_FLAGS Layer4Flags,
	PFN_NET_ADAPTER_OFFLOAD_SET_RSC EvtAdapterOffloadSetRsc)
{
	WDF_STRUCT_INIT(RscCapabilities, NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES);
	RscCapabilities->Layer3Flags = Layer3Flags;
	RscCapabilities->Layer4Flags = Layer4Flags;
	RscCapabilities->EvtAdapterOffloadSetRsc = EvtAdapterOffloadSetRsc;
}

/* ---- 802.1Q tags ---- */
typedef enum _NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS NETCX_INT_ENUM {
	NetAdapterOffloadIeee8021PriorityTaggingFlag = 0x1,
	NetAdapterOffloadIeee8021VlanTaggingFlag = 0x2
} NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS)

typedef struct _NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES {
	ULONG Size;
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS Flags;
} NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *Ieee8021qCapabilities,
	NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS Flags)
{
	WDF_STRUCT_INIT(Ieee8021qCapabilities, NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES);
	Ieee8021qCapabilities->Flags = Flags;
}

/* Before NetAdapterStart. */
void NetAdapterOffloadSetTxChecksumCapabilities(
	NETADAPTER Adapter,
	const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetTxChecksumCapabilities);
void NetAdapterOffloadSetRxChecksumCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetRxChecksumCapabilities);
void NetAdapterOffloadSetGsoCapabilities(NETADAPTER Adapter,
					 NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetGsoCapabilities);
void NetAdapterOffloadSetRscCapabilities(NETADAPTER Adapter,
					 NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetRscCapabilities);
void NetAdapterOffloadSetIeee8021qTagCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetIeee8021qTagCapabilities);

/* Inside the callback, whose handle is good until it returns. */
BOOLEAN NetOffloadIsTxChecksumIPv4Enabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsTxChecksumIPv4Enabled);
BOOLEAN NetOffloadIsTxChecksumTcpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsTxChecksumTcpEnabled);
BOOLEAN NetOffloadIsTxChecksumUdpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsTxChecksumUdpEnabled);
BOOLEAN NetOffloadIsRxChecksumIPv4Enabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsRxChecksumIPv4Enabled);
BOOLEAN NetOffloadIsRxChecksumTcpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsRxChecksumTcpEnabled);
BOOLEAN NetOffloadIsRxChecksumUdpEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsRxChecksumUdpEnabled);
BOOLEAN NetOffloadIsLsoIPv4Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsLsoIPv4Enabled);
BOOLEAN NetOffloadIsLsoIPv6Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsLsoIPv6Enabled);
BOOLEAN NetOffloadIsUsoIPv4Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsUsoIPv4Enabled);
BOOLEAN NetOffloadIsUsoIPv6Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsUsoIPv6Enabled);
BOOLEAN NetOffloadIsTcpRscIPv4Enabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsTcpRscIPv4Enabled);
BOOLEAN NetOffloadIsTcpRscIPv6Enabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsTcpRscIPv6Enabled);
BOOLEAN NetOffloadIsRscTcpTimestampOptionEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsRscTcpTimestampOptionEnabled);
#if NETCX_SINCE(5)
BOOLEAN NetOffloadIsUdpRscEnabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsUdpRscEnabled);
#endif

EXTERN_C_END

#endif

#endif
