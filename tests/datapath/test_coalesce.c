/* SPDX-License-Identifier: MIT */
/* Received frames that go up as super-packets, those that do not, and the order they keep. */
#include "base/bytes.h"
#include "datapath/private.h"
#include "stage/make_frame.h"
#include "stage/memory_edge.h"
#include "stage/random.h"
#include "test.h"

#define MSS   1000u
#define ROUND 64 /* frames of one round at most */

/* A round's frames on their way up, into an edge that is memory. */
struct bench {
	struct memory_edge edge;
	struct watch unwatched;
	struct dp_up up;
	struct dp_rx_counters counters;
	struct dp_coalesce coalesce;
	struct frame frames[ROUND];
	struct iovec iov[ROUND][2];
	struct test_frame made[ROUND];
	unsigned count;
	uint32_t sequence;
	uint16_t id;
};

static struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	memory_edge_init(&b->edge);
	b->edge.edge.super_packets = true;
	b->up = (struct dp_up){ .stack = &b->edge.edge, .watch = &b->unwatched };
	b->sequence = 0xFFFFF000;
	assert_true(dp_coalesce_create(&b->coalesce, &b->up, &b->counters));
	return b;
}

/* The round ends. */
static void flush(struct bench *b)
{
	dp_coalesce_flush(&b->coalesce);
	for (unsigned i = 0; i < b->count; i++)
		free(b->made[i].bytes);
	b->count = 0;
}

static void bench_free(struct bench *b)
{
	flush(b);
	dp_coalesce_destroy(&b->coalesce);
	memory_edge_destroy(&b->edge);
	free(b);
}

static void store_be32(uint8_t *at, uint32_t value)
{
	store_be16(at, (uint16_t)(value >> 16));
	store_be16(at + 2, (uint16_t)value);
}

/* The next frame of the flow, all of its checksums right; it is not taken yet. */
static struct test_frame *next_frame(struct bench *b, const struct shape *shape)
{
	struct test_frame *made = &b->made[b->count];
	struct shape final = *shape;

	final.final = true;
	*made = make_frame(&final);
	if (made->bytes[made->l3] >> 4 == 4)
		store_be16(made->bytes + made->l3 + 4, b->id++);
	if (final.protocol != 17) {
		store_be32(made->bytes + made->l4 + 4, b->sequence);
		b->sequence += (uint32_t)shape->payload;
	}
	return made;
}

static void sum_up(struct test_frame *made)
{
	struct iovec whole = { made->bytes, made->length };
	struct lso_layout layout;

	if (lso_parse(&whole, 1, &layout) == LSO_OK)
		lso_fill_checksums(made->bytes, made->length, &layout, true, true);
}

/* @cut: bytes of the first of two pieces; 0: one */
static void take(struct bench *b, enum cx_rx_checksum verdict, size_t cut)
{
	struct test_frame *made = &b->made[b->count];
	struct iovec *iov = b->iov[b->count];
	struct frame *frame = &b->frames[b->count++];

	iov[0] = (struct iovec){ made->bytes, cut ? cut : made->length };
	iov[1] = (struct iovec){ made->bytes + cut, made->length - cut };
	*frame = (struct frame){ .iov = iov, .count = cut ? 2 : 1 };
	frame->meta.checksum_valid = verdict == CX_RX_CHECKSUM_VALID;
	dp_coalesce_take(&b->coalesce, frame, verdict == CX_RX_CHECKSUM_BAD);
}

static void take_next(struct bench *b, const struct shape *shape, enum cx_rx_checksum verdict)
{
	sum_up(next_frame(b, shape));
	take(b, verdict, 0);
}

/* Of what is not held. */
static unsigned up(struct bench *b)
{
	dp_coalesce_send(&b->coalesce);
	return frame_store_count(&b->edge.out);
}

/* What went up as number @at stands for @segments frames of TCP. */
static void assert_segments(struct bench *b, unsigned at, unsigned segments)
{
	const struct kept_frame *frame = &b->edge.out.frames[at];
	const struct lso_layout *layout = &frame->meta.layout;
	size_t payload;

	assert_true(at < up(b));
	if (segments < 2) {
		assert_int_equal(frame->meta.mss, 0);
		assert_false(frame->meta.needs_checksum);
		return;
	}
	payload = frame->length - layout->payload_offset;
	assert_int_equal(frame->meta.mss, MSS);
	assert_true(frame->meta.needs_checksum);
	assert_int_equal((payload + MSS - 1) / MSS, segments);
}

static const struct shape data = { .payload = MSS };
static const struct shape shapes[] = {
	{ .payload = MSS },
	{ .payload = MSS, .tcp_words = 3 },
	{ .payload = MSS, .tags = 1 },
	{ .payload = MSS, .version = 6 },
	{ .payload = MSS, .version = 6, .tags = 2, .tcp_words = 3 },
};

/* By the law of liblso a super-packet, cut again, is what came in. */
static void assert_cut_is_what_came(struct bench *b, const struct kept_frame *frame)
{
	struct iovec whole = { frame->bytes, frame->length };
	const struct lso_options options = { .mss = frame->meta.mss,
					     .ip_id = LSO_IP_ID_LINUX,
					     .layout = &frame->meta.layout };
	struct lso_segmenter segmenter;
	uint8_t segment[2000];

	assert_int_equal(lso_begin(&segmenter, &whole, 1, &options), LSO_OK);
	for (unsigned i = 0; i < b->count; i++) {
		assert_int_equal(lso_next(&segmenter, segment), b->made[i].length);
		assert_memory_equal(segment, b->made[i].bytes, b->made[i].length);
	}
	assert_int_equal(lso_next(&segmenter, segment), 0);
}

static void frames_of_a_round_become_one(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		/* In one piece, and cut within headers and within payload. */
		for (unsigned cut = 0; cut <= 100; cut += 50) {
			struct bench *b = bench_new();

			for (unsigned n = 0; n < 9; n++) {
				sum_up(next_frame(b, &shapes[i]));
				take(b, n % 2 ? CX_RX_CHECKSUM_VALID : CX_RX_NOT_CHECKED, cut);
			}
			assert_int_equal(up(b), 0);
			dp_coalesce_flush(&b->coalesce);
			assert_int_equal(up(b), 1);
			assert_segments(b, 0, 9);
			assert_cut_is_what_came(b, &b->edge.out.frames[0]);
			assert_int_equal(b->counters.gro_packets, 1);
			assert_int_equal(b->counters.gro_frames, 9);
			assert_int_equal(b->counters.gro_ends[LSO_END_FLUSH], 1);
			bench_free(b);
		}
	}
}

/* Push ends it, so a sender who waits for an answer waits for no flush. */
static void push_and_length_end_one(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (unsigned n = 0; n < 3; n++) {
		struct test_frame *made = next_frame(b, &data);

		if (n == 2)
			made->bytes[made->l4 + 13] |= 0x08;
		sum_up(made);
		take(b, CX_RX_CHECKSUM_VALID, 0);
	}
	assert_int_equal(up(b), 1);
	assert_segments(b, 0, 3);
	flush(b);
	for (unsigned n = 0; n < ROUND; n++)
		take_next(b, &(struct shape){ .payload = 1460 }, CX_RX_CHECKSUM_VALID);
	assert_int_equal(up(b), 2);
	assert_int_equal(b->edge.out.frames[1].length, 54 + 44 * 1460);
	flush(b);
	assert_int_equal(b->edge.out.frames[2].length, 54 + 20 * 1460);
	assert_int_equal(b->counters.gro_ends[LSO_END_PSH], 1);
	assert_int_equal(b->counters.gro_ends[LSO_END_LENGTH], 1);
	bench_free(b);
}

/* What of a frame is changed so that it joins nothing; false: not of this kind. */
static void make_odd(struct test_frame *made, unsigned how)
{
	static const uint8_t flags[] = { 0x02, 0x04, 0x20, 0x80 }; /* SYN, RST, URG, CWR */

	if (how < 4)
		made->bytes[made->l4 + 13] |= flags[how];
	sum_up(made);
	if (how == 5)
		made->bytes[made->length - 1] ^= 1;
	else if (how == 6)
		made->bytes[made->l3 + 10] ^= 1;
	else if (how == 7)
		store_be16(made->bytes + made->l3 + 6, 0x2000);
}

/* They go up as they are, behind what is held of their flow. */
static void what_joins_nothing_overtakes_nothing(void **state)
{
	static const enum lso_end ends[] = { LSO_END_SYN,    LSO_END_RST,        LSO_END_URG,
					     LSO_END_CWR,    LSO_END_NO_PAYLOAD, LSO_END_BAD_SUM,
					     LSO_END_IP_SUM, LSO_END_FRAGMENT };

	(void)state;
	for (unsigned how = 0; how < 8; how++) {
		struct bench *b = bench_new();
		struct test_frame *odd;

		take_next(b, &data, CX_RX_CHECKSUM_VALID);
		take_next(b, &data, CX_RX_CHECKSUM_VALID);
		odd = next_frame(b, how == 4 ? &(struct shape){ .payload = 0 } : &data);
		make_odd(odd, how);
		take(b, how == 5 ? CX_RX_NOT_CHECKED : CX_RX_CHECKSUM_VALID, 0);
		assert_int_equal(up(b), 2);
		assert_segments(b, 0, 2);
		assert_segments(b, 1, 1);
		assert_int_equal(b->edge.out.frames[1].length, odd->length);
		assert_memory_equal(b->edge.out.frames[1].bytes, odd->bytes, odd->length);
		/* The one that ended it, and itself. */
		assert_int_equal(b->counters.gro_ends[ends[how]], 2);
		take_next(b, &data, CX_RX_CHECKSUM_VALID);
		flush(b);
		assert_int_equal(up(b), 3);
		bench_free(b);
	}
}

/* The driver's verdict counts; where there is none, the frame is summed here. */
static void verdicts_count(void **state)
{
	static const struct {
		enum cx_rx_checksum verdict;
		bool wrong; /* the TCP checksum */
		bool joins;
		bool vouched; /* goes up as one whose checksum is known to be right */
	} cases[] = {
		{ CX_RX_CHECKSUM_VALID, false, true, true },
		{ CX_RX_CHECKSUM_VALID, true, true,
		  true }, /* what it vouches for, right or wrong */
		{ CX_RX_NOT_CHECKED, false, true, true },
		{ CX_RX_NOT_CHECKED, true, false, false },
		{ CX_RX_CHECKSUM_BAD, false, false, false },
		{ CX_RX_CHECKSUM_BAD, true, false, false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *b = bench_new();

		for (unsigned n = 0; n < 3; n++) {
			struct test_frame *made = next_frame(b, &data);

			sum_up(made);
			made->bytes[made->l4 + 16] ^= cases[i].wrong;
			take(b, cases[i].verdict, 0);
			if (n == 0)
				flush(b);
		}
		flush(b);
		assert_int_equal(b->edge.out.frames[0].meta.checksum_valid, cases[i].vouched);
		assert_int_equal(up(b), cases[i].joins ? 2 : 3);
		bench_free(b);
	}
}

/* They are no TCP, or have options that Linux joins nothing with. */
static void others_go_up_as_they_came(void **state)
{
	static const struct shape others[] = {
		{ .payload = MSS, .protocol = 17 },
		{ .payload = MSS, .protocol = 17, .version = 6 },
		{ .payload = MSS, .protocol = 47 },
		{ .payload = MSS, .ip_words = 1 },
	};
	struct bench *b = bench_new();
	unsigned at = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		for (unsigned n = 0; n < 3; n++, at++) {
			struct test_frame *made = next_frame(b, &others[i]);

			sum_up(made);
			take(b, CX_RX_NOT_CHECKED, 0);
			assert_int_equal(up(b), at + 1);
			assert_memory_equal(b->edge.out.frames[at].bytes, made->bytes,
					    made->length);
			assert_segments(b, at, 1);
		}
		flush(b);
	}
	assert_int_equal(b->counters.gro_packets, 0);
	bench_free(b);
}

/* Flows that come mixed: each is in order, and more than there are places for lose nothing. */
static void flows_come_apart(void **state)
{
	struct bench *b = bench_new();
	uint64_t payload = 0;

	(void)state;
	for (unsigned n = 0; n < 60; n++) {
		struct test_frame *made = next_frame(b, &data);

		made->bytes[made->l4 + 1] = (uint8_t)(n % 3);
		store_be32(made->bytes + made->l4 + 4, n / 3 * MSS);
		store_be16(made->bytes + made->l3 + 4, (uint16_t)(n / 3));
		sum_up(made);
		take(b, CX_RX_CHECKSUM_VALID, 0);
	}
	flush(b);
	assert_int_equal(up(b), 3);
	for (unsigned i = 0; i < 3; i++)
		assert_segments(b, i, 20);
	for (unsigned n = 0; n < 1000; n++) {
		struct test_frame *made = next_frame(b, &data);

		store_be16(made->bytes + made->l4, (uint16_t)(n * 77));
		sum_up(made);
		take(b, CX_RX_CHECKSUM_VALID, 0);
		if (b->count == ROUND)
			flush(b);
	}
	flush(b);
	for (unsigned i = 3; i < up(b); i++)
		payload += b->edge.out.frames[i].length - 54;
	assert_int_equal(payload, 1000 * MSS);
	bench_free(b);
}

/* Bytes that are anything: nothing is lost, and nothing outside is touched (sanitizers). */
static void hostile_frames_are_all_there(void **state)
{
	struct random r = { 4711 };
	uint64_t in = 0, out;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		struct bench *b = bench_new();

		for (in = 0; b->count < ROUND; in++) {
			struct shape shape = shapes[random_below(&r, 5)];
			struct test_frame *made;

			shape.payload = random_below(&r, 60);
			made = next_frame(b, &shape);
			sum_up(made);
			for (unsigned n = random_below(&r, 4); n; n--)
				made->bytes[random_below(&r, (uint32_t)made->length)] =
					(uint8_t)random_next(&r);
			if (random_one_in(&r, 4))
				made->length -= random_below(&r, (uint32_t)made->length);
			take(b, (enum cx_rx_checksum)random_below(&r, 3),
			     random_one_in(&r, 2) ? random_below(&r, (uint32_t)made->length + 1)
						  : 0);
		}
		flush(b);
		out = up(b) - b->counters.gro_packets + b->counters.gro_frames;
		assert_int_equal(out, in);
		bench_free(b);
	}
}

/* Each call of the edge is a system call at least. What is pending is a copy of what was taken. */
static void what_comes_out_goes_up_together(void **state)
{
	const struct shape none = { .payload = 0 };
	struct bench *b = bench_new();

	(void)state;
	for (unsigned n = 0; n < ROUND; n++)
		take_next(b, &none, CX_RX_CHECKSUM_VALID);
	assert_in_range(frame_store_count(&b->edge.out), 0, ROUND - 1);
	assert_int_equal(up(b), ROUND);
	assert_in_range(b->edge.sends, 1, 2);
	for (unsigned n = 0; n < ROUND; n++)
		assert_memory_equal(b->edge.out.frames[n].bytes, b->made[n].bytes,
				    b->made[n].length);
	flush(b);
	assert_in_range(b->edge.sends, 1, 2);

	/* Units of one flow: each goes by its place, which the next one has then. */
	for (unsigned n = 0; n < ROUND; n++) {
		struct test_frame *made = next_frame(b, &data);

		if (n % 4 == 3)
			made->bytes[made->l4 + 13] |= 0x08;
		sum_up(made);
		take(b, CX_RX_CHECKSUM_VALID, 0);
	}
	assert_int_equal(up(b), ROUND + ROUND / 4);
	for (unsigned n = 0; n < ROUND / 4; n++) {
		assert_segments(b, ROUND + n, 4);
		assert_memory_equal(b->edge.out.frames[ROUND + n].bytes + 38,
				    b->made[4 * n].bytes + 38, 4);
	}
	assert_in_range(b->edge.sends, 2, 3);
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_a_round_become_one),
		cmocka_unit_test(push_and_length_end_one),
		cmocka_unit_test(what_joins_nothing_overtakes_nothing),
		cmocka_unit_test(verdicts_count),
		cmocka_unit_test(others_go_up_as_they_came),
		cmocka_unit_test(flows_come_apart),
		cmocka_unit_test(hostile_frames_are_all_there),
		cmocka_unit_test(what_comes_out_goes_up_together),
	};

	return cmocka_run_group_tests_name("datapath: coalesce", tests, NULL, NULL);
}
