/* SPDX-License-Identifier: MIT */
/* A device that sleeps: who is asked to arm it, when, and how it comes back. */
#include "bench.h"

/* What the driver of the running test is like. */
static struct {
	bool with_reason;
	WDF_POWER_POLICY_S0_IDLE_CAPABILITIES idle; /* IdleCapsInvalid: not assigned */
	WDF_TRI_STATE wake;                         /* WdfUseDefault: not assigned */
	DEVICE_POWER_STATE dx;
	WDF_POWER_DEVICE_STATE seen;
} like;

static NTSTATUS d0_entry(WDFDEVICE device, WDF_POWER_DEVICE_STATE previous)
{
	like.seen = previous;
	return wdf_bench_call("D0Entry");
}

static NTSTATUS d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	like.seen = target;
	return wdf_bench_call("D0Exit");
}

static NTSTATUS release(WDFDEVICE device, WDFCMRESLIST translated)
{
	return wdf_bench_call("Release");
}

static NTSTATUS io_init(WDFDEVICE device)
{
	return wdf_bench_call("IoInit");
}

static NTSTATUS io_restart(WDFDEVICE device)
{
	return wdf_bench_call("IoRestart");
}

static NTSTATUS io_suspend(WDFDEVICE device)
{
	return wdf_bench_call("IoSuspend");
}

static void io_nothing(WDFDEVICE device)
{
}

static void surprise(WDFDEVICE device)
{
	wdf_bench_call("Surprise");
}

static NTSTATUS arm_s0(WDFDEVICE device)
{
	return wdf_bench_call("ArmS0");
}

static void disarm_s0(WDFDEVICE device)
{
	wdf_bench_call("DisarmS0");
}

static void triggered_s0(WDFDEVICE device)
{
	wdf_bench_call("TriggeredS0");
}

static NTSTATUS arm_sx(WDFDEVICE device)
{
	return wdf_bench_call("ArmSx");
}

static NTSTATUS arm_sx_with_reason(WDFDEVICE device, BOOLEAN enabled, BOOLEAN children)
{
	assert_true(enabled);
	assert_false(children);
	return wdf_bench_call("ArmSxWithReason");
}

static void disarm_sx(WDFDEVICE device)
{
	wdf_bench_call("DisarmSx");
}

static void triggered_sx(WDFDEVICE device)
{
	wdf_bench_call("TriggeredSx");
}

static NTSTATUS x_init(void *extension)
{
	return wdf_bench_call("xInit");
}

static NTSTATUS x_restart(void *extension)
{
	return wdf_bench_call("xRestart");
}

static void x_suspend(void *extension)
{
	wdf_bench_call("xSuspend");
}

static void x_wake(void *extension, bool begun)
{
	wdf_bench_call(begun ? "(" : ")");
}

static const struct wdf_extension_ops extension = {
	.io_init = x_init,
	.io_restart = x_restart,
	.io_suspend = x_suspend,
	.wake_transition = x_wake,
};

static NTSTATUS add(struct wdf_bench *bench, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_POWER_POLICY_EVENT_CALLBACKS policy;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDeviceReleaseHardware = release;
	callbacks.EvtDeviceD0Entry = d0_entry;
	callbacks.EvtDeviceD0Exit = d0_exit;
	callbacks.EvtDeviceSelfManagedIoInit = io_init;
	callbacks.EvtDeviceSelfManagedIoRestart = io_restart;
	callbacks.EvtDeviceSelfManagedIoSuspend = io_suspend;
	callbacks.EvtDeviceSelfManagedIoFlush = io_nothing;
	callbacks.EvtDeviceSelfManagedIoCleanup = io_nothing;
	callbacks.EvtDeviceSurpriseRemoval = surprise;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
	WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
	policy.EvtDeviceArmWakeFromS0 = arm_s0;
	policy.EvtDeviceDisarmWakeFromS0 = disarm_s0;
	policy.EvtDeviceWakeFromS0Triggered = triggered_s0;
	if (like.with_reason)
		policy.EvtDeviceArmWakeFromSxWithReason = arm_sx_with_reason;
	else
		policy.EvtDeviceArmWakeFromSx = arm_sx;
	policy.EvtDeviceDisarmWakeFromSx = disarm_sx;
	policy.EvtDeviceWakeFromSxTriggered = triggered_sx;
	WdfDeviceInitSetPowerPolicyEventCallbacks(init, &policy);
	return wdf_device_init_extension(init, &extension, bench);
}

static NTSTATUS assign(struct wdf_bench *bench, WDFDEVICE device)
{
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;

	if (like.idle != IdleCapsInvalid) {
		WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, like.idle);
		if (like.dx)
			idle.DxState = like.dx;
		assert_int_equal(WdfDeviceAssignS0IdleSettings(device, &idle), STATUS_SUCCESS);
	}
	if (like.wake != WdfUseDefault) {
		WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&wake);
		wake.Enabled = like.wake;
		if (like.dx)
			wake.DxState = like.dx;
		assert_int_equal(WdfDeviceAssignSxWakeSettings(device, &wake), STATUS_SUCCESS);
	}
	return STATUS_SUCCESS;
}

static struct wdf_bench *start(void **state)
{
	struct wdf_bench *bench = *state;

	bench->device_add = add;
	bench->after_create = assign;
	wdf_bench_add(bench);
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	return bench;
}

static NTSTATUS put_to_sleep(struct wdf_bench *bench, bool idle, bool wake)
{
	const struct wdf_sleep how = { .idle = idle, .wake = wake };

	return wdf_device_sleep(bench->device, &how);
}

static int set_up(void **state)
{
	memset(&like, 0, sizeof(like));
	like.wake = WdfUseDefault;
	return wdf_bench_setup(state);
}

static void asleep_without_wake_nothing_is_armed(void **state)
{
	struct wdf_bench *bench = start(state);

	assert_int_equal(put_to_sleep(bench, false, false), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "xSuspend IoSuspend D0Exit");
	assert_int_equal(like.seen, WdfPowerDeviceD3);
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_ASLEEP);
	assert_int_equal(put_to_sleep(bench, false, false), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(wdf_device_start(bench->device), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry IoRestart xRestart");
	assert_int_equal(like.seen, WdfPowerDeviceD3);
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_INVALID_DEVICE_STATE);
}

/* Armed in D0, told and disarmed back in D0, before its I/O goes on. */
static void wake_from_sx_is_armed_and_disarmed(void **state)
{
	struct wdf_bench *bench;

	like.wake = WdfTrue;
	like.dx = PowerDeviceD2;
	bench = start(state);
	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "xSuspend IoSuspend ( ArmSx ) D0Exit");
	assert_int_equal(like.seen, WdfPowerDeviceD2);
	assert_int_equal(wdf_device_wake(bench->device, false), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry ( DisarmSx ) IoRestart xRestart");
	assert_int_equal(like.seen, WdfPowerDeviceD2);

	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench),
			    "D0Entry ( TriggeredSx ) ( DisarmSx ) IoRestart xRestart");
	/* The end of its life is D3Final again. */
	wdf_device_stop(bench->device);
	assert_int_equal(like.seen, WdfPowerDeviceD3Final);
}

static void the_reason_is_given_to_who_asks_for_it(void **state)
{
	struct wdf_bench *bench;

	like.with_reason = true;
	bench = start(state);
	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench),
			    "xSuspend IoSuspend ( ArmSxWithReason ) D0Exit");
}

static void wake_that_the_driver_disabled_is_not_armed(void **state)
{
	struct wdf_bench *bench;

	like.wake = WdfFalse;
	bench = start(state);
	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "xSuspend IoSuspend D0Exit");
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry IoRestart xRestart");
}

/* The system sleeps whatever the driver says; it is told, and the device is not armed. */
static void arming_that_fails_does_not_keep_the_system_awake(void **state)
{
	struct wdf_bench *bench = start(state);

	bench->failing = "ArmSx";
	bench->failure = STATUS_UNSUCCESSFUL;
	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	assert_true(bench_told(bench->nt, "could not arm the device"));
	wdf_bench_calls(bench);
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry IoRestart xRestart");
}

static void idling_takes_the_drivers_settings(void **state)
{
	struct wdf_bench *bench = start(state);

	assert_int_equal(put_to_sleep(bench, true, true), STATUS_NOT_SUPPORTED);
	assert_string_equal(wdf_bench_calls(bench), "");
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_STARTED);
}

static void idle_in_s0(void **state)
{
	struct wdf_bench *bench;

	like.idle = IdleCanWakeFromS0;
	bench = start(state);
	assert_int_equal(WdfDeviceStopIdle(bench->device_handle, TRUE), STATUS_SUCCESS);
	assert_int_equal(put_to_sleep(bench, true, true), STATUS_DEVICE_BUSY);
	WdfDeviceResumeIdle(bench->device_handle);
	assert_int_equal(put_to_sleep(bench, true, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "xSuspend IoSuspend ( ArmS0 ) D0Exit");
	assert_int_equal(wdf_device_wake(bench->device, true), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench),
			    "D0Entry ( TriggeredS0 ) ( DisarmS0 ) IoRestart xRestart");
	/* A device that cannot be armed does not idle. */
	bench->failing = "ArmS0";
	bench->failure = STATUS_DEVICE_BUSY;
	assert_int_equal(put_to_sleep(bench, true, true), STATUS_DEVICE_BUSY);
	assert_string_equal(wdf_bench_calls(bench),
			    "xSuspend IoSuspend ( ArmS0 ) IoRestart xRestart");
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_STARTED);
}

static void a_sleeping_device_can_be_removed(void **state)
{
	struct wdf_bench *bench = start(state);

	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	wdf_device_surprise_remove(bench->device);
	bench->device = NULL;
	assert_string_equal(wdf_bench_calls(bench), "Surprise Release");
}

static void waking_that_fails_fails_the_device(void **state)
{
	struct wdf_bench *bench = start(state);

	assert_int_equal(put_to_sleep(bench, false, true), STATUS_SUCCESS);
	wdf_bench_calls(bench);
	bench->failing = "D0Entry";
	bench->failure = STATUS_DEVICE_POWER_FAILURE;
	assert_int_equal(wdf_device_wake(bench->device, false), STATUS_DEVICE_POWER_FAILURE);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry Release");
	assert_int_equal(wdf_device_state(bench->device), WDF_DEVICE_FAILED);
	bench->failing = NULL;
	assert_int_equal(wdf_device_start(bench->device), STATUS_SUCCESS);
	assert_string_equal(wdf_bench_calls(bench), "D0Entry IoRestart xRestart");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, wdf_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asleep_without_wake_nothing_is_armed),
		TEST(wake_from_sx_is_armed_and_disarmed),
		TEST(the_reason_is_given_to_who_asks_for_it),
		TEST(wake_that_the_driver_disabled_is_not_armed),
		TEST(arming_that_fails_does_not_keep_the_system_awake),
		TEST(idling_takes_the_drivers_settings),
		TEST(idle_in_s0),
		TEST(a_sleeping_device_can_be_removed),
		TEST(waking_that_fails_fails_the_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
