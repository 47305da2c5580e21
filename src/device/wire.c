/* SPDX-License-Identifier: MIT */
#include "device/wire.h"

#include <errno.h>
#include <stdatomic.h>

#define FRAME_PIECES 16 /* of a room that a frame is read into; of more, the first */

static void lose(struct wire *wire, int error)
{
	if (wire->lost && !atomic_exchange(&wire->told, true))
		wire->lost(wire->context, error);
}

static bool is_watched(const struct wire *wire)
{
	return wire->watch && watch_on(wire->watch, WATCH_WIRE);
}

/* What a capture is given; the queue is known of what is sent, when its own thread sends it. */
static void watch_frame(const struct wire *wire, const struct iovec *iov, int count,
			const struct frame_meta *meta, bool outbound)
{
	struct watch_note note = { .point = WATCH_WIRE,
				   .outbound = outbound,
				   .queue = outbound ? watch_queue() : WATCH_NO_QUEUE,
				   .mss = meta->mss,
				   .headers = meta->layout.payload_offset };

	if (frame_is_super_udp(meta))
		note.flags |= WATCH_UDP;
	if (meta->needs_checksum)
		note.flags |= WATCH_CHECKSUM_OPEN;
	watch_put(wire->watch, &note, iov, count);
}

static void wire_send(void *context, const struct frame *frames, int count)
{
	struct wire *wire = context;

	if (is_watched(wire)) {
		for (int i = 0; i < count; i++)
			watch_frame(wire, frames[i].iov, frames[i].count, &frames[i].meta, true);
	}
	edge_send(wire->edge, frames, count);
	if (edge_ended(wire->edge))
		lose(wire, EIO);
}

/*
 * The frame at the beginning of a room
 * @to: room for FRAME_PIECES
 * Return: its pieces
 */
static int frame_in(const struct iovec *iov, int count, size_t length, struct iovec *to)
{
	int n = 0;

	for (; n < count && n < FRAME_PIECES && length; n++) {
		to[n] = iov[n];
		if (to[n].iov_len > length)
			to[n].iov_len = length;
		length -= to[n].iov_len;
	}
	return n;
}

/*
 * A sender on a wire of ours that takes super-packets leaves the checksum of small packets open
 * too, since the two go together on a TAP. A cable carries whole frames: it is filled in here.
 */
static void finish_checksum(const struct iovec *iov, int count, size_t length,
			    const struct frame_meta *meta)
{
	struct iovec frame[FRAME_PIECES];

	frame_finish_checksum(frame, frame_in(iov, count, length, frame), meta);
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct wire *wire = context;
	struct iovec frame[FRAME_PIECES];
	ssize_t n;

	/* A cable has no UDP super-packets; the edge was never asked to take any. */
	do {
		n = edge_receive(wire->edge, iov, count, meta);
	} while (n > 0 && frame_is_super_udp(meta));
	if (n <= 0) {
		if (n < 0 && n != -ENODATA)
			lose(wire, (int)-n);
		return 0;
	}
	if (meta->needs_checksum && !meta->mss)
		finish_checksum(iov, count, (size_t)n, meta);
	if (!meta->mss)
		*meta = (struct frame_meta){ 0 };
	if (is_watched(wire))
		watch_frame(wire, frame, frame_in(iov, count, (size_t)n, frame), meta, false);
	return (size_t)n;
}

struct device_wire wire_connector(struct wire *wire)
{
	return (struct device_wire){ .context = wire,
				     .super_packets = wire->edge->super_packets,
				     .send = wire_send,
				     .receive = wire_receive };
}
