/* SPDX-License-Identifier: MIT */
/* net/packethash.h - a packet's hash extension. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_PACKETHASH_H
#define NETCX_NET_PACKETHASH_H

#include <net/packethashtypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_HASH *NetExtensionGetPacketHash(const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_HASH *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
