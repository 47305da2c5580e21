/* SPDX-License-Identifier: MIT */
/* net/returncontext.h - what the driver knows a receive buffer of its own by. The driver includes
 * it beside netadaptercx.h. */
#ifndef NETCX_NET_RETURNCONTEXT_H
#define NETCX_NET_RETURNCONTEXT_H

#include <net/returncontexttypes.h>
#include <net/extension.h>

EXTERN_C_START

/* Index: of the fragment. The extension has to be enabled. */
FORCEINLINE NET_FRAGMENT_RETURN_CONTEXT *NetExtensionGetFragmentReturnContext(
	const NET_EXTENSION *Extension, UINT32 Index)
{
	return (NET_FRAGMENT_RETURN_CONTEXT *)NetExtensionGetData(Extension, Index);
}

EXTERN_C_END

#endif
