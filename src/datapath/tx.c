/* SPDX-License-Identifier: MIT */
/*
 * The transmit queue: frames of the stack edge into the packet ring, what the driver has returned
 * out of it. We move the ring's end, the driver its begin.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cx/client.h"
#include "datapath/private.h"

#define DEFAULT_PACKETS 256u
#define BATCH_PACKETS   32u
/* A super-packet: 64 KB of IP, its link-layer header, and what a wrong length field may add. */
#define LONGEST_FRAME        (72u * 1024)
#define LINK_POLL_MS         10
#define FULL_POLL_MS         1
#define IPV4_CHECKSUM_OFFSET 10u

/* What is posted from here on goes by the rules of now; so do not yet the rest of a split. */
static void read_drain(struct dp_tx *tx)
{
	uint64_t generation = atomic_load(&tx->dp->drain_generation);

	if (generation == tx->drain_seen || tx->split.busy)
		return;
	tx->drain_seen = generation;
	tx->drain_left = tx->outstanding;
}

static void tell_drained(struct dp_tx *tx)
{
	struct dp *dp = tx->dp;

	if (tx->drain_met == tx->drain_seen || tx->drain_left)
		return;
	pthread_mutex_lock(&dp->limit_lock);
	tx->drain_met = tx->drain_seen;
	pthread_cond_broadcast(&dp->limit_changed);
	pthread_mutex_unlock(&dp->limit_lock);
}

static void read_rules(struct dp_tx *tx, struct dp_tx_rules *rules)
{
	tx->limit_seen = atomic_load(&tx->dp->limit_generation);
	tx->limit = atomic_load(&tx->dp->limit);
	read_drain(tx);
	dp_read_rules(rules, tx->queue, tx->limit);
}

/* A limit is met when the driver has none of its LSO packets. Its waiter is told once. */
static void tell_limit(struct dp_tx *tx)
{
	struct dp *dp = tx->dp;

	if (tx->limit_met == tx->limit_seen ||
	    (tx->lso_ipv4 && (tx->limit & cx_tx_word_gso_bits(CX_L3_ALL_IPV4))) ||
	    (tx->lso_ipv6 && (tx->limit & cx_tx_word_gso_bits(CX_L3_ALL_IPV6))))
		return;
	pthread_mutex_lock(&dp->limit_lock);
	tx->limit_met = tx->limit_seen;
	pthread_cond_broadcast(&dp->limit_changed);
	pthread_mutex_unlock(&dp->limit_lock);
}

static void count_lso(struct dp_tx *tx, const struct dp_tx_packet *packet, uint32_t change)
{
	if (packet->lso == 4)
		tx->lso_ipv4 += change;
	else
		tx->lso_ipv6 += change;
}

/* Hand one packet, that was moved so far within its buffer, to the driver's side of the ring. */
static void post(struct dp_tx *tx, uint32_t buffer, const struct cx_tx_packet *packet, size_t moved)
{
	struct cx_ring *ring = &tx->queue->packets;
	uint32_t index = ring->posted;

	tx->format->write_tx(tx->queue, index, packet);
	if (buffer != DP_NO_BUFFER)
		dp_buffer_lend(&tx->buffers, buffer, index, moved + packet->length);
	tx->packets[index] = (struct dp_tx_packet){
		.buffer = buffer,
		.lso = packet->mss ? packet->layout->ip_version : 0,
	};
	if (packet->mss)
		count_lso(tx, &tx->packets[index], 1);
	tx->outstanding++;
	cx_ring_post(ring, (index + 1) & ring->mask);
}

/* A frame that lies in a buffer of ours. */
static void post_planned(struct dp_tx *tx, uint32_t buffer, size_t length,
			 const struct dp_plan *plan)
{
	struct cx_tx_packet packet = {
		.data = dp_buffer_data(&tx->buffers, buffer),
		.logical = tx->buffers.logical ? dp_buffer_logical(&tx->buffers, buffer) : 0,
		.length = length,
		.layout = &plan->layout,
		.transport = plan->parsed == LSO_OK,
		.mss = plan->mss,
		.ipv4_checksum = plan->hardware_l3,
		.checksum = plan->hardware_l4,
		.tag = plan->tag,
	};
	size_t moved = dp_place_packet(tx, &packet);

	if (watch_on(tx->watch, WATCH_RING))
		dp_watch_posted(tx, &packet);
	dp_scatter_packet(tx, &packet);
	post(tx, buffer, &packet, moved);
}

static void count_posted(struct dp_tx *tx, size_t length, const struct dp_plan *plan)
{
	struct dp_tx_counters *c = tx->counters;

	count_add(&c->packets, 1);
	count_add(&c->bytes, length);
	if (plan->mss) {
		size_t payload = length - plan->layout.payload_offset;

		count_add(&c->lso_packets, 1);
		count_add(&c->lso_bytes, length);
		count_add(&c->lso_segments, (payload + plan->mss - 1) / plan->mss);
	} else {
		count_add(&c->plain_packets, 1);
		count_add(&c->plain_bytes, length);
	}
}

static void post_ignored(struct dp_tx *tx)
{
	count_add(&tx->counters->ignored, 1);
	post(tx, DP_NO_BUFFER, &(struct cx_tx_packet){ 0 }, 0);
}

/* The next piece of the super-packet that is being cut. False: no room now. */
static bool post_piece(struct dp_tx *tx, size_t *length)
{
	const struct dp_plan plan = { .layout = tx->split.layout, .tag = tx->split.tag };
	uint32_t buffer = dp_buffer_take(&tx->buffers);
	uint8_t *data;

	if (buffer == DP_NO_BUFFER)
		return false;
	data = dp_buffer_data(&tx->buffers, buffer);
	*length = lso_next(&tx->split.segmenter, data);
	if (!*length) {
		dp_buffer_give(&tx->buffers, buffer);
		dp_buffer_give(&tx->buffers, tx->split.buffer);
		tx->split.busy = false;
		return true;
	}
	count_add(&tx->counters->software_segments, 1);
	count_posted(tx, *length, &plan);
	post_planned(tx, buffer, *length, &plan);
	return true;
}

/* Cut the frame in @buffer (and the overflow). A segment larger than a buffer can't be posted. */
static void begin_split(struct dp_tx *tx, uint32_t buffer, const struct iovec packet[2],
			const struct dp_plan *plan, uint16_t mss)
{
	struct dp_split *split = &tx->split;

	split->buffer = buffer;
	split->packet[0] = packet[0];
	split->packet[1] = packet[1];
	split->layout = plan->layout;
	split->tag = plan->tag;
	if (dp_split_begin(split, mss, plan->ip_id) &&
	    lso_frame_size(&split->segmenter) <= tx->buffers.size - tx->room) {
		count_add(&tx->counters->software_segmented, 1);
		return;
	}
	split->busy = false;
	dp_buffer_give(&tx->buffers, buffer);
	count_add(&tx->counters->dropped, 1);
}

static void post_frame(struct dp_tx *tx, uint32_t buffer, size_t length, struct dp_plan *plan)
{
	uint8_t *frame = dp_buffer_data(&tx->buffers, buffer);

	if (plan->mss)
		dp_seed_without_length(frame, &plan->layout);
	if (plan->software_checksum) {
		lso_fill_checksums(frame, length, &plan->layout, false, true);
		count_add(&tx->counters->software_checksums, 1);
	}
	if (plan->hardware_l3) /* the stack leaves it to the hardware: nothing is there yet */
		memset(frame + plan->layout.l3_offset + IPV4_CHECKSUM_OFFSET, 0, 2);
	count_posted(tx, length, plan);
	post_planned(tx, buffer, length, plan);
}

/* The source has ended for good, or with an error. */
static void source_over(struct dp_tx *tx, int error)
{
	tx->source_ended = true;
	if (error == -ENODATA)
		return;
	tx->finished_told = true;
	if (tx->dp->config.edge_lost)
		tx->dp->config.edge_lost(tx->dp->config.context, error);
}

/*
 * The next frame into a room of two pieces: off the stack edge, or from the queue that reads it.
 * Return: its length; 0: there is none.
 */
static size_t receive(struct dp_tx *tx, const struct iovec room[2], struct frame_meta *meta)
{
	ssize_t got;

	if (tx->source < 0)
		return dp_take_handed(tx, room, 2, meta);
	got = edge_receive_queue(tx->dp->config.stack, (unsigned)tx->source, room, 2, meta);
	if (got > 0) {
		if (watch_on(tx->watch, WATCH_STACK))
			dp_watch_sent(tx, room, 2, (size_t)got, meta);
		return (size_t)got;
	}
	tx->dry = true;
	if (got < 0)
		source_over(tx, (int)got);
	return 0;
}

/* To the queue of its priority. Return: false when that is the one that has it. */
static bool hand_over(struct dp_tx *tx, const struct iovec frame[2], size_t length,
		      const struct frame_meta *meta)
{
	struct dp *dp = tx->dp;
	int pieces = frame[1].iov_len ? 2 : 1;
	unsigned priority;

	if (!dp->by_priority || tx->source < 0)
		return false;
	priority = dp_priority(frame, pieces, length);
	if (!priority || priority >= dp->tx_count)
		return false;
	if (!dp_hand_over(dp->tx[priority], frame, pieces, length, meta))
		count_add(&tx->counters->dropped, 1);
	return true;
}

static void handle_frame(struct dp_tx *tx, uint32_t buffer, struct iovec frame[2], size_t length,
			 struct frame_meta *meta, const struct dp_tx_rules *rules)
{
	struct dp_plan plan;
	struct cx_tag tag = { 0 };

	if (rules->tags)
		length -= dp_take_tag(frame, meta, rules->tags, &tag);
	dp_plan(&plan, frame, frame[1].iov_len ? 2 : 1, length, meta, rules);
	plan.tag = tag;
	if (plan.segment) {
		begin_split(tx, buffer, frame, &plan, meta->mss);
	} else if (plan.drop) {
		dp_buffer_give(&tx->buffers, buffer);
		count_add(&tx->counters->dropped, 1);
	} else if (frame[1].iov_len) {
		/* larger than MaximumFragmentBufferSize: travels the ring, is completed, is lost */
		dp_buffer_give(&tx->buffers, buffer);
		post_ignored(tx);
	} else {
		post_frame(tx, buffer, length, &plan);
	}
}

/* Take one frame. False: none is there, or no buffer. */
static bool take_frame(struct dp_tx *tx, const struct dp_tx_rules *rules, size_t *length)
{
	uint32_t buffer = dp_buffer_take(&tx->buffers);
	struct frame_meta meta = { 0 };
	struct iovec iov[2];

	if (buffer == DP_NO_BUFFER)
		return false;
	iov[0].iov_base = dp_buffer_data(&tx->buffers, buffer);
	iov[0].iov_len = tx->buffers.size - tx->room;
	iov[1].iov_base = tx->overflow;
	iov[1].iov_len = tx->overflow_size;
	*length = receive(tx, iov, &meta);
	if (!*length) {
		dp_buffer_give(&tx->buffers, buffer);
		return false;
	}
	iov[1].iov_len = *length > iov[0].iov_len ? *length - iov[0].iov_len : 0;
	iov[0].iov_len = *length - iov[1].iov_len;
	if (hand_over(tx, iov, *length, &meta))
		dp_buffer_give(&tx->buffers, buffer);
	else
		handle_frame(tx, buffer, iov, *length, &meta, rules);
	return true;
}

/* A capture is not sent into a cable that is not plugged in; a live stack minds the carrier. */
static bool may_read(struct dp_tx *tx)
{
	if (tx->source < 0)
		return tx->dp->by_priority;
	if (tx->source_ended || tx->dry)
		return false;
	if (!tx->dp->config.stack->finite)
		return true;
	return cx_adapter_link_up(tx->queue->adapter, NULL, NULL) &&
	       !(tx->dp->by_priority && dp_others_full(tx->dp));
}

/* The fragment ring has room whenever the packet ring has, unless it comes back on its own. */
static bool room(const struct dp_tx *tx)
{
	return tx->outstanding < tx->capacity &&
	       (!tx->format->room_tx || tx->format->room_tx(tx->queue, tx->fragments_max));
}

static unsigned post_batch(struct dp_tx *tx)
{
	struct dp_tx_rules rules;
	unsigned taken = 0;
	size_t bytes = 0, length;

	read_rules(tx, &rules);
	while (taken < BATCH_PACKETS && bytes < tx->batch_bytes && room(tx)) {
		length = 0;
		if (tx->split.busy ? !post_piece(tx, &length)
				   : !may_read(tx) || !take_frame(tx, &rules, &length))
			break;
		taken++;
		bytes += length;
	}
	return taken;
}

/* Take back what the driver has returned. */
static unsigned drain(struct dp_tx *tx)
{
	const struct cx_ring *ring = &tx->queue->packets;
	uint32_t first = tx->drain, end = dp_returned(tx->queue, first);
	unsigned count = 0;

	for (; tx->drain != end; count++) {
		struct dp_tx_packet *packet = &tx->packets[tx->drain];

		if (packet->buffer != DP_NO_BUFFER) {
			dp_buffer_return(&tx->buffers, packet->buffer);
			dp_buffer_give(&tx->buffers, packet->buffer);
		}
		if (packet->lso)
			count_lso(tx, packet, (uint32_t)-1);
		tx->outstanding--;
		tx->drain_left -= tx->drain_left > 0;
		tx->drain = (tx->drain + 1) & ring->mask;
	}
	if (count)
		tx->format->returned_tx(tx->queue, first, end);
	return count;
}

static void tell_finished(struct dp_tx *tx)
{
	if (tx->outstanding || tx->split.busy)
		return;
	if (tx->source < 0) {
		if (tx->dp->by_priority)
			dp_note_idle(tx);
		return;
	}
	if (!tx->source_ended || tx->finished_told ||
	    (tx->dp->by_priority && !dp_others_idle(tx->dp)))
		return;
	tx->finished_told = true;
	if (tx->dp->config.finished)
		tx->dp->config.finished(tx->dp->config.context);
}

static struct dp_tx *tx_of(struct cx_poll *poll)
{
	return (struct dp_tx *)dp_thread_of(poll);
}

static void begin(struct cx_poll *poll)
{
	struct dp_tx *tx = tx_of(poll);

	tx->format->rewind(tx->queue);
	tx->drain = 0;
	tx->dry = false;
	atomic_store(&tx->gauge->thread, gettid());
	dp_call_start(&tx->thread);
}

/* 1809's order: post, Advance if the driver owns any, take back. */
static bool go_round(struct cx_poll *poll)
{
	struct dp_tx *tx = tx_of(poll);
	unsigned posted = post_batch(tx), drained;

	if (watch_on(tx->watch, WATCH_WIRE))
		watch_set_queue((uint16_t)tx->queue->id);
	dp_gauge_held(tx->gauge, tx->outstanding);
	if (tx->outstanding)
		dp_call_advance(&tx->thread, &tx->counters->advances);
	drained = drain(tx);
	tell_limit(tx);
	tell_drained(tx);
	if (posted && !tx->dry)
		dp_look_at_wire(tx);
	if (posted || drained)
		return true;
	tell_finished(tx);
	return false;
}

/* Without packets there is nothing that the driver could tell of; 1809 asks all the same. */
static void arm(struct cx_poll *poll)
{
	const struct dp_tx *tx = tx_of(poll);

	if (tx->outstanding || tx->queue->adapter->owner->client->arms_idle_tx)
		dp_call_arm(poll);
}

static bool sleep_until(struct cx_poll *poll, struct cx_poll_sleep *until)
{
	const struct dp_tx *tx = tx_of(poll);
	const struct edge *stack = tx->dp->config.stack;

	atomic_store(&tx->gauge->rest, room(tx) ? DP_WAITS_FOR_FRAMES : DP_WAITS_FOR_ROOM);
	if (tx->source < 0 || tx->source_ended || !room(tx))
		return true;
	until->fd = edge_queue_fd(stack, (unsigned)tx->source);
	if (edge_holds(stack, (unsigned)tx->source))
		return false;
	if (stack->finite && tx->dp->by_priority && dp_others_full(tx->dp)) {
		until->fd = -1;
		until->timeout_ms = FULL_POLL_MS;
	} else if (until->fd < 0 && stack->finite) {
		until->timeout_ms = LINK_POLL_MS;
	}
	return true;
}

static void woken(struct cx_poll *poll, bool ready)
{
	struct dp_tx *tx = tx_of(poll);

	atomic_store(&tx->gauge->rest, DP_AWAKE);
	tx->dry = !ready;
}

static void cancel(struct cx_poll *poll)
{
	struct dp_tx *tx = tx_of(poll);

	if (tx->split.busy) {
		dp_buffer_give(&tx->buffers, tx->split.buffer);
		tx->split.busy = false;
	}
	dp_call_cancel(&tx->thread);
	drain(tx);
}

static bool empty(struct cx_poll *poll)
{
	return !tx_of(poll)->outstanding;
}

static bool await(struct cx_poll *poll)
{
	struct dp_tx *tx = tx_of(poll);

	dp_call_advance(&tx->thread, &tx->counters->advances);
	if (drain(tx))
		return true;
	dp_note_waiting(&tx->thread, tx->outstanding);
	return false;
}

static void end(struct cx_poll *poll)
{
	dp_gauge_end(tx_of(poll)->gauge);
	dp_call_stop(dp_thread_of(poll));
}

static const struct cx_poll_ops poll_ops = {
	.begin = begin,
	.round = go_round,
	.arm = arm,
	.sleep = sleep_until,
	.woken = woken,
	.cancel = cancel,
	.empty = empty,
	.await = await,
	.end = end,
};

static NTSTATUS make_buffers(struct dp_tx *tx)
{
	const struct cx_tx_caps *caps = &tx->queue->adapter->tx;
	int error;

	tx->alignment = caps->alignment ? caps->alignment : 1;
	tx->offset = caps->backfill < CX_TX_OFFSET ? caps->backfill : CX_TX_OFFSET;
	if (tx->dp->config.tx_fragment_size &&
	    caps->buffer_size < DP_BUFFER_MAXIMUM - DP_PLACE_ROOM)
		tx->room = DP_PLACE_ROOM;
	error = dp_buffers_create(&tx->buffers, tx->queue, tx->dp->config.dma,
				  tx->queue->packets.mask + 1, caps->buffer_size + tx->room,
				  caps->backfill, tx->alignment,
				  caps->dma.mapped ? &caps->dma : NULL);
	return error ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static uint32_t power_of_two(uint32_t n)
{
	return n & (n - 1) ? 1u << (32 - __builtin_clz(n)) : n;
}

/* dp_tx_create() - the client's EvtAdapterCreateTxQueue, then our side of the queue. */
NTSTATUS dp_tx_create(struct dp *dp, unsigned id, struct dp_tx **result)
{
	const struct cx_tx_caps *caps = &dp->adapter->tx;
	uint32_t packets = dp->config.tx_packets ? dp->config.tx_packets : DEFAULT_PACKETS;
	uint32_t fragments = packets;
	struct dp_tx *tx = aligned_alloc(_Alignof(struct dp_tx), sizeof(*tx));
	NTSTATUS status;

	if (!tx)
		return STATUS_INSUFFICIENT_RESOURCES;
	memset(tx, 0, sizeof(*tx));
	tx->dp = dp;
	tx->counters = &dp->tx_counters[id].is;
	tx->gauge = &dp->tx_counters[id].gauge;
	tx->watch = dp->watch;
	tx->source = -1;
	dp_demux_init(tx);
	tx->fragments_max = 1;
	if (dp->config.tx_fragment_size) {
		tx->fragments_max = caps->fragments > 64 ? 64 : (uint32_t)caps->fragments;
		fragments = power_of_two(packets * tx->fragments_max);
	}
	if (caps->fragment_ring > fragments)
		fragments = power_of_two(caps->fragment_ring);
	status = cx_queue_create(
		dp->adapter,
		&(struct cx_queue_request){ .kind = CX_QUEUE_TX,
					    .id = id,
					    .priority = caps->priorities ? (uint8_t)id : 0,
					    .packet_count = packets,
					    .fragment_count = fragments },
		&tx->queue);
	if (!NT_SUCCESS(status)) {
		dp_demux_destroy(tx);
		free(tx);
		return status;
	}
	tx->queue->datapath = tx;
	tx->format = dp->adapter->owner->client->packets;
	if (dp_thread_init(&tx->thread, dp, tx->queue, &poll_ops, &tx->counters->notifies)) {
		dp_tx_destroy(tx);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	tx->capacity = packets - 1;
	tx->batch_bytes = dp_batch_bytes(dp->config.uncut);
	tx->overflow_size = LONGEST_FRAME;
	tx->overflow = malloc(tx->overflow_size);
	tx->packets = calloc(packets, sizeof(*tx->packets));
	status = tx->overflow && tx->packets ? make_buffers(tx) : STATUS_INSUFFICIENT_RESOURCES;
	if (!NT_SUCCESS(status)) {
		dp_tx_destroy(tx);
		return status;
	}
	*result = tx;
	return STATUS_SUCCESS;
}

void dp_tx_destroy(struct dp_tx *tx)
{
	cx_queue_delete(tx->queue);
	dp_thread_destroy(&tx->thread);
	dp_buffers_destroy(&tx->buffers, tx->dp->config.dma);
	dp_demux_destroy(tx);
	free(tx->overflow);
	free(tx->packets);
	free(tx);
}
