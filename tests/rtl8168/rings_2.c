/* SPDX-License-Identifier: MIT */
/* The datapath's hands in the rings of 2.x: packets, fragments, and extensions beside both. */
#include "cx/api/2/queue.h"
#include "traffic.h"

/* What is not in the INF is not offered. */
void traffic_keywords(struct stage *s)
{
	static const char *const checksums[] = {
		"*IPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6",
		"*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6"
	};
	static const char *const others[] = { "*LsoV2IPv4",    "*LsoV2IPv6", "*UsoIPv4",
					      "*UsoIPv6",      "*RscIPv4",   "*RscIPv6",
					      "*RscTimestamp", "*UdpRsc" };

	for (size_t i = 0; i < RTL_NUMBER_OF(checksums); i++)
		stage_keyword(s, checksums[i], "3");
	for (size_t i = 0; i < RTL_NUMBER_OF(others); i++)
		stage_keyword(s, others[i], "1");
	stage_keyword(s, "*RSS", "0");
}

static NET_RING *ring_of(struct cx_queue *queue, NET_RING_TYPE type)
{
	return cx2_queue(queue)->collection.Rings[type];
}

uint32_t traffic_begin(struct cx_queue *queue)
{
	return ring_of(queue, NetRingTypePacket)->BeginIndex;
}

uint32_t traffic_end(struct cx_queue *queue)
{
	return ring_of(queue, NetRingTypePacket)->EndIndex;
}

void traffic_start(struct cx_queue *queue)
{
	cx2_queue(queue)->config.EvtStart(cx2_queue_handle(queue));
}

void traffic_cancel(struct cx_queue *queue)
{
	cx2_queue(queue)->config.EvtCancel(cx2_queue_handle(queue));
	assert_int_equal(traffic_begin(queue), traffic_end(queue));
	assert_int_equal(ring_of(queue, NetRingTypeFragment)->BeginIndex,
			 ring_of(queue, NetRingTypeFragment)->EndIndex);
}

void traffic_stop(struct cx_queue *queue)
{
	traffic_cancel(queue);
	if (cx2_queue(queue)->config.EvtStop)
		cx2_queue(queue)->config.EvtStop(cx2_queue_handle(queue));
}

void traffic_advance_tx(struct stage *s)
{
	cx2_queue(s->tx)->config.EvtAdvance(cx2_queue_handle(s->tx));
}

void traffic_advance_rx(struct stage *s)
{
	cx2_queue(s->rx)->config.EvtAdvance(cx2_queue_handle(s->rx));
}

void traffic_arm(struct cx_queue *queue)
{
	cx2_queue(queue)->config.EvtSetNotificationEnabled(cx2_queue_handle(queue), TRUE);
}

void traffic_disarm(struct cx_queue *queue)
{
	cx2_queue(queue)->config.EvtSetNotificationEnabled(cx2_queue_handle(queue), FALSE);
}

/* An extension of an element; they are there, or the test is of no use. */
static void *extension(struct cx_queue *queue, const NET_RING *ring, uint32_t index,
		       enum cx2_extension which)
{
	uint16_t offset = cx2_queue(queue)->layout.offset[which];

	assert_int_not_equal(offset, 0);
	return (uint8_t *)NetRingGetElementAtIndex(ring, index) + offset;
}

static void *cleared(const NET_RING *ring, uint32_t index)
{
	return memset(NetRingGetElementAtIndex(ring, index), 0, ring->ElementStride);
}

static void fill_layout(NET_PACKET_LAYOUT *layout, const uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = (void *)frame, .iov_len = length };
	struct lso_layout parsed;

	if (lso_parse(&iov, 1, &parsed) || !parsed.ip_version)
		return;
	layout->Layer2Type = NetPacketLayer2TypeEthernet;
	layout->Layer2HeaderLength = parsed.l3_offset & 0x7f;
	layout->Layer3Type = parsed.ip_version == 4 ? NetPacketLayer3TypeIPv4NoOptions
						    : NetPacketLayer3TypeIPv6NoExtensions;
	layout->Layer3HeaderLength = (parsed.l4_offset - parsed.l3_offset) & 0x1ff;
	layout->Layer4Type =
		parsed.l4_protocol == 6 ? NetPacketLayer4TypeTcp : NetPacketLayer4TypeUdp;
	layout->Layer4HeaderLength = (uint8_t)(parsed.payload_offset - parsed.l4_offset);
}

static void post_fragment(struct stage *s, size_t at, size_t length)
{
	NET_RING *ring = ring_of(s->tx, NetRingTypeFragment);
	NET_FRAGMENT *fragment = cleared(ring, ring->EndIndex);
	NET_FRAGMENT_LOGICAL_ADDRESS *logical =
		extension(s->tx, ring, ring->EndIndex, CX2_LOGICAL_ADDRESS);

	fragment->ValidLength = length;
	fragment->Capacity = length;
	logical->LogicalAddress = traffic_memory.arena_logical + at;
	ring->EndIndex = NetRingIncrementIndex(ring, ring->EndIndex);
}

void traffic_post(struct stage *s, const uint8_t *frame, size_t length,
		  const struct traffic_offer *offer)
{
	NET_RING *ring = ring_of(s->tx, NetRingTypePacket);
	uint32_t index = ring->EndIndex;
	NET_PACKET *packet = cleared(ring, index);
	NET_PACKET_CHECKSUM *checksum = extension(s->tx, ring, index, CX2_CHECKSUM);
	NET_PACKET_GSO *gso = extension(s->tx, ring, index, CX2_GSO);
	NET_PACKET_IEEE8021Q *tag = extension(s->tx, ring, index, CX2_IEEE8021Q);
	size_t piece = offer->piece ? offer->piece : length, from = traffic_store(frame, length);

	assert_in_range(NetRingGetRangeCount(ring, ring->BeginIndex, index), 0, TRAFFIC_RING - 2);
	packet->FragmentIndex = ring_of(s->tx, NetRingTypeFragment)->EndIndex;
	packet->Ignore = offer->ignore;
	for (size_t at = 0; at < length; at += piece, packet->FragmentCount++)
		post_fragment(s, from + at, length - at < piece ? length - at : piece);
	fill_layout(&packet->Layout, frame, length);
	gso->TCP.Mss = offer->mss;
	if (offer->tag) {
		tag->TxTagging = NetPacketTxIeee8021qActionFlagPriorityRequired |
				 NetPacketTxIeee8021qActionFlagVlanRequired;
		tag->PriorityCodePoint = offer->tag >> 13;
		tag->VlanIdentifier = offer->tag & 0xFFF;
	}
	if (offer->layer3)
		checksum->Layer3 = NetPacketTxChecksumActionRequired;
	if (offer->layer4)
		checksum->Layer4 = NetPacketTxChecksumActionRequired;
	ring->EndIndex = NetRingIncrementIndex(ring, index);
}

/* Empty packets, and the buffers for them. */
void traffic_supply(struct stage *s)
{
	NET_RING *packets = ring_of(s->rx, NetRingTypePacket);
	NET_RING *ring = ring_of(s->rx, NetRingTypeFragment);

	for (; NetRingIncrementIndex(packets, packets->EndIndex) != packets->BeginIndex;
	     packets->EndIndex = NetRingIncrementIndex(packets, packets->EndIndex))
		cleared(packets, packets->EndIndex);
	for (; NetRingIncrementIndex(ring, ring->EndIndex) != ring->BeginIndex;
	     ring->EndIndex = NetRingIncrementIndex(ring, ring->EndIndex)) {
		uint64_t at = (uint64_t)ring->EndIndex * TRAFFIC_BUFFER;
		NET_FRAGMENT *fragment = cleared(ring, ring->EndIndex);
		NET_FRAGMENT_LOGICAL_ADDRESS *logical =
			extension(s->rx, ring, ring->EndIndex, CX2_LOGICAL_ADDRESS);

		fragment->Capacity = s->adapter->rx.buffer_size;
		logical->LogicalAddress = traffic_memory.buffers_logical + at;
	}
}

size_t traffic_bytes(struct stage *s, uint32_t index, uint8_t *to)
{
	const NET_RING *fragments = ring_of(s->rx, NetRingTypeFragment);
	const NET_PACKET *packet =
		NetRingGetPacketAtIndex(ring_of(s->rx, NetRingTypePacket), index);
	size_t length = 0;

	for (uint16_t i = 0; i < packet->FragmentCount; i++) {
		uint32_t at = NetRingAdvanceIndex(fragments, packet->FragmentIndex, i);
		const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, at);

		memcpy(to + length, traffic_memory.buffers + (size_t)at * TRAFFIC_BUFFER,
		       fragment->ValidLength);
		length += fragment->ValidLength;
	}
	return length;
}

struct traffic_packet traffic_received(struct stage *s, uint32_t index)
{
	const NET_RING *packets = ring_of(s->rx, NetRingTypePacket);
	const NET_RING *fragments = ring_of(s->rx, NetRingTypeFragment);
	const NET_PACKET *packet = NetRingGetPacketAtIndex(packets, index);
	const NET_FRAGMENT *fragment = NetRingGetFragmentAtIndex(fragments, packet->FragmentIndex);
	const NET_PACKET_CHECKSUM *checksum = extension(s->rx, packets, index, CX2_CHECKSUM);
	const NET_PACKET_IEEE8021Q *tag = extension(s->rx, packets, index, CX2_IEEE8021Q);
	const NET_PACKET_HASH *hash = extension(s->rx, packets, index, CX2_HASH);
	bool rsc = cx2_adapter(s->adapter)->offload.rsc_declared;
	const NET_PACKET_RSC *coalesced = rsc ? extension(s->rx, packets, index, CX2_RSC) : NULL;
	const NET_PACKET_RSC_TIMESTAMP *timestamp =
		rsc ? extension(s->rx, packets, index, CX2_RSC_TIMESTAMP) : NULL;

	return (struct traffic_packet){
		.bytes = traffic_memory.buffers + (size_t)packet->FragmentIndex * TRAFFIC_BUFFER +
			 fragment->Offset,
		.length = fragment->ValidLength,
		.fragments = packet->FragmentCount,
		.ignored = packet->Ignore,
		.ipv4 = NetPacketIsIpv4(packet),
		.ipv6 = NetPacketIsIpv6(packet),
		.tcp = packet->Layout.Layer4Type == NetPacketLayer4TypeTcp,
		.layer2_length = packet->Layout.Layer2HeaderLength,
		.layer3 = (enum traffic_verdict)checksum->Layer3,
		.layer4 = (enum traffic_verdict)checksum->Layer4,
		.tag = (uint16_t)(tag->PriorityCodePoint << 13 | tag->VlanIdentifier),
		.hash = hash->HashValue,
		.hash_protocols = (uint16_t)hash->ProtocolType,
		.segments = rsc ? coalesced->TCP.CoalescedSegmentCount : 0,
		.segment_size = rsc ? coalesced->UDP.CoalescedSegmentSize : 0,
		.timestamps = rsc ? timestamp->TCP.RscTcpTimestampDelta : 0,
	};
}

_Static_assert(NetPacketRxChecksumEvaluationNotChecked == (int)TRAFFIC_NOT_CHECKED &&
		       NetPacketRxChecksumEvaluationValid == (int)TRAFFIC_VALID &&
		       NetPacketRxChecksumEvaluationInvalid == (int)TRAFFIC_INVALID,
	       "traffic_verdict has the values of the extension");
