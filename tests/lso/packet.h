/* SPDX-License-Identifier: MIT */
/* Super-packets for the tests: made from a seed, with all that is known about them noted down. */
#ifndef NETCX_TESTS_LSO_PACKET_H
#define NETCX_TESTS_LSO_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stage/random.h"

#define PACKET_MAX (512 + 500000)

struct packet {
	uint8_t *bytes; /* the caller's, PACKET_MAX */
	size_t length;

	/* What the generator put where. */
	unsigned int tags;
	bool snap;
	int ip_version;
	bool ip_options;
	bool tcp;
	size_t l3;
	size_t l4;
	size_t payload;     /* offset */
	size_t header;      /* bytes of a segment's headers: payload, but for jumbograms */
	bool jumbo;         /* with a hop-by-hop header that its segments do not have */
	size_t destination; /* offset of the address for the pseudo-header */

	/* How to cut it. */
	uint32_t mss;
	int ip_id; /* enum lso_ip_id */
	bool udp_zero_checksum;
	bool accurate_ecn; /* CWR is on all segments */
};

/* Which packets a test wants. */
struct packet_limits {
	size_t max_payload;
	uint32_t max_segments;
	bool kernel; /* only what the kernel's own segmentation takes, and both rules agree on */
	bool jumbo;  /* IPv6 jumbograms among them */
};

/* packet_make() - the next packet from @r. */
void packet_make(struct packet *p, struct random *r, const struct packet_limits *limits);

/* packet_segments() - ceil(payload / mss) */
uint32_t packet_segments(const struct packet *p);

#endif
