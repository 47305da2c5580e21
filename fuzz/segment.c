/* SPDX-License-Identifier: MIT */
/*
 * Any frames one after the other, as `netcx segment` and the stack edge's captures decide over
 * them: connections are learnt from their handshakes, packets are cut or finished. Input: 6 bytes
 * of rules, then frames: 2 bytes of length, 1 of what was not captured, bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "segment/frame.h"

#define FRAME_MAX (65535 + LSO_MAX_HEADERS)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static struct segment_rules rules_of(const uint8_t data[6], struct flow_table *flows)
{
	return (struct segment_rules){
		.mtu = 68 + (data[0] | data[1] << 8) % 65468u,
		.mtu_told = data[2] & 1,
		.handshake = data[2] & 2,
		.keep_small = data[2] & 4,
		.all_checksums = data[2] & 8,
		.nic_room = data[2] & 16 ? 70000 : 0,
		.mss = data[3] & 1 ? 64u + data[4] * 8u : 0,
		.udp_mss = data[3] & 2 ? 64u + data[4] * 8u : 0,
		.ecn = (enum segment_ecn)(data[3] >> 2 & 3) % 3,
		.fcs = data[5] & 4,
		.tunnels = { .none = data[5] & 16,
			     .ports = { { 5555, LSO_TUNNEL_FOU } },
			     .count = data[5] >> 3 & 1 },
		.flows = flows,
	};
}

/* Each payload byte is sent once, and each frame is as a receiver wants it. */
static void check_parts(struct lso_segmenter *segmenter, const struct segment_result *result)
{
	static uint8_t frame[FRAME_MAX];
	size_t payload = 0, n;

	require(lso_frame_size(segmenter) <= sizeof(frame));
	while ((n = lso_next(segmenter, frame)) > 0) {
		require(n > lso_header_size(segmenter) && lso_verify(frame, n).l4 != LSO_SUM_BAD);
		require(n - lso_header_size(segmenter) <= result->mss);
		payload += n - lso_header_size(segmenter);
	}
	require(payload == result->end - result->layout.payload_offset);
}

static void check_passed(const uint8_t *frame, const struct segment_result *result)
{
	struct lso_verdicts verdicts = lso_verify(frame, result->end);

	if (result->status || !result->finished || result->left)
		return;
	require(verdicts.ipv4 != LSO_SUM_BAD && verdicts.l4 != LSO_SUM_BAD);
}

static void decide(const struct segment_rules *rules, const uint8_t *bytes, size_t captured,
		   size_t length)
{
	uint8_t *frame = malloc(captured ? captured : 1);
	struct lso_segmenter segmenter;
	struct segment_result result;
	struct iovec iov;

	require(frame);
	memcpy(frame, bytes, captured);
	result = segment_begin(rules, frame, captured, length, 0, &iov, &segmenter);
	require(result.fate < FATES && result.behind <= captured);
	require(result.fate == FATE_PARTIAL || result.end <= captured);
	if (result.fate == FATE_CUT)
		check_parts(&segmenter, &result);
	else if (result.fate == FATE_PASSED)
		check_passed(frame, &result);
	else if (result.fate == FATE_WHOLE)
		require(rules->nic_room && result.mss && result.mss <= UINT16_MAX);
	free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct flow_table
		*flows; /* the rules of one input go on in the next: so it is bounded */
	struct segment_rules rules;
	size_t at = 6;

	if (size < 6)
		return 0;
	if (!flows)
		flows = flow_table_create();
	require(flows);
	rules = rules_of(data, flows);
	while (at + 3 <= size) {
		size_t captured = data[at] | (size_t)data[at + 1] << 8;
		size_t lost = data[at + 2];

		at += 3;
		if (captured > size - at)
			captured = size - at;
		decide(&rules, data + at, captured, captured + lost);
		at += captured;
	}
	return 0;
}
