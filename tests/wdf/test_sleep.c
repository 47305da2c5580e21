/* SPDX-License-Identifier: MIT */
/* A device that sleeps: who is asked to arm it, when, and how it comes back. */
#include "test_driver.h"

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
	return test_driver_call("D0Entry");
}

static NTSTATUS d0_exit(WDFDEVICE device, WDF_POWER_DEVICE_STATE target)
{
	like.seen = target;
	return test_driver_call("D0Exit");
}

static NTSTATUS release(WDFDEVICE device, WDFCMRESLIST translated)
{
	return test_driver_call("Release");
}

static NTSTATUS io_init(WDFDEVICE device)
{
	return test_driver_call("IoInit");
}

static NTSTATUS io_restart(WDFDEVICE device)
{
	return test_driver_call("IoRestart");
}

static NTSTATUS io_suspend(WDFDEVICE device)
{
	return test_driver_call("IoSuspend");
}

static void io_nothing(WDFDEVICE device)
{
}

static void surprise(WDFDEVICE device)
{
	test_driver_call("Surprise");
}

static NTSTATUS arm_s0(WDFDEVICE device)
{
	return test_driver_call("ArmS0");
}

static void disarm_s0(WDFDEVICE device)
{
	test_driver_call("DisarmS0");
}

static void triggered_s0(WDFDEVICE device)
{
	test_driver_call("TriggeredS0");
}

static NTSTATUS arm_sx(WDFDEVICE device)
{
	return test_driver_call("ArmSx");
}

static NTSTATUS arm_sx_with_reason(WDFDEVICE device, BOOLEAN enabled, BOOLEAN children)
{
	assert_true(enabled);
	assert_false(children);
	return test_driver_call("ArmSxWithReason");
}

static void disarm_sx(WDFDEVICE device)
{
	test_driver_call("DisarmSx");
}

static void triggered_sx(WDFDEVICE device)
{
	test_driver_call("TriggeredSx");
}

static NTSTATUS x_init(void *extension)
{
	return test_driver_call("xInit");
}

static NTSTATUS x_restart(void *extension)
{
	return test_driver_call("xRestart");
}

static void x_suspend(void *extension)
{
	test_driver_call("xSuspend");
}

static void x_wake(void *extension, bool begun)
{
	test_driver_call(begun ? "(" : ")");
}

static const struct wdf_extension_ops extension = {
	.io_init = x_init,
	.io_restart = x_restart,
	.io_suspend = x_suspend,
	.wake_transition = x_wake,
};

static NTSTATUS add(struct test_driver *d, PWDFDEVICE_INIT init)
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
	return wdf_device_init_extension(init, &extension, d);
}

static NTSTATUS assign(struct test_driver *d, WDFDEVICE device)
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

static struct test_driver *start(void **state)
{
	struct test_driver *d = *state;

	d->device_add = add;
	d->after_create = assign;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	test_driver_calls(d);
	return d;
}

static NTSTATUS put_to_sleep(struct test_driver *d, bool idle, bool wake)
{
	const struct wdf_sleep how = { .idle = idle, .wake = wake };

	return wdf_device_sleep(d->device, &how);
}

static int set_up(void **state)
{
	memset(&like, 0, sizeof(like));
	like.wake = WdfUseDefault;
	return test_driver_set_up(state);
}

static void asleep_without_wake_nothing_is_armed(void **state)
{
	struct test_driver *d = start(state);

	assert_int_equal(put_to_sleep(d, false, false), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "xSuspend IoSuspend D0Exit");
	assert_int_equal(like.seen, WdfPowerDeviceD3);
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_ASLEEP);
	assert_int_equal(put_to_sleep(d, false, false), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(wdf_device_start(d->device), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "D0Entry IoRestart xRestart");
	assert_int_equal(like.seen, WdfPowerDeviceD3);
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_INVALID_DEVICE_STATE);
}

/* Armed in D0, told and disarmed back in D0, before its I/O goes on. */
static void wake_from_sx_is_armed_and_disarmed(void **state)
{
	struct test_driver *d;

	like.wake = WdfTrue;
	like.dx = PowerDeviceD2;
	d = start(state);
	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "xSuspend IoSuspend ( ArmSx ) D0Exit");
	assert_int_equal(like.seen, WdfPowerDeviceD2);
	assert_int_equal(wdf_device_wake(d->device, false), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "D0Entry ( DisarmSx ) IoRestart xRestart");
	assert_int_equal(like.seen, WdfPowerDeviceD2);

	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	test_driver_calls(d);
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d),
			    "D0Entry ( TriggeredSx ) ( DisarmSx ) IoRestart xRestart");
	/* The end of its life is D3Final again. */
	wdf_device_stop(d->device);
	assert_int_equal(like.seen, WdfPowerDeviceD3Final);
}

static void the_reason_is_given_to_who_asks_for_it(void **state)
{
	struct test_driver *d;

	like.with_reason = true;
	d = start(state);
	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "xSuspend IoSuspend ( ArmSxWithReason ) D0Exit");
}

static void wake_that_the_driver_disabled_is_not_armed(void **state)
{
	struct test_driver *d;

	like.wake = WdfFalse;
	d = start(state);
	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "xSuspend IoSuspend D0Exit");
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "D0Entry IoRestart xRestart");
}

/* The system sleeps whatever the driver says; it is told, and the device is not armed. */
static void arming_that_fails_does_not_keep_the_system_awake(void **state)
{
	struct test_driver *d = start(state);

	d->failing = "ArmSx";
	d->failure = STATUS_UNSUCCESSFUL;
	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	assert_true(journal_tells(&d->nt->journal, "could not arm the device"));
	test_driver_calls(d);
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "D0Entry IoRestart xRestart");
}

static void idling_takes_the_drivers_settings(void **state)
{
	struct test_driver *d = start(state);

	assert_int_equal(put_to_sleep(d, true, true), STATUS_NOT_SUPPORTED);
	assert_string_equal(test_driver_calls(d), "");
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_STARTED);
}

static void idle_in_s0(void **state)
{
	struct test_driver *d;

	like.idle = IdleCanWakeFromS0;
	d = start(state);
	assert_int_equal(WdfDeviceStopIdle(d->device_handle, TRUE), STATUS_SUCCESS);
	assert_int_equal(put_to_sleep(d, true, true), STATUS_DEVICE_BUSY);
	WdfDeviceResumeIdle(d->device_handle);
	assert_int_equal(put_to_sleep(d, true, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "xSuspend IoSuspend ( ArmS0 ) D0Exit");
	assert_int_equal(wdf_device_wake(d->device, true), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d),
			    "D0Entry ( TriggeredS0 ) ( DisarmS0 ) IoRestart xRestart");
	/* A device that cannot be armed does not idle. */
	d->failing = "ArmS0";
	d->failure = STATUS_DEVICE_BUSY;
	assert_int_equal(put_to_sleep(d, true, true), STATUS_DEVICE_BUSY);
	assert_string_equal(test_driver_calls(d),
			    "xSuspend IoSuspend ( ArmS0 ) IoRestart xRestart");
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_STARTED);
}

static void a_sleeping_device_can_be_removed(void **state)
{
	struct test_driver *d = start(state);

	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	test_driver_calls(d);
	wdf_device_surprise_remove(d->device);
	d->device = NULL;
	assert_string_equal(test_driver_calls(d), "Surprise Release");
}

static void waking_that_fails_fails_the_device(void **state)
{
	struct test_driver *d = start(state);

	assert_int_equal(put_to_sleep(d, false, true), STATUS_SUCCESS);
	test_driver_calls(d);
	d->failing = "D0Entry";
	d->failure = STATUS_DEVICE_POWER_FAILURE;
	assert_int_equal(wdf_device_wake(d->device, false), STATUS_DEVICE_POWER_FAILURE);
	assert_string_equal(test_driver_calls(d), "D0Entry Release");
	assert_int_equal(wdf_device_state(d->device), WDF_DEVICE_FAILED);
	d->failing = NULL;
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(d), "D0Entry IoRestart xRestart");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, test_driver_tear_down)

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
