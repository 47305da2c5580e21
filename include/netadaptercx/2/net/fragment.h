/* SPDX-License-Identifier: MIT */
/* net/fragment.h - NET_FRAGMENT, one element of a fragment ring. Part of netadaptercx.h. */
#ifndef NETCX_NET_FRAGMENT_H
#define NETCX_NET_FRAGMENT_H

#ifndef NETCX_ADAPTER_2
#error netadaptercx.h brings this header; it cannot be the first one
#endif

#include <ntdef.h>

/* Bytes of the buffer that belong to the packet: ValidLength of them, from Offset on. */
typedef struct DECLSPEC_ALIGN(8) _NET_FRAGMENT {
	UINT64 ValidLength : 26;
	UINT64 Capacity : 26;
	UINT64 Offset : 10;
	UINT64 Scratch : 1; /* the driver's */
	UINT64 OsReserved_Bounced : 1;
} NET_FRAGMENT, *PNET_FRAGMENT;
C_ASSERT(sizeof(NET_FRAGMENT) == 8);

#endif
