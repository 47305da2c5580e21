/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a frame from the stack edge, with anything the edge may say of it: the datapath's
 * plan, the layout that a driver is told, the LSO seed and the software fallback.
 * Input: 8 bytes of what is said, then the frame.
 */
#include <stdlib.h>
#include <string.h>

#include "cx/layout.h"
#include "datapath/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_layout(const struct cx_layout *layout, size_t length)
{
	require((size_t)layout->layer2_length + layout->layer3_length + layout->layer4_length <=
		length);
	require(layout->layer4 != CX_LAYER4_TCP ||
		(layout->layer4_length >= 20 && layout->layer4_length <= 60));
	require(layout->layer4 != CX_LAYER4_UDP || layout->layer4_length == 8);
	require(!layout->layer3_length || layout->layer2_length >= 14);
}

/* Every payload byte of the super-packet leaves once. */
static void check_split(uint8_t *frame, size_t length, size_t at, uint16_t mss,
			const struct dp_plan *plan)
{
	static uint8_t piece[72 * 1024];
	struct dp_split *split = aligned_alloc(64, sizeof(*split));
	size_t bytes, payload = 0;

	require(split);
	memset(split, 0, sizeof(*split));
	split->packet[0] = (struct iovec){ frame, at };
	split->packet[1] = (struct iovec){ frame + at, length - at };
	split->layout = plan->layout;
	if (dp_split_begin(split, mss, plan->ip_id) &&
	    lso_frame_size(&split->segmenter) <= sizeof(piece)) {
		while ((bytes = lso_next(&split->segmenter, piece)) > 0) {
			require(bytes > plan->layout.payload_offset);
			payload += bytes - plan->layout.payload_offset;
		}
		require(payload == length - plan->layout.payload_offset);
	}
	free(split);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_meta meta = { 0 };
	struct dp_tx_rules rules = { .lso = { 64000, 2, 0 },
				     .uso = { 64000, 2, 0 },
				     .checksum_extension = true,
				     .lso_extension = true };
	struct cx_layout layout;
	struct dp_plan plan, known;
	struct iovec iov[2];
	uint8_t *frame;
	size_t length, at;
	int count;

	if (size < 9)
		return 0;
	memcpy(&meta.mss, data, 2);
	/* The kinds of one byte for all checksums, of another for LSO and USO. */
	rules.active = data[2] * 0x010101ull | data[5] * 0x0101000000ull;
	meta.needs_checksum = data[3] & 1;
	rules.lso_extension = !(data[3] & 2);
	rules.fallback = data[3] & 4;
	rules.lso.l4_offset_limit = rules.checksum_l4_limit = data[6];
	rules.uso.l4_offset_limit = rules.checksum_l3_limit = data[7];
	length = size - 8;
	at = data[4] ? length * data[4] / 256 : length;
	frame = malloc(length);
	require(frame);
	memcpy(frame, data + 8, length);
	iov[0] = (struct iovec){ frame, at };
	iov[1] = (struct iovec){ frame + at, length - at };
	count = iov[1].iov_len ? 2 : 1;

	dp_plan(&plan, iov, count, length, &meta, &rules);
	if (plan.parsed == LSO_OK) { /* an edge that says where the headers lie changes nothing */
		meta.layout = plan.layout;
		memset(&known, 0xff, sizeof(known));
		dp_plan(&known, iov, count, length, &meta, &rules);
		require(!memcmp(&known, &plan, sizeof(plan)));
	}
	layout = cx_layout_of(&plan.layout, plan.parsed == LSO_OK);
	check_layout(&layout, length);
	if (plan.mss) {
		require(count == 1 &&
			(layout.layer4 == CX_LAYER4_TCP || layout.layer4 == CX_LAYER4_UDP));
		dp_seed_without_length(frame, &plan.layout);
	}
	if (plan.segment)
		check_split(frame, length, at, meta.mss, &plan);
	if (plan.software_checksum && count == 1)
		lso_fill_checksums(frame, length, &plan.layout, false, true);
	free(frame);
	return 0;
}
