/* SPDX-License-Identifier: MIT */
/* What `netcx segment` has done, counted, and said at the end. */
#ifndef CLI_SEGMENT_SUMMARY_H
#define CLI_SEGMENT_SUMMARY_H

#include <stdio.h>

#include "segment/frame.h"

#define SEGMENT_LINKS 65536 /* link types that there may be */

/* Packets, unless it says otherwise. */
struct segment_counts {
	uint64_t packets;
	uint64_t fates[FATES];
	uint64_t refused[SEGMENT_NAMES][SEGMENT_REASONS]; /* of FATE_REFUSED, by name and status */
	/* Of FATE_PASSED, by why TCP's or UDP's checksum, or all that is inside, was not seen. */
	uint64_t unchecked[SEGMENT_REASONS], others[SEGMENT_REASONS];
	uint64_t finished;
	uint64_t new_lengths;
	uint64_t guessed_tcp, guessed_udp;
	uint64_t tunnelled;    /* cut inside a tunnel */
	uint64_t accurate_ecn; /* cut, with CWR on all segments */
	uint64_t behind;       /* of which something behind them is not written */
	uint64_t behind_bytes;
	uint64_t frames; /* written */
	uint64_t segments;
	uint64_t opaque;     /* of those passed: nothing to look into behind the link header */
	uint64_t unknown;    /* left alone: of a link type that is not known to hold IP */
	uint64_t left_out;   /* not written: of a link type that the output cannot hold */
	uint64_t no_copy;    /* blocks that say they are not to be copied */
	uint64_t other_time; /* frames whose time the output cannot express */
	uint64_t *links;     /* SEGMENT_LINKS of them: packets of each, of those that are unknown */
	uint64_t *links_out; /* or left out */
};

bool segment_counts_make(struct segment_counts *counts);
void segment_counts_free(struct segment_counts *counts);

/* segment_left_alone() - packets that would have been cut or finished, had that been possible */
uint64_t segment_left_alone(const struct segment_counts *counts);

/* segment_wrong() - packets with a wrong checksum or length, passed as they are */
uint64_t segment_wrong(const struct segment_counts *counts);

/* segment_count() - one packet more; frames are counted by whoever writes them */
void segment_count(struct segment_counts *counts, const struct segment_result *result);

/*
 * segment_summarise() - on standard error
 * @rules: for what was guessed
 * @stats: also by which reasons packets passed
 */
void segment_summarise(const struct segment_counts *counts, const struct segment_rules *rules,
		       bool stats);

/*
 * segment_summary_json() - all counts as one object
 * @format: of the output
 * Return: false and errno when it is not written.
 */
bool segment_summary_json(const struct segment_counts *counts, const struct segment_rules *rules,
			  const char *format, FILE *to);

#endif
