/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a received packet, with anything a driver may say of it: a tag beside it, a count of
 * coalesced segments. What becomes of it has to be a frame that a TAP can be told of.
 * Input: verdict, tag (actions, priority, VLAN), segments, size, two lengths of pieces; the packet.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "datapath/private.h"

#define SAID  12 /* bytes in front of the packet */
#define FRAME 70000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Every payload byte leaves once, in no more segments than such sizes make. */
static void check_super(const struct frame *frame, size_t length)
{
	const struct frame_meta *meta = &frame->meta;
	const struct lso_options options = { .mss = meta->mss, .layout = &meta->layout };
	static uint8_t piece[FRAME];
	struct lso_segmenter segmenter;
	size_t bytes, payload = 0;

	require(meta->needs_checksum && frame_parsed(meta) && !meta->checksum_valid);
	require(meta->layout.payload_offset < length);
	if (lso_begin(&segmenter, frame->iov, frame->count, &options) != LSO_OK)
		return;
	while ((bytes = lso_next(&segmenter, piece)))
		payload += bytes - meta->layout.payload_offset;
	require(payload == length - meta->layout.payload_offset);
}

/* What was not changed of it is what the driver gave. */
static void check_bytes(const struct frame *frame, const uint8_t *packet, size_t length,
			bool tagged)
{
	static uint8_t whole[FRAME];
	size_t got = frame_read(frame->iov, frame->count, 0, whole, sizeof(whole));
	size_t added = tagged ? 4 : 0;

	require(got == length + added);
	require(length < 12 || !memcmp(whole, packet, 12));
	if (!frame->meta.mss && length >= 12 && !frame->meta.needs_checksum)
		require(!memcmp(whole + 12 + added, packet + 12, length - 12));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[FRAME];
	static struct dp_head head;
	struct iovec iov[4] = { { 0 } };
	struct cx_rx_packet packet = { .iov = iov + 1 };
	struct frame frame;
	size_t length, first, second;

	if (size < SAID + 1 || size - SAID > sizeof(memory))
		return 0;
	length = size - SAID;
	memcpy(memory, data + SAID, length);
	packet.checksum = data[0] % 3;
	packet.tag = (struct cx_tag){ .actions = data[1] & 3,
				      .priority = data[1] >> 5,
				      .vlan = load_be16(data + 2) & 0xFFF };
	packet.coalesced.segments = load_be16(data + 4);
	packet.coalesced.size = load_be16(data + 6);
	first = load_be16(data + 8) % length;
	second = load_be16(data + 10) % (length - first);
	if (first)
		packet.iov[packet.count++] = (struct iovec){ memory, first };
	if (second)
		packet.iov[packet.count++] = (struct iovec){ memory + first, second };
	packet.iov[packet.count++] =
		(struct iovec){ memory + first + second, length - first - second };

	if (!dp_describe_received(&packet, &head, &frame))
		return 0;
	require(frame.iov >= iov && frame.iov + frame.count <= iov + 4);
	check_bytes(&frame, data + SAID, length, packet.tag.actions);
	if (frame.meta.mss)
		check_super(&frame, frame_length(frame.iov, frame.count));
	return 0;
}
