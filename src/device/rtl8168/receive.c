/* SPDX-License-Identifier: MIT */
/*
 * The receiver: frames go from the wire straight into the next descriptor's buffer. What is
 * longer than the buffer ends in a scratch area behind it, so that a frame which is too long is
 * seen whole, and a super-packet can be put together there and cut into one descriptor a segment.
 *
 * With RSS on, which ring a frame belongs to is known once the frame is there: each is taken into
 * the scratch area and copied from there. Frames leave in the order they came, as from the chip's
 * FIFO: one whose queue has no descriptor is held, and the others wait behind it on the wire.
 */
#include <string.h>

#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

/* The rings of queues 1 to 3 and the RSS engine; the table of queue numbers is an ordinary
 * register.
 */
static void configure_queues(struct rtl8168 *r, unsigned rewind)
{
	struct rtl_rx *rx = &r->rx;

	memcpy(&rx->rss.control, r->eri + RTL_ERI_RSS_CONTROL, sizeof(rx->rss.control));
	memcpy(rx->rss.key, r->eri + RTL_ERI_RSS_KEY, sizeof(rx->rss.key));
	memcpy(rx->rss.table, r->registers + RTL_RSS_TABLE, sizeof(rx->rss.table));
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		struct rtl_rx_queue *queue = &rx->queues[n];
		uint64_t base = rtl_file_get(r, RTL_RDSAR, 8);

		if (n)
			memcpy(&base, r->eri + RTL_ERI_RDSAR1 + 8 * (n - 1), sizeof(base));
		/* Without RSS there is one queue, and a driver may well leave a high half at 0. */
		queue->half = r->halves[n] && (n || rx->rss.control & RTL_RSS_ENABLE);
		queue->ring.base = queue->half ? 0 : base & ~(uint64_t)0xFF;
		if (rewind & 1u << n)
			queue->ring.next = 0;
		if (!rx->enabled)
			queue->dry = false;
	}
}

void rtl_receive_configure(struct rtl8168 *r, unsigned rewind)
{
	struct rtl_rx *rx = &r->rx;
	uint8_t command = r->registers[RTL_CMD];

	pthread_mutex_lock(&rx->lock);
	rx->enabled = command & RTL_CMD_RE && !(command & RTL_CMD_STOP) && !r->device.removed;
	if (!rx->enabled) {
		rx->held.active = false;
		rtl_rsc_drop(rx);
	}
	rx->rsc.wanted = (uint32_t)rtl_file_get(r, RTL_RSC, 4);
	configure_queues(r, rewind);
	rx->rcr = (uint32_t)rtl_file_get(r, RTL_RCR, 4);
	rx->rms = rtl_file_get(r, RTL_RMS, 2) & RTL_RX_LENGTH;
	rx->cpcr = (uint16_t)rtl_file_get(r, RTL_CPCR, 2);
	rx->moderated = r->registers[RTL_MODERATE_RX] != 0;
	memcpy(rx->mac, r->registers + RTL_ID, sizeof(rx->mac));
	for (int i = 0; i < 8; i++) /* MARn is at 0x0F - n */
		rx->multicast[i] = r->registers[RTL_MAR + 7 - i];
	pthread_mutex_unlock(&rx->lock);
}

static bool spreads(const struct rtl_rx *rx)
{
	return rx->rss.control & RTL_RSS_ENABLE;
}

/*
 * Where a frame for queue @n goes now. A queue whose ring was never set has no driver behind it,
 * and after RSS was switched off nobody may look at the other rings: such frames are queue 0's.
 */
static unsigned queue_for(const struct rtl_rx *rx, unsigned n)
{
	return spreads(rx) && rx->queues[n].ring.base ? n : 0;
}

static void raise_in_queue(unsigned n, uint16_t first, uint16_t other, uint64_t *events)
{
	*events |= n ? RTL_QUEUE_EVENT(n, other) : first;
}

static bool owned(const struct rtl_descriptor *d)
{
	if (!d || !(__atomic_load_n(&d->status, __ATOMIC_ACQUIRE) & RTL_OWN))
		return false;
	nt_order_with_hardware();
	return true;
}

/*
 * Return: NULL when there is no ring at all. With several queues that is a queue whose start is yet
 * to come: its driver switches the receiver on with whichever queue starts first.
 */
static struct rtl_descriptor *next_descriptor(struct rtl8168 *r, unsigned n)
{
	const struct rtl_ring *ring = &r->rx.queues[n].ring;

	if (!ring->base && (r->rx.queues[n].half || r->rx.queues[1].ring.base ||
			    r->rx.queues[2].ring.base || r->rx.queues[3].ring.base))
		return NULL;
	return rtl_descriptor(r, ring, ring->next, "receive descriptor");
}

/* What the driver posted. A capacity of 0 is still asked for as a byte, so its address is checked.
 */
static uint8_t *posted_buffer(struct rtl8168 *r, const struct rtl_descriptor *d, size_t *capacity)
{
	*capacity = d->length & RTL_RX_LENGTH;
	return rtl_dma(r, d->address, *capacity ? *capacity : 1, "receive buffer");
}

static void error(struct rtl8168 *r, uint64_t *events)
{
	count_add(&r->counters.rx_errors, 1);
	count_add(&r->tally.rx_error, 1);
	*events |= RTL_RER;
}

/* Bytes a frame takes up in a buffer. */
static size_t room_for(size_t length)
{
	return (length < RTL_MIN_FRAME ? RTL_MIN_FRAME : length) + RTL_CRC_LENGTH;
}

static bool too_long(struct rtl8168 *r, size_t length, size_t capacity)
{
	size_t needed = room_for(length);

	if (needed <= capacity && needed <= r->rx.rms)
		return false;
	rtl_complain(r, "receive: a frame of %zu bytes with CRC; RMS is %u, the buffer has %zu",
		     needed, r->rx.rms, capacity);
	return true;
}

/*
 * A super-packet: its head lies in the descriptor's buffer and goes in front of the rest. The
 * segments follow one by one, now and as descriptors come. The wire has mostly looked for the
 * headers already; a driver that has written to its buffer since gets what it made of them.
 */
static bool hold(struct rtl8168 *r, const uint8_t *head, size_t head_length, size_t length,
		 const struct frame_meta *meta, uint16_t match)
{
	struct rtl_rx *rx = &r->rx;
	struct rtl_held *held = &rx->held;
	struct iovec whole = { .iov_base = rx->scratch, .iov_len = length };
	const struct lso_options options = { .mss = meta->mss,
					     .ip_id = LSO_IP_ID_LINUX,
					     .layout = &held->layout };
	enum lso_status status = LSO_OK;

	if (head != rx->scratch)
		memcpy(rx->scratch, head, head_length < length ? head_length : length);
	held->layout = meta->layout;
	if (!frame_parsed(meta))
		status = lso_parse(&whole, 1, &held->layout);
	if (!status)
		status = lso_begin(&held->segmenter, &whole, 1, &options);
	if (status) {
		rtl_complain(r, "receive: a super-packet that cannot be cut: %s",
			     lso_reason(status));
		return false;
	}
	held->room = lso_frame_size(&held->segmenter);
	held->left = lso_segments(&held->segmenter);
	held->match = match;
	held->length = length;
	held->whole = false;
	held->queue = 0;
	held->active = true;
	return true;
}

/*
 * The next frame off the wire straight into queue 0's descriptor.
 * Return: a frame was taken. When it is a super-packet, it is held now.
 */
static bool take(struct rtl8168 *r, struct rtl_descriptor *d, uint64_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct frame_meta meta = { 0 };
	struct iovec iov[2];
	size_t capacity, room, length;
	uint16_t match;
	uint8_t *buffer = posted_buffer(r, d, &capacity);

	room = capacity > RTL_CRC_LENGTH ? capacity - RTL_CRC_LENGTH : 0;
	iov[0].iov_base = buffer;
	iov[0].iov_len = room;
	iov[1].iov_base = rx->scratch + room;
	iov[1].iov_len = sizeof(rx->scratch) - room;
	length = r->device.wire.receive(r->device.wire.context, iov, 2, &meta);
	if (!length)
		return false;
	if (room < RTL_MIN_FRAME)
		too_long(r, RTL_MIN_FRAME, capacity);
	if (room < RTL_MIN_FRAME || length < FRAME_ETHERNET_HEADER ||
	    length > sizeof(rx->scratch)) {
		error(r, events);
	} else if (!rtl_filter(rx, buffer, &match)) {
		count_add(&r->counters.rx_filtered, 1);
	} else if (meta.mss) {
		if (!hold(r, buffer, room, length, &meta, match))
			error(r, events);
	} else if (too_long(r, length, capacity)) {
		error(r, events);
	} else {
		rtl_deliver(r, &rx->queues[0], d, buffer, length, match, NULL);
		*events |= RTL_ROK;
	}
	return true;
}

/* The same with RSS or RSC on: what passes is held, with its queue. */
static bool take_aside(struct rtl8168 *r, uint64_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct iovec iov = { .iov_base = rx->scratch, .iov_len = sizeof(rx->scratch) };
	struct frame_meta meta = { 0 };
	size_t length = r->device.wire.receive(r->device.wire.context, &iov, 1, &meta);
	uint16_t match;

	if (!length)
		return false;
	if (length < FRAME_ETHERNET_HEADER || length > sizeof(rx->scratch)) {
		error(r, events);
		return true;
	}
	if (!rtl_filter(rx, rx->scratch, &match)) {
		count_add(&r->counters.rx_filtered, 1);
		return true;
	}
	if (!meta.mss) {
		rx->held = (struct rtl_held){
			.active = true, .whole = true, .match = match, .length = length
		};
	} else if (!hold(r, rx->scratch, length, length, &meta, match)) {
		error(r, events);
		return true;
	}
	rx->held.queue = (uint8_t)rtl_rss_queue(&rx->rss, rx->scratch, length);
	return true;
}

/* The held frame, or the held super-packet's next segment. Return: its length; 0: none is left. */
static size_t copy_held(struct rtl_rx *rx, uint8_t *buffer)
{
	struct rtl_held *held = &rx->held;
	size_t length;

	if (held->whole) {
		memcpy(buffer, rx->scratch, held->length);
		held->active = false;
		return held->length;
	}
	length = lso_next(&held->segmenter, buffer);
	if (held->left-- == 1 || !length)
		held->active = false;
	return length;
}

/* What is held, or a part of it, into a descriptor of queue @n. */
static void deliver_held(struct rtl8168 *r, unsigned n, struct rtl_descriptor *d, uint64_t *events)
{
	struct rtl_held *held = &r->rx.held;
	size_t capacity, length;
	uint8_t *buffer = posted_buffer(r, d, &capacity);

	if (too_long(r, held->whole ? held->length : held->room, capacity)) {
		held->active = false;
		error(r, events);
		return;
	}
	length = copy_held(&r->rx, buffer);
	if (!length)
		return;
	rtl_deliver(r, &r->rx.queues[n], d, buffer, length, held->match,
		    held->whole ? NULL : &held->layout);
	raise_in_queue(n, RTL_ROK, RTL_QUEUE_ROK, events);
}

/* Receiver off: what comes is lost. Return: a frame was taken off the wire. */
static bool discard(struct rtl8168 *r)
{
	struct iovec iov = { .iov_base = r->rx.scratch, .iov_len = sizeof(r->rx.scratch) };
	struct frame_meta meta = { 0 };

	if (!r->device.wire.receive(r->device.wire.context, &iov, 1, &meta))
		return false;
	count_add(&r->counters.rx_missed, 1);
	count_add(&r->tally.rx_missed, 1);
	return true;
}

/* Queue @n lacks descriptors. Always false. */
static bool run_dry(struct rtl8168 *r, unsigned n, uint64_t *events)
{
	struct rtl_rx_queue *queue = &r->rx.queues[n];

	if (!queue->dry)
		raise_in_queue(n, RTL_RDU, RTL_QUEUE_RDU, events);
	queue->dry = true;
	return false;
}

/* A frame that the coalescer has let go as it came. Return: false: no descriptor. */
static bool deliver_single(struct rtl8168 *r, unsigned n, const struct rtl_unit *unit,
			   uint64_t *events)
{
	struct rtl_descriptor *d = next_descriptor(r, n);
	size_t capacity;
	uint8_t *buffer;

	if (!owned(d))
		return run_dry(r, n, events);
	buffer = posted_buffer(r, d, &capacity);
	if (too_long(r, unit->length, capacity)) {
		error(r, events);
		return true;
	}
	memcpy(buffer, unit->bytes, unit->length);
	count_add(&r->counters.rx_frames, unit->frames - 1);
	count_add(&r->tally.rx_ok, unit->frames - 1);
	rtl_deliver(r, &r->rx.queues[n], d, buffer, unit->length, unit->match,
		    unit->good ? &unit->layout : NULL);
	raise_in_queue(n, RTL_ROK, RTL_QUEUE_ROK, events);
	return true;
}

static bool deliver_several(struct rtl8168 *r, unsigned n, const struct rtl_unit *unit,
			    uint64_t *events)
{
	bool fits = true;

	if (rtl_deliver_unit(r, &r->rx.queues[n], unit, &fits)) {
		raise_in_queue(n, RTL_ROK, RTL_QUEUE_ROK, events);
		return true;
	}
	if (fits)
		return run_dry(r, n, events);
	rtl_complain(r, "receive: a coalesced packet of %zu bytes is more than the ring has",
		     unit->length);
	error(r, events);
	return true;
}

/* The packet that the coalescer let go first. Return: false: it waits for descriptors. */
static bool deliver_next_unit(struct rtl8168 *r, const struct rtl_unit *unit, uint64_t *events)
{
	struct rtl_rx *rx = &r->rx;
	unsigned n = queue_for(rx, unit->queue);

	if (!(unit->written_back ? deliver_several : deliver_single)(r, n, unit, events))
		return false;
	rx->queues[n].dry = false;
	rtl_rsc_done(rx);
	return true;
}

/*
 * By way of the coalescer: packets that it has let go, then frames into it, the segments of a
 * super-packet one by one as the cable would have brought them; when the wire has no more, what it
 * holds.
 */
static bool coalesce_one(struct rtl8168 *r, uint64_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct rtl_held *held = &rx->held;
	const struct rtl_unit *unit = rtl_rsc_next(rx);
	uint8_t *frame = held->whole ? rx->scratch : rx->rsc.segment;
	bool trusted = !held->whole;
	size_t length;

	if (unit)
		return deliver_next_unit(r, unit, events);
	if (rtl_rsc_is_stale(rx) && rtl_rsc_flush(r))
		return true;
	if (!held->active)
		return take_aside(r, events) || rtl_rsc_flush(r);
	if (held->whole) {
		length = held->length;
		held->active = false;
	} else {
		length = copy_held(rx, frame);
	}
	if (length > RTL_UNIT)
		error(r, events);
	else if (length)
		rtl_rsc_frame(r, frame, length, held->match, held->queue, trusted);
	return true;
}

/* Return: a frame moved; false: nothing on the wire, or no descriptor. */
static bool receive_one(struct rtl8168 *r, uint64_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct rtl_descriptor *d;
	unsigned n;

	if (!rx->enabled)
		return discard(r);
	if (rtl_rsc_on(rx))
		return coalesce_one(r, events);
	if (!rx->held.active && spreads(rx)) {
		if (!take_aside(r, events))
			return false;
		if (!rx->held.active)
			return true;
	}
	n = rx->held.active ? queue_for(rx, rx->held.queue) : 0;
	d = next_descriptor(r, n);
	if (!owned(d))
		return run_dry(r, n, events);
	rx->queues[n].dry = false;
	if (!rx->held.active && !take(r, d, events))
		return false;
	if (rx->held.active)
		deliver_held(r, n, d, events);
	return true;
}

/*
 * With moderation one interrupt tells of all that the wire has, or of a whole budget: the timer is
 * never waited for, since nothing comes meanwhile. Without, each frame has its own.
 */
int rtl_pump(struct device *device, int budget)
{
	struct rtl8168 *r = (struct rtl8168 *)device;
	bool more = true;
	int moved = 0;

	while (more && moved < budget) {
		uint64_t events = 0;
		bool moderated;

		pthread_mutex_lock(&r->rx.lock);
		moderated = r->rx.moderated;
		do {
			more = receive_one(r, &events);
			moved += more;
		} while (more && moderated && moved < budget);
		pthread_mutex_unlock(&r->rx.lock);
		rtl_raise(r, events);
	}
	return moved;
}

bool rtl_receive_ready(struct device *device)
{
	struct rtl8168 *r = (struct rtl8168 *)device;
	const struct rtl_rx *rx = &r->rx;
	bool ready;

	pthread_mutex_lock(&r->rx.lock);
	ready = !rx->enabled || (!rx->held.active && !rtl_rsc_next(&r->rx) &&
				 (spreads(rx) || owned(next_descriptor(r, 0))));
	pthread_mutex_unlock(&r->rx.lock);
	return ready;
}
