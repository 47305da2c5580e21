/* SPDX-License-Identifier: MIT */
/*
 * What joins what: each rule by a few frames made for it. Whatever comes out is cut again and
 * compared with what went in (catcher.h).
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

AT(0, psh, s->flags |= SEG_PSH)
AT(1, psh, s->flags |= SEG_PSH)
AT(2, psh, s->flags |= SEG_PSH)
AT(0, fin, s->flags |= SEG_FIN)
AT(2, fin, s->flags |= SEG_FIN | SEG_PSH)
AT(1, syn, s->flags |= SEG_SYN)
AT(1, rst, s->flags |= SEG_RST)
AT(1, urg, s->flags |= SEG_URG)
AT(1, cwr, s->flags |= SEG_CWR)
FROM(0, cwr, s->flags |= SEG_CWR)
FROM(0, ece, s->flags |= SEG_ECE)
FROM(1, ece, s->flags |= SEG_ECE)
FROM(0, ae, s->flags |= SEG_AE)
FROM(1, ae, s->flags |= SEG_AE)
FROM(0, reserved, s->flags |= SEG_RESERVED)
FROM(0, no_ack, s->flags = 0)
AT(1, no_ack, s->flags = 0)
AT(1, urgent, s->urgent = 9)
FROM(0, urgent, s->urgent = 9)
FROM(1, window, s->window = 501)
FROM(1, ack, s->ack = 2)
FROM(1, gap, s->sequence += 100)
AT(1, repeat, s->sequence -= 100)
FROM(1, overlap, s->sequence -= 1)
FROM(0, wrap, s->sequence += 0xffffffffu - 5000 - 99)
AT(2, short, s->payload = 40)
FROM(1, longer, (s->payload = 101, s->sequence += (uint32_t)i - 1))
AT(1, empty, (s->payload = 0))
FROM(0, odd, (s->payload = 101, s->sequence += (uint32_t)i))
FROM(0, tiny, (s->payload = 1, s->sequence -= 99 * (uint32_t)i))
FROM(0, same_id, s->id = 7)
FROM(0, two_ids, s->id = (uint16_t)(7 + 2 * i))
FROM(2, stays_id, s->id = 8)
FROM(0, id_16, s->id = (uint16_t)(0xfffe + i))
FROM(0, id_15, s->id = (0x7ffe + i) & 0x7fff)
FROM(0, no_df, s->fragment = 0)
FROM(1, no_df, s->fragment = 0)
FROM(0, evil, s->fragment = 0x8000)
AT(1, mf, s->fragment = 0x2000)
AT(1, ttl_for_offset, (s->fragment = 0x4100, s->ttl--)) /* the same sum */
AT(1, offset, s->fragment = 0x4001)
FROM(1, ttl, s->ttl = 63)
FROM(1, tos, s->tos = 8)
FROM(1, ce, s->tos = 3)
FROM(1, label, s->flow_label = 5)
FROM(0, ip_options, s->ip_options = true)
AT(1, ip_options, s->ip_options = true)
FROM(0, tag, s->tag = 5)
FROM(1, tag, s->tag = 5)
FROM(0, snap, s->snap = true)
AT(1, mac, s->mac = 9)
AT(1, to_mac, s->to_mac = 9)
AT(1, source, s->source = 9)
AT(1, port, s->port = 9)
AT(1, bad, s->sum_off = 0x1111)
AT(0, bad, s->sum_off = 0x1111)
AT(1, ip_bad, s->ip_sum_off = 0x1111)
FROM(0, padding, s->padding = 6)
AT(2, padding, (s->payload = 1, s->padding = 5))
AT(1, too_little, s->length_off = -1)
AT(1, too_much, s->length_off = 1)
FROM(0, stamp, seg_stamp(s, 5, 6))
FROM(0, stamps, seg_stamp(s, (uint32_t)(5 + i / 2), 6))
FROM(0, echoes, seg_stamp(s, 5, (uint32_t)(6 + i)))
FROM(1, stamp, seg_stamp(s, 5, 6))
FROM(0, no_sum, s->no_sum = true)
AT(1, no_sum, s->no_sum = true)
AT(1, udp_length, s->udp_length_off = -1)
FROM(0, thousand, (s->payload = 1000, s->sequence += 900 * (uint32_t)i))

static void sack(struct seg *s, int i)
{
	static const uint8_t option[] = { 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2 };

	(void)i;
	memcpy(s->options, option, sizeof(option));
	s->option_length = sizeof(option);
}

static void end_of_options(struct seg *s, int i)
{
	s->option_length = 4;
	memset(s->options, 1, 4);
	if (i)
		s->options[3] = 0;
}

static const uint8_t destination[8] = { 0, 0, 1, 4 };
static const uint8_t other_destination[8] = { 0, 0, 1, 3, 0, 0, 0, 0 };

static void extension(struct seg *s, int i)
{
	(void)i;
	s->extension = destination;
}

static void extension_changes(struct seg *s, int i)
{
	s->extension = i ? other_destination : destination;
}

static void extension_comes(struct seg *s, int i)
{
	s->extension = i ? destination : NULL;
}

static void two_flows(struct seg *s, int i)
{
	s->port = (uint16_t)(1000 + i % 2);
	s->sequence = 5000 + 100 * (uint32_t)(i / 2);
	s->id = (uint16_t)(7 + i / 2);
}

static void reordered(struct seg *s, int i)
{
	if (i < 2)
		s->sequence = i ? 5000 : 5100;
}

static const struct rule tcp_rules[] = {
	{ "two in order", none, 2, "2 flush", "2 flush" },
	{ "five in order", none, 5, "5 flush", "5 flush" },
	{ "one", none, 1, "1 flush", "1 flush" },
	{ "PSH on the last", psh_at_2, 3, "3 psh", "3 psh" },
	{ "PSH in the middle", psh_at_1, 4, "2 psh | 2 flush", "2 psh | 2 flush" },
	{ "PSH on the first", psh_at_0, 3, "1 psh | 2 flush", "1 psh | 2 flush" },
	{ "FIN on the last", fin_at_2, 3, "3 fin", "2 fin | 1 fin" },
	{ "FIN on the first", fin_at_0, 3, "1 fin | 2 flush", "1 fin | 2 flush" },
	{ "SYN", syn_at_1, 3, "1 syn | 1 syn | 1 flush", "1 syn | 1 syn | 1 flush" },
	{ "RST", rst_at_1, 3, "1 rst | 1 rst | 1 flush", "1 rst | 1 rst | 1 flush" },
	{ "URG", urg_at_1, 3, "1 urg | 1 urg | 1 flush", "1 urg | 1 urg | 1 flush" },
	{ "CWR", cwr_at_1, 3, "1 cwr | 1 cwr | 1 flush", "1 ecn | 1 ecn | 1 flush" },
	{ "CWR on all", cwr_from_0, 3, "1 cwr | 1 cwr | 1 cwr", "3 flush" },
	{ "ECE on all", ece_from_0, 3, "3 flush", "3 flush" },
	{ "ECE begins", ece_from_1, 3, "1 ecn | 2 flush", "1 ecn | 2 flush" },
	{ "AE on all", ae_from_0, 2, "2 flush", "1 flags | 1 flags" },
	{ "AE begins", ae_from_1, 3, "1 flags | 2 flush", "1 flags | 1 flags | 1 flags" },
	{ "reserved on all", reserved_from_0, 2, "2 flush", "1 flags | 1 flags" },
	{ "no ACK on any", no_ack_from_0, 2, "2 flush", "1 flags | 1 flags" },
	{ "no ACK in the middle", no_ack_at_1, 3, "1 flags | 1 flags | 1 flush",
	  "1 flags | 1 flags | 1 flush" },
	{ "urgent pointer", urgent_at_1, 3, "1 urgent | 1 urgent | 1 flush", NULL },
	{ "urgent pointer on all", urgent_from_0, 3, "3 flush", "3 flush" },
	{ "window", window_from_1, 3, "1 window | 2 flush", "1 window | 2 flush" },
	{ "ack", ack_from_1, 3, "1 ack | 2 flush", "1 ack | 2 flush" },
	{ "gap", gap_from_1, 3, "1 sequence | 2 flush", "1 sequence | 2 flush" },
	{ "repetition", repeat_at_1, 3, "1 sequence | 1 sequence | 1 flush", NULL },
	{ "overlap", overlap_from_1, 3, "1 sequence | 2 flush", NULL },
	{ "reordered", reordered, 3, "1 sequence | 1 sequence | 1 flush", NULL },
	{ "sequence wraps", wrap_from_0, 3, "3 flush", "3 flush" },
	{ "last shorter", short_at_2, 3, "3 short", "3 short" },
	{ "second longer", longer_from_1, 3, "1 longer | 2 flush", "1 longer | 2 flush" },
	{ "pure ACK", empty_at_1, 2, "1 no_payload | 1 no_payload", "1 no_payload | 1 no_payload" },
	{ "odd lengths", odd_from_0, 5, "5 flush", "5 flush" },
	{ "one byte each", tiny_from_0, 5, "5 flush", "5 flush" },
	{ "70 of 1000 bytes", thousand_from_0, 70, "65 length | 5 flush", "65 length | 5 flush" },
	{ "timestamps equal", stamp_from_0, 3, "3 flush", "3 flush" },
	{ "timestamps change", stamps_from_0, 4, "2 tcp_options | 2 flush",
	  "2 timestamp | 2 flush" },
	{ "echoes change", echoes_from_0, 2, "1 tcp_options | 1 flush", "1 timestamp | 1 flush" },
	{ "timestamps begin", stamp_from_1, 3, "1 tcp_options | 2 flush",
	  "1 tcp_options | 2 flush" },
	{ "SACK equal", sack, 2, "2 flush", "1 tcp_options | 1 tcp_options" },
	{ "NOP against end of options", end_of_options, 2, "1 tcp_options | 1 flush", NULL },
};

static const struct rule ip_rules[] = {
	{ "TTL", ttl_from_1, 3, "1 ttl | 2 flush", "1 ttl | 2 flush" },
	{ "TOS", tos_from_1, 3, "1 tos | 2 flush", "1 tos | 2 flush" },
	{ "CE", ce_from_1, 3, "1 tos | 2 flush", "1 tos | 2 flush" },
	{ "padding on all", padding_from_0, 2, "1 ip_length | 1 ip_length", NULL },
	{ "padding on the last", padding_at_2, 3, "2 ip_length | 1 ip_length",
	  "2 ip_length | 1 ip_length" },
	{ "IP length too small", too_little_at_1, 3, "1 ip_length | 1 ip_length | 1 flush", NULL },
	{ "IP length too large", too_much_at_1, 3, "1 ip_length | 1 ip_length | 1 flush", NULL },
	{ "bad checksum", bad_at_1, 3, "1 bad_sum | 1 bad_sum | 1 flush",
	  "1 bad_sum | 1 bad_sum | 1 flush" },
	{ "bad checksum first", bad_at_0, 3, "1 bad_sum | 2 flush", "1 bad_sum | 2 flush" },
	{ "two flows", two_flows, 6, "3 flush | 3 flush", "3 flush | 3 flush" },
	{ "a VLAN", tag_from_0, 3, "3 flush", "3 flush" },
	{ "another VLAN", tag_from_1, 3, "1 flush | 2 flush", "1 flush | 2 flush" },
	{ "802.3", snap_from_0, 2, "1 llc | 1 llc", "1 llc | 1 llc" },
	/* Of UDP a gap is none. */
	{ "another source", source_at_1, 3, "1 sequence | 1 flush | 1 flush", NULL },
	{ "another port", port_at_1, 3, "1 sequence | 1 flush | 1 flush", NULL },
	{ "another destination's MAC", to_mac_at_1, 3, "1 sequence | 1 flush | 1 flush", NULL },
	{ "another MAC", mac_at_1, 3, "1 sequence | 1 flush | 1 flush", NULL },
};

static const struct rule ipv4_rules[] = {
	{ "same IDs", same_id_from_0, 4, "4 flush", "4 flush" },
	{ "IDs by two", two_ids_from_0, 3, "1 id | 1 id | 1 flush", NULL },
	{ "IDs that stay", stays_id_from_2, 4, "2 id | 2 flush", "2 id | 2 flush" },
	{ "IDs wrap", id_16_from_0, 4, "4 flush", "4 flush" },
	{ "IDs wrap as NDIS'", id_15_from_0, 4, "2 id | 2 flush", "2 id | 2 flush" },
	{ "no DF", no_df_from_0, 3, "3 flush", "3 flush" },
	{ "DF ends", no_df_from_1, 3, "1 df | 2 flush", "1 df | 2 flush" },
	{ "reserved IP flag", evil_from_0, 2, "1 ip_flags | 1 ip_flags", NULL },
	{ "first fragment", mf_at_1, 3, "1 fragment | 1 fragment | 1 flush", NULL },
	{ "a fragment for a TTL", ttl_for_offset_at_1, 3, "1 fragment | 1 fragment | 1 flush",
	  NULL },
	{ "later fragment", offset_at_1, 3, "1 fragment | 1 fragment | 1 flush",
	  "1 fragment | 1 fragment | 1 flush" },
	{ "IP options", ip_options_from_0, 2, "1 ip_options | 1 ip_options", NULL },
	{ "IP options in the middle", ip_options_at_1, 3, "1 ip_options | 1 ip_options | 1 flush",
	  "1 ip_options | 1 ip_options | 1 flush" },
	{ "bad IP checksum", ip_bad_at_1, 3, "1 ip_sum | 1 ip_sum | 1 flush",
	  "1 ip_sum | 1 ip_sum | 1 flush" },
};

static const struct rule ipv6_rules[] = {
	{ "flow label", label_from_1, 3, "1 tos | 2 flush", "1 tos | 2 flush" },
	{ "extension", extension, 3, "3 flush", "1 ip_options | 1 ip_options | 1 ip_options" },
	{ "extension changes", extension_changes, 3, "1 extension | 2 flush", NULL },
	{ "extension comes", extension_comes, 3, "1 extension | 2 flush",
	  "1 ip_options | 1 ip_options | 1 ip_options" },
};

static const struct rule udp_rules[] = {
	{ "five", none, 5, "5 flush", "5 flush" },
	{ "last shorter", short_at_2, 4, "3 short | 1 flush", "3 short | 1 flush" },
	{ "empty", empty_at_1, 3, "1 no_payload | 1 no_payload | 1 flush",
	  "1 no_payload | 1 no_payload | 1 flush" },
	{ "no checksum", no_sum_from_0, 3, "1 no_sum | 1 no_sum | 1 no_sum", "3 flush" },
	{ "one without checksum", no_sum_at_1, 3, "1 no_sum | 1 no_sum | 1 flush",
	  "1 no_sum | 1 no_sum | 1 flush" },
	{ "UDP length", udp_length_at_1, 3, "1 ip_length | 1 ip_length | 1 flush", NULL },
	{ "same IDs", same_id_from_0, 4, "4 flush", "4 flush" },
	{ "64 datagrams", none, 70, "64 frames | 6 flush", "70 flush" },
};

/* check() - a rule, in all the ways that a frame can go in and out */
static void check(const struct rule *rule, int version, bool udp, enum lso_rules rules,
		  const char *expected)
{
	static const size_t splits[] = { 0, 1, 60, 100 };

	/* Checksums are verified, and then believed: one that is wrong would have told much. */
	for (int way = 0; way < (strstr(rule->name, "checksum") ? 24 : 48); way++) {
		struct lso_coalesce_options options = {
			.rules = rules,
			.flows = 8,
			.protocols = ALL,
			.max_frames = 200,
			.copy = way & 1,
			.unit_sum = (enum lso_unit_sum)(way / 8 % 3),
		};
		struct catcher k;

		catcher_make(&k, &options, 300);
		rule_run(&k, rule, version, udp, splits[way / 2 % 4],
			 way < 24 ? LSO_FRAME_VERIFY : LSO_FRAME_TRUSTED);
		if (strcmp(k.log, expected))
			fail_msg("%s, IPv%d, %s, way %d: %s; expected %s", rule->name, version,
				 rules == LSO_RULES_RSC ? "rsc" : "linux", way, k.log, expected);
		assert_int_equal(k.out, k.in);
		assert_int_equal(k.lossy, 0);
		assert_int_equal(lso_coalesce_held(k.c), 0);
		catcher_free(&k);
	}
}

static void check_all(const struct rule *rules, size_t count, int version, bool udp)
{
	for (size_t i = 0; i < count; i++) {
		if (rules[i].kernel)
			check(&rules[i], version, udp, LSO_RULES_LINUX, rules[i].kernel);
		if (rules[i].rsc)
			check(&rules[i], version, udp, LSO_RULES_RSC, rules[i].rsc);
	}
}

static void tcp_joins_by_the_rules(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2)
		check_all(tcp_rules, COUNT(tcp_rules), version, false);
}

static void ip_joins_by_the_rules(void **state)
{
	(void)state;
	for (int udp = 0; udp < 2; udp++) {
		check_all(ip_rules, COUNT(ip_rules) - (udp ? 4 : 0), 4, udp);
		check_all(ip_rules, COUNT(ip_rules) - (udp ? 4 : 0), 6, udp);
	}
	for (int udp = 0; udp < 2; udp++)
		check_all(ipv4_rules, COUNT(ipv4_rules), 4, udp);
	check_all(ipv6_rules, COUNT(ipv6_rules), 6, false);
}

static void udp_joins_by_the_rules(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2)
		check_all(udp_rules, COUNT(udp_rules), version, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_joins_by_the_rules),
		cmocka_unit_test(ip_joins_by_the_rules),
		cmocka_unit_test(udp_joins_by_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
