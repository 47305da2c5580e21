/* SPDX-License-Identifier: MIT */
/* net/rsc.h - a packet's coalescing extensions. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_RSC_H
#define NETCX_NET_RSC_H

#include <net/rsctypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_RSC *NetExtensionGetPacketRsc(const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_RSC *)NetExtensionGetData(Extension, Index);
}

FORCEINLINE NET_PACKET_RSC_TIMESTAMP *NetExtensionGetPacketRscTimestamp(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_RSC_TIMESTAMP *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
