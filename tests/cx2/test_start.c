/* SPDX-License-Identifier: MIT */
/* A 2.x adapter's life, in each version: order of the callbacks, what a start needs, traffic. */
#include <string.h>

#include "recorder.h"
#include "stage/make_frame.h"

/* Runs @test for each version. */
static void each(void (*test)(unsigned minor))
{
	for (size_t i = 0; i < MINORS; i++)
		test(minors[i]);
}

static void starts(unsigned minor)
{
	struct stage *s = stage_with(minor);

	stage_up(s);
	assert_int_equal(cx2_adapter(s->adapter)->minor, minor);
	journal_assert_calls(&s->journal, "DriverEntry", "DeviceAdd", "PrepareHardware",
			     "NetAdapterStart=00000000", "D0Entry", "CreateTxQueue(0)",
			     "CreateRxQueue(0)", NULL);
	journal_assert_order(&s->journal, "event Ethernet NetAdapterCreate default=1",
			     "host started mtu=1500",
			     "event Ethernet NetAdapterStart status=00000000 mtu=1500",
			     "event Ethernet EvtAdapterCreateTxQueue queue=0 status=00000000",
			     "event Ethernet EvtAdapterCreateRxQueue queue=0 status=00000000",
			     "host datapath start", NULL);
	journal_forget(&s->journal);
	stage_remove(s);
	journal_assert_order(&s->journal, "host datapath stop", "host datapath destroy",
			     "host halted", "event Ethernet NetAdapterStop", "ReleaseHardware",
			     "AdapterDestroy", NULL);
	stage_free(s);
}

static void start_and_removal_call_back_in_order(void **state)
{
	each(starts);
}

static void starts_in_device_add(unsigned minor)
{
	struct stage *s = stage_with(minor);

	options->Start = StartInDeviceAdd;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(journal_find(&s->journal, "CreateTxQueue(0)"), -1);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "NetAdapterStart=00000000", "D0Entry", "CreateTxQueue(0)",
			     NULL);
	stage_free(s);
}

/* Queues wait for SelfManagedIoInit. */
static void start_in_device_add(void **state)
{
	each(starts_in_device_add);
}

/* The three mandatory capabilities; then it can be tried again. */
static void lacks_one(unsigned minor)
{
	for (int missing = 0; missing < 3; missing++) {
		struct stage *s = stage_with(minor);

		options->SkipDatapath = missing == 0;
		options->SkipLink = missing == 1;
		options->SkipMtu = missing == 2;
		assert_int_equal(stage_load(s), STATUS_SUCCESS);
		assert_int_equal(stage_start(s), STATUS_INVALID_PARAMETER);
		assert_int_equal(options->StartStatus, STATUS_INVALID_PARAMETER);
		assert_true(journal_tells(&s->journal,
					  missing == 0   ? "NetAdapterSetDataPathCapabilities"
					  : missing == 1 ? "NetAdapterSetLinkLayerCapabilities"
							 : "NetAdapterSetLinkLayerMtuSize"));
		options->SkipDatapath = options->SkipLink = options->SkipMtu = FALSE;
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		stage_free(s);
	}
}

static void missing_capability_fails_the_start(void **state)
{
	each(lacks_one);
}

static void address_cases(unsigned minor)
{
	static const struct {
		ULONG permanent, current;
		UCHAR last_permanent, last_current;
		NTSTATUS status;
	} cases[] = {
		{ 6, 0, 1, 1, STATUS_SUCCESS },
		{ 0, 6, 2, 2, STATUS_SUCCESS },
		{ 6, 6, 1, 2, STATUS_SUCCESS },
		{ 6, 8, 0, 0, STATUS_INVALID_PARAMETER },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage *s = stage_with(minor);

		options->PermanentLength = cases[i].permanent;
		options->CurrentLength = cases[i].current;
		assert_int_equal(stage_load(s), STATUS_SUCCESS);
		assert_int_equal(stage_start(s), cases[i].status);
		if (NT_SUCCESS(cases[i].status)) {
			assert_int_equal(s->adapter->permanent_address.bytes[5],
					 cases[i].last_permanent);
			assert_int_equal(s->adapter->current_address.bytes[5],
					 cases[i].last_current);
		}
		stage_free(s);
	}
}

static void addresses_fill_each_other(void **state)
{
	each(address_cases);
}

/* Up to 2.1 a stop forgets what was declared; from 2.2 on it stays. */
static void stops_and_starts(unsigned minor)
{
	struct stage *s = stage_with(minor);
	NTSTATUS again = minor >= 2 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;

	stage_up(s);
	stage_stop(s);
	assert_int_equal(s->adapter->have_mtu, minor >= 2);
	options->SkipDatapath = options->SkipLink = options->SkipMtu = TRUE;
	options->PermanentLength = 0;
	assert_int_equal(stage_start(s), again);
	assert_int_equal(s->adapter->permanent_address.length, minor >= 2 ? 6 : 0);
	stage_stop(s);

	options->SkipDatapath = options->SkipLink = options->SkipMtu = FALSE;
	journal_forget(&s->journal);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "PrepareHardware", "NetAdapterStart=00000000", "D0Entry",
			     "CreateTxQueue(0)", "CreateRxQueue(0)", NULL);
	stage_free(s);
}

static void restart_forgets_up_to_2_1(void **state)
{
	each(stops_and_starts);
}

/* Each step of the way up: the status comes out, nothing stays. */
static void fails_at_each_step(unsigned minor)
{
	for (int step = 0; step < StepCount; step++) {
		struct stage *s = stage_with(minor);

		options->Fail[step] = STATUS_DEVICE_NOT_READY;
		assert_int_equal(stage_bring_up(s), STATUS_DEVICE_NOT_READY);
		stage_remove(s);
		assert_int_equal(journal_count(&s->journal, "host created*"),
				 journal_count(&s->journal, "host deleted"));
		stage_free(s);
	}
}

static void failure_at_each_step(void **state)
{
	each(fails_at_each_step);
}

static void tells_its_link(unsigned minor)
{
	struct stage *s = stage_with(minor);
	uint64_t tx, rx;

	options->LinkUpFirst = TRUE;
	stage_up(s);
	assert_true(cx_adapter_link_up(s->adapter, &tx, &rx));
	assert_int_equal(tx, 1000000000);
	assert_int_equal(rx, 1000000000);
	journal_assert_order(
		&s->journal, "event Ethernet NetAdapterStart status=00000000 mtu=1500",
		"event Ethernet LinkUp tx_bps=1000000000 rx_bps=1000000000 full_duplex=1", NULL);
	stage_free(s);
}

static void link_before_the_start_counts(void **state)
{
	each(tells_its_link);
}

/* The buffers' size follows from the MTU, as nothing else says how large a packet can be. */
static void sizes_buffers(unsigned minor)
{
	struct stage *s = stage_with(minor);

	options->Mtu = 9000;
	stage_up(s);
	assert_in_range(s->adapter->tx.buffer_size, 9014, 9100);
	assert_int_equal(s->adapter->rx.buffer_size, 2048);
	s->adapter->offload.hardware.lso.maximum_offload_size = 64000;
	cx2_size_tx_buffers(cx2_adapter(s->adapter), 1500);
	assert_in_range(s->adapter->tx.buffer_size, 64000 + 14 + 60 + 60, 64000 + 256);
	s->adapter->offload.hardware.uso.maximum_offload_size = SIZE_MAX;
	cx2_size_tx_buffers(cx2_adapter(s->adapter), 1500);
	assert_in_range(s->adapter->tx.buffer_size, 0x40000, 0x40000 + 256);
	stage_free(s);
}

static void mtu_sizes_the_transmit_buffers(void **state)
{
	each(sizes_buffers);
}

static void reads_keyword(unsigned minor)
{
	struct stage *s = stage_with(minor);

	stage_keyword(s, "*JumboPacket", "4088");
	options->ReadKeyword = TRUE;
	stage_up(s);
	assert_true(journal_find(&s->journal, "Keyword(4088,4088)") >= 0);
	stage_free(s);
}

static void keywords_are_read(void **state)
{
	each(reads_keyword);
}

static void scales(unsigned minor)
{
	struct stage *s = stage_with(minor);

	options->ScalingQueues = 2;
	stage_up(s);
	journal_assert_order(&s->journal, "CreateTxQueue(0)", "CreateRxQueue(0)",
			     "CreateRxQueue(1)", "SetEntries(128,0)", "host datapath start",
			     "SetHashSecretKey(40)", "ScalingEnable(1,15)", "SetEntries(64,64)",
			     "host scaling enabled=1 queues=2 ", NULL);
	stage_stop(s);
	journal_assert_order(&s->journal, "SetEntries(64,64)", "ScalingDisable",
			     "host datapath stop", NULL);
	stage_free(s);
}

static void receive_scaling_in_order(void **state)
{
	each(scales);
}

/* Started in EvtDriverDeviceAdd it has its queues at once, and keeps them while the device stops.
 */
static void a_lightweight_adapter_has_its_own_life(void **state)
{
	struct stage *s = stage_with(5);

	options->StartLightweight = TRUE;
	options->Start = StartNever; /* the stage has one set of queues */
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	journal_assert_order(
		&s->journal, "Lightweight refused", "event Ethernet NetAdapterCreate default=1",
		"event Ethernet #2 NetAdapterCreate default=0 interface={89ABCDEF-0001-0002-0304-05060708090A}",
		"event Ethernet #2 NetAdapterStart status=00000000 mtu=1400", "CreateTxQueue(0)",
		"CreateRxQueue(0)", "Lightweight=00000000", NULL);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	stage_stop(s);
	assert_int_equal(journal_count(&s->journal, "host datapath stop"), 0);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(journal_count(&s->journal, "CreateTxQueue(0)"), 1);
	stage_remove(s);
	journal_assert_order(&s->journal, "ReleaseHardware", "host datapath stop",
			     "event Ethernet #2 NetAdapterStop", NULL);
	stage_free(s);
}

/* What the stack sends comes back unchanged, in order, over two starts. */
static void loops_frames(unsigned minor)
{
	struct stage *s = stage_with(minor);
	const struct shape shapes[] = { { .version = 4, .payload = 100, .final = true },
					{ .version = 6, .payload = 1400, .final = true } };

	stage_use_datapath(s, NULL);
	for (unsigned i = 0; i < 2; i++) {
		struct test_frame frame = make_frame(&shapes[i]);

		if (i == 0)
			stage_up(s);
		else
			assert_int_equal(stage_start(s), STATUS_SUCCESS);
		for (unsigned n = 0; n < 50; n++) {
			frame.bytes[frame.length - 1] = (uint8_t)n;
			memory_edge_put(s->edge, frame.bytes, frame.length,
					(struct frame_meta){ 0 });
		}
		frame_store_await(&s->edge->out, 50);
		for (unsigned n = 0; n < 50; n++) {
			const struct kept_frame *kept = &s->edge->out.frames[n];

			frame.bytes[frame.length - 1] = (uint8_t)n;
			assert_int_equal(kept->length, frame.length);
			assert_memory_equal(kept->bytes, frame.bytes, frame.length);
		}
		stage_stop(s);
		frame_store_forget(&s->edge->out);
		free(frame.bytes);
	}
	assert_int_equal(options->Sent, 100);
	assert_int_equal(options->Received, 100);
	journal_assert_order(&s->journal, "Start(tx 0)", "Cancel(tx 0)", "Stop(tx 0)",
			     "Start(tx 0)", NULL);
	journal_assert_order(&s->journal, "Start(rx 0)", "Cancel(rx 0)", "Stop(rx 0)",
			     "Start(rx 0)", NULL);
	stage_free(s);
}

static void traffic_both_ways(void **state)
{
	each(loops_frames);
}

/* What is wrong is told by a status, and changes nothing: the device comes up all the same. */
static void failures_are_told_by_a_status(void **state)
{
	for (size_t i = 0; i < MINORS; i++) {
		struct stage *s = stage_with(minors[i]);

		options->Break = "failures";
		options->ConfigTwice = TRUE;
		stage_up(s);
		stage_stop(s);
		journal_assert_order(&s->journal, "InitConfig=c0000184", "Create=c0000004",
				     "OpenAdapter=c0000004", "OpenDevice=c0000004",
				     "Start=c000000d", NULL);
		if (minors[i])
			journal_assert_order(&s->journal, "ExecutionContext=c0000004",
					     "Task=c0000004", NULL);
		else
			journal_assert_order(&s->journal, "RequestQueue=c0000004",
					     "RequestQueue=00000000", NULL);
		journal_assert_order(&s->journal, "NetAdapterStart=00000000", "TxQueue=c0000004",
				     "RxQueue=c0000004", "ReleaseHardware", "StartLate=c0000184",
				     NULL);
		stage_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_and_removal_call_back_in_order),
		cmocka_unit_test(start_in_device_add),
		cmocka_unit_test(missing_capability_fails_the_start),
		cmocka_unit_test(addresses_fill_each_other),
		cmocka_unit_test(restart_forgets_up_to_2_1),
		cmocka_unit_test(failure_at_each_step),
		cmocka_unit_test(link_before_the_start_counts),
		cmocka_unit_test(mtu_sizes_the_transmit_buffers),
		cmocka_unit_test(keywords_are_read),
		cmocka_unit_test(receive_scaling_in_order),
		cmocka_unit_test(a_lightweight_adapter_has_its_own_life),
		cmocka_unit_test(traffic_both_ways),
		cmocka_unit_test(failures_are_told_by_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
