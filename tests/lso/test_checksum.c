/* SPDX-License-Identifier: MIT */
/*
 * The checksum services against byte-by-byte sums. Run once for each code path, chosen by
 * NETCX_LSO_PATH: these calls name none.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "frames.h"
#include "guard.h"
#include "paths.h"
#include "reference.h"

/* Skip when the machine lacks the path that the test is run for. */
static void require_path(void **state)
{
	const char *wanted = getenv("NETCX_LSO_PATH");

	(void)state;
	if (wanted && strcmp(wanted, lso_path_name(lso_path_find(LSO_PATH_AUTO))))
		skip();
}

/* RFC 1071 3: the worked example, 00 01 f2 03 f4 f5 f6 f7 sums to ddf2. */
static void example_of_rfc_1071(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	require_path(state);
	assert_int_equal(ntohs(lso_checksum(bytes, 8, 0)), 0xddf2);
	assert_int_equal(ntohs(lso_checksum(bytes + 4, 4, lso_checksum(bytes, 4, 0))), 0xddf2);
	assert_int_equal(lso_checksum(bytes, 0, 0), 0);
	assert_int_equal(ntohs(lso_checksum(bytes + 2, 1, 0)), 0xf200);
}

/* Every length and alignment around the vectors' sizes, the bytes ending at a guard page. */
static void sums_of_every_length(void **state)
{
	struct guard from = guard_make(4096);
	struct guard to = guard_make(8192);
	struct random r = { 3 };

	require_path(state);
	for (size_t length = 0; length <= 1200; length++) {
		uint8_t *bytes = guard_end(&from, length);
		uint8_t *copy = guard_end(&to, length + length % 67);
		int kind = (int)(length % 3);
		uint32_t sum;

		for (size_t i = 0; i < length; i++)
			bytes[i] = kind == 0 ? 0xff : (uint8_t)random_next(&r);
		sum = reference_sum(bytes, length, 0x1234);
		assert_int_equal(ntohs(lso_checksum(bytes, length, htons(0x1234))), sum);
		assert_int_equal(ntohs(lso_copy_checksum(copy, bytes, length, htons(0x1234))), sum);
		assert_memory_equal(copy, bytes, length);
		copy = guard_start(&to) + length % 64;
		memset(copy, 0, length + 1);
		assert_int_equal(ntohs(lso_copy_checksum(copy, bytes, length, htons(0x1234))), sum);
		assert_memory_equal(copy, bytes, length);
		assert_int_equal(copy[length], 0);
	}
	guard_free(&from);
	guard_free(&to);
}

/* Counters in vector lanes must not overflow: much data, all ones. */
static void sums_of_much_data(void **state)
{
	static const uint8_t values[] = { 0xff, 0xfe, 0x80, 0x7f, 0x01, 0x00 };
	size_t length = 9000001;
	uint8_t *bytes = test_malloc(length);
	uint8_t *copy = test_malloc(length);

	require_path(state);
	for (size_t i = 0; i < sizeof(values); i++) {
		memset(bytes, values[i], length);
		assert_int_equal(ntohs(lso_checksum(bytes, length, 0)),
				 reference_sum(bytes, length, 0));
		assert_int_equal(ntohs(lso_copy_checksum(copy, bytes, length, 0)),
				 reference_sum(bytes, length, 0));
		assert_memory_equal(copy, bytes, length);
	}
	test_free(bytes);
	test_free(copy);
}

/* A sum of exactly 2^33 - 1: folding it to 32 bits makes a carry that must not be lost. */
static void a_sum_that_folds_with_a_carry(void **state)
{
	const uint16_t one = 1;
	size_t words = 131075;
	uint8_t *bytes = test_malloc(2 * words);

	require_path(state);
	memset(bytes, 0xff, 2 * words);
	memcpy(bytes + 2 * words - 2, &one, 2);
	assert_int_equal(lso_checksum(bytes, 2 * words, 0), 1);
	assert_int_equal(ntohs(lso_checksum(bytes, 2 * words, 0)),
			 reference_sum(bytes, 2 * words, 0));
	test_free(bytes);
}

static void sums_of_scattered_data(void **state)
{
	uint8_t bytes[600];
	struct random r = { 5 };

	require_path(state);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)random_next(&r);
	for (int round = 0; round < 20000; round++) {
		struct iovec iov[8];
		size_t offset = random_below(&r, 600);
		size_t length = random_below(&r, (uint32_t)(600 - offset) + 1);
		size_t at = 0;

		for (int i = 0; i < 8; i++) {
			size_t n = random_below(&r, 100);

			if (i == 7 || n > 600 - at)
				n = 600 - at;
			iov[i].iov_base = bytes + at;
			iov[i].iov_len = n;
			at += n;
		}
		assert_int_equal(ntohs(lso_checksum_iov(iov, 8, offset, length, htons(7))),
				 reference_sum(bytes + offset, length, 7));
	}
	/* past the end there is nothing to sum */
	struct iovec one = { bytes, 10 };
	assert_int_equal(ntohs(lso_checksum_iov(&one, 1, 4, 100, 0)),
			 reference_sum(bytes + 4, 6, 0));
	assert_int_equal(lso_checksum_iov(&one, 1, 11, 100, 0), 0);
	assert_int_equal(lso_checksum_iov(NULL, 0, 0, 100, 0), 0);
}

/* Both conventions for the seed, and back. */
static void seeds_convert(void **state)
{
	static const struct packet_limits limits = { .max_payload = 2000, .max_segments = 100 };
	static uint8_t bytes[PACKET_MAX];
	struct packet p = { .bytes = bytes };
	struct random r = { 11 };

	require_path(state);
	for (int i = 0; i < 5000; i++) {
		struct iovec iov = { bytes, 0 };
		struct lso_layout layout;
		uint16_t linux_seed;
		uint16_t ndis_seed;
		uint32_t length;
		uint32_t sum;

		packet_make(&p, &r, &limits);
		iov.iov_len = p.length;
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		length = random_one_in(&r, 4) ? random_below(&r, 500001)
					      : (uint32_t)(p.length - p.l4);
		sum = reference_sum(bytes + p.destination, p.ip_version == 4 ? 4 : 16, 0);
		if (p.ip_version == 4)
			sum = reference_sum(bytes + p.l3 + 12, 4, sum);
		else
			sum = reference_sum(bytes + p.l3 + 8, 16, sum);
		sum = reference_sum((const uint8_t[]){ 0, p.tcp ? 6 : 17 }, 2, sum);
		ndis_seed = lso_pseudo_sum(bytes, &layout, 0);
		assert_int_equal(ntohs(ndis_seed), sum);
		linux_seed = lso_pseudo_sum(bytes, &layout, length);
		assert_int_equal(lso_seed_with_length(ndis_seed, length), linux_seed);
		assert_int_equal(lso_seed_without_length(linux_seed, length), ndis_seed);
		lso_set_seed(bytes, &layout, length);
		assert_memory_equal(bytes + p.l4 + (p.tcp ? 16 : 6), &linux_seed, 2);
	}
}

/* A seed in the field and the rest of the frame give the checksum, as a device finishes it. */
static void partial_checksums_are_filled(void **state)
{
	static const struct packet_limits limits = { .max_payload = 2000, .max_segments = 1 };
	static uint8_t bytes[PACKET_MAX];
	static uint8_t expected[PACKET_MAX];
	struct packet p = { .bytes = bytes };
	struct random r = { 12 };

	require_path(state);
	for (int i = 0; i < 5000; i++) {
		struct lso_layout layout;
		struct iovec iov[3];
		size_t split;

		packet_make(&p, &r, &limits);
		p.udp_zero_checksum = false;
		p.mss = 60000;
		if (p.snap)
			continue;
		reference_segment(&p, 0, expected);
		iov[0] = (struct iovec){ bytes, p.length };
		assert_int_equal(lso_parse(iov, 1, &layout), LSO_OK);
		lso_set_seed(bytes, &layout, (uint32_t)(p.length - p.l4));
		if (!p.tcp) /* the seed is over the header as it goes out */
			memcpy(bytes + p.l4 + 4, expected + p.l4 + 4, 2);
		split = p.l4 + random_below(&r, 21);
		split = split > p.length ? p.length : split;
		iov[0] = (struct iovec){ bytes, split };
		iov[1] = (struct iovec){ NULL, 0 };
		iov[2] = (struct iovec){ bytes + split, p.length - split };
		assert_true(lso_fill_partial(iov, 3, p.l4, p.tcp ? 16 : 6));
		if (p.tcp && !expected[p.l4 + 16] && !expected[p.l4 + 17])
			memset(expected + p.l4 + 16, 0xff, 2);
		assert_memory_equal(bytes + p.l4, expected + p.l4, p.length - p.l4);

		assert_false(lso_fill_partial(iov, 3, p.length, 0));
		assert_false(lso_fill_partial(iov, 3, p.length - 1, 0));
		assert_false(lso_fill_partial(iov, 3, p.length - 2, 1));
		assert_false(lso_fill_partial(iov, 3, p.l4, SIZE_MAX));
		assert_false(lso_fill_partial(iov, 3, SIZE_MAX, 2));
	}
}

/* lso_fill_checksums() makes what lso_verify() calls good, and any changed byte is seen. */
static void filled_frames_verify(void **state)
{
	static const struct packet_limits limits = { .max_payload = 1400, .max_segments = 1 };
	static uint8_t bytes[PACKET_MAX];
	static uint8_t expected[PACKET_MAX];
	struct packet p = { .bytes = bytes };
	struct random r = { 13 };

	require_path(state);
	for (int i = 0; i < 5000; i++) {
		struct iovec iov = { expected, 0 };
		struct lso_verdicts verdicts;
		struct lso_layout layout;
		size_t at;

		packet_make(&p, &r, &limits);
		p.udp_zero_checksum = false;
		p.mss = 60000;
		iov.iov_len = reference_segment(&p, 0, expected);
		verdicts = lso_verify(expected, iov.iov_len);
		assert_int_equal(verdicts.ipv4, p.ip_version == 4 ? LSO_SUM_GOOD : LSO_SUM_ABSENT);
		assert_int_equal(verdicts.l4, LSO_SUM_GOOD);

		/* the same frame from a sender that left the checksums to us */
		memcpy(bytes, expected, iov.iov_len);
		if (p.ip_version == 4)
			memset(bytes + p.l3 + 10, (int)random_below(&r, 256), 2);
		memset(bytes + p.l4 + (p.tcp ? 16 : 6), (int)random_below(&r, 256), 2);
		iov.iov_base = bytes;
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		lso_fill_checksums(bytes, iov.iov_len, &layout, true, true);
		assert_memory_equal(bytes, expected, iov.iov_len);

		/* Ethernet padding is not summed; bytes that the IP length counts must be there. */
		memset(bytes + iov.iov_len, 0xa5, 30);
		verdicts = lso_verify(bytes, iov.iov_len + 30);
		assert_int_equal(verdicts.l4, LSO_SUM_GOOD);
		verdicts = lso_verify(bytes, iov.iov_len - 1);
		assert_int_equal(verdicts.l4, LSO_SUM_BAD);

		at = p.payload + random_below(&r, (uint32_t)(iov.iov_len - p.payload));
		bytes[at] ^= (uint8_t)(1u << random_below(&r, 8));
		verdicts = lso_verify(bytes, iov.iov_len);
		assert_int_equal(verdicts.l4, LSO_SUM_BAD);
		assert_int_equal(verdicts.ipv4, p.ip_version == 4 ? LSO_SUM_GOOD : LSO_SUM_ABSENT);
		if (p.ip_version == 4) {
			bytes[p.l3 + 1] ^= 0x10;
			verdicts = lso_verify(bytes, iov.iov_len);
			assert_int_equal(verdicts.ipv4, LSO_SUM_BAD);
		}
	}
}

/* A checksum that comes to 0 stays 0 for TCP; for UDP it goes out as 0xFFFF (RFC 768). */
static void checksums_that_come_to_zero(void **state)
{
	require_path(state);
	for (int tcp = 0; tcp < 2; tcp++) {
		struct lso_layout layout;
		struct iovec iov;
		struct frame f;
		uint8_t *field;

		frame_mac(&f, 0x0800);
		frame_ipv4(&f, tcp ? 6 : 17, 0);
		if (tcp)
			frame_tcp(&f);
		else
			frame_udp(&f);
		frame_payload(&f, 20);
		iov = (struct iovec){ f.bytes, f.length };
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		field = f.bytes + layout.l4_offset + (tcp ? 16 : 6);

		/* put the checksum itself into the payload, where 0 was: then there is nothing left
		 */
		memset(f.bytes + f.length - 2, 0, 2);
		lso_fill_checksums(f.bytes, f.length, &layout, true, true);
		memcpy(f.bytes + f.length - 2, field, 2);
		lso_fill_checksums(f.bytes, f.length, &layout, true, true);
		assert_int_equal(field[0] << 8 | field[1], tcp ? 0 : 0xffff);

		lso_set_seed(f.bytes, &layout, (uint32_t)(f.length - layout.l4_offset));
		assert_true(lso_fill_partial(&iov, 1, layout.l4_offset, tcp ? 16 : 6));
		assert_int_equal(field[0] << 8 | field[1], 0xffff);
	}
}

static void verdicts_on_odd_frames(void **state)
{
	struct lso_verdicts verdicts;
	struct frame f;

	require_path(state);
	frame_mac(&f, 0x0806);
	frame_payload(&f, 46);
	verdicts = lso_verify(f.bytes, f.length);
	assert_int_equal(verdicts.ipv4, LSO_SUM_ABSENT);
	assert_int_equal(verdicts.l4, LSO_SUM_ABSENT);
	verdicts = lso_verify(f.bytes, 0);
	assert_int_equal(verdicts.ipv4, LSO_SUM_ABSENT);

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 17, 0);
	frame_udp(&f);
	frame_payload(&f, 4);
	verdicts = lso_verify(f.bytes, f.length);
	assert_int_equal(verdicts.ipv4, LSO_SUM_BAD);
	assert_int_equal(verdicts.l4, LSO_SUM_ABSENT); /* 0: the sender did not sum */

	frame_mac(&f, 0x86dd); /* payload length 0 with UDP length 0: RFC 2675 */
	frame_ipv6(&f, 17);
	frame_udp(&f);
	frame_payload(&f, 9);
	f.bytes[60] = 0x12;
	verdicts = lso_verify(f.bytes, f.length);
	assert_int_equal(verdicts.l4, LSO_SUM_BAD);
	f.bytes[60] = 0;
	f.bytes[61] = 0;
	struct iovec iov = { f.bytes, f.length };
	struct lso_layout layout;
	assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
	lso_fill_checksums(f.bytes, f.length, &layout, true, true);
	verdicts = lso_verify(f.bytes, f.length);
	assert_int_equal(verdicts.l4, LSO_SUM_GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_rfc_1071),
		cmocka_unit_test(sums_of_every_length),
		cmocka_unit_test(sums_of_much_data),
		cmocka_unit_test(a_sum_that_folds_with_a_carry),
		cmocka_unit_test(sums_of_scattered_data),
		cmocka_unit_test(checksums_that_come_to_zero),
		cmocka_unit_test(seeds_convert),
		cmocka_unit_test(partial_checksums_are_filled),
		cmocka_unit_test(filled_frames_verify),
		cmocka_unit_test(verdicts_on_odd_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
