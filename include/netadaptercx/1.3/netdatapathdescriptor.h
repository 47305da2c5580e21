/* SPDX-License-Identifier: MIT */
/* netdatapathdescriptor.h - the two rings of a packet queue. Part of netadaptercx.h. */
#ifndef NETCX_NETDATAPATHDESCRIPTOR_H
#define NETCX_NETDATAPATHDESCRIPTOR_H

#include <netpacket.h>
#include <netringbuffer.h>

/* spelled as in the documentation */
typedef enum _NET_DATPATH_RING_BUFFER_INDEX NETCX_INT_ENUM {
	NET_DATPATH_RING_BUFFER_INDEX_PACKET = 0,
	NET_DATPATH_RING_BUFFER_INDEX_FRAGMENT = 1
} NET_DATPATH_RING_BUFFER_INDEX;

/* The same for the life of its queue. */
typedef struct _NET_DATAPATH_DESCRIPTOR {
	NET_RING_BUFFER *RingBuffer[2];
} NET_DATAPATH_DESCRIPTOR, *PNET_DATAPATH_DESCRIPTOR;
typedef const NET_DATAPATH_DESCRIPTOR *PCNET_DATAPATH_DESCRIPTOR;

#define NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(descriptor) \
	((descriptor)->RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_PACKET])
#define NET_DATAPATH_DESCRIPTOR_GET_FRAGMENT_RING_BUFFER(descriptor) \
	((descriptor)->RingBuffer[NET_DATPATH_RING_BUFFER_INDEX_FRAGMENT])

/* A packet's fragments follow each other in the fragment ring. @index: below packet->FragmentCount
 */
#define NET_PACKET_GET_FRAGMENT(packet, descriptor, index)                           \
	((NET_PACKET_FRAGMENT *)NetRingBufferGetElementAtIndex(                      \
		NET_DATAPATH_DESCRIPTOR_GET_FRAGMENT_RING_BUFFER(descriptor),        \
		((packet)->FragmentOffset + (index)) &                               \
			NET_DATAPATH_DESCRIPTOR_GET_FRAGMENT_RING_BUFFER(descriptor) \
				->ElementIndexMask))

#endif
