/* SPDX-License-Identifier: MIT */
/*
 * How a NET_PACKET of 1.3 is written and read: its layout, fragments and extensions. Ring
 * ownership: DDI page NET_RING_BUFFER; the OS moves EndIndex and all indices of the fragment ring,
 * the driver BeginIndex and NextIndex of the packet ring. Elements are shared with the driver:
 * each field is read once, and lengths are checked against our own record of the buffer.
 */
#include <string.h>

#include "cx/api/1.3/client.h"
#include "cx/api/1.3/queue.h"
#include "cx/layout.h"

static void *packet_at(const struct cx13_queue *q, uint32_t index)
{
	return (unsigned char *)q->packets->Buffer + index * q->stride;
}

static NET_PACKET_FRAGMENT *fragment_at(const struct cx13_queue *q, uint32_t index)
{
	return (NET_PACKET_FRAGMENT *)(void *)q->fragments->Buffer + (index & q->fragment_mask);
}

/* Each start begins at element 0, as in 1809: drivers begin their descriptor rings there too. */
static void rewind_queue(struct cx_queue *queue)
{
	cx13_rings_rewind(cx13_queue(queue));
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

/* The fragments of one packet: usually one; more when the datapath was told to scatter. */
static uint16_t fill_fragments(struct cx13_queue *q, const struct cx_tx_packet *packet)
{
	size_t at = 0, piece = packet->first;
	uint16_t count = 0;

	for (; at < packet->length; at += piece, piece = packet->piece) {
		NET_PACKET_FRAGMENT *fragment = fragment_at(q, q->fragment_end);
		size_t left = packet->length - at;

		memset(fragment, 0, sizeof(*fragment));
		fragment->VirtualAddress = (unsigned char *)packet->data + at - packet->offset;
		if (packet->logical)
			fragment->Mapping.DmaLogicalAddress.QuadPart =
				(LONGLONG)(packet->logical + at - packet->offset);
		fragment->ValidLength = left < piece ? left : piece;
		fragment->Offset = packet->offset;
		fragment->Capacity = fragment->Offset + fragment->ValidLength;
		q->fragment_end = (q->fragment_end + 1) & q->fragment_mask;
		count++;
	}
	return count;
}

static UINT8 action(bool required)
{
	return required ? NET_PACKET_TX_CHECKSUM_REQUIRED : NET_PACKET_TX_CHECKSUM_PASSTHROUGH;
}

static void fill_extensions(const struct cx13_queue *q, unsigned char *at,
			    const struct cx_tx_packet *packet)
{
	if (q->core.has_checksum) {
		NET_PACKET_CHECKSUM *checksum = (void *)(at + q->checksum_offset);

		checksum->Layer3 = action(packet->ipv4_checksum);
		checksum->Layer4 = action(packet->checksum);
	}
	if (q->core.has_lso) {
		NET_PACKET_LARGE_SEND_SEGMENTATION *lso = (void *)(at + q->lso_offset);

		lso->TCP.Mss = packet->mss;
	}
}

static void write_tx(struct cx_queue *queue, uint32_t index, const struct cx_tx_packet *from)
{
	struct cx13_queue *q = cx13_queue(queue);
	NET_PACKET *packet = packet_at(q, index);

	cx13_rings_compare(q);
	memset(packet, 0, q->stride - NT_GUARD_LOOK);
	q->fragments_of[index] = 0;
	if (!from->length) {
		packet->IgnoreThisPacket = TRUE;
		return;
	}
	packet->FragmentOffset = q->fragment_end;
	q->fragments_of[index] = fill_fragments(q, from);
	packet->FragmentCount = q->fragments_of[index];
	fill_layout(&packet->Layout, from->layout, from->transport);
	fill_extensions(q, (unsigned char *)packet, from);
	q->fragments->EndIndex = q->fragment_end;
}

static void returned_tx(struct cx_queue *queue, uint32_t from, uint32_t to)
{
	struct cx13_queue *q = cx13_queue(queue);

	for (uint32_t i = from; i != to; i = (i + 1) & queue->packets.mask) {
		cx13_verify_packet_gaps(q, i);
		q->fragment_begin += q->fragments_of[i];
	}
	q->fragment_begin &= q->fragment_mask;
	q->fragments->BeginIndex = q->fragment_begin;
	q->fragments->NextIndex = q->fragment_begin;
}

/* ---- receive ---- */

/* Fragment i of the ring belongs to packet i, for good. */
static void post_one(struct cx13_queue *q, uint32_t index, const struct cx_rx_buffers *buffers)
{
	NET_PACKET *packet = packet_at(q, index);
	NET_PACKET_FRAGMENT *fragment = fragment_at(q, index);

	memset(packet, 0, q->stride - NT_GUARD_LOOK);
	memset(fragment, 0, sizeof(*fragment));
	packet->FragmentOffset = index;
	packet->FragmentCount = 1;
	if (!buffers)
		return;
	fragment->VirtualAddress = buffers->data + index * buffers->stride;
	fragment->Capacity = buffers->size;
	if (buffers->logical)
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(buffers->logical + index * buffers->stride);
}

static void post_rx(struct cx_queue *queue, uint32_t from, uint32_t to,
		    const struct cx_rx_buffers *buffers, uint32_t buffers_to)
{
	struct cx13_queue *q = cx13_queue(queue);

	(void)buffers_to; /* buffers go with the packets */
	cx13_rings_compare(q);
	for (uint32_t i = from; i != to; i = (i + 1) & queue->packets.mask)
		post_one(q, i, buffers);
	q->fragments->EndIndex = q->fragment_end = to;
}

/* One fragment, in the buffer that was posted with the packet. */
static bool read_own_buffer(const struct cx13_queue *q, uint32_t index, uint32_t first,
			    struct cx_rx_packet *to)
{
	const volatile NET_PACKET_FRAGMENT *fragment = fragment_at(q, index);
	size_t offset = fragment->Offset, length = fragment->ValidLength;
	size_t size = to->buffers->size;
	unsigned char *buffer = to->buffers->data + index * to->buffers->stride;
	void *address = fragment->VirtualAddress;

	if (__builtin_expect(address != buffer, 0))
		cx13_bad_fragment(&q->core, index, buffer, address);
	if (to->count != 1 || first != index || !length || offset > size || length > size - offset)
		return false;
	to->iov[0].iov_base = buffer + offset;
	to->iov[0].iov_len = length;
	return true;
}

static bool read_driver_buffers(const struct cx13_queue *q, uint32_t first, struct cx_rx_packet *to)
{
	if (to->count < 1 || to->count > (int)CX_RX_FRAGMENTS)
		return false;
	for (int i = 0; i < to->count; i++) {
		const volatile NET_PACKET_FRAGMENT *fragment = fragment_at(q, first + (uint32_t)i);
		size_t offset = fragment->Offset, length = fragment->ValidLength;
		size_t capacity = fragment->Capacity;
		unsigned char *address = fragment->VirtualAddress;

		if (!address || !length || offset > capacity || length > capacity - offset)
			return false;
		to->iov[i].iov_base = address + offset;
		to->iov[i].iov_len = length;
	}
	return true;
}

static enum cx_rx_checksum read_checksum(const struct cx13_queue *q, const void *packet)
{
	NET_PACKET_CHECKSUM checksum;

	if (!q->core.has_checksum)
		return CX_RX_NOT_CHECKED;
	memcpy(&checksum, (const unsigned char *)packet + q->checksum_offset, sizeof(checksum));
	if (checksum.Layer4 == NET_PACKET_RX_CHECKSUM_VALID &&
	    checksum.Layer3 != NET_PACKET_RX_CHECKSUM_INVALID)
		return CX_RX_CHECKSUM_VALID;
	return checksum.Layer4 == NET_PACKET_RX_CHECKSUM_INVALID ||
			       checksum.Layer3 == NET_PACKET_RX_CHECKSUM_INVALID
		       ? CX_RX_CHECKSUM_BAD
		       : CX_RX_NOT_CHECKED;
}

static enum cx_rx_result read_rx(struct cx_queue *queue, uint32_t index, struct cx_rx_packet *to)
{
	const struct cx13_queue *q = cx13_queue(queue);
	NET_PACKET packet;
	bool good;

	cx13_verify_packet_gaps(q, index);
	memcpy(&packet, packet_at(q, index), sizeof(packet));
	if (packet.IgnoreThisPacket)
		return CX_RX_IGNORED;
	to->count = packet.FragmentCount;
	good = to->buffers ? read_own_buffer(q, index, packet.FragmentOffset, to)
			   : read_driver_buffers(q, packet.FragmentOffset, to);
	if (!good)
		return CX_RX_BAD;
	to->checksum = read_checksum(q, packet_at(q, index));
	return CX_RX_FRAME;
}

/* The driver's own buffers: what was in them has been copied by now. */
static void return_rx(struct cx_queue *queue, uint32_t from, uint32_t to)
{
	const struct cx13_queue *q = cx13_queue(queue);
	const struct cx13_adapter *a = cx13_adapter(queue->adapter);

	for (uint32_t i = from; i != to; i = (i + 1) & queue->packets.mask) {
		NET_PACKET packet;

		memcpy(&packet, packet_at(q, i), sizeof(packet));
		if (packet.IgnoreThisPacket || packet.FragmentCount > CX_RX_FRAGMENTS)
			continue;
		for (unsigned j = 0; j < packet.FragmentCount; j++) {
			const NET_PACKET_FRAGMENT *fragment =
				fragment_at(q, packet.FragmentOffset + j);

			if (fragment->VirtualAddress)
				a->return_rx_buffer(cx13_adapter_handle(queue->adapter),
						    fragment->VirtualAddress,
						    fragment->RxBufferReturnContext);
		}
	}
}

const struct cx_packet_format cx13_packets = {
	.rewind = rewind_queue,
	.write_tx = write_tx,
	.returned_tx = returned_tx,
	.post_rx = post_rx,
	.read_rx = read_rx,
	.return_rx = return_rx,
};
