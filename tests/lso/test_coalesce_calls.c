/* SPDX-License-Identifier: MIT */
/*
 * The coalescer's calls and options: time, places, checksums, and what NDIS allows that costs
 * exactness.
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

AT(1, psh, s->flags |= SEG_PSH)
AT(2, psh, s->flags |= SEG_PSH)
AT(2, fin, s->flags |= SEG_FIN | SEG_PSH)
FROM(1, window, s->window = 501)
AT(2, short, s->payload = 40)
FROM(1, longer, (s->payload = 101, s->sequence += (uint32_t)i - 1))
AT(1, empty, (s->payload = 0))
FROM(0, id_15, s->id = (0x7ffe + i) & 0x7fff)
FROM(1, ttl, s->ttl = 63)
FROM(1, stamp, seg_stamp(s, 5, 6))

/* RSC with updates: rules that cost exactness. The log has more of a unit than its end. */
static void note_counts(struct catcher *k, const struct lso_unit *unit)
{
	sprintf(k->log + strlen(k->log), " %u,%u,%u%s", unit->segments, unit->duplicate_acks,
		unit->timestamp_delta, unit->exact ? "" : " lossy");
}

FROM(0, acks_go, s->ack = 1 + (uint32_t)i)
FROM(1, ack_back, s->ack = 0)
FROM(0, ttl_falls, s->ttl = (uint8_t)(64 - i % 2))
FROM(0, stamps_go, seg_stamp(s, 0xfffffffeu + 2 * (uint32_t)i, 6))
FROM(1, stamps_back, seg_stamp(s, 5 - (uint32_t)i, 6))

static void window_update(struct seg *s, int i)
{
	if (i == 2) {
		s->payload = 0;
		s->window = 900;
	}
}

static void duplicates(struct seg *s, int i)
{
	(void)i;
	s->sequence = 5000;
	s->payload = 0;
}

static void data_then_duplicates(struct seg *s, int i)
{
	if (i) {
		s->sequence = 5100;
		s->payload = 0;
	}
}

static void ids_any(struct seg *s, int i)
{
	s->id = (uint16_t)(i * i * 7);
}

/* kernel: with updates; rsc: with duplicate_acks as well */
static const struct rule update_rules[] = {
	{ "plain", none, 3, "3 flush 3,0,0", "3 flush 3,0,0" },
	{ "plain, PSH on the last", psh_at_2, 3, "3 flush 3,0,0", NULL },
	{ "plain, last shorter", short_at_2, 3, "3 flush 3,0,0", NULL },
	{ "PSH in the middle", psh_at_1, 3, "3 flush 3,0,0 lossy", NULL },
	{ "acks go on", acks_go_from_0, 3, "3 flush 3,0,0 lossy", NULL },
	{ "ack goes back", ack_back_from_1, 2, "1 ack 1,0,0 | 1 flush 1,0,0", NULL },
	{ "window", window_from_1, 3, "3 flush 3,0,0 lossy", NULL },
	{ "TTL", ttl_falls_from_0, 3, "3 flush 3,0,0 lossy", NULL },
	{ "longer", longer_from_1, 3, "3 flush 3,0,0 lossy", NULL },
	{ "stamps go on", stamps_go_from_0, 3, "3 flush 3,0,4 lossy", NULL },
	{ "stamps go back", stamps_back_from_1, 3,
	  "1 tcp_options 1,0,0 | 1 timestamp 1,0,0 | 1 flush 1,0,0", NULL },
	{ "FIN", fin_at_2, 3, "2 fin 2,0,0 | 1 fin 1,0,0", NULL },
	{ "window update", window_update, 3, "3 flush 2,0,0 lossy", "3 flush 2,0,0 lossy" },
	{ "pure ACK", empty_at_1, 2, "1 no_payload 1,0,0 | 1 no_payload 0,0,0",
	  "1 no_payload 1,0,0 | 1 flush 0,0,0" },
	{ "duplicate ACKs", duplicates, 3,
	  "1 no_payload 0,0,0 | 1 no_payload 0,0,0 | 1 no_payload 0,0,0", "3 flush 0,2,0 lossy" },
	{ "data and duplicate ACKs", data_then_duplicates, 4,
	  "1 no_payload 1,0,0 | 1 no_payload 0,0,0 | 1 no_payload 0,0,0 | 1 no_payload 0,0,0",
	  "1 no_payload 1,0,0 | 3 flush 0,2,0 lossy" },
};

static void check_update(const struct rule *rule, const char *expected, bool duplicate_acks)
{
	const struct lso_coalesce_options options = {
		.rules = LSO_RULES_RSC,
		.flows = 8,
		.updates = true,
		.duplicate_acks = duplicate_acks,
	};

	for (int version = 4; version <= 6; version += 2) {
		struct lso_verdicts sums;
		struct catcher k;

		catcher_make(&k, &options, 100);
		k.note = note_counts;
		rule_run(&k, rule, version, false, 0, LSO_FRAME_VERIFY);
		assert_string_equal(k.log, expected);
		sums = lso_verify(k.packet, k.unit.length);
		assert_int_equal(sums.l4, LSO_SUM_GOOD);
		assert_true(sums.ipv4 != LSO_SUM_BAD);
		catcher_free(&k);
	}
}

static void rsc_follows_what_ndis_lets_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(update_rules); i++) {
		const struct rule *rule = &update_rules[i];

		check_update(rule, rule->kernel, false);
		if (rule->rsc)
			check_update(rule, rule->rsc, true);
	}
}

/* The unit has the last frame's ACK, window and timestamps, the least TTL and the first's ID. */
static void everything(struct seg *s, int i)
{
	ttl_falls_from_0(s, i);
	stamps_go_from_0(s, i);
	acks_go_from_0(s, i);
	s->window = (uint16_t)(500 - i);
	if (i == 1)
		s->flags |= SEG_PSH;
	if (i == 1)
		s->payload = 40;
	if (i == 2)
		s->sequence -= 60;
}

static void an_updated_unit_has_the_last_fields(void **state)
{
	const struct rule rule = { "all", everything, 3, NULL, NULL };
	const struct lso_coalesce_options options = { .rules = LSO_RULES_RSC,
						      .flows = 1,
						      .updates = true };
	struct catcher k;
	const uint8_t *tcp;

	(void)state;
	catcher_make(&k, &options, 10);
	rule_run(&k, &rule, 4, false, 0, LSO_FRAME_VERIFY);
	assert_int_equal(k.units, 1);
	assert_int_equal(k.unit.mss, 100);
	assert_int_equal(k.unit.length, 14 + 20 + 32 + 240);
	tcp = k.packet + 34;
	assert_int_equal(k.packet[19], 7);  /* ID */
	assert_int_equal(k.packet[22], 63); /* TTL */
	assert_int_equal(tcp[11], 3);       /* ACK */
	assert_int_equal(tcp[13], SEG_ACK | SEG_PSH);
	assert_int_equal(tcp[14] << 8 | tcp[15], 498);
	assert_memory_equal(tcp + 24, "\0\0\0\2", 4);
	assert_int_equal(k.unit.timestamp_delta, 4);
	catcher_free(&k);
}

static void ids_do_not_matter_with_updates(void **state)
{
	const struct rule rule = { "ids", ids_any, 4, NULL, NULL };
	struct lso_coalesce_options options = {
		.rules = LSO_RULES_RSC, .flows = 1, .protocols = ALL, .updates = true
	};
	struct catcher k;

	(void)state;
	for (int udp = 0; udp < 2; udp++) {
		catcher_make(&k, &options, 10);
		rule_run(&k, &rule, 4, udp, 0, LSO_FRAME_VERIFY);
		assert_int_equal(k.units, 1);
		assert_false(k.unit.exact);
		catcher_free(&k);
	}
}

/* Where datagrams begin and end is all that there is to them. */
static void updates_change_nothing_about_datagrams(void **state)
{
	const struct lso_coalesce_options options = {
		.rules = LSO_RULES_RSC, .flows = 8, .protocols = ALL, .updates = true
	};
	static const struct rule rules[] = {
		{ "short", short_at_2, 4, NULL, "3 short | 1 flush" },
		{ "longer", longer_from_1, 3, NULL, "1 longer | 2 flush" },
		{ "TTL", ttl_from_1, 3, NULL, "1 ttl | 2 flush" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		struct catcher k;

		catcher_make(&k, &options, 10);
		rule_run(&k, &rules[i], 6, true, 0, LSO_FRAME_VERIFY);
		assert_string_equal(k.log, rules[i].rsc);
		assert_int_equal(k.lossy, 0);
		catcher_free(&k);
	}
}

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
		cmocka_unit_test(rsc_follows_what_ndis_lets_change),
		cmocka_unit_test(an_updated_unit_has_the_last_fields),
		cmocka_unit_test(ids_do_not_matter_with_updates),
		cmocka_unit_test(updates_change_nothing_about_datagrams),
		cmocka_unit_test(an_ndis_senders_ids_count_on_when_asked),
		cmocka_unit_test(timestamps_can_be_left_alone),
		cmocka_unit_test(what_is_known_of_checksums_is_believed),
		cmocka_unit_test(seeds_count_as_good),
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
