/* SPDX-License-Identifier: MIT */
#include "test/train.h"

#include <stdlib.h>
#include <string.h>

#include "test/reference.h"
#include "test/sum.h"

#define ONE_QUEUE "*RSS=0" /* so that what is received keeps its order */
#define TCP_SUM   16u      /* offsets in the headers */
#define UDP_SUM   6u
#define IPV4_SUM  10u
#define SHOWN     96u /* bytes of a packet in a report */

/* A packet that was received, and the segments of its flow that it may be made of. */
struct received {
	struct test_frame *frame;
	const struct test_said *said;
	struct reference headers;
	size_t payload;              /* bytes */
	struct train_segment *first; /* the oldest that is part of it */
	struct train_segment *last;
	unsigned segments;   /* with payload */
	unsigned duplicates; /* acknowledgements that say nothing new */
};

void train_begin(struct train *t, struct bench *b, const char *const *settings)
{
	const char *set[BENCH_SETTINGS] = { ONE_QUEUE };

	for (size_t i = 1; settings && *settings && i + 1 < BENCH_SETTINGS; i++)
		set[i] = *settings++;
	t->bench = b;
	bench_need_wire(b);
	b->listens = true;
	bench_up(b, set);
	bench_turn(b);
}

void train_clear(struct train *t)
{
	t->count = 0;
}

struct train_segment *train_add(struct train *t, const struct packet_shape *shape,
				const char *alone)
{
	struct packet *p = &t->bench->packet;
	struct train_segment *s = &t->segments[t->count];

	packet_make(p, &t->bench->addresses, shape);
	if (t->count == TRAIN_SEGMENTS || p->length > TRAIN_FRAME)
		bench_fail(t->bench, RULE_FramesArrive, "a train is too long: a fault of netcx");
	*s = (struct train_segment){ .shape = *shape,
				     .alone = alone,
				     .length = p->length,
				     .l3 = p->l3,
				     .l4 = p->l4,
				     .payload = p->payload };
	memcpy(s->bytes, p->bytes, p->length);
	t->count++;
	return s;
}

static struct test_frame *shortened(struct test_frame *frame)
{
	if (frame->length > SHOWN)
		frame->length = SHOWN;
	return frame;
}

/* The packet's first segment beside it; of a long one its beginning says enough. */
static _Noreturn void fail(struct train *t, enum test_rule rule, const struct received *r,
			   const char *what)
{
	bench_fail_packets(t->bench, rule, r->first ? r->first->bytes : NULL,
			   r->first && r->first->length > SHOWN ? SHOWN
			   : r->first                           ? r->first->length
								: 0,
			   shortened(r->frame), "%s", what);
}

static bool is_same(const struct train_segment *s, const struct test_frame *frame)
{
	static struct comparison differs;

	return compare_packets(&differs, s->bytes, s->length, frame->bytes, frame->length);
}

static bool is_of_flow(const struct train_segment *s, const struct train_segment *other)
{
	return s->shape.source_port == other->shape.source_port &&
	       s->shape.version == other->shape.version;
}

/* A frame as it came: the oldest of its flow that was not received yet. */
static void take_single(struct train *t, struct received *r)
{
	for (unsigned i = 0; i < t->count; i++) {
		struct train_segment *s = &t->segments[i];

		if (s->taken || !is_same(s, r->frame))
			continue;
		for (unsigned k = 0; k < i; k++) {
			r->first = &t->segments[k];
			if (!t->segments[k].taken && is_of_flow(&t->segments[k], s))
				fail(t, RULE_FramesArrive, r,
				     "a frame overtakes another one of its flow");
		}
		s->taken = true;
		return;
	}
	fail(t, RULE_RscContent, r,
	     "a packet is received that is none of the frames that came in, and is not called coalesced");
}

/* Of TCP an acknowledgement without data, like the one before it in all that it says. */
static bool is_duplicate(const struct train_segment *s, const struct train_segment *before)
{
	return before && !s->shape.payload &&
	       s->shape.acknowledgement == before->shape.acknowledgement &&
	       s->shape.window == before->shape.window;
}

static void take_segment(struct train *t, struct received *r, struct train_segment *s)
{
	char text[128];

	if (!r->first)
		r->first = s;
	if (s->alone || (s != r->first && r->first->alone)) {
		snprintf(text, sizeof(text), "a segment is coalesced that may not be: %s",
			 s->alone ? s->alone : r->first->alone);
		fail(t, RULE_RscAllowed, r, text);
	}
	if (r->last && s->shape.protocol != PACKET_UDP &&
	    s->shape.sequence != (uint32_t)(r->last->shape.sequence + r->last->shape.payload))
		fail(t, RULE_RscAllowed, r, "segments are coalesced that do not follow each other");
	if (is_duplicate(s, r->last) && r->segments)
		fail(t, RULE_RscAllowed, r,
		     "an acknowledgment that says nothing new is coalesced with data");
	if (s->shape.payload && r->duplicates)
		fail(t, RULE_RscAllowed, r, "data is coalesced with repeated acknowledgments");
	r->segments += s->shape.payload != 0;
	r->duplicates += is_duplicate(s, r->last);
	r->last = s;
	s->taken = true;
}

static struct train_segment *next_of_flow(struct train *t, uint16_t port, int version)
{
	for (unsigned i = 0; i < t->count; i++) {
		struct train_segment *s = &t->segments[i];

		if (!s->taken && s->shape.source_port == port && s->shape.version == version)
			return s;
	}
	return NULL;
}

/* What has no data and stands behind the last: did the packet take it in? Only it can tell. */
static void take_rest(struct train *t, struct received *r, uint16_t port)
{
	const uint8_t *tcp = r->frame->bytes + r->headers.l4;
	struct train_segment *s;

	if (r->headers.protocol != PACKET_TCP)
		return;
	while ((s = next_of_flow(t, port, r->headers.version)) && !s->shape.payload && !s->alone) {
		bool duplicate = is_duplicate(s, r->last);

		if (duplicate ? r->duplicates >= r->said->coalesced.acks
			      : get16(tcp + 14) != s->shape.window)
			return;
		take_segment(t, r, s);
	}
}

static void take_segments(struct train *t, struct received *r)
{
	uint16_t port = get16(r->frame->bytes + r->headers.l4);
	struct train_segment *s;
	size_t sum = 0;

	while (sum < r->payload || !r->first) {
		s = next_of_flow(t, port, r->headers.version);
		if (!s)
			fail(t, RULE_RscContent, r,
			     "a coalesced packet has more payload than came in");
		take_segment(t, r, s);
		sum += s->shape.payload;
	}
	if (sum != r->payload)
		fail(t, RULE_RscContent, r, "a coalesced packet ends within a segment");
	take_rest(t, r, port);
}

static void check_udp_sizes(struct train *t, struct received *r)
{
	const struct train_segment *s;
	size_t size = r->first->shape.payload;
	char text[128];

	for (s = r->first; s < r->last; s++) {
		if (is_of_flow(s, r->first) && s->shape.payload != size)
			fail(t, RULE_RscAllowed, r,
			     "datagrams are coalesced of which one before the last has another size");
	}
	if (r->last->shape.payload > size)
		fail(t, RULE_RscAllowed, r,
		     "datagrams are coalesced of which the last is longer than the others");
	if (r->said->coalesced.size == size)
		return;
	snprintf(text, sizeof(text), "CoalescedSegmentSize is %u instead of %zu",
		 r->said->coalesced.size, size);
	fail(t, RULE_RscCount, r, text);
}

static void check_tcp_counts(struct train *t, const struct received *r)
{
	uint32_t delta = r->first->shape.tcp_words >= 3
				 ? r->last->shape.timestamp - r->first->shape.timestamp
				 : 0;
	char text[128];

	if (r->said->coalesced.acks != r->duplicates) {
		snprintf(text, sizeof(text), "DuplicateAckCount is %u instead of %u",
			 r->said->coalesced.acks, r->duplicates);
		fail(t, RULE_RscCount, r, text);
	}
	t->repeated += r->duplicates;
	if (r->said->coalesced.timestamp != delta) {
		snprintf(text, sizeof(text), "RscTcpTimestampDelta is %u instead of %u",
			 r->said->coalesced.timestamp, delta);
		fail(t, RULE_RscCount, r, text);
	}
}

/* Acknowledgments that were counted have no payload: the packet is one segment, or NDIS, for which
 * 0 is a packet of no coalescing, would not look at their count. */
static void check_counts(struct train *t, struct received *r)
{
	unsigned segments = r->segments ? r->segments : 1;
	char text[128];

	if (r->said->coalesced.segments != segments) {
		snprintf(text, sizeof(text), "CoalescedSegmentCount is %u instead of %u",
			 r->said->coalesced.segments, segments);
		fail(t, RULE_RscCount, r, text);
	}
	if (r->headers.protocol == PACKET_UDP)
		check_udp_sizes(t, r);
	else
		check_tcp_counts(t, r);
}

/* Headers of the first; of the last what it has news of; the payload of all. Return: its length. */
static size_t build(const struct received *r, uint8_t *out)
{
	const struct train_segment *first = r->first, *s;
	size_t length = first->payload;
	uint8_t *l4 = out + first->l4, flags = 0;

	memcpy(out, first->bytes, first->payload);
	for (s = first; s <= r->last; s++) {
		if (!is_of_flow(s, first))
			continue;
		memcpy(out + length, s->bytes + s->payload, s->shape.payload);
		length += s->shape.payload;
		flags |= s->bytes[s->l4 + 13];
	}
	if (first->shape.version == 4)
		put16(out + first->l3 + 2, (uint32_t)(length - first->l3));
	else
		put16(out + first->l3 + 4, (uint32_t)(length - first->l3 - 40));
	if (first->shape.protocol == PACKET_UDP) {
		put16(l4 + 4, (uint32_t)(length - first->l4));
		return length;
	}
	memcpy(l4 + 8, r->last->bytes + r->last->l4 + 8, 4);
	l4[13] = flags;
	memcpy(l4 + 14, r->last->bytes + r->last->l4 + 14, 2);
	memcpy(l4 + 20, r->last->bytes + r->last->l4 + 20, first->payload - first->l4 - 20);
	return length;
}

/* A coalesced packet's checksums are nobody's. */
static void forget_sums(const struct received *r, uint8_t *frame)
{
	size_t sum = r->headers.protocol == PACKET_UDP ? UDP_SUM : TCP_SUM;

	if (r->headers.version == 4)
		put16(frame + r->headers.l3 + IPV4_SUM, 0);
	put16(frame + r->headers.l4 + sum, 0);
}

static void check_content(struct train *t, struct received *r)
{
	struct bench *b = t->bench;
	struct comparison *differs = &b->result.differs;
	size_t length = build(r, b->expected);

	forget_sums(r, b->expected);
	forget_sums(r, r->frame->bytes);
	if (!compare_packets(differs, b->expected, length, r->frame->bytes, r->frame->length))
		bench_fail_packets(b, RULE_RscContent, b->expected, length < SHOWN ? length : SHOWN,
				   shortened(r->frame),
				   "a packet of %u segments: %s is %s instead of %s", r->segments,
				   differs->fields[0].name, differs->fields[0].actual,
				   differs->fields[0].expected);
}

static void judge(struct train *t, struct test_frame *frame)
{
	struct received r = { .frame = frame, .said = &frame->said };

	if (!r.said->coalesced.segments && !r.said->coalesced.acks) {
		take_single(t, &r);
		return;
	}
	reference_read(&r.headers, frame->bytes, frame->length);
	if (!r.headers.transport)
		fail(t, RULE_RscAllowed, &r,
		     "what is no whole TCP or UDP packet is called coalesced");
	r.payload = frame->length - r.headers.payload;
	take_segments(t, &r);
	check_counts(t, &r);
	check_content(t, &r);
	if (r.said->checksum == CX_RX_CHECKSUM_BAD)
		fail(t, RULE_ChecksumVerdict, &r, "a coalesced packet's checksum is called wrong");
	t->coalesced++;
}

static bool is_left(const struct train *t)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (!t->segments[i].taken)
			return true;
	}
	return false;
}

void train_judge(struct train *t)
{
	struct test_frame *frame;

	while (is_left(t)) {
		frame = bench_told(t->bench, RULE_FramesArrive);
		judge(t, frame);
		free(frame);
	}
	test_edge_forget(t->bench->stack);
}

void train_put(struct train *t, unsigned from, unsigned to)
{
	struct iovec frames[TRAIN_SEGMENTS];

	for (unsigned i = from; i < to; i++)
		frames[i] = (struct iovec){ t->segments[i].bytes, t->segments[i].length };
	bench_receive_all(t->bench, &frames[from], to - from);
}

void train_run(struct train *t)
{
	train_put(t, 0, t->count);
	train_judge(t);
}

void train_run_super(struct train *t, const struct packet_shape *shape)
{
	const struct frame_meta meta = { .mss = shape->mss, .needs_checksum = true };
	struct packet *p = &t->bench->packet;
	struct packet_shape part = *shape;
	struct reference headers;
	size_t left = shape->payload;

	packet_make(p, &t->bench->addresses, shape);
	reference_read(&headers, p->bytes, p->length);
	train_clear(t);
	for (unsigned i = 0; left; i++) {
		struct train_segment *s;

		part.payload = left < shape->mss ? left : shape->mss;
		part.mss = 0;
		s = train_add(t, &part, NULL);
		/* train_add() has made another packet in its place. */
		packet_make(p, &t->bench->addresses, shape);
		reference_segment(&headers, shape->mss, i, true, s->bytes);
		part.sequence += (uint32_t)part.payload;
		left -= part.payload;
	}
	t->bench->result.packets++;
	if (!test_edge_put(t->bench->wire, p->bytes, p->length, &meta))
		bench_fail(t->bench, RULE_FramesArrive, "out of memory");
	train_judge(t);
}

/* What comes behind the last is what nobody has sent. */
void train_end(struct train *t)
{
	const struct packet_shape shape = {
		.version = 4, .protocol = PACKET_UDP, .source_port = 9, .payload = 100
	};

	train_clear(t);
	train_add(t, &shape, "it is the last");
	train_run(t);
}
