/* SPDX-License-Identifier: MIT */
/* What NetAdapterCx 2.x exports about devices. Source: DDI pages of netdevice.h. */
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/2/verifier.h"
#include "cx/device.h"
#include "nt/export.h"

/*
 * NetDeviceInitConfig (2.0) - make the device of EvtDriverDeviceAdd a network device
 * @DeviceInit: before WdfDeviceCreate
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_DEVICE_STATE (called
 * twice). IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetDeviceInitConfig(PWDFDEVICE_INIT DeviceInit)
{
	cx_verify_passive(CX_SITE(NULL));
	return cx_device_init(DeviceInit, &cx2_client);
}
