/* SPDX-License-Identifier: MIT */
/*
 * Packets of the driver become frames for the wire. A frame is a list of references, and headers
 * that must change are rewritten in the slab, never in driver memory; only segments are copies.
 */
#include <string.h>

#include "device/rtl8168/model.h"

#define VLAN_ETHERTYPE 0x8100
#define MAC_ADDRESSES  (RTL_TAGGED - RTL_VLAN_TAG)

/* Put the descriptor's tag behind the MAC addresses. The packet grows into the entry in front. */
static void insert_tag(struct rtl_tx *tx, struct rtl_packet *p)
{
	uint8_t *head = tx->tagged;
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

static const char *plain(struct rtl_tx *tx, const struct rtl_packet *p, unsigned inserted)
{
	struct iovec *iov;

	rtl_batch_room(tx, p->count, sizeof(tx->tagged));
	iov = tx->iovecs + tx->iovec_count;
	memcpy(iov, p->iov, sizeof(*iov) * (unsigned)p->count);
	if (inserted) /* tx->tagged is the packet's, the slab is the batch's */
		iov->iov_base = memcpy(rtl_batch_slab(tx, sizeof(tx->tagged)), tx->tagged,
				       sizeof(tx->tagged));
	rtl_batch_push(tx, p->count, NULL);
	return NULL;
}

const char *rtl_frame_packet(struct rtl_tx *tx, struct rtl_packet *p)
{
	unsigned inserted = 0;
	const char *problem;

	if (p->length < FRAME_ETHERNET_HEADER)
		return "shorter than an Ethernet header";
	if (p->offload & RTL_TX_VLAN) {
		insert_tag(tx, p);
		inserted = RTL_VLAN_TAG;
	}
	if (p->status & (RTL_TX_LSO_IPV4 | RTL_TX_LSO_IPV6))
		return rtl_frame_large_send(tx, p, inserted);
	if (p->length - inserted > tx->max_frame)
		return "longer than MTPS allows";
	if (p->offload & (RTL_TX_UDP_SUM | RTL_TX_TCP_SUM | RTL_TX_IPV4_SUM))
		problem = rtl_frame_checksum(tx, p, inserted);
	else
		problem = plain(tx, p, inserted);
	if (!problem)
		count_add(&tx->counters.tx_plain_packets, 1);
	return problem;
}
