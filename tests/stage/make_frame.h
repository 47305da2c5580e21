/* SPDX-License-Identifier: MIT */
/* Frames by their shape. Suites that judge liblso or a model build their own beside it. */
#ifndef TESTS_STAGE_MAKE_FRAME_H
#define TESTS_STAGE_MAKE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame to be made. All zero: IPv4, TCP, no payload. */
struct shape {
	int version; /* 4 or 6 */
	int tags;
	int ip_words;     /* IPv4 options, or 8-byte units of an IPv6 extension header */
	bool hop_by_hop;  /* that is one of hop-by-hop options, else of destination options */
	uint8_t protocol; /* IPPROTO_TCP by default */
	int tcp_words;
	size_t payload;
	bool final; /* the checksums are right; else the seed with the length is there */
};

struct test_frame {
	uint8_t *bytes; /* of the heap, exactly as long as the frame */
	size_t length;
	size_t l3, l4, headers;
};

/* make_frame() - byte i of the payload is i * 7 + i / 251 */
struct test_frame make_frame(const struct shape *shape);

#endif
