/* SPDX-License-Identifier: MIT */
/*
 * netadapteroffload.h - checksum and large send offload: what the hardware can do, and what of it
 * is to be done now. Part of netadapter.h.
 */
#ifndef NETCX_NETADAPTEROFFLOAD_H
#define NETCX_NETADAPTEROFFLOAD_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>

typedef struct _NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES {
	ULONG Size;
	BOOLEAN IPv4;
	BOOLEAN Tcp;
	BOOLEAN Udp;
} NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES;

FORCEINLINE VOID NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES_INIT(
	PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES ChecksumCapabilities, BOOLEAN IPv4, BOOLEAN Tcp,
	BOOLEAN Udp)
{
	WDF_STRUCT_INIT(ChecksumCapabilities, NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES);
	ChecksumCapabilities->IPv4 = IPv4;
	ChecksumCapabilities->Tcp = Tcp;
	ChecksumCapabilities->Udp = Udp;
}

typedef struct _NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES {
	ULONG Size;
	BOOLEAN IPv4;
	BOOLEAN IPv6;
	SIZE_T MaximumOffloadSize;  /* bytes of TCP payload in one packet */
	SIZE_T MinimumSegmentCount; /* segments a packet must make */
} NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES, *PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES;
C_ASSERT(sizeof(NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES) == 24);

FORCEINLINE VOID NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(
	PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES LsoCapabilities, BOOLEAN IPv4, BOOLEAN IPv6,
	SIZE_T MaximumOffloadSize, SIZE_T MinimumSegmentCount)
{
	WDF_STRUCT_INIT(LsoCapabilities, NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES);
	LsoCapabilities->IPv4 = IPv4;
	LsoCapabilities->IPv6 = IPv6;
	LsoCapabilities->MaximumOffloadSize = MaximumOffloadSize;
	LsoCapabilities->MinimumSegmentCount = MinimumSegmentCount;
}

/*
 * What is active from now on: once in NetAdapterStart, then after every change. The structure is
 * valid only during the call; EvtPacketQueueAdvance may be running on another thread. PASSIVE_LEVEL
 */
typedef VOID EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM(_In_ NETADAPTER Adapter,
						  _In_ PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES
							  ActiveCapabilities);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_CHECKSUM *PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM;
typedef VOID EVT_NET_ADAPTER_OFFLOAD_SET_LSO(
	_In_ NETADAPTER Adapter, _In_ PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES ActiveCapabilities);
typedef EVT_NET_ADAPTER_OFFLOAD_SET_LSO *PFN_NET_ADAPTER_OFFLOAD_SET_LSO;

EXTERN_C_START

/* Before NetAdapterStart. The capabilities are copied. PASSIVE_LEVEL */
VOID NetAdapterOffloadSetChecksumCapabilities(
	NETADAPTER Adapter, PNET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES HardwareCapabilities,
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM EvtAdapterOffloadSetChecksum);
VOID NetAdapterOffloadSetLsoCapabilities(NETADAPTER Adapter,
					 PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES HardwareCapabilities,
					 PFN_NET_ADAPTER_OFFLOAD_SET_LSO EvtAdapterOffloadSetLso);

EXTERN_C_END

#endif
