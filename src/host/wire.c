/* SPDX-License-Identifier: MIT */
/* The cable: a device model's connector plugged into a wire edge. */
#include <errno.h>
#include <netcx/lso.h>
#include <sys/socket.h>

#include "host/nic.h"

#define BATCH 64

static struct frame_meta meta_of(const struct device_gso *gso)
{
	if (gso->mss == 0)
		return (struct frame_meta){ 0 };
	/* Cutting fills in each segment's checksum, so the super-packet's own is left open. */
	return (struct frame_meta){ .mss = gso->mss,
				    .needs_checksum = true,
				    .layout = { .ip_version = gso->ip_version,
						.l4_protocol = IPPROTO_TCP,
						.l4_offset = gso->l4_offset,
						.payload_offset = gso->header_length } };
}

static void wire_send(void *context, const struct device_frame *frames, int count)
{
	struct frame batch[BATCH];
	struct nic *nic = context;

	while (count > 0) {
		int n = count < BATCH ? count : BATCH;

		for (int i = 0; i < n; i++)
			batch[i] = (struct frame){ .iov = frames[i].iov,
						   .count = frames[i].count,
						   .meta = meta_of(&frames[i].gso) };
		edge_send(nic->wire, batch, n);
		frames += n;
		count -= n;
	}
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
			   struct device_gso *gso)
{
	struct nic *nic = context;
	struct frame_meta meta;
	ssize_t n;

	/* A cable has no UDP super-packets; the edge was never asked to take any. */
	do {
		n = edge_receive(nic->wire, iov, count, &meta);
	} while (n > 0 && frame_is_super_udp(&meta));
	if (n <= 0) {
		if (n < 0 && n != -ENODATA && !atomic_exchange(&nic->wire_lost, true))
			host_edge_lost(nic->host, nic->wire, (int)-n);
		return 0;
	}
	*gso = (struct device_gso){ 0 };
	if (meta.mss) {
		*gso = (struct device_gso){ .mss = meta.mss,
					    .ip_version = meta.layout.ip_version,
					    .header_length = meta.layout.payload_offset,
					    .l4_offset = meta.layout.l4_offset };
	} else if (meta.needs_checksum) {
		finish_checksum(iov, count, (size_t)n, &meta);
	}
	return (size_t)n;
}

struct device_wire wire_connector(struct nic *nic)
{
	return (struct device_wire){ .context = nic,
				     .super_packets = nic->wire->super_packets,
				     .send = wire_send,
				     .receive = wire_receive };
}

static int pump(void *context, int budget)
{
	struct nic *nic = context;

	return device_pump(nic->device, budget);
}

static bool pump_ready(void *context)
{
	struct nic *nic = context;

	return device_receive_ready(nic->device);
}

struct dp_pump wire_pump(struct nic *nic)
{
	if (!nic->device)
		return (struct dp_pump){ .fd = -1 };
	return (struct dp_pump){
		.fd = nic->wire->fd, .pump = pump, .ready = pump_ready, .context = nic
	};
}
