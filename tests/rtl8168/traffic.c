/* SPDX-License-Identifier: MIT */
#include "traffic.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "device/rtl8168/model.h"
#include "stage/make_frame.h"

#define ARENA (32u << 20)

const uint8_t card_mac[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };

struct traffic_memory traffic_memory;

/* ---- the host's part: queues, whose start and end run as on their threads ---- */
static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	traffic_memory.tx_fragments = 0;
	traffic_start(s->tx);
	traffic_start(s->rx);
	return STATUS_SUCCESS;
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	traffic_stop(s->tx);
	traffic_stop(s->rx);
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
	return card_stage_of("rtl8168");
}

struct stage *card_stage_of(const char *model)
{
	struct stage *s = stage_new_module("rtl8168", RTL8168_DRIVER);

	stage_enter(s);
	stage_use_card(s, model, card_mac);
	device_set_link(s->card, true);
	s->ring = TRAFFIC_RING;
	s->tx_fragments = 4 * TRAFFIC_RING;
	s->ops.datapath_start = datapath_start;
	s->ops.datapath_stop = datapath_stop;
	s->ops.scaling_create = NULL; /* one receive queue */
	traffic_keywords(s);
	traffic_memory.arena = dma_memory(s, ARENA, &traffic_memory.arena_logical);
	traffic_memory.buffers =
		dma_memory(s, TRAFFIC_RING * TRAFFIC_BUFFER, &traffic_memory.buffers_logical);
	return s;
}

void card_stage_free(struct stage *s)
{
	stage_remove(s);
	nt_dma_unmap(&s->machine.dma, traffic_memory.arena_logical);
	nt_dma_unmap(&s->machine.dma, traffic_memory.buffers_logical);
	munmap(traffic_memory.arena, ARENA);
	munmap(traffic_memory.buffers, TRAFFIC_RING * TRAFFIC_BUFFER);
	traffic_memory.arena_used = 0;
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
size_t traffic_store(const uint8_t *bytes, size_t length)
{
	size_t at;

	if (traffic_memory.arena_used + length > ARENA)
		traffic_memory.arena_used = 0;
	at = traffic_memory.arena_used;
	memcpy(traffic_memory.arena + at, bytes, length);
	traffic_memory.arena_used += length;
	return at;
}

void traffic_pump(struct stage *s)
{
	device_pump(s->card, FRAME_STORE_ROOM);
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

/* ---- what several tests do ---- */

struct stage *card_stage_receiving(void)
{
	struct stage *s = card_stage();

	card_stage_up(s);
	traffic_supply(s);
	traffic_advance_rx(s);
	return s;
}

bool traffic_arrives(struct stage *s, const uint8_t to[6])
{
	uint32_t at = traffic_begin(s->rx);
	uint8_t frame[300];
	size_t length = traffic_tcp(frame, 4, 100);

	memcpy(frame, to, 6);
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	traffic_advance_rx(s);
	return traffic_begin(s->rx) != at;
}

NTSTATUS traffic_set_filter(struct stage *s, ULONG filter)
{
	return stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			 sizeof(filter));
}

NTSTATUS traffic_set_list(struct stage *s, const void *addresses, UINT length)
{
	return stage_oid(s, NdisRequestSetInformation, OID_802_3_MULTICAST_LIST, (void *)addresses,
			 length);
}
