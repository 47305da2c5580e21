/* SPDX-License-Identifier: MIT */
/* net/databuffertypes.h - the system's receive buffer that the driver has attached. */
#ifndef NETCX_NET_DATABUFFERTYPES_H
#define NETCX_NET_DATABUFFERTYPES_H

#include <ntdef.h>

#define NET_FRAGMENT_EXTENSION_DATA_BUFFER_NAME      NETCX_WIDE("ms_fragment_databuffer")
#define NET_FRAGMENT_EXTENSION_DATA_BUFFER_VERSION_1 1U

DECLARE_HANDLE(NET_DATA_BUFFER_HANDLE);

typedef struct _NET_FRAGMENT_DATA_BUFFER {
	NET_DATA_BUFFER_HANDLE Handle;
} NET_FRAGMENT_DATA_BUFFER, *PNET_FRAGMENT_DATA_BUFFER;
C_ASSERT(sizeof(NET_FRAGMENT_DATA_BUFFER) == 8);

#endif
