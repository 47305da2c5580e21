/* SPDX-License-Identifier: MIT */
#include "test/send.h"

#include <netcx/lso.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "test/reference.h"

#define IP_MOST 65535u

/* How many large sends, and packets in all, the driver was given so far; what software did. */
struct counts {
	uint64_t large, cut, summed;
};

static struct counts counts_of(struct bench *b)
{
	struct dp_counters c = bench_counters(b);

	return (struct counts){ c.tx_lso_packets, c.tx_software_segmented,
				c.tx_software_checksums };
}

/* Both of ours say the same, or it is not the driver that is wrong. */
static void check_ourselves(struct bench *b, struct lso_segmenter *segmenter, size_t length)
{
	static uint8_t second[PACKET_ROOM];
	size_t other = lso_next(segmenter, second);

	if (!compare_packets(&b->result.differs, second, other, b->expected, length))
		bench_fail(
			b, b->result.differs.fields[0].rule,
			"liblso and the second implementation disagree about %s: a fault of netcx, not of the driver",
			b->result.differs.fields[0].name);
}

static void begin_liblso(struct bench *b, struct lso_segmenter *segmenter, bool ndis)
{
	const struct lso_options options = { .mss = b->packet.shape.mss,
					     .ip_id = ndis ? LSO_IP_ID_NDIS : LSO_IP_ID_LINUX };
	const struct iovec iov = { b->packet.bytes, b->packet.length };
	enum lso_status status = lso_begin(segmenter, &iov, 1, &options);

	if (status)
		bench_fail(b, RULE_SegmentCount, "liblso: %s", lso_reason(status));
}

/* Payload of one segment, as far as it is there. @hash: of the segments before it */
static uint32_t hash_payload(const struct bench *b, const struct test_frame *frame, size_t length,
			     uint32_t hash)
{
	size_t at = b->packet.payload;

	return frame->length >= at + length ? hash_bytes(hash, frame->bytes + at, length) : hash;
}

/* The frames of one packet from @frames on. Return: what is behind them. */
static struct test_frame *judge_segments(struct sender *s, struct test_frame *frames, bool ndis)
{
	struct bench *b = s->bench;
	struct lso_segmenter segmenter;
	struct reference reference;
	size_t mss = b->packet.shape.mss;
	uint32_t hash = HASH_START;
	unsigned count, i = 0;
	char what[96];

	reference_read(&reference, b->packet.bytes, b->packet.length);
	count = reference_segments(&reference, mss);
	begin_liblso(b, &segmenter, ndis);
	for (; i < count; i++) {
		size_t length = reference_segment(&reference, mss, i, ndis, b->expected);
		struct test_frame *frame = frames;

		check_ourselves(b, &segmenter, length);
		if (!frame)
			bench_fail_packets(
				b, i ? RULE_SegmentCount : RULE_PacketsAreSent, b->expected, length,
				NULL,
				"%u of %u segments reach the wire, of %zu bytes at an MSS of %zu",
				i, count, b->packet.shape.payload, mss);
		frames = frame->next;
		snprintf(what, sizeof(what), "segment %u of %u, of %zu bytes at an MSS of %zu",
			 i + 1, count, b->packet.shape.payload, mss);
		hash = hash_payload(b, frame,
				    i + 1 < count ? mss : b->packet.shape.payload - i * mss, hash);
		bench_expect(b, b->expected, length, frame, what);
	}
	/* By the packet alone, whatever the two implementations have made of it. */
	if (hash !=
	    hash_bytes(HASH_START, b->packet.bytes + b->packet.payload, b->packet.shape.payload))
		bench_fail(b, RULE_Payload, "%zu bytes of payload have another hash in %u segments",
			   b->packet.shape.payload, count);
	return frames;
}

static void judge(struct sender *s, struct test_frame *frames, unsigned count, bool ndis)
{
	const struct packet_shape *shape = &s->bench->packet.shape;

	for (unsigned i = 0; i < count; i++)
		frames = judge_segments(s, frames, ndis);
	if (frames)
		bench_fail_packets(
			s->bench, RULE_SegmentCount, NULL, 0, frames,
			"more than the segments of %u packets of %zu bytes at an MSS of %u", count,
			shape->payload, shape->mss);
}

/* All that the wire has up to the marker. */
static struct test_frame *collect(struct bench *b)
{
	struct test_frame *first = NULL, **end = &first, *frame;

	while ((frame = bench_next(b))) {
		*end = frame;
		end = &frame->next;
		frame->next = NULL;
	}
	return first;
}

void send_large(struct sender *s)
{
	struct bench *b = s->bench;
	struct counts before = counts_of(b), after;
	struct test_frame *frames;
	bool given;

	bench_send(b, &b->packet);
	bench_marker(b);
	frames = collect(b);
	after = counts_of(b);
	given = after.large != before.large;
	if (given && b->packet.shape.payload > s->caps.maximum_offload_size)
		bench_fail(b, RULE_OffloadLimits, "a large send of %zu bytes, of %zu declared",
			   b->packet.shape.payload, s->caps.maximum_offload_size);
	s->given += given;
	/* What is cut before the driver has it has Linux' identifications with a driver of 1.3. */
	judge(s, frames, 1, !s->udp && (given || bench_offload(b).fine));
}

void send_judge(struct sender *s, unsigned count)
{
	judge(s, collect(s->bench), count, !s->udp);
}

void send_shape(struct sender *s, const struct packet_shape *shape)
{
	packet_make(&s->bench->packet, &s->bench->addresses, shape);
	send_large(s);
}

void send_packet(struct sender *s, bool as_it_is)
{
	struct bench *b = s->bench;
	struct counts before = counts_of(b);
	struct test_frame *frame;
	char what[96];

	memcpy(b->expected, b->packet.bytes, b->packet.length);
	b->left_alone = as_it_is;
	if (!as_it_is)
		reference_finish(b->expected, b->packet.length, true, true);
	bench_send(b, &b->packet);
	bench_marker(b);
	frame = bench_next(b);
	snprintf(what, sizeof(what), "a packet of %zu bytes with %zu of payload", b->packet.length,
		 b->packet.shape.payload);
	if (!frame)
		bench_fail_packets(b, RULE_PacketsAreSent, b->expected, b->packet.length, NULL,
				   "%s does not reach the wire", what);
	bench_expect(b, b->expected, b->packet.length, frame, what);
	frame = bench_next(b);
	if (frame)
		bench_fail_packets(b, RULE_PacketsAreSent, b->expected, b->packet.length, frame,
				   "%s is followed by a frame that nobody sent", what);
	s->given += counts_of(b).summed == before.summed;
}

void send_plain(struct sender *s, const struct packet_shape *shape, bool as_it_is)
{
	packet_make(&s->bench->packet, &s->bench->addresses, shape);
	send_packet(s, as_it_is);
}

void send_done(const struct sender *s)
{
	if (!s->given)
		bench_skip(
			s->bench,
			"software did all of it: the driver does not offload packets of this kind");
}

size_t send_largest(const struct sender *s, const struct packet_shape *shape)
{
	size_t room = IP_MOST - (packet_headers(shape) - 14);

	return s->caps.maximum_offload_size < room ? s->caps.maximum_offload_size : room;
}

uint16_t send_mss(const struct sender *s, const struct packet_shape *shape)
{
	size_t headers = packet_headers(shape) - 14 - (shape->tagged ? 4 : 0);

	return (uint16_t)(bench_mtu(s->bench) - headers);
}

/* Offsets as a buffer of the stack has them: what lies in front of the frame, a header's length. */
void send_placed(struct sender *s, struct packet_shape *shape,
		 void (*send)(struct sender *s, const struct packet_shape *shape))
{
	static const size_t offsets[] = { 0, 1, 2, 14, 40, 63, 64, 128, 255, 256 };
	static const size_t shifts[] = { 0, 1, 2, 3, 4, 7, 63, 64 };

	for (size_t i = 0; i < ARRAY_COUNT(offsets); i++) {
		for (size_t k = 0; k < ARRAY_COUNT(shifts); k++) {
			bench_place(s->bench, offsets[i], shifts[k]);
			bench_scatter(s->bench, k % 3 == 1 ? 1 : 14, k % 3 ? 1 + i : PACKET_ROOM);
			shape->pattern++;
			shape->payload++;
			send(s, shape);
		}
	}
}
