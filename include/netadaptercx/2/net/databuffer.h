/* SPDX-License-Identifier: MIT */
/* net/databuffer.h - the system's receive buffer that the driver has attached. The driver includes
 * it beside netadaptercx.h. */
#ifndef NETCX_NET_DATABUFFER_H
#define NETCX_NET_DATABUFFER_H

#include <net/databuffertypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_DATA_BUFFER *NetExtensionGetFragmentDataBuffer(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_FRAGMENT_DATA_BUFFER *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
