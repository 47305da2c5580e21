/* SPDX-License-Identifier: MIT */
/*
 * Noise, truncation and lies: nothing is read or written outside the buffers, what is refused has a
 * reason, and what is accepted is cut to its last byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"
#include "packet.h"
#include "paths.h"

#define NOISE_MAX 70000

static uint32_t rounds = 20000;

struct fixture {
	struct guard in;
	struct guard out;
	uint8_t *made;
};

static int set_up(void **state)
{
	struct fixture *b = test_calloc(1, sizeof(*b));

	b->in = guard_make(PACKET_MAX);
	b->out = guard_make(NOISE_MAX + 4096);
	b->made = test_malloc(PACKET_MAX);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *b = *state;

	guard_free(&b->in);
	guard_free(&b->out);
	test_free(b->made);
	test_free(b);
	return 0;
}

/* Cut what can be cut; the payload must come out whole and in order. */
static void use(struct fixture *b, const struct iovec *iov, int count, size_t length,
		struct random *r)
{
	struct lso_options options = { .mss = random_between(r, 1, 9000) };
	struct lso_layout layout;
	struct lso_segmenter s;
	enum lso_status status, begun;
	uint8_t *whole = guard_end(&b->in, length);
	size_t at, headers;

	options.ip_id = (enum lso_ip_id)random_below(r, 3);
	options.udp_zero_checksum = random_one_in(r, 2);
	options.accurate_ecn = random_one_in(r, 2);
	if (random_one_in(r, 3))
		options.mss = random_below(r, 2) ? (uint32_t)random_next(r) : 0;
	status = lso_parse(iov, count, &layout);
	assert_true(layout.l3_offset <= length && layout.l4_offset <= length);
	assert_true(layout.payload_offset <= length);
	begun = lso_begin(&s, iov, count, &options);
	lso_verify_iov(iov, count);
	if (status != LSO_JUMBOGRAM)
		assert_true(begun == status || status == LSO_OK);
	if (begun)
		return;

	at = layout.payload_offset;
	headers = lso_header_size(&s);
	assert_int_equal(headers, at - (status == LSO_JUMBOGRAM ? LSO_JUMBO_HEADER : 0));
	assert_true(lso_segments(&s) > 0);
	for (;;) {
		uint8_t *frame = guard_end(&b->out, lso_frame_size(&s));
		size_t n = lso_next(&s, frame);
		struct lso_verdicts verdicts;

		if (n == 0)
			break;
		assert_true(n <= lso_frame_size(&s) && n > headers);
		n -= headers;
		assert_true(at + n <= length);
		assert_memory_equal(frame + headers, whole + at, n);
		at += n;
		verdicts = lso_verify(frame, n + headers);
		assert_int_not_equal(verdicts.ipv4, LSO_SUM_BAD);
		assert_int_not_equal(verdicts.l4, LSO_SUM_BAD);
	}
	assert_int_equal(at, length);
}

static void noise(void **state)
{
	struct fixture *b = *state;
	struct random r = { 21 };

	for (uint32_t i = 0; i < rounds; i++) {
		size_t length = random_below(&r, i % 16 ? 200 : NOISE_MAX + 1);
		uint8_t *bytes = guard_end(&b->in, length);
		struct iovec iov = { bytes, length };

		for (size_t k = 0; k < length; k++)
			bytes[k] = (uint8_t)random_next(&r);
		if (length > 20 && random_one_in(&r, 2)) {
			/* far enough in to be interesting */
			bytes[12] = random_one_in(&r, 2) ? 0x08 : 0x86;
			bytes[13] = bytes[12] == 0x08 ? 0 : 0xdd;
			bytes[14] = bytes[12] == 0x08 ? 0x45 : 0x60;
			bytes[20] = bytes[12] == 0x08 ? 0 : (uint8_t)random_below(&r, 61);
		}
		use(b, &iov, 1, length, &r);
	}
}

static void truncated_and_altered(void **state)
{
	static const struct packet_limits limits = { .max_payload = 20000,
						     .max_segments = 400,
						     .jumbo = true };
	struct fixture *b = *state;
	struct packet p = { .bytes = b->made };
	struct random r = { 22 };

	for (uint32_t i = 0; i < rounds; i++) {
		struct iovec iov[3];
		uint8_t *bytes;
		size_t length;
		size_t split;

		packet_make(&p, &r, &limits);
		length = random_one_in(&r, 2) ? random_below(&r, (uint32_t)p.payload + 20)
					      : p.length;
		length = length > p.length ? p.length : length;
		for (uint32_t k = random_below(&r, 4); k > 0; k--)
			b->made[random_below(&r, (uint32_t)p.payload)] = (uint8_t)random_next(&r);
		bytes = guard_end(&b->in, length);
		memcpy(bytes, b->made, length);
		split = random_below(&r, (uint32_t)length + 1);
		iov[0] = (struct iovec){ bytes, split };
		iov[1] = (struct iovec){ NULL, 0 };
		iov[2] = (struct iovec){ bytes + split, length - split };
		use(b, iov, 3, length, &r);
	}
}

/* Fragments that add up to more than any memory are refused, not added up wrongly. */
static void lengths_that_overflow(void **state)
{
	static const struct packet_limits limits = { .max_payload = 2000,
						     .max_segments = 400,
						     .jumbo = true };
	struct fixture *b = *state;
	struct packet p = { .bytes = b->made };
	struct random r = { 23 };
	struct lso_segmenter s;
	struct iovec iov[3];

	packet_make(&p, &r, &limits);
	iov[0] = (struct iovec){ b->made, p.length };
	iov[1] = (struct iovec){ b->made, SIZE_MAX - 10 };
	iov[2] = (struct iovec){ b->made, SIZE_MAX - 10 };
	assert_int_equal(lso_begin(&s, iov, 3, &(struct lso_options){ .mss = 100 }), LSO_TOO_LONG);
}

/* Some fields of a layout that was true, or of none, are anything. */
static void lie(struct lso_layout *layout, struct random *r)
{
	uint8_t *bytes = (uint8_t *)layout;

	if (random_one_in(r, 8))
		memset(layout, 0, sizeof(*layout));
	for (uint32_t i = random_below(r, 4); i > 0; i--) {
		uint32_t at = random_below(r, sizeof(*layout));

		if (at == offsetof(struct lso_layout, ip_options) ||
		    at == offsetof(struct lso_layout, ip_fragment))
			continue; /* a bool is 0 or 1 */
		bytes[at] = random_one_in(r, 2)
				    ? (uint8_t)random_next(r)
				    : (uint8_t)(bytes[at] + 4 * random_below(r, 7) - 12);
	}
	layout->ip_options = random_one_in(r, 2);
	layout->ip_fragment = random_one_in(r, 8);
}

/* What a layout that lies makes of a packet: every byte of it, and no other, from there on. */
static void use_as(struct fixture *b, const struct iovec *iov, int count, size_t length,
		   const struct lso_layout *layout, struct random *r)
{
	struct lso_options options = { .mss = random_between(r, 1, 9000), .layout = layout };
	struct lso_segmenter copies, references;
	const uint8_t *whole = guard_end(&b->in, length);
	size_t at = layout->payload_offset, headers = at;
	enum lso_status status;

	options.ip_id = (enum lso_ip_id)random_below(r, 3);
	options.udp_zero_checksum = random_one_in(r, 2);
	status = lso_begin(&copies, iov, count, &options);
	assert_int_equal(lso_begin(&references, iov, count, &options), status);
	assert_true(status == LSO_OK || status == LSO_BAD_LAYOUT || status == LSO_TRUNCATED ||
		    status == LSO_NO_PAYLOAD || status == LSO_TOO_LONG);
	if (status)
		return;
	assert_true(headers >= 42 && headers <= LSO_MAX_HEADERS && headers < length);
	assert_int_equal(lso_header_size(&copies), headers);
	for (;;) {
		uint8_t *frame = guard_end(&b->out, lso_frame_size(&copies));
		size_t n = lso_next(&copies, frame);
		struct iovec out[5];

		if (!n)
			break;
		assert_true(n > headers && n <= lso_frame_size(&copies));
		n -= headers;
		assert_true(at + n <= length);
		assert_memory_equal(frame + headers, whole + at, n);
		at += n;
		frame = guard_end(&b->out, headers);
		assert_true(lso_next_iov(&references, frame, out, 5) >= 2);
	}
	assert_int_equal(at, length);
}

static void layouts_that_lie(void **state)
{
	static const struct packet_limits limits = { .max_payload = 20000,
						     .max_segments = 400,
						     .jumbo = true };
	struct fixture *b = *state;
	struct packet p = { .bytes = b->made };
	struct random r = { 24 };

	for (uint32_t i = 0; i < rounds; i++) {
		struct lso_layout layout;
		struct iovec iov[3];
		uint8_t *bytes;
		size_t length, split;

		packet_make(&p, &r, &limits);
		iov[0] = (struct iovec){ b->made, p.length };
		lso_parse(iov, 1, &layout);
		lie(&layout, &r);
		length = random_one_in(&r, 2) ? random_below(&r, (uint32_t)p.payload + 20)
					      : p.length;
		length = length > p.length ? p.length : length;
		bytes = guard_end(&b->in, length);
		memcpy(bytes, b->made, length);
		split = random_one_in(&r, 2) ? length : random_below(&r, (uint32_t)length + 1);
		iov[0] = (struct iovec){ bytes, split };
		iov[1] = (struct iovec){ NULL, 0 };
		iov[2] = (struct iovec){ bytes + split, length - split };
		use_as(b, iov, 3, length, &layout, &r);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(noise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(truncated_and_altered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layouts_that_lie, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lengths_that_overflow, set_up, tear_down),
	};

	if (argc > 1)
		rounds = (uint32_t)strtoul(argv[1], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
