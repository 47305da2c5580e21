/* SPDX-License-Identifier: MIT */
/* wdmcaching.h - how mapped memory is cached. Part of wdm.h, and of wdf.h in user mode. */
#ifndef NETCX_WDMCACHING_H
#define NETCX_WDMCACHING_H

#include <ntdef.h>

typedef enum _MEMORY_CACHING_TYPE NETCX_INT_ENUM {
	MmNonCached,
	MmCached,
	MmWriteCombined,
	MmHardwareCoherentCached,
	MmNonCachedUnordered,
	MmUSWCCached,
	MmMaximumCacheType,
	MmNotMapped = -1
} MEMORY_CACHING_TYPE;

#endif
