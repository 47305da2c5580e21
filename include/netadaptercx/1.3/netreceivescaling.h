/* SPDX-License-Identifier: MIT */
/* netreceivescaling.h - receive side scaling: received flows spread over several queues. Part of
 * netadaptercx.h. */
#ifndef NETCX_NETRECEIVESCALING_H
#define NETCX_NETRECEIVESCALING_H

#include <parts/netcxnames.h>
#include <parts/netcxscaling.h>

struct _NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY {
	NETPACKETQUEUE Queue;
	NTSTATUS Status; /* the driver's answer for this entry */
	UINT32 Index;
};

EXTERN_C_START

/* Before NetAdapterStart. PASSIVE_LEVEL */
VOID NetAdapterSetReceiveScalingCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *Capabilities);

EXTERN_C_END

#endif
