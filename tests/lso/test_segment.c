/* SPDX-License-Identifier: MIT */
/*
 * Segments of generated super-packets against the reference, on every code path, in every output
 * form, from contiguous and scattered input, all in buffers that end at a guard page.
 *
 * Usage: test_segment [PACKETS [SEED]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "guard.h"
#include "paths.h"
#include "reference.h"

#define MAX_FRAGMENTS 16
#define FRAME_MAX     (65535 + 512)
#define BATCH         7

static uint32_t packets = 12000;
static uint64_t seed = 1;

/* For packets whose payload the test makes. */
static const struct packet_limits only_headers = { .max_payload = 1,
						   .max_segments = 1,
						   .jumbo = true };

/* What one test works with. */
struct fixture {
	struct guard in; /* the packet */
	struct guard out[BATCH];
	struct guard headers;
	uint8_t *made;     /* by the generator */
	uint8_t *expected; /* one reference frame */
	uint8_t *joined;   /* one frame put together from references */
	struct packet p;
	struct iovec iov[MAX_FRAGMENTS];
	int count;
	bool known; /* every other time, the segmenter is given the layout */
};

static int set_up(void **state)
{
	struct fixture *b = test_calloc(1, sizeof(*b));

	b->in = guard_make(PACKET_MAX);
	for (int i = 0; i < BATCH; i++)
		b->out[i] = guard_make(FRAME_MAX + 64);
	b->headers = guard_make(BATCH * 640);
	b->made = test_malloc(PACKET_MAX);
	b->expected = test_malloc(FRAME_MAX);
	b->joined = test_malloc(FRAME_MAX);
	b->p.bytes = b->made;
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *b = *state;

	guard_free(&b->in);
	for (int i = 0; i < BATCH; i++)
		guard_free(&b->out[i]);
	guard_free(&b->headers);
	test_free(b->made);
	test_free(b->expected);
	test_free(b->joined);
	test_free(b);
	return 0;
}

static struct lso_options options_of(const struct packet *p, enum lso_path path)
{
	return (struct lso_options){
		.mss = p->mss,
		.ip_id = (enum lso_ip_id)p->ip_id,
		.path = path,
		.udp_zero_checksum = p->udp_zero_checksum,
		.accurate_ecn = p->accurate_ecn,
	};
}

/* The packet in one piece, against the guard page. */
static void place_whole(struct fixture *b)
{
	b->iov[0].iov_base = guard_end(&b->in, b->p.length);
	b->iov[0].iov_len = b->p.length;
	memcpy(b->iov[0].iov_base, b->made, b->p.length);
	b->count = 1;
}

/*
 * Piece @i: @n bytes of the packet from @at on. The first piece lies last in memory, so that what
 * follows a piece is not what follows it in the packet.
 */
static void place_piece(struct fixture *b, int i, size_t at, size_t n)
{
	b->iov[i].iov_base = n ? guard_end(&b->in, at + n) : NULL;
	b->iov[i].iov_len = n;
	if (n)
		memcpy(b->iov[i].iov_base, b->made + at, n);
}

/* The packet in pieces at random places, some of them empty. */
static void place_scattered(struct fixture *b, struct random *r)
{
	size_t at = 0;

	b->count = (int)random_between(r, 2, MAX_FRAGMENTS);
	for (int i = 0; i < b->count; i++) {
		size_t left = b->p.length - at;
		size_t n = left;

		if (i + 1 < b->count) {
			size_t most = random_one_in(r, 2) ? 200 : left / 2 + 1;

			n = random_below(r, (uint32_t)most);
			n = n > left ? left : n;
		}
		place_piece(b, i, at, n);
		at += n;
	}
}

static void expect_frame(struct fixture *b, uint32_t i, const uint8_t *frame, size_t length)
{
	size_t expected = reference_segment(&b->p, i, b->expected);

	if (length == expected && !memcmp(frame, b->expected, length))
		return;
	for (size_t k = 0; k < length && k < expected; k++) {
		if (frame[k] != b->expected[k])
			fail_msg(
				"segment %u of %u: byte %zu is %02x, must be %02x (l3 %zu l4 %zu payload %zu mss %u ip_id %d)",
				i, packet_segments(&b->p), k, frame[k], b->expected[k], b->p.l3,
				b->p.l4, b->p.payload, b->p.mss, b->p.ip_id);
	}
	fail_msg("segment %u: %zu bytes, must be %zu", i, length, expected);
}

static void begin(struct fixture *b, struct lso_segmenter *s, enum lso_path path)
{
	struct lso_options options = options_of(&b->p, path);
	struct lso_layout layout;

	b->known = !b->known;
	if (b->known && lso_parse(b->iov, b->count, &layout) == LSO_OK)
		options.layout = &layout;
	assert_int_equal(lso_begin(s, b->iov, b->count, &options), LSO_OK);
	memset(&layout, 0xff, sizeof(layout)); /* it is read in the call */
	assert_int_equal(lso_segments(s), packet_segments(&b->p));
	assert_int_equal(lso_remaining(s), packet_segments(&b->p));
	assert_int_equal(lso_header_size(s), b->p.header);
}

static void expect_copies(struct fixture *b, enum lso_path path)
{
	struct lso_segmenter s;
	uint32_t i;

	begin(b, &s, path);
	for (i = 0; i < packet_segments(&b->p); i++) {
		uint8_t *frame = guard_end(&b->out[0], lso_frame_size(&s));

		expect_frame(b, i, frame, lso_next(&s, frame));
	}
	assert_int_equal(lso_next(&s, guard_start(&b->out[0])), 0);
	assert_int_equal(lso_remaining(&s), 0);
}

static void expect_joined(struct fixture *b, uint32_t i, const struct iovec *iov, int count)
{
	size_t length = 0;

	for (int k = 0; k < count; k++) {
		assert_true(length + iov[k].iov_len <= FRAME_MAX);
		memcpy(b->joined + length, iov[k].iov_base, iov[k].iov_len);
		length += iov[k].iov_len;
	}
	expect_frame(b, i, b->joined, length);
}

static void expect_references(struct fixture *b, enum lso_path path)
{
	uint8_t *header = guard_end(&b->headers, b->p.header);
	struct iovec iov[MAX_FRAGMENTS + 2];
	struct lso_segmenter s;

	begin(b, &s, path);
	for (uint32_t i = 0; i < packet_segments(&b->p); i++) {
		int count = -1;

		for (int max = 0; count < 0; max++) {
			assert_true(max <= MAX_FRAGMENTS + 2);
			count = lso_next_iov(&s, header, iov, max);
			assert_true(count <= max);
		}
		assert_true(count >= 2);
		assert_ptr_equal(iov[0].iov_base, header);
		assert_int_equal(iov[0].iov_len, b->p.header);
		expect_joined(b, i, iov, count);
	}
	assert_int_equal(lso_next_iov(&s, header, iov, MAX_FRAGMENTS + 2), 0);
}

/* Batches of any size, into buffers of any alignment or a slab. */
static void expect_batches(struct fixture *b, enum lso_path path, struct random *r)
{
	struct lso_segmenter s;
	uint32_t done = 0;

	begin(b, &s, path);
	for (;;) {
		size_t size = lso_frame_size(&s);
		struct iovec frames[BATCH];
		uint32_t n = random_between(r, 1, BATCH);
		uint32_t got;

		if (random_one_in(r, 2) && n * size < FRAME_MAX) {
			size_t stride = size + random_below(r, 9);
			size_t whole = (n - 1) * stride + size;

			if (whole > FRAME_MAX)
				continue;
			got = lso_next_slab(&s, guard_end(&b->out[0], whole), stride, frames, n);
			for (uint32_t k = 0; k < got; k++)
				assert_ptr_equal(frames[k].iov_base,
						 guard_end(&b->out[0], whole) + k * stride);
		} else {
			for (uint32_t k = 0; k < n; k++)
				frames[k].iov_base =
					random_one_in(r, 2)
						? guard_end(&b->out[k], size)
						: guard_start(&b->out[k]) + random_below(r, 64);
			got = lso_next_frames(&s, frames, n);
		}
		for (uint32_t k = 0; k < got; k++)
			expect_frame(b, done + k, frames[k].iov_base, frames[k].iov_len);
		done += got;
		assert_int_equal(lso_remaining(&s), packet_segments(&b->p) - done);
		if (got == 0)
			break;
	}
	assert_int_equal(done, packet_segments(&b->p));
}

static void expect_reference_batches(struct fixture *b, enum lso_path path, struct random *r)
{
	size_t stride = b->p.header + random_below(r, 64);
	struct lso_segmenter s;
	uint32_t done = 0;

	begin(b, &s, path);
	while (done < packet_segments(&b->p)) {
		uint32_t n = random_between(r, 1, BATCH);
		uint8_t *headers = guard_end(&b->headers, (n - 1) * stride + b->p.header);
		struct iovec iov[BATCH * (MAX_FRAGMENTS + 2)];
		uint16_t counts[BATCH];
		struct iovec *at = iov;
		uint32_t room = random_below(r, 30);
		uint32_t got;

		memset(headers, 0xee, (n - 1) * stride + b->p.header);
		got = lso_next_iovs(&s, headers, stride, iov, room, counts, n);
		if (got == 0) {
			room = MAX_FRAGMENTS + 2;
			got = lso_next_iovs(&s, headers, stride, iov, room, counts, n);
		}
		assert_in_range(got, 1, n);
		for (uint32_t k = 0; k < got; k++) {
			assert_ptr_equal(at->iov_base, headers + k * stride);
			expect_joined(b, done + k, at, counts[k]);
			for (size_t j = b->p.header; j < stride && k + 1 < n; j++)
				assert_int_equal(headers[k * stride + j], 0xee);
			at += counts[k];
			assert_true(at <= iov + room);
		}
		done += got;
	}
}

/* Every segment in one call, each into a buffer of just its length. */
static void expect_all_at_once(struct fixture *b, enum lso_path path)
{
	uint32_t n = packet_segments(&b->p);
	struct iovec frames[BATCH];
	struct lso_segmenter s;

	begin(b, &s, path);
	for (uint32_t k = 0; k < n; k++)
		frames[k].iov_base =
			guard_end(&b->out[k], reference_segment(&b->p, k, b->expected));
	assert_int_equal(lso_next_frames(&s, frames, n), n);
	for (uint32_t k = 0; k < n; k++)
		expect_frame(b, k, frames[k].iov_base, frames[k].iov_len);
	assert_int_equal(lso_remaining(&s), 0);
}

/* fill_payload() - the generator's packet with another payload and MSS */
static void fill_payload(struct fixture *b, struct random *r, uint32_t payload, uint32_t mss)
{
	b->p.mss = mss;
	b->p.length = b->p.payload;
	for (uint32_t i = 0; i < payload; i++)
		b->made[b->p.length++] = (uint8_t)random_next(r);
}

static void segments_match_the_reference(void **state)
{
	static const struct packet_limits limits = { .max_payload = 500000,
						     .max_segments = 2500,
						     .jumbo = true };
	struct fixture *b = *state;
	struct random r = { seed };

	for (uint32_t i = 0; i < packets; i++) {
		packet_make(&b->p, &r, &limits);
		b->p.accurate_ecn = i % 3 == 0;
		for_each_path(path)
		{
			/* Every packet on every path; the forms in turn. */
			switch ((i + path) % 4) {
			case 0:
				place_whole(b);
				expect_copies(b, path);
				break;
			case 1:
				place_scattered(b, &r);
				expect_copies(b, path);
				break;
			case 2:
				if (random_one_in(&r, 2))
					place_whole(b);
				else
					place_scattered(b, &r);
				expect_batches(b, path, &r);
				break;
			default:
				if (random_one_in(&r, 2))
					place_whole(b);
				else
					place_scattered(b, &r);
				if (random_one_in(&r, 2))
					expect_references(b, path);
				else
					expect_reference_batches(b, path, &r);
				break;
			}
		}
	}
}

/* Any one split of the packet, and any second split in its headers, changes nothing. */
static void every_split_point_gives_the_same(void **state)
{
	static const struct packet_limits limits = { .max_payload = 700,
						     .max_segments = 20,
						     .jumbo = true };
	struct fixture *b = *state;
	struct random r = { seed + 1 };

	for (int round = 0; round < 12; round++) {
		packet_make(&b->p, &r, &limits);
		for_each_path(path)
		{
			for (size_t split = 0; split <= b->p.length; split++) {
				uint8_t *start = guard_end(&b->in, b->p.length);
				size_t second =
					random_between(&r, (uint32_t)split, (uint32_t)b->p.length);

				place_whole(b);
				b->count = 3;
				b->iov[0].iov_len = split;
				b->iov[1].iov_base = start + split;
				b->iov[1].iov_len = second - split;
				b->iov[2].iov_base = start + second;
				b->iov[2].iov_len = b->p.length - second;
				expect_copies(b, path);
				expect_references(b, path);
			}
		}
	}
}

/* Payload and MSS of every small size, where vectors and tails meet. */
static void every_small_size_is_right(void **state)
{
	struct fixture *b = *state;
	struct random r = { seed + 2 };

	for (uint32_t payload = 1; payload <= 420; payload++) {
		packet_make(&b->p, &r, &only_headers);
		fill_payload(b, &r, payload, payload);
		for_each_path(path)
		{
			b->p.mss = random_between(&r, payload / 20 + 1, payload + 1);
			place_whole(b);
			expect_copies(b, path);
			expect_batches(b, path, &r);
			expect_references(b, path);
		}
	}
}

/*
 * The last of long segments, which some paths cut together with those before it: of every size,
 * whole or in two pieces, its ID sometimes the first after a wrap.
 */
static void the_last_of_a_batch_is_right(void **state)
{
	struct fixture *b = *state;
	struct random r = { seed + 4 };

	for (uint32_t last = 1; last <= 1200; last++) {
		uint32_t n = random_between(&r, 2, BATCH);
		uint16_t id = (uint16_t)(0x8002 - n - random_below(&r, 3));

		do {
			packet_make(&b->p, &r, &only_headers);
		} while (b->p.snap); /* too long for those */
		fill_payload(b, &r, (n - 1) * 1200 + last, 1200);
		if (b->p.ip_version == 4) {
			b->made[b->p.l3 + 4] = (uint8_t)(id >> 8);
			b->made[b->p.l3 + 5] = (uint8_t)id;
		}
		for_each_path(path)
		{
			size_t split = b->p.length - random_between(&r, 1, last);

			place_whole(b);
			expect_all_at_once(b, path);
			place_piece(b, 0, 0, split);
			place_piece(b, 1, split, b->p.length - split);
			b->count = 2;
			expect_all_at_once(b, path);
		}
	}
}

/* RFC 9768: then CWR is a bit of a counter, with AE and ECE; else one event, told once. */
static void accurate_ecn_repeats_cwr(void **state)
{
	struct fixture *b = *state;
	struct random r = { seed + 8 };

	for (unsigned flags = 0; flags < 8; flags++) {
		do
			packet_make(&b->p, &r, &only_headers);
		while (!b->p.tcp);
		b->made[b->p.l4 + 12] = (uint8_t)((b->made[b->p.l4 + 12] & 0xfe) | flags >> 2);
		b->made[b->p.l4 + 13] = (uint8_t)((b->made[b->p.l4 + 13] & 0x3f) | flags << 6);
		fill_payload(b, &r, 2000, 300);
		for (int accurate = 0; accurate < 2; accurate++) {
			b->p.accurate_ecn = accurate;
			reference_segment(&b->p, 4, b->expected);
			assert_int_equal(b->expected[b->p.l4 - (b->p.payload - b->p.header) + 13] >>
						 6,
					 accurate ? flags & 3 : flags & 1);
			for_each_path(path)
			{
				place_whole(b);
				expect_copies(b, path);
				expect_references(b, path);
				expect_batches(b, path, &r);
				expect_all_at_once(b, path);
			}
		}
	}
}

/* RFC 768: a checksum of 0 says that there is none, so one that comes to 0 is all ones. */
static void a_udp_checksum_of_zero_is_all_ones(void **state)
{
	struct fixture *b = *state;
	struct random r = { seed + 5 };
	int seen = 0;

	while (seen < 40) {
		uint8_t *word, *field;

		packet_make(&b->p, &r, &only_headers);
		if (b->p.tcp)
			continue;
		b->p.udp_zero_checksum = false;
		fill_payload(b, &r, 1000, 300);
		word = b->made + b->p.payload + 600; /* of the third segment */
		field = b->expected + b->p.l4 + 6 - (b->p.payload - b->p.header);
		memset(word, 0, 2);
		reference_segment(&b->p, 2, b->expected);
		memcpy(word, field, 2);
		reference_segment(&b->p, 2, b->expected);
		assert_memory_equal(field, "\xff\xff", 2);
		seen++;
		for_each_path(path)
		{
			place_whole(b);
			expect_copies(b, path);
			expect_references(b, path);
		}
	}
}

/* Of a jumbogram's hop-by-hop header only one that has nothing else in it may be left out. */
static void other_options_of_a_jumbogram_are_kept(void **state)
{
	const struct lso_options options = { .mss = 500 };
	struct lso_segmenter s;
	struct iovec iov;
	struct frame f;

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 0);
	frame_bytes(&f, 6, 1, 5, 2, 0, 0, 0xc2, 4, 0, 1, 0, 0, 1, 2, 0, 0); /* router alert */
	frame_tcp(&f);
	frame_payload(&f, 1000);
	iov = (struct iovec){ f.bytes, f.length };
	assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_JUMBOGRAM);

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 0);
	frame_bytes(&f, 44, 0, 0xc2, 4, 0, 1, 0, 0); /* what follows must be fit to be cut */
	frame_bytes(&f, 6, 0, 0, 1, 0, 0, 0, 9);
	frame_tcp(&f);
	frame_payload(&f, 1000);
	iov = (struct iovec){ f.bytes, f.length };
	assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_IP_FRAGMENT);
}

/* The caller's packet is read only, and a copy of a segmenter goes on by itself. */
static void input_stays_and_segmenters_are_independent(void **state)
{
	static const struct packet_limits limits = { .max_payload = 60000,
						     .max_segments = 50,
						     .jumbo = true };
	struct fixture *b = *state;
	struct random r = { seed + 3 };
	struct lso_segmenter one;
	struct lso_segmenter two;
	size_t length;

	for (int i = 0; i < 50; i++) {
		do {
			packet_make(&b->p, &r, &limits);
		} while (packet_segments(&b->p) < 4);
		place_whole(b);
		begin(b, &one, LSO_PATH_AUTO);
		lso_next(&one, guard_start(&b->out[0]));
		two = one;
		lso_next(&one, guard_start(&b->out[0]));
		lso_next(&one, guard_start(&b->out[0]));
		length = lso_next(&two, guard_start(&b->out[0]));
		expect_frame(b, 1, guard_start(&b->out[0]), length);
		assert_memory_equal(b->iov[0].iov_base, b->made, b->p.length);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(segments_match_the_reference, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_split_point_gives_the_same, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(every_small_size_is_right, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_last_of_a_batch_is_right, set_up, tear_down),
		cmocka_unit_test_setup_teardown(accurate_ecn_repeats_cwr, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_udp_checksum_of_zero_is_all_ones, set_up,
						tear_down),
		cmocka_unit_test(other_options_of_a_jumbogram_are_kept),
		cmocka_unit_test_setup_teardown(input_stays_and_segmenters_are_independent, set_up,
						tear_down),
	};

	if (argc > 1)
		packets = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	printf("%u packets, seed %llu\n", packets, (unsigned long long)seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
