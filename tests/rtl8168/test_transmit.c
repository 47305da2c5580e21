/* SPDX-License-Identifier: MIT */
/* The transmit queue: descriptors, large sends, checksums, completion. */
#include "traffic.h"

static void assert_good(const struct kept_frame *frame)
{
	struct lso_verdicts sums = lso_verify(frame->bytes, frame->length);

	assert_int_not_equal(sums.ipv4, LSO_SUM_BAD);
	assert_int_equal(sums.l4, LSO_SUM_GOOD);
}

static bool all_returned(const struct stage *s)
{
	return traffic_begin(s->tx) == traffic_end(s->tx);
}

/* NDIS' template: the checksum holds the pseudo-header without the length, IPv4's length may be 0.
 */
static void as_large_send(uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = frame, .iov_len = length };
	struct lso_layout layout;
	uint16_t seed;

	lso_parse(&iov, 1, &layout);
	seed = lso_pseudo_sum(frame, &layout, 0);
	memcpy(frame + layout.l4_offset + 16, &seed, 2);
	if (layout.ip_version == 4)
		memset(frame + layout.l3_offset + 2, 0, 2);
}

static void post_large_send(struct stage *s, int version, size_t payload, uint16_t mss,
			    size_t piece)
{
	static uint8_t frame[66000];
	size_t length = traffic_tcp(frame, version, payload);

	as_large_send(frame, length);
	traffic_post(s, frame, length, &(struct traffic_offer){ .mss = mss, .piece = piece });
}

static void large_send(int version, size_t payload, uint16_t mss, size_t piece)
{
	struct stage *s = card_stage();
	size_t header = version == 4 ? 54 : 74, seen = 0;

	card_stage_up(s);
	post_large_send(s, version, payload, mss, piece);
	traffic_advance_tx(s);
	assert_true(all_returned(s));
	assert_int_equal(s->wire->sent.count, (payload + mss - 1) / mss);
	for (unsigned i = 0; i < s->wire->sent.count; i++) {
		const struct kept_frame *sent = &s->wire->sent.frames[i];

		assert_good(sent);
		for (size_t n = header; n < sent->length && seen < payload; n++, seen++)
			assert_int_equal(sent->bytes[n], (uint8_t)(seen * 7 + seen / 251));
	}
	assert_int_equal(seen, payload);
	card_stage_free(s);
}

static void large_sends(void **state)
{
	(void)state;
	large_send(4, 64000, 1460, 0);
	large_send(6, 64000, 1440, 0);
	large_send(4, 30000, 1460, 2000);
	large_send(6, 30000, 536, 2000);
	large_send(4, 3001, 1500, 100); /* the headers in two fragments' reach */
}

/*
 * Large sends that come late, when LSO of their family has been switched off, are completed and do
 * not reach the wire: page OID_TCP_OFFLOAD_PARAMETERS.
 */
static void switched_off_family_is_dropped(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	card_stage_up(s);
	stage_set_lso(s, 1, 0);
	post_large_send(s, 4, 8000, 1000, 0);
	post_large_send(s, 6, 8000, 1000, 0);
	traffic_advance_tx(s);
	assert_true(all_returned(s));
	assert_int_equal(s->wire->sent.count, 8);
	assert_int_equal(s->wire->sent.frames[0].bytes[12], 0x86);

	stage_set_lso(s, 2, 1);
	post_large_send(s, 6, 8000, 1000, 0);
	post_large_send(s, 4, 8000, 1000, 0);
	traffic_advance_tx(s);
	assert_true(all_returned(s));
	assert_int_equal(s->wire->sent.count, 16);
	assert_int_equal(s->wire->sent.frames[8].bytes[12], 0x08);
	card_stage_free(s);
}

static void checksums(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[1600];

	(void)state;
	card_stage_up(s);
	for (int version = 4; version <= 6; version += 2) {
		for (int udp = 0; udp < 2; udp++) {
			size_t length = udp ? traffic_udp(frame, version, 701)
					    : traffic_tcp(frame, version, 701);
			size_t l4 = version == 4 ? 34 : 54;

			memset(frame + l4 + (udp ? 6 : 16), 0x55, 2);
			if (version == 4)
				memset(frame + 24, 0, 2);
			traffic_post(s, frame, length,
				     &(struct traffic_offer){ .layer3 = version == 4,
							      .layer4 = true,
							      .piece = 300 });
		}
	}
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 4);
	for (int i = 0; i < 4; i++)
		assert_good(&s->wire->sent.frames[i]);
	card_stage_free(s);
}

/* What nobody asked for is not touched: a wrong checksum goes out as it is. */
static void passes_through(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[600];
	size_t length = traffic_tcp(frame, 4, 500);

	(void)state;
	frame[50] ^= 0xff;
	card_stage_up(s);
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 1);
	assert_int_equal(s->wire->sent.frames[0].length, length);
	assert_memory_equal(s->wire->sent.frames[0].bytes, frame, length);
	card_stage_free(s);
}

static void ignored_packets_are_returned(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 100);

	(void)state;
	card_stage_up(s);
	traffic_post(s, frame, length, &(struct traffic_offer){ .ignore = true });
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_post(s, frame, 0, &(struct traffic_offer){ .ignore = true });
	traffic_advance_tx(s);
	assert_true(all_returned(s));
	assert_int_equal(s->wire->sent.count, 1);
	card_stage_free(s);
}

/* More fragments than descriptors: what does not fit waits its turn; the ring wraps at any place.
 */
static void ring_smaller_than_the_load(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[800];
	size_t length = traffic_tcp(frame, 4, 700);
	int advances = 0;

	(void)state;
	stage_keyword(s, "*TransmitBuffers", "64");
	card_stage_up(s);
	for (int i = 0; i < 200; i++) {
		frame[60] = (uint8_t)i;
		traffic_post(s, frame, length, &(struct traffic_offer){ .piece = 100 });
	}
	while (!all_returned(s)) {
		traffic_advance_tx(s);
		assert_in_range(++advances, 1, 200);
	}
	assert_int_equal(s->wire->sent.count, 200);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(s->wire->sent.frames[i].length, length);
		assert_int_equal(s->wire->sent.frames[i].bytes[60], (uint8_t)i);
	}
	card_stage_free(s);
}

/* One doorbell for all that an Advance finds: the device takes them in one go. */
static void one_doorbell_per_advance(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 100);

	(void)state;
	card_stage_up(s);
	for (int i = 0; i < 20; i++)
		traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 20);
	assert_int_equal(s->wire->sent.batches, 1);
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.batches, 1);
	card_stage_free(s);
}

/* One notification for each time it is asked for, and none for what was seen already. */
static void notifies_once(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[200];
	size_t length = traffic_tcp(frame, 4, 100);

	(void)state;
	card_stage_up(s);
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	assert_int_equal(s->tx_notifies, 0);
	traffic_arm(s->tx);
	assert_int_equal(s->tx_notifies, 0);
	for (int i = 0; i < 3; i++) {
		traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
		traffic_advance_tx(s);
	}
	assert_int_equal(s->tx_notifies, 1);
	assert_int_equal(s->rx_notifies, 0);
	traffic_arm(s->tx);
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	assert_int_equal(s->tx_notifies, 2);
	card_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_sends),
		cmocka_unit_test(switched_off_family_is_dropped),
		cmocka_unit_test(checksums),
		cmocka_unit_test(passes_through),
		cmocka_unit_test(ignored_packets_are_returned),
		cmocka_unit_test(ring_smaller_than_the_load),
		cmocka_unit_test(one_doorbell_per_advance),
		cmocka_unit_test(notifies_once),
	};

	return cmocka_run_group_tests_name("rtl8168 transmit", tests, NULL, NULL);
}
