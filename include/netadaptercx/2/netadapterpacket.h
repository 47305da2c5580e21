/* SPDX-License-Identifier: MIT */
/* netadapterpacket.h - asking a queue for an extension. Part of netadaptercx.h. */
#ifndef NETCX_NETADAPTERPACKET_2_H
#define NETCX_NETADAPTERPACKET_2_H

#include <netadaptercxtypes.h>

EXTERN_C_START

typedef struct _NET_EXTENSION_QUERY {
	ULONG Size;
	PCWSTR Name; /* NET_..._EXTENSION_..._NAME */
	ULONG Version;
	NET_EXTENSION_TYPE Type;
} NET_EXTENSION_QUERY, *PNET_EXTENSION_QUERY;

FORCEINLINE void NET_EXTENSION_QUERY_INIT(NET_EXTENSION_QUERY *Extension, PCWSTR Name,
					  ULONG Version, NET_EXTENSION_TYPE Type)
{
	WDF_STRUCT_INIT(Extension, NET_EXTENSION_QUERY);
	Extension->Name = Name;
	Extension->Version = Version;
	Extension->Type = Type;
}

EXTERN_C_END

#endif
