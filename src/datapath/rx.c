/* SPDX-License-Identifier: MIT */
/*
 * The receive queue: buffers posted to the driver, received packets out to the stack edge. Unless
 * the driver has buffers of its own, element i of the ring keeps buffer i for its whole life.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cx/client.h"
#include "datapath/private.h"

#define DEFAULT_PACKETS  512u
#define BATCH_FRAMES     64u
#define FRAME_IOV        (1 + CX_RX_FRAGMENTS) /* headers of ours, and the driver's pieces */
#define BATCH_IOV        (3 * BATCH_FRAMES + FRAME_IOV)
#define LONGEST_SEGMENT  (LSO_MAX_HEADERS + UINT16_MAX)
#define PUMP_BUDGET      448 /* fewer than the ring has mostly, so that the device does not run dry */
#define STARVED_FIRST_MS 1u
#define STARVED_LAST_MS  50u

static void lend_buffers(struct dp_rx *rx, uint32_t from, uint32_t to)
{
	uint32_t mask = rx->queue->buffers->mask;

	for (uint32_t i = from; i != to; i = (i + 1) & mask)
		dp_buffer_lend(&rx->buffers, i, i, rx->buffers.size);
	dp_buffer_keep(&rx->buffers, to);
}

/* Post everything but one slot, [.., drain - 1), and but what held frames lie in. */
static void repost(struct dp_rx *rx)
{
	struct cx_ring *ring = &rx->queue->packets, *buffers = rx->queue->buffers;
	uint32_t end = rx->drain, buffers_end = rx->buffer_drain;
	uint64_t round;

	rx->kept = dp_coalesce_holds(&rx->coalesce, &round);
	if (rx->kept) {
		end = rx->began[round % DP_ROUNDS_KEPT].drain;
		buffers_end = rx->began[round % DP_ROUNDS_KEPT].buffer_drain;
	}
	end = (end - 1) & ring->mask;
	buffers_end = (buffers_end - 1) & buffers->mask;

	if (!rx->driver_managed)
		lend_buffers(rx, buffers->posted, buffers_end);
	rx->format->post_rx(rx->queue, ring->posted, end, rx->driver_managed ? NULL : &rx->ours,
			    buffers_end);
	if (buffers != ring)
		cx_ring_post(buffers, buffers_end);
	cx_ring_post(ring, end);
	dp_gauge_held(rx->gauge, dp_ring_distance(ring, rx->drain, end));
}

/* What has a bad one goes up unmarked: the stack above looks for itself and counts it. */
static void count_checksum(struct dp_rx *rx, enum cx_rx_checksum checksum)
{
	if (checksum == CX_RX_CHECKSUM_VALID)
		count_add(&rx->counters->checksum_valid, 1);
	else if (checksum == CX_RX_CHECKSUM_BAD)
		count_add(&rx->counters->checksum_bad, 1);
}

/* What there is nothing to send for. After EvtCancel, an empty packet may come back as it was. */
static void count_unsent(struct dp_rx *rx, enum cx_rx_result result)
{
	if (result == CX_RX_IGNORED || rx->cancelled)
		count_add(&rx->counters->ignored, 1);
	else
		count_add(&rx->counters->bad, 1);
}

/* Of a super-packet, by its size: a driver's count need not be right. */
static unsigned segments_in(const struct frame *frame)
{
	size_t payload = frame_length(frame->iov, frame->count) - frame->meta.layout.payload_offset;

	return (unsigned)((payload + frame->meta.mss - 1) / frame->meta.mss);
}

/*
 * One returned packet as a frame.
 * @at:    of the batch
 * @iov:   room for FRAME_IOV
 * Return: pieces of it that are used; 0: nothing to send for it.
 */
static unsigned gather(struct dp_rx *rx, uint32_t index, unsigned at, struct iovec *iov)
{
	struct dp_rx_counters *c = rx->counters;
	struct frame *frame = &rx->frames[at];
	struct cx_rx_packet packet = { .iov = iov + 1,
				       .buffers = rx->driver_managed ? NULL : &rx->ours };
	enum cx_rx_result result;

	result = rx->format->read_rx(rx->queue, index, &packet);
	if (watch_on(rx->up.watch, WATCH_RING) && result == CX_RX_FRAME)
		dp_watch_returned(rx, &packet);
	if (result == CX_RX_FRAME && rx->dp->config.received)
		rx->dp->config.received(rx->dp->config.listener, rx->queue->id, &packet);
	if (result == CX_RX_FRAME && !dp_describe_received(&packet, &rx->heads[at], frame))
		result = CX_RX_BAD;
	if (result != CX_RX_FRAME) {
		count_unsent(rx, result);
		return 0;
	}
	if (frame->iov->iov_base == rx->heads[at].bytes)
		rx->heads_in_use = true;
	count_checksum(rx, packet.checksum);
	rx->bad[at] = packet.checksum == CX_RX_CHECKSUM_BAD;
	rx->repeated[at] = packet.coalesced.segments == 1 ? packet.coalesced.acks : 0;
	if (packet.hash_protocols)
		count_add(&c->hashed, 1);
	count_add(&c->packets, 1);
	count_add(&c->bytes, frame_length(frame->iov, frame->count));
	if (frame->meta.mss) {
		count_add(&c->coalesced, 1);
		count_add(&c->coalesced_segments, segments_in(frame));
	}
	return 1 + (unsigned)packet.count;
}

static bool edge_takes(const struct edge *stack, const struct frame *frame)
{
	if (!frame->meta.mss)
		return true;
	return frame_is_super_udp(&frame->meta) ? stack->super_udp : stack->super_packets;
}

/* A super-packet for a stack that takes none. Rare: no memory is kept for it in advance. */
static void send_cut(struct dp_rx *rx, const struct frame *frame)
{
	const struct lso_options options = { .mss = frame->meta.mss,
					     .ip_id = LSO_IP_ID_LINUX,
					     .layout = &frame->meta.layout };
	struct lso_segmenter segmenter;
	struct iovec iov = { 0 };
	const struct frame segment = { .iov = &iov, .count = 1, .meta.checksum_valid = true };

	if (!rx->segment)
		rx->segment = malloc(LONGEST_SEGMENT);
	if (!rx->segment || lso_begin(&segmenter, frame->iov, frame->count, &options) != LSO_OK) {
		count_add(&rx->counters->bad, 1);
		return;
	}
	count_add(&rx->counters->coalesced_cut, 1);
	iov.iov_base = rx->segment;
	while ((iov.iov_len = lso_next(&segmenter, rx->segment)))
		dp_send_up(&rx->up, &segment, 1);
}

/*
 * An acknowledgment, and those that hardware has counted as equal to it: TCP's sender counts them,
 * and takes a segment for lost at the third.
 */
static void send_repeated(struct dp_rx *rx, unsigned at)
{
	for (uint32_t i = 0; i <= rx->repeated[at]; i++)
		dp_send_up(&rx->up, &rx->frames[at], 1);
}

/* One that the hardware has coalesced is not looked into: all that is held goes in front of it. */
static void send_coalesced(struct dp_rx *rx, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct frame *frame = &rx->frames[i];

		if (!frame->meta.mss && !rx->repeated[i]) {
			dp_coalesce_take(&rx->coalesce, frame, rx->bad[i]);
			continue;
		}
		dp_coalesce_flush(&rx->coalesce);
		if (edge_takes(rx->dp->config.stack, frame))
			send_repeated(rx, i);
		else
			send_cut(rx, frame);
	}
	/* What is behind them goes back to the driver, or is used anew, when this returns. */
	if (rx->heads_in_use || rx->driver_managed)
		dp_coalesce_flush(&rx->coalesce);
	else
		dp_coalesce_send(&rx->coalesce);
}

static bool coalesces(const struct dp_rx *rx)
{
	return rx->coalesce.coalescer &&
	       atomic_load_explicit(&rx->dp->coalesce, memory_order_relaxed);
}

static void flush_held(struct dp_rx *rx)
{
	if (rx->coalesce.coalescer)
		dp_coalesce_flush(&rx->coalesce);
}

/* In order, whatever of them is to be cut. */
static void send_up(struct dp_rx *rx, unsigned count)
{
	const struct edge *stack = rx->dp->config.stack;
	unsigned sent = 0;

	if (coalesces(rx)) {
		send_coalesced(rx, count);
		return;
	}
	flush_held(rx);
	for (unsigned i = 0; i < count; i++) {
		bool takes = edge_takes(stack, &rx->frames[i]);

		if (takes && !rx->repeated[i])
			continue;
		if (i > sent)
			dp_send_up(&rx->up, &rx->frames[sent], (int)(i - sent));
		if (takes)
			send_repeated(rx, i);
		else
			send_cut(rx, &rx->frames[i]);
		sent = i + 1;
	}
	if (count > sent)
		dp_send_up(&rx->up, &rx->frames[sent], (int)(count - sent));
}

/* Driver-managed buffers go back to the driver when edge_send() has copied. */
static void return_buffers(struct dp_rx *rx, uint32_t from, uint32_t to)
{
	if (rx->driver_managed)
		rx->format->return_rx(rx->queue, from, to);
}

/* The buffers that came back, with the packets or beside them. */
static unsigned take_buffers(struct dp_rx *rx, uint32_t to)
{
	const struct cx_ring *ring = rx->queue->buffers;
	unsigned count = dp_ring_distance(ring, rx->buffer_drain, to);

	for (; rx->buffer_drain != to; rx->buffer_drain = (rx->buffer_drain + 1) & ring->mask)
		if (!rx->driver_managed)
			dp_buffer_return(&rx->buffers, rx->buffer_drain);
	return count;
}

/*
 * May frames be held over to the next round? Not those in a driver's own buffers, which go back to
 * it at once, nor when the driver would be left with less than half of the ring.
 */
static bool may_hold(const struct dp_rx *rx)
{
	const struct cx_ring *ring = &rx->queue->packets, *buffers = rx->queue->buffers;
	uint64_t round;
	uint32_t i;

	if (rx->driver_managed)
		return false;
	if (!dp_coalesce_holds(&rx->coalesce, &round))
		return true;
	i = round % DP_ROUNDS_KEPT;
	return dp_ring_distance(ring, rx->began[i].drain, rx->drain) <= ring->mask / 2 &&
	       dp_ring_distance(buffers, rx->began[i].buffer_drain, rx->buffer_drain) <=
		       buffers->mask / 2;
}

static void begin_round(struct dp_rx *rx)
{
	rx->round++;
	rx->began[rx->round % DP_ROUNDS_KEPT].drain = rx->drain;
	rx->began[rx->round % DP_ROUNDS_KEPT].buffer_drain = rx->buffer_drain;
	rx->heads_in_use = false;
	if (rx->coalesce.coalescer)
		dp_coalesce_round(&rx->coalesce, rx->round);
}

/*
 * Send up what the driver has returned.
 * @more: the wire has more, and the next round comes at once
 * Return: how much came back.
 */
static unsigned drain(struct dp_rx *rx, bool more)
{
	const struct cx_ring *ring = &rx->queue->packets;
	uint32_t end = dp_returned(rx->queue, rx->drain);
	unsigned total = 0;

	begin_round(rx);
	if (rx->queue->buffers == ring)
		take_buffers(rx, end);
	else
		total += take_buffers(rx, rx->queue->buffers->returned);
	while (rx->drain != end) {
		uint32_t first = rx->drain;
		unsigned count = 0, seen = 0, used = 0;

		for (; rx->drain != end && seen < BATCH_FRAMES && used + FRAME_IOV <= BATCH_IOV;
		     seen++) {
			unsigned pieces = gather(rx, rx->drain, count, &rx->iov[used]);

			used += pieces;
			count += pieces != 0;
			rx->drain = (rx->drain + 1) & ring->mask;
		}
		send_up(rx, count);
		return_buffers(rx, first, rx->drain);
		total += seen;
	}
	if (!more || !may_hold(rx))
		flush_held(rx);
	return total;
}

static bool wire_holds(const struct dp_pump *p)
{
	return p->holds && p->holds(p->context);
}

/*
 * A look at a wire that has nothing is a system call, which costs as much as a small frame. It has
 * nothing when the device took less than it might, and could take more: poll(2) tells of the next.
 */
static int pump(struct dp_rx *rx)
{
	const struct dp_pump *p = &rx->pump;
	int taken;

	if (!p->pump || rx->dry)
		return 0;
	taken = p->pump(p->context, PUMP_BUDGET);
	rx->dry = p->fd >= 0 && taken < PUMP_BUDGET && p->ready(p->context) && !wire_holds(p);
	return taken;
}

static struct dp_rx *rx_of(struct cx_poll *poll)
{
	return (struct dp_rx *)dp_thread_of(poll);
}

static void begin(struct cx_poll *poll)
{
	struct dp_rx *rx = rx_of(poll);

	rx->format->rewind(rx->queue);
	rx->drain = rx->buffer_drain = 0;
	rx->cancelled = false;
	rx->dry = false;
	atomic_store(&rx->gauge->thread, gettid());
	if (!rx->driver_managed)
		dp_buffers_rouse(&rx->buffers);
	dp_call_start(&rx->thread);
	repost(rx);
}

/* Descriptors that the driver has just given may be what the hardware waits for. */
static void feed_pump(struct dp_rx *rx)
{
	struct dp_rx *first = rx->dp->rx[0];

	if (rx != first && atomic_load_explicit(&rx->dp->starved, memory_order_relaxed))
		dp_thread_wake(&first->thread);
}

/*
 * What the stack answers it has queued before the system call that gave it the frames is over. A
 * transmit queue of this thread looks, and spares it a sleep that is none.
 */
static void look_for_answers(const struct dp_rx *rx)
{
	const struct dp *dp = rx->dp;

	for (unsigned i = 0; i < dp->tx_count; i++) {
		if (dp->tx[i]->thread.execution == rx->thread.execution)
			dp->tx[i]->dry = false;
	}
}

void dp_look_at_wire(const struct dp_tx *tx)
{
	struct dp_rx *first = tx->dp->rx[0];

	if (first->thread.execution == tx->thread.execution)
		first->dry = false;
}

static bool go_round(struct cx_poll *poll)
{
	struct dp_rx *rx = rx_of(poll);
	int pumped = pump(rx);
	unsigned drained;

	dp_call_advance(&rx->thread, &rx->counters->advances);
	feed_pump(rx);
	drained = drain(rx, pumped >= PUMP_BUDGET);
	if (drained || rx->kept)
		repost(rx);
	if (drained)
		look_for_answers(rx);
	return pumped > 0 || drained;
}

/*
 * While the device can take a frame, sleep until the wire has one. While it cannot (no descriptor),
 * look again after a growing pause: real hardware has a FIFO here, ours is the wire's own queue.
 * Another queue that has given descriptors ends the pause.
 */
static bool sleep_until(struct cx_poll *poll, struct cx_poll_sleep *until)
{
	struct dp_rx *rx = rx_of(poll);
	const struct dp_pump *p = &rx->pump;

	if (p->fd < 0 || p->ready(p->context)) {
		rx->starved_ms = 0;
		until->fd = p->fd;
		return !wire_holds(p);
	}
	rx->starved_ms = rx->starved_ms ? rx->starved_ms * 2 : STARVED_FIRST_MS;
	if (rx->starved_ms > STARVED_LAST_MS)
		rx->starved_ms = STARVED_LAST_MS;
	until->timeout_ms = (int)rx->starved_ms;
	/* Asked again afterwards: a queue that gave some meanwhile may not have seen the flag. */
	atomic_store(&rx->dp->starved, true);
	return !p->ready(p->context);
}

static void woken(struct cx_poll *poll, bool ready)
{
	struct dp_rx *rx = rx_of(poll);

	rx->dry = !ready;
	if (rx->pump.pump && atomic_load(&rx->dp->starved))
		atomic_store(&rx->dp->starved, false);
}

/* After EvtCancel nothing is posted any more; all of the ring must come back. */
static void cancel(struct cx_poll *poll)
{
	struct dp_rx *rx = rx_of(poll);

	dp_call_cancel(&rx->thread);
	rx->cancelled = true;
	drain(rx, false);
}

static uint32_t held(const struct dp_rx *rx)
{
	const struct cx_ring *ring = &rx->queue->packets;
	uint32_t packets = dp_ring_distance(ring, rx->drain, ring->posted);

	return packets || !rx->format->held_rx ? packets : rx->format->held_rx(rx->queue);
}

static bool empty(struct cx_poll *poll)
{
	return !held(rx_of(poll));
}

static bool await(struct cx_poll *poll)
{
	struct dp_rx *rx = rx_of(poll);

	dp_call_advance(&rx->thread, &rx->counters->advances);
	if (drain(rx, false))
		return true;
	dp_note_waiting(&rx->thread, held(rx));
	return false;
}

static void end(struct cx_poll *poll)
{
	struct dp_rx *rx = rx_of(poll);

	dp_gauge_end(rx->gauge);
	if (!rx->driver_managed)
		dp_buffers_rest(&rx->buffers);
	dp_call_stop(&rx->thread);
}

static const struct cx_poll_ops poll_ops = {
	.begin = begin,
	.round = go_round,
	.arm = dp_call_arm,
	.sleep = sleep_until,
	.woken = woken,
	.cancel = cancel,
	.empty = empty,
	.await = await,
	.end = end,
};

static NTSTATUS make_buffers(struct dp_rx *rx)
{
	const struct cx_rx_caps *caps = &rx->queue->adapter->rx;
	size_t alignment = caps->alignment;
	int error =
		dp_buffers_create(&rx->buffers, rx->queue, rx->dp->config.dma,
				  rx->queue->buffers->mask + 1, caps->buffer_size, 0,
				  alignment ? alignment : 1, caps->dma.mapped ? &caps->dma : NULL);

	if (error)
		return STATUS_INSUFFICIENT_RESOURCES;
	rx->ours = (struct cx_rx_buffers){
		.data = dp_buffer_data(&rx->buffers, 0),
		.logical = rx->buffers.logical ? dp_buffer_logical(&rx->buffers, 0) : 0,
		.stride = rx->buffers.stride,
		.size = rx->buffers.size,
	};
	return STATUS_SUCCESS;
}

/* What a round's frames are put together in. Return: false: no memory. */
static bool make_batch(struct dp_rx *rx)
{
	struct edge *stack = rx->dp->config.stack;

	rx->frames = calloc(BATCH_FRAMES, sizeof(*rx->frames));
	rx->iov = calloc(BATCH_IOV, sizeof(*rx->iov));
	rx->heads = calloc(BATCH_FRAMES, sizeof(*rx->heads));
	rx->bad = calloc(BATCH_FRAMES, sizeof(*rx->bad));
	rx->repeated = calloc(BATCH_FRAMES, sizeof(*rx->repeated));
	return rx->frames && rx->heads && rx->bad && rx->repeated && rx->iov &&
	       (!stack->super_packets || dp_coalesce_create(&rx->coalesce, &rx->up, rx->counters));
}

/* dp_rx_create() - the client's EvtAdapterCreateRxQueue, then our side of the queue. */
NTSTATUS dp_rx_create(struct dp *dp, unsigned id, struct dp_rx **result)
{
	uint32_t packets = dp->config.rx_packets ? dp->config.rx_packets : DEFAULT_PACKETS;
	struct dp_rx *rx = calloc(1, sizeof(*rx));
	NTSTATUS status;

	if (!rx)
		return STATUS_INSUFFICIENT_RESOURCES;
	rx->dp = dp;
	rx->counters = &dp->rx_counters[id].is;
	rx->gauge = &dp->rx_counters[id].gauge;
	rx->up = (struct dp_up){ dp->config.stack, dp->watch, (uint16_t)id };
	rx->pump = id ? (struct dp_pump){ .fd = -1 } : dp->config.pump;
	rx->driver_managed = dp->adapter->rx.driver_buffers;
	status = cx_queue_create(dp->adapter,
				 &(struct cx_queue_request){ .kind = CX_QUEUE_RX,
							     .id = id,
							     .packet_count = packets,
							     .fragment_count = packets },
				 &rx->queue);
	if (!NT_SUCCESS(status)) {
		free(rx);
		return status;
	}
	rx->queue->datapath = rx;
	rx->format = dp->adapter->owner->client->packets;
	if (dp_thread_init(&rx->thread, dp, rx->queue, &poll_ops, &rx->counters->notifies)) {
		dp_rx_destroy(rx);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	status = make_batch(rx) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
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
	free(rx->heads);
	free(rx->bad);
	free(rx->repeated);
	dp_coalesce_destroy(&rx->coalesce);
	free(rx->segment);
	free(rx->iov);
	free(rx);
}
