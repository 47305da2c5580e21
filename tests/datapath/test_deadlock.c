/* SPDX-License-Identifier: MIT */
/* A queue that waits for its own end, directly and by way of others; and one that does not. */
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "probe_stage.h"
#include "stage/child.h"

static const uint8_t plain[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

static WDFWORKITEM item;

static struct stage *send_one(void (*in_advance)(void))
{
	struct stage *s;

	probe_reset();
	probe.inAdvance = in_advance;
	s = probe_stage(NULL);
	memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
	return s;
}

static void stop_adapter(void)
{
	NetAdapterStop(probe.adapter);
}

static void stop_by_item(WDFWORKITEM work_item)
{
	NetAdapterStop(probe.adapter);
	probe.misdeed = PROBE_HOLDS_PACKETS; /* as a sign that it has returned */
}

static void make_item(void)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDF_WORKITEM_CONFIG config;

	WDF_WORKITEM_CONFIG_INIT(&config, stop_by_item);
	config.AutomaticSerialization = FALSE;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = probe.device;
	assert_int_equal(WdfWorkItemCreate(&config, &attributes, &item), STATUS_SUCCESS);
}

static void enqueue(void)
{
	make_item();
	WdfWorkItemEnqueue(item);
}

static void enqueue_and_wait(void)
{
	enqueue();
	WdfWorkItemFlush(item);
}

static void stops_its_adapter(void *context)
{
	send_one(stop_adapter);
	sleep(20);
}

static void waits_for_who_stops_it(void *context)
{
	send_one(enqueue_and_wait);
	sleep(20);
}

static void stops_in_an_offload_callback(void *context)
{
	struct stage *s;

	probe_reset();
	probe.settings.declareLso = probe.settings.lsoIPv4 = probe.settings.lsoIPv6 = TRUE;
	s = probe_stage(NULL);
	probe.inSetLso = stop_adapter;
	stage_set_lso(s, 1, 1);
}

static enum probe_place place_of_stop_idle;
static atomic_bool idle_was_stopped;

static void stop_idle(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath, BOOLEAN transmit,
		      ULONG id)
{
	if (place != place_of_stop_idle || !transmit)
		return;
	assert_int_equal(WdfDeviceStopIdle(probe.device, TRUE), STATUS_SUCCESS);
	WdfDeviceResumeIdle(probe.device);
	idle_was_stopped = true;
}

/* A queue's thread starts it in its own time: on the way down that, too, would wait for D0. */
static void await_start(void)
{
	for (int i = 0; i < 10000 && !idle_was_stopped; i++)
		usleep(1000);
	assert_true(idle_was_stopped);
}

static void stops_idling(void *context)
{
	struct stage *s;

	place_of_stop_idle = *(const enum probe_place *)context;
	probe_reset();
	probe.deed = stop_idle;
	s = probe_stage(NULL);
	if (place_of_stop_idle == PROBE_STARTS)
		await_start();
	probe_stage_free(s);
}

static void a_queue_that_ends_does_not_wait_for_d0(void **state)
{
	static enum probe_place starts = PROBE_STARTS, cancels = PROBE_CANCELS, stops = PROBE_STOPS;

	child_violates(stops_idling, &cancels,
		       "0x10D WDF_VERIFIER_FATAL_ERROR in WdfDeviceStopIdle",
		       "it was called inside EvtPacketQueueCancel, and waits for D0", NULL);
	child_violates(stops_idling, &stops, "0x10D WDF_VERIFIER_FATAL_ERROR in WdfDeviceStopIdle",
		       "it was called inside EvtPacketQueueStop, and waits for D0", NULL);
	stops_idling(&starts);
}

static void waits_without_an_end_are_named(void **state)
{
	child_violates(stops_its_adapter, NULL,
		       "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in NetAdapterStop (driver ",
		       "it was called inside EvtPacketQueueAdvance", NULL);
	child_violates(stops_in_an_offload_callback, NULL, "in NetAdapterStop",
		       "it was called inside EvtNetAdapterOffloadSetLso", NULL);
	child_violates(waits_for_who_stops_it, NULL, "0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in ",
		       ": deadlock: ",
		       /* netcx-tx0; on a machine with one processor, netcx-queues */
		       "WdfWorkItemFlush in EvtPacketQueueAdvance on thread netcx-",
		       "NetAdapterStop in EvtWorkItem on thread work-items waits for ",
		       "the stop of a packet queue on thread ", " waits for the first", NULL);
}

static void a_work_item_may_stop_the_adapter(void **state)
{
	struct stage *s = send_one(enqueue);

	for (int i = 0; i < 10000 && probe.misdeed != PROBE_HOLDS_PACKETS; i++)
		usleep(1000);
	assert_int_equal(probe.misdeed, PROBE_HOLDS_PACKETS);
	probe_stage_free(s);
}

static void stop_then_flush(void *context)
{
	NetAdapterStop(probe.adapter);
	enqueue_and_wait();
}

/* On the device's thread, as EvtDeviceReleaseHardware: the adapter is stopped by then. */
static void a_stopped_adapter_is_stopped_by_anybody(void **state)
{
	struct stage *s;

	probe_reset();
	s = probe_stage(NULL);
	stage_call(s, stop_then_flush, NULL);
	assert_int_equal(probe.misdeed, PROBE_HOLDS_PACKETS);
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_without_an_end_are_named),
		cmocka_unit_test(a_queue_that_ends_does_not_wait_for_d0),
		cmocka_unit_test(a_work_item_may_stop_the_adapter),
		cmocka_unit_test(a_stopped_adapter_is_stopped_by_anybody),
	};

	return cmocka_run_group_tests_name("datapath: deadlock", tests, NULL, NULL);
}
