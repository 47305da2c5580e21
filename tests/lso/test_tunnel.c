/* SPDX-License-Identifier: MIT */
/*
 * Tunnelled super-packets: in random tunnels, up to three in one another, each segment is the inner
 * packet's as the reference cuts it, behind outer headers that are finished here byte by byte.
 *
 * Usage: test_tunnel [PACKETS [SEED]]
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
#include "tunnels.h"

#define BATCH     7
#define FRAME_MAX (65535 + 1024)

static uint32_t packets = 1200;
static uint64_t seed = 1;

static void set16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

struct fixture {
	struct packet p;
	struct tunnel t;
	uint8_t *whole; /* the tunnelled super-packet */
	size_t length;
	uint8_t *inner, *expected;
	struct guard out, headers;
	bool fixed;
};

/* expect_segment() - Return: its bytes in f->expected */
static size_t expect_segment(struct fixture *f, uint32_t i)
{
	size_t skipped = f->t.inner_frame ? 0 : f->p.l3;
	size_t n = reference_segment(&f->p, i, f->inner) - skipped;

	memcpy(f->expected, f->t.out, f->t.length);
	memcpy(f->expected + f->t.length, f->inner + skipped, n);
	n += f->t.length;
	for (size_t k = f->t.count; k-- > 0;)
		tunnel_finish(&f->t.layers[k], f->expected, n, i, f->fixed);
	return n;
}

static void compare(struct fixture *f, uint32_t i, const uint8_t *frame, size_t length)
{
	size_t n = expect_segment(f, i);

	for (size_t k = 0; k < n && k < length; k++) {
		if (frame[k] != f->expected[k])
			fail_msg("segment %u: byte %zu of %zu is %02x, must be %02x; %zu outer", i,
				 k, n, frame[k], f->expected[k], f->t.length);
	}
	assert_int_equal(length, n);
}

/* Scattered at two places, one among the headers. */
static int scatter(struct fixture *f, struct random *r, struct iovec iov[3])
{
	size_t first = random_below(r, (uint32_t)f->t.in_length + 60);
	size_t second;

	first = first < f->length ? first : f->length;
	second = first + random_below(r, (uint32_t)(f->length - first) + 1);

	iov[0] = (struct iovec){ f->whole, first };
	iov[1] = (struct iovec){ f->whole + first, second - first };
	iov[2] = (struct iovec){ f->whole + second, f->length - second };
	return 3;
}

static void check_parse(const struct fixture *f, const struct iovec *iov, int count,
			const struct lso_tunnel_options *options)
{
	size_t skipped = f->t.inner_frame ? 0 : f->p.l3;
	struct lso_tunnel tunnel;
	bool jumbo = f->t.jumbo || f->p.jumbo;

	assert_int_equal(lso_parse_tunnel(iov, count, options, &tunnel),
			 jumbo ? LSO_JUMBOGRAM : LSO_OK);
	assert_true(tunnel.depth >= f->t.levels);
	assert_int_equal(tunnel.inner.ip_version, f->p.ip_version);
	assert_int_equal(tunnel.inner.payload_offset, f->t.in_length + f->p.payload - skipped);
	assert_int_equal(tunnel.inner.l4_offset, f->t.in_length + f->p.l4 - skipped);
	assert_int_equal(tunnel.inner.l3_offset, f->t.in_length + f->p.l3 - skipped);
	assert_int_equal(tunnel.inner.l4_protocol, f->p.tcp ? 6 : 17);
	assert_int_equal(tunnel.inner.payload_offset - tunnel.jumbo_length,
			 f->t.length + f->p.header - skipped);
}

static void cut_by_references(struct fixture *f, struct lso_segmenter *s)
{
	uint8_t *header = guard_end(&f->headers, lso_header_size(s));
	uint8_t *frame = guard_start(&f->out);
	struct iovec iov[8];

	for (uint32_t i = 0; i < packet_segments(&f->p); i++) {
		int count = lso_next_iov(s, header, iov, 8);
		size_t n = 0;

		assert_true(count >= 2);
		for (int k = 0; k < count; k++) {
			memcpy(frame + n, iov[k].iov_base, iov[k].iov_len);
			n += iov[k].iov_len;
		}
		compare(f, i, frame, n);
	}
}

/* cut_in_batches() - several at a time, the one way and the other by turns */
static void cut_in_batches(struct fixture *f, struct random *r, struct lso_segmenter *s)
{
	size_t stride = lso_frame_size(s) + 5;
	uint8_t *slab = malloc(BATCH * stride), *joined = malloc(FRAME_MAX);
	struct iovec frames[BATCH], iov[BATCH * 4], *entry;
	uint16_t counts[BATCH];
	uint32_t i = 0, n;

	assert_true(slab && joined);
	while (lso_remaining(s)) {
		n = lso_next_slab(s, slab, stride, frames, random_between(r, 1, BATCH));
		for (uint32_t k = 0; k < n; k++)
			compare(f, i++, frames[k].iov_base, frames[k].iov_len);
		n = lso_next_iovs(s, slab, stride, iov, BATCH * 4, counts,
				  random_between(r, 1, BATCH));
		entry = iov;
		for (uint32_t k = 0; k < n; k++) {
			size_t length = 0;

			for (uint16_t part = 0; part < counts[k]; part++, entry++) {
				memcpy(joined + length, entry->iov_base, entry->iov_len);
				length += entry->iov_len;
			}
			compare(f, i++, joined, length);
		}
	}
	assert_int_equal(i, packet_segments(&f->p));
	free(slab);
	free(joined);
}

static void check_packet(struct fixture *f, struct random *r, enum lso_path path)
{
	const struct lso_options options = { .mss = f->p.mss,
					     .ip_id = (enum lso_ip_id)f->p.ip_id,
					     .udp_zero_checksum = f->p.udp_zero_checksum,
					     .path = path };
	const struct lso_tunnel_options tunnel = {
		.size = sizeof(tunnel),
		.ports = f->t.ports,
		.port_count = 1,
		.outer_ip_id = f->fixed ? LSO_IP_ID_FIXED : LSO_IP_ID_LINUX,
	};
	struct lso_segmenter s;
	struct iovec iov[3];
	int count = scatter(f, r, iov);

	check_parse(f, iov, count, &tunnel);
	assert_int_equal(lso_begin_tunnel(&s, iov, count, &options, &tunnel), LSO_OK);
	assert_int_equal(lso_segments(&s), packet_segments(&f->p));
	for (uint32_t i = 0; i < packet_segments(&f->p); i++) {
		uint8_t *frame = guard_end(&f->out, lso_frame_size(&s));

		compare(f, i, frame, lso_next(&s, frame));
	}
	assert_int_equal(lso_next(&s, guard_start(&f->out)), 0);
	assert_int_equal(lso_begin_tunnel(&s, iov, count, &options, &tunnel), LSO_OK);
	cut_by_references(f, &s);
	assert_int_equal(lso_begin_tunnel(&s, iov, count, &options, &tunnel), LSO_OK);
	cut_in_batches(f, r, &s);
}

/* Until all headers fit, and each segment. */
static void next_packet(struct fixture *f, struct random *r)
{
	static const struct packet_limits limits = { .max_payload = 150000,
						     .max_segments = 60,
						     .jumbo = true };
	size_t skipped;

	do {
		packet_make(&f->p, r, &limits);
		if (!f->p.tcp) /* to no port of a tunnel's */
			set16(f->p.bytes + f->p.l4 + 2, 53);
		tunnel_make(&f->t, r, f->p.ip_version);
		skipped = f->t.inner_frame ? 0 : f->p.l3;
	} while (f->t.in_length + f->p.payload - skipped > LSO_MAX_HEADERS || f->p.mss > 60000);
	memcpy(f->whole, f->t.in, f->t.in_length);
	memcpy(f->whole + f->t.in_length, f->p.bytes + skipped, f->p.length - skipped);
	f->length = f->t.in_length + f->p.length - skipped;
	f->fixed = random_one_in(r, 4);
}

static void segments_are_the_inner_ones_in_finished_outer_headers(void **state)
{
	struct random r = { seed };
	struct fixture f = { .out = guard_make(FRAME_MAX), .headers = guard_make(LSO_MAX_HEADERS) };

	(void)state;
	f.p.bytes = malloc(PACKET_MAX);
	f.whole = malloc(PACKET_MAX + TUNNEL_MAX);
	f.inner = malloc(FRAME_MAX);
	f.expected = malloc(FRAME_MAX);
	assert_true(f.p.bytes && f.whole && f.inner && f.expected);
	for (uint32_t i = 0; i < packets; i++) {
		next_packet(&f, &r);
		for_each_path(path) check_packet(&f, &r, path);
	}
	free(f.p.bytes);
	free(f.whole);
	free(f.inner);
	free(f.expected);
	guard_free(&f.out);
	guard_free(&f.headers);
}

static void a_plain_packet_is_cut_as_ever(void **state)
{
	static const struct packet_limits limits = { .max_payload = 20000, .max_segments = 40 };
	struct packet p = { .bytes = malloc(PACKET_MAX) };
	uint8_t *ours = malloc(FRAME_MAX), *theirs = malloc(FRAME_MAX);
	struct random r = { seed };

	(void)state;
	assert_true(p.bytes && ours && theirs);
	for (uint32_t i = 0; i < packets; i++) {
		struct lso_segmenter plain, tunnel;
		struct lso_options options = { 0 };
		struct lso_tunnel found;
		struct lso_layout layout;
		struct iovec iov;
		size_t n;

		packet_make(&p, &r, &limits);
		if (!p.tcp)
			set16(p.bytes + p.l4 + 2, 53);
		options.mss = p.mss;
		iov = (struct iovec){ p.bytes, p.length };
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_int_equal(lso_parse_tunnel(&iov, 1, NULL, &found), LSO_OK);
		assert_int_equal(found.depth, 0);
		assert_memory_equal(&found.inner, &layout, sizeof(layout));
		assert_memory_equal(&found.outer, &layout, sizeof(layout));
		assert_int_equal(found.link_length, layout.l3_offset);
		assert_int_equal(lso_begin(&plain, &iov, 1, &options),
				 lso_begin_tunnel(&tunnel, &iov, 1, &options, NULL));
		do {
			n = lso_next(&plain, ours);
			assert_int_equal(lso_next(&tunnel, theirs), n);
			assert_memory_equal(ours, theirs, n);
		} while (n);
	}
	free(p.bytes);
	free(ours);
	free(theirs);
}

/* outer() - IPv4 and UDP to @port, or a protocol other than UDP */
static void outer(struct frame *f, uint8_t protocol, unsigned int port)
{
	frame_mac(f, 0x0800);
	frame_ipv4(f, protocol, 0);
	if (protocol == 17)
		frame_bytes(f, 0xc0, 0, (uint8_t)(port >> 8), (uint8_t)port, 0, 0, 0, 0);
}

static void inner(struct frame *f)
{
	frame_ipv4(f, 6, 0);
	frame_tcp(f);
	frame_payload(f, 900);
}

static enum lso_status status_of(const struct frame *f, const struct lso_tunnel_options *options)
{
	struct iovec iov = { (void *)(uintptr_t)f->bytes, f->length };
	struct lso_segmenter s;
	struct lso_tunnel tunnel;
	enum lso_status status =
		lso_begin_tunnel(&s, &iov, 1, &(struct lso_options){ .mss = 400 }, options);

	assert_int_equal(lso_parse_tunnel(&iov, 1, options, &tunnel), status);
	return status;
}

#define expect_status(status, protocol, port, ...)             \
	do {                                                   \
		struct frame f;                                \
		outer(&f, protocol, port);                     \
		frame_bytes(&f, __VA_ARGS__);                  \
		inner(&f);                                     \
		assert_int_equal(status_of(&f, NULL), status); \
	} while (0)

static void what_numbers_its_packets_is_refused(void **state)
{
	(void)state;
	expect_status(LSO_OK, 47, 0, 0x20, 0, 8, 0, 0, 0, 0, 1);
	expect_status(LSO_TUNNEL_SEQUENCE, 47, 0, 0x10, 0, 8, 0, 0, 0, 0, 1);
	expect_status(LSO_TUNNEL_SEQUENCE, 47, 0, 0x30, 1, 0x88, 0x0b, 0, 9, 0, 1, 0, 0, 0, 1);
	expect_status(LSO_OK, 17, 2152, 0x30, 0xff, 0, 0, 0, 0, 0, 1);
	expect_status(LSO_TUNNEL_SEQUENCE, 17, 2152, 0x32, 0xff, 0, 0, 0, 0, 0, 1, 0, 7, 0, 0);
	expect_status(LSO_TUNNEL_SEQUENCE, 17, 2152, 0x34, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xc0, 1,
		      0, 1, 0);
	expect_status(LSO_TUNNEL_SEQUENCE, 137, 0, 0, 1, 1, 64, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0,
		      0, 0, 0, 2, 8, 0);
}

static void headers_of_unknown_kind_are_refused(void **state)
{
	(void)state;
	/* VXLAN: no VNI; a version; a checksum left to the receiver. Its GPE: OAM; no such protocol
	 */
	expect_status(LSO_BAD_TUNNEL, 17, 4789, 0, 0, 0, 0, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 4789, 0x28, 0, 0, 0, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 4789, 0x08, 0x20, 0, 0, 0, 0, 1, 0x99);
	expect_status(LSO_OK, 17, 4790, 0x0c, 0, 0, 1, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 4790, 0x0d, 0, 0, 1, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 4790, 0x0c, 0, 0, 9, 0, 0, 1, 0);
	/* Geneve: a version; a control packet. GTP-U: another message; GTP'; an extension of length
	 * 0 */
	expect_status(LSO_OK, 17, 6081, 0, 0, 8, 0, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 6081, 0x40, 0, 8, 0, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 6081, 0, 0x80, 8, 0, 0, 0, 1, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 2152, 0x30, 1, 0, 0, 0, 0, 0, 1);
	expect_status(LSO_BAD_TUNNEL, 17, 2152, 0x20, 0xff, 0, 0, 0, 0, 0, 1);
	expect_status(LSO_BAD_TUNNEL, 17, 2152, 0x34, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0,
		      9, 0);
	/* GUE: control; private flags; TCP without IP. GRE: routing; PPTP without a number; ARP in
	 * it */
	expect_status(LSO_OK, 17, 6080, 0, 4, 0, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 6080, 0x20, 4, 0, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 6080, 1, 4, 0, 1, 0, 0, 0, 0);
	expect_status(LSO_BAD_TUNNEL, 17, 6080, 0, 6, 0, 0);
	expect_status(LSO_BAD_TUNNEL, 47, 0, 0x40, 0, 8, 0, 0, 0, 0, 0);
	expect_status(LSO_BAD_TUNNEL, 47, 0, 0x20, 1, 0x88, 0x0b, 0, 9, 0, 1);
	expect_status(LSO_NOT_IP, 47, 0, 0, 0, 8, 6);
	expect_status(LSO_NOT_TCP_UDP, 50, 0, 0, 0, 0, 1, 0, 0, 0, 1);
}

static void the_caller_says_what_a_port_is(void **state)
{
	const struct lso_tunnel_port ports[] = { { 5000, LSO_TUNNEL_VXLAN },
						 { 4789, LSO_TUNNEL_NONE },
						 { 5555, LSO_TUNNEL_FOU },
						 { 5556, LSO_TUNNEL_PPPOE + 40 } };
	struct lso_tunnel_options options = { .size = sizeof(options),
					      .ports = ports,
					      .port_count = 4 };
	struct lso_tunnel tunnel;
	struct frame f;
	struct iovec iov = { f.bytes, 0 };

	(void)state;
	outer(&f, 17, 5555);
	inner(&f);
	iov.iov_len = f.length;
	assert_int_equal(lso_parse_tunnel(&iov, 1, NULL, &tunnel), LSO_OK);
	assert_int_equal(tunnel.depth, 0);
	assert_int_equal(lso_parse_tunnel(&iov, 1, &options, &tunnel), LSO_OK);
	assert_int_equal(tunnel.kind, LSO_TUNNEL_FOU);
	assert_int_equal(tunnel.inner.l4_protocol, 6);
	f.bytes[36] = 4789 >> 8;
	f.bytes[37] = 4789 & 0xff;
	assert_int_equal(lso_parse_tunnel(&iov, 1, NULL, &tunnel), LSO_BAD_TUNNEL);
	assert_int_equal(lso_parse_tunnel(&iov, 1, &options, &tunnel), LSO_OK);
	assert_int_equal(tunnel.depth, 0);
	f.bytes[36] = 5556 >> 8;
	f.bytes[37] = 5556 & 0xff;
	assert_int_equal(lso_parse_tunnel(&iov, 1, &options, &tunnel), LSO_BAD_TUNNEL);
	f.bytes[36] = 6081 >> 8;
	f.bytes[37] = 6081 & 0xff;
	assert_int_equal(lso_parse_tunnel(&iov, 1, &options, &tunnel), LSO_BAD_TUNNEL);
	options.no_known_ports = true;
	assert_int_equal(lso_parse_tunnel(&iov, 1, &options, &tunnel), LSO_OK);
	options.size = 8;
	assert_int_equal(status_of(&f, &options), LSO_BAD_OPTIONS);
}

static void outer_lengths_must_fit(void **state)
{
	struct lso_segmenter s;
	static uint8_t bytes[70000];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct frame f;

	(void)state;
	outer(&f, 17, 6081);
	frame_bytes(&f, 0, 0, 8, 0, 0, 0, 1, 0);
	inner(&f);
	memcpy(bytes, f.bytes, f.length);
	assert_int_equal(
		lso_begin_tunnel(&s, &iov, 1, &(struct lso_options){ .mss = 65535 - 76 }, NULL),
		LSO_OK);
	assert_int_equal(
		lso_begin_tunnel(&s, &iov, 1, &(struct lso_options){ .mss = 65535 - 75 }, NULL),
		LSO_TOO_LONG);
}

/* Nothing is read behind a packet that ends anywhere in its headers. */
static void a_packet_may_end_anywhere(void **state)
{
	static const struct packet_limits limits = { .max_payload = 100, .max_segments = 40 };
	struct guard g = guard_make(4096);
	struct packet p = { .bytes = malloc(PACKET_MAX) };
	struct random r = { seed };
	struct tunnel t;

	(void)state;
	assert_non_null(p.bytes);
	for (uint32_t i = 0; i < packets / 10; i++) {
		const struct lso_tunnel_options options = { .size = sizeof(options),
							    .ports = t.ports,
							    .port_count = 1 };
		uint8_t whole[2 * TUNNEL_MAX + 200];
		size_t length;

		do {
			packet_make(&p, &r, &limits);
			tunnel_make(&t, &r, p.ip_version);
			length = t.in_length + p.length;
		} while (length > sizeof(whole));
		memcpy(whole, t.in, t.in_length);
		memcpy(whole + t.in_length, p.bytes, p.length);
		for (size_t n = 0; n <= length; n++) {
			struct iovec iov = { guard_end(&g, n), n };
			struct lso_segmenter s;
			struct lso_tunnel tunnel;

			memcpy(iov.iov_base, whole, n);
			lso_parse_tunnel(&iov, 1, &options, &tunnel);
			lso_begin_tunnel(&s, &iov, 1, &(struct lso_options){ .mss = 9 }, &options);
		}
	}
	free(p.bytes);
	guard_free(&g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_are_the_inner_ones_in_finished_outer_headers),
		cmocka_unit_test(a_plain_packet_is_cut_as_ever),
		cmocka_unit_test(what_numbers_its_packets_is_refused),
		cmocka_unit_test(headers_of_unknown_kind_are_refused),
		cmocka_unit_test(the_caller_says_what_a_port_is),
		cmocka_unit_test(outer_lengths_must_fit),
		cmocka_unit_test(a_packet_may_end_anywhere),
	};

	if (argc > 1)
		packets = (uint32_t)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
