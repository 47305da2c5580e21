/* SPDX-License-Identifier: MIT */
/*
 * Which frames a TAP's users want to receive: the multicast groups they joined, promiscuity. The
 * kernel tells of groups in no message that all kernels have, so /proc/net/dev_mcast is read, when
 * the device or its addresses change and when the stack itself reports a group (IGMP, MLD).
 */
#ifndef EDGE_TAP_FILTER_H
#define EDGE_TAP_FILTER_H

#include <stdio.h>

#include "edge/edge.h"

/* Owned by one edge; used by its control thread. */
struct tap_filter {
	FILE *groups; /* of the device's network namespace; NULL: cannot be read */
	int ifindex;
	int seen_fd; /* readable: a report was seen, time to look again; -1: none */
};

/* tap_filter_open() - in the device's network namespace. What cannot be had is done without. */
void tap_filter_open(struct tap_filter *filter, int ifindex);
/* tap_filter_move() - in the network namespace that the device is in now */
void tap_filter_move(struct tap_filter *filter, int ifindex);
void tap_filter_close(struct tap_filter *filter);

/* tap_filter_seen() - the receiver's: a frame of the stack to a multicast address */
void tap_filter_seen(struct tap_filter *filter, const uint8_t *bytes, size_t length);

/* tap_filter_due() - has a report been seen since the last call? */
bool tap_filter_due(struct tap_filter *filter);

/* tap_filter_read() - the groups; all multicast where they are too many, or not to be had. */
void tap_filter_read(struct tap_filter *filter, struct edge_filter *wanted);

#endif
