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

#define VNET_HEAD 160 /* bytes; room for Ethernet, two tags, and all options of IPv4 and TCP */

/* Bytes: the kernel sums a shorter frame in less time than it takes to look for its headers. */
#define VNET_VOUCH_LEAST 256

/*
 * vnet_vouch() - tell a TAP that a frame's checksum is known to be good
 *
 * The kernel ignores DATA_VALID in what is written into a TAP, and sums the frame again. What it
 * takes as good is a checksum that is still to be completed: NEEDS_CSUM, and the pseudo-header sum
 * in the field, as a guest hands its frames to another. The frame is a driver's, so the headers
 * with that field are a copy.
 *
 * @header: the frame's, by vnet_encode(); changed when the verdict can be told
 * @head:   filled with the frame's first bytes
 * Return: how many bytes of the frame @head stands for; 0: not told, since the frame is shorter
 * than VNET_VOUCH_LEAST, is not whole or is longer than its packet (padding would be summed), or is
 * neither TCP nor UDP with a checksum.
 */
size_t vnet_vouch(const struct frame *frame, size_t length, struct virtio_net_hdr *header,
		  uint8_t head[static VNET_HEAD]);

#endif
