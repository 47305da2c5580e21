/* SPDX-License-Identifier: MIT */
/* net/wifi/exemptionaction.h - a packet's exemption extension (Wi-Fi). The driver includes it
 * beside netadaptercx.h. */
#ifndef NETCX_NET_WIFI_EXEMPTIONACTION_H
#define NETCX_NET_WIFI_EXEMPTIONACTION_H

#include <net/wifi/exemptionactiontypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the packet. The extension has to be enabled. */
FORCEINLINE NET_PACKET_WIFI_EXEMPTION_ACTION *WifiExtensionGetExemptionAction(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_PACKET_WIFI_EXEMPTION_ACTION *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
