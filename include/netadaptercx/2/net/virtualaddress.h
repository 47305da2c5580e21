/* SPDX-License-Identifier: MIT */
/* net/virtualaddress.h - where a fragment's buffer lies in memory. The driver includes it beside
 * netadaptercx.h. */
#ifndef NETCX_NET_VIRTUALADDRESS_H
#define NETCX_NET_VIRTUALADDRESS_H

#include <net/virtualaddresstypes.h>
#include <net/extension.h>
#include <net/fragment.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_VIRTUAL_ADDRESS *NetExtensionGetFragmentVirtualAddress(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_FRAGMENT_VIRTUAL_ADDRESS *)NetExtensionGetData(Extension, Index);
}

/* The packet's bytes in the buffer. */
FORCEINLINE void *NetExtensionGetFragmentVirtualAddressOffset(const NET_FRAGMENT *Fragment,
							      const NET_EXTENSION *Extension,
							      UINT32 Index)
{
	return (UCHAR *)NetExtensionGetFragmentVirtualAddress(Extension, Index)->VirtualAddress +
	       Fragment->Offset;
}

EXTERN_C_END

#endif
