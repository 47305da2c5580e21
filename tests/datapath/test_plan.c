/* SPDX-License-Identifier: MIT */
/*
 * What a driver is given whole and what software does in its place: every kind of header against
 * what hardware may declare, limits and sizes at their edges, and pieces that are the same bytes
 * whoever cuts.
 */
#include <netinet/in.h>
#include <string.h>

#include "base/array.h"
#include "datapath/private.h"
#include "stage/make_frame.h"
#include "test.h"

/* A packet with the headers of one kind, and which bits of the word stand for it. */
struct kind {
	struct shape shape;
	unsigned l3, l4;
};

static const struct kind kinds[] = {
	{ { .version = 4 }, CX_L3_IPV4, CX_L4_TCP },
	{ { .version = 4, .tcp_words = 3 }, CX_L3_IPV4, CX_L4_TCP_OPTIONS },
	{ { .version = 4, .ip_words = 2 }, CX_L3_IPV4_OPTIONS, CX_L4_TCP },
	{ { .version = 4, .ip_words = 2, .tcp_words = 3 }, CX_L3_IPV4_OPTIONS, CX_L4_TCP_OPTIONS },
	{ { .version = 6 }, CX_L3_IPV6, CX_L4_TCP },
	{ { .version = 6, .tcp_words = 3 }, CX_L3_IPV6, CX_L4_TCP_OPTIONS },
	{ { .version = 6, .ip_words = 1, .hop_by_hop = true }, CX_L3_IPV6_EXTENSIONS, CX_L4_TCP },
	{ { .version = 6, .ip_words = 1, .hop_by_hop = true, .tcp_words = 3 },
	  CX_L3_IPV6_EXTENSIONS,
	  CX_L4_TCP_OPTIONS },
	{ { .version = 4, .protocol = IPPROTO_UDP }, CX_L3_IPV4, CX_L4_UDP },
	{ { .version = 4, .protocol = IPPROTO_UDP, .ip_words = 2 }, CX_L3_IPV4_OPTIONS, CX_L4_UDP },
	{ { .version = 6, .protocol = IPPROTO_UDP }, CX_L3_IPV6, CX_L4_UDP },
	{ { .version = 6, .protocol = IPPROTO_UDP, .ip_words = 1, .hop_by_hop = true },
	  CX_L3_IPV6_EXTENSIONS,
	  CX_L4_UDP },
};

#define L4_ANY (CX_L4_ALL_TCP | CX_L4_UDP)

static struct cx_kinds both(unsigned l3, unsigned l4)
{
	return (struct cx_kinds){ (uint8_t)l3, (uint8_t)l4 };
}

/* A driver that does this for these kinds of headers, and has room for the requests. */
static struct dp_tx_rules rules_of(unsigned l3, unsigned l4)
{
	const struct cx_offload_state state = {
		.tx_checksum.ipv4.l3 = l3 & CX_L3_ALL_IPV4,
		.tx_checksum.tcp = both(l3, l4 & CX_L4_ALL_TCP),
		.tx_checksum.udp = both(l3, l4 & CX_L4_UDP),
		.lso.kinds = both(l3, l4 & CX_L4_ALL_TCP),
		.uso.kinds = both(l3, l4 & CX_L4_UDP),
	};

	return (struct dp_tx_rules){ .active = cx_tx_word(&state),
				     .lso = { 64000, 2, 0 },
				     .uso = { 60000, 3, 0 },
				     .checksum_extension = true,
				     .lso_extension = true,
				     .fallback = true };
}

static struct dp_plan plan_for(const struct test_frame *frame, uint16_t mss,
			       const struct dp_tx_rules *rules)
{
	const struct iovec iov = { frame->bytes, frame->length };
	const struct frame_meta meta = { .mss = mss, .needs_checksum = true };
	struct dp_plan plan;

	dp_plan(&plan, &iov, 1, frame->length, &meta, rules);
	assert_int_equal(plan.parsed, LSO_OK);
	return plan;
}

static struct test_frame frame_of(const struct kind *kind, size_t payload)
{
	struct shape shape = kind->shape;

	shape.payload = payload;
	return make_frame(&shape);
}

static bool is_segmented_by_hardware(const struct kind *kind, size_t payload, uint16_t mss,
				     const struct dp_tx_rules *rules)
{
	struct test_frame frame = frame_of(kind, payload);
	const struct dp_plan plan = plan_for(&frame, mss, rules);

	assert_true(plan.segment == !plan.mss);
	assert_false(plan.drop);
	free(frame.bytes);
	return plan.mss;
}

/* All 16 layer 3 and 8 layer 4 declarations: only what both name is the hardware's. */
static void headers_decide(void **state)
{
	for (unsigned l3 = 0; l3 <= CX_L3_ALL; l3++) {
		for (unsigned l4 = 0; l4 <= L4_ANY; l4++) {
			const struct dp_tx_rules rules = rules_of(l3, l4);

			for (size_t k = 0; k < ARRAY_COUNT(kinds); k++)
				assert_int_equal(
					is_segmented_by_hardware(&kinds[k], 10000, 1000, &rules),
					(l3 & kinds[k].l3) && (l4 & kinds[k].l4));
		}
	}
}

static void headers_decide_who_sums(void **state)
{
	for (unsigned l3 = 0; l3 <= CX_L3_ALL; l3++) {
		for (unsigned l4 = 0; l4 <= L4_ANY; l4++) {
			const struct dp_tx_rules rules = rules_of(l3, l4);

			for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
				struct test_frame frame = frame_of(&kinds[k], 100);
				const struct dp_plan plan = plan_for(&frame, 0, &rules);

				assert_int_equal(plan.hardware_l4,
						 (l3 & kinds[k].l3) && (l4 & kinds[k].l4));
				assert_int_equal(plan.software_checksum, !plan.hardware_l4);
				assert_int_equal(plan.hardware_l3,
						 (l3 & kinds[k].l3 & CX_L3_ALL_IPV4) != 0);
				free(frame.bytes);
			}
		}
	}
}

/* MaximumOffloadSize counts payload; MinimumSegmentCount what it divides into. */
static void sizes_decide(void **state)
{
	const struct dp_tx_rules rules = rules_of(CX_L3_ALL, L4_ANY);
	const struct kind *tcp = &kinds[0], *udp = &kinds[8];

	assert_true(is_segmented_by_hardware(tcp, 64000, 1000, &rules));
	assert_false(is_segmented_by_hardware(tcp, 64001, 1000, &rules));
	assert_true(is_segmented_by_hardware(tcp, 1001, 1000, &rules));
	assert_false(is_segmented_by_hardware(tcp, 1000, 1000, &rules));
	assert_true(is_segmented_by_hardware(udp, 60000, 1000, &rules));
	assert_false(is_segmented_by_hardware(udp, 60001, 1000, &rules));
	assert_true(is_segmented_by_hardware(udp, 2001, 1000, &rules));
	assert_false(is_segmented_by_hardware(udp, 2000, 1000, &rules));
}

/* A header may begin at the limit, not behind it. */
static void offset_limits_decide(void **state)
{
	for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
		struct test_frame frame = frame_of(&kinds[k], 5000);
		struct dp_tx_rules rules = rules_of(CX_L3_ALL, L4_ANY);
		uint16_t *gso = kinds[k].shape.protocol ? &rules.uso.l4_offset_limit
							: &rules.lso.l4_offset_limit;

		*gso = (uint16_t)frame.l4;
		assert_int_equal(plan_for(&frame, 1000, &rules).mss, 1000);
		*gso = (uint16_t)(frame.l4 - 1);
		assert_int_equal(plan_for(&frame, 1000, &rules).mss, 0);

		rules.checksum_l4_limit = (uint16_t)frame.l4;
		rules.checksum_l3_limit = (uint16_t)frame.l3;
		assert_true(plan_for(&frame, 0, &rules).hardware_l4);
		rules.checksum_l4_limit--;
		assert_true(plan_for(&frame, 0, &rules).software_checksum);
		assert_int_equal(plan_for(&frame, 0, &rules).hardware_l3, frame.bytes[12] == 0x08);
		rules.checksum_l4_limit++;
		rules.checksum_l3_limit--;
		assert_true(plan_for(&frame, 0, &rules).software_checksum);
		assert_false(plan_for(&frame, 0, &rules).hardware_l3);
		free(frame.bytes);
	}
}

/* Without room for the request in its packets nothing is asked of the driver. */
static void extensions_decide(void **state)
{
	struct dp_tx_rules rules = rules_of(CX_L3_ALL, L4_ANY);

	rules.lso_extension = rules.checksum_extension = false;
	for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
		struct test_frame frame = frame_of(&kinds[k], 5000);
		const struct dp_plan plan = plan_for(&frame, 0, &rules);

		assert_true(plan_for(&frame, 1000, &rules).segment);
		assert_true(plan.software_checksum && !plan.hardware_l4 && !plan.hardware_l3);
		free(frame.bytes);
	}
}

/* SYN, RST or URG cannot be on every segment; UDP has no flags at that place. */
static void flags_decide(void **state)
{
	const struct dp_tx_rules rules = rules_of(CX_L3_ALL, L4_ANY);

	for (unsigned flag = 1; flag < 0x100; flag <<= 1) {
		struct test_frame tcp = frame_of(&kinds[0], 5000), udp = frame_of(&kinds[8], 5000);

		tcp.bytes[tcp.l4 + 13] = (uint8_t)(0x10 | flag);
		udp.bytes[udp.l4 + 13] = (uint8_t)(0x10 | flag);
		assert_int_equal(plan_for(&tcp, 1000, &rules).mss != 0, !(flag & 0x26));
		assert_int_equal(plan_for(&udp, 1000, &rules).mss, 1000);
		free(tcp.bytes);
		free(udp.bytes);
	}
}

/* ---- the same bytes ---- */

/* What hardware makes of the packet that a driver would get: its seed, its MSS, NDIS' IP IDs. */
static void by_hardware(const struct test_frame *frame, struct lso_segmenter *segmenter)
{
	const struct dp_tx_rules rules = rules_of(CX_L3_ALL, L4_ANY);
	const struct dp_plan plan = plan_for(frame, 1000, &rules);
	const struct iovec iov = { frame->bytes, frame->length };
	const struct lso_options options = { .mss = plan.mss,
					     .ip_id = plan.layout.l4_protocol == IPPROTO_TCP
							      ? LSO_IP_ID_NDIS
							      : LSO_IP_ID_LINUX };

	assert_int_equal(plan.mss, 1000);
	dp_seed_without_length(frame->bytes, &plan.layout);
	assert_int_equal(lso_begin(segmenter, &iov, 1, &options), LSO_OK);
}

static void by_software(const struct test_frame *frame, struct dp_split *split)
{
	const struct dp_tx_rules rules = rules_of(0, 0);
	const struct dp_plan plan = plan_for(frame, 1000, &rules);

	assert_true(plan.segment);
	split->packet[0] = (struct iovec){ frame->bytes, frame->length / 3 };
	split->packet[1] = (struct iovec){ frame->bytes + frame->length / 3,
					   frame->length - frame->length / 3 };
	split->layout = plan.layout;
	assert_true(dp_split_begin(split, 1000, plan.ip_id));
}

static void expect_same_pieces(const struct kind *kind, size_t payload, uint16_t id)
{
	static struct lso_segmenter hardware;
	static struct dp_split software;
	struct test_frame mine = frame_of(kind, payload), theirs = frame_of(kind, payload);
	uint8_t a[2048], b[2048];
	unsigned pieces = 0;
	size_t length;

	for (struct test_frame *f = &mine; kind->shape.version == 4; f = &theirs) {
		f->bytes[f->l3 + 4] = (uint8_t)(id >> 8);
		f->bytes[f->l3 + 5] = (uint8_t)id;
		if (f == &theirs)
			break;
	}
	by_hardware(&theirs, &hardware);
	by_software(&mine, &software);
	while ((length = lso_next(&hardware, a)) > 0) {
		assert_int_equal(lso_next(&software.segmenter, b), length);
		assert_memory_equal(a, b, length);
		pieces++;
	}
	assert_int_equal(lso_next(&software.segmenter, b), 0);
	assert_int_equal(pieces, (payload + 999) / 1000);
	free(mine.bytes);
	free(theirs.bytes);
}

static void software_cuts_as_hardware(void **state)
{
	static const uint16_t ids[] = { 0, 0x1234, 0x7FFE, 0x7FFF, 0xFFFD };

	for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
		for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
			expect_same_pieces(&kinds[k], 2001, ids[i]);
			expect_same_pieces(&kinds[k], 30000, ids[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_decide),
		cmocka_unit_test(headers_decide_who_sums),
		cmocka_unit_test(sizes_decide),
		cmocka_unit_test(offset_limits_decide),
		cmocka_unit_test(extensions_decide),
		cmocka_unit_test(flags_decide),
		cmocka_unit_test(software_cuts_as_hardware),
	};

	return cmocka_run_group_tests_name("datapath: plan", tests, NULL, NULL);
}
