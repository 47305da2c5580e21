/* SPDX-License-Identifier: MIT */
/* net/logicaladdress.h - where a device finds a fragment's buffer by DMA. The driver includes it
 * beside netadaptercx.h. */
#ifndef NETCX_NET_LOGICALADDRESS_H
#define NETCX_NET_LOGICALADDRESS_H

#include <net/logicaladdresstypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_LOGICAL_ADDRESS *NetExtensionGetFragmentLogicalAddress(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_FRAGMENT_LOGICAL_ADDRESS *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
