/* SPDX-License-Identifier: MIT */
/* netreceivescaling.h - receive side scaling: received flows spread over several queues. Part of
 * netadaptercx.h. */
#ifndef NETCX_NETRECEIVESCALING_2_H
#define NETCX_NETRECEIVESCALING_2_H

#include <parts/netcxscaling.h>

struct _NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY {
	NETPACKETQUEUE PacketQueue;
	NTSTATUS Status; /* the driver's answer for this entry */
	UINT32 Index;
};

EXTERN_C_START

/* Before NetAdapterStart. PASSIVE_LEVEL */
void NetAdapterSetReceiveScalingCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *Capabilities)
	NETCX_SYMBOL(NetAdapterSetReceiveScalingCapabilities);

EXTERN_C_END

#endif
