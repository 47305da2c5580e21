/* SPDX-License-Identifier: MIT */
/* net/gso.h - a packet's segmentation extension. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_GSO_H
#define NETCX_NET_GSO_H

#include <net/gsotypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_GSO *NetExtensionGetPacketGso(const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_GSO *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
