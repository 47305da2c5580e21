/* SPDX-License-Identifier: MIT */
/* Sending and judging: what cases of large sends and of checksums share. */
#ifndef TEST_SEND_H
#define TEST_SEND_H

#include "test/bench.h"

/* What a case sends, and how many of its packets the driver was given with their offload. */
struct sender {
	struct bench *bench;
	bool udp;
	int version;             /* of IP */
	struct cx_gso_caps caps; /* of large sends: as the driver declared */
	unsigned given;
};

/*
 * send_large() - a super-packet in bench->packet; the frames that it becomes are judged
 * send_judge() - what the wire has up to the marker are the frames of @count times that packet
 * send_shape() - the same with a packet by its shape
 * send_plain() - a packet whose checksum is left to the hardware, or (@as_it_is) one that is to
 *                leave as it is
 */
void send_large(struct sender *sender);
void send_judge(struct sender *sender, unsigned count);
void send_shape(struct sender *sender, const struct packet_shape *shape);
void send_plain(struct sender *sender, const struct packet_shape *shape, bool as_it_is);

/* send_packet() - the packet that bench->packet is, as send_plain() does */
void send_packet(struct sender *sender, bool as_it_is);

/*
 * send_placed() - one such packet after the other, by @send, at each Offset and address that a
 * stack's buffers may have, whole and in small pieces
 */
void send_placed(struct sender *sender, struct packet_shape *shape,
		 void (*send)(struct sender *sender, const struct packet_shape *shape));

/* send_done() - skips the case when the driver was given none of what was sent */
void send_done(const struct sender *sender);

/* send_largest() - bytes of payload of a super-packet with these headers: what is declared, IP can
 * say and the edges take */
size_t send_largest(const struct sender *sender, const struct packet_shape *shape);

/* send_mss() - the largest MSS that a packet of that shape has on this adapter */
uint16_t send_mss(const struct sender *sender, const struct packet_shape *shape);

#endif
