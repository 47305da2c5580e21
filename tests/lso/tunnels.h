/* SPDX-License-Identifier: MIT */
/*
 * Tunnels for the tests: made from a seed, up to three in one another, and finished byte by byte as
 * the rules are written; shares no code with liblso.
 */
#ifndef NETCX_TESTS_LSO_TUNNELS_H
#define NETCX_TESTS_LSO_TUNNELS_H

#include <netcx/lso.h>

#include "stage/random.h"

#define TUNNEL_MAX      512
#define TUNNEL_LAYERS   40
#define TUNNEL_FOU_PORT 777 /* an IP packet right in UDP */

enum layer_kind { IPV4, IPV6, UDP, GRE, GTPU, PPPOE };

struct layer {
	enum layer_kind kind;
	size_t offset; /* in the segments */
	bool checksum;
	size_t source, target,
		address; /* UDP: where the addresses of its IP header lie, bytes of one */
};

/* The headers in front of the inner packet. */
struct tunnel {
	struct random *r;
	uint8_t in[TUNNEL_MAX]; /* of the super-packet */
	size_t in_length;
	uint8_t out[TUNNEL_MAX]; /* of its segments */
	size_t length;
	struct layer layers[TUNNEL_LAYERS];
	size_t count;
	struct lso_tunnel_port ports[1];
	bool inner_frame; /* the inner packet is in an Ethernet frame */
	bool jumbo;
	unsigned int levels;
};

/* tunnel_make() - the next one from @r, around an inner packet of an IP version */
void tunnel_make(struct tunnel *t, struct random *r, int inner);

/*
 * tunnel_finish() - a header of segment @i, a frame of @end bytes, whose inner headers are finished
 * @fixed: the identification is the same on all
 */
void tunnel_finish(const struct layer *layer, uint8_t *frame, size_t end, uint32_t i, bool fixed);

#endif
