/* SPDX-License-Identifier: MIT */
/*
 * Frames as the edges, the datapath and the devices hand them to each other: bytes that may be
 * scattered, and what is known of them.
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include <netcx/lso.h>
#include <string.h>

/*
 * What Linux says of a frame with its virtio_net_hdr, checked against the frame's own headers by
 * the edge (a header that lies makes the frame a counted drop). All zero: nothing to be done.
 */
struct frame_meta {
	uint16_t mss;       /* super-packet: payload bytes per segment; 0: ordinary frame */
	uint8_t ip_version; /* of a super-packet, 4 or 6 */
	bool udp;           /* a super-packet of UDP (USO) */
	/* TCP/UDP checksum holds the pseudo-header sum with the length; always set when mss is. */
	bool needs_checksum;
	bool checksum_valid; /* receive direction: known to be good (VIRTIO_NET_HDR_F_DATA_VALID) */
	uint16_t l4_offset;  /* when needs_checksum or mss: where the TCP or UDP header starts */
	uint16_t header_length;  /* when mss: all headers */
	uint8_t checksum_offset; /* in the L4 header: 16 TCP, 6 UDP */
};

struct frame {
	const struct iovec *iov;
	int count;
	struct frame_meta meta;
};

static inline size_t frame_length(const struct iovec *iov, int count)
{
	size_t length = 0;

	for (int i = 0; i < count; i++)
		length += iov[i].iov_len;
	return length;
}

/* frame_read(), frame_write() - copy from or to @offset. Return: bytes copied. */
size_t frame_read(const struct iovec *iov, int count, size_t offset, void *to, size_t size);
size_t frame_write(const struct iovec *iov, int count, size_t offset, const void *from,
		   size_t size);

/* The first bytes of a frame in one piece, and what they parse to. */
struct frame_head {
	const uint8_t *bytes;
	size_t length;
	enum lso_status status;
	struct lso_layout layout;      /* as lso_parse() fills it */
	uint8_t copy[LSO_MAX_HEADERS]; /* used when the frame's first piece is too short */
};

/*
 * frame_parse() - find the headers of a frame that lies in a larger room
 * @iov, @count: the room; @length bytes of it are the frame
 * Return: head->status. After LSO_OK all headers lie in head->bytes.
 */
enum lso_status frame_parse(struct frame_head *head, const struct iovec *iov, int count,
			    size_t length);

#endif
