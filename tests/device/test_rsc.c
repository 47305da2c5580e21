/* SPDX-License-Identifier: MIT */
/* Receive segment coalescing, which rtl8168-ext has and the chip has not. */
#include "card.h"
#include "device/rtl8168/model.h"
#include "frames.h"
#include "queues.h"

#define SEGMENT        700
#define EVERYTHING     (RTL_RSC_BITS & ~RTL_RSC_DUPLICATES)
#define MODERATION     0x30

#define TCP_SEQUENCE   4
#define TCP_ACK        8
#define TCP_FLAGS      13
#define TCP_TIMESTAMP  24 /* TSval */
#define SYN            0x02
#define FIRST_SEQUENCE 77u /* frames.c has it */

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* What a segment is, beside its spec. */
struct segment {
	struct frame_spec spec;
	unsigned number; /* its place in the stream of SEGMENT bytes each */
	unsigned flow;
	uint8_t flags;
	bool bad; /* checksum */
};

static struct segment tcp(int version, unsigned number)
{
	return (struct segment){
		{ version, FRAME_TCP, SEGMENT, true, false }, number, 0, 0, false
	};
}

static struct segment udp(int version, unsigned number)
{
	return (struct segment){
		{ version, FRAME_UDP, SEGMENT, true, false }, number, 0, 0, false
	};
}

static size_t build(uint8_t *frame, const struct segment *s)
{
	size_t length = frame_build(frame, &s->spec), l4 = frame_l4(&s->spec);

	memcpy(frame, card_mac, 6);
	if (s->spec.version == 4)
		frame[19] = (uint8_t)(frame[19] + s->number); /* IP ID */
	frame[l4 + 1] = (uint8_t)(frame[l4 + 1] + s->flow);
	if (s->spec.protocol == FRAME_TCP) {
		put32(frame + l4 + TCP_SEQUENCE, FIRST_SEQUENCE + SEGMENT * s->number);
		put32(frame + l4 + TCP_TIMESTAMP, 1000 + 3 * s->number);
		frame[l4 + TCP_FLAGS] |= s->flags;
	}
	for (size_t i = 0; i < s->spec.payload; i++)
		frame[frame_headers(&s->spec) + i] = (uint8_t)(s->number * 31 + i);
	frame_sum(frame, &s->spec);
	if (s->bad)
		frame[length - 1] ^= 1;
	return length;
}

static void arrive(struct card *card, struct segment s)
{
	uint8_t frame[2048];
	size_t length = build(frame, &s);

	memory_wire_arrive(&card->wire, frame, length, NULL);
}

static void coalesce(struct card *card, uint32_t what)
{
	card_write(card, RTL_RSC, 4, what);
	card_write(card, RTL_CPCR, 2, RTL_CPCR_RX_CHECKSUM);
	card_write(card, RTL_MODERATE_RX, 1, MODERATION);
}

static void pump(struct card *card)
{
	while (device_pump(card->device, 64))
		;
}

static bool owned(struct card *card, int i)
{
	return card->rx[i].status & RTL_OWN;
}

/* A packet of descriptors @first on, in one piece. Return: its length; *next: the descriptor behind
 */
static size_t packet_at(struct card *card, int first, uint8_t *bytes, int *last)
{
	size_t length = 0;

	assert_true(card->rx[first].status & RTL_FS);
	for (*last = first;; ++*last) {
		size_t part = card->rx[*last].length;

		assert_false(owned(card, *last));
		assert_int_equal(card->rx[*last].status & RTL_FS, *last == first ? RTL_FS : 0);
		if (card->rx[*last].status & RTL_LS)
			part -= RTL_CRC_LENGTH;
		memcpy(bytes + length, card_rx_buffer(card, *last), part);
		length += part;
		if (card->rx[*last].status & RTL_LS)
			return length;
	}
}

/* Segments from..to-1 of a stream as one packet that begins in descriptor @first. Return: its last.
 */
static int assert_packet(struct card *card, int first, struct segment of, unsigned from,
			 unsigned to)
{
	uint8_t bytes[CARD_RX * CARD_RX_BUFFER], one[2048];
	struct frame_spec whole = of.spec;
	size_t headers = frame_headers(&of.spec), l4 = frame_l4(&of.spec);
	int last;

	whole.payload = (size_t)SEGMENT * (to - from);
	assert_int_equal(packet_at(card, first, bytes, &last), headers + whole.payload);
	of.number = from;
	build(one, &of);
	if (of.spec.protocol == FRAME_TCP) {
		assert_int_equal(get32(bytes + l4 + TCP_SEQUENCE), FIRST_SEQUENCE + SEGMENT * from);
		assert_int_equal(get32(bytes + l4 + TCP_TIMESTAMP), 1000 + 3 * (to - 1));
	}
	for (unsigned n = from; n < to; n++)
		for (size_t i = 0; i < SEGMENT; i++)
			assert_int_equal(bytes[headers + (n - from) * SEGMENT + i],
					 (uint8_t)(n * 31 + i));
	assert_true(frame_sums_right(bytes, &whole));
	assert_int_equal(card->rx[last].status & (RTL_RX_TCP | RTL_RX_UDP | RTL_RX_IP_FAIL),
			 of.spec.protocol == FRAME_TCP ? RTL_RX_TCP : RTL_RX_UDP);
	assert_int_equal(card->rx[last].offload & ~RTL_RX_VLAN,
			 (of.spec.version == 4 ? RTL_RX_IPV4 : RTL_RX_IPV6) |
				 (to - from > 1 ? RTL_RX_COALESCED : 0));
	return last;
}

static void assert_said(struct card *card, int last, unsigned segments, unsigned second,
			uint32_t timestamps)
{
	assert_true(card->rx[last].offload & RTL_RX_COALESCED);
	assert_int_equal(RTL_RSC_SEGMENTS(card->rx[last].address), segments);
	assert_int_equal(RTL_RSC_SIZE(card->rx[last].address), second);
	assert_int_equal(RTL_RSC_TIMESTAMP(card->rx[last].address), timestamps);
}

static void the_register_keeps_what_it_knows(void **state)
{
	struct card *card = *state;

	card_write(card, RTL_RSC, 4, UINT32_MAX);
	assert_int_equal(card_read(card, RTL_RSC, 4), RTL_RSC_BITS);
	card_write(card, RTL_CMD, 1, RTL_CMD_RST);
	assert_int_equal(card_read(card, RTL_RSC, 4), 0);
}

static void the_real_chip_has_none(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	assert_int_equal(card_read(card, RTL_RSC, 4), 0);
	arrive(card, tcp(4, 0));
	arrive(card, tcp(4, 1));
	pump(card);
	assert_packet(card, 0, tcp(4, 0), 0, 1);
	assert_packet(card, 1, tcp(4, 0), 1, 2);
	assert_int_equal(card_counters(card)->rx_coalesced, 0);
}

/* Five segments: the headers, and 3,500 bytes in two descriptors. */
static void segments_become_one_packet(void **state)
{
	static const int versions[] = { 4, 6 };
	struct card *card = *state;
	int at = 0;

	coalesce(card, EVERYTHING);
	for (int v = 0; v < 2; v++) {
		for (unsigned i = 0; i < 5; i++)
			arrive(card, tcp(versions[v], i));
		pump(card);
		at = assert_packet(card, at, tcp(versions[v], 0), 0, 5);
		assert_int_equal(at, 3 * v + 2);
		assert_said(card, at++, 5, 0, 12);
	}
	assert_int_equal(card_counters(card)->rx_coalesced, 2);
	assert_int_equal(card_counters(card)->rx_coalesced_segments, 10);
	assert_int_equal(card_counters(card)->rx_frames, 10);
	assert_int_equal(card_counters(card)->rx_bytes,
			 5 * (14 + 20 + 32 + SEGMENT) + 5 * (14 + 40 + 32 + SEGMENT));
}

static void datagrams_of_one_size_become_one_packet(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	for (unsigned i = 0; i < 4; i++)
		arrive(card, udp(6, i));
	pump(card);
	assert_packet(card, 0, udp(6, 0), 0, 4);
	assert_said(card, 2, 4, SEGMENT, 0);
}

/* One interrupt tells of all of it. */
static void a_packet_has_one_interrupt(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	card_write(card, RTL_IMR, 2, RTL_ROK);
	for (unsigned i = 0; i < 5; i++)
		arrive(card, tcp(4, i));
	pump(card);
	assert_int_equal(card->interrupts, 1);
}

static void each_bit_is_its_own(void **state)
{
	static const struct {
		uint32_t bits;
		bool tcp4, tcp6, udp4, udp6;
	} cases[] = {
		{ RTL_RSC_TCP4 | RTL_RSC_TIMESTAMPS, true, false, false, false },
		{ RTL_RSC_TCP6 | RTL_RSC_TIMESTAMPS, false, true, false, false },
		{ RTL_RSC_UDP4, false, false, true, false },
		{ RTL_RSC_UDP6, false, false, false, true },
		{ RTL_RSC_TCP4 | RTL_RSC_TCP6, false, false, false,
		  false }, /* frames have the option */
		{ RTL_RSC_TIMESTAMPS, false, false, false, false },
		{ 0, false, false, false, false },
	};
	struct card *card = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t before = card_counters(card)->rx_coalesced;

		coalesce(card, cases[i].bits);
		for (unsigned n = 0; n < 2; n++) {
			arrive(card, tcp(4, n));
			arrive(card, tcp(6, n));
			arrive(card, udp(4, n));
			arrive(card, udp(6, n));
		}
		pump(card);
		assert_int_equal(card_counters(card)->rx_coalesced - before,
				 cases[i].tcp4 + cases[i].tcp6 + cases[i].udp4 + cases[i].udp6);
		for (int d = 0; d < CARD_RX; d++)
			card_rx_return(card, d);
		card_write(card, RTL_RDSAR, 4, (uint32_t)card->rx_logical); /* from the beginning */
	}
	assert_int_equal(card_counters(card)->rx_frames, 8 * sizeof(cases) / sizeof(cases[0]));
}

static void what_does_not_follow_stays_alone(void **state)
{
	struct card *card = *state;
	struct segment syn = tcp(4, 2), bad = tcp(4, 5);

	coalesce(card, EVERYTHING);
	syn.flags = SYN;
	bad.bad = true;
	arrive(card, tcp(4, 0));
	arrive(card, tcp(4, 1));
	arrive(card, syn);
	arrive(card, tcp(4, 4)); /* behind a gap */
	arrive(card, bad);
	pump(card);
	assert_int_equal(assert_packet(card, 0, tcp(4, 0), 0, 2), 1);
	assert_int_equal(card->rx[2].status & (RTL_FS | RTL_LS), RTL_FS | RTL_LS);
	assert_false(card->rx[2].offload & RTL_RX_COALESCED);
	assert_int_equal(assert_packet(card, 3, tcp(4, 0), 4, 5), 3);
	assert_true(card->rx[4].offload & RTL_RX_TCP_FAIL);
	assert_false(card->rx[4].offload & RTL_RX_COALESCED);
	assert_true(owned(card, 5));
}

/* Frames that take turns; the order within a flow stays. */
static void flows_are_told_apart(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	for (unsigned n = 0; n < 2; n++) {
		for (unsigned flow = 0; flow < 3; flow++) {
			struct segment s = tcp(4, n);

			s.flow = flow;
			arrive(card, s);
		}
	}
	pump(card);
	for (int i = 0; i < 3; i++)
		assert_int_equal(assert_packet(card, 2 * i, tcp(4, 0), 0, 2), 2 * i + 1);
	assert_true(owned(card, 6));
}

/* More flows than are coalesced at a time, and fragments, which end all of theirs at once. */
static void nothing_is_lost_when_all_ends_at_once(void **state)
{
	struct card *card = *state;
	uint8_t fragment[100] = { 0 };
	struct frame_spec spec = { 4, FRAME_TCP, 20, true, false };
	int last = 0, seen = 0;

	coalesce(card, EVERYTHING);
	for (unsigned n = 0; n < 2; n++) {
		for (unsigned flow = 0; flow < RTL_RSC_FLOWS; flow++) {
			struct segment s = tcp(4, n);

			s.flow = flow;
			arrive(card, s);
		}
	}
	frame_build(fragment, &spec);
	memcpy(fragment, card_mac, 6);
	fragment[20] = 0x20; /* more fragments */
	frame_sum(fragment, &spec);
	memory_wire_arrive(&card->wire, fragment, frame_headers(&spec) + 20, NULL);
	for (int i = 0; i < 2 * RTL_RSC_FLOWS; i++) {
		pump(card);
		for (; !owned(card, last); last = (last + 1) % CARD_RX) {
			seen += (card->rx[last].status & RTL_LS) != 0;
			card_rx_return(card, last);
		}
	}
	assert_int_equal(seen, RTL_RSC_FLOWS + 1);
	assert_int_equal(card_counters(card)->rx_coalesced, RTL_RSC_FLOWS);
	assert_int_equal(card_counters(card)->rx_frames, 2 * RTL_RSC_FLOWS + 1);
	assert_int_equal(card_counters(card)->rx_errors, 0);
}

static void a_packet_waits_for_all_its_descriptors(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	card_write(card, RTL_IMR, 2, RTL_ROK | RTL_RDU);
	for (int i = 1; i < CARD_RX; i++) /* one is the device's */
		card->rx[i].status &= (uint16_t)~RTL_OWN;
	for (unsigned i = 0; i < 5; i++)
		arrive(card, tcp(4, i));
	pump(card);
	assert_true(owned(card, 0));
	assert_int_equal(card->seen, RTL_RDU);
	assert_int_equal(card->interrupts, 1);
	assert_false(device_receive_ready(card->device));
	pump(card);
	assert_int_equal(card->interrupts, 1);

	card_rx_return(card, 1);
	pump(card);
	assert_true(owned(card, 1));
	card_rx_return(card, 2);
	card_rx_return(card, 3);
	pump(card);
	assert_int_equal(assert_packet(card, 0, tcp(4, 0), 0, 5), 2);
	assert_true(owned(card, 3));
	assert_true(device_receive_ready(card->device));
}

static void a_packet_larger_than_the_ring_is_an_error(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	for (unsigned i = 0; i < CARD_RX * CARD_RX_BUFFER / SEGMENT + 2; i++)
		arrive(card, tcp(4, i));
	arrive(card, udp(4, 0));
	pump(card);
	assert_int_equal(assert_packet(card, 0, udp(4, 0), 0, 1), 0);
	assert_int_equal(card_counters(card)->rx_errors, 1);
	assert_true(card_read(card, RTL_ISR, 2) & RTL_RER);
	assert_true(journal_tells(&card->journal, "is more than the ring has"));
}

/* A super-packet of the wire's is what its segments are. */
static void a_super_packet_is_its_segments(void **state)
{
	struct card *card = *state;
	struct segment s = tcp(4, 0);
	uint8_t frame[128 + 5 * SEGMENT];
	size_t length;

	coalesce(card, EVERYTHING);
	s.spec.payload = 5 * SEGMENT - 100;
	s.spec.final = false;
	length = build(frame, &s);
	for (size_t i = 0; i < s.spec.payload; i++)
		frame[frame_headers(&s.spec) + i] = (uint8_t)(i / SEGMENT * 31 + i % SEGMENT);
	memory_wire_arrive(&card->wire, frame, length,
			   &(struct frame_meta){ .mss = SEGMENT, .needs_checksum = true });
	pump(card);
	assert_int_equal(card->rx[0].length, frame_headers(&s.spec));
	assert_int_equal(card->rx[1].length, CARD_RX_BUFFER - RTL_CRC_LENGTH);
	assert_said(card, 2, 5, 0, 0);
	assert_memory_equal(card_rx_buffer(card, 1), frame + frame_headers(&s.spec), 1000);
	assert_int_equal(card_counters(card)->rx_frames, 5);
}

/* The driver switches while packets wait: they go first, and in order. */
static void switching_off_loses_nothing(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	for (int i = 1; i < CARD_RX; i++)
		card->rx[i].status &= (uint16_t)~RTL_OWN;
	for (unsigned i = 0; i < 5; i++)
		arrive(card, tcp(4, i));
	pump(card);
	coalesce(card, 0);
	for (unsigned i = 5; i < 7; i++)
		arrive(card, tcp(4, i));
	for (int i = 1; i < CARD_RX; i++)
		card_rx_return(card, i);
	pump(card);
	assert_int_equal(assert_packet(card, 0, tcp(4, 0), 0, 5), 2);
	assert_int_equal(assert_packet(card, 3, tcp(4, 0), 5, 6), 3);
	assert_int_equal(assert_packet(card, 4, tcp(4, 0), 6, 7), 4);
	coalesce(card, EVERYTHING);
	for (unsigned i = 7; i < 9; i++)
		arrive(card, tcp(4, i));
	pump(card);
	assert_int_equal(assert_packet(card, 5, tcp(4, 0), 7, 9), 6);
}

static void the_receiver_forgets_when_it_is_off(void **state)
{
	struct card *card = *state;

	coalesce(card, EVERYTHING);
	for (int i = 0; i < CARD_RX; i++)
		card->rx[i].status &= (uint16_t)~RTL_OWN;
	arrive(card, tcp(4, 0));
	arrive(card, tcp(4, 1));
	pump(card);
	card_write(card, RTL_CMD, 1, RTL_CMD_TE);
	card_start(card);
	coalesce(card, EVERYTHING);
	arrive(card, tcp(4, 8));
	pump(card);
	assert_int_equal(assert_packet(card, 0, tcp(4, 0), 8, 9), 0);
	assert_true(owned(card, 1));
}

static void a_tag_goes_into_the_descriptor(void **state)
{
	struct card *card = *state;
	uint8_t frame[2048], tagged[2048];

	coalesce(card, EVERYTHING);
	for (int strip = 0; strip < 2; strip++) {
		int at = 3 * strip;

		card_write(card, RTL_CPCR, 2,
			   RTL_CPCR_RX_CHECKSUM | (strip ? RTL_CPCR_RX_VLAN : 0));
		for (unsigned i = 0; i < 4; i++) {
			struct segment s = tcp(4, i);
			size_t length = build(frame, &s);

			memcpy(tagged, frame, 12);
			memcpy(tagged + 12, (uint8_t[]){ 0x81, 0, 0xA1, 0x23 }, 4);
			memcpy(tagged + 16, frame + 12, length - 12);
			memory_wire_arrive(&card->wire, tagged, length + 4, NULL);
		}
		pump(card);
		if (strip) {
			assert_packet(card, at, tcp(4, 0), 0, 4);
			assert_memory_equal(&card->rx[at + 2].vlan, tagged + 14, 2);
			assert_true(card->rx[at + 2].offload & RTL_RX_VLAN);
		} else {
			assert_memory_equal(card_rx_buffer(card, at), tagged, 16);
			assert_int_equal(card->rx[at + 2].vlan, 0);
			assert_false(card->rx[at + 2].offload & RTL_RX_VLAN);
			assert_said(card, at + 2, 4, 0, 9);
		}
	}
}

/* A flow's packet goes to the ring that its hash picks, as its frames would have, and tells it. */
static void packets_go_to_their_rss_queue(void **state)
{
	struct card *card = *state;
	struct queues *q = queues_create(card);
	struct rtl8168 *model = (struct rtl8168 *)card->device;
	struct segment s = tcp(4, 0);
	uint8_t frame[2048];
	size_t length = build(frame, &s);
	unsigned queue, kind;
	uint32_t hash;

	queues_on(q);
	coalesce(card, EVERYTHING);
	queue = rtl_rss_queue(&model->rx.rss, frame, length);
	kind = rtl_rss_hash(&model->rx.rss, frame, length, &hash);
	for (unsigned i = 0; i < 5; i++)
		arrive(card, tcp(4, i));
	pump(card);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		assert_int_equal(queues_filled(q, n), n == queue ? 3 : 0);
	assert_int_equal(q->rx[queue][0].address, (uint64_t)kind << 32 | hash);
	queues_destroy(q);
}

int main(void)
{
#define TEST(name)     cmocka_unit_test_setup_teardown(name, card_set_up, card_tear_down)
#define TEST_EXT(name) cmocka_unit_test_setup_teardown(name, card_set_up_ext, card_tear_down)
	const struct CMUnitTest tests[] = {
		TEST_EXT(the_register_keeps_what_it_knows),
		TEST(the_real_chip_has_none),
		TEST_EXT(segments_become_one_packet),
		TEST_EXT(datagrams_of_one_size_become_one_packet),
		TEST_EXT(a_packet_has_one_interrupt),
		TEST_EXT(each_bit_is_its_own),
		TEST_EXT(what_does_not_follow_stays_alone),
		TEST_EXT(flows_are_told_apart),
		TEST_EXT(nothing_is_lost_when_all_ends_at_once),
		TEST_EXT(a_packet_waits_for_all_its_descriptors),
		TEST_EXT(a_packet_larger_than_the_ring_is_an_error),
		TEST_EXT(a_super_packet_is_its_segments),
		TEST_EXT(switching_off_loses_nothing),
		TEST_EXT(the_receiver_forgets_when_it_is_off),
		TEST_EXT(a_tag_goes_into_the_descriptor),
		TEST_EXT(packets_go_to_their_rss_queue),
	};

	return cmocka_run_group_tests_name("device rsc", tests, NULL, NULL);
}
