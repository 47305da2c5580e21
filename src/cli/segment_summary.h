/* SPDX-License-Identifier: MIT */
/* What `netcx segment` has done, counted, and said at the end. */
#ifndef CLI_SEGMENT_SUMMARY_H
#define CLI_SEGMENT_SUMMARY_H

#include "segment/frame.h"

#define SEGMENT_REASONS (LSO_BAD_LAYOUT + 1)

/* Packets, unless it says otherwise. */
struct segment_counts {
	uint64_t packets;
	uint64_t fates[FATES];
	uint64_t refused[SEGMENT_REASONS];   /* of FATE_REFUSED, by status */
	uint64_t unchecked[SEGMENT_REASONS]; /* of FATE_PASSED, by why no checksum was looked at */
	uint64_t finished;
	uint64_t new_lengths;
	uint64_t guessed_tcp, guessed_udp;
	uint64_t accurate_ecn; /* cut, with CWR on all segments */
	uint64_t behind;       /* of which something behind them is not written */
	uint64_t behind_bytes;
	uint64_t frames; /* written */
	uint64_t segments;
};

/* segment_count() - one packet more; frames are counted by whoever writes them */
void segment_count(struct segment_counts *counts, const struct segment_result *result);

/*
 * segment_summarise() - on standard error
 * @rules: for what was guessed
 * @stats: also by which reasons packets passed
 */
void segment_summarise(const struct segment_counts *counts, const struct segment_rules *rules,
		       bool stats);

#endif
