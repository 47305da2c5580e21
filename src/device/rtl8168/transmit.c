/* SPDX-License-Identifier: MIT */
/*
 * A transmit ring: walked from where it stands until a descriptor is not owned. Packets become
 * frames (frame.c) that are handed to the wire in batches (batch.c).
 */
#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

/* A further ring's address is 0 as long as it has no driver. */
static uint64_t ring_base(const struct rtl8168 *r, unsigned id)
{
	return rtl_file_get(r, id ? RTL_TX_RING(id) : RTL_TNPDS, 8) & ~(uint64_t)0xFF;
}

static void configure(struct rtl_tx *tx, bool rewind)
{
	const struct rtl8168 *r = tx->card;
	uint8_t command = r->registers[RTL_CMD];

	pthread_mutex_lock(&tx->lock);
	tx->ring.base = ring_base(r, tx->id);
	if (rewind)
		tx->ring.next = 0;
	tx->enabled = command & RTL_CMD_TE && !(command & RTL_CMD_STOP) && !r->device.removed &&
		      (!tx->id || tx->ring.base);
	tx->link = r->phy.status & RTL_PHYSTATUS_LINK;
	tx->moderated = r->registers[RTL_MODERATE_TX] != 0;
	tx->max_frame = (uint32_t)r->registers[RTL_MTPS] * RTL_MTPS_UNIT;
	pthread_mutex_unlock(&tx->lock);
}

void rtl_transmit_configure(struct rtl8168 *r, unsigned rewind)
{
	for (unsigned i = 0; i < r->tx_rings; i++)
		configure(&r->tx[i], rewind & 1u << i);
}

/* A large send says what it is on each of its descriptors; @first is the packet so far. */
static bool differs(const struct rtl_packet *first, uint16_t status, uint16_t offload)
{
	const uint16_t lso = RTL_TX_LSO_IPV4 | RTL_TX_LSO_IPV6;

	if (!((first->status | status) & lso))
		return false;
	return (first->status ^ status) & RTL_TX_LSO_FIELDS || first->offload != offload;
}

/* One descriptor into the packet. Return: NULL, or what is wrong with it. */
static const char *add_fragment(struct rtl_tx *tx, struct rtl_packet *p, struct rtl_descriptor *d,
				uint16_t status)
{
	uint16_t length = d->length;

	if (!p->count) {
		p->status = status;
		p->offload = d->offload;
		p->vlan = d->vlan;
	} else if (differs(p, status, d->offload)) {
		return "the large send bits differ between the descriptors of a packet";
	}
	if (!length)
		return "a descriptor of length 0";
	p->iov[p->count].iov_base = rtl_dma(tx->card, d->address, length, "transmit buffer");
	p->iov[p->count].iov_len = length;
	p->count++;
	p->length += length;
	return NULL;
}

/*
 * Take the next packet's descriptors off the ring, from FS to LS. They are noted in
 * tx->descriptors behind those that wait, to be given back whatever the packet is worth.
 * Return: how many descriptors, 0 when the first is not owned. *@problem: why it is no packet.
 */
static unsigned gather(struct rtl_tx *tx, struct rtl_packet *p, const char **problem)
{
	struct rtl_descriptor **taken = tx->descriptors + tx->descriptor_count;
	unsigned n = 0;

	*problem = NULL;
	for (;;) {
		struct rtl_descriptor *d =
			rtl_descriptor(tx->card, &tx->ring, tx->ring.next, "transmit descriptor");
		/* Round the ring: what we meet again is only not given back yet. */
		bool round = tx->descriptor_count + (int)n && d == tx->descriptors[0];
		uint16_t status;

		if (round && !n) {
			rtl_batch_flush(tx);
			taken = tx->descriptors;
			round = false;
		}
		status = __atomic_load_n(&d->status, __ATOMIC_ACQUIRE);
		nt_order_with_hardware();
		if (round || !(status & RTL_OWN)) {
			if (n)
				*problem = "a packet whose last descriptor has no LS";
			return n;
		}
		if (n && status & RTL_FS) {
			*problem = "FS again before LS";
			return n;
		}
		if (n == RTL_MAX_FRAGMENTS) {
			*problem = "more descriptors in a packet than the chip takes";
			return n;
		}
		taken[n++] = d;
		tx->ring.next = status & RTL_EOR ? 0 : tx->ring.next + 1;
		if (n == 1 && !(status & RTL_FS)) {
			*problem = "a packet that does not start with FS";
			return n;
		}
		if (!*problem)
			*problem = add_fragment(tx, p, d, status);
		if (status & RTL_LS)
			return n;
	}
}

static void complain(struct rtl_tx *tx, uint32_t position, const char *problem)
{
	if (tx->id)
		rtl_complain(tx->card,
			     "transmit ring %u, descriptor %u: %s; the packet is not sent", tx->id,
			     position, problem);
	else
		rtl_complain(tx->card, "transmit descriptor %u: %s; the packet is not sent",
			     position, problem);
}

/* Return: the interrupt bits it earns, 0 when nothing is owned. */
static uint16_t transmit_one(struct rtl_tx *tx)
{
	/* One entry stays free in front for a VLAN tag, one behind for padding. */
	struct rtl_packet packet = { .iov = tx->packet + 1 };
	uint32_t position = tx->ring.next;
	const char *problem;
	unsigned taken;

	if (tx->descriptor_count + RTL_MAX_FRAGMENTS > RTL_TX_CHAIN)
		rtl_batch_flush(tx);
	taken = gather(tx, &packet, &problem);
	if (!taken)
		return 0;
	if (!problem && !tx->link) {
		/* Without a link the chip's transmitter has nowhere to go; the packet is lost. */
		count_add(&tx->counters.tx_errors, 1);
		count_add(&tx->tally.tx_error, 1);
	} else if (!problem) {
		int waiting = tx->descriptor_count;

		problem = rtl_frame_packet(tx, &packet);
		/* A flush on the way took the earlier packets' descriptors, not ours. */
		if (tx->descriptor_count != waiting) {
			for (unsigned i = 0; i < taken; i++)
				tx->descriptors[i] = tx->descriptors[waiting + (int)i];
		}
	}
	tx->descriptor_count += (int)taken;
	tx->packet_descriptors[tx->packet_count++] = (uint16_t)taken;
	if (!problem)
		return RTL_TOK;
	count_add(&tx->counters.tx_errors, 1);
	count_add(&tx->tally.tx_error, 1);
	complain(tx, position, problem);
	return RTL_TER;
}

/*
 * transmit_some() - with moderation all packets that a doorbell finds, which share an interrupt,
 * else one
 * Return: false when there are no more
 */
static bool transmit_some(struct rtl_tx *tx, uint16_t *events)
{
	uint16_t event;

	do {
		event = transmit_one(tx);
		*events |= event ? event : RTL_TDU;
	} while (event && tx->moderated);
	return event != 0;
}

/* A ring's events as they lie in rtl8168.isr. The further ones have no TDU. */
static uint64_t events_of(const struct rtl_tx *tx, uint16_t events)
{
	if (!tx->id)
		return events;
	return (events & RTL_TOK ? RTL_RING_EVENT(tx->id, RTL_RING_TOK) : 0) |
	       (events & RTL_TER ? RTL_RING_EVENT(tx->id, RTL_RING_TER) : 0);
}

void rtl_transmit(struct rtl_tx *tx)
{
	bool more = true;

	while (more) {
		uint16_t events = 0;

		pthread_mutex_lock(&tx->lock);
		more = tx->enabled && transmit_some(tx, &events);
		rtl_batch_flush(tx);
		pthread_mutex_unlock(&tx->lock);
		rtl_raise(tx->card, events_of(tx, events));
	}
}
