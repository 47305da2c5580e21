/* SPDX-License-Identifier: MIT */
/*
 * The way up to D0 and down from it. Documentation: "PnP and Power Management Scenarios in WDF":
 * power-up sequence for a function driver, power-down and removal sequences. A failure undoes the
 * steps that were done, in their reverse order.
 */
#include <string.h>

#include "nt/event.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

NT_FAULT_NAMES("EvtDevicePrepareHardware", "EvtDeviceD0Entry",
	       "EvtDeviceD0EntryPostInterruptsEnabled", "EvtDeviceSelfManagedIoInit",
	       "EvtDeviceSelfManagedIoRestart");

static WDFDEVICE handle(struct wdf_device *device)
{
	return (WDFDEVICE)device;
}

/* A callback of the client's that takes the device and, perhaps, more. */
#define CALL(device, event, ...) \
	WDF_CALL(device, &(device)->setup.pnp, event, handle(device), ##__VA_ARGS__)
#define CALL_VOID(device, event)                                              \
	do {                                                                  \
		struct nt_callback callback;                                  \
		if ((device)->setup.pnp.event) {                              \
			nt_callback_begin(&callback, (device)->name, #event); \
			(device)->setup.pnp.event(handle(device));            \
			nt_callback_end(&callback);                           \
		}                                                             \
	} while (0)

/* Failing on the way down changes nothing, as on Windows, but the driver's author wants to know. */
static void log_failure(struct wdf_device *device, const char *name, NTSTATUS status)
{
	if (!NT_SUCCESS(status))
		nt_log(device->name,
		       "%s returned 0x%08X on the way down; the device goes down all the same",
		       name, (unsigned)status);
}

static NTSTATUS prepare_hardware(struct wdf_device *device)
{
	NTSTATUS status;

	wdf_resources_assign(device);
	status = wdf_resources_create(device, false, &device->raw);
	if (NT_SUCCESS(status))
		status = wdf_resources_create(device, true, &device->translated);
	if (!NT_SUCCESS(status))
		return status;
	device->preparing = true;
	status = CALL(device, EvtDevicePrepareHardware, (WDFCMRESLIST)device->raw,
		      (WDFCMRESLIST)device->translated);
	device->preparing = false;
	return status;
}

/* Also after a failed EvtDevicePrepareHardware, which may have got half-way. */
static void release_hardware(struct wdf_device *device)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;
	void *extension = device->setup.extension;

	if (ops && ops->pre_release_hardware)
		ops->pre_release_hardware(extension);
	log_failure(device, "EvtDeviceReleaseHardware",
		    CALL(device, EvtDeviceReleaseHardware, (WDFCMRESLIST)device->translated));
	if (ops && ops->post_release_hardware)
		ops->post_release_hardware(extension);
	wdf_resources_delete(device->raw);
	wdf_resources_delete(device->translated);
	device->raw = device->translated = NULL;
}

static void d0_exit(struct wdf_device *device)
{
	log_failure(device, "EvtDeviceD0Exit", CALL(device, EvtDeviceD0Exit, device->dx));
}

static void d0_exit_pre_interrupts_disabled(struct wdf_device *device)
{
	log_failure(device, "EvtDeviceD0ExitPreInterruptsDisabled",
		    CALL(device, EvtDeviceD0ExitPreInterruptsDisabled, device->dx));
}

static void io_suspend(struct wdf_device *device)
{
	if (device->io != WDF_IO_RUNNING)
		return;
	log_failure(device, "EvtDeviceSelfManagedIoSuspend",
		    CALL(device, EvtDeviceSelfManagedIoSuspend));
	device->io = WDF_IO_SUSPENDED;
}

/* SelfManagedIoInit the first time, Restart after a suspend. */
static NTSTATUS io_start(struct wdf_device *device, bool *first)
{
	NTSTATUS status;

	*first = device->io == WDF_IO_NEW || device->io == WDF_IO_FAILED;
	status = *first ? CALL(device, EvtDeviceSelfManagedIoInit)
			: CALL(device, EvtDeviceSelfManagedIoRestart);
	if (NT_SUCCESS(status))
		device->io = WDF_IO_RUNNING;
	else if (*first)
		device->io = WDF_IO_FAILED;
	return status;
}

static NTSTATUS extension_start(struct wdf_device *device, bool first)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;
	NTSTATUS (*start)(void *) = !ops ? NULL : first ? ops->io_init : ops->io_restart;

	return start ? start(device->setup.extension) : STATUS_SUCCESS;
}

static NTSTATUS enter_d0(struct wdf_device *device)
{
	bool first;
	NTSTATUS status;

	status = CALL(device, EvtDeviceD0Entry, device->dx);
	if (!NT_SUCCESS(status))
		return status;
	status = wdf_interrupts_enable(device);
	if (!NT_SUCCESS(status))
		goto d0_exit;
	status = CALL(device, EvtDeviceD0EntryPostInterruptsEnabled, device->dx);
	if (!NT_SUCCESS(status))
		goto disable_interrupts;
	status = wdf_dma_power_up(device);
	if (!NT_SUCCESS(status))
		goto pre_interrupts_disabled;
	wdf_wake_disarm(device);
	status = io_start(device, &first);
	if (!NT_SUCCESS(status))
		goto dma_down;
	status = extension_start(device, first);
	if (NT_SUCCESS(status))
		return STATUS_SUCCESS;

	io_suspend(device);
dma_down:
	wdf_dma_power_down(device);
pre_interrupts_disabled:
	d0_exit_pre_interrupts_disabled(device);
disable_interrupts:
	wdf_interrupts_disable(device);
d0_exit:
	d0_exit(device);
	return status;
}

NTSTATUS wdf_power_up(struct wdf_device *device)
{
	NTSTATUS status;

	device->dx = WdfPowerDeviceD3Final;
	status = prepare_hardware(device);
	if (NT_SUCCESS(status))
		status = enter_d0(device);
	if (!NT_SUCCESS(status))
		release_hardware(device);
	return status;
}

static void suspend(struct wdf_device *device)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;

	device->going_down = true;
	if (ops && ops->io_suspend)
		ops->io_suspend(device->setup.extension);
	io_suspend(device);
}

static void exit_d0(struct wdf_device *device)
{
	wdf_dma_power_down(device);
	d0_exit_pre_interrupts_disabled(device);
	wdf_interrupts_disable(device);
	d0_exit(device);
	device->going_down = false;
}

void wdf_power_down(struct wdf_device *device)
{
	device->dx = WdfPowerDeviceD3Final;
	if (device->state != WDF_DEVICE_ASLEEP) {
		suspend(device);
		exit_d0(device);
	}
	device->armed = false;
	release_hardware(device);
}

/* The two settings' DxState; without one, D3. */
static WDF_POWER_DEVICE_STATE low_state(const struct wdf_device *device)
{
	DEVICE_POWER_STATE state = PowerDeviceMaximum;

	if (device->sleep.idle && device->idle_assigned)
		state = device->idle.DxState;
	else if (device->sleep.wake && device->wake_assigned)
		state = device->wake.DxState;
	return state == PowerDeviceD1   ? WdfPowerDeviceD1
	       : state == PowerDeviceD2 ? WdfPowerDeviceD2
					: WdfPowerDeviceD3;
}

static NTSTATUS may_idle(const struct wdf_device *device)
{
	if (!device->idle_assigned || device->idle.Enabled == WdfFalse)
		return STATUS_NOT_SUPPORTED;
	return device->stop_idle > 0 ? STATUS_DEVICE_BUSY : STATUS_SUCCESS;
}

static void transition(struct wdf_device *device, bool begun, bool up)
{
	const struct wdf_extension_ops *ops = device->setup.extension_ops;

	if (ops && ops->power_transition)
		ops->power_transition(device->setup.extension, begun, up);
}

NTSTATUS wdf_device_sleep(struct wdf_device *device, const struct wdf_sleep *how)
{
	NTSTATUS status = how->idle ? may_idle(device) : STATUS_SUCCESS;
	bool first;

	if (device->state != WDF_DEVICE_STARTED)
		return STATUS_INVALID_DEVICE_STATE;
	if (!NT_SUCCESS(status))
		return status;
	device->sleep = *how;
	transition(device, true, false);
	suspend(device);
	status = wdf_wake_arm(device);
	if (!NT_SUCCESS(status) && how->idle) {
		/* Idling without being able to wake up is no good: the device stays. */
		device->going_down = false;
		if (NT_SUCCESS(io_start(device, &first)))
			extension_start(device, first);
		transition(device, false, false);
		return status;
	}
	device->dx = low_state(device);
	exit_d0(device);
	transition(device, false, false);
	device->state = WDF_DEVICE_ASLEEP;
	NT_EMIT(NT_EVENT_LIFECYCLE, device->name, "DeviceAsleep",
		NT_UINT("d_state", (uint64_t)(device->dx - WdfPowerDeviceD0)),
		NT_BOOL("idle", how->idle), NT_BOOL("armed", device->armed));
	return STATUS_SUCCESS;
}

/* Who hears of it by the event finds it known to all. */
static void enter_state(struct wdf_device *device, NTSTATUS status)
{
	const struct wdf_device_config *config = &device->setup.config;

	device->state = NT_SUCCESS(status) ? WDF_DEVICE_STARTED : WDF_DEVICE_FAILED;
	if (NT_SUCCESS(status) && config->works)
		config->works(config->callback_context);
}

NTSTATUS wdf_device_wake(struct wdf_device *device, bool triggered)
{
	NTSTATUS status;

	if (device->state != WDF_DEVICE_ASLEEP)
		return STATUS_INVALID_DEVICE_STATE;
	device->triggered = triggered && device->armed;
	device->failed_callback = NULL;
	transition(device, true, true);
	status = enter_d0(device);
	transition(device, false, true);
	device->dx = WdfPowerDeviceD3Final;
	device->armed = device->triggered = false;
	if (!NT_SUCCESS(status))
		release_hardware(device);
	enter_state(device, status);
	NT_EMIT(NT_EVENT_LIFECYCLE, device->name,
		NT_SUCCESS(status) ? "DeviceAwake" : "DeviceWakeFailed",
		NT_STATUS("status", status));
	return status;
}

NTSTATUS wdf_device_start(struct wdf_device *device)
{
	NTSTATUS status;

	if (device->state == WDF_DEVICE_STARTED || device->state == WDF_DEVICE_ASLEEP ||
	    device->state == WDF_DEVICE_REMOVED)
		return STATUS_INVALID_DEVICE_STATE;
	device->failed = WdfDeviceFailedUndefined;
	device->failed_callback = NULL;
	status = wdf_power_up(device);
	enter_state(device, status);
	NT_EMIT(NT_EVENT_LIFECYCLE, device->name,
		NT_SUCCESS(status) ? "DeviceStarted" : "DeviceStartFailed",
		NT_STATUS("status", status));
	return status;
}

void wdf_device_stop(struct wdf_device *device)
{
	if (device->state != WDF_DEVICE_STARTED && device->state != WDF_DEVICE_ASLEEP)
		return;
	wdf_power_down(device);
	device->state = WDF_DEVICE_STOPPED;
	NT_EMIT0(NT_EVENT_LIFECYCLE, device->name, "DeviceStopped");
}

/* Flush and Cleanup belong to a device whose EvtDeviceSelfManagedIoInit was called. */
void wdf_device_remove(struct wdf_device *device)
{
	char name[sizeof(device->name)];

	if (!device)
		return;
	wdf_device_stop(device);
	if (device->io != WDF_IO_NEW) {
		CALL_VOID(device, EvtDeviceSelfManagedIoFlush);
		CALL_VOID(device, EvtDeviceSelfManagedIoCleanup);
	}
	device->state = WDF_DEVICE_REMOVED;
	memcpy(name, device->name, sizeof(name));
	wdf_object_delete(&device->object);
	NT_EMIT0(NT_EVENT_LIFECYCLE, name, "DeviceRemoved");
}

void wdf_device_surprise_remove(struct wdf_device *device)
{
	if (!device)
		return;
	CALL_VOID(device, EvtDeviceSurpriseRemoval);
	wdf_device_remove(device);
}
