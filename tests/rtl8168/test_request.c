/* SPDX-License-Identifier: MIT */
/* What only the 1.3 driver answers itself: OIDs that make no sense, and what the chip has counted.
 */
#include "traffic.h"

static const uint8_t directed[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t group[6] = { 0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB };
static const uint8_t broadcast[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

static void what_makes_no_sense_is_refused(void **state)
{
	struct stage *s = card_stage_receiving();
	uint8_t list[33 * 6] = { 0 };
	ULONG filter = NDIS_PACKET_TYPE_DIRECTED;

	(void)state;
	assert_int_equal(traffic_set_filter(s, 0x80000000), STATUS_NDIS_NOT_SUPPORTED);
	assert_int_equal(
		stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter, 3),
		STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(traffic_set_list(s, list, 7), STATUS_NDIS_INVALID_LENGTH);
	assert_int_equal(traffic_set_list(s, list, sizeof(list)), STATUS_NDIS_MULTICAST_FULL);
	assert_int_equal(traffic_set_list(s, list, 32 * 6), STATUS_SUCCESS);
	assert_int_equal(stage_oid(s, NdisRequestQueryInformation, OID_GEN_VENDOR_ID, &filter, 4),
			 STATUS_NOT_SUPPORTED);
	/* What was set before still stands. */
	assert_true(traffic_arrives(s, directed));
	card_stage_free(s);
}

static NTSTATUS query_statistics(struct stage *s, NDIS_STATISTICS_INFO *info)
{
	return stage_oid(s, NdisRequestQueryInformation, OID_GEN_STATISTICS, info, sizeof(*info));
}

static void the_tally_counts(void **state)
{
	struct stage *s = card_stage_receiving();
	NDIS_STATISTICS_INFO info;

	(void)state;
	traffic_arrives(s, directed);
	traffic_arrives(s, directed);
	traffic_arrives(s, group);
	traffic_arrives(s, broadcast);
	memset(&info, 0xFF, sizeof(info));
	assert_int_equal(query_statistics(s, &info), STATUS_SUCCESS);
	assert_int_equal(info.Header.Type, NDIS_OBJECT_TYPE_DEFAULT);
	assert_int_equal(info.Header.Size, sizeof(info));
	assert_true(info.SupportedStatistics & NDIS_STATISTICS_FLAGS_VALID_DIRECTED_FRAMES_RCV);
	assert_int_equal(info.ifHCInUcastPkts, 2);
	assert_int_equal(info.ifHCInMulticastPkts, 1);
	assert_int_equal(info.ifHCInBroadcastPkts, 1);
	assert_int_equal(info.ifInErrors, 0);
	assert_int_equal(info.ifHCOutUcastPkts, 0);
	assert_int_equal(stage_oid(s, NdisRequestQueryInformation, OID_GEN_STATISTICS, &info, 8),
			 STATUS_NDIS_BUFFER_TOO_SHORT);
	card_stage_free(s);
}

static void a_chip_that_is_gone_counts_no_more(void **state)
{
	struct stage *s = card_stage_receiving();
	NDIS_STATISTICS_INFO info;

	(void)state;
	device_remove(s->card);
	assert_int_equal(query_statistics(s, &info), STATUS_DEVICE_NOT_CONNECTED);
	assert_int_equal(traffic_set_filter(s, NDIS_PACKET_TYPE_DIRECTED), STATUS_SUCCESS);
	assert_false(traffic_arrives(s, directed));
	card_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(the_tally_counts),
		cmocka_unit_test(a_chip_that_is_gone_counts_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
