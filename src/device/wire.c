/* SPDX-License-Identifier: MIT */
#include "device/wire.h"

#include <errno.h>
#include <stdatomic.h>

static void lose(struct wire *wire, int error)
{
	if (wire->lost && !atomic_exchange(&wire->told, true))
		wire->lost(wire->context, error);
}

static void wire_send(void *context, const struct frame *frames, int count)
{
	struct wire *wire = context;

	edge_send(wire->edge, frames, count);
	if (edge_ended(wire->edge))
		lose(wire, EIO);
}

/*
 * A sender on a wire of ours that takes super-packets leaves the checksum of small packets open
 * too, since the two go together on a TAP. A cable carries whole frames: it is filled in here.
 */
static void finish_checksum(const struct iovec *iov, int count, size_t length,
			    const struct frame_meta *meta)
{
	struct iovec frame[16];
	int n = 0;

	for (; n < count && n < 16 && length; n++) {
		frame[n] = iov[n];
		if (frame[n].iov_len > length)
			frame[n].iov_len = length;
		length -= frame[n].iov_len;
	}
	frame_finish_checksum(frame, n, meta);
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct wire *wire = context;
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
	return (size_t)n;
}

struct device_wire wire_connector(struct wire *wire)
{
	return (struct device_wire){ .context = wire,
				     .super_packets = wire->edge->super_packets,
				     .send = wire_send,
				     .receive = wire_receive };
}
