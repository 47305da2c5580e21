/* SPDX-License-Identifier: MIT */
/*
 * netadapter.h - the adapter: creating it, saying what it can do, starting and stopping it.
 * PASSIVE_LEVEL unless said otherwise. Part of netadaptercx.h.
 */
#ifndef NETCX_NETADAPTER_H
#define NETCX_NETADAPTER_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>
#include <netconfiguration.h>
#include <netadapterpacket.h>
#include <parts/netadapterdatapath.h>
#include <parts/netadapterlink.h>
#include <netadapteroffload.h>
#include <parts/netadapterpower.h>
#include <netreceivescaling.h>
#include <netrequestqueue.h>

/* for class extensions on top of this one */
typedef VOID EVT_NET_ADAPTER_PRE_PROCESS_NET_REQUEST(_In_ NETADAPTER Adapter,
						     _In_ NETREQUEST Request);
typedef EVT_NET_ADAPTER_PRE_PROCESS_NET_REQUEST *PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST;

EXTERN_C_START

/* In EvtDriverDeviceAdd, before WdfDeviceCreate. */
NTSTATUS NetAdapterDeviceInitConfig(PWDFDEVICE_INIT DeviceInit);

/* An adapter is created from an init object, which is freed in any case. NULL: out of memory */
PNETADAPTER_INIT NetDefaultAdapterInitAllocate(WDFDEVICE Device);
PNETADAPTER_INIT NetAdapterInitAllocate(WDFDEVICE Device);
VOID NetAdapterInitFree(PNETADAPTER_INIT AdapterInit);
VOID NetAdapterInitSetDatapathCallbacks(PNETADAPTER_INIT AdapterInit,
					PNET_ADAPTER_DATAPATH_CALLBACKS DatapathCallbacks);
VOID NetAdapterInitSetNetRequestAttributes(PNETADAPTER_INIT AdapterInit,
					   PWDF_OBJECT_ATTRIBUTES NetRequestAttributes);
VOID NetAdapterInitSetNetPowerSettingsAttributes(PNETADAPTER_INIT AdapterInit,
						 PWDF_OBJECT_ATTRIBUTES NetPowerSettingsAttributes);
NTSTATUS NetAdapterCreate(PNETADAPTER_INIT AdapterInit, PWDF_OBJECT_ATTRIBUTES AdapterAttributes,
			  NETADAPTER *Adapter);

/* Before NetAdapterStart: these three are mandatory. */
VOID NetAdapterSetDataPathCapabilities(NETADAPTER Adapter,
				       PNET_ADAPTER_TX_CAPABILITIES TxCapabilities,
				       PNET_ADAPTER_RX_CAPABILITIES RxCapabilities);
VOID NetAdapterSetLinkLayerCapabilities(NETADAPTER Adapter,
					PNET_ADAPTER_LINK_LAYER_CAPABILITIES LinkLayerCapabilities);
VOID NetAdapterSetLinkLayerMtuSize(NETADAPTER Adapter, ULONG MtuSize);

VOID NetAdapterSetPermanentLinkLayerAddress(NETADAPTER Adapter,
					    PNET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress);
VOID NetAdapterSetCurrentLinkLayerAddress(NETADAPTER Adapter,
					  PNET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress);
VOID NetAdapterSetPowerCapabilities(NETADAPTER Adapter,
				    PNET_ADAPTER_POWER_CAPABILITIES PowerCapabilities);
NTSTATUS NetAdapterRegisterPacketExtension(NETADAPTER Adapter,
					   const NET_PACKET_EXTENSION *ExtensionToRegister);
NTSTATUS NetAdapterQueryRegisteredPacketExtension(
	NETADAPTER Adapter, const NET_PACKET_EXTENSION_QUERY *ExtensionToQuery);

NTSTATUS NetAdapterStart(NETADAPTER Adapter);
VOID NetAdapterStop(NETADAPTER Adapter);

/* At any time. IRQL: <= DISPATCH_LEVEL */
VOID NetAdapterSetCurrentLinkState(NETADAPTER Adapter, PNET_ADAPTER_LINK_STATE CurrentLinkState);

NTSTATUS NetAdapterOpenConfiguration(NETADAPTER Adapter,
				     PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
				     NETCONFIGURATION *Configuration);
ULONG NetAdapterGetLinkLayerMtuSize(NETADAPTER Adapter);
NET_LUID NetAdapterGetNetLuid(NETADAPTER Adapter);
WDFOBJECT NetAdapterGetParent(NETADAPTER Adapter);
NETPOWERSETTINGS NetAdapterGetPowerSettings(NETADAPTER Adapter);

/* Handles for NDIS functions. IRQL: <= DISPATCH_LEVEL */
NDIS_HANDLE NetAdapterWdmGetNdisHandle(NETADAPTER Adapter);
NDIS_HANDLE NetAdapterDriverWdmGetHandle(WDFDRIVER Driver);

/* Class extensions only */
NTSTATUS NetAdapterDriverRegister(WDFDRIVER Driver);
PNETADAPTEREXT_INIT NetAdapterExtensionInitAllocate(PNETADAPTER_INIT AdapterInit);
VOID NetAdapterExtensionInitSetNetRequestPreprocessCallback(
	PNETADAPTEREXT_INIT AdapterExtensionInit,
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST PreprocessNetRequest);
NETADAPTER NetAdapterInitGetCreatedAdapter(PNETADAPTER_INIT AdapterInit);
VOID NetAdapterDispatchPreprocessedNetRequest(NETADAPTER Adapter, NETREQUEST Request);

EXTERN_C_END

#endif
