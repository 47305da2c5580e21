/* SPDX-License-Identifier: MIT */
/* WDFDEVICE: made in EvtDriverDeviceAdd, and its general properties. */
#include "wdf/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/irql.h"
#include "wdf/device_private.h"

/* The extension sees all other objects go first. */
static void release(struct wdf_object *object)
{
	struct wdf_device *device = (struct wdf_device *)object;

	if (device->setup.extension_ops && device->setup.extension_ops->cleanup)
		device->setup.extension_ops->cleanup(device->setup.extension);
	wdf_device_interfaces_free(device);
	pthread_mutex_destroy(&device->serial_mutex);
}

const struct wdf_class wdf_device_class = {
	.name = "WDFDEVICE",
	.size = sizeof(struct wdf_device),
	.release = release,
	.may_delete = wdf_object_refuse_delete,
};

static NTSTATUS run_device_add(struct wdf_driver *driver, const char *device,
			       struct WDFDEVICE_INIT *init)
{
	struct nt_callback callback;
	NTSTATUS status;

	if (!driver->config.EvtDriverDeviceAdd) {
		nt_log(driver->name, "the driver has no EvtDriverDeviceAdd: it takes no devices");
		return STATUS_NOT_SUPPORTED;
	}
	nt_callback_begin(&callback, device, "EvtDriverDeviceAdd");
	status = NT_FAULT_CALLBACK("EvtDriverDeviceAdd")
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : driver->config.EvtDriverDeviceAdd((WDFDRIVER)driver->object, init);
	nt_callback_end_status(&callback, status);
	if (NT_SUCCESS(status) && !init->device) {
		nt_log(driver->name, "EvtDriverDeviceAdd returned success without WdfDeviceCreate");
		status = STATUS_UNSUCCESSFUL;
	}
	return status;
}

NTSTATUS wdf_device_add(struct wdf_driver *driver, const struct wdf_device_config *config,
			struct wdf_device **device)
{
	struct WDFDEVICE_INIT init = {
		.magic = WDF_INIT_MAGIC,
		.setup = { .driver = driver, .config = *config, .policy_owner = true },
	};
	NTSTATUS status;

	if (!init.setup.config.dma)
		init.setup.config.dma = &driver->machine->dma;
	status = run_device_add(driver, config->name ? config->name : driver->name, &init);
	*device = NULL;
	init.magic = 0;
	if (NT_SUCCESS(status)) {
		*device = init.device;
	} else if (init.device) {
		wdf_object_delete(&init.device->object);
	} else if (init.setup.extension_ops && init.setup.extension_ops->cleanup) {
		init.setup.extension_ops->cleanup(init.setup.extension);
	}
	NT_EMIT(NT_EVENT_LIFECYCLE, config->name,
		NT_SUCCESS(status) ? "DeviceAdded" : "DeviceAddFailed", NT_STATUS("status", status),
		NT_TEXT("driver", driver->name));
	return status;
}

bool wdf_device_is_passive(const struct wdf_device *device)
{
	return device->execution_level == WdfExecutionLevelPassive ||
	       wdf_driver_is_user_mode(device->setup.driver);
}

NETCX_EXPORT NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT *DeviceInit,
				      PWDF_OBJECT_ATTRIBUTES DeviceAttributes, WDFDEVICE *Device)
{
	static const char call[] = "WdfDeviceCreate";
	struct WDFDEVICE_INIT *init;
	struct wdf_device *device;
	NTSTATUS status;
	void *object;

	wdf_check_pointer(DeviceInit, "DeviceInit", call);
	wdf_check_pointer(Device, "Device", call);
	init = wdf_init_of(*DeviceInit, call);
	if (DeviceAttributes && DeviceAttributes->ParentObject)
		return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
	if (DeviceAttributes &&
	    DeviceAttributes->SynchronizationScope == WdfSynchronizationScopeQueue)
		return STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID;
	if (NT_FAULT("WdfDeviceCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status =
		wdf_object_create(&wdf_device_class, init->setup.driver,
				  wdf_driver_parent(init->setup.driver), DeviceAttributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	device = object;
	device->setup = init->setup;
	snprintf(device->name, sizeof(device->name), "%s",
		 init->setup.config.name ? init->setup.config.name : "");
	device->setup.config.name = device->name;
	device->state = WDF_DEVICE_ADDED;
	device->execution_level = DeviceAttributes ? DeviceAttributes->ExecutionLevel
						   : WdfExecutionLevelInheritFromParent;
	device->scope = DeviceAttributes ? DeviceAttributes->SynchronizationScope
					 : WdfSynchronizationScopeInheritFromParent;
	pthread_mutex_init(&device->serial_mutex, NULL);
	init->device = device;
	*DeviceInit = NULL;
	*Device = (WDFDEVICE)device;
	return STATUS_SUCCESS;
}

struct wdf_device *wdf_device_of(WDFDEVICE handle, const char *call)
{
	return wdf_object_of(handle, &wdf_device_class, call);
}

struct wdf_device *wdf_device_first(struct wdf_driver *driver)
{
	struct wdf_object *object;

	pthread_mutex_lock(&driver->lock);
	object = driver->object ? ((struct wdf_object *)driver->object)->first_child : NULL;
	while (object && (object->class != &wdf_device_class || object->deleted))
		object = object->next_sibling;
	pthread_mutex_unlock(&driver->lock);
	return (struct wdf_device *)object;
}

struct wdf_device *wdf_ancestor_device(struct wdf_object *object)
{
	struct wdf_driver *driver = object->driver;

	pthread_mutex_lock(&driver->lock);
	while (object && object->class != &wdf_device_class)
		object = object->parent;
	pthread_mutex_unlock(&driver->lock);
	return (struct wdf_device *)object;
}

const struct wdf_device_config *wdf_device_config(const struct wdf_device *device)
{
	return &device->setup.config;
}

void *wdf_device_extension(const struct wdf_device *device)
{
	return device->setup.extension;
}

struct wdf_object *wdf_device_object(struct wdf_device *device)
{
	return &device->object;
}

enum wdf_device_state wdf_device_state(const struct wdf_device *device)
{
	return (enum wdf_device_state)device->state;
}

bool wdf_device_failed(const struct wdf_device *device, bool *restart)
{
	*restart = device->failed == WdfDeviceFailedAttemptRestart;
	return device->failed != WdfDeviceFailedUndefined;
}

void wdf_device_blame(struct wdf_device *device, const char *name)
{
	if (!device->failed_callback)
		device->failed_callback = name;
}

const char *wdf_device_failed_callback(const struct wdf_device *device)
{
	return device->failed_callback;
}

NETCX_EXPORT WDFDRIVER WdfDeviceGetDriver(WDFDEVICE Device)
{
	return (WDFDRIVER)wdf_device_of(Device, "WdfDeviceGetDriver")->setup.driver->object;
}

/* A driver only passes it on; it is the device itself under another name. */
NETCX_EXPORT PDEVICE_OBJECT WdfDeviceWdmGetDeviceObject(WDFDEVICE Device)
{
	return (PDEVICE_OBJECT)wdf_device_of(Device, "WdfDeviceWdmGetDeviceObject");
}

/* The same for the device of the bus, which has no object here: something else that is passed on.
 */
NETCX_EXPORT PDEVICE_OBJECT WdfDeviceWdmGetPhysicalDevice(WDFDEVICE Device)
{
	return (PDEVICE_OBJECT)&wdf_device_of(Device, "WdfDeviceWdmGetPhysicalDevice")->setup;
}

NETCX_EXPORT VOID WdfDeviceSetFailed(WDFDEVICE Device, WDF_DEVICE_FAILED_ACTION FailedAction)
{
	static const char call[] = "WdfDeviceSetFailed";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (FailedAction != WdfDeviceFailedAttemptRestart &&
	    FailedAction != WdfDeviceFailedNoRestart)
		wdf_violation(device->setup.driver->name, WDF_VERIFIER_FATAL,
			      (uint64_t)FailedAction, call,
			      "The action is to try a restart or not to.", "FailedAction is %d.",
			      (int)FailedAction);
	device->failed = (int)FailedAction;
	NT_EMIT(NT_EVENT_LIFECYCLE, device->name, "WdfDeviceSetFailed",
		NT_BOOL("restart", FailedAction == WdfDeviceFailedAttemptRestart));
	if (device->setup.config.set_failed)
		device->setup.config.set_failed(device->setup.config.callback_context);
}

/* DDI page: a power of two less one. */
NETCX_EXPORT VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement)
{
	static const char call[] = "WdfDeviceSetAlignmentRequirement";
	struct wdf_device *device = wdf_device_of(Device, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (AlignmentRequirement & (AlignmentRequirement + 1))
		wdf_violation(
			device->setup.driver->name, WDF_VERIFIER_FATAL, AlignmentRequirement, call,
			"The requirement is a power of two less one, as FILE_256_BYTE_ALIGNMENT.",
			"AlignmentRequirement is 0x%x.", AlignmentRequirement);
	device->alignment = AlignmentRequirement;
}

NETCX_EXPORT ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device)
{
	return wdf_device_of(Device, "WdfDeviceGetAlignmentRequirement")->alignment;
}
