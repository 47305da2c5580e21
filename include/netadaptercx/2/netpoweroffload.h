/* SPDX-License-Identifier: MIT */
/*
 * netpoweroffload.h - what the adapter answers by itself while the system sleeps: ARP, and
 * neighbour solicitations (NS). PASSIVE_LEVEL. Part of netadaptercx.h.
 */
#ifndef NETCX_NETPOWEROFFLOAD_2_H
#define NETCX_NETPOWEROFFLOAD_2_H

#include <parts/netadapterlink.h>

EXTERN_C_START

typedef enum _NET_POWER_OFFLOAD_TYPE NETCX_INT_ENUM {
	NetPowerOffloadTypeArp = 1,
	NetPowerOffloadTypeNS = 2
} NET_POWER_OFFLOAD_TYPE;

/* In network byte order. */
typedef union _NET_IPV4_ADDRESS {
	UINT32 Address;
	UINT8 Value[4];
} NET_IPV4_ADDRESS, *PNET_IPV4_ADDRESS;

typedef union _NET_IPV6_ADDRESS {
	struct {
		UINT64 NetworkPrefix;
		UINT64 InterfaceIdentifier;
	} Unicast;
	UINT8 Value[16];
} NET_IPV6_ADDRESS, *PNET_IPV6_ADDRESS;

typedef struct _NET_POWER_OFFLOAD_ARP_PARAMETERS {
	ULONG Size;
	ULONG Id;
	NET_IPV4_ADDRESS RemoteIPv4Address;
	NET_IPV4_ADDRESS HostIPv4Address;
	NET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress;
} NET_POWER_OFFLOAD_ARP_PARAMETERS, *PNET_POWER_OFFLOAD_ARP_PARAMETERS;

FORCEINLINE void NET_POWER_OFFLOAD_ARP_PARAMETERS_INIT(NET_POWER_OFFLOAD_ARP_PARAMETERS *Parameters)
{
	WDF_STRUCT_INIT(Parameters, NET_POWER_OFFLOAD_ARP_PARAMETERS);
}

typedef struct _NET_POWER_OFFLOAD_NS_PARAMETERS {
	ULONG Size;
	ULONG Id;
	NET_IPV6_ADDRESS RemoteIPv6Address;
	NET_IPV6_ADDRESS SolicitedNodeIPv6Address;
	NET_IPV6_ADDRESS TargetIPv6Addresses[2];
	NET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress;
} NET_POWER_OFFLOAD_NS_PARAMETERS, *PNET_POWER_OFFLOAD_NS_PARAMETERS;

FORCEINLINE void NET_POWER_OFFLOAD_NS_PARAMETERS_INIT(NET_POWER_OFFLOAD_NS_PARAMETERS *Parameters)
{
	WDF_STRUCT_INIT(Parameters, NET_POWER_OFFLOAD_NS_PARAMETERS);
}

NET_POWER_OFFLOAD_TYPE NetPowerOffloadGetType(NETPOWEROFFLOAD PowerOffload)
	NETCX_SYMBOL(NetPowerOffloadGetType);
#if NETCX_SINCE(1)
NETADAPTER NetPowerOffloadGetAdapter(NETPOWEROFFLOAD PowerOffload)
	NETCX_SYMBOL(NetPowerOffloadGetAdapter);
#endif
void NetPowerOffloadGetArpParameters(NETPOWEROFFLOAD PowerOffload,
				     NET_POWER_OFFLOAD_ARP_PARAMETERS *Parameters)
	NETCX_SYMBOL(NetPowerOffloadGetArpParameters);
void NetPowerOffloadGetNSParameters(NETPOWEROFFLOAD PowerOffload,
				    NET_POWER_OFFLOAD_NS_PARAMETERS *Parameters)
	NETCX_SYMBOL(NetPowerOffloadGetNSParameters);

EXTERN_C_END

#endif
