/* SPDX-License-Identifier: MIT */
/*
 * net/extension.h - data beside each packet, fragment or buffer of a ring: what a query finds. Part
 * of netadaptercx.h.
 */
#ifndef NETCX_NET_EXTENSION_H
#define NETCX_NET_EXTENSION_H

#ifndef NETCX_ADAPTER_2
#error netadaptercx.h brings this header; it cannot be the first one
#endif

#include <ntdef.h>

EXTERN_C_START

typedef enum _NET_EXTENSION_TYPE NETCX_INT_ENUM {
	NetExtensionTypePacket = 1,
	NetExtensionTypeFragment = 2,
	NetExtensionTypeBuffer = 3
} NET_EXTENSION_TYPE;

/* A driver looks at Enabled, and at nothing else, before it asks for the data. */
typedef struct _NET_EXTENSION {
	void *Reserved[4]; /* [0]: the data of element 0, [1]: bytes from one to the next */
	__extension__ union {
		BOOLEAN Enabled;
		void *Reserved1;
	};
} NET_EXTENSION, *PNET_EXTENSION;

FORCEINLINE void *NetExtensionGetData(const NET_EXTENSION *Extension, UINT32 Index)
{
	return (UCHAR *)Extension->Reserved[0] + (SIZE_T)Extension->Reserved[1] * Index;
}

EXTERN_C_END

#endif
