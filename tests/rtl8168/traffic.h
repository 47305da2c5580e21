/* SPDX-License-Identifier: MIT */
/*
 * The driver drivers/rtl8168 on a stage with its device model; the test plays the datapath, so
 * that it decides what is posted and when a queue's callbacks run. One stage at a time.
 */
#ifndef TESTS_RTL8168_TRAFFIC_H
#define TESTS_RTL8168_TRAFFIC_H

#include "cx/api/1.3/queue.h"
#include "stage/stage.h"

#define TRAFFIC_RING   512 /* elements of each ring */
#define TRAFFIC_BUFFER 9216

extern const uint8_t card_mac[6];

struct stage *card_stage(void);
void card_stage_free(struct stage *stage);

/*
 * card_stage_up() - load, add and start; a packet filter that takes directed, multicast and
 * broadcast frames; a link. The card does nothing by itself any more when it returns.
 */
void card_stage_up(struct stage *stage);

/* card_stage_await_link() - until the driver reports the link to be up */
void card_stage_await_link(struct stage *stage);

/* What a transmit packet is to carry. */
struct traffic_offer {
	uint16_t mss;        /* of a large send, 0: none */
	bool layer3, layer4; /* checksums required */
	bool ignore;
	size_t piece; /* bytes per fragment, 0: all in one */
};

/* traffic_post() - a transmit packet at EndIndex; the frame is copied. */
void traffic_post(struct stage *stage, const uint8_t *frame, size_t length,
		  const struct traffic_offer *offer);
void traffic_advance_tx(struct stage *stage);

/* traffic_supply() - post all free receive elements. traffic_pump() - take what is on the wire. */
void traffic_supply(struct stage *stage);
void traffic_pump(struct stage *stage);
void traffic_advance_rx(struct stage *stage);
void traffic_arm(struct cx_queue *queue);

NET_PACKET *traffic_packet(struct cx_queue *queue, uint32_t index);
NET_PACKET_FRAGMENT *traffic_fragment(struct cx_queue *queue, const NET_PACKET *packet);
const uint8_t *traffic_received(struct stage *stage, uint32_t index);
NET_PACKET_CHECKSUM *traffic_rx_checksum(struct stage *stage, uint32_t index);

/*
 * traffic_tcp(), traffic_udp() - a frame to the card as make_frame() makes it, checksums final
 */
size_t traffic_tcp(uint8_t *frame, int version, size_t payload);
size_t traffic_udp(uint8_t *frame, int version, size_t payload);

#endif
