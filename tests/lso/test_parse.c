/* SPDX-License-Identifier: MIT */
/*
 * What lso_parse() finds and why it refuses, with frames written by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "frames.h"
#include "packet.h"
#include "paths.h"

static enum lso_status parse(struct frame *f, struct lso_layout *layout)
{
	struct iovec iov = { f->bytes, f->length };

	return lso_parse(&iov, 1, layout);
}

static enum lso_status begin(struct frame *f, uint32_t mss)
{
	const struct lso_options options = { .mss = mss };
	struct iovec iov = { f->bytes, f->length };
	struct lso_segmenter s;

	return lso_begin(&s, &iov, 1, &options);
}

static void plain_ipv4_tcp(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 6, 0x4000);
	frame_tcp(&f);
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.l2_type, LSO_L2_ETHERNET);
	assert_int_equal(layout.vlan_tags, 0);
	assert_int_equal(layout.ip_version, 4);
	assert_int_equal(layout.l4_protocol, 6);
	assert_false(layout.ip_options);
	assert_false(layout.ip_fragment);
	assert_int_equal(layout.l3_offset, 14);
	assert_int_equal(layout.l4_offset, 34);
	assert_int_equal(layout.payload_offset, 54);
}

static void tags_and_snap(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x88a8);
	frame_bytes(&f, 0, 1, 0x81, 0, 0, 2, 0, 100); /* two tags, then an 802.3 length */
	frame_bytes(&f, 0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd);
	frame_ipv6(&f, 17);
	frame_udp(&f);
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.l2_type, LSO_L2_LLC_SNAP);
	assert_int_equal(layout.vlan_tags, 2);
	assert_int_equal(layout.l3_offset, 30);
	assert_int_equal(layout.l4_offset, 70);
	assert_int_equal(layout.payload_offset, 78);

	f.bytes[22] = 0x42; /* spanning tree's LLC */
	assert_int_equal(parse(&f, &layout), LSO_NOT_IP);
}

/* A frame with 802.3's length field says how long it is: never more than 1500. */
static void snap_takes_no_jumbo_segments(void **state)
{
	struct frame f;

	frame_mac(&f, 100);
	frame_bytes(&f, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0);
	frame_ipv4(&f, 6, 0);
	frame_tcp(&f);
	frame_payload(&f, 1900);
	assert_int_equal(begin(&f, 1452), LSO_OK);
	assert_int_equal(begin(&f, 1453), LSO_TOO_LONG);
}

static void all_generated_packets_parse(void **state)
{
	static const struct packet_limits limits = { .max_payload = 100, .max_segments = 10 };
	static uint8_t bytes[PACKET_MAX];
	struct packet p = { .bytes = bytes };
	struct random r = { 7 };

	for (int i = 0; i < 20000; i++) {
		struct lso_layout layout;
		struct iovec iov = { bytes, 0 };

		packet_make(&p, &r, &limits);
		iov.iov_len = p.length;
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_int_equal(layout.l2_type, p.snap ? LSO_L2_LLC_SNAP : LSO_L2_ETHERNET);
		assert_int_equal(layout.vlan_tags, p.tags);
		assert_int_equal(layout.ip_version, p.ip_version);
		assert_int_equal(layout.ip_options, p.ip_options);
		assert_false(layout.ip_fragment);
		assert_int_equal(layout.l4_protocol, p.tcp ? 6 : 17);
		assert_int_equal(layout.l3_offset, p.l3);
		assert_int_equal(layout.l4_offset, p.l4);
		assert_int_equal(layout.payload_offset, p.payload);

		/* One byte less than the headers is too little, and 0 to 13 bytes are no frame. */
		iov.iov_len = p.payload - 1;
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_TRUNCATED);
		assert_int_equal(layout.payload_offset, 0);
		iov.iov_len = random_below(&r, 14);
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_TRUNCATED);
		assert_int_equal(layout.l3_offset, 0);
	}
}

static void impossible_headers(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 6, 0);
	frame_tcp(&f);
	f.bytes[14] = 0x44; /* IHL 4 */
	assert_int_equal(parse(&f, &layout), LSO_BAD_IP_HEADER);
	assert_int_equal(layout.ip_version, 0);
	assert_int_equal(layout.l3_offset, 14);
	f.bytes[14] = 0x65;
	assert_int_equal(parse(&f, &layout), LSO_BAD_IP_HEADER);
	f.bytes[14] = 0x4f; /* options past the end */
	assert_int_equal(parse(&f, &layout), LSO_TRUNCATED);
	f.bytes[14] = 0x45;
	f.bytes[46] = 0x40; /* data offset 4 */
	assert_int_equal(parse(&f, &layout), LSO_BAD_TCP_HEADER);
	assert_int_equal(layout.l4_offset, 34);
	f.bytes[46] = 0x60;
	assert_int_equal(parse(&f, &layout), LSO_TRUNCATED);

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 6);
	frame_tcp(&f);
	f.bytes[14] = 0x40;
	assert_int_equal(parse(&f, &layout), LSO_BAD_IP_HEADER);
}

static void other_protocols(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x0806);
	frame_payload(&f, 28);
	assert_int_equal(parse(&f, &layout), LSO_NOT_IP);
	assert_int_equal(layout.l3_offset, 14);

	for (int protocol = 0; protocol < 256; protocol++) {
		if (protocol == 6 || protocol == 17)
			continue;
		frame_mac(&f, 0x0800);
		frame_ipv4(&f, (uint8_t)protocol, 0);
		frame_tcp(&f);
		assert_int_equal(parse(&f, &layout), LSO_NOT_TCP_UDP);
		assert_int_equal(layout.l4_protocol, protocol);
		assert_int_equal(layout.l4_offset, 34);
		assert_int_equal(layout.payload_offset, 0);
	}
	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 51); /* AH, 24 bytes */
	frame_bytes(&f, 6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	frame_tcp(&f);
	assert_int_equal(parse(&f, &layout), LSO_NOT_TCP_UDP);
	assert_int_equal(layout.l4_protocol, 6);
	assert_int_equal(layout.l4_offset, 54 + 24);
	assert_true(layout.ip_options);
}

static void fragments(void **state)
{
	static const uint16_t cases[] = { 0x2000, 0x0001, 0x3fff, 0x6000 };
	struct lso_layout layout;
	struct frame f;

	for (int i = 0; i < 4; i++) {
		frame_mac(&f, 0x0800);
		frame_ipv4(&f, 6, cases[i]);
		frame_tcp(&f);
		assert_int_equal(parse(&f, &layout), LSO_IP_FRAGMENT);
		assert_true(layout.ip_fragment);
		assert_int_equal(layout.l4_offset, 34);
	}
	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 44);
	frame_bytes(&f, 6, 0xff, 0, 1, 0, 0, 0, 9); /* first of several; second byte reserved */
	frame_tcp(&f);
	assert_int_equal(parse(&f, &layout), LSO_IP_FRAGMENT);
	assert_true(layout.ip_fragment);
	assert_int_equal(layout.l4_offset, 62);
	f.bytes[54] = 60; /* a later one: what follows is payload, not a header */
	f.bytes[57] = 0x08;
	assert_int_equal(parse(&f, &layout), LSO_IP_FRAGMENT);
	assert_int_equal(layout.l4_offset, 62);
	assert_int_equal(layout.l4_protocol, 60);
}

static void routing_and_jumbo(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 43);
	frame_bytes(&f, 6, 2, 3, 1, 0, 0, 0, 0); /* type 3, RFC 6554: compressed addresses */
	frame_payload(&f, 16);
	frame_tcp(&f);
	assert_int_equal(parse(&f, &layout), LSO_ROUTING);
	f.bytes[57] = 0; /* at the last hop any type will do */
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.final_destination, 0);
	f.bytes[56] = 2;
	f.bytes[57] = 1;
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.final_destination, 62);

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 0);
	frame_bytes(&f, 6, 0, 0xc2, 4, 0, 1, 0, 0);
	frame_tcp(&f);
	assert_int_equal(parse(&f, &layout), LSO_JUMBOGRAM);
	assert_int_equal(layout.payload_offset, 82);
	f.bytes[56] = 0; /* Pad1, then an option that runs past the end: no jumbo in it */
	assert_int_equal(parse(&f, &layout), LSO_OK);
}

/* RFC 791 3.1: behind the last address the pointer says that the header's own is the last. */
static void source_routes(void **state)
{
	static const struct {
		uint8_t options[12];
		uint16_t final_destination;
	} routes[] = {
		{ { 131, 11, 4, 10, 0, 0, 3, 10, 0, 0, 4, 0 }, 41 },
		{ { 1, 137, 11, 8, 10, 0, 0, 3, 10, 0, 0, 4 }, 42 },
		{ { 137, 11, 12, 10, 0, 0, 3, 10, 0, 0, 4, 0 }, 0 }, /* through */
		{ { 7, 11, 4 }, 0 },                                 /* a record of the route */
		{ { 0, 131, 7, 4, 10, 0, 0, 3 }, 0 },                /* behind the end of all */
		{ { 68, 4, 5, 0, 131, 7, 4, 10, 0, 0, 3 }, 41 },
		/* not what they say they are */
		{ { 131, 12, 4, 10, 0, 0, 3, 10, 0, 0, 4 }, 0 },
		{ { 131, 15, 4, 10, 0, 0, 3, 10, 0, 0, 4 }, 0 },
		{ { 131, 3, 4 }, 0 },
		{ { 131, 0, 4, 10, 0, 0, 3 }, 0 },
		{ { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 131 }, 0 },
	};
	struct lso_layout layout;
	struct frame f;

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		frame_mac(&f, 0x0800);
		frame_ipv4(&f, 6, 0);
		f.bytes[14] = 0x48;
		frame_add(&f, routes[i].options, 12);
		frame_tcp(&f);
		assert_int_equal(parse(&f, &layout), LSO_OK);
		assert_int_equal(layout.l4_offset, 46);
		assert_int_equal(layout.final_destination, routes[i].final_destination);
	}
}

static void are_cut_right(struct frame *f)
{
	const struct lso_options options = { .mss = 40 };
	struct iovec iov = { f->bytes, f->length };
	struct lso_segmenter s;
	uint8_t segment[256];
	size_t length, count = 0;

	assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_OK);
	while ((length = lso_next(&s, segment)) != 0) {
		assert_int_equal(lso_verify(segment, length).ipv4, LSO_SUM_GOOD);
		assert_int_equal(lso_verify(segment, length).l4, LSO_SUM_GOOD);
		count++;
	}
	assert_int_equal(count, 3);
}

/* The pseudo-header has the last address, in each packet that a source-routed one is cut into. */
static void source_routes_are_summed(void **state)
{
	struct lso_layout layout;
	struct frame f, direct;

	frame_mac(&direct, 0x0800);
	frame_ipv4(&direct, 6, 0);
	direct.bytes[33] = 4; /* to 10.0.0.4 */
	frame_tcp(&direct);
	frame_payload(&direct, 100);
	assert_int_equal(parse(&direct, &layout), LSO_OK);
	lso_fill_checksums(direct.bytes, direct.length, &layout, false, true);

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 6, 0);
	f.bytes[14] = 0x47;
	f.bytes[17] = 148; /* IP's length */
	frame_bytes(&f, 131, 7, 4, 10, 0, 0, 4, 0);
	frame_tcp(&f);
	frame_payload(&f, 100);
	assert_int_equal(parse(&f, &layout), LSO_OK);
	lso_fill_checksums(f.bytes, f.length, &layout, true, true);
	assert_memory_equal(f.bytes + 42 + 16, direct.bytes + 34 + 16, 2);
	assert_int_equal(lso_verify(f.bytes, f.length).l4, LSO_SUM_GOOD);

	f.bytes[33] = 9; /* another hop on its way */
	lso_fill_checksums(f.bytes, f.length, &layout, true, false);
	assert_int_equal(lso_verify(f.bytes, f.length).l4, LSO_SUM_GOOD);
	are_cut_right(&f);
}

static void long_headers(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x86dd);
	frame_ipv6(&f, 60);
	frame_bytes(&f, 60, 31); /* 256 bytes */
	frame_payload(&f, 254);
	frame_bytes(&f, 6, 21); /* 176: TCP's 20 bytes end at 506 */
	frame_payload(&f, 174);
	frame_tcp(&f);
	frame_payload(&f, 700);
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.payload_offset, 506);
	f.bytes[486 + 12] = 0x60;
	assert_int_equal(parse(&f, &layout), LSO_OK);
	assert_int_equal(layout.payload_offset, 510);
	f.bytes[486 + 12] = 0x70; /* 514 */
	assert_int_equal(parse(&f, &layout), LSO_HEADERS_TOO_LONG);

	frame_mac(&f, 0x8100);
	for (int i = 0; i < 200; i++)
		frame_bytes(&f, 0, 1, 0x81, 0);
	assert_int_equal(parse(&f, &layout), LSO_HEADERS_TOO_LONG);
}

static void refusals_of_begin(void **state)
{
	struct lso_options options = { .mss = 100, .path = (enum lso_path)99 };
	struct lso_segmenter s;
	struct iovec iov;
	struct frame f;

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 6, 0);
	frame_tcp(&f);
	assert_int_equal(begin(&f, 100), LSO_NO_PAYLOAD);
	frame_payload(&f, 1);
	assert_int_equal(begin(&f, 0), LSO_BAD_MSS);
	assert_int_equal(begin(&f, 100), LSO_OK);
	assert_int_equal(begin(&f, UINT32_MAX), LSO_OK);
	iov = (struct iovec){ f.bytes, f.length };
	assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_NO_PATH);
	assert_int_equal(lso_begin(&s, NULL, 0, &(struct lso_options){ .mss = 1 }), LSO_TRUNCATED);
}

/* The largest segment's length must fit 16 bits: 65535 less the headers that it counts. */
static void longest_segment(void **state)
{
	static uint8_t bytes[140000];
	struct lso_segmenter s;
	struct frame f;

	for (int version = 4; version <= 6; version += 2) {
		uint32_t most = version == 4 ? 65535 - 40 : 65535 - 20;
		struct iovec iov = { bytes, sizeof(bytes) };
		struct lso_options options = { .mss = most };

		frame_mac(&f, version == 4 ? 0x0800 : 0x86dd);
		if (version == 4)
			frame_ipv4(&f, 6, 0);
		else
			frame_ipv6(&f, 6);
		frame_tcp(&f);
		memcpy(bytes, f.bytes, f.length);
		assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_OK);
		options.mss++;
		assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_TOO_LONG);
		iov.iov_len = f.length + most; /* one segment all the same */
		assert_int_equal(lso_begin(&s, &iov, 1, &options), LSO_OK);
		assert_int_equal(lso_segments(&s), 1);
	}
}

static enum lso_status begin_as(const struct iovec *iov, int count, const struct lso_layout *layout)
{
	struct lso_segmenter s;

	return lso_begin(&s, iov, count, &(struct lso_options){ .mss = 100, .layout = layout });
}

/*
 * A layout of another packet gives other segments, but one that no packet has is refused: each
 * header at its shortest is taken, and one less is not.
 */
static void impossible_layouts(void **state)
{
	static const uint8_t bytes[600];
	const struct iovec iov = { (void *)(uintptr_t)bytes, sizeof(bytes) };
	const struct lso_layout tcp4 = { .l2_type = LSO_L2_ETHERNET,
					 .ip_version = 4,
					 .l4_protocol = 6,
					 .l3_offset = 14,
					 .l4_offset = 34,
					 .payload_offset = 54 };
	struct lso_layout tcp6 = tcp4, udp = tcp4, snap = tcp4, longest = tcp4;
	struct lso_layout bad[13];

	tcp6.ip_version = 6;
	tcp6.l4_offset = 78;
	tcp6.final_destination = 62;
	tcp6.payload_offset = 98;
	udp.l4_protocol = 17;
	udp.payload_offset = 42;
	snap.l2_type = LSO_L2_LLC_SNAP;
	snap.l3_offset = 22;
	snap.l4_offset = 42;
	snap.payload_offset = 62;
	longest.l4_offset = 470;
	longest.payload_offset = LSO_MAX_HEADERS - 2;
	assert_int_equal(begin_as(&iov, 1, &tcp4), LSO_OK);
	assert_int_equal(begin_as(&iov, 1, &tcp6), LSO_OK);
	assert_int_equal(begin_as(&iov, 1, &udp), LSO_OK);
	assert_int_equal(begin_as(&iov, 1, &snap), LSO_OK);
	assert_int_equal(begin_as(&iov, 1, &longest), LSO_OK);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		bad[i] = tcp4;
	bad[0] = (struct lso_layout){ 0 };
	bad[1] = tcp6;
	bad[1].ip_version = 5;
	bad[2].l4_protocol = 1;
	bad[3].l3_offset = 10;
	bad[4].l4_offset = 30;
	bad[5].payload_offset = 50;
	bad[6].l4_offset = 36;
	bad[6].payload_offset = 56;
	bad[7] = udp;
	bad[7].payload_offset = 38;
	bad[8] = snap;
	bad[8].l3_offset = 18;
	bad[9] = tcp6;
	bad[9].l4_offset = 50;
	bad[9].final_destination = 0;
	bad[10] = tcp6;
	bad[10].final_destination = 63;
	bad[11] = longest;
	bad[11].payload_offset = LSO_MAX_HEADERS + 2;
	bad[12].payload_offset = 55;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(begin_as(&iov, 1, &bad[i]), LSO_BAD_LAYOUT);
}

/* A packet must be as long as the layout says, however it is scattered. */
static void layouts_longer_than_their_packet(void **state)
{
	struct lso_layout layout;
	struct frame f;

	frame_mac(&f, 0x0800);
	frame_ipv4(&f, 6, 0);
	frame_tcp(&f);
	frame_payload(&f, 100);
	parse(&f, &layout);
	for (size_t split = 0; split <= f.length; split++) {
		for (size_t length = split; length <= f.length; length++) {
			struct iovec iov[] = { { f.bytes, split },
					       { f.bytes + split, length - split } };
			enum lso_status status = length < 54    ? LSO_TRUNCATED
						 : length == 54 ? LSO_NO_PAYLOAD
								: LSO_OK;

			assert_int_equal(begin_as(iov, 2, &layout), status);
		}
	}
	assert_int_equal(begin_as(NULL, 0, &layout), LSO_TRUNCATED);
}

static void every_status_has_its_words(void **state)
{
	for (int a = LSO_OK; a <= LSO_BAD_MEMORY; a++) {
		assert_true(strlen(lso_reason((enum lso_status)a)) > 5);
		assert_string_not_equal(lso_reason((enum lso_status)a), "unknown status");
		for (int b = LSO_OK; b < a; b++)
			assert_string_not_equal(lso_reason((enum lso_status)a),
						lso_reason((enum lso_status)b));
	}
	assert_string_equal(lso_reason((enum lso_status)1000), "unknown status");
}

static void the_version_is_the_headers(void **state)
{
	char text[32];

	assert_string_equal(lso_version(), LSO_VERSION);
	snprintf(text, sizeof(text), "%d.%d.", LSO_VERSION_MAJOR, LSO_VERSION_MINOR);
	assert_memory_equal(lso_version(), text, strlen(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_ipv4_tcp),
		cmocka_unit_test(tags_and_snap),
		cmocka_unit_test(snap_takes_no_jumbo_segments),
		cmocka_unit_test(all_generated_packets_parse),
		cmocka_unit_test(impossible_headers),
		cmocka_unit_test(other_protocols),
		cmocka_unit_test(fragments),
		cmocka_unit_test(routing_and_jumbo),
		cmocka_unit_test(source_routes),
		cmocka_unit_test(source_routes_are_summed),
		cmocka_unit_test(long_headers),
		cmocka_unit_test(refusals_of_begin),
		cmocka_unit_test(longest_segment),
		cmocka_unit_test(impossible_layouts),
		cmocka_unit_test(layouts_longer_than_their_packet),
		cmocka_unit_test(every_status_has_its_words),
		cmocka_unit_test(the_version_is_the_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
