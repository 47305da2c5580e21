/* SPDX-License-Identifier: MIT */
/*
 * NETADAPTER_INIT, as NetAdapterCx 2.x exports it. Source: DDI pages of netadapter.h and
 * netadaptertxdemux.h. IRQL of all: PASSIVE_LEVEL.
 */
#include "cx/api/2/adapter.h"
#include "cx/api/2/adapter_init.h"
#include "cx/api/2/client.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/driver.h"

/*
 * NetAdapterInitAllocate (2.0) - an init object for an adapter of the device
 * Return: NULL when out of memory.
 */
NETCX_EXPORT NETADAPTER_INIT *netcx_2_NetAdapterInitAllocate(WDFDEVICE Device)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Device, "Device");
	if (NT_FAULT("NetAdapterInitAllocate"))
		return NULL;
	return cx_adapter_init_allocate(cx2_device_of(Device, at->call),
					sizeof(struct cx2_adapter_init), at->caller);
}

/*
 * NetAdapterLightweightInitAllocate (2.3) - the same for an adapter without a device
 * @NetworkInterfaceGuid: of the interface that is to use it; copied
 * It starts and stops with NetAdapterStart and NetAdapterStop alone, whatever becomes of hardware
 * and power. Here it still hangs on the driver's oldest device, whose worker it has.
 * Return: NULL when out of memory, or while the driver has no device of NetAdapterCx.
 */
NETCX_EXPORT NETADAPTER_INIT *netcx_2_NetAdapterLightweightInitAllocate(
	const GUID *NetworkInterfaceGuid)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct wdf_driver *driver;
	struct wdf_device *wdf;
	struct cx2_adapter_init *init;
	struct cx_device *device;

	cx_verify_passive(at);
	cx_verify_not_null(at, NetworkInterfaceGuid, "NetworkInterfaceGuid");
	driver = wdf_driver_calling(at->caller, at->call);
	wdf = wdf_device_first(driver);
	device = wdf ? cx_device_of((WDFDEVICE)wdf_device_object(wdf), at->call) : NULL;
	if (!device || device->client != &cx2_client) {
		nt_log(wdf_driver_name(driver),
		       "NetAdapterLightweightInitAllocate: the driver has no device of NetAdapterCx that the adapter could hang on");
		return NULL;
	}
	if (NT_FAULT("NetAdapterLightweightInitAllocate"))
		return NULL;
	init = cx_adapter_init_allocate(device, sizeof(*init), at->caller);
	if (!init)
		return NULL;
	init->lightweight = true;
	init->interface = *NetworkInterfaceGuid;
	return (NETADAPTER_INIT *)init;
}

/* NetAdapterInitFree (2.0) - always called, whether or not an adapter was made. */
NETCX_EXPORT void netcx_2_NetAdapterInitFree(NETADAPTER_INIT *AdapterInit)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_adapter_init_free(&cx2_adapter_init_of(AdapterInit, at)->core);
}

/*
 * NetAdapterInitSetDatapathCallbacks (2.0) - the two queue-creation callbacks; copied
 * An adapter that never calls this has no packet queues.
 */
NETCX_EXPORT void netcx_2_NetAdapterInitSetDatapathCallbacks(
	NETADAPTER_INIT *AdapterInit, NET_ADAPTER_DATAPATH_CALLBACKS *DatapathCallbacks)
{
	const struct cx_site *at = CX_SITE(NULL);
	NET_ADAPTER_DATAPATH_CALLBACKS callbacks;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, DatapathCallbacks, "DatapathCallbacks");
	callbacks = *DatapathCallbacks; /* what is checked is what counts */
	cx2_verify_datapath_callbacks(at, &callbacks, (uintptr_t)DatapathCallbacks);
	cx2_adapter_init_of(AdapterInit, at)->callbacks = callbacks;
}

/*
 * NetAdapterInitAddTxDemux (2.1) - transmit queues by 802.1p priority, Demux->Range of them
 * Copied; the last call wins.
 */
NETCX_EXPORT void netcx_2_NetAdapterInitAddTxDemux(NETADAPTER_INIT *AdapterInit,
						   const NET_ADAPTER_TX_DEMUX *Demux)
{
	const struct cx_site *at = CX_SITE(NULL);
	NET_ADAPTER_TX_DEMUX demux;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_size(at, Demux, NET_ADAPTER_TX_DEMUX);
	demux = *Demux; /* what is checked is what counts */
	demux.Size = sizeof(demux);
	cx2_verify_tx_demux(at, &demux, (uintptr_t)Demux);
	cx2_adapter_init_of(AdapterInit, at)->demux = demux;
}
