/* SPDX-License-Identifier: MIT */
/*
 * Merging of received frames (GRO, LRO) on an interface. A packet socket gets what was merged, and
 * its virtio_net_hdr cannot say what the frames were: their IPv4 IDs, and their place among others.
 */
#ifndef EDGE_PACKET_GRO_H
#define EDGE_PACKET_GRO_H

#include <stddef.h>

/* Owned by one edge. */
struct packet_gro {
	int ifindex;
	unsigned off; /* NETDEV_* bits of what was on and was switched off */
};

/*
 * packet_gro_off() - switch it off for as long as a wire is attached; in the network namespace of
 * the calling thread
 * @note: a sentence for the user when it stays on, else empty
 */
void packet_gro_off(struct packet_gro *gro, int ifindex, char *note, size_t size);

/* packet_gro_restore() - on again what was on and is still off, unless the interface is gone */
void packet_gro_restore(struct packet_gro *gro);

#endif
