/* SPDX-License-Identifier: MIT */
/*
 * Elements that the driver returns, each read once into our copy and checked there: what it may not
 * have changed, what it must have, and what cannot be. By 21H2's ring verifier, in its order.
 */
#include <stdio.h>
#include <string.h>

#include "cx/api/2/verify_ring.h"

/* Room for an element of any ring, aligned as such. */
union element {
	NET_PACKET packet;
	NET_FRAGMENT fragment;
	unsigned char bytes[CX2_STRIDE_MAX];
};

/* ---- transmit ---- */

static const char tx_demand[] = "Of a transmit packet a driver writes to Scratch alone.";

static void verify_tx_packet(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index,
			     const NET_PACKET *was, const NET_PACKET *now)
{
	enum cx_rule rule = CX_INVALID_RING_IMMUTABLE_DRIVER_TX_PACKET;

#define VERIFY(field)                                                                     \
	if (__builtin_expect(was->field != now->field, 0))                                \
		cx2_element_changed(q, ring, index, rule, #field, was->field, now->field, \
				    tx_demand);
	PACKET_FIELDS(VERIFY)
	VERIFY(Ignore)
#undef VERIFY
}

static void verify_tx_fragment(const struct cx2_queue *q, const struct cx2_ring *ring,
			       uint32_t index, const NET_FRAGMENT *was, const NET_FRAGMENT *now)
{
	enum cx_rule rule = CX_INVALID_RING_IMMUTABLE_DRIVER_TX_FRAGMENT;

#define VERIFY(field)                                                                     \
	if (__builtin_expect(was->field != now->field, 0))                                \
		cx2_element_changed(q, ring, index, rule, #field, was->field, now->field, \
				    tx_demand);
	FRAGMENT_FIELDS(VERIFY)
#undef VERIFY
}

/* Extensions are not compared, as on Windows: there they are the driver's while it has them. */
static void read_tx(struct cx2_queue *q, struct cx2_ring *ring)
{
	for (uint32_t i = ring->begin; i != ring->header.BeginIndex; i = (i + 1) & ring->at->mask) {
		void *copy = cx2_copy_at(ring, i);
		union element now;

		cx2_copy_element(ring->stride, &now, cx2_shared_at(ring, i));
		if (ring == &q->rings[NetRingTypePacket])
			verify_tx_packet(q, ring, i, copy, &now.packet);
		else
			verify_tx_fragment(q, ring, i, copy, &now.fragment);
		cx2_copy_element(ring->stride, copy, &now);
	}
}

/* ---- received fragments ---- */

static void verify_lengths(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index,
			   const NET_FRAGMENT *fragment)
{
	char field[64];

	if (fragment->Offset > fragment->Capacity)
		cx2_element_bad(q, ring, index, CX_INVALID_RING_RX_PACKET_FRAGMENT_OFFSET_INVALID,
				"Offset", fragment->Offset,
				"A fragment's data begins within its Capacity.");
	if (fragment->ValidLength > fragment->Capacity - fragment->Offset) {
		snprintf(field, sizeof(field), "ValidLength, behind Offset %u, Capacity %u,",
			 (unsigned)fragment->Offset, (unsigned)fragment->Capacity);
		cx2_element_bad(q, ring, index, CX_INVALID_RING_RX_PACKET_FRAGMENT_LENGTH_INVALID,
				field, fragment->ValidLength,
				"A fragment's data ends within its Capacity.");
	}
}

/* What a driver does not say of a fragment that belongs to a packet. */
static void verify_set(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index,
		       const NET_FRAGMENT *fragment)
{
	const NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		cx2_extension(q, fragment, CX2_VIRTUAL_ADDRESS);
	enum cx_rule rule = CX_INVALID_RING_MODIFIED_RX_FRAGMENT;

	if (!fragment->ValidLength)
		cx2_element_bad(q, ring, index, rule, "ValidLength", 0,
				"A driver says how much of a fragment a received packet takes.");
	if (!fragment->Capacity)
		cx2_element_bad(q, ring, index, rule, "Capacity", 0,
				"A driver that attaches buffers says how large they are.");
	if (!q->buffers && !address->VirtualAddress)
		cx2_element_bad(
			q, ring, index, rule, "ms_fragment_virtualaddress", 0,
			"A driver that has receive buffers of its own says where they are.");
}

/* A buffer of ours that the driver has attached: one that it had, with what it really holds. */
static void verify_attached(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index,
			    const NET_FRAGMENT *fragment)
{
	const NET_FRAGMENT_DATA_BUFFER *attached = cx2_extension(q, fragment, CX2_DATA_BUFFER);
	const struct cx2_ring *buffers = &q->rings[NetRingTypeDataBuffer];
	uintptr_t handle = (uintptr_t)attached->Handle;
	uint32_t mask = buffers->at->mask;

	if (handle > mask ||
	    ((handle - buffers->begin) & mask) >= ((buffers->at->posted - buffers->begin) & mask))
		cx2_element_bad(
			q, ring, index, CX_INVALID_RING_MODIFIED_RX_FRAGMENT,
			"ms_fragment_databuffer", handle,
			"A driver attaches a data buffer that it has: one of the data buffer ring, between BeginIndex and EndIndex.");
	if (fragment->Capacity > q->buffers->size)
		cx2_element_bad(
			q, ring, index, CX_INVALID_RING_RX_PACKET_FRAGMENT_LENGTH_INVALID,
			"Capacity", fragment->Capacity,
			"An attached buffer is as large as the adapter's MaximumFrameSize.");
}

/* A buffer that we have attached: it is still the one. */
static void verify_unmodified(const struct cx2_queue *q, const struct cx2_ring *ring,
			      uint32_t index, const NET_FRAGMENT *fragment)
{
	const NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		cx2_extension(q, fragment, CX2_VIRTUAL_ADDRESS);
	unsigned char *data = q->buffers->data + index * q->buffers->stride;
	enum cx_rule rule = CX_INVALID_RING_UNMODIFIED_RX_FRAGMENT;
	static const char demand[] =
		"Which buffer a fragment has, and how large it is, is the framework's unless the driver attaches buffers.";

	if (fragment->Capacity != q->buffers->size)
		cx2_element_changed(q, ring, index, rule, "Capacity", q->buffers->size,
				    fragment->Capacity, demand);
	if (address->VirtualAddress != data)
		cx2_element_changed(q, ring, index, rule, "ms_fragment_virtualaddress",
				    (uintptr_t)data, (uintptr_t)address->VirtualAddress, demand);
}

/*
 * Most are in the buffer that they were posted with, filled from its first byte on: of these a look
 * at the first word and at the address shows that all of the above holds. Scratch is the driver's.
 */
static bool is_plainly_filled(const struct cx2_queue *q, const NET_FRAGMENT *fragment,
			      uint32_t index)
{
	const NET_FRAGMENT as_posted = { .Capacity = q->buffers->size };
	const NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		cx2_extension(q, fragment, CX2_VIRTUAL_ADDRESS);
	NET_FRAGMENT rest = *fragment;

	rest.ValidLength = 0;
	rest.Scratch = 0;
	return !memcmp(&rest, &as_posted, sizeof(rest)) &&
	       fragment->ValidLength - 1u < q->buffers->size &&
	       address->VirtualAddress == q->buffers->data + index * q->buffers->stride;
}

static void verify_rx_fragment(const struct cx2_queue *q, uint32_t index)
{
	const struct cx2_ring *ring = &q->rings[NetRingTypeFragment];
	const NET_FRAGMENT *fragment = cx2_copy_at(ring, index);

	if (q->buffers && !q->layout.offset[CX2_DATA_BUFFER] &&
	    is_plainly_filled(q, fragment, index))
		return;
	if (fragment->OsReserved_Bounced)
		cx2_element_changed(q, ring, index, CX_INVALID_RING_UNMODIFIED_RX_FRAGMENT,
				    "OsReserved_Bounced", 0, 1, "This bit is the framework's.");
	if (q->buffers && !q->layout.offset[CX2_DATA_BUFFER])
		verify_unmodified(q, ring, index, fragment);
	verify_set(q, ring, index, fragment);
	if (q->layout.offset[CX2_DATA_BUFFER])
		verify_attached(q, ring, index, fragment);
	verify_lengths(q, ring, index, fragment);
}

/* ---- received packets ---- */

/* A packet and the fragments that came back with it: positions count from the first of those. */
struct received {
	const struct cx2_queue *q;
	const struct cx2_ring *ring;
	uint32_t index;
	const NET_PACKET *packet;
	uint32_t mask;         /* of the fragment ring */
	uint32_t begin, owned; /* what the driver had of it before the callback: first, how many */
	uint32_t returned;     /* and how many of those came back in it */
	uint32_t previous_first,
		previous_last; /* positions of the packet's before; none: mask + 1 */
	uint32_t next;         /* where one without a gap begins */
};

static _Noreturn void packet_bad(const struct received *r, enum cx_rule rule, const char *field,
				 uint64_t value, const char *demand)
{
	cx2_element_bad(r->q, r->ring, r->index, rule, field, value, demand);
}

static uint32_t position(const struct received *r, uint32_t index)
{
	return index > r->mask ? r->mask + 1 : (index - r->begin) & r->mask;
}

static void verify_fragments(const struct received *r)
{
	static const char range[] =
		"A received packet's fragments are some that the driver owned when the callback began.";
	static const char returned[] =
		"A received packet is returned with its fragments: BeginIndex of the fragment ring has passed them.";
	const NET_PACKET *p = r->packet;
	uint32_t first = position(r, p->FragmentIndex);
	/* Not round the ring again: Windows takes what comes out in the range for being in it. */
	uint32_t last = first + p->FragmentCount - 1;

	if (!p->FragmentCount)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_ZERO, "FragmentCount", 0,
			   "A received packet has a fragment; one that is not used has Ignore.");
	if (p->FragmentCount > r->owned)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_RANGE,
			   "FragmentCount", p->FragmentCount, range);
	if (first >= r->owned)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_PRE_RANGE,
			   "FragmentIndex", p->FragmentIndex, range);
	if (last >= r->owned)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_PRE_RANGE,
			   "FragmentCount", p->FragmentCount, range);
	if (first >= r->returned)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_POST_RANGE,
			   "FragmentIndex", p->FragmentIndex, returned);
	if (last >= r->returned)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_POST_RANGE,
			   "FragmentCount", p->FragmentCount, returned);
}

static bool is_no_type(unsigned type, unsigned last)
{
	return type > last && type != CX2_LAYER_AS_POSTED;
}

static void verify_types(const struct received *r)
{
	static const char demand[] = "A layer's type is one of its enumeration.";
	const NET_PACKET_LAYOUT *l = &r->packet->Layout;

	if (is_no_type(l->Layer2Type, NetPacketLayer2TypeIeee80211))
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER2_TYPE, "Layout.Layer2Type",
			   l->Layer2Type, demand);
	if (is_no_type(l->Layer3Type, NetPacketLayer3TypeIPv6NoExtensions))
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER3_TYPE, "Layout.Layer3Type",
			   l->Layer3Type, demand);
	if (is_no_type(l->Layer4Type, NetPacketLayer4TypeIPNotFragment))
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER4_TYPE, "Layout.Layer4Type",
			   l->Layer4Type, demand);
}

/* Lengths may be 0, that is, not known. */
static void verify_header_lengths(const struct received *r)
{
	const NET_PACKET_LAYOUT *l = &r->packet->Layout;
	unsigned l2 = l->Layer2HeaderLength, l3 = l->Layer3HeaderLength, l4 = l->Layer4HeaderLength;

	if (l->Layer2Type == NetPacketLayer2TypeNull && l2)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_NULL_LENGTH_NON_ZERO,
			   "Layout.Layer2HeaderLength", l2, "Without a link layer it is 0.");
	if (l->Layer2Type == NetPacketLayer2TypeEthernet && l2 && l2 < 14)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_ETHERNET_LENGTH_INVALID,
			   "Layout.Layer2HeaderLength", l2,
			   "An Ethernet header has 14 bytes or more; 0 is not known.");
	if (NetPacketIsIpv4(r->packet) && l3 && l3 < 20)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV4_LENGTH_INVALID,
			   "Layout.Layer3HeaderLength", l3,
			   "An IPv4 header has 20 bytes or more; 0 is not known.");
	if (NetPacketIsIpv6(r->packet) && l3 && l3 < 40)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV6_LENGTH_INVALID,
			   "Layout.Layer3HeaderLength", l3,
			   "An IPv6 header has 40 bytes or more; 0 is not known.");
	if (l->Layer4Type == NetPacketLayer4TypeTcp && l4 && (l4 < 20 || l4 > 60 || l4 % 4))
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_TCP_LENGTH_INVALID,
			   "Layout.Layer4HeaderLength", l4,
			   "A TCP header has 20 to 60 bytes, a multiple of 4; 0 is not known.");
	if (l->Layer4Type == NetPacketLayer4TypeUdp && l4 && l4 < 8)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_UDP_LENGTH_INVALID,
			   "Layout.Layer4HeaderLength", l4,
			   "A UDP header has 8 bytes; 0 is not known.");
}

/* Packets come in the order of their fragments. */
static void verify_overlap(struct received *r)
{
	static const char demand[] =
		"Each received packet's fragments lie behind those of the packet before it.";
	uint32_t first = position(r, r->packet->FragmentIndex);
	uint32_t last = first + r->packet->FragmentCount - 1;

	if (r->previous_first <= r->mask && first <= r->previous_first)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OVERLAP, "FragmentIndex",
			   r->packet->FragmentIndex, demand);
	if (r->previous_first <= r->mask && first <= r->previous_last)
		packet_bad(r, CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OVERLAP, "FragmentIndex",
			   r->packet->FragmentIndex, demand);
	r->previous_first = first;
	r->previous_last = last;
	r->next = last + 1;
}

/*
 * Most packets begin where the one before them ends: of these a look shows that all of the above
 * holds. What was returned was owned.
 */
static bool begins_at_next(struct received *r)
{
	uint32_t first = position(r, r->packet->FragmentIndex), count = r->packet->FragmentCount;

	if (first != r->next || !count || first + count > r->returned)
		return false;
	r->previous_first = first;
	r->previous_last = first + count - 1;
	r->next = first + count;
	return true;
}

/*
 * Windows looks around EvtPacketQueueAdvance alone: what is given up in EvtPacketQueueCancel may
 * have been filled by then.
 */
static bool is_given_up(const struct cx2_queue *q)
{
	return !strcmp(cx2_last_callback(q), "EvtPacketQueueCancel");
}

static void verify_ignored(const struct received *r, const NET_PACKET *was)
{
	static const char demand[] =
		"Of a packet that it returns with Ignore a driver writes to nothing else.";
	enum cx_rule rule = CX_INVALID_RING_IMMUTABLE_DRIVER_RX_PACKET_IGNORE;
	const NET_PACKET *now = r->packet;

#define VERIFY(field)                                                                              \
	if (was->field != now->field)                                                              \
		cx2_element_changed(r->q, r->ring, r->index, rule, #field, was->field, now->field, \
				    demand);
	PACKET_FIELDS(VERIFY)
#undef VERIFY
}

static void verify_reserved(const struct received *r)
{
	static const char demand[] = "Reserved bits of a packet stay as they are.";
	enum cx_rule rule = CX_INVALID_RING_MODIFIED_RX_PACKET;

	if (r->packet->Reserved1)
		cx2_element_changed(r->q, r->ring, r->index, rule, "Reserved1", 0,
				    r->packet->Reserved1, demand);
	if (r->packet->Layout.Reserved0)
		cx2_element_changed(r->q, r->ring, r->index, rule, "Layout.Reserved0", 0,
				    r->packet->Layout.Reserved0, demand);
}

/*
 * Without Driver Verifier Windows posts packets whose layout is unspecified, so a driver that
 * leaves it alone works there: told once, and taken as unspecified. Without fragments there is no
 * packet.
 */
static void verify_written(struct cx2_queue *q, const struct received *r, const NET_PACKET *packet)
{
	static const char demand[] =
		"A driver writes FragmentIndex, FragmentCount and the three types of Layout of each packet that it has received.";
	enum cx_rule rule = CX_INVALID_RING_UNMODIFIED_RX_PACKET;
	const NET_PACKET_LAYOUT *l = &packet->Layout;

	if (packet->FragmentIndex == UINT32_MAX)
		packet_bad(r, rule, "FragmentIndex, as it was posted,", packet->FragmentIndex,
			   demand);
	if (packet->FragmentCount == UINT16_MAX)
		packet_bad(r, rule, "FragmentCount, as it was posted,", packet->FragmentCount,
			   demand);
	if (q->layout_told ||
	    (l->Layer2Type != CX2_LAYER_AS_POSTED && l->Layer3Type != CX2_LAYER_AS_POSTED &&
	     l->Layer4Type != CX2_LAYER_AS_POSTED))
		return;
	cx_soft_violation(
		CX_AT(cx2_last_callback(q), q->core.adapter->name, cx2_queue_code(q)), rule,
		r->index, 0, demand,
		"Layout.Layer%uType of element %u of the packet ring of receive queue %u is as it was posted.",
		l->Layer2Type == CX2_LAYER_AS_POSTED   ? 2u
		: l->Layer3Type == CX2_LAYER_AS_POSTED ? 3u
						       : 4u,
		r->index, q->core.id);
	q->layout_told = true;
}

/*
 * Layout and the bits behind it, less Scratch, in one word. What a queue receives is mostly of one
 * kind: one that is as the last was looked at with it. 0, where a queue begins, says nothing, and
 * may.
 */
static uint64_t layout_of(const NET_PACKET *packet)
{
	uint64_t word;

	_Static_assert(sizeof(*packet) - offsetof(NET_PACKET, FragmentCount) == sizeof(word), "");
	memcpy(&word, (const char *)packet + offsetof(NET_PACKET, FragmentCount), sizeof(word));
	return (word & ~(UINT64_C(2) << 56)) >> 16;
}

/* Those that belong to no packet come back too, and are not looked at. */
static void read_fragments(const struct cx2_ring *ring)
{
	unsigned char *const copies = ring->copies;
	const unsigned char *const shared = ring->shared->Buffer;
	const size_t stride = ring->stride;
	const uint32_t mask = ring->at->mask, end = ring->header.BeginIndex;

	for (uint32_t i = ring->begin; i != end; i = (i + 1) & mask)
		cx2_copy_element(stride, copies + i * stride, shared + i * stride);
}

/* Data buffers have nothing that a driver writes. */
static void read_data_buffers(const struct cx2_queue *q, const struct cx2_ring *ring)
{
	for (uint32_t i = ring->begin; i != ring->header.BeginIndex; i = (i + 1) & ring->at->mask)
		cx2_verify_let_alone(q, ring, i);
}

static void read_packet(struct cx2_queue *q, struct received *r)
{
	NET_PACKET was;
	NET_PACKET *packet = cx2_copy_at(r->ring, r->index);
	uint64_t layout;

	memcpy(&was, packet, sizeof(was));
	cx2_copy_element(r->ring->stride, packet, cx2_shared_at(r->ring, r->index));
	r->packet = packet;
	if (packet->Ignore) {
		if (!is_given_up(q))
			verify_ignored(r, &was);
		return;
	}
	layout = layout_of(packet);
	if (layout != q->layout_seen || !begins_at_next(r)) {
		verify_reserved(r);
		verify_written(q, r, packet);
		verify_fragments(r);
		verify_types(r);
		verify_header_lengths(r);
		verify_overlap(r);
		q->layout_seen = layout;
	}
	for (uint32_t i = 0; i < packet->FragmentCount; i++)
		verify_rx_fragment(q, (packet->FragmentIndex + i) & r->mask);
}

static void read_rx(struct cx2_queue *q)
{
	const struct cx2_ring *packets = &q->rings[NetRingTypePacket];
	const struct cx2_ring *fragments = &q->rings[NetRingTypeFragment];
	const struct cx2_ring *buffers = &q->rings[NetRingTypeDataBuffer];
	uint32_t mask = fragments->at->mask;
	struct received r = {
		.q = q,
		.ring = packets,
		.mask = mask,
		.begin = fragments->begin,
		.owned = (fragments->at->posted - fragments->begin) & mask,
		.returned = (fragments->header.BeginIndex - fragments->begin) & mask,
		.previous_first = mask + 1,
	};

	read_fragments(fragments);
	if (buffers->shared)
		read_data_buffers(q, buffers);
	for (r.index = packets->begin; r.index != packets->header.BeginIndex;
	     r.index = (r.index + 1) & packets->at->mask)
		read_packet(q, &r);
}

void cx2_read_returned(struct cx2_queue *q)
{
	if (q->core.kind == CX_QUEUE_TX) {
		read_tx(q, &q->rings[NetRingTypePacket]);
		read_tx(q, &q->rings[NetRingTypeFragment]);
	} else {
		read_rx(q);
	}
}
