/* SPDX-License-Identifier: MIT */
/* virtio_net_hdr and frame_meta, without a kernel: what is true passes, what lies does not. */
#include <netcx/lso.h>

#include "edge/vnet.h"
#include "edges.h"
#include "frame/frame.h"

#define CSUM VIRTIO_NET_HDR_F_NEEDS_CSUM

static struct virtio_net_hdr header_for(const struct test_frame *frame, uint8_t gso, uint16_t mss,
					uint16_t offset)
{
	return (struct virtio_net_hdr){ .flags = CSUM,
					.gso_type = gso,
					.gso_size = mss,
					.hdr_len =
						9999, /* the kernel's is not the headers' length */
					.csum_start = (uint16_t)frame->l4,
					.csum_offset = offset };
}

static bool decode(const struct virtio_net_hdr *header, const struct test_frame *frame,
		   struct frame_meta *meta)
{
	struct iovec iov = { frame->bytes, frame->length };

	return vnet_decode(header, &iov, 1, frame->length, meta);
}

static uint16_t field(const struct test_frame *frame, size_t offset)
{
	uint16_t value;

	memcpy(&value, frame->bytes + frame->l4 + offset, 2);
	return value;
}

static void plain_frames_pass(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100, .final = true });
	struct virtio_net_hdr header = { 0 };
	struct frame_meta meta, nothing = { 0 };

	assert_true(decode(&header, &frame, &meta));
	assert_meta(&meta, &nothing);
	header.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	assert_true(decode(&header, &frame, &meta));
	assert_true(meta.checksum_valid);
	free(frame.bytes);
}

static void super_packets_are_described(void **state)
{
	for (int version = 4; version <= 6; version += 2) {
		for (int tags = 0; tags <= 3; tags++) {
			for (int words = 0; words <= 2; words++) {
				struct test_frame frame =
					make_frame(&(struct shape){ .version = version,
								    .tags = tags,
								    .ip_words = words,
								    .tcp_words = 3,
								    .payload = 5000 });
				struct virtio_net_hdr header =
					header_for(&frame, version == 4 ? 1 : 4, 1448, 16);
				uint16_t seed = field(&frame, 16);
				struct frame_meta meta;

				header.gso_type |= tags & 1 ? VIRTIO_NET_HDR_GSO_ECN : 0;
				assert_true(decode(&header, &frame, &meta));
				assert_int_equal(meta.mss, 1448);
				assert_int_equal(meta.layout.ip_version, version);
				assert_false(frame_is_super_udp(&meta));
				assert_true(meta.needs_checksum);
				assert_int_equal(meta.layout.l3_offset, frame.l3);
				assert_int_equal(meta.layout.l4_offset, frame.l4);
				assert_int_equal(meta.layout.payload_offset, frame.headers);
				assert_int_equal(frame_checksum_offset(&meta.layout), 16);
				assert_int_equal(field(&frame, 16), seed);
				free(frame.bytes);
			}
		}
	}
}

static void udp_super_packets_are_described(void **state)
{
	struct test_frame frame = make_frame(
		&(struct shape){ .version = 6, .protocol = IPPROTO_UDP, .payload = 5000 });
	struct virtio_net_hdr header = header_for(&frame, VIRTIO_NET_HDR_GSO_UDP_L4, 1200, 6);
	struct frame_meta meta;

	assert_true(decode(&header, &frame, &meta));
	assert_true(frame_is_super_udp(&meta));
	assert_int_equal(meta.mss, 1200);
	assert_int_equal(frame_checksum_offset(&meta.layout), 6);
	header.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	assert_false(decode(&header, &frame, &meta));
	free(frame.bytes);
}

/* Headers split at any byte, in a room larger than the frame. */
static void scattered_frames_are_the_same(void **state)
{
	struct test_frame frame =
		make_frame(&(struct shape){ .tags = 1, .tcp_words = 3, .payload = 3000 });
	struct virtio_net_hdr header = header_for(&frame, 1, 1448, 16);
	struct frame_meta whole, meta;

	assert_true(decode(&header, &frame, &whole));
	for (size_t split = 0; split <= frame.headers + 4; split++) {
		uint8_t *first = malloc(split ? split : 1), *second = malloc(70000);
		struct iovec iov[] = { { first, split }, { second, 70000 } };

		memset(second, 0x5a, 70000);
		memcpy(first, frame.bytes, split);
		memcpy(second, frame.bytes + split, frame.length - split);
		assert_true(vnet_decode(&header, iov, 2, frame.length, &meta));
		assert_meta(&meta, &whole);
		free(first);
		free(second);
	}
	free(frame.bytes);
}

static void a_seed_is_put_right(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 5000 });
	struct virtio_net_hdr header = header_for(&frame, 1, 1460, 16);
	uint16_t seed = field(&frame, 16);
	struct frame_meta meta;

	frame.bytes[frame.l4 + 16] ^= 0x55;
	assert_true(decode(&header, &frame, &meta));
	assert_int_equal(field(&frame, 16), seed);

	/* Merged frames with a final checksum: the flag is missing, the seed too. */
	frame.bytes[frame.l4 + 17] ^= 0x55;
	header.flags = 0;
	assert_true(decode(&header, &frame, &meta));
	assert_true(meta.needs_checksum);
	assert_int_equal(field(&frame, 16), seed);
	free(frame.bytes);
}

static void one_segment_is_an_ordinary_frame(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 1460 });
	struct virtio_net_hdr header = header_for(&frame, 1, 1460, 16);
	struct frame_meta meta;

	assert_true(decode(&header, &frame, &meta));
	assert_int_equal(meta.mss, 0);
	assert_true(meta.needs_checksum);
	header.gso_size = 1459;
	assert_true(decode(&header, &frame, &meta));
	assert_int_equal(meta.mss, 1459);
	free(frame.bytes);
}

static void lies_are_dropped(void **state)
{
	static const struct {
		const char *what;
		struct shape shape;
		struct virtio_net_hdr header; /* csum_start counts from the frame's L4 header */
		size_t cut;                   /* the frame's length; 0: whole */
	} lies[] = {
		{ "TSOv4 on IPv6",
		  { .version = 6, .payload = 5000 },
		  { CSUM, 1, 0, 1000, 0, 16 },
		  0 },
		{ "TSOv6 on IPv4", { .payload = 5000 }, { CSUM, 4, 0, 1000, 0, 16 }, 0 },
		{ "TSO on UDP",
		  { .protocol = 17, .payload = 5000 },
		  { CSUM, 1, 0, 1000, 0, 6 },
		  0 },
		{ "USO on TCP", { .payload = 5000 }, { CSUM, 5, 0, 1000, 0, 16 }, 0 },
		{ "TSO on ICMP",
		  { .protocol = 1, .payload = 5000 },
		  { CSUM, 1, 0, 1000, 0, 2 },
		  0 },
		{ "UFO", { .protocol = 17, .payload = 5000 }, { CSUM, 3, 0, 1000, 0, 6 }, 0 },
		{ "unknown type", { .payload = 5000 }, { CSUM, 2, 0, 1000, 0, 16 }, 0 },
		{ "ECN alone", { .payload = 5000 }, { CSUM, 0x80, 0, 1000, 0, 16 }, 0 },
		{ "unknown flag", { .payload = 100 }, { 0x10, 0, 0, 0, 0, 0 }, 0 },
		{ "size 0", { .payload = 5000 }, { CSUM, 1, 0, 0, 0, 16 }, 0 },
		{ "start before", { .payload = 5000 }, { CSUM, 1, 0, 1000, (uint16_t)-2, 16 }, 0 },
		{ "start behind", { .payload = 5000 }, { CSUM, 1, 0, 1000, 2, 16 }, 0 },
		{ "UDP's offset", { .payload = 5000 }, { CSUM, 1, 0, 1000, 0, 6 }, 0 },
		{ "headers cut", { .payload = 5000 }, { CSUM, 1, 0, 1000, 0, 16 }, 50 },
		{ "frame cut", { .payload = 5000 }, { CSUM, 1, 0, 1000, 0, 16 }, 13 },
		{ "plain frame cut", { .payload = 5000 }, { 0, 0, 0, 0, 0, 0 }, 13 },
		{ "plain TCP, start", { .payload = 100 }, { CSUM, 0, 0, 0, 2, 16 }, 0 },
		{ "plain TCP, in data", { .payload = 100 }, { CSUM, 0, 0, 0, 40, 16 }, 0 },
		{ "plain TCP, offset", { .payload = 100 }, { CSUM, 0, 0, 0, 0, 6 }, 0 },
		{ "plain UDP, offset",
		  { .protocol = 17, .payload = 100 },
		  { CSUM, 0, 0, 0, 0, 16 },
		  0 },
		{ "plain UDP, IP",
		  { .protocol = 17, .payload = 100 },
		  { CSUM, 0, 0, 0, (uint16_t)-4, 6 },
		  0 },
		{ "inner, beyond",
		  { .protocol = 17, .payload = 100 },
		  { CSUM, 0, 0, 0, 107, 0 },
		  0 },
		{ "inner, far",
		  { .protocol = 17, .payload = 100 },
		  { CSUM, 0, 0, 0, 60000, 16 },
		  0 },
		{ "inner, field",
		  { .protocol = 17, .payload = 100 },
		  { CSUM, 0, 0, 0, 20, 0xffff },
		  0 },
		{ "other, in L2",
		  { .protocol = 47, .payload = 100 },
		  { CSUM, 0, 0, 0, (uint16_t)-34, 0 },
		  0 },
		{ "TCP cut", { .payload = 100 }, { CSUM, 0, 0, 0, 0, 16 }, 44 },
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct test_frame frame = make_frame(&lies[i].shape);
		struct virtio_net_hdr header = lies[i].header;
		uint8_t *copy = malloc(frame.length);
		struct frame_meta meta;

		memcpy(copy, frame.bytes, frame.length);
		header.csum_start = (uint16_t)(header.csum_start + frame.l4);
		if (lies[i].cut) {
			frame.length = lies[i].cut;
			frame.bytes = realloc(frame.bytes, frame.length);
		}
		if (decode(&header, &frame, &meta))
			fail_msg("'%s' passed", lies[i].what);
		assert_memory_equal(copy, frame.bytes, frame.length);
		free(copy);
		free(frame.bytes);
	}
}

/* A tunnel's inner checksum, another protocol's: finished here, as virtio 1.1 5.1.6.2 says. */
static void foreign_checksums_are_finished(void **state)
{
	static const struct {
		uint8_t protocol;
		uint16_t start, offset; /* from the L4 header */
	} cases[] = { { 17, 50, 16 }, { 47, 0, 4 }, { 47, 24, 6 }, { 58, 0, 2 }, { 33, 0, 6 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_frame frame = make_frame(
			&(struct shape){ .protocol = cases[i].protocol, .payload = 301 });
		struct virtio_net_hdr header = header_for(&frame, 0, 0, cases[i].offset);
		struct frame_meta meta, nothing = { 0 };
		size_t start = frame.l4 + cases[i].start;

		header.csum_start = (uint16_t)start;
		memset(frame.bytes + start + cases[i].offset, 0, 2);
		assert_true(decode(&header, &frame, &meta));
		assert_meta(&meta, &nothing);
		/* With its checksum in it, the sum of all is 0xffff. */
		assert_int_equal(lso_checksum(frame.bytes + start, frame.length - start, 0),
				 0xffff);
		free(frame.bytes);
	}
}

static void another_seed_is_finished(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 300 });
	struct virtio_net_hdr header = header_for(&frame, 0, 0, 16);
	struct frame_meta meta;

	assert_true(decode(&header, &frame, &meta));
	assert_true(meta.needs_checksum);
	assert_int_equal(meta.layout.l4_offset, frame.l4);
	/* Padding behind the packet: the seed's length is not the frame's. */
	frame.bytes = realloc(frame.bytes, frame.length + 6);
	memset(frame.bytes + frame.length, 0, 6);
	frame.length += 6;
	assert_true(decode(&header, &frame, &meta));
	assert_false(meta.needs_checksum);
	assert_int_equal(lso_verify(frame.bytes, frame.length).l4, LSO_SUM_GOOD);
	free(frame.bytes);
}

static void headers_are_made(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .version = 6, .payload = 5000 });
	struct iovec iov = { frame.bytes, frame.length };
	struct frame out = { .iov = &iov, .count = 1 };
	struct virtio_net_hdr header, zero = { 0 };

	assert_true(vnet_encode(&out, frame.length, &header));
	assert_memory_equal(&header, &zero, sizeof(header));
	out.meta = (struct frame_meta){ .mss = 1440,
					.needs_checksum = true,
					.layout = LAYOUT(6, IPPROTO_TCP, 14, frame.l4,
							 frame.headers) };
	assert_true(vnet_encode(&out, frame.length, &header));
	assert_int_equal(header.gso_type, VIRTIO_NET_HDR_GSO_TCPV6);
	assert_int_equal(header.flags, CSUM);
	assert_int_equal(header.hdr_len, frame.headers);
	assert_int_equal(header.gso_size, 1440);
	assert_int_equal(header.csum_start, frame.l4);
	frame.bytes[frame.l4 + 13] |= 0x80; /* CWR */
	assert_true(vnet_encode(&out, frame.length, &header));
	assert_int_equal(header.gso_type, VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN);
	out.meta = (struct frame_meta){ .checksum_valid = true };
	assert_true(vnet_encode(&out, frame.length, &header));
	assert_int_equal(header.flags, VIRTIO_NET_HDR_F_DATA_VALID);
	free(frame.bytes);
}

static void impossible_meta_is_refused(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 5000 });
	struct iovec iov = { frame.bytes, frame.length };
	const struct frame_meta good = { .mss = 1460,
					 .needs_checksum = true,
					 .layout = LAYOUT(4, IPPROTO_TCP, 14, 34, 54) };
	struct frame_meta bad[8];
	struct virtio_net_hdr header;

	for (size_t i = 0; i < 8; i++)
		bad[i] = good;
	bad[0].layout.ip_version = 5;
	bad[1].layout.l4_offset = 5050;
	bad[2].layout.l4_offset = 2;
	bad[3].layout.l4_protocol = 7;
	bad[4].layout.payload_offset = 40;
	bad[5].layout.payload_offset = 6000;
	bad[6].needs_checksum = false;
	bad[7].layout.l4_protocol = IPPROTO_UDP;
	for (size_t i = 0; i < 8; i++) {
		struct frame out = { .iov = &iov, .count = 1, .meta = bad[i] };

		if (vnet_encode(&out, frame.length, &header))
			fail_msg("bad[%zu] passed", i);
	}
	free(frame.bytes);
}

static void told_is_as_parsed(const struct test_frame *frame, size_t length, size_t start,
			      uint8_t gso)
{
	struct virtio_net_hdr header = { .flags = CSUM,
					 .gso_type = gso,
					 .gso_size = gso ? 1 : 0,
					 .csum_start = (uint16_t)start,
					 .csum_offset = gso == VIRTIO_NET_HDR_GSO_UDP_L4 ? 6 : 16 };
	uint8_t *exact = malloc(length);
	struct iovec iov = { exact, length };
	struct lso_layout layout;
	struct frame_meta meta;

	assert_non_null(exact);
	memcpy(exact, frame->bytes, length);
	if (vnet_decode(&header, &iov, 1, length, &meta) && frame_parsed(&meta)) {
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_memory_equal(&meta.layout, &layout, sizeof(layout));
	}
	free(exact);
}

/*
 * Wherever the header says that the checksum starts, and wherever the frame ends: a layout that the
 * frame does not have is not believed. All bytes behind the headers could be a TCP data offset, the
 * first one of the IP header is any.
 */
static void what_is_told_has_to_be_true(void **state)
{
	static const uint8_t gso[] = { 0, VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6,
				       VIRTIO_NET_HDR_GSO_UDP_L4 };

	for (int kind = 0; kind < 64; kind++) {
		struct test_frame frame = make_frame(
			&(struct shape){ .version = kind & 1 ? 4 : 6,
					 .protocol = kind & 2 ? IPPROTO_TCP : IPPROTO_UDP,
					 .ip_words = kind >> 4,
					 .tcp_words = kind & 2 ? 5 : 0,
					 .payload = 80 });

		memset(frame.bytes + frame.headers, 0x55, 80);
		for (size_t length = 14; length <= frame.length; length++)
			for (size_t start = 0; start < length; start++)
				told_is_as_parsed(&frame, length, start, gso[kind >> 2 & 3]);
		for (int first = 0; first < 256; first++) {
			frame.bytes[14] = (uint8_t)first;
			for (size_t start = 14; start < 100; start++)
				told_is_as_parsed(&frame, frame.length, start, gso[kind >> 2 & 3]);
		}
		free(frame.bytes);
	}
}

/* Whatever comes: nothing outside is touched, what is said can be said back, and a layout is the
 * one that looking for it gives, also where it was taken from what the kernel's header told. */
static void noise_is_harmless(void **state)
{
	struct random seed = { 12345 };
	int passed = 0, parsed = 0;

	for (int i = 0; i < 60000; i++) {
		struct test_frame frame = make_frame(&(struct shape){
			.version = random_one_in(&seed, 2) ? 4 : 6,
			.tags = (int)(random_below(&seed, 3)),
			.protocol = (uint8_t[]){ 6, 6, 17, 58 }[random_below(&seed, 4)],
			.ip_words = (int)(random_below(&seed, 4)),
			.payload = random_below(&seed, 2000) });
		struct virtio_net_hdr header = header_for(
			&frame, (uint8_t[]){ 0, 1, 4, 5 }[random_below(&seed, 4)],
			(uint16_t)(random_below(&seed, 600)), random_one_in(&seed, 2) ? 16 : 6);
		struct frame_meta meta;

		if (i % 3 == 0)
			random_fill(&seed, &header, sizeof(header));
		for (uint32_t n = random_below(&seed, 4); n; n--)
			frame.bytes[random_next(&seed) % (frame.headers + 8 < frame.length
								  ? frame.headers + 8
								  : frame.length)] =
				(uint8_t)random_next(&seed);
		if (i % 5 == 0) {
			frame.length = random_below(&seed, (uint32_t)(frame.length + 1));
			frame.bytes = realloc(frame.bytes, frame.length ? frame.length : 1);
		}
		if (decode(&header, &frame, &meta)) {
			struct iovec iov = { frame.bytes, frame.length };
			struct frame out = { .iov = &iov, .count = 1, .meta = meta };

			passed++;
			if (frame_parsed(&meta)) {
				struct lso_layout layout;

				assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
				assert_memory_equal(&meta.layout, &layout, sizeof(layout));
				parsed++;
			}
			assert_true(vnet_encode(&out, frame.length, &header));
		}
		free(frame.bytes);
	}
	assert_in_range(passed, 1000, 59000);
	assert_in_range(parsed, 500, passed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_frames_pass),
		cmocka_unit_test(super_packets_are_described),
		cmocka_unit_test(udp_super_packets_are_described),
		cmocka_unit_test(scattered_frames_are_the_same),
		cmocka_unit_test(a_seed_is_put_right),
		cmocka_unit_test(one_segment_is_an_ordinary_frame),
		cmocka_unit_test(lies_are_dropped),
		cmocka_unit_test(what_is_told_has_to_be_true),
		cmocka_unit_test(foreign_checksums_are_finished),
		cmocka_unit_test(another_seed_is_finished),
		cmocka_unit_test(headers_are_made),
		cmocka_unit_test(impossible_meta_is_refused),
		cmocka_unit_test(noise_is_harmless),
	};

	return cmocka_run_group_tests_name("edge vnet", tests, NULL, NULL);
}
