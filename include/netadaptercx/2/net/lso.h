/* SPDX-License-Identifier: MIT */
/* net/lso.h - a packet's large send extension. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_LSO_H
#define NETCX_NET_LSO_H

#include <net/lsotypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_LSO *NetExtensionGetPacketLso(const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_LSO *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
