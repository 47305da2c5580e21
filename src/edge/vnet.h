/* SPDX-License-Identifier: MIT */
/*
 * virtio_net_hdr, what Linux puts in front of a frame on a TAP or a packet socket, and frame_meta.
 * Rules: virtio 1.1, 5.1.6 (legacy header, 10 bytes, native byte order). No I/O.
 */
#ifndef EDGE_VNET_H
#define EDGE_VNET_H

#include <linux/virtio_net.h>

#include "edge/edge.h"

/* In linux/virtio_net.h since 6.2. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

/*
 * vnet_decode() - check a header against its frame, and say the same in @meta
 * @iov, @count: the room the frame lies in, written to (below)
 * @length:      of the frame
 *
 * Two things are settled in the frame, so that @meta says all that remains: a checksum that is not
 * that of the frame's own TCP or UDP header (of a packet in a tunnel, or of another protocol), or
 * whose seed is not the pseudo-header sum, is computed here; and a super-packet gets its seed when
 * it has another one. A super-packet that fits one segment becomes an ordinary frame.
 *
 * Return: false when the header contradicts the frame: it names a protocol that the frame is not,
 * or bytes that the frame does not have.
 */
bool vnet_decode(const struct virtio_net_hdr *header, const struct iovec *iov, int count,
		 size_t length, struct frame_meta *meta);

/*
 * vnet_encode() - the header for a frame of @length bytes
 * Return: false when the frame's meta cannot be true of it.
 */
bool vnet_encode(const struct frame *frame, size_t length, struct virtio_net_hdr *header);

#endif
