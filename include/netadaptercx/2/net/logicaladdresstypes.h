/* SPDX-License-Identifier: MIT */
/* net/logicaladdresstypes.h - where a device finds a fragment's buffer by DMA. */
#ifndef NETCX_NET_LOGICALADDRESSTYPES_H
#define NETCX_NET_LOGICALADDRESSTYPES_H

#include <ntdef.h>

#define NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_NAME      NETCX_WIDE("ms_fragment_logicaladdress")
#define NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS_VERSION_1 1U

typedef struct _NET_FRAGMENT_LOGICAL_ADDRESS {
	UINT64 LogicalAddress;
} NET_FRAGMENT_LOGICAL_ADDRESS, *PNET_FRAGMENT_LOGICAL_ADDRESS;
C_ASSERT(sizeof(NET_FRAGMENT_LOGICAL_ADDRESS) == 8);

#endif
