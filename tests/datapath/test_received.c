/* SPDX-License-Identifier: MIT */
/* What a driver says of a received packet, made part of the frame that goes up. */
#include <netinet/in.h>

#include "base/bytes.h"
#include "datapath/private.h"
#include "stage/make_frame.h"
#include "test.h"

/* A packet in two pieces, and what becomes of it. */
struct bench {
	struct test_frame from;
	struct iovec iov[3];
	struct cx_rx_packet packet;
	struct dp_head head;
	struct frame frame;
	uint8_t bytes[70000];
	size_t length;
};

static struct bench bench_with(const struct shape *shape, size_t first_piece)
{
	struct bench b = { .from = make_frame(shape) };
	uint8_t *l4 = b.from.bytes + b.from.l4;

	if (shape->protocol == IPPROTO_UDP)
		store_be16(l4 + 4, (uint16_t)(b.from.length - b.from.l4));
	b.iov[1] = (struct iovec){ b.from.bytes, first_piece };
	b.iov[2] = (struct iovec){ b.from.bytes + first_piece, b.from.length - first_piece };
	b.packet.count = 2;
	b.packet.checksum = CX_RX_CHECKSUM_VALID;
	return b;
}

static bool describe(struct bench *b)
{
	bool good;

	b->packet.iov = &b->iov[1];
	good = dp_describe_received(&b->packet, &b->head, &b->frame);
	if (good)
		b->length = frame_read(b->frame.iov, b->frame.count, 0, b->bytes, sizeof(b->bytes));
	return good;
}

static void what_nothing_is_said_of_goes_up_as_it_is(void **state)
{
	struct bench b = bench_with(&(struct shape){ .payload = 1000 }, 60);

	assert_true(describe(&b));
	assert_ptr_equal(b.frame.iov, &b.iov[1]);
	assert_true(b.frame.meta.checksum_valid);
	assert_int_equal(b.frame.meta.mss, 0);
	assert_memory_equal(b.bytes, b.from.bytes, b.from.length);
	b.packet.checksum = CX_RX_CHECKSUM_BAD;
	assert_true(describe(&b));
	assert_false(b.frame.meta.checksum_valid);
	free(b.from.bytes);
}

/* The segments that a super-packet stands for, cut again, are what the hardware had received. */
static void assert_segments(struct bench *b, unsigned segments, size_t size)
{
	struct iovec whole = { b->bytes, b->length };
	const struct lso_options options = { .mss = b->frame.meta.mss,
					     .layout = &b->frame.meta.layout };
	struct lso_segmenter segmenter;
	uint8_t segment[2000];
	unsigned count = 0;
	size_t length;

	assert_int_equal(lso_begin(&segmenter, &whole, 1, &options), LSO_OK);
	while ((length = lso_next(&segmenter, segment))) {
		struct lso_layout layout;
		struct iovec iov = { segment, length };

		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_in_range(length - layout.payload_offset, 1, size);
		assert_memory_equal(segment + layout.payload_offset,
				    b->from.bytes + b->from.headers + count * size,
				    length - layout.payload_offset);
		count++;
	}
	assert_int_equal(count, segments);
}

static void segments_that_were_coalesced_go_up_as_a_super_packet(void **state)
{
	for (int version = 4; version <= 6; version += 2)
		for (int udp = 0; udp < 2; udp++)
			for (size_t first = 20; first < 200; first += 60) {
				const struct shape shape = {
					.version = version,
					.protocol = udp ? IPPROTO_UDP : IPPROTO_TCP,
					.tcp_words = udp ? 0 : 3,
					.payload = 10 * 1200 + 700,
				};
				struct bench b = bench_with(&shape, first);

				memset(b.from.bytes + b.from.l4 + (udp ? 6 : 16), 0x55, 2);
				/* Of UDP the size decides; netvadapter's count is one more. */
				b.packet.coalesced.segments = udp && first > 20 ? 12 : 11;
				b.packet.coalesced.size = udp ? 1200 : 0;
				assert_true(describe(&b));
				assert_int_equal(b.length, b.from.length);
				assert_true(b.frame.meta.needs_checksum);
				assert_int_equal(b.frame.meta.mss,
						 udp ? 1200 : (10 * 1200 + 700 + 10) / 11);
				assert_segments(&b, 11, b.frame.meta.mss);
				/* The driver's bytes are its own. */
				assert_int_equal(b.from.bytes[b.from.l4 + (udp ? 6 : 16)], 0x55);
				free(b.from.bytes);
			}
}

static void assert_refused(const struct shape *shape, const struct cx_coalesced *said,
			   int wrong_length, enum cx_rx_checksum verdict)
{
	struct bench b = bench_with(shape, 60);
	uint8_t *l3 = b.from.bytes + b.from.l3;
	size_t field = shape->version == 6 ? 4 : 2;

	store_be16(l3 + field, (uint16_t)(load_be16(l3 + field) + wrong_length));
	b.packet.coalesced = *said;
	b.packet.checksum = verdict;
	assert_false(describe(&b));
	free(b.from.bytes);
}

static void what_cannot_be_is_no_frame(void **state)
{
	const struct shape tcp = { .payload = 5000 }, tcp6 = { .version = 6, .payload = 5000 };
	const struct shape udp = { .protocol = IPPROTO_UDP, .payload = 5000 };
	const struct shape other = { .protocol = IPPROTO_ICMP, .payload = 5000 };
	const enum cx_rx_checksum valid = CX_RX_CHECKSUM_VALID;

	assert_refused(&tcp, &(struct cx_coalesced){ .segments = 5001 }, 0, valid);
	assert_refused(&tcp, &(struct cx_coalesced){ .segments = 4 }, 1, valid);
	assert_refused(&tcp, &(struct cx_coalesced){ .segments = 4 }, -1, valid);
	assert_refused(&tcp6, &(struct cx_coalesced){ .segments = 4 }, 8, valid);
	assert_refused(&tcp, &(struct cx_coalesced){ .segments = 4 }, 0, CX_RX_CHECKSUM_BAD);
	assert_refused(&udp, &(struct cx_coalesced){ .segments = 4 }, 0, valid);
	assert_refused(&udp, &(struct cx_coalesced){ .segments = 4, .size = 1000 }, 0, valid);
	assert_refused(&udp, &(struct cx_coalesced){ .segments = 7, .size = 1000 }, 0, valid);
	assert_refused(&other, &(struct cx_coalesced){ .segments = 4 }, 0, valid);
}

static void acknowledgements_alone_are_no_super_packet(void **state)
{
	struct bench b = bench_with(&(struct shape){ .payload = 0 }, 30);

	b.packet.coalesced = (struct cx_coalesced){ .segments = 3, .acks = 2 };
	assert_true(describe(&b));
	assert_int_equal(b.frame.meta.mss, 0);
	assert_false(frame_parsed(&b.frame.meta));
	assert_true(b.frame.meta.checksum_valid);
	free(b.from.bytes);
}

/* IEEE 802.1Q 9.6: the priority in the upper three bits, the VLAN in the lower twelve. */
static void a_tag_beside_the_packet_is_put_in(void **state)
{
	for (size_t first = 5; first < 100; first += 7) {
		struct bench b = bench_with(&(struct shape){ .payload = 3000 }, first);

		b.packet.tag = (struct cx_tag){ .actions = 3, .priority = 6, .vlan = 0x123 };
		assert_true(describe(&b));
		assert_int_equal(b.length, b.from.length + 4);
		assert_memory_equal(b.bytes, b.from.bytes, 12);
		assert_memory_equal(b.bytes + 12, "\x81\x00\xC1\x23", 4);
		assert_memory_equal(b.bytes + 16, b.from.bytes + 12, b.from.length - 12);

		/* With segments, the headers lie four bytes further. */
		b.iov[1] = (struct iovec){ b.from.bytes, first };
		b.iov[2] = (struct iovec){ b.from.bytes + first, b.from.length - first };
		b.packet.coalesced.segments = 3;
		assert_true(describe(&b));
		assert_int_equal(b.frame.meta.mss, 1000);
		assert_int_equal(b.frame.meta.layout.l3_offset, 18);
		assert_segments(&b, 3, 1000);
		free(b.from.bytes);
	}
}

static void a_tag_needs_a_frame(void **state)
{
	struct bench b = bench_with(&(struct shape){ .payload = 10 }, 5);

	b.packet.tag = (struct cx_tag){ .actions = 1, .priority = 1 };
	b.iov[1].iov_len = 11;
	b.packet.count = 1;
	assert_false(describe(&b));
	free(b.from.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nothing_is_said_of_goes_up_as_it_is),
		cmocka_unit_test(segments_that_were_coalesced_go_up_as_a_super_packet),
		cmocka_unit_test(what_cannot_be_is_no_frame),
		cmocka_unit_test(acknowledgements_alone_are_no_super_packet),
		cmocka_unit_test(a_tag_beside_the_packet_is_put_in),
		cmocka_unit_test(a_tag_needs_a_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
