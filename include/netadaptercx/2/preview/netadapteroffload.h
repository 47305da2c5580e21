/* SPDX-License-Identifier: MIT */
/*
 * preview/netadapteroffload.h - large send offload and coalescing of 2.0. From 2.1 on
 * netadapteroffload.h has them by layer, the first as GSO. PASSIVE_LEVEL
 */
#ifndef NETCX_PREVIEW_NETADAPTEROFFLOAD_H
#define NETCX_PREVIEW_NETADAPTEROFFLOAD_H

#include <netadaptercx.h>

#if NETCX_PREVIEW_2_0

EXTERN_C_START

/* ---- large send offload ---- */
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_LSO(_In_ NETADAPTER Adapter, _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_LSO *PFN_NET_ADAPTER_OFFLOAD_SET_LSO;

typedef struct _NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES {
	ULONG Size;
	BOOLEAN IPv4;
	BOOLEAN IPv6;
	SIZE_T MaximumOffloadSize;  /* bytes */
	SIZE_T MinimumSegmentCount; /* segments a packet must make */
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterOffloadSetLso;
} NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *LsoCapabilities, BOOLEAN IPv4, BOOLEAN IPv6,
	SIZE_T MaximumOffloadSize, SIZE_T MinimumSegmentCount,
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterOffloadSetLso)
{
	WDF_STRUCT_INIT(LsoCapabilities, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES);
	LsoCapabilities->IPv4 = IPv4;
	LsoCapabilities->IPv6 = IPv6;
	LsoCapabilities->MaximumOffloadSize = MaximumOffloadSize;
	LsoCapabilities->MinimumSegmentCount = MinimumSegmentCount;
	LsoCapabilities->EvtAdapterOffloadSetLso = EvtAdapterOffloadSetLso;
}

/* ---- receive segment coalescing ---- */

/* Of another shape than the later structure of the public name: the host, which sees both, knows
 * this one by its tag. */
struct netcx_rsc_capabilities_2_0 {
	ULONG Size;
	BOOLEAN IPv4;
	BOOLEAN IPv6;
	BOOLEAN Timestamp;
	void (*EvtAdapterOffloadSetRsc)(NETADAPTER Adapter, NETOFFLOAD Offload);
};

#if NETCX_UNTIL(0)
typedef void EVT_NET_ADAPTER_OFFLOAD_SET_RSC(_In_ NETADAPTER Adapter, _In_ NETOFFLOAD Offload);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_RSC *PFN_NET_ADAPTER_OFFLOAD_SET_RSC;

typedef struct netcx_rsc_capabilities_2_0 NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES,
	*PNET_ADAPTER_OFFLOAD_RSC_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *RscCapabilities, BOOLEAN IPv4, BOOLEAN IPv6,
	BOOLEAN Timestamp, PFN_NET_ADAPTER_OFFLOAD_SET_RSC EvtAdapterOffloadSetRsc)
{
	WDF_STRUCT_INIT(RscCapabilities, NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES);
	RscCapabilities->IPv4 = IPv4;
	RscCapabilities->IPv6 = IPv6;
	RscCapabilities->Timestamp = Timestamp;
	RscCapabilities->EvtAdapterOffloadSetRsc = EvtAdapterOffloadSetRsc;
}

/* Before NetAdapterStart. */
void NetAdapterOffloadSetRscCapabilities(NETADAPTER Adapter,
					 NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetRscCapabilities);

/* Inside the callback, whose handle is good until it returns. */
BOOLEAN NetOffloadIsLsoIPv4Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsLsoIPv4Enabled);
BOOLEAN NetOffloadIsLsoIPv6Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsLsoIPv6Enabled);
#endif

/* ---- 802.1p tags: of late previews, such as build 20141's; 2.1 has them with flags ---- */
typedef struct _NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES {
	ULONG Size;
} NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES;

FORCEINLINE void NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES_INIT(
	NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES *Ieee8021pTagCapabilities)
{
	WDF_STRUCT_INIT(Ieee8021pTagCapabilities, NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES);
}

/* Before NetAdapterStart. */
void NetAdapterOffloadSetIeee8021pTagCapabilities(
	NETADAPTER Adapter, NET_ADAPTER_OFFLOAD_IEEE8021P_TAG_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetIeee8021pTagCapabilities);
void NetAdapterOffloadSetLsoCapabilities(NETADAPTER Adapter,
					 NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *HardwareCapabilities)
	NETCX_SYMBOL(NetAdapterOffloadSetLsoCapabilities);

/* Inside the callback. */
BOOLEAN NetOffloadIsRscIPv4Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsRscIPv4Enabled);
BOOLEAN NetOffloadIsRscIPv6Enabled(NETOFFLOAD Offload) NETCX_SYMBOL(NetOffloadIsRscIPv6Enabled);
BOOLEAN NetOffloadIsRscTimestampEnabled(NETOFFLOAD Offload)
	NETCX_SYMBOL(NetOffloadIsRscTimestampEnabled);

EXTERN_C_END

#endif

#endif
