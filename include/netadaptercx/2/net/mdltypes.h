/* SPDX-License-Identifier: MIT */
/* net/mdltypes.h - the MDL that describes a fragment's buffer. */
#ifndef NETCX_NET_MDLTYPES_H
#define NETCX_NET_MDLTYPES_H

#include <parts/umdf.h>
#if NETCX_UMDF
#error net/mdl.h: kernel mode; memory descriptor lists are not for user-mode drivers
#endif

#include <wdm.h>

#define NET_FRAGMENT_EXTENSION_MDL_NAME      NETCX_WIDE("ms_fragment_mdl")
#define NET_FRAGMENT_EXTENSION_MDL_VERSION_1 1U

typedef struct _NET_FRAGMENT_MDL {
	MDL *Mdl;
} NET_FRAGMENT_MDL, *PNET_FRAGMENT_MDL;
C_ASSERT(sizeof(NET_FRAGMENT_MDL) == 8);

#endif
