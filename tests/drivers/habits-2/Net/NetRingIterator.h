/* SPDX-License-Identifier: MIT */
//
// NetRingIterator.h - iterators over rings. No header of NetAdapterCx has had them since the
// previews, so each driver has its copy; the names are the previews'.
//
#pragma once

#include <net/RingCollection.h>

typedef struct _NET_RING_ITERATOR {
	NET_RING_COLLECTION const *Rings;
	UINT32 *const IndexToSet;
	UINT32 Index;
	UINT32 const End;
} NET_RING_ITERATOR;

typedef struct _NET_RING_PACKET_ITERATOR {
	NET_RING_ITERATOR Iterator;
} NET_RING_PACKET_ITERATOR;

typedef struct _NET_RING_FRAGMENT_ITERATOR {
	NET_RING_ITERATOR Iterator;
} NET_RING_FRAGMENT_ITERATOR;

inline NET_RING_PACKET_ITERATOR NetRingGetAllPackets(_In_ NET_RING_COLLECTION const *Rings)
{
	NET_RING *ring = Rings->Rings[NetRingTypePacket];
	// Braces that the inner structure does not have.
	NET_RING_PACKET_ITERATOR iterator = {
		Rings,
		&ring->BeginIndex,
		ring->BeginIndex,
		ring->EndIndex,
	};
	return iterator;
}

inline NET_RING_FRAGMENT_ITERATOR NetRingGetAllFragments(_In_ NET_RING_COLLECTION const *Rings)
{
	NET_RING *ring = Rings->Rings[NetRingTypeFragment];
	NET_RING_FRAGMENT_ITERATOR iterator = { Rings, &ring->BeginIndex, ring->BeginIndex,
						ring->EndIndex };
	return iterator;
}

inline NET_RING_FRAGMENT_ITERATOR NetPacketIteratorGetFragments(
	_In_ NET_RING_PACKET_ITERATOR const *Iterator)
{
	NET_RING *ring = Iterator->Iterator.Rings->Rings[NetRingTypeFragment];
	NET_PACKET const *packet = NetRingGetPacketAtIndex(
		Iterator->Iterator.Rings->Rings[NetRingTypePacket], Iterator->Iterator.Index);
	NET_RING_FRAGMENT_ITERATOR iterator = { Iterator->Iterator.Rings, nullptr,
						packet->FragmentIndex,
						(packet->FragmentIndex + packet->FragmentCount) &
							ring->ElementIndexMask };
	return iterator;
}

inline BOOLEAN NetPacketIteratorHasAny(_In_ NET_RING_PACKET_ITERATOR const *Iterator)
{
	return Iterator->Iterator.Index != Iterator->Iterator.End;
}

inline BOOLEAN NetFragmentIteratorHasAny(_In_ NET_RING_FRAGMENT_ITERATOR const *Iterator)
{
	return Iterator->Iterator.Index != Iterator->Iterator.End;
}

inline NET_PACKET *NetPacketIteratorGetPacket(_In_ NET_RING_PACKET_ITERATOR const *Iterator)
{
	return NetRingGetPacketAtIndex(Iterator->Iterator.Rings->Rings[NetRingTypePacket],
				       Iterator->Iterator.Index);
}

inline NET_FRAGMENT *NetFragmentIteratorGetFragment(_In_ NET_RING_FRAGMENT_ITERATOR const *Iterator)
{
	return NetRingGetFragmentAtIndex(Iterator->Iterator.Rings->Rings[NetRingTypeFragment],
					 Iterator->Iterator.Index);
}

inline void NetPacketIteratorAdvance(_Inout_ NET_RING_PACKET_ITERATOR *Iterator)
{
	Iterator->Iterator.Index = NetRingIncrementIndex(
		Iterator->Iterator.Rings->Rings[NetRingTypePacket], Iterator->Iterator.Index);
}

inline void NetFragmentIteratorAdvance(_Inout_ NET_RING_FRAGMENT_ITERATOR *Iterator)
{
	Iterator->Iterator.Index = NetRingIncrementIndex(
		Iterator->Iterator.Rings->Rings[NetRingTypeFragment], Iterator->Iterator.Index);
}

inline void NetFragmentIteratorAdvanceToTheEnd(_Inout_ NET_RING_FRAGMENT_ITERATOR *Iterator)
{
	Iterator->Iterator.Index = Iterator->Iterator.End;
}

inline void NetPacketIteratorSet(_In_ NET_RING_PACKET_ITERATOR const *Iterator)
{
	*Iterator->Iterator.IndexToSet = Iterator->Iterator.Index;
}

inline void NetFragmentIteratorSet(_In_ NET_RING_FRAGMENT_ITERATOR const *Iterator)
{
	*Iterator->Iterator.IndexToSet = Iterator->Iterator.Index;
}
