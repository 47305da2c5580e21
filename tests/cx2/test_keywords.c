/* SPDX-License-Identifier: MIT */
/*
 * The keywords of offloads: rules of 21H2 against tables written down independently. 2.0 has the
 * rules of 2004.
 */
#include <stdio.h>

#include "base/array.h"
#include "offload_stage.h"

/* Transmit offloads and coalescing have no default without one; received checksums do. */
static void nothing_without_a_keyword(void **state)
{
	struct stage *s = stage_declaring(1, DECLARE_ALL & ~DECLARE_TAGS);
	const struct cx_offload *offload;

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	expect_one(s, "SetTxChecksum", "SetTxChecksum(0,0,0)");
	expect_one(s, "SetRxChecksum", "SetRxChecksum(1,1,1)");
	expect_one(s, "SetGso", "SetGso(0,0,0,0)");
	expect_one(s, "SetRsc", "SetRsc(0,0,0)");
	offload = &s->adapter->offload;
	assert_int_equal(offload->tx, 0);
	assert_true(cx_lso_ipv4(&offload->hardware) && !cx_lso_ipv4(&offload->capable));
	stage_free(s);
}

/* One keyword of a group offers the whole group; it may be no number. */
static void one_keyword_offers_its_group(void **state)
{
	static const struct {
		const char *keyword, *value, *gso;
	} cases[] = {
		{ "*LsoV1IPv4", "1", "SetGso(1,1,0,0)" }, { "*LsoV2IPv6", "1", "SetGso(1,1,0,0)" },
		{ "*LsoV2IPv4", "", "SetGso(1,1,0,0)" },  { "*UsoIPv4", "1", "SetGso(0,0,1,1)" },
		{ "*UsoIPv6", "0", "SetGso(0,0,1,0)" },   { "*LsoV2IPv6", "0", "SetGso(1,0,0,0)" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct stage *s = stage_declaring(5, DECLARE_ALL);

		stage_keyword(s, cases[i].keyword, cases[i].value);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		expect_one(s, "SetGso", cases[i].gso);
		stage_free(s);
	}
}

/* LSO for IPv4 goes off with either version, unlike 1.3's. */
static void lso_keyword_matrix(void **state)
{
	static const struct {
		const char *text;
		bool off;
	} values[] = { { NULL, false }, { "0", true }, { "1", false }, { "on", false } };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	stage_keyword(s, "*UsoIPv4", "1");
	for (size_t v1 = 0; v1 < ARRAY_COUNT(values); v1++) {
		for (size_t v2 = 0; v2 < ARRAY_COUNT(values); v2++) {
			for (size_t six = 0; six < ARRAY_COUNT(values); six++) {
				bool any = v1 || v2 || six;

				stage_keyword(s, "*LsoV1IPv4", values[v1].text);
				stage_keyword(s, "*LsoV2IPv4", values[v2].text);
				stage_keyword(s, "*LsoV2IPv6", values[six].text);
				start_again(s);
				snprintf(text, sizeof(text), "SetGso(%d,%d,1,1)",
					 any && !values[v1].off && !values[v2].off,
					 any && !values[six].off);
				expect_one(s, "SetGso", text);
			}
		}
	}
	stage_free(s);
}

/* Bit 0 is transmit, bit 1 receive. A protocol is on for the driver when either family is. */
static void checksum_keyword_masks(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (unsigned all = 0; all < 4 * 4 * 4; all++) {
		unsigned ip = all & 3, four = all >> 2 & 3, six = all >> 4;
		const unsigned values[] = { ip, four, six, six, four };
		const struct cx_checksum_caps *tx = &s->adapter->offload.active.tx_checksum;

		for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
			snprintf(text, sizeof(text), "%u", values[i]);
			stage_keyword(s, checksum_keywords[i], text);
		}
		start_again(s);
		snprintf(text, sizeof(text), "SetTxChecksum(%d,%d,%d)", ip & 1, (four | six) & 1,
			 (four | six) & 1);
		expect_one(s, "SetTxChecksum", text);
		snprintf(text, sizeof(text), "SetRxChecksum(%d,%d,%d)", ip >> 1, (four | six) >> 1,
			 (four | six) >> 1);
		expect_one(s, "SetRxChecksum", text);
		assert_int_equal(tx->tcp.l3,
				 (four & 1 ? CX_L3_ALL_IPV4 : 0) | (six & 1 ? CX_L3_ALL_IPV6 : 0));
		assert_int_equal(tx->udp.l3,
				 (six & 1 ? CX_L3_ALL_IPV4 : 0) | (four & 1 ? CX_L3_ALL_IPV6 : 0));
		assert_int_equal(tx->tcp.l4, (four | six) & 1 ? CX_L4_ALL_TCP : 0);
	}
	stage_free(s);
}

/* One of the five, whichever and whatever it says, and software sums all kinds of packets. */
static void one_keyword_offers_all_checksums(void **state)
{
	for (size_t i = 0; i < ARRAY_COUNT(checksum_keywords); i++) {
		struct stage *s = stage_declaring(5, 0);
		const struct cx_checksum_caps *capable;

		stage_keyword(s, checksum_keywords[i], "0");
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		capable = &s->adapter->offload.capable.tx_checksum;
		assert_int_equal(capable->ipv4.l3, CX_L3_ALL_IPV4);
		assert_int_equal(capable->tcp.l3, CX_L3_ALL);
		assert_int_equal(capable->tcp.l4, CX_L4_ALL_TCP);
		assert_int_equal(capable->udp.l3, CX_L3_ALL);
		assert_int_equal(capable->udp.l4, CX_L4_UDP);
		/* Nobody sums what is received but hardware. */
		assert_int_equal(s->adapter->offload.capable.rx_checksum.tcp.l3, 0);
		stage_free(s);
	}
}

/* What is no number is there, and on in both directions; others of its group that are absent, too.
 */
static void a_checksum_keyword_that_is_no_number(void **state)
{
	for (size_t i = 0; i < ARRAY_COUNT(checksum_keywords); i++) {
		struct stage *s = stage_declaring(5, DECLARE_ALL);

		stage_keyword(s, checksum_keywords[i], "on");
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		expect_one(s, "SetTxChecksum", "SetTxChecksum(1,1,1)");
		expect_one(s, "SetRxChecksum", "SetRxChecksum(1,1,1)");
		stage_free(s);
	}
}

/* Bits above the two count for nothing. */
static void checksum_keywords_are_masks(void **state)
{
	static const struct {
		const char *value;
		bool tx, rx;
	} cases[] = { { "4", false, false },
		      { "5", true, false },
		      { "6", false, true },
		      { "255", true, true },
		      { "0x3", true, true } };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		for (size_t k = 0; k < ARRAY_COUNT(checksum_keywords); k++)
			stage_keyword(s, checksum_keywords[k], cases[i].value);
		start_again(s);
		snprintf(text, sizeof(text), "SetTxChecksum(%d,%d,%d)", cases[i].tx, cases[i].tx,
			 cases[i].tx);
		expect_one(s, "SetTxChecksum", text);
		snprintf(text, sizeof(text), "SetRxChecksum(%d,%d,%d)", cases[i].rx, cases[i].rx,
			 cases[i].rx);
		expect_one(s, "SetRxChecksum", text);
	}
	stage_free(s);
}

static void uso_keyword_matrix(void **state)
{
	static const struct {
		const char *text;
		bool off;
	} values[] = { { NULL, false }, { "0", true }, { "1", false }, { "on", false } };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (size_t four = 0; four < ARRAY_COUNT(values); four++) {
		for (size_t six = 0; six < ARRAY_COUNT(values); six++) {
			bool any = four || six;

			stage_keyword(s, "*UsoIPv4", values[four].text);
			stage_keyword(s, "*UsoIPv6", values[six].text);
			start_again(s);
			snprintf(text, sizeof(text), "SetGso(0,0,%d,%d)", any && !values[four].off,
				 any && !values[six].off);
			expect_one(s, "SetGso", text);
			assert_int_equal(s->adapter->offload.capable.uso.kinds.l3,
					 any ? CX_L3_ALL : 0);
		}
	}
	stage_free(s);
}

/* Coalescing of TCP and of UDP have nothing to do with each other. */
static void rsc_keyword_matrix(void **state)
{
	static const struct {
		const char *text;
		bool off;
	} values[] = { { NULL, false }, { "0", true }, { "1", false }, { "yes", false } };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (size_t all = 0; all < 4 * 4 * 4; all++) {
		size_t four = all & 3, six = all >> 2 & 3, udp = all >> 4;
		bool any = four || six;

		stage_keyword(s, "*RscIPv4", values[four].text);
		stage_keyword(s, "*RscIPv6", values[six].text);
		stage_keyword(s, "*UdpRsc", values[udp].text);
		start_again(s);
		snprintf(text, sizeof(text), "SetRsc(%d,%d,%d,%d)", any && !values[four].off,
			 any && !values[six].off, any, udp && !values[udp].off);
		expect_one(s, "SetRsc", text);
	}
	stage_free(s);
}

/* *UdpRsc is 2.5's, *RscTimestamp needs one of the others. */
static void rsc_keywords(void **state)
{
	static const struct {
		const char *v4, *v6, *timestamps, *told;
	} cases[] = {
		{ "1", "1", NULL, "SetRsc(1,1,1,0)" },  { "0", "1", "1", "SetRsc(0,1,1,0)" },
		{ "1", NULL, "0", "SetRsc(1,1,0,0)" },  { NULL, "0", "1", "SetRsc(1,0,1,0)" },
		{ NULL, NULL, "1", "SetRsc(0,0,0,0)" },
	};
	struct stage *s = stage_declaring(5, DECLARE_ALL);

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		stage_keyword(s, "*RscIPv4", cases[i].v4);
		stage_keyword(s, "*RscIPv6", cases[i].v6);
		stage_keyword(s, "*RscTimestamp", cases[i].timestamps);
		start_again(s);
		expect_one(s, "SetRsc", cases[i].told);
	}
	stage_keyword(s, "*UdpRsc", "1");
	start_again(s);
	expect_one(s, "SetRsc", "SetRsc(0,0,0,1)");
	stage_free(s);
}

/* A protocol's two keywords go together, unlike later; the IPv4 header has one. */
static void checksum_keywords_2_0(void **state)
{
	static const char *const values[] = { NULL, "0", "1", "2" };
	struct stage *s = stage_declaring(0, DECLARE_ALL);
	char text[32];

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (size_t all = 0; all < 4 * 4 * 4; all++) {
		size_t ip = all & 3, four = all >> 2 & 3, six = all >> 4;
		const size_t order[] = { ip, four, six, six, four };

		for (size_t i = 0; i < ARRAY_COUNT(order); i++)
			stage_keyword(s, checksum_keywords[i], values[order[i]]);
		start_again(s);
		snprintf(text, sizeof(text), "SetChecksum(%d,%d,%d)", ip != 1,
			 four != 1 || six != 1, four != 1 || six != 1);
		expect_one(s, "SetChecksum", text);
	}
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_without_a_keyword),
		cmocka_unit_test(one_keyword_offers_its_group),
		cmocka_unit_test(lso_keyword_matrix),
		cmocka_unit_test(checksum_keyword_masks),
		cmocka_unit_test(one_keyword_offers_all_checksums),
		cmocka_unit_test(a_checksum_keyword_that_is_no_number),
		cmocka_unit_test(checksum_keywords_are_masks),
		cmocka_unit_test(uso_keyword_matrix),
		cmocka_unit_test(rsc_keyword_matrix),
		cmocka_unit_test(rsc_keywords),
		cmocka_unit_test(checksum_keywords_2_0),
	};

	return cmocka_run_group_tests_name("cx2 keywords", tests, NULL, NULL);
}
