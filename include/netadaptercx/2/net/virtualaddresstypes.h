/* SPDX-License-Identifier: MIT */
/* net/virtualaddresstypes.h - where a fragment's buffer lies in memory. */
#ifndef NETCX_NET_VIRTUALADDRESSTYPES_H
#define NETCX_NET_VIRTUALADDRESSTYPES_H

#include <ntdef.h>

#define NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME      NETCX_WIDE("ms_fragment_virtualaddress")
#define NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1 1U

typedef struct _NET_FRAGMENT_VIRTUAL_ADDRESS {
	void *VirtualAddress;
} NET_FRAGMENT_VIRTUAL_ADDRESS, *PNET_FRAGMENT_VIRTUAL_ADDRESS;
C_ASSERT(sizeof(NET_FRAGMENT_VIRTUAL_ADDRESS) == 8);

#endif
