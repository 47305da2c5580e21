/* SPDX-License-Identifier: MIT */
/* What NetAdapterCx 2.x exports about devices. Source: DDI pages of netdevice.h. */
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/2/device.h"
#include "cx/api/2/verifier.h"
#include "cx/device.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetDeviceInitConfig (2.0) - make the device of EvtDriverDeviceAdd a network device
 * @DeviceInit: before WdfDeviceCreate
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_DEVICE_STATE (called
 * twice). IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetDeviceInitConfig(PWDFDEVICE_INIT DeviceInit)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	if (NT_FAULT("NetDeviceInitConfig"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx_device_init(DeviceInit, &cx2_client, at->call);
}

/*
 * NetDeviceInitSetResetCapabilities (2.1) - how the driver helps to find out why it needs a reset
 * @DeviceInit:        after NetDeviceInitConfig, before WdfDeviceCreate
 * @ResetCapabilities: copied; the callback may be NULL
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetDeviceInitSetResetCapabilities(
	PWDFDEVICE_INIT DeviceInit, const NET_DEVICE_RESET_CAPABILITIES *ResetCapabilities)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, ResetCapabilities, NET_DEVICE_RESET_CAPABILITIES);
	cx2_device_of_init(DeviceInit, at->call)->reset.caps = *ResetCapabilities;
}

/*
 * NetDeviceRequestReset (2.1) - the hardware does not answer any more: reset it
 * Diagnostics are collected, then the device is removed and added anew, after this has returned.
 * More requests of one device are one. On Windows a live dump with this rule's number tells of it.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT void netcx_2_NetDeviceRequestReset(WDFDEVICE Device)
{
	struct cx2_device *device = cx2_device(cx2_device_of(Device, CX_CALL));
	const struct cx_site *at = CX_SITE(device->core.name);

	cx_verify_passive(at);
	if (!device->reset.requested)
		cx_soft_violation(
			at, CX_PLATFORM_LEVEL_DEVICE_RESET_PERFORMED, 0, 0,
			"A platform-level reset is for hardware that nothing else helps: Windows takes a live dump of its kernel.",
			"The driver has asked for a reset of its device.");
	cx2_reset_request(device);
}

/*
 * NetDeviceStoreResetDiagnostics (2.1) - what EvtNetDeviceCollectResetDiagnostics has found; once
 * @ResetDiagnosticsSize:   bytes, 1 MiB at most; 0: nothing
 * @ResetDiagnosticsBuffer: copied
 * IRQL: PASSIVE_LEVEL, on the callback's thread.
 */
NETCX_EXPORT void netcx_2_NetDeviceStoreResetDiagnostics(WDFDEVICE Device,
							 SIZE_T ResetDiagnosticsSize,
							 const UINT8 *ResetDiagnosticsBuffer)
{
	struct cx2_device *device = cx2_device(cx2_device_of(Device, CX_CALL));
	const struct cx_site *at = CX_SITE(device->core.name);

	cx_verify_passive(at);
	if (ResetDiagnosticsSize > CX2_DIAGNOSTICS_MAX)
		cx_violation(at, CX_RESET_DIAGNOSTICS_SIZE_TOO_LARGE, ResetDiagnosticsSize,
			     CX2_DIAGNOSTICS_MAX, "Reset diagnostics have at most 1048576 bytes.",
			     "ResetDiagnosticsSize is %zu.", (size_t)ResetDiagnosticsSize);
	if (!cx2_reset_collecting(device))
		cx_violation(
			at, CX_IS_NOT_COLLECTING_RESET_DIAGNOSTICS, (uintptr_t)Device, 0,
			"Reset diagnostics are stored once, inside EvtNetDeviceCollectResetDiagnostics and on its thread.",
			"That callback is not running here, or has stored them already.");
	cx2_reset_store(device, ResetDiagnosticsBuffer, ResetDiagnosticsSize);
}
