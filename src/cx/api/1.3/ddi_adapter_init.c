/* SPDX-License-Identifier: MIT */
/* NETADAPTER_INIT, as NetAdapterCx 1.3 exports it. Source: DDI pages of netadapter.h, 1809. */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/adapter_init.h"
#include "cx/api/1.3/verifier.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetDefaultAdapterInitAllocate (1.3) - an init object for the device's one default adapter
 * Return: NULL when out of memory, or when the device has its default adapter.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT PNETADAPTER_INIT netcx_1_3_NetDefaultAdapterInitAllocate(WDFDEVICE Device)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Device, "Device");
	if (NT_FAULT("NetDefaultAdapterInitAllocate"))
		return NULL;
	return (PNETADAPTER_INIT)cx13_adapter_init_allocate(cx13_device_of(Device, at->call), true,
							    __builtin_return_address(0));
}

/* NetAdapterInitAllocate (1.3) - the same for any further adapter of the device. */
NETCX_EXPORT PNETADAPTER_INIT netcx_1_3_NetAdapterInitAllocate(WDFDEVICE Device)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Device, "Device");
	if (NT_FAULT("NetAdapterInitAllocate"))
		return NULL;
	return (PNETADAPTER_INIT)cx13_adapter_init_allocate(cx13_device_of(Device, at->call), false,
							    __builtin_return_address(0));
}

/* NetAdapterInitFree (1.3) - always called, whether or not an adapter was made. PASSIVE_LEVEL. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterInitFree(PNETADAPTER_INIT AdapterInit)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx13_adapter_init_free(cx13_adapter_init_of(AdapterInit, at));
}

/*
 * NetAdapterInitSetDatapathCallbacks (1.3) - the two queue-creation callbacks; copied
 * Rule 47 (a callback is NULL) is defined in 1809 but not checked here; it is when a queue is to be
 * made. An adapter that never calls this has no packet queues.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterInitSetDatapathCallbacks(
	PNETADAPTER_INIT AdapterInit, PNET_ADAPTER_DATAPATH_CALLBACKS DatapathCallbacks)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_adapter_init *init;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, DatapathCallbacks, "DatapathCallbacks");
	init = cx13_adapter_init_of(AdapterInit, at);
	init->callbacks = *DatapathCallbacks;
	init->have_callbacks = true;
}

/* NetAdapterInitSetNetRequestAttributes (1.3) - context and callbacks of each NETREQUEST. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterInitSetNetRequestAttributes(
	PNETADAPTER_INIT AdapterInit, PWDF_OBJECT_ATTRIBUTES NetRequestAttributes)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, NetRequestAttributes, "NetRequestAttributes");
	cx_set_request_attributes(at, &cx13_adapter_init_of(AdapterInit, at)->core,
				  NetRequestAttributes);
}

/* NetAdapterInitSetNetPowerSettingsAttributes (1.3) - the same of the NETPOWERSETTINGS. */
NETCX_EXPORT VOID netcx_1_3_NetAdapterInitSetNetPowerSettingsAttributes(
	PNETADAPTER_INIT AdapterInit, PWDF_OBJECT_ATTRIBUTES NetPowerSettingsAttributes)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_adapter_init *init;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, NetPowerSettingsAttributes, "NetPowerSettingsAttributes");
	init = cx13_adapter_init_of(AdapterInit, at);
	cx_verify_init_not_used(at, &init->core);
	init->power_attributes = *NetPowerSettingsAttributes;
	init->have_power_attributes = true;
}

/* NetAdapterInitGetCreatedAdapter (1.3) - NULL before NetAdapterCreate. PASSIVE_LEVEL. */
NETCX_EXPORT NETADAPTER netcx_1_3_NetAdapterInitGetCreatedAdapter(PNETADAPTER_INIT AdapterInit)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_adapter_init *init;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	init = cx13_adapter_init_of(AdapterInit, at);
	return init->core.adapter ? cx13_adapter_handle(init->core.adapter) : NULL;
}

/*
 * NetAdapterExtensionInitAllocate (1.3) - a media class extension's part of the init object
 * It lives as long as @AdapterInit. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT PNETADAPTEREXT_INIT
netcx_1_3_NetAdapterExtensionInitAllocate(PNETADAPTER_INIT AdapterInit)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx13_adapter_init *init;

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	init = cx13_adapter_init_of(AdapterInit, at);
	cx_verify_init_not_used(at, &init->core);
	if (NT_FAULT("NetAdapterExtensionInitAllocate"))
		return NULL;
	return (PNETADAPTEREXT_INIT)cx13_extension_init_allocate(init);
}

/*
 * NetAdapterExtensionInitSetNetRequestPreprocessCallback (1.3) - see each NETREQUEST first
 * @PreprocessNetRequest: completes the request or hands it to
 *                        NetAdapterDispatchPreprocessedNetRequest
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterExtensionInitSetNetRequestPreprocessCallback(
	PNETADAPTEREXT_INIT AdapterExtensionInit,
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST PreprocessNetRequest)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterExtensionInit, "AdapterExtensionInit");
	cx_verify_not_null(at, (const void *)(uintptr_t)PreprocessNetRequest,
			   "PreprocessNetRequest");
	cx13_extension_init_of(AdapterExtensionInit, at)->preprocess = PreprocessNetRequest;
}
