/* SPDX-License-Identifier: MIT */
/* net/ieee8021q.h - a packet's 802.1Q extension. The driver includes it beside netadaptercx.h. */
#ifndef NETCX_NET_IEEE8021Q_H
#define NETCX_NET_IEEE8021Q_H

#include <net/ieee8021qtypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_IEEE8021Q *NetExtensionGetPacketIeee8021Q(const NET_EXTENSION *Extension,
								 UINT32 Index)
{
	return (NET_PACKET_IEEE8021Q *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
