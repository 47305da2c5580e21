/* SPDX-License-Identifier: MIT */
/*
 * Receive scaling: in which order, with what and at which IRQL the driver is called, what bounds
 * the number of queues, and that whatever fails, queue 0 goes on alone.
 */
#include <stdio.h>
#include <string.h>

#include "recorder.h"

static struct stage *scaling_stage(unsigned queues)
{
	struct stage *s = stage_with("recorder");

	options->ScalingQueues = queues;
	return s;
}

/* How many receive queues there are; they have the ids from 0 on. */
static unsigned queues_of(struct stage *s)
{
	unsigned count = 0;

	for (unsigned id = 0; id < CX_RX_QUEUES; id++)
		if (s->adapter->rx_queues[id]) {
			assert_int_equal(s->adapter->rx_queues[id]->id, id);
			assert_int_equal(id, count);
			count++;
		}
	return count;
}

static void restart_datapath(void *adapter)
{
	assert_int_equal(cx_adapter_restart_datapath(adapter), STATUS_SUCCESS);
}

#define KEY    "SetHashSecretKey(40,6d5a,irql=0)"
#define ENABLE "ScalingEnable(1,1d,irql=0)" /* IPv4, IPv6, its extension headers, TCP */
#define EVENLY "SetEntries(irql=2,128 from 0: 32 32 32 32 0)"

/*
 * The table first, all of it queue 0; the queues run; then TCP/IP: key, hash, table. At the end it
 * is turned off while the queues still run.
 */
static void up_and_down_in_order(void **state)
{
	struct stage *s = scaling_stage(4);

	for (int i = 0; i < 3; i++) {
		journal_forget(&s->journal);
		if (i == 0)
			stage_up(s);
		else
			assert_int_equal(stage_start(s), STATUS_SUCCESS);
		journal_assert_order(&s->journal, "SetLso*", "CreateTxQueue(0)", "CreateRxQueue(0)",
				     "CreateRxQueue(1)", "CreateRxQueue(2)", "CreateRxQueue(3)",
				     "SetEntries(irql=0,128 from 0: 128 0 0 0 0)",
				     "host datapath start", KEY, ENABLE, EVENLY,
				     "host scaling enabled=1 queues=4 ", NULL);
		assert_int_equal(queues_of(s), 4);
		assert_int_equal(journal_count(&s->journal, "SetEntries*"), 2);
		assert_int_equal(journal_count(&s->journal, "wrong entry*"), 0);
		stage_stop(s);
		journal_assert_order(&s->journal, EVENLY, "ScalingDisable(irql=0)",
				     "host datapath stop", "host datapath destroy",
				     "ReleaseHardware", NULL);
		assert_int_equal(journal_count(&s->journal, "ScalingDisable*"), 1);
		assert_int_equal(queues_of(s), 0);
	}
	stage_free(s);
}

static void events_tell(void **state)
{
	struct stage *s = scaling_stage(2);

	options->ScalingProtocols =
		NetAdapterReceiveScalingProtocolTypeIPv6 | NetAdapterReceiveScalingProtocolTypeTcp;
	stage_up(s);
	stage_stop(s);
	journal_assert_order(
		&s->journal, "event Ethernet EvtAdapterCreateRxQueue queue=1 status=00000000",
		"event Ethernet EvtAdapterReceiveScalingSetIndirectionEntries entries=128 queues=1 status=00000000",
		"event Ethernet EvtAdapterReceiveScalingSetHashSecretKey length=40 status=00000000",
		"event Ethernet EvtAdapterReceiveScalingEnable hash_type=1 protocol_type=20 status=00000000",
		"event Ethernet EvtAdapterReceiveScalingSetIndirectionEntries entries=128 queues=2 status=00000000",
		"event Ethernet ReceiveScaling enabled=1 queues=2",
		"event Ethernet EvtAdapterReceiveScalingDisable",
		"event Ethernet ReceiveScaling enabled=0", NULL);
	stage_free(s);
}

static void undeclared_is_as_ever(void **state)
{
	struct stage *s = scaling_stage(0);

	stage_keyword(s, "*RSS", "1");
	stage_keyword(s, "*NumRssQueues", "4");
	stage_up(s);
	journal_assert_calls(&s->journal, "DriverEntry", "DeviceAdd", "PrepareHardware",
			     "SetChecksum*", "SetLso*", "NetAdapterStart=00000000", "D0Entry",
			     "CreateTxQueue(0)", "CreateRxQueue(0)", NULL);
	stage_stop(s);
	assert_int_equal(journal_count(&s->journal, "ScalingDisable*"), 0);
	assert_int_equal(journal_count(&s->journal, "host scaling*"), 0);
	stage_free(s);
}

static void keywords_bound_the_queues(void **state)
{
	static const struct {
		const char *rss, *queues, *processors;
		unsigned declared, expected; /* 0: no scaling */
	} cases[] = {
		{ NULL, NULL, NULL, 4, 4 },    { "1", NULL, NULL, 4, 4 },
		{ "0", NULL, NULL, 4, 0 },     { "on", NULL, NULL, 4, 4 },
		{ "1", "2", NULL, 4, 2 },      { "1", "3", NULL, 4, 3 },
		{ "1", "8", NULL, 4, 4 },      { "1", "1", NULL, 4, 1 },
		{ "1", "0", NULL, 4, 0 },      { "1", "x", NULL, 4, 4 },
		{ "1", NULL, "2", 4, 2 },      { "1", "4", "3", 8, 3 },
		{ "1", NULL, "0", 4, 0 },      { NULL, NULL, NULL, 1, 1 },
		{ NULL, NULL, NULL, 128, 64 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage *s = scaling_stage(cases[i].declared);
		unsigned expected = cases[i].expected;

		stage_keyword(s, "*RSS", cases[i].rss);
		stage_keyword(s, "*NumRssQueues", cases[i].queues);
		stage_keyword(s, "*MaxRssProcessors", cases[i].processors);
		stage_up(s);
		assert_int_equal(queues_of(s), expected ? expected : 1);
		assert_int_equal(s->adapter->scaling.enabled, expected != 0);
		assert_int_equal(s->adapter->scaling.queues, expected);
		assert_int_equal(journal_count(&s->journal, "SetEntries*"), expected ? 2 : 0);
		assert_int_equal(strlen(s->adapter->scaling.off) != 0, !expected);
		stage_stop(s);
		assert_int_equal(journal_count(&s->journal, "ScalingDisable*"), expected != 0);
		stage_free(s);
	}
}

/* A keyword counts from the next start on. */
static void keyword_takes_effect_with_a_restart(void **state)
{
	struct stage *s = scaling_stage(4);

	stage_up(s);
	for (int i = 0; i < 4; i++) {
		stage_keyword(s, "*RSS", i & 1 ? "1" : "0");
		assert_int_equal(s->adapter->scaling.enabled, !(i & 1));
		stage_stop(s);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		assert_int_equal(queues_of(s), i & 1 ? 4 : 1);
	}
	stage_free(s);
}

static void what_ndis_would_not_enable(void **state)
{
	static const struct {
		ULONG hash, protocols;
		SIZE_T entries;
		const char *reason;
	} cases[] = {
		{ 0, 0x15, 0, "the hash types have no Toeplitz" },
		{ 1, 0x05, 0, "the protocol types have no TCP over IP" },
		{ 1, 0x30, 0, "the protocol types have no TCP over IP" },
		{ 1, 0x21, 0, "the protocol types have no TCP over IP" },
		{ 1, 0x15, 256, "IndirectionTableSize is 256, NDIS has 128 at most" },
		{ 1, 0x15, (SIZE_T)1 << 40,
		  "IndirectionTableSize is 1099511627776, NDIS has 128 at most" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage *s = scaling_stage(4);

		options->ScalingHash = cases[i].hash;
		options->ScalingProtocols = cases[i].protocols;
		options->ScalingEntries = cases[i].entries;
		stage_up(s);
		assert_string_equal(s->adapter->scaling.off, cases[i].reason);
		assert_int_equal(queues_of(s), 1);
		assert_int_equal(journal_count(&s->journal, "S*Entries*"), 0);
		stage_free(s);
	}
}

/* Fewer entries than queues, or one: each of them has its queue. */
static void small_tables(void **state)
{
	struct stage *s = scaling_stage(4);

	options->ScalingEntries = 2;
	stage_up(s);
	assert_true(journal_find(&s->journal, "SetEntries(irql=2,2 from 0: 1 1 0 0 0)") >= 0);
	stage_free(s);
	s = scaling_stage(4);
	options->ScalingEntries = 1;
	stage_up(s);
	assert_true(journal_find(&s->journal, "SetEntries(irql=2,1 from 0: 1 0 0 0 0)") >= 0);
	stage_free(s);
}

/* Any step, any status: no trace of the further queues, the adapter runs, and can start again. */
static void a_failure_leaves_queue_0(void **state)
{
	static const NTSTATUS statuses[] = { STATUS_UNSUCCESSFUL, STATUS_INSUFFICIENT_RESOURCES,
					     STATUS_NOT_SUPPORTED, STATUS_DEVICE_NOT_CONNECTED,
					     STATUS_BUFFER_OVERFLOW };
	static const struct {
		enum RECORDER_STEP step;
		const char *reason; /* its beginning */
		bool enabled, ran;  /* Enable has succeeded; the queues have run */
	} steps[] = {
		{ StepCreateLastRxQueue, "a receive queue's creation", false, false },
		{ StepScalingInitialize, "EvtAdapterReceiveScalingSetIndirectionEntries", false,
		  false },
		{ StepScalingKey, "EvtAdapterReceiveScalingSetHashSecretKey", false, true },
		{ StepScalingEnable, "EvtAdapterReceiveScalingEnable", false, true },
		{ StepScalingEntries, "EvtAdapterReceiveScalingSetIndirectionEntries", true, true },
	};
	char reason[128];

	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < 5; j++) {
			struct stage *s = scaling_stage(4);

			options->Fail[steps[i].step] = statuses[j];
			stage_up(s);
			snprintf(reason, sizeof(reason), "%s failed (0x%08x)", steps[i].reason,
				 (unsigned)statuses[j]);
			assert_string_equal(s->adapter->scaling.off, reason);
			assert_true(
				journal_find(
					&s->journal,
					"event Ethernet Log text=receive scaling stays off, *") >=
				0);
			assert_int_equal(queues_of(s), 1);
			assert_false(s->adapter->scaling.enabled);
			assert_true(s->adapter->datapath_running);
			assert_int_equal(journal_count(&s->journal, "ScalingDisable*"),
					 steps[i].enabled);
			assert_int_equal(journal_count(&s->journal, "host datapath start"),
					 steps[i].ran ? 2 : 1);
			/* Not tried again while it runs. */
			journal_forget(&s->journal);
			stage_call(s, restart_datapath, s->adapter);
			assert_true(journal_find(&s->journal, "CreateRxQueue(0)") >= 0);
			assert_int_equal(journal_find(&s->journal, "CreateRxQueue(1)"), -1);
			assert_int_equal(journal_find(&s->journal, "SetHashSecretKey*"), -1);
			/* The next start is a new one. */
			options->Fail[steps[i].step] = STATUS_SUCCESS;
			stage_stop(s);
			assert_int_equal(stage_start(s), STATUS_SUCCESS);
			assert_int_equal(queues_of(s), 4);
			assert_true(s->adapter->scaling.enabled);
			stage_free(s);
		}
	}
}

/* Queue 0 is not for scaling: without it the adapter fails, as ever. */
static void queue_0_is_needed(void **state)
{
	struct stage *s = scaling_stage(4);

	options->Fail[StepCreateRxQueue] = STATUS_INSUFFICIENT_RESOURCES;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(stage_start(s), STATUS_INSUFFICIENT_RESOURCES);
	assert_int_equal(journal_count(&s->journal, "SetEntries*"), 0);
	stage_free(s);
}

/* Only entries that the driver marks are given again, three times at most. */
static void failed_entries_are_tried_again(void **state)
{
	struct stage *s = scaling_stage(4);

	options->Fail[StepScalingInitialize] = STATUS_DEVICE_BUSY;
	options->EntriesFail = 3;
	options->FailTimes = 3;
	stage_up(s);
	assert_int_equal(journal_count(&s->journal, "SetEntries(irql=0,128 from 0: 128 0 0 0 0)"),
			 1);
	assert_int_equal(journal_count(&s->journal, "SetEntries(irql=0,3 from 125: 3 0 0 0 0)"), 3);
	assert_true(s->adapter->scaling.enabled);
	stage_free(s);

	s = scaling_stage(4);
	options->Fail[StepScalingInitialize] = STATUS_DEVICE_BUSY;
	options->EntriesFail = 1;
	stage_up(s);
	assert_int_equal(journal_count(&s->journal, "SetEntries*"), 4);
	assert_false(s->adapter->scaling.enabled);
	assert_int_equal(queues_of(s), 1);
	stage_free(s);
}

/* 1809 looks at the entries only when the callback fails; here it is said. */
static void quiet_failures_are_told(void **state)
{
	struct stage *s = scaling_stage(4);

	options->EntryFailsQuietly = TRUE;
	stage_up(s);
	assert_true(s->adapter->scaling.enabled);
	assert_true(
		journal_find(
			&s->journal,
			"event Ethernet Log text=EvtAdapterReceiveScalingSetIndirectionEntries returned success, and entry 5 has status 0xc0000001*") >=
		0);
	stage_free(s);
}

static void fall_asleep(void *context)
{
	const struct wdf_sleep how = { .idle = false };

	assert_int_equal(wdf_device_sleep(context, &how), STATUS_SUCCESS);
}

static void wake_up(void *context)
{
	assert_int_equal(wdf_device_wake(context, false), STATUS_SUCCESS);
}

/* Queues only pause; hardware may forget in a low power state, so all is told again. */
static void sleep_and_wake(void **state)
{
	struct stage *s = scaling_stage(4);

	stage_up(s);
	for (int i = 0; i < 3; i++) {
		journal_forget(&s->journal);
		stage_call(s, fall_asleep, s->device);
		assert_false(s->adapter->scaling.enabled);
		stage_call(s, wake_up, s->device);
		journal_assert_order(&s->journal, "ScalingDisable(irql=0)", "host datapath stop",
				     "D0Entry", "host datapath start", KEY, ENABLE, EVENLY, NULL);
		assert_int_equal(journal_find(&s->journal, "CreateRxQueue*"), -1);
		assert_int_equal(queues_of(s), 4);
	}
	stage_free(s);
}

/* The driver changes its MTU: queues and table are made anew. */
static void datapath_restarts(void **state)
{
	struct stage *s = scaling_stage(4);

	stage_up(s);
	journal_forget(&s->journal);
	stage_call(s, restart_datapath, s->adapter);
	journal_assert_order(&s->journal, "ScalingDisable(irql=0)", "host datapath stop",
			     "host datapath destroy", "CreateRxQueue(0)", "CreateRxQueue(3)",
			     "SetEntries(irql=0,128 from 0: 128 0 0 0 0)", "host datapath start",
			     KEY, ENABLE, EVENLY, NULL);
	assert_int_equal(queues_of(s), 4);
	stage_free(s);
}

static struct cx_scaling_setup another;

static void renew(void *adapter)
{
	assert_true(cx_scaling_renew(adapter, &another));
}

static void renew_what_is_off(void *adapter)
{
	assert_false(cx_scaling_renew(adapter, &another));
}

/* TCP/IP's parameters change while it is on: off, then the new key and the new table. */
static void another_key(void **state)
{
	struct stage *s = scaling_stage(4);

	another.key[0] = 0xAB;
	another.key[1] = 0xCD;
	memset(another.table, 3, sizeof(another.table));
	stage_up(s);
	journal_forget(&s->journal);
	stage_call(s, renew, s->adapter);
	journal_assert_order(&s->journal, "ScalingDisable(irql=0)",
			     "SetHashSecretKey(40,abcd,irql=0)", ENABLE,
			     "SetEntries(irql=2,128 from 0: 0 0 0 128 0)",
			     "host scaling enabled=1 queues=4 ", NULL);
	assert_int_equal(queues_of(s), 4);
	stage_stop(s);
	stage_call(s, renew_what_is_off, s->adapter);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_and_down_in_order),
		cmocka_unit_test(events_tell),
		cmocka_unit_test(undeclared_is_as_ever),
		cmocka_unit_test(keywords_bound_the_queues),
		cmocka_unit_test(keyword_takes_effect_with_a_restart),
		cmocka_unit_test(what_ndis_would_not_enable),
		cmocka_unit_test(small_tables),
		cmocka_unit_test(a_failure_leaves_queue_0),
		cmocka_unit_test(queue_0_is_needed),
		cmocka_unit_test(failed_entries_are_tried_again),
		cmocka_unit_test(quiet_failures_are_told),
		cmocka_unit_test(sleep_and_wake),
		cmocka_unit_test(datapath_restarts),
		cmocka_unit_test(another_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
