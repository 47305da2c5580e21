/* SPDX-License-Identifier: MIT */
/* Frames for the device tests, built and judged byte by byte: no code in common with liblso. */
#ifndef TESTS_DEVICE_FRAMES_H
#define TESTS_DEVICE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum frame_protocol { FRAME_TCP = 6, FRAME_UDP = 17 };

/* What to build. Checksums are 0 unless @final. */
struct frame_spec {
	int version; /* 4 or 6 */
	int protocol;
	size_t payload;
	bool final; /* checksums right */
	bool odd;   /* payload bytes that make carries */
};

/* frame_build() - Return: the frame's length; @to has room for 128 + payload bytes. */
size_t frame_build(uint8_t *to, const struct frame_spec *spec);

/* frame_sum() - its checksums, of a frame that was changed */
void frame_sum(uint8_t *frame, const struct frame_spec *spec);

/* Offsets in such frames. */
size_t frame_l4(const struct frame_spec *spec);
size_t frame_headers(const struct frame_spec *spec);

/* frame_sums_right() - are IPv4 header and transport checksums of such a frame right? */
bool frame_sums_right(const uint8_t *frame, const struct frame_spec *spec);

#endif
