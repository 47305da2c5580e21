/* SPDX-License-Identifier: MIT */
/*
 * Packets of the driver become frames for the wire. Payload is never copied: a frame is a list of
 * references, and headers that must change are rewritten in the slab, never in driver memory.
 */
#include <string.h>

#include "device/rtl8168/model.h"

#define VLAN_ETHERTYPE 0x8100
#define MAC_ADDRESSES  (RTL_TAGGED - RTL_VLAN_TAG)

static uint8_t padding[RTL_MIN_FRAME];

int rtl_iov_from(const struct iovec *iov, int count, size_t offset, struct iovec *to)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (offset >= iov[i].iov_len) {
			offset -= iov[i].iov_len;
			continue;
		}
		to[n].iov_base = (uint8_t *)iov[i].iov_base + offset;
		to[n].iov_len = iov[i].iov_len - offset;
		offset = 0;
		n++;
	}
	return n;
}

void rtl_iov_copy(const struct iovec *iov, int count, uint8_t *to, size_t length)
{
	for (int i = 0; i < count && length; i++) {
		size_t n = iov[i].iov_len < length ? iov[i].iov_len : length;

		memcpy(to, iov[i].iov_base, n);
		to += n;
		length -= n;
	}
}

uint8_t *rtl_frame_slab(struct rtl8168 *r, size_t length)
{
	uint8_t *headers = r->tx.slab + r->tx.slab_used;

	r->tx.slab_used += (length + 63) & ~(size_t)63;
	return headers;
}

void rtl_frame_room(struct rtl8168 *r, int iovecs, size_t headers)
{
	struct rtl_tx *tx = &r->tx;

	if (tx->frame_count == RTL_TX_FRAMES || tx->iovec_count + iovecs + 1 > RTL_TX_IOVECS ||
	    tx->slab_used + ((headers + 63) & ~(size_t)63) > RTL_TX_SLAB)
		rtl_transmit_flush(r);
}

void rtl_frame_push(struct rtl8168 *r, int iovecs, const struct frame_meta *meta)
{
	struct rtl_tx *tx = &r->tx;
	struct frame *frame = &tx->frames[tx->frame_count];
	struct iovec *iov = tx->iovecs + tx->iovec_count;
	size_t length = 0;

	for (int i = 0; i < iovecs; i++)
		length += iov[i].iov_len;
	if (length < RTL_MIN_FRAME) {
		iov[iovecs].iov_base = padding;
		iov[iovecs].iov_len = RTL_MIN_FRAME - length;
		iovecs++;
		length = RTL_MIN_FRAME;
	}
	frame->iov = iov;
	frame->count = iovecs;
	frame->meta = meta ? *meta : (struct frame_meta){ 0 };
	tx->frame_count++;
	tx->iovec_count += iovecs;
	if (!meta) {
		count_add(&r->counters.tx_frames, 1);
		count_add(&r->counters.tx_bytes, length);
		count_add(&r->tally.tx_ok, 1);
	}
}

/* Put the descriptor's tag behind the MAC addresses. The packet grows into the entry in front. */
static void insert_tag(struct rtl8168 *r, struct rtl_packet *p)
{
	uint8_t *head = r->tx.tagged;
	size_t left = MAC_ADDRESSES;

	rtl_iov_copy(p->iov, p->count, head, MAC_ADDRESSES);
	head[MAC_ADDRESSES] = VLAN_ETHERTYPE >> 8;
	head[MAC_ADDRESSES + 1] = VLAN_ETHERTYPE & 0xFF;
	memcpy(head + MAC_ADDRESSES + 2, &p->vlan, sizeof(p->vlan));

	while (left >= p->iov->iov_len) {
		left -= p->iov->iov_len;
		p->iov++;
		p->count--;
	}
	p->iov->iov_base = (uint8_t *)p->iov->iov_base + left;
	p->iov->iov_len -= left;
	p->iov--;
	p->count++;
	p->iov->iov_base = head;
	p->iov->iov_len = RTL_TAGGED;
	p->length += RTL_VLAN_TAG;
}

static const char *plain(struct rtl8168 *r, const struct rtl_packet *p, unsigned inserted)
{
	struct rtl_tx *tx = &r->tx;
	struct iovec *iov;

	rtl_frame_room(r, p->count, sizeof(tx->tagged));
	iov = tx->iovecs + tx->iovec_count;
	memcpy(iov, p->iov, sizeof(*iov) * (unsigned)p->count);
	if (inserted) /* tx->tagged is the packet's, the slab is the batch's */
		iov->iov_base = memcpy(rtl_frame_slab(r, sizeof(tx->tagged)), tx->tagged,
				       sizeof(tx->tagged));
	rtl_frame_push(r, p->count, NULL);
	return NULL;
}

const char *rtl_frame_packet(struct rtl8168 *r, struct rtl_packet *p)
{
	unsigned inserted = 0;
	const char *problem;

	if (p->length < RTL_ETHERNET_HEADER)
		return "shorter than an Ethernet header";
	if (p->offload & RTL_TX_VLAN) {
		insert_tag(r, p);
		inserted = RTL_VLAN_TAG;
	}
	if (p->status & (RTL_TX_LSO_IPV4 | RTL_TX_LSO_IPV6))
		return rtl_frame_large_send(r, p, inserted);
	if (p->length - inserted > r->tx.max_frame)
		return "longer than MTPS allows";
	if (p->offload & (RTL_TX_UDP_SUM | RTL_TX_TCP_SUM | RTL_TX_IPV4_SUM))
		problem = rtl_frame_checksum(r, p, inserted);
	else
		problem = plain(r, p, inserted);
	if (!problem)
		count_add(&r->counters.tx_plain_packets, 1);
	return problem;
}
