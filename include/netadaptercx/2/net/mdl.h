/* SPDX-License-Identifier: MIT */
/* net/mdl.h - the MDL that describes a fragment's buffer. The driver includes it beside
 * netadaptercx.h. */
#ifndef NETCX_NET_MDL_H
#define NETCX_NET_MDL_H

#include <net/mdltypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_MDL *NetExtensionGetFragmentMdl(const NET_EXTENSION *Extension,
							 UINT32 Index)
{
	return (NET_FRAGMENT_MDL *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
