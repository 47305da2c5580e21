/* SPDX-License-Identifier: MIT */
/* What NDIS does for a sleep: wake patterns and protocol offloads are added, then enabled. */
#ifndef NDIS_WAKE_H
#define NDIS_WAKE_H

#include <ndis.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ndis_port;

#define NDIS_WAKE_ENTRIES 16  /* patterns at most, and offloads of each kind */
#define NDIS_WAKE_BYTES   256 /* of a pattern */

/* A packet that begins like this wakes. */
struct ndis_wake_pattern {
	uint8_t bytes[NDIS_WAKE_BYTES], mask[NDIS_WAKE_BYTES / 8]; /* a bit a byte, lowest first */
	size_t length;                                             /* bytes */
};

/* Who is answered, in network byte order; a remote of zeros: everybody. */
struct ndis_arp_offload {
	uint8_t host[4], remote[4];
};
struct ndis_ns_offload {
	uint8_t targets[2][16]; /* the second may be zeros; both have one solicited-node address */
	uint8_t remote[16];
};

/* What is to wake an adapter from the coming sleep, and what it is to answer during it. */
struct ndis_wake {
	bool magic;               /* the magic packet, as far as the adapter has it */
	bool eapol;               /* an 802.1X request for an identity */
	bool connect, disconnect; /* of the cable */
	bool filter;              /* any packet of the receive filter; then patterns do not count */
	size_t pattern_count, arp_count, ns_count;
	struct ndis_wake_pattern patterns[NDIS_WAKE_ENTRIES];
	struct ndis_arp_offload arp[NDIS_WAKE_ENTRIES];
	struct ndis_ns_offload ns[NDIS_WAKE_ENTRIES];
};

/*
 * ndis_prepare_sleep() - in the place of what was wanted before
 * Return: STATUS_SUCCESS; STATUS_NOT_SUPPORTED (the adapter has not declared it), STATUS_BUFFER_-
 * OVERFLOW (a pattern is too long), or what the driver refuses with; then with one sentence in
 * @error, and nothing is enabled. Patterns have ids 1, 2, ... in their order, then the magic packet
 * and EAPOL; offloads likewise, ARP first.
 */
NTSTATUS ndis_prepare_sleep(struct ndis_port *port, const struct ndis_wake *wanted,
			    struct error *error);

#endif
