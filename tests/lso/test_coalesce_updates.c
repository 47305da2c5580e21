/* SPDX-License-Identifier: MIT */
/*
 * What NDIS allows that costs exactness: acknowledgments, windows and timestamps that go on.
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
FROM(1, ttl, s->ttl = 63)

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsc_follows_what_ndis_lets_change),
		cmocka_unit_test(an_updated_unit_has_the_last_fields),
		cmocka_unit_test(ids_do_not_matter_with_updates),
		cmocka_unit_test(updates_change_nothing_about_datagrams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
