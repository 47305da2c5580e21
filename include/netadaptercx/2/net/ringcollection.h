/* SPDX-License-Identifier: MIT */
/* net/ringcollection.h - the rings of one queue. Part of netadaptercx.h. */
#ifndef NETCX_NET_RINGCOLLECTION_H
#define NETCX_NET_RINGCOLLECTION_H

#ifndef NETCX_ADAPTER_2
#error netadaptercx.h brings this header; it cannot be the first one
#endif

#include <net/ring.h>

EXTERN_C_START

typedef enum _NET_RING_TYPE NETCX_INT_ENUM {
	NetRingTypePacket = 0,
	NetRingTypeFragment = 1,
	NetRingTypeDataBuffer = 2
} NET_RING_TYPE;

typedef struct _NET_RING_COLLECTION {
	NET_RING *Rings[NetRingTypeDataBuffer + 1];
} NET_RING_COLLECTION, *PNET_RING_COLLECTION;

FORCEINLINE NET_RING *NetRingCollectionGetPacketRing(const NET_RING_COLLECTION *Rings)
{
	return Rings->Rings[NetRingTypePacket];
}

FORCEINLINE NET_RING *NetRingCollectionGetFragmentRing(const NET_RING_COLLECTION *Rings)
{
	return Rings->Rings[NetRingTypeFragment];
}

/* NULL unless the system allocates receive buffers that the driver attaches. */
FORCEINLINE NET_RING *NetRingCollectionGetDataBufferRing(const NET_RING_COLLECTION *Rings)
{
	return Rings->Rings[NetRingTypeDataBuffer];
}

EXTERN_C_END

#endif
