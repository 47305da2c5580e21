/* SPDX-License-Identifier: MIT */
/*
 * The driver drivers/rtl8168, of either NetAdapterCx, on a stage with its device model; the test
 * plays the datapath, so that it decides what is posted and when a queue's callbacks run. One stage
 * at a time.
 */
#ifndef TESTS_RTL8168_TRAFFIC_H
#define TESTS_RTL8168_TRAFFIC_H

#include "cx/queue.h"
#include "stage/stage.h"

#define TRAFFIC_RING   512 /* elements of each ring */
#define TRAFFIC_BUFFER 9216

extern const uint8_t card_mac[6];

struct stage *card_stage(void);
struct stage *card_stage_of(const char *model);
void card_stage_free(struct stage *stage);

/*
 * card_stage_up() - load, add and start; a packet filter that takes directed, multicast and
 * broadcast frames; a link. The card does nothing by itself any more when it returns.
 */
void card_stage_up(struct stage *stage);

/* card_stage_receiving() - up, with all receive elements posted and the driver's buffers out */
struct stage *card_stage_receiving(void);

/* card_stage_await_link() - until the driver reports the link to be up */
void card_stage_await_link(struct stage *stage);

/* What a transmit packet is to carry. */
struct traffic_offer {
	uint16_t mss;        /* of a large send, 0: none */
	bool layer3, layer4; /* checksums required */
	bool ignore;
	size_t piece; /* bytes per fragment, 0: all in one */
	uint16_t tag; /* 802.1Q, of 2.x; 0: none */
};

enum traffic_verdict { TRAFFIC_NOT_CHECKED, TRAFFIC_VALID, TRAFFIC_INVALID };

/* What a receive packet carries. */
struct traffic_packet {
	const uint8_t *bytes; /* of its first fragment */
	size_t length;
	unsigned fragments;
	bool ignored;
	bool ipv4, ipv6, tcp; /* as its layout has it */
	unsigned layer2_length;
	enum traffic_verdict layer3, layer4;
	uint16_t tag; /* 802.1Q, of 2.x */
	uint32_t hash;
	uint16_t hash_protocols; /* NET_PACKET_HASH_PROTOCOL_TYPE, of 2.x */
	/* RSC, of 2.x. Of TCP segment_size is the count of duplicate acknowledgments. */
	uint16_t segments, segment_size;
	uint32_t timestamps;
};

/* traffic_begin(), traffic_end() - BeginIndex and EndIndex of the packet ring */
uint32_t traffic_begin(struct cx_queue *queue);
uint32_t traffic_end(struct cx_queue *queue);

/* traffic_post() - a transmit packet at EndIndex; the frame is copied. */
void traffic_post(struct stage *stage, const uint8_t *frame, size_t length,
		  const struct traffic_offer *offer);
void traffic_advance_tx(struct stage *stage);

/* traffic_supply() - post all free receive elements. traffic_pump() - take what is on the wire. */
void traffic_supply(struct stage *stage);
void traffic_pump(struct stage *stage);
void traffic_advance_rx(struct stage *stage);
void traffic_arm(struct cx_queue *queue);
void traffic_disarm(struct cx_queue *queue);
void traffic_cancel(struct cx_queue *queue);

/* traffic_arrives() - does a frame to this address reach the driver? */
bool traffic_arrives(struct stage *stage, const uint8_t to[6]);

/* What the stack sets by its two OIDs: NDIS_PACKET_TYPE_*, and addresses of six bytes each. */
NTSTATUS traffic_set_filter(struct stage *stage, ULONG filter);
NTSTATUS traffic_set_list(struct stage *stage, const void *addresses, UINT length);

/* traffic_received() - the receive packet at @index */
struct traffic_packet traffic_received(struct stage *stage, uint32_t index);
/* traffic_bytes() - all of it, of 2.x. Return: how many. */
size_t traffic_bytes(struct stage *stage, uint32_t index, uint8_t *to);

/* ---- rings_1.3.c or rings_2.c, for traffic.c ---- */

/* What the test's packets lie in; of the one stage there is. */
struct traffic_memory {
	uint8_t *arena; /* transmit data, one after the other */
	uint64_t arena_logical;
	size_t arena_used;
	uint32_t tx_fragments; /* end of the transmit fragment ring */
	uint8_t *buffers;      /* receive: TRAFFIC_BUFFER bytes for each element */
	uint64_t buffers_logical;
};
extern struct traffic_memory traffic_memory;

/* traffic_start() - the queue's EvtStart; traffic_stop() - its EvtCancel and EvtStop */
void traffic_start(struct cx_queue *queue);
void traffic_stop(struct cx_queue *queue);

/* traffic_store() - bytes into the arena, for DMA. Return: where they begin in it. */
size_t traffic_store(const uint8_t *bytes, size_t length);

/* traffic_keywords() - what the driver's INF would have set */
void traffic_keywords(struct stage *stage);

/*
 * traffic_tcp(), traffic_udp() - a frame to the card as make_frame() makes it, checksums final
 */
size_t traffic_tcp(uint8_t *frame, int version, size_t payload);
size_t traffic_udp(uint8_t *frame, int version, size_t payload);

#endif
