/* SPDX-License-Identifier: MIT */
/* What a test takes away from the capabilities that our 2.5 driver declares (lessen.h). */
#ifndef TESTS_DATAPATH_LESSENED_H
#define TESTS_DATAPATH_LESSENED_H

#include <ntddk.h>

/* All 0: as it is. */
struct lessened {
	UINT32 checksumLayer3, checksumLayer4; /* flags that are taken away */
	UINT32 gsoLayer3, gsoLayer4;
	UINT16 checksumLayer3Limit, checksumLayer4Limit, gsoLayer4Limit;
	SIZE_T maximum, minimum;
	BOOLEAN noTags;
};

#endif
