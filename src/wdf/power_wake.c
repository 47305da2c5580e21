/* SPDX-License-Identifier: MIT */
/*
 * The power policy owner's callbacks around a sleep. Documentation: "Supporting System Wake-Up",
 * "Supporting Idle Power-Down" and the pages of the callbacks: armed before the device leaves D0,
 * told of its wake signal and disarmed after it is back, before its I/O goes on.
 */
#include "nt/event.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

NT_FAULT_NAMES("EvtDeviceArmWakeFromSx", "EvtDeviceArmWakeFromS0");

static void transition(struct wdf_device *device, bool begun)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;

	if (ops && ops->wake_transition)
		ops->wake_transition(device->setup.extension, begun);
}

static void waking(struct wdf_device *device, bool begun)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;

	if (ops && ops->waking)
		ops->waking(device->setup.extension, begun);
}

/* Absent is success: there is nothing to be armed. */
static NTSTATUS call_arm(struct wdf_device *device, NTSTATUS (*arm)(WDFDEVICE), const char *name)
{
	struct nt_callback callback;
	NTSTATUS status;

	transition(device, true);
	nt_callback_begin(&callback, device->name, name);
	status = nt_fault_callback(name) ? STATUS_INSUFFICIENT_RESOURCES : arm((WDFDEVICE)device);
	nt_callback_end_status(&callback, status);
	transition(device, false);
	return status;
}

static NTSTATUS call_arm_with_reason(struct wdf_device *device)
{
	struct nt_callback callback;
	NTSTATUS status;

	transition(device, true);
	nt_callback_begin(&callback, device->name, "EvtDeviceArmWakeFromSxWithReason");
	status = NT_FAULT_CALLBACK("EvtDeviceArmWakeFromSxWithReason")
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : device->setup.policy.EvtDeviceArmWakeFromSxWithReason((WDFDEVICE)device,
										 TRUE, FALSE);
	nt_callback_end_status(&callback, status);
	transition(device, false);
	return status;
}

static void call(struct wdf_device *device, void (*event)(WDFDEVICE), const char *name)
{
	struct nt_callback callback;

	if (!event)
		return;
	transition(device, true);
	nt_callback_begin(&callback, device->name, name);
	event((WDFDEVICE)device);
	nt_callback_end(&callback);
	transition(device, false);
}

NTSTATUS wdf_wake_arm(struct wdf_device *device)
{
	const WDF_POWER_POLICY_EVENT_CALLBACKS *policy = &device->setup.policy;
	NTSTATUS status = STATUS_SUCCESS;

	device->armed = false;
	if (!device->sleep.wake)
		return STATUS_SUCCESS;
	if (device->sleep.idle) {
		if (device->idle.IdleCaps != IdleCanWakeFromS0 || !policy->EvtDeviceArmWakeFromS0)
			return STATUS_SUCCESS;
		status = call_arm(device, policy->EvtDeviceArmWakeFromS0, "EvtDeviceArmWakeFromS0");
	} else {
		if (device->wake_assigned && device->wake.Enabled == WdfFalse)
			return STATUS_SUCCESS;
		if (policy->EvtDeviceArmWakeFromSxWithReason)
			status = call_arm_with_reason(device);
		else if (policy->EvtDeviceArmWakeFromSx)
			status = call_arm(device, policy->EvtDeviceArmWakeFromSx,
					  "EvtDeviceArmWakeFromSx");
		else
			return STATUS_SUCCESS;
	}
	device->armed = NT_SUCCESS(status);
	if (!device->armed)
		nt_log(device->name, "the driver could not arm the device: 0x%08X",
		       (unsigned)status);
	return status;
}

void wdf_wake_disarm(struct wdf_device *device)
{
	const WDF_POWER_POLICY_EVENT_CALLBACKS *policy = &device->setup.policy;
	bool idle = device->sleep.idle;

	if (!device->armed)
		return;
	device->armed = false;
	if (device->triggered)
		waking(device, true);
	if (device->triggered && idle)
		call(device, policy->EvtDeviceWakeFromS0Triggered, "EvtDeviceWakeFromS0Triggered");
	else if (device->triggered)
		call(device, policy->EvtDeviceWakeFromSxTriggered, "EvtDeviceWakeFromSxTriggered");
	if (idle)
		call(device, policy->EvtDeviceDisarmWakeFromS0, "EvtDeviceDisarmWakeFromS0");
	else
		call(device, policy->EvtDeviceDisarmWakeFromSx, "EvtDeviceDisarmWakeFromSx");
	if (device->triggered)
		waking(device, false);
	device->triggered = false;
}
