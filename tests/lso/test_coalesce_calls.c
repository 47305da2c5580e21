/* SPDX-License-Identifier: MIT */
/*
 * The coalescer's calls and options: time, places, pieces, checksums.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules.h"

static void none(struct seg *s, int i)
{
	(void)s;
	(void)i;
}

FROM(0, id_15, s->id = (0x7ffe + i) & 0x7fff)
FROM(1, stamp, seg_stamp(s, 5, 6))

static void an_ndis_senders_ids_count_on_when_asked(void **state)
{
	const struct rule rule = { "15 bits", id_15_from_0, 5, NULL, NULL };
	const struct lso_coalesce_options options = { .flows = 1, .ndis_ip_id = true };
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 10);
	rule_run(&k, &rule, 4, false, 0, LSO_FRAME_VERIFY);
	assert_string_equal(k.log, "5 flush");
	assert_int_equal(k.unit.cut.ip_id, LSO_IP_ID_NDIS);
	catcher_free(&k);
}

/* What no checksum tells when a frame is trusted: the coalescer looks at each field by itself. */
static void what_only_looks_like_the_next_frame_does_not_join(void **state)
{
	const struct lso_coalesce_options options = { .flows = 1 };
	static uint8_t frame[SEG_MAX];
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 10);
	for (int i = 0; i < 4; i++) {
		struct seg s = seg_usual(4, false);
		size_t length;

		s.sequence += 100 * (uint32_t)i;
		s.id += (uint16_t)i;
		length = seg_make(&s, frame);
		frame[17] += i == 3; /* IPv4's length, but not its checksum */
		catcher_frame(&k, frame, length, 0, LSO_FRAME_TRUSTED);
	}
	assert_string_equal(k.log, "3 ip_length | 1 ip_length");
	catcher_free(&k);
}

/*
 * A unit whose first frame was scattered foretells like any other, with its timestamp: of a trusted
 * frame no checksum tells that it changed.
 */
static void a_scattered_frame_foretells_its_timestamp(void **state)
{
	const struct lso_coalesce_options options = { .flows = 1 };
	static uint8_t frame[SEG_MAX];
	struct catcher k;

	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		catcher_make(&k, &options, 10);
		for (int i = 0; i < 5; i++) {
			struct seg s = seg_usual(version, false);

			s.sequence += 100 * (uint32_t)i;
			s.id += (uint16_t)i;
			seg_stamp(&s, i < 4 ? 7 : 8, 9);
			catcher_frame(&k, frame, seg_make(&s, frame), i ? 0 : 20,
				      LSO_FRAME_TRUSTED);
		}
		lso_coalesce_flush(k.c, 1);
		assert_string_equal(k.log, "4 tcp_options | 1 flush");
		catcher_free(&k);
	}
}

/* A datagram may have a TCP header's bytes. */
static void a_datagram_is_no_segment(void **state)
{
	const struct lso_coalesce_options options = { .flows = 1 };
	const struct seg s = seg_usual(4, false);
	static uint8_t frame[SEG_MAX];
	size_t length = seg_make(&s, frame);
	struct catcher k;
	uint16_t sum;

	(void)state;
	frame[23] = 17;
	memset(frame + 24, 0, 2);
	sum = (uint16_t)~lso_checksum(frame + 14, 20, 0);
	memcpy(frame + 24, &sum, 2);
	catcher_make(&k, &options, 10);
	catcher_frame(&k, frame, length, 0, LSO_FRAME_TRUSTED);
	assert_string_equal(k.log, "1 protocol");
	catcher_free(&k);
}

/* Once they have wrapped, or not, they go on that way. */
static void ids_go_on_as_they_began(void **state)
{
	static const uint16_t ids[2][5] = { { 0x7ffe, 0x7fff, 0, 1, 1 },
					    { 0x7ffe, 0x7fff, 0x8000, 0x8001, 0x8003 } };
	const struct lso_coalesce_options options = { .flows = 1, .ndis_ip_id = true };
	static uint8_t frame[SEG_MAX];

	(void)state;
	for (int k = 0; k < 4; k++) {
		size_t split = k < 2 ? 0 : 60; /* which keeps them from the short way */
		struct catcher catcher;

		catcher_make(&catcher, &options, 10);
		for (int i = 0; i < 5; i++) {
			struct seg s = seg_usual(4, false);

			s.sequence += 100 * (uint32_t)i;
			s.id = ids[k % 2][i];
			catcher_frame(&catcher, frame, seg_make(&s, frame), split,
				      LSO_FRAME_VERIFY);
		}
		assert_string_equal(catcher.log, "4 id");
		lso_coalesce_flush(catcher.c, 1);
		catcher_free(&catcher);
	}
}

static void timestamps_can_be_left_alone(void **state)
{
	const struct rule rule = { "stamps", stamp_from_1, 4, NULL, NULL };
	const struct lso_coalesce_options options = { .rules = LSO_RULES_RSC,
						      .flows = 1,
						      .no_timestamps = true };
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 10);
	rule_run(&k, &rule, 4, false, 0, LSO_FRAME_VERIFY);
	assert_string_equal(k.log, "1 tcp_options | 1 tcp_options | 1 tcp_options | 1 tcp_options");
	catcher_free(&k);
}

/* one() - a usual frame, the @i-th of the flow of port @port */
static void one(struct catcher *k, uint16_t port, int i, enum lso_frame_sum sum, uint16_t sum_off)
{
	static uint8_t frame[SEG_MAX];
	struct seg s = seg_usual(4, false);

	s.port = port;
	s.sequence += 100 * (uint32_t)i;
	s.id = (uint16_t)(s.id + i);
	s.sum_off = sum_off;
	s.partial = sum == LSO_FRAME_PARTIAL;
	catcher_frame(k, frame, seg_make(&s, frame), 0, sum);
}

static void what_is_known_of_checksums_is_believed(void **state)
{
	const struct lso_coalesce_options options = { .flows = 4 };
	struct catcher k;

	(void)state;
	/* Bad ones that are trusted join; the catcher would find that they are cut to good ones. */
	catcher_make(&k, &options, 20);
	for (int i = 0; i < 3; i++)
		one(&k, 1, i, LSO_FRAME_TRUSTED, 0);
	one(&k, 1, 3, LSO_FRAME_BAD, 0);
	assert_string_equal(k.log, "3 bad_sum | 1 bad_sum");
	assert_int_equal(k.unit.sum, LSO_SUM_BAD);
	catcher_free(&k);

	catcher_make(&k, &options, 20);
	one(&k, 1, 0, LSO_FRAME_TRUSTED, 0x1111);
	assert_int_equal(k.units, 0);
	assert_int_equal(lso_coalesce_held(k.c), 1);
	lso_coalesce_flush(k.c, 1);
	assert_int_equal(k.unit.sum, LSO_SUM_GOOD);
	catcher_free(&k);
}

/* partial_note() - a packet of seeds has the checksum that is asked for */
static void partial_note(struct catcher *k, const struct lso_unit *unit)
{
	uint8_t copy[2000];

	memcpy(copy, k->packet, unit->length);
	if (unit->partial) {
		const struct iovec iov = { copy, unit->length };

		assert_true(lso_fill_partial(&iov, 1, 34, 16));
	}
	assert_int_equal(lso_verify(copy, unit->length).l4, LSO_SUM_GOOD);
	assert_int_equal(lso_verify(copy, unit->length).ipv4, LSO_SUM_GOOD);
}

static void seeds_count_as_good(void **state)
{
	(void)state;
	for (int way = 0; way < 4; way++) {
		const struct lso_coalesce_options options = {
			.flows = 4,
			.unit_sum = way & 1 ? LSO_UNIT_SUM_SEED : LSO_UNIT_SUM_FULL,
			.copy = way & 2,
		};
		struct catcher k;

		catcher_make(&k, &options, 20);
		k.note = partial_note;
		k.partial = true;
		one(&k, 1, 0, LSO_FRAME_PARTIAL, 0);
		one(&k, 1, 1, LSO_FRAME_VERIFY, 0);
		one(&k, 1, 2, LSO_FRAME_PARTIAL, 0);
		one(&k, 2, 0, LSO_FRAME_PARTIAL, 0);
		lso_coalesce_flush(k.c, UINT32_MAX);
		assert_string_equal(k.log, "3 flush | 1 flush");
		catcher_free(&k);
	}
}

/* What is made is a seed; a frame that stayed alone keeps its checksum. */
static void one_frame_is_no_seed(void **state)
{
	const struct lso_coalesce_options options = { .flows = 1, .unit_sum = LSO_UNIT_SUM_SEED };
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 10);
	for (int i = 0; i < 3; i++) {
		one(&k, 1, i, LSO_FRAME_VERIFY, 0);
		if (i == 1)
			continue;
		lso_coalesce_flush(k.c, 1);
		assert_int_equal(k.unit.partial, i == 2);
	}
	assert_string_equal(k.log, "1 flush | 2 flush");
	catcher_free(&k);
}

static void units_go_by_age(void **state)
{
	const struct lso_coalesce_options options = { .flows = 4, .max_age = 10 };
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 20);
	assert_true(lso_coalesce_due(k.c) == UINT64_MAX);
	assert_int_equal(lso_coalesce_expire(k.c, 1000), 0);
	one(&k, 1, 0, LSO_FRAME_VERIFY, 0);
	assert_int_equal(lso_coalesce_due(k.c), 1010);
	assert_int_equal(lso_coalesce_expire(k.c, 1005), 0);
	one(&k, 2, 0, LSO_FRAME_VERIFY, 0);
	one(&k, 1, 1, LSO_FRAME_VERIFY, 0);
	/* time that goes backwards stands still */
	assert_int_equal(lso_coalesce_expire(k.c, 3), 0);
	one(&k, 3, 0, LSO_FRAME_VERIFY, 0);
	assert_int_equal(lso_coalesce_expire(k.c, 1009), 0);
	assert_int_equal(lso_coalesce_expire(k.c, 1010), 1);
	assert_string_equal(k.log, "2 age");
	assert_int_equal(k.unit.begun, 1000);
	assert_int_equal(lso_coalesce_due(k.c), 1015);
	assert_int_equal(lso_coalesce_expire(k.c, UINT64_MAX), 2);
	assert_int_equal(lso_coalesce_held(k.c), 0);
	one(&k, 3, 0, LSO_FRAME_VERIFY, 0);
	assert_true(lso_coalesce_due(k.c) == UINT64_MAX);
	assert_int_equal(lso_coalesce_expire(k.c, 0), 1);
	catcher_free(&k);
}

/* With two places there are four buckets; of 40 ports many share one. */
static void flows_that_share_a_bucket_are_two(void **state)
{
	const struct lso_coalesce_options options = { .flows = 2 };

	(void)state;
	for (uint16_t port = 2; port < 42; port++) {
		struct catcher k;

		catcher_make(&k, &options, 20);
		one(&k, 1, 0, LSO_FRAME_TRUSTED, 0);
		one(&k, port, 1, LSO_FRAME_TRUSTED, 0);
		lso_coalesce_flush(k.c, 2);
		assert_string_equal(k.log, "1 flush | 1 flush");
		catcher_free(&k);
	}
}

/* With hash_seed 0 these ports' hashes are the same 32 bits. */
static void flows_that_share_a_hash_are_two(void **state)
{
	static const uint8_t ports[2][2][4] = {
		{ { 0x92, 0x19, 0xcf, 0x11 }, { 0xd2, 0x76, 0x6c, 0x1c } },
		{ { 0x2f, 0x20, 0x46, 0xf6 }, { 0x98, 0x5c, 0xfc, 0xf6 } },
	};
	const struct lso_coalesce_options options = { .flows = 2 };
	static uint8_t frame[SEG_MAX];

	(void)state;
	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		struct catcher k;

		catcher_make(&k, &options, 20);
		for (uint16_t i = 0; i < 2; i++) {
			struct seg s = seg_usual(ipv6 ? 6 : 4, false);
			size_t length;

			s.sequence += 100u * i;
			s.id += i;
			length = seg_make(&s, frame);
			memcpy(frame + (ipv6 ? 54 : 34), ports[ipv6][i], 4);
			catcher_frame(&k, frame, length, 0, LSO_FRAME_TRUSTED);
		}
		lso_coalesce_flush(k.c, 2);
		assert_string_equal(k.log, "1 flush | 1 flush");
		catcher_free(&k);
	}
}

static void the_oldest_go_first(void **state)
{
	const struct lso_coalesce_options options = { .flows = 3 };
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 20);
	for (uint16_t port = 1; port <= 3; port++)
		one(&k, port, 0, LSO_FRAME_VERIFY, 0);
	one(&k, 1, 1, LSO_FRAME_VERIFY, 0); /* it is no younger for that */
	one(&k, 4, 0, LSO_FRAME_VERIFY, 0);
	assert_string_equal(k.log, "2 place");
	assert_int_equal(lso_coalesce_held(k.c), 3);
	assert_int_equal(lso_coalesce_flush(k.c, 1), 1);
	assert_int_equal(k.packet[35], 2);
	assert_int_equal(lso_coalesce_flush(k.c, 5), 2);
	assert_int_equal(k.packet[35], 4);
	assert_int_equal(lso_coalesce_flush(k.c, 5), 0);
	catcher_free(&k);
}

static void as_many_frames_as_are_allowed(void **state)
{
	struct lso_coalesce_options options = { .flows = 3, .max_frames = 2 };
	struct catcher k;

	(void)state;
	for (options.copy = false;; options.copy = true) {
		options.max_frames = 2;
		catcher_make(&k, &options, 20);
		for (int i = 0; i < 5; i++)
			one(&k, 1, i, LSO_FRAME_VERIFY, 0);
		assert_string_equal(k.log, "2 frames | 2 frames");
		lso_coalesce_flush(k.c, 1);
		catcher_free(&k);

		options.max_frames = 1;
		catcher_make(&k, &options, 20);
		one(&k, 1, 0, LSO_FRAME_VERIFY, 0);
		assert_string_equal(k.log, "1 frames");
		catcher_free(&k);

		options.max_frames = 5; /* the third and fourth are as foretold */
		catcher_make(&k, &options, 20);
		for (int i = 0; i < 5; i++)
			one(&k, 1, i, LSO_FRAME_VERIFY, 0);
		assert_string_equal(k.log, "5 frames");
		for (int i = 5; i < 10; i++)
			one(&k, 1, i, LSO_FRAME_VERIFY, 0);
		assert_string_equal(k.log, "5 frames | 5 frames");
		catcher_free(&k);
		if (options.copy)
			break;
	}
}

static void pieces_take_places(void **state)
{
	const struct lso_coalesce_options options = { .flows = 3, .max_frames = 3 };
	static uint8_t frame[SEG_MAX];
	struct seg s = seg_usual(4, false);
	struct iovec iov[5];
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 20);
	for (int i = 0; i < 3; i++) { /* two pieces of payload each */
		catcher_frame(&k, frame, seg_make(&s, frame), 100, LSO_FRAME_VERIFY);
		s.sequence += 100;
		s.id++;
	}
	assert_string_equal(k.log, "1 frames | 1 frames");
	s.sequence -= 100;
	s.id--;
	seg_make(&s, frame);
	for (int i = 0; i < 5; i++)
		iov[i] = (struct iovec){ frame + (i ? 58 + i : 0), i ? 1 : 59 };
	iov[4].iov_len = 154 - 62;
	lso_coalesce_frame(k.c, iov, 5, LSO_FRAME_VERIFY, (void *)3);
	assert_int_equal(k.unit.end, LSO_END_PIECES);
	catcher_free(&k);
}

static void a_unit_is_no_longer_than_allowed(void **state)
{
	const struct lso_coalesce_options options = { .flows = 3, .max_length = 240 };
	static uint8_t frame[SEG_MAX];
	struct seg s = seg_usual(4, false);
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 20);
	for (int i = 0; i < 3; i++)
		one(&k, 1, i, LSO_FRAME_VERIFY, 0);
	assert_string_equal(k.log, "2 length");
	s.port = 2;
	s.payload = 201;
	catcher_frame(&k, frame, seg_make(&s, frame), 0, LSO_FRAME_VERIFY);
	assert_int_equal(k.unit.end, LSO_END_TOO_LONG);
	lso_coalesce_flush(k.c, 1);
	catcher_free(&k);
}

static void only_what_is_asked_for(void **state)
{
	const struct rule two = { "two", none, 2, NULL, NULL };

	(void)state;
	for (uint32_t protocol = 1; protocol <= 8; protocol *= 2)
		for (uint32_t asked = 0; asked < 16; asked++) {
			const struct lso_coalesce_options options = { .flows = 3,
								      .protocols = asked };
			bool joins = (asked ? asked : 3) & protocol;
			struct catcher k;

			catcher_make(&k, &options, 20);
			rule_run(&k, &two, protocol & 5 ? 4 : 6, protocol > 2, 0, LSO_FRAME_VERIFY);
			assert_string_equal(k.log, joins ? "2 flush" : "1 protocol | 1 protocol");
			catcher_free(&k);
		}
}

/* A checksum of 0 may be written as FFFF, which liblso does not: it would not be restored. */
static void other_forms_of_zero_stay_alone(void **state)
{
	const struct lso_coalesce_options options = { .flows = 3, .protocols = ALL };
	static uint8_t frame[SEG_MAX];
	struct catcher k;

	(void)state;
	catcher_make(&k, &options, 20);
	for (int ip = 0; ip < 2; ip++) {
		struct seg s = seg_usual(4, false);
		uint8_t *field = frame + (ip ? 24 : 50);
		uint16_t sum;
		size_t n;

		n = seg_make(&s, frame);
		sum = (uint16_t)(field[0] << 8 | field[1]); /* by so much is it off 0 */
		if (ip)
			s.id = (uint16_t)(s.id + sum);
		else
			s.window = (uint16_t)(s.window + sum);
		n = seg_make(&s, frame);
		assert_memory_equal(field, "\0\0", 2);
		memset(field, 0xff, 2);
		assert_int_equal(lso_verify(frame, n).l4, LSO_SUM_GOOD);
		assert_int_equal(lso_verify(frame, n).ipv4, LSO_SUM_GOOD);
		catcher_frame(&k, frame, n, 0, LSO_FRAME_VERIFY);
		assert_int_equal(k.unit.end, LSO_END_SUM_FORM);
		catcher_frame(&k, frame, n, 0, LSO_FRAME_TRUSTED);
		assert_int_equal(k.unit.end, LSO_END_SUM_FORM);
	}
	assert_int_equal(k.units, 4);
	catcher_free(&k);
}

static void impossible_options_are_refused(void **state)
{
	struct lso_coalesce_options good = { .size = sizeof(good), .flows = 2 };
	struct lso_coalesce_options bad[9];
	struct lso_coalescer *c;
	uint8_t *memory;
	size_t size;

	(void)state;
	good.emit = (void (*)(void *, const struct lso_unit *))(uintptr_t)1;
	for (int i = 0; i < 9; i++)
		bad[i] = good;
	bad[0].size--;
	bad[1].emit = NULL;
	bad[2].flows = 0;
	bad[3].flows = 65537;
	bad[4].max_frames = 65536;
	bad[5].max_length = 65536;
	bad[6].protocols = 16;
	bad[7].updates = true; /* of RSC only */
	bad[8].rules = (enum lso_rules)2;
	size = lso_coalesce_size(&good);
	memory = aligned_alloc(64, size + 64);
	assert_non_null(memory);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(lso_coalesce_size(&bad[i]), 0);
		assert_int_equal(lso_coalesce_begin(&c, memory, size, &bad[i]), LSO_BAD_OPTIONS);
	}
	good.rules = LSO_RULES_RSC;
	good.duplicate_acks = true;
	assert_int_equal(lso_coalesce_size(&good), 0);
	good.updates = true;
	assert_int_equal(lso_coalesce_begin(&c, memory, size, &good), LSO_OK);
	assert_int_equal(lso_coalesce_begin(&c, memory, size - 1, &good), LSO_BAD_MEMORY);
	assert_int_equal(lso_coalesce_begin(&c, memory + 8, size, &good), LSO_BAD_MEMORY);
	assert_int_equal(lso_coalesce_begin(&c, NULL, size, &good), LSO_BAD_MEMORY);
	free(memory);
}

static void every_end_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < LSO_ENDS; i++) {
		assert_true(strlen(lso_end_reason((enum lso_end)i)) > 3);
		for (int j = 0; j < i; j++) {
			assert_string_not_equal(lso_end_name((enum lso_end)i),
						lso_end_name((enum lso_end)j));
			assert_string_not_equal(lso_end_reason((enum lso_end)i),
						lso_end_reason((enum lso_end)j));
		}
	}
	assert_string_equal(lso_end_name(LSO_ENDS), "unknown");
	assert_string_equal(lso_end_reason(LSO_ENDS), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_only_looks_like_the_next_frame_does_not_join),
		cmocka_unit_test(a_datagram_is_no_segment),
		cmocka_unit_test(an_ndis_senders_ids_count_on_when_asked),
		cmocka_unit_test(ids_go_on_as_they_began),
		cmocka_unit_test(flows_that_share_a_bucket_are_two),
		cmocka_unit_test(flows_that_share_a_hash_are_two),
		cmocka_unit_test(timestamps_can_be_left_alone),
		cmocka_unit_test(what_is_known_of_checksums_is_believed),
		cmocka_unit_test(seeds_count_as_good),
		cmocka_unit_test(one_frame_is_no_seed),
		cmocka_unit_test(a_scattered_frame_foretells_its_timestamp),
		cmocka_unit_test(units_go_by_age),
		cmocka_unit_test(the_oldest_go_first),
		cmocka_unit_test(as_many_frames_as_are_allowed),
		cmocka_unit_test(pieces_take_places),
		cmocka_unit_test(a_unit_is_no_longer_than_allowed),
		cmocka_unit_test(only_what_is_asked_for),
		cmocka_unit_test(other_forms_of_zero_stay_alone),
		cmocka_unit_test(impossible_options_are_refused),
		cmocka_unit_test(every_end_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
