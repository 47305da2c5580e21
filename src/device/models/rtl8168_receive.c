/* SPDX-License-Identifier: MIT */
/*
 * The receiver: frames go from the wire straight into the next descriptor's buffer. What is
 * longer than the buffer ends in a scratch area behind it, so that a frame which is too long is
 * seen whole, and a super-packet can be put together there and cut into one descriptor a segment.
 */
#include <string.h>
#include "device/models/rtl8168.h"

void rtl_receive_configure(struct rtl8168 *r, bool rewind)
{
	struct rtl_rx *rx = &r->rx;
	uint8_t command = r->registers[RTL_CMD];

	pthread_mutex_lock(&rx->lock);
	rx->ring.base = rtl_file_get(r, RTL_RDSAR, 8) & ~(uint64_t)0xFF;
	if (rewind)
		rx->ring.next = 0;
	rx->enabled = command & RTL_CMD_RE && !(command & RTL_CMD_STOP) && !r->device.removed;
	if (!rx->enabled) {
		rx->held.active = false;
		rx->dry = false;
	}
	rx->rcr = (uint32_t)rtl_file_get(r, RTL_RCR, 4);
	rx->rms = rtl_file_get(r, RTL_RMS, 2) & RTL_RX_LENGTH;
	rx->cpcr = (uint16_t)rtl_file_get(r, RTL_CPCR, 2);
	memcpy(rx->mac, r->registers + RTL_ID, sizeof(rx->mac));
	for (int i = 0; i < 8; i++) /* MARn is at 0x0F - n */
		rx->multicast[i] = r->registers[RTL_MAR + 7 - i];
	pthread_mutex_unlock(&rx->lock);
}

static bool owned(const struct rtl_descriptor *d)
{
	return __atomic_load_n(&d->status, __ATOMIC_ACQUIRE) & RTL_OWN;
}

static struct rtl_descriptor *next_descriptor(struct rtl8168 *r)
{
	return rtl_descriptor(r, &r->rx.ring, r->rx.ring.next, "receive descriptor");
}

/* What the driver posted. A capacity of 0 is still asked for as a byte, so its address is checked.
 */
static uint8_t *posted_buffer(struct rtl8168 *r, const struct rtl_descriptor *d, size_t *capacity)
{
	*capacity = d->length & RTL_RX_LENGTH;
	return rtl_dma(r, d->address, *capacity ? *capacity : 1, "receive buffer");
}

static void error(struct rtl8168 *r, uint16_t *events)
{
	RTL_COUNT(r->counters.rx_errors, 1);
	RTL_COUNT(r->tally.rx_error, 1);
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
 * segments follow one by one, now and as descriptors come.
 */
static bool hold(struct rtl8168 *r, const uint8_t *head, size_t head_length, size_t length,
		 uint32_t mss, uint16_t match)
{
	struct rtl_rx *rx = &r->rx;
	struct rtl_held *held = &rx->held;
	struct iovec whole = { .iov_base = rx->scratch, .iov_len = length };
	struct lso_options options = { .mss = mss, .ip_id = LSO_IP_ID_LINUX };
	enum lso_status status;

	memcpy(rx->scratch, head, head_length < length ? head_length : length);
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
	held->active = true;
	return true;
}

/* Return: a frame was taken off the wire. When it is a super-packet, it is held now. */
static bool take(struct rtl8168 *r, struct rtl_descriptor *d, uint16_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct device_gso gso = { 0 };
	struct iovec iov[2];
	size_t capacity, room, length;
	uint16_t match;
	uint8_t *buffer = posted_buffer(r, d, &capacity);

	room = capacity > RTL_CRC_LENGTH ? capacity - RTL_CRC_LENGTH : 0;
	iov[0].iov_base = buffer;
	iov[0].iov_len = room;
	iov[1].iov_base = rx->scratch + room;
	iov[1].iov_len = sizeof(rx->scratch) - room;
	length = r->device.wire.receive(r->device.wire.context, iov, 2, &gso);
	if (!length)
		return false;
	if (room < RTL_MIN_FRAME)
		too_long(r, RTL_MIN_FRAME, capacity);
	if (room < RTL_MIN_FRAME || length < RTL_ETHERNET_HEADER || length > sizeof(rx->scratch)) {
		error(r, events);
	} else if (!rtl_filter(rx, buffer, &match)) {
		RTL_COUNT(r->counters.rx_filtered, 1);
	} else if (gso.mss) {
		if (!hold(r, buffer, room, length, gso.mss, match))
			error(r, events);
	} else if (too_long(r, length, capacity)) {
		error(r, events);
	} else {
		rtl_deliver(r, d, buffer, length, match, NULL);
		*events |= RTL_ROK;
	}
	return true;
}

/* The held super-packet's next segment into a descriptor. */
static void cut(struct rtl8168 *r, struct rtl_descriptor *d, uint16_t *events)
{
	struct rtl_held *held = &r->rx.held;
	size_t capacity, length;
	uint8_t *buffer = posted_buffer(r, d, &capacity);

	if (too_long(r, held->room, capacity)) {
		held->active = false;
		error(r, events);
		return;
	}
	length = lso_next(&held->segmenter, buffer);
	if (held->left-- == 1 || !length)
		held->active = false;
	if (!length)
		return;
	rtl_deliver(r, d, buffer, length, held->match, &held->layout);
	*events |= RTL_ROK;
}

/* Receiver off: what comes is lost. Return: a frame was taken off the wire. */
static bool discard(struct rtl8168 *r)
{
	struct iovec iov = { .iov_base = r->rx.scratch, .iov_len = sizeof(r->rx.scratch) };
	struct device_gso gso = { 0 };

	if (!r->device.wire.receive(r->device.wire.context, &iov, 1, &gso))
		return false;
	RTL_COUNT(r->counters.rx_missed, 1);
	RTL_COUNT(r->tally.rx_missed, 1);
	return true;
}

/* Return: a frame moved; false: nothing on the wire, or no descriptor. */
static bool receive_one(struct rtl8168 *r, uint16_t *events)
{
	struct rtl_rx *rx = &r->rx;
	struct rtl_descriptor *d;

	if (!rx->enabled)
		return discard(r);
	d = next_descriptor(r);
	if (!owned(d)) {
		if (!rx->dry)
			*events |= RTL_RDU;
		rx->dry = true;
		return false;
	}
	rx->dry = false;
	if (!rx->held.active && !take(r, d, events))
		return false;
	if (rx->held.active)
		cut(r, d, events);
	return true;
}

int rtl_pump(struct device *device, int budget)
{
	struct rtl8168 *r = (struct rtl8168 *)device;
	uint16_t events = 0;
	int moved = 0;

	pthread_mutex_lock(&r->rx.lock);
	while (moved < budget && receive_one(r, &events))
		moved++;
	pthread_mutex_unlock(&r->rx.lock);
	rtl_raise(r, events);
	return moved;
}

bool rtl_receive_ready(struct device *device)
{
	struct rtl8168 *r = (struct rtl8168 *)device;
	bool ready;

	pthread_mutex_lock(&r->rx.lock);
	ready = !r->rx.enabled || (!r->rx.held.active && owned(next_descriptor(r)));
	pthread_mutex_unlock(&r->rx.lock);
	return ready;
}
