/* SPDX-License-Identifier: MIT */
/* Packets of the queues as a capture is given them: the bytes, and what is known beside them. */
#include "frame/watch.h"

#include "datapath/private.h"

/* Of a frame with meta, at the stack edge. */
static void note_meta(struct watch_note *note, const struct frame_meta *meta)
{
	note->mss = meta->mss;
	note->headers = meta->layout.payload_offset;
	if (frame_is_super_udp(meta))
		note->flags |= WATCH_UDP;
	if (meta->needs_checksum)
		note->flags |= WATCH_CHECKSUM_OPEN;
	if (meta->checksum_valid)
		note->flags |= WATCH_CHECKSUM_GOOD;
}

static void note_tag(struct watch_note *note, const struct cx_tag *tag)
{
	if (tag->actions & CX_IEEE8021Q_PRIORITY)
		note->flags |= WATCH_TAG_PRIORITY;
	if (tag->actions & CX_IEEE8021Q_VLAN)
		note->flags |= WATCH_TAG_VLAN;
	note->priority = tag->priority;
	note->vlan = tag->vlan;
}

void dp_watch_sent(const struct dp_tx *tx, const struct iovec *iov, int count, size_t length,
		   const struct frame_meta *meta)
{
	struct watch_note note = { .point = WATCH_STACK,
				   .outbound = true,
				   .queue = (uint16_t)tx->queue->id };
	struct iovec frame[2];
	int pieces = 0;

	for (; pieces < count && pieces < 2 && length; pieces++) {
		frame[pieces] = iov[pieces];
		if (frame[pieces].iov_len > length)
			frame[pieces].iov_len = length;
		length -= frame[pieces].iov_len;
	}
	note_meta(&note, meta);
	watch_put(tx->watch, &note, frame, pieces);
}

void dp_watch_posted(const struct dp_tx *tx, const struct cx_tx_packet *packet)
{
	struct watch_note note = { .point = WATCH_RING,
				   .outbound = true,
				   .queue = (uint16_t)tx->queue->id,
				   .mss = packet->mss,
				   .headers = packet->layout->payload_offset };
	const struct iovec frame = { packet->data, packet->length };

	if (packet->ipv4_checksum)
		note.flags |= WATCH_ASKS_IPV4;
	if (packet->checksum)
		note.flags |= WATCH_ASKS_TRANSPORT;
	if (packet->layout->l4_protocol == IPPROTO_UDP)
		note.flags |= WATCH_UDP;
	note_tag(&note, &packet->tag);
	watch_put(tx->watch, &note, &frame, 1);
}

void dp_watch_returned(const struct dp_rx *rx, const struct cx_rx_packet *packet)
{
	struct watch_note note = { .point = WATCH_RING,
				   .queue = (uint16_t)rx->queue->id,
				   .segments = packet->coalesced.segments };

	if (packet->checksum == CX_RX_CHECKSUM_VALID)
		note.flags |= WATCH_CHECKSUM_GOOD;
	if (packet->checksum == CX_RX_CHECKSUM_BAD)
		note.flags |= WATCH_CHECKSUM_BAD;
	note_tag(&note, &packet->tag);
	watch_put(rx->up.watch, &note, packet->iov, packet->count);
}

void dp_watch_up(const struct dp_up *up, const struct frame *frames, int count)
{
	for (int i = 0; i < count; i++) {
		struct watch_note note = { .point = WATCH_STACK, .queue = up->queue };

		note_meta(&note, &frames[i].meta);
		watch_put(up->watch, &note, frames[i].iov, frames[i].count);
	}
}
