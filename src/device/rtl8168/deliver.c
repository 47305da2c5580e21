/* SPDX-License-Identifier: MIT */
/* The last steps of receiving: padding, CRC, checksum verdict, hash, VLAN tag, descriptor back. */
#include <netinet/in.h>
#include <string.h>

#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

#define MAC_ADDRESSES (RTL_TAGGED - RTL_VLAN_TAG)

/* What a descriptor says of a frame's protocols, in its two words. */
struct verdict {
	uint16_t status;
	uint16_t extended;
};

static void transport_bits(struct verdict *v, uint8_t protocol, bool bad)
{
	if (protocol == IPPROTO_TCP) {
		v->status |= RTL_RX_TCP;
		v->extended |= bad ? RTL_RX_TCP_FAIL : 0;
	} else if (protocol == IPPROTO_UDP) {
		v->status |= RTL_RX_UDP;
		v->extended |= bad ? RTL_RX_UDP_FAIL : 0;
	}
}

/*
 * The chip looks at whole IP packets only. TCP or UDP is said when there is a checksum to judge:
 * not for fragments, nor for UDP without one.
 */
static struct verdict evaluate(const uint8_t *frame, size_t length, const struct lso_layout *known)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct lso_verdicts sums = { LSO_SUM_GOOD, LSO_SUM_GOOD };
	struct verdict v = { 0, 0 };
	struct lso_layout layout;

	if (known) {
		layout = *known;
	} else {
		lso_parse(&iov, 1, &layout);
		if (layout.ip_version)
			sums = lso_verify(frame, length);
	}
	if (layout.ip_version == 4) {
		v.extended |= RTL_RX_IPV4;
		v.status |= sums.ipv4 == LSO_SUM_BAD ? RTL_RX_IP_FAIL : 0;
	} else if (layout.ip_version == 6) {
		v.extended |= RTL_RX_IPV6;
	}
	if (layout.ip_version && sums.l4 != LSO_SUM_ABSENT)
		transport_bits(&v, layout.l4_protocol, sums.l4 == LSO_SUM_BAD);
	return v;
}

static bool has_tag(const uint8_t *frame, size_t length)
{
	return length >= RTL_TAGGED + 2 && frame[MAC_ADDRESSES] == 0x81 &&
	       frame[MAC_ADDRESSES + 1] == 0x00;
}

/* Take the tag out of the frame and into the descriptor. Return: the frame's new length. */
static size_t strip_tag(struct rtl_descriptor *d, uint8_t *frame, size_t length, uint16_t *extended)
{
	if (!has_tag(frame, length))
		return length;
	memcpy(&d->vlan, frame + MAC_ADDRESSES + 2, sizeof(d->vlan));
	memmove(frame + MAC_ADDRESSES, frame + RTL_TAGGED, length - RTL_TAGGED);
	*extended |= RTL_RX_VLAN;
	return length - RTL_VLAN_TAG;
}

/* Where the buffer lay is known to the driver: its place is free for what the frame's hash is. */
static uint64_t hash_of(const struct rtl8168 *r, const uint8_t *frame, size_t length)
{
	uint32_t hash = 0;
	uint64_t kind = 0;

	if (r->rx.rss.control & RTL_RSS_ENABLE)
		kind = rtl_rss_hash(&r->rx.rss, frame, length, &hash);
	return kind << 32 | hash;
}

static void count(struct rtl8168 *r, uint32_t frames, size_t bytes, uint16_t match)
{
	count_add(&r->counters.rx_frames, frames);
	count_add(&r->counters.rx_bytes, bytes);
	count_add(&r->tally.rx_ok, frames);
	if (match == RTL_RX_PHYSICAL)
		count_add(&r->tally.rx_physical, frames);
	else if (match == RTL_RX_BROADCAST)
		count_add(&r->tally.rx_broadcast, frames);
	else if (match == RTL_RX_MULTICAST)
		count_add(&r->tally.rx_multicast, frames);
}

void rtl_deliver(struct rtl8168 *r, struct rtl_rx_queue *queue, struct rtl_descriptor *d,
		 uint8_t *buffer, size_t length, uint16_t match, const struct lso_layout *layout)
{
	const struct rtl_rx *rx = &r->rx;
	uint16_t eor = __atomic_load_n(&d->status, __ATOMIC_RELAXED) & RTL_EOR;
	struct verdict v = { 0, 0 };

	if (length < RTL_MIN_FRAME) {
		memset(buffer + length, 0, RTL_MIN_FRAME - length);
		length = RTL_MIN_FRAME;
	}
	count(r, 1, length, match);
	if (rx->cpcr & RTL_CPCR_RX_CHECKSUM)
		v = evaluate(buffer, length, layout);
	if (r->extension & RTL_EXTENSION_HASH)
		d->address = hash_of(r, buffer, length);
	d->vlan = 0;
	if (rx->cpcr & RTL_CPCR_RX_VLAN)
		length = strip_tag(d, buffer, length, &v.extended);
	/* The wire carries no CRC: its place is taken, its value is not worth computing. */
	memset(buffer + length, 0, RTL_CRC_LENGTH);
	d->length = (uint16_t)(length + RTL_CRC_LENGTH);
	d->offload = v.extended;
	queue->ring.next = eor ? 0 : queue->ring.next + 1;
	nt_order_with_hardware();
	__atomic_store_n(&d->status, (uint16_t)(eor | RTL_FS | RTL_LS | match | v.status),
			 __ATOMIC_RELEASE);
}

/* ---- packets of several descriptors ---- */

/* A descriptor and the bytes that go into it. It is looked at once: a driver may write to it. */
struct part {
	struct rtl_descriptor *descriptor;
	size_t length;
};

/*
 * The descriptors for @length bytes, from where the ring stands, @headers of them in one of their
 * own; each has room for a CRC behind its part. Return: how many; 0: they are not there now, or
 * (*@fits false) the ring has not so many.
 * *@next: the ring's next behind them
 */
static unsigned find_parts(struct rtl8168 *r, const struct rtl_ring *ring, size_t headers,
			   size_t length, struct part *parts, uint32_t *next, bool *fits)
{
	unsigned n = 0;

	for (*next = ring->next; length; n++) {
		struct rtl_descriptor *d = rtl_descriptor(r, ring, *next, "receive descriptor");
		uint16_t status = __atomic_load_n(&d->status, __ATOMIC_ACQUIRE);
		size_t room = d->length & RTL_RX_LENGTH;

		*fits = n < RTL_MAX_FRAGMENTS && !(n && *next == ring->next);
		if (!*fits || !(status & RTL_OWN))
			return 0;
		room = room > RTL_CRC_LENGTH ? room - RTL_CRC_LENGTH : 0;
		if (!n && room > headers)
			room = headers;
		parts[n] = (struct part){ d, room < length ? room : length };
		length -= parts[n].length;
		*next = status & RTL_EOR ? 0 : *next + 1;
	}
	return n;
}

static void fill_part(struct rtl8168 *r, const struct part *part, const uint8_t *bytes, size_t crc)
{
	struct rtl_descriptor *d = part->descriptor;
	uint8_t *buffer = rtl_dma(r, d->address, part->length + crc, "receive buffer");

	memcpy(buffer, bytes, part->length);
	memset(buffer + part->length, 0, crc);
	d->length = (uint16_t)(part->length + crc);
	d->vlan = 0;
	d->offload = 0;
}

static void give(struct rtl_descriptor *d, uint16_t status)
{
	uint16_t eor = __atomic_load_n(&d->status, __ATOMIC_RELAXED) & RTL_EOR;

	__atomic_store_n(&d->status, (uint16_t)(eor | status), __ATOMIC_RELEASE);
}

static void count_unit(struct rtl8168 *r, const struct rtl_unit *unit)
{
	size_t headers = (size_t)(unit->frames - 1) * unit->layout.payload_offset;

	count(r, unit->frames, unit->length + headers, unit->match);
	count_add(&r->counters.rx_coalesced, 1);
	count_add(&r->counters.rx_coalesced_segments, RTL_RSC_SEGMENTS(unit->written_back));
}

/* All bytes, then what is said of them; the first descriptor goes to the driver last. */
bool rtl_deliver_unit(struct rtl8168 *r, struct rtl_rx_queue *queue, const struct rtl_unit *unit,
		      bool *fits)
{
	bool tagged = r->rx.cpcr & RTL_CPCR_RX_VLAN && has_tag(unit->bytes, unit->length);
	size_t taken = tagged ? RTL_VLAN_TAG : 0;
	const uint8_t *bytes = unit->bytes + taken;
	struct part parts[RTL_MAX_FRAGMENTS];
	struct verdict v = { 0, 0 };
	struct rtl_descriptor *last;
	uint64_t hash;
	uint32_t next;
	unsigned n = find_parts(r, &queue->ring, unit->layout.payload_offset - taken,
				unit->length - taken, parts, &next, fits);
	uint16_t tag = 0;

	if (!n)
		return false;
	hash = hash_of(r, unit->bytes, unit->length);
	if (tagged) {
		memcpy(&tag, unit->bytes + MAC_ADDRESSES + 2, sizeof(tag));
		memmove(unit->bytes + RTL_VLAN_TAG, unit->bytes, MAC_ADDRESSES);
	}
	for (unsigned i = 0; i < n; bytes += parts[i++].length)
		fill_part(r, &parts[i], bytes, i + 1 == n ? RTL_CRC_LENGTH : 0);
	if (r->rx.cpcr & RTL_CPCR_RX_CHECKSUM)
		v = evaluate(unit->bytes, unit->length, &unit->layout);
	last = parts[n - 1].descriptor;
	last->vlan = tag;
	last->offload = v.extended | RTL_RX_COALESCED | (tagged ? RTL_RX_VLAN : 0);
	parts[0].descriptor->address = hash;
	last->address = unit->written_back;
	count_unit(r, unit);
	queue->ring.next = next;
	for (unsigned i = n; i-- > 0;)
		give(parts[i].descriptor,
		     (uint16_t)((i ? 0 : RTL_FS) |
				(i + 1 == n ? RTL_LS | unit->match | v.status : 0)));
	return true;
}
