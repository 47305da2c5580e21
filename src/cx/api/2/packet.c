/* SPDX-License-Identifier: MIT */
/*
 * How a NET_PACKET of 2.x is written and read, with its fragments and extensions. Ring ownership:
 * DDI page NET_RING and the framework of 21H2; we move EndIndex of every ring, the driver all the
 * rest: it returns fragments beside packets, on both sides. What a driver returned is read from our
 * copies, which cx2_rings_returned() has made and checked.
 */
#include "cx/api/2/client.h"
#include "cx/api/2/queue.h"
#include "cx/layout.h"

static struct cx2_ring *packets_of(struct cx2_queue *q)
{
	return &q->rings[NetRingTypePacket];
}

static struct cx2_ring *fragments_of(struct cx2_queue *q)
{
	return &q->rings[NetRingTypeFragment];
}

static void rewind_queue(struct cx_queue *queue)
{
	cx2_rings_rewind(cx2_queue(queue));
}

/* Our copy of an element that the framework still has, emptied. */
static void *begin_element(const struct cx2_queue *q, const struct cx2_ring *ring, uint32_t index)
{
	cx2_verify_let_alone(q, ring, index);
	return cx2_clear_element(ring->stride, cx2_copy_at(ring, index));
}

static void share(const struct cx2_ring *ring, uint32_t index)
{
	cx2_copy_element(ring->stride, cx2_shared_at(ring, index), cx2_copy_at(ring, index));
}

/* ---- transmit ---- */

static void fill_layout(NET_PACKET_LAYOUT *out, const struct lso_layout *parsed, bool transport)
{
	const struct cx_layout layout = cx_layout_of(parsed, transport);

	out->Layer2Type = layout.layer2;
	out->Layer2HeaderLength = layout.layer2_length;
	out->Layer3Type = layout.layer3;
	out->Layer3HeaderLength = layout.layer3_length;
	out->Layer4Type = layout.layer4;
	out->Layer4HeaderLength = layout.layer4_length;
}

static void put_addresses(const struct cx2_queue *q, NET_FRAGMENT *fragment, void *data,
			  uint64_t logical)
{
	NET_FRAGMENT_VIRTUAL_ADDRESS *virtual_address =
		cx2_extension(q, fragment, CX2_VIRTUAL_ADDRESS);
	NET_FRAGMENT_LOGICAL_ADDRESS *logical_address =
		cx2_extension(q, fragment, CX2_LOGICAL_ADDRESS);

	virtual_address->VirtualAddress = data;
	if (logical_address)
		logical_address->LogicalAddress = logical;
}

/* The fragments of one packet: usually one; more when the datapath was told to scatter. */
static uint16_t fill_fragments(struct cx2_queue *q, const struct cx_tx_packet *packet)
{
	struct cx2_ring *ring = fragments_of(q);
	uint32_t index = ring->at->posted;
	size_t at = 0, piece = packet->first;
	uint16_t count = 0;

	for (; at < packet->length; at += piece, piece = packet->piece) {
		NET_FRAGMENT *fragment = begin_element(q, ring, index);
		size_t left = packet->length - at;

		fragment->ValidLength = left < piece ? left : piece;
		fragment->Offset = packet->offset;
		fragment->Capacity = fragment->Offset + fragment->ValidLength;
		put_addresses(q, fragment, (unsigned char *)packet->data + at - packet->offset,
			      packet->logical ? packet->logical + at - packet->offset : 0);
		share(ring, index);
		index = (index + 1) & ring->at->mask;
		count++;
	}
	cx_ring_post(ring->at, index);
	return count;
}

static UINT8 action(bool required)
{
	return required ? NetPacketTxChecksumActionRequired : NetPacketTxChecksumActionPassthrough;
}

static void fill_extensions(const struct cx2_queue *q, NET_PACKET *to,
			    const struct cx_tx_packet *from)
{
	NET_PACKET_CHECKSUM *checksum = cx2_extension(q, to, CX2_CHECKSUM);
	NET_PACKET_GSO *gso = cx2_extension(q, to, CX2_GSO);
	NET_PACKET_GSO *lso = cx2_extension(q, to, CX2_LSO);
	NET_PACKET_IEEE8021Q *tag = cx2_extension(q, to, CX2_IEEE8021Q);

	if (checksum) {
		checksum->Layer3 = action(from->ipv4_checksum);
		checksum->Layer4 = action(from->checksum);
	}
	if (gso)
		gso->TCP.Mss = from->mss;
	if (lso)
		lso->TCP.Mss = from->mss;
	if (tag && from->tag.actions) {
		tag->PriorityCodePoint = from->tag.priority & 7;
		tag->VlanIdentifier = from->tag.vlan & 0xFFF;
		tag->TxTagging = from->tag.actions & 3;
	}
}

static void write_tx(struct cx_queue *queue, uint32_t index, const struct cx_tx_packet *from)
{
	struct cx2_queue *q = cx2_queue(queue);
	struct cx2_ring *ring = packets_of(q);
	NET_PACKET *packet;

	cx2_rings_compare(q);
	packet = begin_element(q, ring, index);
	if (from->length) {
		packet->FragmentIndex = q->fragments.posted;
		packet->FragmentCount = fill_fragments(q, from);
		fill_layout(&packet->Layout, from->layout, from->transport);
		fill_extensions(q, packet, from);
	} else {
		packet->Ignore = 1;
	}
	share(ring, index);
}

/* The fragments have come back on their own, when the callback was over. */
static void returned_tx(struct cx_queue *queue, uint32_t from, uint32_t to)
{
}

static bool room_tx(struct cx_queue *queue, uint32_t fragments)
{
	const struct cx_ring *ring = &cx2_queue(queue)->fragments;

	if (((ring->returned - 1 - ring->posted) & ring->mask) >= fragments)
		return true;
	if (queue->packets.returned == queue->packets.posted)
		cx2_kept_fragments(cx2_queue(queue));
	return false;
}

/* ---- receive ---- */

/*
 * What a driver fills in is what it cannot be when it comes back (verify_ring.c): a count and an
 * index that no packet has, and types that there are not. Lengths are 0, as without a verifier.
 */
static const struct {
	NET_PACKET packet;
	unsigned char extensions[CX2_STRIDE_MAX - sizeof(NET_PACKET)]; /* all 0 */
} posted_packet = { .packet = { .FragmentIndex = UINT32_MAX,
				.FragmentCount = UINT16_MAX,
				.Layout = { .Layer2Type = CX2_LAYER_AS_POSTED,
					    .Layer3Type = CX2_LAYER_AS_POSTED,
					    .Layer4Type = CX2_LAYER_AS_POSTED } } };

static void post_packets(const struct cx2_queue *q, uint32_t from, uint32_t to)
{
	const struct cx2_ring *ring = &q->rings[NetRingTypePacket];
	unsigned char *const copies = ring->copies, *const shared = ring->shared->Buffer;
	const size_t stride = ring->stride;
	const uint32_t mask = ring->at->mask;

	for (uint32_t i = from; i != to; i = (i + 1) & mask) {
		cx2_verify_let_alone(q, ring, i);
		cx2_copy_element(stride, copies + i * stride, &posted_packet);
		cx2_copy_element(stride, shared + i * stride, &posted_packet);
	}
}

/* What the fragments of a queue are posted with, and where in an element their addresses lie. */
struct posted_fragments {
	size_t stride;
	NET_FRAGMENT first;
	uint16_t virtual_address, logical_address; /* bytes; 0: there is none */
};

/* Twice, not copied: a wide load of what narrow stores have just written has to wait. */
static void put_posted_fragment(const struct posted_fragments *posted, unsigned char *fragment,
				const unsigned char *data, uint64_t logical)
{
	cx2_clear_element(posted->stride, fragment);
	memcpy(fragment, &posted->first, sizeof(posted->first));
	memcpy(fragment + posted->virtual_address, &data, sizeof(data));
	if (posted->logical_address)
		memcpy(fragment + posted->logical_address, &logical, sizeof(logical));
}

/* @buffers: NULL: the driver has its own, and says where they are */
static void post_fragments(const struct cx2_queue *q, uint32_t to,
			   const struct cx_rx_buffers *buffers)
{
	const struct cx2_ring *ring = &q->rings[NetRingTypeFragment];
	unsigned char *const copies = ring->copies, *const shared = ring->shared->Buffer;
	const struct cx_rx_buffers ours = buffers ? *buffers : (struct cx_rx_buffers){ 0 };
	const struct posted_fragments posted = {
		.stride = ring->stride,
		.first = { .Capacity = ours.size },
		.virtual_address = q->layout.offset[CX2_VIRTUAL_ADDRESS],
		.logical_address = q->layout.offset[CX2_LOGICAL_ADDRESS],
	};
	const uint32_t mask = ring->at->mask;

	for (uint32_t i = ring->at->posted; i != to; i = (i + 1) & mask) {
		unsigned char *data = buffers ? ours.data + i * ours.stride : NULL;
		uint64_t logical = ours.logical ? ours.logical + i * ours.stride : 0;

		cx2_verify_let_alone(q, ring, i);
		put_posted_fragment(&posted, copies + i * posted.stride, data, logical);
		put_posted_fragment(&posted, shared + i * posted.stride, data, logical);
	}
}

/*
 * One that the driver attaches a data buffer to. How large those are is said already: the sample of
 * build 20141 gives its hardware the Capacity of a fragment that has no buffer yet.
 */
static void post_bare_fragment(struct cx2_queue *q, uint32_t index)
{
	NET_FRAGMENT *fragment = begin_element(q, fragments_of(q), index);

	fragment->Capacity = q->buffers->size;
	share(fragments_of(q), index);
}

/* Its handle is its number. */
static void post_data_buffer(struct cx2_queue *q, uint32_t index,
			     const struct cx_rx_buffers *buffers)
{
	struct cx2_ring *ring = &q->rings[NetRingTypeDataBuffer];
	SIZE_T *buffer = begin_element(q, ring, index);
	NET_FRAGMENT_VIRTUAL_ADDRESS *virtual_address =
		cx2_extension(q, buffer, CX2_BUFFER_VIRTUAL_ADDRESS);
	NET_FRAGMENT_LOGICAL_ADDRESS *logical_address =
		cx2_extension(q, buffer, CX2_BUFFER_LOGICAL_ADDRESS);
	size_t offset = index * buffers->stride;

	*buffer = index;
	virtual_address->VirtualAddress = buffers->data + offset;
	logical_address->LogicalAddress = buffers->logical ? buffers->logical + offset : 0;
	share(ring, index);
}

/* All of them but one. */
static void post_bare_fragments(struct cx2_queue *q)
{
	struct cx_ring *ring = &q->fragments;
	uint32_t end = (ring->returned - 1) & ring->mask;

	for (uint32_t i = ring->posted; i != end; i = (i + 1) & ring->mask)
		post_bare_fragment(q, i);
	cx_ring_post(ring, end);
}

static void post_rx(struct cx_queue *queue, uint32_t from, uint32_t to,
		    const struct cx_rx_buffers *buffers, uint32_t buffers_to)
{
	struct cx2_queue *q = cx2_queue(queue);
	const struct cx_ring *ring = queue->buffers;

	cx2_rings_compare(q);
	q->buffers = buffers;
	post_packets(q, from, to);
	if (ring != &q->data_buffers) {
		post_fragments(q, buffers_to, buffers);
		return;
	}
	post_bare_fragments(q);
	for (uint32_t i = ring->posted; i != buffers_to; i = (i + 1) & ring->mask)
		post_data_buffer(q, i, buffers);
}

/* Where a fragment's buffer begins: ours by our own record, the driver's by what it said. */
static unsigned char *buffer_of(const struct cx2_queue *q, const NET_FRAGMENT *fragment,
				uint32_t index, const struct cx_rx_buffers *buffers)
{
	const NET_FRAGMENT_DATA_BUFFER *data_buffer = cx2_extension(q, fragment, CX2_DATA_BUFFER);
	const NET_FRAGMENT_VIRTUAL_ADDRESS *address =
		cx2_extension(q, fragment, CX2_VIRTUAL_ADDRESS);

	if (!buffers)
		return address->VirtualAddress;
	if (data_buffer)
		return buffers->data + (uintptr_t)data_buffer->Handle * buffers->stride;
	return buffers->data + index * buffers->stride;
}

static enum cx_rx_checksum read_checksum(const struct cx2_queue *q, const NET_PACKET *packet)
{
	const NET_PACKET_CHECKSUM *checksum = cx2_extension(q, packet, CX2_CHECKSUM);

	if (!checksum)
		return CX_RX_NOT_CHECKED;
	if (checksum->Layer4 == NetPacketRxChecksumEvaluationInvalid ||
	    checksum->Layer3 == NetPacketRxChecksumEvaluationInvalid)
		return CX_RX_CHECKSUM_BAD;
	return checksum->Layer4 == NetPacketRxChecksumEvaluationValid ? CX_RX_CHECKSUM_VALID
								      : CX_RX_NOT_CHECKED;
}

static void read_coalesced(const struct cx2_queue *q, const NET_PACKET *packet,
			   struct cx_coalesced *to)
{
	const NET_PACKET_RSC *rsc = cx2_extension(q, packet, CX2_RSC);
	const NET_PACKET_RSC_TIMESTAMP *timestamp = cx2_extension(q, packet, CX2_RSC_TIMESTAMP);

	if (!rsc)
		return;
	to->segments = rsc->TCP.CoalescedSegmentCount;
	/* They lie in one place. Where the layout does not say which it is, the frame does. */
	if (packet->Layout.Layer4Type != NetPacketLayer4TypeTcp)
		to->size = rsc->UDP.CoalescedSegmentSize;
	if (packet->Layout.Layer4Type != NetPacketLayer4TypeUdp)
		to->acks = rsc->TCP.DuplicateAckCount;
	if (timestamp)
		to->timestamp = timestamp->TCP.RscTcpTimestampDelta;
}

static void read_extensions(const struct cx2_queue *q, const NET_PACKET *packet,
			    struct cx_rx_packet *to)
{
	const NET_PACKET_IEEE8021Q *tag = cx2_extension(q, packet, CX2_IEEE8021Q);
	const NET_PACKET_HASH *hash = cx2_extension(q, packet, CX2_HASH);

	to->checksum = read_checksum(q, packet);
	read_coalesced(q, packet, &to->coalesced);
	if (tag && (tag->PriorityCodePoint || tag->VlanIdentifier))
		to->tag = (struct cx_tag){
			.actions = (uint8_t)((tag->PriorityCodePoint ? CX_IEEE8021Q_PRIORITY : 0) |
					     (tag->VlanIdentifier ? CX_IEEE8021Q_VLAN : 0)),
			.priority = tag->PriorityCodePoint,
			.vlan = tag->VlanIdentifier,
		};
	if (hash) {
		to->hash = hash->HashValue;
		to->hash_protocols = hash->ProtocolType;
	}
}

/* The count is the one thing that a driver may have large without being wrong. */
static enum cx_rx_result read_rx(struct cx_queue *queue, uint32_t index, struct cx_rx_packet *to)
{
	struct cx2_queue *q = cx2_queue(queue);
	const NET_PACKET *packet = cx2_copy_at(packets_of(q), index);

	if (packet->Ignore)
		return CX_RX_IGNORED;
	if (packet->FragmentCount > CX_RX_FRAGMENTS)
		return CX_RX_BAD;
	to->count = packet->FragmentCount;
	for (uint32_t i = 0; i < packet->FragmentCount; i++) {
		uint32_t at = (packet->FragmentIndex + i) & q->fragments.mask;
		const NET_FRAGMENT *fragment = cx2_copy_at(fragments_of(q), at);

		to->iov[i] = (struct iovec){
			.iov_base = buffer_of(q, fragment, at, to->buffers) + fragment->Offset,
			.iov_len = fragment->ValidLength,
		};
	}
	read_extensions(q, packet, to);
	return CX_RX_FRAME;
}

/* The driver's own buffers: what was in them has been copied by now. */
static void return_rx(struct cx_queue *queue, uint32_t from, uint32_t to)
{
	struct cx2_queue *q = cx2_queue(queue);
	struct cx2_adapter *a = cx2_adapter(queue->adapter);
	struct nt_callback callback;

	for (uint32_t i = from; i != to; i = (i + 1) & queue->packets.mask) {
		const NET_PACKET *packet = cx2_copy_at(packets_of(q), i);

		for (uint32_t j = 0; j < packet->FragmentCount && !packet->Ignore; j++) {
			uint32_t at = (packet->FragmentIndex + j) & q->fragments.mask;
			const NET_FRAGMENT_RETURN_CONTEXT *context = cx2_extension(
				q, cx2_copy_at(fragments_of(q), at), CX2_RETURN_CONTEXT);

			nt_callback_enter(&callback, queue->adapter->name,
					  "EvtAdapterReturnRxBuffer");
			a->return_rx_buffer(cx2_adapter_handle(queue->adapter), context->Handle);
			nt_callback_leave(&callback);
		}
	}
}

/* As 21H2: it waits for fragments too; data buffers it takes back itself. */
static uint32_t held_rx(struct cx_queue *queue)
{
	const struct cx_ring *ring = &cx2_queue(queue)->fragments;

	return (ring->posted - ring->returned) & ring->mask;
}

const struct cx_packet_format cx2_packets = {
	.rewind = rewind_queue,
	.write_tx = write_tx,
	.returned_tx = returned_tx,
	.room_tx = room_tx,
	.post_rx = post_rx,
	.read_rx = read_rx,
	.return_rx = return_rx,
	.held_rx = held_rx,
};
