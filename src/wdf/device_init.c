/* SPDX-License-Identifier: MIT */
/* WdfDeviceInit*: what a driver says of a device before it makes it. PASSIVE_LEVEL. */
#include "nt/export.h"
#include "wdf/device_private.h"

struct WDFDEVICE_INIT *wdf_init_of(PWDFDEVICE_INIT init, const char *call)
{
	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(init, "DeviceInit", call);
	if (init->magic != WDF_INIT_MAGIC || init->device)
		wdf_violation(
			init->magic == WDF_INIT_MAGIC ? init->setup.driver->name : NULL,
			WDF_INVALID_HANDLE, (uintptr_t)init, call,
			"A WDFDEVICE_INIT is used in EvtDriverDeviceAdd until WdfDeviceCreate has taken it.",
			"%p is no WDFDEVICE_INIT that can still be changed.", (void *)init);
	return init;
}

/* Page WdfDeviceInitFree: for what WdfControlDeviceInitAllocate and WdfPdoInitAllocate have made,
 * which are not here. */
NETCX_EXPORT VOID WdfDeviceInitFree(PWDFDEVICE_INIT DeviceInit)
{
	static const char call[] = "WdfDeviceInitFree";
	struct WDFDEVICE_INIT *init = wdf_init_of(DeviceInit, call);

	wdf_violation(init->setup.driver->name, WDF_VERIFIER_FATAL, (uintptr_t)init, call,
		      "What EvtDriverDeviceAdd is given the framework frees.",
		      "%p is EvtDriverDeviceAdd's WDFDEVICE_INIT.", (void *)init);
}

NETCX_EXPORT VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit,
							 PWDF_PNPPOWER_EVENT_CALLBACKS Callbacks)
{
	static const char call[] = "WdfDeviceInitSetPnpPowerEventCallbacks";
	struct WDFDEVICE_INIT *init = wdf_init_of(DeviceInit, call);

	wdf_check_pointer(Callbacks, "PnpPowerEventCallbacks", call);
	wdf_check_size(Callbacks->Size, sizeof(*Callbacks), "WDF_PNPPOWER_EVENT_CALLBACKS", call);
	init->setup.pnp = *Callbacks;
}

NETCX_EXPORT VOID WdfDeviceInitSetPowerPolicyEventCallbacks(
	PWDFDEVICE_INIT DeviceInit, PWDF_POWER_POLICY_EVENT_CALLBACKS Callbacks)
{
	static const char call[] = "WdfDeviceInitSetPowerPolicyEventCallbacks";
	struct WDFDEVICE_INIT *init = wdf_init_of(DeviceInit, call);

	wdf_check_pointer(Callbacks, "PowerPolicyEventCallbacks", call);
	wdf_check_size(Callbacks->Size, sizeof(*Callbacks), "WDF_POWER_POLICY_EVENT_CALLBACKS",
		       call);
	/* DDI page: one of the two forms of arming for wake from Sx. */
	if (Callbacks->EvtDeviceArmWakeFromSx && Callbacks->EvtDeviceArmWakeFromSxWithReason)
		wdf_violation(
			init->setup.driver->name, WDF_VERIFIER_FATAL, 0, call,
			"A driver has EvtDeviceArmWakeFromSx or EvtDeviceArmWakeFromSxWithReason.",
			"both are set.");
	init->setup.policy = *Callbacks;
}

NETCX_EXPORT VOID WdfDeviceInitSetPowerPolicyOwnership(PWDFDEVICE_INIT DeviceInit,
						       BOOLEAN IsPowerPolicyOwner)
{
	struct WDFDEVICE_INIT *init =
		wdf_init_of(DeviceInit, "WdfDeviceInitSetPowerPolicyOwnership");

	init->setup.policy_owner = IsPowerPolicyOwner;
}

NETCX_EXPORT VOID WdfDeviceInitSetIoType(PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_IO_TYPE IoType)
{
	static const char call[] = "WdfDeviceInitSetIoType";
	struct WDFDEVICE_INIT *init = wdf_init_of(DeviceInit, call);

	if (IoType < WdfDeviceIoNeither || IoType > WdfDeviceIoDirect)
		wdf_violation(init->setup.driver->name, WDF_VERIFIER_FATAL, (uint64_t)IoType, call,
			      "The type is neither, buffered or direct.", "IoType is %d.",
			      (int)IoType);
}

/*
 * What only matters to the I/O manager and the loader of Windows is checked for where it is
 * called, and has nothing to change here.
 */
NETCX_EXPORT VOID WdfDeviceInitSetDeviceType(PWDFDEVICE_INIT DeviceInit, DEVICE_TYPE DeviceType)
{
	wdf_init_of(DeviceInit, "WdfDeviceInitSetDeviceType");
}

NETCX_EXPORT VOID WdfDeviceInitSetCharacteristics(PWDFDEVICE_INIT DeviceInit, ULONG Characteristics,
						  BOOLEAN OrInValues)
{
	wdf_init_of(DeviceInit, "WdfDeviceInitSetCharacteristics");
}

NETCX_EXPORT VOID WdfDeviceInitSetExclusive(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsExclusive)
{
	wdf_init_of(DeviceInit, "WdfDeviceInitSetExclusive");
}

NETCX_EXPORT VOID WdfDeviceInitSetPowerPageable(PWDFDEVICE_INIT DeviceInit)
{
	wdf_init_of(DeviceInit, "WdfDeviceInitSetPowerPageable");
}

NETCX_EXPORT VOID WdfDeviceInitSetPowerNotPageable(PWDFDEVICE_INIT DeviceInit)
{
	wdf_init_of(DeviceInit, "WdfDeviceInitSetPowerNotPageable");
}

/* Our devices have no child devices, so both orders are the same. */
NETCX_EXPORT VOID WdfDeviceInitSetReleaseHardwareOrderOnFailure(
	PWDFDEVICE_INIT DeviceInit, WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE Order)
{
	static const char call[] = "WdfDeviceInitSetReleaseHardwareOrderOnFailure";
	struct WDFDEVICE_INIT *init = wdf_init_of(DeviceInit, call);

	if (Order != WdfReleaseHardwareOrderOnFailureEarly &&
	    Order != WdfReleaseHardwareOrderOnFailureAfterDescendants)
		wdf_violation(init->setup.driver->name, WDF_VERIFIER_FATAL, (uint64_t)Order, call,
			      "The order is early or after descendants.", "the order is %d.",
			      (int)Order);
}

NTSTATUS wdf_device_init_extension(PWDFDEVICE_INIT init, const struct wdf_extension_ops *ops,
				   void *extension)
{
	if (init->device || init->setup.extension_ops)
		return STATUS_INVALID_DEVICE_STATE;
	init->setup.extension_ops = ops;
	init->setup.extension = extension;
	return STATUS_SUCCESS;
}

void *wdf_device_init_extension_of(PWDFDEVICE_INIT handle, const struct wdf_extension_ops *ops,
				   const char *call)
{
	struct WDFDEVICE_INIT *init = wdf_init_of(handle, call);

	return init->setup.extension_ops == ops ? init->setup.extension : NULL;
}

const struct wdf_device_config *wdf_device_init_config(PWDFDEVICE_INIT init, const char *call)
{
	return &wdf_init_of(init, call)->setup.config;
}
