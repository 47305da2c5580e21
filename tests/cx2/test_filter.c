/* SPDX-License-Identifier: MIT */
/*
 * The receive filter as NDIS' two OIDs set it, and a reset that the driver asks for: 2.1 and later.
 */
#include "recorder.h"

static NTSTATUS set_filter(struct stage *s, ULONG filter)
{
	return stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			 sizeof(filter));
}

static NTSTATUS set_list(struct stage *s, UINT count)
{
	UCHAR list[6 * 5];

	for (UINT i = 0; i < 30; i++)
		list[i] = (UCHAR)(i % 6 == 0 ? 1 : i / 6);
	return stage_oid(s, NdisRequestSetInformation, OID_802_3_MULTICAST_LIST, list, 6 * count);
}

/* One callback for both, with both. */
static void one_callback_for_filter_and_list(void **state)
{
	struct stage *s = stage_with(5);

	options->ReceiveFilter = TRUE;
	stage_up(s);
	assert_int_equal(s->adapter->filter.packet_filters, 0xb);
	assert_int_equal(s->adapter->filter.multicast_list, 4);
	assert_int_equal(set_list(s, 2), STATUS_SUCCESS);
	assert_int_equal(set_filter(s, 0x9), STATUS_SUCCESS);
	assert_int_equal(set_list(s, 0), STATUS_SUCCESS);
	journal_assert_order(
		&s->journal, "SetReceiveFilter(0,2)", "Multicast(6: 01..00)",
		"Multicast(6: 01..01)",
		"event Ethernet EvtSetReceiveFilter packet_filter=0 multicast_addresses=2",
		"SetReceiveFilter(9,2)", "SetReceiveFilter(9,0)", NULL);
	stage_free(s);
}

/* A size that no 32 bits hold is the most that they do, not what is left of it. */
static void a_list_of_any_size_is_one(void **state)
{
	const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES caps = {
		.SupportedPacketFilters = NetPacketFilterFlagMulticast,
		.MaximumMulticastAddresses = 1ull << 32,
	};
	struct stage *s = stage_with(5);

	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	cx2_declare_receive_filter(cx2_adapter(s->adapter), &caps);
	assert_int_equal(s->adapter->filter.multicast_list, UINT32_MAX);
	stage_free(s);
}

static void the_preview_of_2_0_has_a_callback_for_each(void **state)
{
	struct stage *s = stage_with(0);

	options->ReceiveFilter = TRUE;
	stage_up(s);
	assert_int_equal(set_list(s, 1), STATUS_SUCCESS);
	assert_int_equal(set_filter(s, 0x9), STATUS_SUCCESS);
	assert_int_equal(set_filter(s, 0x29), STATUS_NOT_SUPPORTED);
	assert_int_equal(set_list(s, 5), STATUS_NDIS_MULTICAST_FULL);
	journal_assert_order(&s->journal, "SetMulticastList(1)", "Multicast(6: 01..00)",
			     "event Ethernet EvtSetMulticastList multicast_addresses=1",
			     "SetPacketFilter(9)",
			     "event Ethernet EvtSetPacketFilter packet_filter=9", NULL);
	assert_int_equal(journal_count(&s->journal, "SetPacketFilter*"), 1);
	stage_free(s);
}

static void what_was_not_declared_is_not_supported(void **state)
{
	struct stage *s = stage_with(5);

	options->ReceiveFilter = TRUE;
	stage_up(s);
	assert_int_equal(set_filter(s, 0x29), STATUS_NOT_SUPPORTED);
	assert_int_equal(set_list(s, 5), STATUS_NDIS_MULTICAST_FULL);
	assert_int_equal(stage_oid(s, NdisRequestSetInformation, OID_802_3_MULTICAST_LIST,
				   &(UCHAR[7]){ 1 }, 7),
			 STATUS_NDIS_INVALID_LENGTH);
	assert_int_equal(stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER,
				   &(UCHAR[2]){ 1 }, 2),
			 STATUS_NDIS_INVALID_LENGTH);
	/* 21H2 takes the look-ahead itself, and there are no requests for the rest. */
	assert_int_equal(stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_LOOKAHEAD,
				   &(ULONG){ 1 }, 4),
			 STATUS_SUCCESS);
	assert_int_equal(
		stage_oid(s, NdisRequestSetInformation, OID_GEN_PROTOCOL_OPTIONS, &(ULONG){ 1 }, 4),
		STATUS_NOT_SUPPORTED);
	assert_int_equal(journal_count(&s->journal, "SetReceiveFilter*"), 0);
	stage_free(s);

	s = stage_with(5);
	stage_up(s);
	assert_int_equal(set_filter(s, 1), STATUS_NOT_SUPPORTED);
	assert_int_equal(set_filter(s, 0), STATUS_NOT_SUPPORTED);
	assert_int_equal(set_list(s, 1), STATUS_NOT_SUPPORTED);
	stage_free(s);
}

/* NDIS sets it anew after a start: nothing is left of what it set before. */
static void a_halt_forgets_what_was_set(void **state)
{
	struct stage *s = stage_with(5);

	options->ReceiveFilter = TRUE;
	stage_up(s);
	assert_int_equal(set_list(s, 3), STATUS_SUCCESS);
	stage_stop(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_forget(&s->journal);
	assert_int_equal(set_filter(s, 1), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "SetReceiveFilter(1,0)", NULL);
	stage_free(s);
}

static void nothing(void *context)
{
}

/* Diagnostics first, then the host hears; two requests are one. */
static void a_reset_collects_diagnostics(void **state)
{
	for (size_t i = 1; i < MINORS; i++) {
		struct stage *s = stage_with(minors[i]);

		options->Reset = TRUE;
		stage_up(s);
		stage_call(s, nothing, NULL); /* behind what is posted */
		journal_assert_order(
			&s->journal, "D0Entry", "event Ethernet DeviceStarted status=00000000",
			"CollectResetDiagnostics(1)",
			"event Ethernet EvtNetDeviceCollectResetDiagnostics bytes=4",
			"event Ethernet DeviceReset diagnostics_guid={01234567-89AB-CDEF-0001-020304050607} diagnostics_bytes=4 diagnostics=571c4ed0",
			"host reset", NULL);
		assert_int_equal(journal_count(&s->journal, "host reset"), 1);
		stage_free(s);
	}
}

/* A device that is gone before its turn comes is not reset. */
static void a_device_that_goes_is_not_reset(void **state)
{
	struct stage *s = stage_with(5);

	options->Reset = TRUE;
	options->Fail[StepD0Entry] = STATUS_DEVICE_NOT_READY;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(stage_start(s), STATUS_DEVICE_NOT_READY);
	stage_remove(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_callback_for_filter_and_list),
		cmocka_unit_test(a_list_of_any_size_is_one),
		cmocka_unit_test(the_preview_of_2_0_has_a_callback_for_each),
		cmocka_unit_test(what_was_not_declared_is_not_supported),
		cmocka_unit_test(a_halt_forgets_what_was_set),
		cmocka_unit_test(a_reset_collects_diagnostics),
		cmocka_unit_test(a_device_that_goes_is_not_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
