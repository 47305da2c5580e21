/* SPDX-License-Identifier: MIT */
/* What becomes of one frame in `netcx segment`. */
#ifndef SEGMENT_FRAME_H
#define SEGMENT_FRAME_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the MSS comes from: one of the three is used. */
struct segment_rules {
	uint32_t mtu; /* bytes of the IP packet */
	uint32_t mss;
	const uint32_t *list; /* one for each packet, 0: leave it alone; NULL: none */
	size_t list_length;
	enum lso_ip_id ip_id;
	bool keep_small;
	uint32_t fcs; /* bytes of frame check sequence that the capture says frames end with */
};

enum segment_fate {
	FATE_CUT,
	FATE_PASSED,  /* nothing to cut; finished as a NIC does, or it was already */
	FATE_LISTED,  /* the list says 0 */
	FATE_PARTIAL, /* the capture has only its beginning */
	FATE_REFUSED, /* longer than it may be, but not to be segmented: see status */
	FATES
};

struct segment_result {
	enum segment_fate fate;
	enum lso_status status; /* why, when refused */
	bool finished;          /* passed with checksums that it lacked */
	bool new_length;        /* passed with the IP length that it lacked */
	size_t behind;          /* captured bytes, at the end, that are not to be written */
};

/*
 * segment_begin() - decide over a frame
 * @frame:     changed in place when it passes and lacks checksums or lengths; what lies behind its
 *             IP packet is kept then, and is no payload when it is cut
 * @captured:  bytes that are there
 * @length:    bytes that it had
 * @index:     its number, from 0
 * @segmenter: ready to be used when the fate is FATE_CUT
 */
struct segment_result segment_begin(const struct segment_rules *rules, uint8_t *frame,
				    size_t captured, size_t length, uint64_t index,
				    struct iovec *iov, struct lso_segmenter *segmenter);

#endif
