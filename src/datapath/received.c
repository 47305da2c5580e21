/* SPDX-License-Identifier: MIT */
/*
 * What a driver says of a received packet beside its bytes, made part of the frame that goes up:
 * a tag that the hardware has taken out is put in again, and what it has made one packet of many
 * segments (RSC) becomes a super-packet, as a NIC of Linux hands it up. The bytes are the driver's,
 * so headers that change are a copy.
 *
 * Nothing that is said is taken for true: a count of segments that the payload cannot be, or
 * lengths in the headers that are not the frame's, make it no frame.
 */
#include <netinet/in.h>
#include <string.h>

#include "base/bytes.h"
#include "datapath/private.h"

#define ADDRESSES  12u /* bytes, in front of a tag */
#define TAG_BYTES  4u
#define TAG_TYPE   0x8100u
#define UDP_LENGTH 4u /* offset in the header: RFC 768 */

/* The frame's first bytes into the room, with the tag among them. Return: bytes taken of it. */
static size_t copy_head(const struct cx_rx_packet *packet, struct dp_head *head)
{
	bool tagged = packet->tag.actions;
	size_t taken = frame_read(packet->iov, packet->count, 0, head->bytes, LSO_MAX_HEADERS);

	head->length = taken;
	if (!tagged)
		return taken;
	if (taken < ADDRESSES)
		return 0;
	memmove(head->bytes + ADDRESSES + TAG_BYTES, head->bytes + ADDRESSES, taken - ADDRESSES);
	store_be16(head->bytes + ADDRESSES, TAG_TYPE);
	store_be16(head->bytes + ADDRESSES + 2,
		   (uint16_t)((packet->tag.priority & 7u) << 13 | (packet->tag.vlan & 0xFFFu)));
	head->length += TAG_BYTES;
	return taken;
}

/*
 * The copy in the place of the frame's first @taken bytes. The piece in front of the packet's is
 * free.
 */
static void put_head(struct frame *frame, struct iovec *pieces, int count, struct dp_head *head,
		     size_t taken)
{
	int i = 0;

	while (i < count && taken >= pieces[i].iov_len)
		taken -= pieces[i++].iov_len;
	if (i < count) {
		pieces[i].iov_base = (uint8_t *)pieces[i].iov_base + taken;
		pieces[i].iov_len -= taken;
	}
	pieces[i - 1] = (struct iovec){ head->bytes, head->length };
	frame->iov = &pieces[i - 1];
	frame->count = count - i + 1;
}

/* Do the lengths in the headers say what the frame has? */
static bool lengths_are_true(const struct dp_head *head, size_t length,
			     const struct lso_layout *layout)
{
	return frame_packet_end(head->bytes, SIZE_MAX, 0, layout) == length &&
	       (layout->l4_protocol != IPPROTO_UDP ||
		load_be16(head->bytes + layout->l4_offset + UDP_LENGTH) ==
			length - layout->l4_offset);
}

/*
 * Payload bytes of a segment. Of TCP the hardware tells the count alone; all but the last are taken
 * for equal, as Linux' drivers do. Of UDP it tells the size, which decides; a count that has the
 * frame's headers in it, as Microsoft's netvadapter makes it, may be one more. Return: 0: it cannot
 * be.
 */
static size_t segment_size(const struct cx_coalesced *said, size_t payload, bool udp)
{
	size_t size = (payload + said->segments - 1) / said->segments, count;

	if (said->segments > payload || size > UINT16_MAX)
		return 0;
	if (!udp)
		return size;
	if (!said->size)
		return 0;
	count = (payload + said->size - 1) / said->size;
	return said->segments == count || said->segments == count + 1 ? said->size : 0;
}

/* Checksums of the single segments are gone with them; the kernel is told that they were good. */
static bool make_super(struct frame *frame, struct dp_head *head, size_t length,
		       const struct cx_coalesced *said)
{
	const struct iovec piece = { head->bytes, head->length };
	struct lso_layout *layout = &frame->meta.layout;
	size_t size;

	if (lso_parse(&piece, 1, layout) != LSO_OK || !lengths_are_true(head, length, layout))
		return false;
	/* Acknowledgements without data: the last of them stands for all. */
	if (length == layout->payload_offset) {
		frame->meta.layout = (struct lso_layout){ 0 };
		return true;
	}
	size = segment_size(said, length - layout->payload_offset,
			    layout->l4_protocol == IPPROTO_UDP);
	if (!size)
		return false;
	lso_fill_checksums(head->bytes, length, layout, true, false);
	lso_set_seed(head->bytes, layout, (uint32_t)(length - layout->l4_offset));
	frame->meta.mss = (uint16_t)size;
	frame->meta.needs_checksum = true;
	frame->meta.checksum_valid = false;
	return true;
}

bool dp_describe_received(const struct cx_rx_packet *packet, struct dp_head *head,
			  struct frame *frame)
{
	size_t length = frame_length(packet->iov, packet->count), taken;

	*frame = (struct frame){ .iov = packet->iov, .count = packet->count };
	frame->meta.checksum_valid = packet->checksum == CX_RX_CHECKSUM_VALID;
	if (packet->coalesced.segments < 2 && !packet->tag.actions)
		return true;
	taken = copy_head(packet, head);
	if (!taken)
		return false;
	length += head->length - taken;
	put_head(frame, packet->iov, packet->count, head, taken);
	if (packet->coalesced.segments < 2)
		return true;
	/* Hardware makes one of segments only when it has found each to be good. */
	return packet->checksum != CX_RX_CHECKSUM_BAD &&
	       make_super(frame, head, length, &packet->coalesced);
}
