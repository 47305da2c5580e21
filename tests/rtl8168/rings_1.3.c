/* SPDX-License-Identifier: MIT */
/* The datapath's hands in the rings of 1.3: packets with their fragments, addresses in those. */
#include "cx/api/1.3/queue.h"
#include "nt/guard.h"
#include "traffic.h"

void traffic_keywords(struct stage *s)
{
	stage_keyword(s, "*RSS", "0");
}

uint32_t traffic_begin(struct cx_queue *queue)
{
	return cx13_queue(queue)->packets->BeginIndex;
}

uint32_t traffic_end(struct cx_queue *queue)
{
	return cx13_queue(queue)->packets->EndIndex;
}

void traffic_start(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtStart(cx13_queue_handle(queue));
}

void traffic_cancel(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtCancel(cx13_queue_handle(queue));
	assert_int_equal(traffic_begin(queue), traffic_end(queue));
}

void traffic_stop(struct cx_queue *queue)
{
	traffic_cancel(queue);
	if (cx13_queue(queue)->config.EvtStop)
		cx13_queue(queue)->config.EvtStop(cx13_queue_handle(queue));
}

void traffic_advance_tx(struct stage *s)
{
	cx13_queue(s->tx)->config.EvtAdvance(cx13_queue_handle(s->tx));
}

void traffic_advance_rx(struct stage *s)
{
	cx13_queue(s->rx)->config.EvtAdvance(cx13_queue_handle(s->rx));
}

void traffic_arm(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtSetNotificationEnabled(cx13_queue_handle(queue), TRUE);
}

void traffic_disarm(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtSetNotificationEnabled(cx13_queue_handle(queue), FALSE);
}

static NET_PACKET *packet_at(struct cx_queue *queue, uint32_t index)
{
	return NetRingBufferGetPacketAtIndex(&cx13_queue(queue)->descriptor, index);
}

static void fill_layout(NET_PACKET_LAYOUT *layout, const uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct lso_layout parsed;

	if (lso_parse(&iov, 1, &parsed) || !parsed.ip_version)
		return;
	layout->Layer2Type = NET_PACKET_LAYER2_TYPE_ETHERNET;
	layout->Layer2HeaderLength = parsed.l3_offset & 0x7f;
	layout->Layer3Type = parsed.ip_version == 4 ? NET_PACKET_LAYER3_TYPE_IPV4_NO_OPTIONS
						    : NET_PACKET_LAYER3_TYPE_IPV6_NO_EXTENSIONS;
	layout->Layer3HeaderLength = (parsed.l4_offset - parsed.l3_offset) & 0x1ff;
	layout->Layer4Type =
		parsed.l4_protocol == 6 ? NET_PACKET_LAYER4_TYPE_TCP : NET_PACKET_LAYER4_TYPE_UDP;
	layout->Layer4HeaderLength = (uint8_t)(parsed.payload_offset - parsed.l4_offset);
}

static void post_fragment(struct stage *s, size_t at, size_t length)
{
	NET_RING_BUFFER *fragments = cx13_queue(s->tx)->fragments;
	NET_PACKET_FRAGMENT *fragment =
		NetRingBufferGetElementAtIndex(fragments, traffic_memory.tx_fragments);

	memset(fragment, 0, sizeof(*fragment));
	fragment->ValidLength = length;
	fragment->Capacity = length;
	fragment->VirtualAddress = traffic_memory.arena + at;
	fragment->Mapping.DmaLogicalAddress.QuadPart =
		(LONGLONG)(traffic_memory.arena_logical + at);
	traffic_memory.tx_fragments =
		NetRingBufferIncrementIndex(fragments, traffic_memory.tx_fragments);
}

void traffic_post(struct stage *s, const uint8_t *frame, size_t length,
		  const struct traffic_offer *offer)
{
	struct cx13_queue *queue = cx13_queue(s->tx);
	NET_RING_BUFFER *ring = queue->packets;
	NET_PACKET *packet = packet_at(s->tx, ring->EndIndex);
	size_t piece = offer->piece ? offer->piece : length, from = traffic_store(frame, length);

	assert_in_range(
		NetRingBufferGetNumberOfElementsInRange(ring, ring->BeginIndex, ring->EndIndex), 0,
		TRAFFIC_RING - 2);
	memset(packet, 0, ring->ElementStride - NT_GUARD_LOOK);
	packet->FragmentOffset = traffic_memory.tx_fragments;
	packet->IgnoreThisPacket = offer->ignore;
	for (size_t at = 0; at < length; at += piece, packet->FragmentCount++)
		post_fragment(s, from + at, length - at < piece ? length - at : piece);
	fill_layout(&packet->Layout, frame, length);
	NetPacketGetPacketLargeSendSegmentation(packet, queue->lso_offset)->TCP.Mss = offer->mss;
	if (offer->layer3)
		NetPacketGetPacketChecksum(packet, queue->checksum_offset)->Layer3 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	if (offer->layer4)
		NetPacketGetPacketChecksum(packet, queue->checksum_offset)->Layer4 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
}

void traffic_supply(struct stage *s)
{
	NET_RING_BUFFER *ring = cx13_queue(s->rx)->packets;
	uint32_t last = (ring->BeginIndex - 1) & ring->ElementIndexMask;

	while (ring->EndIndex != last) {
		NET_PACKET *packet = packet_at(s->rx, ring->EndIndex);
		uint64_t at = (uint64_t)ring->EndIndex * TRAFFIC_BUFFER;
		NET_PACKET_FRAGMENT *fragment;

		memset(packet, 0, ring->ElementStride - NT_GUARD_LOOK);
		packet->FragmentOffset = ring->EndIndex;
		packet->FragmentCount = 1;
		fragment = NET_PACKET_GET_FRAGMENT(packet, &cx13_queue(s->rx)->descriptor, 0);
		memset(fragment, 0, sizeof(*fragment));
		fragment->VirtualAddress = traffic_memory.buffers + at;
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(traffic_memory.buffers_logical + at);
		fragment->Capacity = s->adapter->rx.buffer_size;
		ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
	}
}

struct traffic_packet traffic_received(struct stage *s, uint32_t index)
{
	struct cx13_queue *queue = cx13_queue(s->rx);
	NET_PACKET *packet = packet_at(s->rx, index);
	NET_PACKET_FRAGMENT *fragment = NET_PACKET_GET_FRAGMENT(packet, &queue->descriptor, 0);
	const NET_PACKET_CHECKSUM *checksum =
		NetPacketGetPacketChecksum(packet, queue->checksum_offset);

	return (struct traffic_packet){
		.bytes = fragment->VirtualAddress,
		.length = fragment->ValidLength,
		.fragments = packet->FragmentCount,
		.ignored = packet->IgnoreThisPacket,
		.ipv4 = NetPacketIsIpv4(packet),
		.ipv6 = NetPacketIsIpv6(packet),
		.tcp = packet->Layout.Layer4Type == NET_PACKET_LAYER4_TYPE_TCP,
		.layer2_length = packet->Layout.Layer2HeaderLength,
		.layer3 = (enum traffic_verdict)checksum->Layer3,
		.layer4 = (enum traffic_verdict)checksum->Layer4,
	};
}

_Static_assert(NET_PACKET_RX_CHECKSUM_NOT_CHECKED == (int)TRAFFIC_NOT_CHECKED &&
		       NET_PACKET_RX_CHECKSUM_VALID == (int)TRAFFIC_VALID &&
		       NET_PACKET_RX_CHECKSUM_INVALID == (int)TRAFFIC_INVALID,
	       "traffic_verdict has the values of the extension");
