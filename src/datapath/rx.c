/* SPDX-License-Identifier: MIT */
/*
 * The receive queue: buffers posted to the driver, received packets out to the stack edge. In
 * system-managed mode fragment i of the ring keeps buffer i for its whole life; the driver's
 * lengths are checked against our own record, never against what stands in the element.
 */
#include <stdlib.h>
#include <string.h>

#include "datapath/private.h"
#include "nt/irql.h"

#define DEFAULT_PACKETS  512u
#define BATCH_FRAMES     64u
#define FRAGMENTS_MAX    8u /* of one received packet, driver-managed */
#define PUMP_BUDGET      64
#define STARVED_FIRST_MS 1u
#define STARVED_LAST_MS  50u

/* Make the element ready for the driver. */
static void reset_element(struct dp_rx *rx, uint32_t index)
{
	NET_RING_BUFFER *ring = rx->queue->packets;
	NET_PACKET *packet = dp_ring_element(ring, index);
	NET_PACKET_FRAGMENT *fragment = dp_ring_element(rx->queue->fragments, index);

	memset(packet, 0, ring->ElementStride);
	memset(fragment, 0, sizeof(*fragment));
	packet->FragmentOffset = index;
	packet->FragmentCount = 1;
	if (rx->driver_managed)
		return;
	fragment->VirtualAddress = dp_buffer_data(&rx->buffers, index);
	fragment->Capacity = rx->buffers.size;
	if (rx->buffers.logical)
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)dp_buffer_logical(&rx->buffers, index);
}

/* Post everything but one slot: [.., drain - 1). */
static void repost(struct dp_rx *rx)
{
	NET_RING_BUFFER *ring = rx->queue->packets;
	uint32_t end = (rx->drain - 1) & ring->ElementIndexMask;

	for (uint32_t i = ring->EndIndex; i != end; i = (i + 1) & ring->ElementIndexMask)
		reset_element(rx, i);
	rx->queue->fragments->EndIndex = end;
	ring->EndIndex = end;
}

/* The fragments of a system-managed packet: one, in the buffer that was posted with it. */
static int system_iov(struct dp_rx *rx, uint32_t index, const NET_PACKET *packet, struct iovec *iov)
{
	const NET_PACKET_FRAGMENT *fragment = dp_ring_element(rx->queue->fragments, index);
	size_t offset = fragment->Offset, length = fragment->ValidLength;

	if (packet->FragmentCount != 1 || packet->FragmentOffset != index || !length ||
	    offset > rx->buffers.size || length > rx->buffers.size - offset)
		return 0;
	iov[0].iov_base = dp_buffer_data(&rx->buffers, index) + offset;
	iov[0].iov_len = length;
	return 1;
}

static int driver_iov(struct dp_rx *rx, const NET_PACKET *packet, struct iovec *iov)
{
	const NET_RING_BUFFER *ring = rx->queue->fragments;

	if (!packet->FragmentCount || packet->FragmentCount > FRAGMENTS_MAX)
		return 0;
	for (unsigned i = 0; i < packet->FragmentCount; i++) {
		const NET_PACKET_FRAGMENT *fragment = dp_ring_element(
			ring, (packet->FragmentOffset + i) & ring->ElementIndexMask);
		size_t offset = fragment->Offset, length = fragment->ValidLength;

		if (!fragment->VirtualAddress || !length || offset > fragment->Capacity ||
		    length > fragment->Capacity - offset)
			return 0;
		iov[i].iov_base = (unsigned char *)fragment->VirtualAddress + offset;
		iov[i].iov_len = length;
	}
	return packet->FragmentCount;
}

static void read_checksum(struct dp_rx *rx, const NET_PACKET *packet, struct frame_meta *meta)
{
	const NET_PACKET_CHECKSUM *checksum;

	if (rx->queue->checksum_offset == NET_PACKET_EXTENSION_INVALID_OFFSET)
		return;
	checksum = (const void *)((const unsigned char *)packet + rx->queue->checksum_offset);
	if (checksum->Layer4 == NET_PACKET_RX_CHECKSUM_VALID &&
	    checksum->Layer3 != NET_PACKET_RX_CHECKSUM_INVALID) {
		meta->checksum_valid = true;
		DP_COUNT(rx->counters->checksum_valid, 1);
	} else if (checksum->Layer4 == NET_PACKET_RX_CHECKSUM_INVALID ||
		   checksum->Layer3 == NET_PACKET_RX_CHECKSUM_INVALID) {
		/* goes up unmarked: the stack above looks for itself and counts it */
		DP_COUNT(rx->counters->checksum_bad, 1);
	}
}

/* One returned packet into the batch. False: nothing to send for it. */
static bool gather(struct dp_rx *rx, uint32_t index, struct frame *frame, struct iovec *iov)
{
	const NET_PACKET *packet = dp_ring_element(rx->queue->packets, index);
	struct dp_rx_counters *c = rx->counters;
	size_t length = 0;

	if (packet->IgnoreThisPacket) {
		DP_COUNT(c->ignored, 1);
		return false;
	}
	*frame = (struct frame){ .iov = iov };
	frame->count = rx->driver_managed ? driver_iov(rx, packet, iov)
					  : system_iov(rx, index, packet, iov);
	if (!frame->count) {
		/* After EvtCancel, what nothing was received into may come back as it was. */
		if (rx->cancelled)
			DP_COUNT(c->ignored, 1);
		else
			DP_COUNT(c->bad, 1);
		return false;
	}
	for (int i = 0; i < frame->count; i++)
		length += iov[i].iov_len;
	read_checksum(rx, packet, &frame->meta);
	DP_COUNT(c->packets, 1);
	DP_COUNT(c->bytes, length);
	return true;
}

/* Driver-managed buffers go home when the stack is done with them: edge_send() has copied. */
static void return_buffers(struct dp_rx *rx, uint32_t from, uint32_t to)
{
	const NET_RING_BUFFER *ring = rx->queue->packets, *fragments = rx->queue->fragments;
	const NET_ADAPTER_RX_CAPABILITIES *caps = &rx->queue->adapter->rx;

	if (!rx->driver_managed)
		return;
	for (uint32_t i = from; i != to; i = (i + 1) & ring->ElementIndexMask) {
		const NET_PACKET *packet = dp_ring_element(ring, i);

		if (packet->IgnoreThisPacket || packet->FragmentCount > FRAGMENTS_MAX)
			continue;
		for (unsigned j = 0; j < packet->FragmentCount; j++) {
			const NET_PACKET_FRAGMENT *fragment =
				dp_ring_element(fragments, (packet->FragmentOffset + j) &
								   fragments->ElementIndexMask);

			if (fragment->VirtualAddress)
				caps->EvtAdapterReturnRxBuffer((NETADAPTER)rx->queue->adapter,
							       fragment->VirtualAddress,
							       fragment->RxBufferReturnContext);
		}
	}
}

/* Send up what the driver has returned, and post its places again. */
static unsigned drain(struct dp_rx *rx)
{
	NET_RING_BUFFER *ring = rx->queue->packets;
	unsigned total = 0;

	while (rx->drain != ring->BeginIndex) {
		uint32_t first = rx->drain;
		unsigned count = 0, seen = 0;

		for (; rx->drain != ring->BeginIndex && seen < BATCH_FRAMES; seen++) {
			if (gather(rx, rx->drain, &rx->frames[count],
				   &rx->iov[(size_t)count * FRAGMENTS_MAX]))
				count++;
			rx->drain = (rx->drain + 1) & ring->ElementIndexMask;
		}
		if (count)
			edge_send(rx->dp->config.stack, rx->frames, (int)count);
		return_buffers(rx, first, rx->drain);
		total += seen;
	}
	return total;
}

static int pump(struct dp_rx *rx)
{
	return rx->pump.pump ? rx->pump.pump(rx->pump.context, PUMP_BUDGET) : 0;
}

/*
 * While the device can take a frame, sleep until the wire has one. While it cannot (no descriptor),
 * look again after a growing pause: real hardware has a FIFO here, ours is the wire's own queue.
 * Another queue that has given descriptors ends the pause.
 */
static void sleep_until_work(struct dp_rx *rx)
{
	const struct dp_pump *p = &rx->pump;

	if (p->fd < 0 || p->ready(p->context)) {
		rx->starved_ms = 0;
		dp_thread_sleep(&rx->thread, p->fd, -1);
		return;
	}
	rx->starved_ms = rx->starved_ms ? rx->starved_ms * 2 : STARVED_FIRST_MS;
	if (rx->starved_ms > STARVED_LAST_MS)
		rx->starved_ms = STARVED_LAST_MS;
	/* Asked again afterwards: a queue that gave some meanwhile may not have seen the flag. */
	atomic_store(&rx->dp->starved, true);
	if (!p->ready(p->context))
		dp_thread_sleep(&rx->thread, -1, (int)rx->starved_ms);
	atomic_store(&rx->dp->starved, false);
}

/* Descriptors that the driver has just given may be what the hardware waits for. */
static void feed_pump(struct dp_rx *rx)
{
	struct dp_rx *first = rx->dp->rx[0];

	if (rx != first && atomic_load_explicit(&rx->dp->starved, memory_order_relaxed))
		dp_thread_wake(&first->thread);
}

static void run(struct dp_rx *rx)
{
	while (!atomic_load(&rx->thread.stopping)) {
		int pumped;
		unsigned drained;

		dp_thread_begin_round(&rx->thread);
		pumped = pump(rx);
		dp_call_advance(&rx->thread, &rx->counters->advances);
		feed_pump(rx);
		drained = drain(rx);
		if (drained)
			repost(rx);
		if (pumped > 0 || drained)
			continue;
		if (!rx->thread.armed)
			dp_call_arm(&rx->thread);
		else
			sleep_until_work(rx);
	}
}

/* After EvtCancel nothing is posted any more; all of the ring must come back. */
static void cancel(struct dp_rx *rx)
{
	const NET_RING_BUFFER *ring = rx->queue->packets;
	unsigned waited_ms = 0;

	dp_call_cancel(&rx->thread);
	rx->cancelled = true;
	dp_check_begin(rx->queue, rx->drain);
	drain(rx);
	while (rx->drain != ring->EndIndex) {
		dp_call_advance(&rx->thread, &rx->counters->advances);
		if (!drain(rx))
			dp_wait_for_return(&rx->thread, &waited_ms,
					   dp_ring_distance(ring, rx->drain, ring->EndIndex));
	}
}

void *dp_rx_body(void *context)
{
	struct dp_rx *rx = context;

	nt_thread_enter(rx->dp->config.machine);
	dp_ring_rewind(rx->queue->packets);
	dp_ring_rewind(rx->queue->fragments);
	rx->drain = 0;
	rx->cancelled = false;
	dp_call_start(&rx->thread);
	repost(rx);
	run(rx);
	cancel(rx);
	dp_call_stop(&rx->thread);
	nt_thread_leave();
	return NULL;
}

static NTSTATUS make_buffers(struct dp_rx *rx)
{
	const NET_ADAPTER_RX_CAPABILITIES *caps = &rx->queue->adapter->rx;
	bool dma = caps->MappingRequirement == NetMemoryMappingRequirementDmaMapped;
	size_t alignment = caps->FragmentBufferAlignment;
	int error = dp_buffers_create(
		&rx->buffers, rx->dp->config.dma, rx->queue->packets->NumberOfElements,
		caps->MaximumFragmentBufferSize, 0, alignment && alignment <= 4096 ? alignment : 1,
		dma ? caps->DmaCapabilities : NULL);

	return error ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

/* dp_rx_create() - the client's EvtAdapterCreateRxQueue, then our side of the queue. */
NTSTATUS dp_rx_create(struct dp *dp, unsigned id, struct dp_rx **result)
{
	uint32_t packets = dp->config.rx_packets ? dp->config.rx_packets : DEFAULT_PACKETS;
	struct dp_rx *rx = aligned_alloc(64, (sizeof(*rx) + 63) / 64 * 64);
	NTSTATUS status;

	if (!rx)
		return STATUS_INSUFFICIENT_RESOURCES;
	memset(rx, 0, sizeof(*rx));
	rx->dp = dp;
	rx->counters = &dp->rx_counters[id];
	rx->pump = id ? (struct dp_pump){ .fd = -1 } : dp->config.pump;
	rx->driver_managed =
		dp->adapter->rx.AllocationMode == NetRxFragmentBufferAllocationModeDriver;
	status = cx_queue_create(dp->adapter, CX_QUEUE_RX, id, packets, packets, &rx->queue);
	if (!NT_SUCCESS(status)) {
		free(rx);
		return status;
	}
	rx->queue->datapath = rx;
	if (dp_thread_init(&rx->thread, dp, rx->queue, &rx->counters->notifies)) {
		dp_rx_destroy(rx);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	rx->frames = calloc(BATCH_FRAMES, sizeof(*rx->frames));
	rx->iov = calloc((size_t)BATCH_FRAMES * FRAGMENTS_MAX, sizeof(*rx->iov));
	status = rx->frames && rx->iov ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
	if (NT_SUCCESS(status) && !rx->driver_managed)
		status = make_buffers(rx);
	if (!NT_SUCCESS(status)) {
		dp_rx_destroy(rx);
		return status;
	}
	*result = rx;
	return STATUS_SUCCESS;
}

void dp_rx_destroy(struct dp_rx *rx)
{
	cx_queue_delete(rx->queue);
	dp_thread_destroy(&rx->thread);
	dp_buffers_destroy(&rx->buffers, rx->dp->config.dma);
	free(rx->frames);
	free(rx->iov);
	free(rx);
}
