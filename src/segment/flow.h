/* SPDX-License-Identifier: MIT */
/*
 * What the handshakes in a capture tell of its TCP connections: the largest segment that each side
 * takes (RFC 9293 3.7.1), and whether CWR is an event or part of a counter (RFC 9768). The memory
 * is bounded; a capture with more connections than there is room for forgets those that it has not
 * shown for longest.
 */
#ifndef SEGMENT_FLOW_H
#define SEGMENT_FLOW_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow_table;

/* flow_table_create() - Return: NULL without memory. 6 MB, of which is touched what is used. */
struct flow_table *flow_table_create(void);
void flow_table_free(struct flow_table *table);

/* Of the connection and direction that a packet belongs to. */
struct flow {
	uint32_t peer_mss; /* what its receiver has announced, bytes; 0: not in the capture */
	uint32_t own_mss;  /* what its sender has: that tells the MTU of the sender's link */
	bool accurate_ecn; /* negotiated, or asked for and no answer in the capture */
	int8_t *sizes;     /* what packets of this direction have shown so far: see flow_mss() */
};

/*
 * flow_look() - what is known of a packet's connection; its own handshake is learnt from first
 * @frame, @captured: as much as there is of it, one after the other in the capture's order
 * @layout:           as lso_parse() filled it, whatever it said
 * @flow:             filled; all 0 of what is no TCP or whose connection is not known. Valid until
 *                    the next call
 */
void flow_look(struct flow_table *table, const uint8_t *frame, size_t captured,
	       const struct lso_layout *layout, struct flow *flow);

/*
 * flow_mss() - payload bytes that a sender puts into one segment of a packet
 * @flow:    with what one of both has announced, or both
 * @headers: bytes of its IP and TCP headers with their options, which the MSS leaves out
 *           (RFC 9293 3.7.1)
 * @payload: bytes of the packet's
 * @mtu:     of the sender's link, where nothing tells
 * @guessed: set when nothing that the peer has announced has decided
 *
 * The peer's announcement bounds it, and so does the sender's link, whose MTU the sender has
 * announced in its own way. Where the latter is less, packets tell which it was: what a sender
 * hands to its NIC is mostly a multiple of it, and by chance one of the other.
 */
uint32_t flow_mss(const struct flow *flow, int ip_version, uint32_t headers, size_t payload,
		  uint32_t mtu, bool *guessed);

#endif
