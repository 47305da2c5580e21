/* SPDX-License-Identifier: MIT */
/*
 * What the usual frames of a unit look like: see coalesce_quick.h.
 */
#include "coalesce_private.h"

/*
 * What the frames of a unit share, as masks of their headers, by IP version and whether there is a
 * timestamp: all but lengths, IDs, checksums, sequence numbers and PSH. The data offset is among
 * it, so both headers are equally long.
 */
const uint8_t lso_shared[2][2][COPIED] __attribute__((aligned(32))) = {
#define SHARED_6                                                                            \
	[0 ... 17] = 0xff, [20 ... 57] = 0xff, [62 ... 66] = 0xff, [67] = ~FLAG_PSH & 0xff, \
	       [68 ... 69] = 0xff, [72 ... 73] = 0xff
#define SHARED_4                                                   \
	[0 ... 15] = 0xff, [20 ... 23] = 0xff, [26 ... 37] = 0xff, \
	       [42 ... 46] = 0xff, [47] = ~FLAG_PSH & 0xff, [48 ... 49] = 0xff, [52 ... 53] = 0xff
	{ { SHARED_6 }, { SHARED_6, [74 ... 85] = 0xff } },
	{ { SHARED_4 }, { SHARED_4, [54 ... 65] = 0xff } },
};

/* The same of one that is as foretold: all but the sequence number, TCP's checksum and, of IPv4,
 * what is from ID to checksum: these are compared by themselves. */
const uint8_t lso_foretold[2][2][COPIED] __attribute__((aligned(32))) = {
#define FORETOLD_6 [0 ... 57] = 0xff, [62 ... 69] = 0xff, [72 ... 73] = 0xff
#define FORETOLD_4 [0 ... 17] = 0xff, [26 ... 37] = 0xff, [42 ... 49] = 0xff, [52 ... 53] = 0xff
	{ { FORETOLD_6 }, { FORETOLD_6, [74 ... 85] = 0xff } },
	{ { FORETOLD_4 }, { FORETOLD_4, [54 ... 65] = 0xff } },
};

/* Of quick frames, as in lso_shared[]. Copied from here, since to make one takes stores that wait.
 */
#define LAYOUT(version, at, to)                                                                  \
	{                                                                                        \
		.l2_type = LSO_L2_ETHERNET, .ip_version = (version), .l4_protocol = IPPROTO_TCP, \
		.l3_offset = 14, .l4_offset = (at), .payload_offset = (to)                       \
	}
const struct lso_layout lso_quick_layouts[2][2] = {
	{ LAYOUT(6, 54, 74), LAYOUT(6, 54, 86) },
	{ LAYOUT(4, 34, 54), LAYOUT(4, 34, 66) },
};
