/* SPDX-License-Identifier: MIT */
/* What NetAdapterCx 1.3 exports about devices and drivers. Source: DDI pages, 1809. */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "cx/device.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/driver.h"

/*
 * NetAdapterDeviceInitConfig (1.3) - make the device of EvtDriverDeviceAdd a network device
 * @DeviceInit: before WdfDeviceCreate
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_DEVICE_STATE (called
 * twice). IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterDeviceInitConfig(PWDFDEVICE_INIT DeviceInit)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	if (NT_FAULT("NetAdapterDeviceInitConfig"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx_device_init(DeviceInit, &cx13_client, at->call);
}

/*
 * NetDeviceSetResetCallback (1.3) - how the client resets its device
 * Nothing asks for a reset yet: on Windows the network stack does when transmit hangs.
 */
NETCX_EXPORT VOID netcx_1_3_NetDeviceSetResetCallback(WDFDEVICE WdfDevice,
						      PFN_NET_DEVICE_RESET NetDeviceReset)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx13_device_of(WdfDevice, at->call)->reset = NetDeviceReset;
}

/* NetAdapterDriverRegister (1.3) - the class extension's binding has done it already. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterDriverRegister(WDFDRIVER Driver)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	wdf_object_any(Driver, at->call);
	if (NT_FAULT("NetAdapterDriverRegister"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return STATUS_SUCCESS;
}

/* NetAdapterDriverWdmGetHandle (1.3) - the driver, for NDIS functions. IRQL: <= DISPATCH_LEVEL. */
NETCX_EXPORT NDIS_HANDLE netcx_1_3_NetAdapterDriverWdmGetHandle(WDFDRIVER Driver)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_dispatch(at);
	return wdf_object_any(Driver, at->call);
}
