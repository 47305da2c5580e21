/* SPDX-License-Identifier: MIT */
/* TCP packets, large ones too, for the tests of the tiny shape. */
#ifndef TESTS_SHAPE_TCP_PACKET_H
#define TESTS_SHAPE_TCP_PACKET_H

#include "frame/frame.h"
#include "test.h"

#define HEADERS 54 /* Ethernet, IPv4, TCP: none has options */
#define MSS     1460

struct packet {
	uint8_t bytes[HEADERS + 64000];
	size_t length;
	struct frame_meta meta;
};

/*
 * build() - a TCP packet of @payload bytes that @number makes; more than one MSS makes it a
 * super-packet
 */
void build(struct packet *p, unsigned number, size_t payload);

/* build_tagged() - one that is small, with an 802.1Q tag of a priority */
void build_tagged(struct packet *p, unsigned number, unsigned priority);

#endif
