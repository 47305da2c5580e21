/* SPDX-License-Identifier: MIT */
/* net/checksum.h - a packet's checksum extension. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_CHECKSUM_H
#define NETCX_NET_CHECKSUM_H

#include <net/checksumtypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_CHECKSUM *NetExtensionGetPacketChecksum(const NET_EXTENSION *Extension,
							       UINT32 Index)
{
	return (NET_PACKET_CHECKSUM *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
