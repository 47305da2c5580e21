/* SPDX-License-Identifier: MIT */
#include "traffic.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "device/rtl8168/model.h"
#include "nt/guard.h"
#include "stage/make_frame.h"

#define ARENA (32u << 20)

const uint8_t card_mac[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

/* What the test's packets lie in; of the one stage there is. */
static struct {
	uint8_t *arena; /* transmit data, one after the other */
	uint64_t arena_logical;
	size_t arena_used;
	uint32_t tx_fragments; /* end of the transmit fragment ring */
	uint8_t *buffers;      /* receive: TRAFFIC_BUFFER bytes for each element */
	uint64_t buffers_logical;
} memory;

/* ---- the host's part: queues, whose start and end run as on their threads ---- */
static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	memory.tx_fragments = 0;
	cx13_queue(s->tx)->config.EvtStart(cx13_queue_handle(s->tx));
	cx13_queue(s->rx)->config.EvtStart(cx13_queue_handle(s->rx));
	return STATUS_SUCCESS;
}

static void cancel(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtCancel(cx13_queue_handle(queue));
	assert_int_equal(cx13_queue(queue)->packets->BeginIndex,
			 cx13_queue(queue)->packets->EndIndex);
	if (cx13_queue(queue)->config.EvtStop)
		cx13_queue(queue)->config.EvtStop(cx13_queue_handle(queue));
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	cancel(s->tx);
	cancel(s->rx);
}

/* ---- the machine ---- */
static uint8_t *dma_memory(struct stage *s, size_t size, uint64_t *logical)
{
	uint8_t *bytes =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(bytes, MAP_FAILED);
	*logical = nt_dma_map(&s->machine.dma, bytes, size, UINT64_MAX);
	assert_true(*logical != 0);
	return bytes;
}

struct stage *card_stage(void)
{
	struct stage *s = stage_new_module("rtl8168", RTL8168_DRIVER);

	stage_enter(s);
	stage_use_card(s, "rtl8168", card_mac);
	device_set_link(s->card, true);
	s->ring = TRAFFIC_RING;
	s->tx_fragments = 4 * TRAFFIC_RING;
	s->ops.datapath_start = datapath_start;
	s->ops.datapath_stop = datapath_stop;
	s->ops.scaling_create = NULL; /* one receive queue */
	stage_keyword(s, "*RSS", "0");
	memory.arena = dma_memory(s, ARENA, &memory.arena_logical);
	memory.buffers = dma_memory(s, TRAFFIC_RING * TRAFFIC_BUFFER, &memory.buffers_logical);
	return s;
}

void card_stage_free(struct stage *s)
{
	stage_remove(s);
	nt_dma_unmap(&s->machine.dma, memory.arena_logical);
	nt_dma_unmap(&s->machine.dma, memory.buffers_logical);
	munmap(memory.arena, ARENA);
	munmap(memory.buffers, TRAFFIC_RING * TRAFFIC_BUFFER);
	memory.arena_used = 0;
	stage_free(s);
}

/* On the card's timer the driver's DPC tells the link, and then the partner's answers come. */
void card_stage_await_link(struct stage *s)
{
	stage_await_link(s);
	/* Those would interrupt in the middle of what a test does by hand. */
	rtl_link_end((struct rtl8168 *)s->card, true);
}

/* As NDIS, with a stack that takes every multicast. */
void card_stage_up(struct stage *s)
{
	ULONG filter = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST |
		       NDIS_PACKET_TYPE_BROADCAST;

	stage_up(s);
	assert_non_null(s->tx);
	assert_non_null(s->rx);
	assert_int_equal(stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER,
				   &filter, sizeof(filter)),
			 STATUS_SUCCESS);
	card_stage_await_link(s);
}

/* ---- the datapath ---- */
NET_PACKET *traffic_packet(struct cx_queue *queue, uint32_t index)
{
	return NetRingBufferGetPacketAtIndex(&cx13_queue(queue)->descriptor, index);
}

NET_PACKET_FRAGMENT *traffic_fragment(struct cx_queue *queue, const NET_PACKET *packet)
{
	return NET_PACKET_GET_FRAGMENT(packet, &cx13_queue(queue)->descriptor, 0);
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

void traffic_post(struct stage *s, const uint8_t *frame, size_t length,
		  const struct traffic_offer *offer)
{
	NET_RING_BUFFER *ring = cx13_queue(s->tx)->packets,
			*fragments = cx13_queue(s->tx)->fragments;
	NET_PACKET *packet = traffic_packet(s->tx, ring->EndIndex);
	size_t piece = offer->piece ? offer->piece : length;

	assert_in_range(
		NetRingBufferGetNumberOfElementsInRange(ring, ring->BeginIndex, ring->EndIndex), 0,
		TRAFFIC_RING - 2);
	if (memory.arena_used + length > ARENA)
		memory.arena_used = 0;
	memcpy(memory.arena + memory.arena_used, frame, length);
	memset(packet, 0, ring->ElementStride - NT_GUARD_LOOK);
	packet->FragmentOffset = memory.tx_fragments;
	packet->IgnoreThisPacket = offer->ignore;
	for (size_t at = 0; at < length; at += piece) {
		NET_PACKET_FRAGMENT *fragment =
			NetRingBufferGetElementAtIndex(fragments, memory.tx_fragments);

		memset(fragment, 0, sizeof(*fragment));
		fragment->ValidLength = length - at < piece ? length - at : piece;
		fragment->Capacity = fragment->ValidLength;
		fragment->VirtualAddress = memory.arena + memory.arena_used + at;
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(memory.arena_logical + memory.arena_used + at);
		memory.tx_fragments = NetRingBufferIncrementIndex(fragments, memory.tx_fragments);
		packet->FragmentCount++;
	}
	memory.arena_used += length;
	fill_layout(&packet->Layout, frame, length);
	NetPacketGetPacketLargeSendSegmentation(packet, cx13_queue(s->tx)->lso_offset)->TCP.Mss =
		offer->mss;
	if (offer->layer3)
		NetPacketGetPacketChecksum(packet, cx13_queue(s->tx)->checksum_offset)->Layer3 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	if (offer->layer4)
		NetPacketGetPacketChecksum(packet, cx13_queue(s->tx)->checksum_offset)->Layer4 =
			NET_PACKET_TX_CHECKSUM_REQUIRED;
	ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
}

void traffic_advance_tx(struct stage *s)
{
	cx13_queue(s->tx)->config.EvtAdvance(cx13_queue_handle(s->tx));
}

void traffic_supply(struct stage *s)
{
	NET_RING_BUFFER *ring = cx13_queue(s->rx)->packets;
	uint32_t last = (ring->BeginIndex - 1) & ring->ElementIndexMask;

	while (ring->EndIndex != last) {
		NET_PACKET *packet = traffic_packet(s->rx, ring->EndIndex);
		NET_PACKET_FRAGMENT *fragment;

		memset(packet, 0, ring->ElementStride - NT_GUARD_LOOK);
		packet->FragmentOffset = ring->EndIndex;
		packet->FragmentCount = 1;
		fragment = traffic_fragment(s->rx, packet);
		memset(fragment, 0, sizeof(*fragment));
		fragment->VirtualAddress = memory.buffers + (size_t)ring->EndIndex * TRAFFIC_BUFFER;
		fragment->Mapping.DmaLogicalAddress.QuadPart =
			(LONGLONG)(memory.buffers_logical +
				   (uint64_t)ring->EndIndex * TRAFFIC_BUFFER);
		fragment->Capacity = s->adapter->rx.buffer_size;
		ring->EndIndex = NetRingBufferIncrementIndex(ring, ring->EndIndex);
	}
}

void traffic_pump(struct stage *s)
{
	device_pump(s->card, FRAME_STORE_ROOM);
}

void traffic_advance_rx(struct stage *s)
{
	cx13_queue(s->rx)->config.EvtAdvance(cx13_queue_handle(s->rx));
}

void traffic_arm(struct cx_queue *queue)
{
	cx13_queue(queue)->config.EvtSetNotificationEnabled(cx13_queue_handle(queue), TRUE);
}

const uint8_t *traffic_received(struct stage *s, uint32_t index)
{
	return traffic_fragment(s->rx, traffic_packet(s->rx, index))->VirtualAddress;
}

NET_PACKET_CHECKSUM *traffic_rx_checksum(struct stage *s, uint32_t index)
{
	return NetPacketGetPacketChecksum(traffic_packet(s->rx, index),
					  cx13_queue(s->rx)->checksum_offset);
}

static size_t frame_for_the_card(uint8_t *frame, const struct shape *shape)
{
	struct test_frame made = make_frame(shape);

	memcpy(frame, made.bytes, made.length);
	memcpy(frame, card_mac, 6);
	free(made.bytes);
	return made.length;
}

size_t traffic_tcp(uint8_t *frame, int version, size_t payload)
{
	return frame_for_the_card(
		frame, &(struct shape){ .version = version, .payload = payload, .final = true });
}

size_t traffic_udp(uint8_t *frame, int version, size_t payload)
{
	return frame_for_the_card(frame, &(struct shape){ .version = version,
							  .protocol = IPPROTO_UDP,
							  .payload = payload,
							  .final = true });
}
