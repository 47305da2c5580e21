/* SPDX-License-Identifier: MIT */
/* Which frames come in, by the packet filter and the multicast list that the stack sets. */
#include "traffic.h"

static const uint8_t directed[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t other[6] = { 0x02, 0x99, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t group[6] = { 0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB };
static const uint8_t group6[6] = { 0x33, 0x33, 0x00, 0x00, 0x00, 0xFB };
static const uint8_t broadcast[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

static void the_packet_filter_decides(void **state)
{
	static const struct {
		ULONG filter;
		bool directed, other, group, broadcast;
	} cases[] = {
		{ 0, false, false, false, false },
		{ NDIS_PACKET_TYPE_DIRECTED, true, false, false, false },
		{ NDIS_PACKET_TYPE_BROADCAST, false, false, false, true },
		{ NDIS_PACKET_TYPE_MULTICAST, false, false, false, false },
		{ NDIS_PACKET_TYPE_ALL_MULTICAST, false, false, true, false },
		{ NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST, true, false, false,
		  true },
		{ NDIS_PACKET_TYPE_PROMISCUOUS, true, true, true, true },
		{ NDIS_PACKET_TYPE_DIRECTED, true, false, false, false },
	};
	struct stage *s = card_stage_receiving();

	(void)state;
	for (size_t i = 0; i < RTL_NUMBER_OF(cases); i++) {
		assert_int_equal(traffic_set_filter(s, cases[i].filter), STATUS_SUCCESS);
		assert_int_equal(traffic_arrives(s, directed), cases[i].directed);
		assert_int_equal(traffic_arrives(s, other), cases[i].other);
		assert_int_equal(traffic_arrives(s, group), cases[i].group);
		assert_int_equal(traffic_arrives(s, broadcast), cases[i].broadcast);
	}
	card_stage_free(s);
}

/* As Windows: nothing comes before the stack has set a filter, and after a halt it sets it anew. */
static void nothing_comes_before_the_filter(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	assert_int_equal(stage_bring_up(s), STATUS_SUCCESS);
	traffic_supply(s);
	traffic_advance_rx(s);
	assert_false(traffic_arrives(s, directed));
	assert_false(traffic_arrives(s, broadcast));
	assert_int_equal(traffic_set_filter(s, NDIS_PACKET_TYPE_DIRECTED), STATUS_SUCCESS);
	assert_true(traffic_arrives(s, directed));
	stage_stop(s);
	assert_int_equal(stage_bring_up(s), STATUS_SUCCESS);
	traffic_supply(s);
	traffic_advance_rx(s);
	assert_false(traffic_arrives(s, directed));
	card_stage_free(s);
}

static void the_multicast_list_is_hashed(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t list[12];

	(void)state;
	memcpy(list, group, 6);
	memcpy(list + 6, group6, 6);
	assert_int_equal(traffic_set_filter(s, NDIS_PACKET_TYPE_MULTICAST), STATUS_SUCCESS);
	assert_false(traffic_arrives(s, group));
	assert_int_equal(traffic_set_list(s, list, 12), STATUS_SUCCESS);
	assert_true(traffic_arrives(s, group));
	assert_true(traffic_arrives(s, group6));
	assert_false(traffic_arrives(s, directed));
	/* The new list replaces the old one. */
	assert_int_equal(traffic_set_list(s, group6, 6), STATUS_SUCCESS);
	assert_false(traffic_arrives(s, group));
	assert_true(traffic_arrives(s, group6));
	assert_int_equal(traffic_set_list(s, NULL, 0), STATUS_SUCCESS);
	assert_false(traffic_arrives(s, group6));
	card_stage_free(s);
}

/* Each of 64 hash bits has a register bit of its own: a list of one lets its own through. */
static void every_address_passes_its_own_hash(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t address[6] = { 0x01, 0x00, 0x5E, 0, 0, 0 };

	(void)state;
	assert_int_equal(traffic_set_filter(s, NDIS_PACKET_TYPE_MULTICAST), STATUS_SUCCESS);
	for (unsigned i = 0; i < 200; i++) {
		address[5] = (uint8_t)i;
		address[4] = (uint8_t)(i * 7);
		assert_int_equal(traffic_set_list(s, address, 6), STATUS_SUCCESS);
		assert_true(traffic_arrives(s, address));
		/* The packets' ring has its end. */
		if (i % 32 == 31)
			traffic_supply(s);
	}
	card_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_packet_filter_decides),
		cmocka_unit_test(nothing_comes_before_the_filter),
		cmocka_unit_test(the_multicast_list_is_hashed),
		cmocka_unit_test(every_address_passes_its_own_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
