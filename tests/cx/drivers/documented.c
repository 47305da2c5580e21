/* SPDX-License-Identifier: MIT */
/*
 * Large send offload as the 1809 page of EVT_NET_ADAPTER_OFFLOAD_SET_LSO shows it: a context of the
 * adapter's that keeps what is active, a callback that stores it and updates the hardware, and the
 * registration after NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT. The rest is the least a driver
 * needs.
 */
#include <netadaptercx.h>
#include <ntddk.h>
#include <wdf.h>

typedef struct _MY_ADAPTER_CONTEXT {
	BOOLEAN LSOv4;
	BOOLEAN LSOv6;
	SIZE_T MaximumOffloadSize;
	SIZE_T MinimumSegmentCount;
	ULONG HardwareUpdates;
} MY_ADAPTER_CONTEXT, *PMY_ADAPTER_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(MY_ADAPTER_CONTEXT, GetMyAdapterContext)

#define MY_LSO_MAXIMUM 60000
#define MY_LSO_MINIMUM 3

DRIVER_INITIALIZE DriverEntry;
EVT_WDF_DRIVER_DEVICE_ADD MyDeviceAdd;
EVT_WDF_DEVICE_PREPARE_HARDWARE MyPrepareHardware;
EVT_NET_ADAPTER_OFFLOAD_SET_LSO MyEvtAdapterOffloadSetLso;

/* The test looks at the context through this. */
__attribute__((visibility("default"))) PMY_ADAPTER_CONTEXT MyContext;
static NETADAPTER MyAdapter;

static VOID MyUpdateHardwareLso(PMY_ADAPTER_CONTEXT AdapterContext)
{
	AdapterContext->HardwareUpdates++;
}

VOID MyEvtAdapterOffloadSetLso(NETADAPTER Adapter,
			       PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES ActiveCapabilities)
{
	PMY_ADAPTER_CONTEXT adapterContext = GetMyAdapterContext(Adapter);

	adapterContext->LSOv4 = ActiveCapabilities->IPv4;
	adapterContext->LSOv6 = ActiveCapabilities->IPv6;
	adapterContext->MaximumOffloadSize = ActiveCapabilities->MaximumOffloadSize;
	adapterContext->MinimumSegmentCount = ActiveCapabilities->MinimumSegmentCount;

	MyUpdateHardwareLso(adapterContext);
}

static VOID MyAdapterSetOffloadCapabilities(NETADAPTER NetAdapter)
{
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES lsoOffloadCapabilities;

	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&lsoOffloadCapabilities, TRUE, TRUE,
						  MY_LSO_MAXIMUM, MY_LSO_MINIMUM);
	NetAdapterOffloadSetLsoCapabilities(NetAdapter, &lsoOffloadCapabilities,
					    MyEvtAdapterOffloadSetLso);
}

NTSTATUS MyPrepareHardware(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated)
{
	NET_ADAPTER_LINK_LAYER_CAPABILITIES link;
	NET_ADAPTER_TX_CAPABILITIES tx;
	NET_ADAPTER_RX_CAPABILITIES rx;

	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Raw);
	UNREFERENCED_PARAMETER(Translated);
	NET_ADAPTER_TX_CAPABILITIES_INIT(&tx, 65536, 1);
	NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED(&rx, 2048, 1);
	NetAdapterSetDatapathCapabilities(MyAdapter, &tx, &rx);
	NET_ADAPTER_LINK_LAYER_CAPABILITIES_INIT(&link, NET_PACKET_FILTER_TYPE_DIRECTED, 32,
						 NET_ADAPTER_STATISTICS_NO_FLAGS, 1000000000,
						 1000000000);
	NetAdapterSetLinkLayerCapabilities(MyAdapter, &link);
	NetAdapterSetLinkLayerMtuSize(MyAdapter, 1500);
	MyAdapterSetOffloadCapabilities(MyAdapter);
	return NetAdapterStart(MyAdapter);
}

NTSTATUS MyDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
	WDF_PNPPOWER_EVENT_CALLBACKS pnp;
	WDF_OBJECT_ATTRIBUTES attributes;
	PNETADAPTER_INIT init;
	WDFDEVICE device;
	NTSTATUS status;

	UNREFERENCED_PARAMETER(Driver);
	status = NetAdapterDeviceInitConfig(DeviceInit);
	if (!NT_SUCCESS(status))
		return status;
	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&pnp);
	pnp.EvtDevicePrepareHardware = MyPrepareHardware;
	WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &pnp);
	status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
	if (!NT_SUCCESS(status))
		return status;
	init = NetDefaultAdapterInitAllocate(device);
	if (!init)
		return STATUS_INSUFFICIENT_RESOURCES;
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, MY_ADAPTER_CONTEXT);
	status = NetAdapterCreate(init, &attributes, &MyAdapter);
	NetAdapterInitFree(init);
	if (NT_SUCCESS(status))
		MyContext = GetMyAdapterContext(MyAdapter);
	return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, MyDeviceAdd);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
			       WDF_NO_HANDLE);
}
