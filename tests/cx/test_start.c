/* SPDX-License-Identifier: MIT */
/* An adapter's life: order of the callbacks, what a start needs, stop and start again, failures. */
#include <stdio.h>
#include <string.h>

#include "cx/api/1.3/adapter.h"
#include "cx/api/declared.h"
#include "recorder.h"

/* Checksum first, then LSO, with the defaults, before any queue exists. */
static void start_calls_back_in_order(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_assert_calls(&s->journal, "DriverEntry", "DeviceAdd", "PrepareHardware",
			     "SetChecksum(1,1,1)", "SetLso(1,1,64000,2)",
			     "NetAdapterStart=00000000", "D0Entry", "CreateTxQueue(0)",
			     "CreateRxQueue(0)", NULL);
	journal_assert_order(
		&s->journal, "event Ethernet NetAdapterCreate default=1",
		"event Ethernet EvtNetAdapterOffloadSetChecksum ipv4=1 tcp=1 udp=1",
		"event Ethernet EvtNetAdapterOffloadSetLso ipv4=1 ipv6=1 maximum_offload_size=64000 minimum_segment_count=2",
		"host started mtu=1500", "event Ethernet NetAdapterStart status=00000000 mtu=1500",
		"event Ethernet EvtAdapterCreateTxQueue queue=0 status=00000000",
		"event Ethernet EvtAdapterCreateRxQueue queue=0 status=00000000",
		"host datapath start", NULL);
	/* Defaults travel as attributes: nothing is indicated at start. */
	assert_int_equal(s->indications, 0);
	stage_free(s);
}

static void removal_goes_the_way_back(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	stage_remove(s);
	journal_assert_order(&s->journal, "host datapath stop", "host datapath destroy",
			     "host halted", "event Ethernet NetAdapterStop", "ReleaseHardware",
			     "host deleted", NULL);
	assert_int_equal(journal_count(&s->journal, "host datapath stop"), 1);
	stage_free(s);
}

/* A driver may start its adapter in EvtDriverDeviceAdd: queues wait for SelfManagedIoInit. */
static void start_in_device_add(void **state)
{
	struct stage *s = stage_with("recorder");

	options->Start = StartInDeviceAdd;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_true(journal_find(&s->journal, "SetLso(1,1,64000,2)") >= 0);
	assert_int_equal(journal_find(&s->journal, "CreateTxQueue(0)"), -1);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "NetAdapterStart=00000000", "D0Entry", "CreateTxQueue(0)",
			     NULL);
	stage_free(s);
}

/* Started in EvtDriverDeviceAdd and the device never: the host still hears of the halt. */
static void removed_before_its_device_starts(void **state)
{
	struct stage *s = stage_with("recorder");

	options->Start = StartInDeviceAdd;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	stage_remove(s);
	journal_assert_order(&s->journal, "host started*", "host halted", "host deleted", NULL);
	stage_free(s);
}

static void start_now(void *context)
{
	struct stage *s = context;

	assert_int_equal(cx_adapter_start(s->adapter), STATUS_SUCCESS);
}

/* An adapter that is started when its device runs already has its queues at once. */
static void start_after_io(void **state)
{
	struct stage *s = stage_with("recorder");

	options->Start = StartNever;
	stage_up(s);
	assert_int_equal(journal_find(&s->journal, "CreateTxQueue(0)"), -1);
	stage_call(s, start_now, s);
	journal_assert_order(&s->journal, "SetLso(1,1,64000,2)", "CreateTxQueue(0)",
			     "CreateRxQueue(0)", "host datapath start", NULL);
	stage_free(s);
}

/* The three mandatory capabilities. */
static void missing_capability_fails_the_start(void **state)
{
	for (int missing = 0; missing < 3; missing++) {
		struct stage *s = stage_with("recorder");

		options->SkipDatapath = missing == 0;
		options->SkipLink = missing == 1;
		options->SkipMtu = missing == 2;
		assert_int_equal(stage_load(s), STATUS_SUCCESS);
		assert_int_equal(stage_start(s), STATUS_INVALID_PARAMETER);
		assert_int_equal(options->StartStatus, STATUS_INVALID_PARAMETER);
		journal_assert_calls(&s->journal, "DriverEntry", "DeviceAdd", "PrepareHardware",
				     "NetAdapterStart=c000000d", "ReleaseHardware", NULL);
		assert_int_equal(cx_adapter_state(s->adapter), CX_ADAPTER_INITIALIZED);
		/* And it can be tried again. */
		options->SkipDatapath = options->SkipLink = options->SkipMtu = FALSE;
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		stage_free(s);
	}
}

static void addresses_fill_each_other(void **state)
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
		{ 32, 6, 0, 0, STATUS_INVALID_PARAMETER },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage *s = stage_with("recorder");

		options->PermanentLength = cases[i].permanent;
		options->CurrentLength = cases[i].current;
		assert_int_equal(stage_load(s), STATUS_SUCCESS);
		assert_int_equal(stage_start(s), cases[i].status);
		if (NT_SUCCESS(cases[i].status)) {
			assert_int_equal(s->adapter->permanent_address.length, 6);
			assert_int_equal(s->adapter->current_address.length, 6);
			assert_int_equal(s->adapter->permanent_address.bytes[5],
					 cases[i].last_permanent);
			assert_int_equal(s->adapter->current_address.bytes[5],
					 cases[i].last_current);
		} else {
			/* The offload callbacks have not been reached. */
			assert_int_equal(journal_count(&s->journal, "Set*"), 0);
		}
		stage_free(s);
	}
}

/* Stop forgets all that was declared; a start without declaring again fails. */
static void restart_forgets(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	stage_stop(s);
	assert_false(s->adapter->have_mtu);
	assert_false(cx13_adapter(s->adapter)->lso_declared);
	assert_int_equal(cx13_adapter(s->adapter)->extensions.count, 0);
	options->SkipMtu = TRUE;
	assert_int_equal(stage_start(s), STATUS_INVALID_PARAMETER);

	options->SkipMtu = FALSE;
	options->DeclareLso = FALSE;
	journal_forget(&s->journal);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "PrepareHardware", "SetChecksum(1,1,1)",
			     "NetAdapterStart=00000000", "D0Entry", "CreateTxQueue(0)",
			     "CreateRxQueue(0)", NULL);
	assert_int_equal(options->TxLsoOffset, NET_PACKET_EXTENSION_INVALID_OFFSET);
	stage_free(s);
}

/* Keywords are read at each start: what changed meanwhile counts. */
static void restart_reads_keywords_again(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	stage_stop(s);
	stage_keyword(s, "*LsoV2IPv6", "0");
	journal_forget(&s->journal);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_true(journal_find(&s->journal, "SetLso(1,0,64000,2)") >= 0);
	stage_free(s);
}

/* Each step of the way up, with several statuses: the status comes out, nothing stays. */
static void failure_at_each_step(void **state)
{
	static const NTSTATUS statuses[] = { STATUS_UNSUCCESSFUL, STATUS_INSUFFICIENT_RESOURCES,
					     STATUS_DEVICE_NOT_READY, STATUS_NDIS_DEVICE_FAILED };

	for (int step = 0; step <= StepCreateRxQueue; step++) {
		for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
			struct stage *s = stage_with("recorder");
			NTSTATUS status;

			options->Fail[step] = statuses[i];
			status = stage_load(s);
			if (NT_SUCCESS(status))
				status = stage_start(s);
			assert_int_equal(status, statuses[i]);
			assert_null(s->tx);
			if (s->adapter)
				assert_int_equal(cx_adapter_state(s->adapter),
						 CX_ADAPTER_INITIALIZED);
			stage_remove(s);
			assert_null(s->adapter);
			stage_free(s);
		}
	}
}

static void queue_callback_without_queue(void **state)
{
	struct stage *s = stage_with("recorder");

	options->NoQueue = TRUE;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(stage_start(s), STATUS_UNSUCCESSFUL);
	stage_free(s);
}

static void datapath_failure_fails_the_device(void **state)
{
	struct stage *s = stage_with("recorder");

	s->datapath_status = STATUS_INSUFFICIENT_RESOURCES;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(stage_start(s), STATUS_INSUFFICIENT_RESOURCES);
	stage_free(s);
}

/* With the device running there is no start to fail: it is failed for good. */
static void late_datapath_failure(void **state)
{
	struct stage *s = stage_with("recorder");
	bool restart;

	options->Start = StartNever;
	stage_up(s);
	s->datapath_status = STATUS_INSUFFICIENT_RESOURCES;
	stage_call(s, start_now, s);
	assert_true(wdf_device_failed(s->device, &restart));
	assert_false(restart);
	stage_free(s);
}

static void stop_twice(void *context)
{
	struct stage *s = context;

	cx_adapter_stop(s->adapter);
	cx_adapter_stop(s->adapter);
}

static void stop_is_synchronous_and_idempotent(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	stage_call(s, stop_twice, s);
	assert_null(s->tx);
	assert_int_equal(journal_count(&s->journal, "event Ethernet NetAdapterStop"), 1);
	assert_int_equal(journal_count(&s->journal, "host halted"), 1);
	stage_free(s);
}

/* An MTU changed while running: the host is told and the queues are made anew. */
static void set_mtu(void *context)
{
	struct stage *s = context;

	cx_adapter_set_mtu(s->adapter, 9000);
	cx_adapter_set_mtu(s->adapter, 9000);
}

static void nothing(void *context)
{
}

static void mtu_change_remakes_queues(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	stage_call(s, set_mtu, s);
	stage_call(s, nothing, NULL);
	journal_assert_order(&s->journal, "host mtu 9000", "host datapath stop",
			     "host datapath destroy", "CreateTxQueue(0)", "CreateRxQueue(0)",
			     "host datapath start", NULL);
	assert_int_equal(s->mtu_changes, 1);
	stage_free(s);
}

static void set_link(struct stage *s, const NET_ADAPTER_LINK_STATE *state)
{
	const struct cx_link link = cx_link_of(state);

	cx_adapter_set_link(s->adapter, &link);
}

static void link_is_told_when_it_changes(void **state)
{
	NET_ADAPTER_LINK_STATE up, down;
	struct stage *s = stage_with("recorder");
	uint64_t tx, rx;

	NET_ADAPTER_LINK_STATE_INIT(&up, 2500000000, MediaConnectStateConnected,
				    MediaDuplexStateFull, NetAdapterPauseFunctionsUnknown,
				    NET_ADAPTER_AUTO_NEGOTIATION_NO_FLAGS);
	NET_ADAPTER_LINK_STATE_INIT_DISCONNECTED(&down);
	options->LinkUpFirst = TRUE;
	stage_up(s);
	/* Told before the start: not indicated, but the event says what the link is. */
	assert_int_equal(s->link_changes, 0);
	assert_int_equal(
		journal_count(
			&s->journal,
			"event Ethernet LinkUp tx_bps=1000000000 rx_bps=1000000000 full_duplex=1"),
		1);
	set_link(s, &down);
	set_link(s, &down);
	assert_false(cx_adapter_link_up(s->adapter, &tx, &rx));
	assert_int_equal(tx, 0);
	nt_thread_enter(&s->machine);
	set_link(s, &up);
	nt_thread_leave();
	assert_true(cx_adapter_link_up(s->adapter, &tx, &rx));
	assert_int_equal(tx, 2500000000u);
	assert_int_equal(s->link_changes, 2);
	stage_free(s);
}

/* A further adapter: its own name and identity, deleted by its driver while it is stopped. */
static void second_adapter(void *context)
{
	struct stage *s = context;
	WDFDEVICE device = (WDFDEVICE)wdf_device_object(s->device);
	PNETADAPTER_INIT init = NetAdapterInitAllocate(device);
	struct cx_adapter *second;
	NETADAPTER handle;

	/* The device has its one default adapter already. */
	assert_null(NetDefaultAdapterInitAllocate(device));
	assert_non_null(init);
	assert_null(NetAdapterInitGetCreatedAdapter(init));
	assert_int_equal(NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &handle), STATUS_SUCCESS);
	NetAdapterInitFree(init);
	second = cx13_adapter_of(handle, "test");
	assert_string_equal(second->name, "Ethernet #2");
	assert_ptr_equal(NetAdapterGetParent(handle), device);
	assert_int_equal(NetAdapterGetNetLuid(handle).Info.IfType, IF_TYPE_ETHERNET_CSMACD);
	assert_int_not_equal(NetAdapterGetNetLuid(handle).Value,
			     NetAdapterGetNetLuid(cx13_adapter_handle(s->adapter)).Value);
	assert_int_equal(NetAdapterGetLinkLayerMtuSize(cx13_adapter_handle(s->adapter)), 1500);
	assert_int_equal(NetAdapterStart(handle), STATUS_INVALID_PARAMETER);
	WdfObjectDelete(handle);
	assert_ptr_equal(s->device ? s->adapter->owner->adapters : NULL, s->adapter);
	assert_null(s->adapter->next);
}

static void further_adapters(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	stage_call(s, second_adapter, s);
	assert_int_equal(journal_count(&s->journal, "host created Ethernet #2"), 1);
	assert_int_equal(journal_count(&s->journal, "host deleted"), 1);
	stage_free(s);
}

/* NetDeviceSetResetCallback: nobody asks for a reset here, so it is kept and no more. */
static void a_reset_callback_is_kept(void **state)
{
	struct stage *s = stage_with("recorder");

	options->ResetCallback = TRUE;
	stage_up(s);
	assert_int_equal(journal_count(&s->journal, "Reset"), 0);
	s->adapter->owner->reset(options->Device);
	assert_int_equal(journal_count(&s->journal, "Reset"), 1);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_calls_back_in_order),
		cmocka_unit_test(removal_goes_the_way_back),
		cmocka_unit_test(start_in_device_add),
		cmocka_unit_test(removed_before_its_device_starts),
		cmocka_unit_test(start_after_io),
		cmocka_unit_test(missing_capability_fails_the_start),
		cmocka_unit_test(addresses_fill_each_other),
		cmocka_unit_test(restart_forgets),
		cmocka_unit_test(restart_reads_keywords_again),
		cmocka_unit_test(failure_at_each_step),
		cmocka_unit_test(queue_callback_without_queue),
		cmocka_unit_test(datapath_failure_fails_the_device),
		cmocka_unit_test(late_datapath_failure),
		cmocka_unit_test(stop_is_synchronous_and_idempotent),
		cmocka_unit_test(mtu_change_remakes_queues),
		cmocka_unit_test(link_is_told_when_it_changes),
		cmocka_unit_test(further_adapters),
		cmocka_unit_test(a_reset_callback_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
