/* SPDX-License-Identifier: MIT */
/*
 * Power policy: idle in S0 and wake from Sx. Our system sleeps, and idles a device, only when it is
 * told to (power.c); the settings are checked and kept as KMDF does.
 */
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

static bool valid_tri_state(WDF_TRI_STATE state)
{
	return state == WdfFalse || state == WdfTrue || state == WdfUseDefault;
}

/* DDI page WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS. */
NETCX_EXPORT NTSTATUS WdfDeviceAssignS0IdleSettings(WDFDEVICE Device,
						    PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS Settings)
{
	static const char call[] = "WdfDeviceAssignS0IdleSettings";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(Settings, "Settings", call);
	if (!wdf_size_ok(Settings->Size, sizeof(*Settings), "WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS",
			 call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!device->setup.policy_owner)
		return STATUS_INVALID_DEVICE_REQUEST;
	if (Settings->IdleCaps < IdleCannotWakeFromS0 ||
	    Settings->IdleCaps > IdleUsbSelectiveSuspend ||
	    Settings->UserControlOfIdleSettings < IdleDoNotAllowUserControl ||
	    Settings->UserControlOfIdleSettings > IdleAllowUserControl ||
	    !valid_tri_state(Settings->Enabled) ||
	    !valid_tri_state(Settings->PowerUpIdleDeviceOnSystemWake) ||
	    !valid_tri_state(Settings->ExcludeD3Cold) || Settings->DxState <= PowerDeviceD0 ||
	    Settings->DxState > PowerDeviceMaximum)
		return STATUS_INVALID_PARAMETER;
	/* Waking needs someone to arm: a device that can is armed by the driver's callback. */
	if (Settings->IdleCaps == IdleCanWakeFromS0 && Settings->DxState == PowerDeviceD3 &&
	    !device->setup.policy.EvtDeviceArmWakeFromS0)
		return STATUS_POWER_STATE_INVALID;
	/* What kind of idling it is cannot change any more. */
	if (device->idle_assigned && device->idle.IdleCaps != Settings->IdleCaps &&
	    (device->idle.IdleCaps == IdleUsbSelectiveSuspend ||
	     Settings->IdleCaps == IdleUsbSelectiveSuspend))
		return STATUS_INVALID_DEVICE_REQUEST;
	if (NT_FAULT("WdfDeviceAssignS0IdleSettings"))
		return STATUS_INSUFFICIENT_RESOURCES;
	device->idle = *Settings;
	device->idle_assigned = true;
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS WdfDeviceAssignSxWakeSettings(WDFDEVICE Device,
						    PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS Settings)
{
	static const char call[] = "WdfDeviceAssignSxWakeSettings";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(Settings, "Settings", call);
	if (!wdf_size_ok(Settings->Size, sizeof(*Settings), "WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS",
			 call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!device->setup.policy_owner)
		return STATUS_INVALID_DEVICE_REQUEST;
	if (Settings->UserControlOfWakeSettings < WakeDoNotAllowUserControl ||
	    Settings->UserControlOfWakeSettings > WakeAllowUserControl ||
	    !valid_tri_state(Settings->Enabled) || Settings->DxState <= PowerDeviceD0 ||
	    Settings->DxState > PowerDeviceMaximum)
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfDeviceAssignSxWakeSettings"))
		return STATUS_INSUFFICIENT_RESOURCES;
	device->wake = *Settings;
	device->wake_assigned = true;
	return STATUS_SUCCESS;
}

static const struct nt_callback *inside_io(const struct wdf_device *device)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;

	return ops && ops->inside_io ? ops->inside_io(device->setup.extension) : NULL;
}

/*
 * DDI page: not while the device powers down, directly or not; and a callback of the way to D0 is
 * what would be waited for. The class extension's I/O is stopped on the way down.
 */
static void check_may_wait(struct wdf_device *device, const char *call)
{
	static const char *const power[] = { "EvtDeviceD0Entry",
					     "EvtDeviceD0EntryPostInterruptsEnabled",
					     "EvtDeviceD0ExitPreInterruptsDisabled",
					     "EvtDeviceD0Exit",
					     "EvtDeviceSelfManagedIoSuspend",
					     "EvtDeviceArmWakeFromS0",
					     "EvtDeviceArmWakeFromSx",
					     "EvtDeviceArmWakeFromSxWithReason",
					     "EvtDeviceDisarmWakeFromS0",
					     "EvtDeviceDisarmWakeFromSx" };
	const struct nt_callback *inside = nt_callback_inside_one(power, RTL_NUMBER_OF(power));

	if (inside && inside->object != device->name)
		inside = NULL;
	if (!inside && device->going_down)
		inside = inside_io(device);
	if (inside)
		wdf_violation(
			device->setup.driver->name, WDF_VERIFIER_FATAL, (uintptr_t)device, call,
			"A callback of a power transition does not wait for D0 (WaitForD0 TRUE).",
			"it was called inside %s, and waits for D0, which comes after that has returned: on Windows it waits for ever.",
			inside->name);
}

/* The device is never idled, so it is in D0 whenever it is started. */
NETCX_EXPORT NTSTATUS WdfDeviceStopIdle(WDFDEVICE Device, BOOLEAN WaitForD0)
{
	static const char call[] = "WdfDeviceStopIdle";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(WaitForD0 ? PASSIVE_LEVEL : DISPATCH_LEVEL, call);
	if (WaitForD0)
		check_may_wait(device, call);
	if (device->state == WDF_DEVICE_FAILED || device->state == WDF_DEVICE_REMOVED)
		return STATUS_POWER_STATE_INVALID;
	device->stop_idle++;
	return STATUS_SUCCESS;
}

NETCX_EXPORT VOID WdfDeviceResumeIdle(WDFDEVICE Device)
{
	static const char call[] = "WdfDeviceResumeIdle";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (device->stop_idle-- <= 0)
		wdf_violation(device->setup.driver->name, WDF_VERIFIER_FATAL, 0, call,
			      "WdfDeviceResumeIdle follows a successful WdfDeviceStopIdle.",
			      "it was called more often than WdfDeviceStopIdle.");
}

NETCX_EXPORT POWER_ACTION WdfDeviceGetSystemPowerAction(WDFDEVICE Device)
{
	wdf_device_of(Device, "WdfDeviceGetSystemPowerAction");
	return PowerActionNone;
}
