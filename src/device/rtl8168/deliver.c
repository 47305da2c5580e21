/* SPDX-License-Identifier: MIT */
/* The last steps of receiving: padding, CRC, checksum verdict, hash, VLAN tag, descriptor back. */
#include <netinet/in.h>
#include <string.h>

#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

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

/* Take the tag out of the frame and into the descriptor. Return: the frame's new length. */
static size_t strip_tag(struct rtl_descriptor *d, uint8_t *frame, size_t length, uint16_t *extended)
{
	if (length < 18 || frame[12] != 0x81 || frame[13] != 0x00)
		return length;
	memcpy(&d->vlan, frame + 14, sizeof(d->vlan));
	memmove(frame + 12, frame + 16, length - 16);
	*extended |= RTL_RX_VLAN;
	return length - RTL_VLAN_TAG;
}

/* Where the buffer lay is known to the driver: its place is free for what the frame's hash is. */
static void write_hash(const struct rtl8168 *r, struct rtl_descriptor *d, const uint8_t *frame,
		       size_t length)
{
	uint32_t hash = 0;
	uint64_t kind = 0;

	if (r->rx.rss.control & RTL_RSS_ENABLE)
		kind = rtl_rss_hash(&r->rx.rss, frame, length, &hash);
	d->address = kind << 32 | hash;
}

static void count(struct rtl8168 *r, size_t length, uint16_t match)
{
	count_add(&r->counters.rx_frames, 1);
	count_add(&r->counters.rx_bytes, length);
	count_add(&r->tally.rx_ok, 1);
	if (match == RTL_RX_PHYSICAL)
		count_add(&r->tally.rx_physical, 1);
	else if (match == RTL_RX_BROADCAST)
		count_add(&r->tally.rx_broadcast, 1);
	else if (match == RTL_RX_MULTICAST)
		count_add(&r->tally.rx_multicast, 1);
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
	count(r, length, match);
	if (rx->cpcr & RTL_CPCR_RX_CHECKSUM)
		v = evaluate(buffer, length, layout);
	if (r->extension & RTL_EXTENSION_HASH)
		write_hash(r, d, buffer, length);
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
