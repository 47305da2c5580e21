/* SPDX-License-Identifier: MIT */
/*
 * Frames as the edges, the datapath and the devices hand them to each other: bytes that may be
 * scattered, and what is known of them.
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include <netcx/lso.h>
#include <netinet/in.h>
#include <string.h>

#define FRAME_ETHERNET_HEADER 14 /* bytes, without a VLAN tag */

/*
 * What is known of a frame beside its bytes. Whoever a frame comes from fills it, and has held it
 * against the bytes: a virtio_net_hdr that contradicts its frame makes it a counted drop. All zero:
 * nothing is to be done, and the headers have not been looked for. It is true as long as nobody
 * else can write to the frame: of what has been a driver's, it is begun anew.
 */
struct frame_meta {
	uint16_t mss; /* super-packet: payload bytes per segment; 0: ordinary frame */
	/* TCP/UDP checksum holds the pseudo-header sum with the length; always set when mss is. */
	bool needs_checksum;
	bool checksum_valid; /* receive direction: known to be good (VIRTIO_NET_HDR_F_DATA_VALID) */
	/*
	 * Where the headers lie, once lso_parse() has said LSO_OK; frame_parsed() tells. Known when
	 * needs_checksum is set, so that nobody on the frame's way needs to look for them again.
	 */
	struct lso_layout layout;
};

/* A frame on its way from one to the next; all of it is the giver's, for the time of the call. */
struct frame {
	const struct iovec *iov;
	int count;
	struct frame_meta meta;
};

static inline bool frame_parsed(const struct frame_meta *meta)
{
	return meta->layout.payload_offset != 0;
}

/* frame_is_super_udp() - a super-packet of UDP (USO); others are TCP's */
static inline bool frame_is_super_udp(const struct frame_meta *meta)
{
	return meta->mss && meta->layout.l4_protocol == IPPROTO_UDP;
}

/* frame_checksum_offset() - where the checksum lies in a TCP or UDP header */
static inline uint8_t frame_checksum_offset(const struct lso_layout *layout)
{
	return layout->l4_protocol == IPPROTO_TCP ? 16 : 6;
}

/*
 * frame_finish_checksum() - write the checksum that meta->needs_checksum leaves open
 * @iov, @count: the frame and nothing behind it
 * Return: false when the field does not lie in the frame.
 */
bool frame_finish_checksum(const struct iovec *iov, int count, const struct frame_meta *meta);

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

/*
 * frame_packet_end() - where the IP packet of a captured frame ends. A capture may hold more than
 * the packet: padding, a frame check sequence, the time stamp of a switch. None of it is payload.
 * @frame:  its headers, contiguous
 * @length: bytes of the frame with all that is behind
 * @fcs:    bytes of the frame check sequence that the capture says to have kept, else 0; goes by
 *          the IP length as well, and is asked only where that says nothing
 * @layout: as lso_parse() filled it, whatever it said
 * Return: bytes up to there, headers included. The IP length says nothing when it is 0, as that of
 * a super-packet may be, when it ends inside the headers or behind the frame, and without IP.
 */
size_t frame_packet_end(const uint8_t *frame, size_t length, size_t fcs,
			const struct lso_layout *layout);

/*
 * frame_is_cut_short() - does the IP length say more than the frame has?
 * @frame, @length, @layout: as for frame_packet_end()
 */
bool frame_is_cut_short(const uint8_t *frame, size_t length, const struct lso_layout *layout);

/* The first bytes of a frame in one piece, and where the headers lie in them. Refers to the frame.
 */
struct frame_head {
	const uint8_t *bytes; /* all headers, when `status` is LSO_OK */
	size_t length;
	enum lso_status status;
	struct lso_layout layout;      /* as lso_parse() fills it */
	uint8_t copy[LSO_MAX_HEADERS]; /* used when the frame's first piece is too short */
};

/*
 * frame_read_head() - the first bytes of a frame that lies in a larger room; status and layout are
 * left as they are
 * @iov, @count: the room; @length bytes of it are the frame
 */
void frame_read_head(struct frame_head *head, const struct iovec *iov, int count, size_t length);

/*
 * frame_parse() - find the headers in what frame_read_head() has read
 * Return: head->status, filled with the layout.
 */
enum lso_status frame_parse(struct frame_head *head);

#endif
