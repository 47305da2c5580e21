/* SPDX-License-Identifier: MIT */
/* netdevice.h - the device below the adapters. PASSIVE_LEVEL. Part of netadaptercx.h. */
#ifndef NETCX_NETDEVICE_2_H
#define NETCX_NETDEVICE_2_H

#include <netadaptercxtypes.h>

EXTERN_C_START

/* Whether the driver can do what the system is about to ask for; failure refuses it. */
typedef NTSTATUS EVT_NET_DEVICE_PREVIEW_WAKE_SOURCE(_In_ WDFDEVICE Device,
						    _In_ NETWAKESOURCE WakeSource);
typedef EVT_NET_DEVICE_PREVIEW_WAKE_SOURCE *PFN_NET_DEVICE_PREVIEW_WAKE_SOURCE;
typedef NTSTATUS EVT_NET_DEVICE_PREVIEW_POWER_OFFLOAD(_In_ WDFDEVICE Device,
						      _In_ NETPOWEROFFLOAD PowerOffload);
typedef EVT_NET_DEVICE_PREVIEW_POWER_OFFLOAD *PFN_NET_DEVICE_PREVIEW_POWER_OFFLOAD;

typedef struct _NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS {
	ULONG Size;
	PFN_NET_DEVICE_PREVIEW_WAKE_SOURCE EvtDevicePreviewBitmapPattern;
	PFN_NET_DEVICE_PREVIEW_POWER_OFFLOAD EvtDevicePreviewArpOffload;
	PFN_NET_DEVICE_PREVIEW_POWER_OFFLOAD EvtDevicePreviewNSOffload;
} NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS, *PNET_DEVICE_POWER_POLICY_EVENT_CALLBACKS;

FORCEINLINE void NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS_INIT(
	NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS *Callbacks)
{
	WDF_STRUCT_INIT(Callbacks, NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS);
}

/* In EvtDriverDeviceAdd, before WdfDeviceCreate. */
NTSTATUS NetDeviceInitConfig(PWDFDEVICE_INIT DeviceInit) NETCX_SYMBOL(NetDeviceInitConfig);
void NetDeviceInitSetPowerPolicyEventCallbacks(
	PWDFDEVICE_INIT DeviceInit, const NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS *Callbacks)
	NETCX_SYMBOL(NetDeviceInitSetPowerPolicyEventCallbacks);

NTSTATUS NetDeviceOpenConfiguration(WDFDEVICE Device,
				    WDF_OBJECT_ATTRIBUTES *ConfigurationAttributes,
				    NETCONFIGURATION *Configuration)
	NETCX_SYMBOL(NetDeviceOpenConfiguration);

#if NETCX_SINCE(1)
/* The driver says what its hardware was doing, before the reset that it asked for. */
typedef void EVT_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS(_In_ WDFDEVICE Device);
typedef EVT_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS *PFN_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS;

typedef struct _NET_DEVICE_RESET_CAPABILITIES {
	ULONG Size;
	GUID ResetDiagnosticsGuid;
	PFN_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS EvtNetDeviceCollectResetDiagnostics;
} NET_DEVICE_RESET_CAPABILITIES, *PNET_DEVICE_RESET_CAPABILITIES;

FORCEINLINE void NET_DEVICE_RESET_CAPABILITIES_INIT(
	NET_DEVICE_RESET_CAPABILITIES *ResetCapabilities, GUID ResetDiagnosticsGuid,
	PFN_NET_DEVICE_COLLECT_RESET_DIAGNOSTICS EvtNetDeviceCollectResetDiagnostics)
{
	WDF_STRUCT_INIT(ResetCapabilities, NET_DEVICE_RESET_CAPABILITIES);
	ResetCapabilities->ResetDiagnosticsGuid = ResetDiagnosticsGuid;
	ResetCapabilities->EvtNetDeviceCollectResetDiagnostics =
		EvtNetDeviceCollectResetDiagnostics;
}

void NetDeviceInitSetResetCapabilities(PWDFDEVICE_INIT DeviceInit,
				       const NET_DEVICE_RESET_CAPABILITIES *ResetCapabilities)
	NETCX_SYMBOL(NetDeviceInitSetResetCapabilities);
void NetDeviceRequestReset(WDFDEVICE Device) NETCX_SYMBOL(NetDeviceRequestReset);

/* Inside EvtNetDeviceCollectResetDiagnostics only; bytes. */
void NetDeviceStoreResetDiagnostics(WDFDEVICE Device, SIZE_T ResetDiagnosticsSize,
				    const UINT8 *ResetDiagnosticsBuffer)
	NETCX_SYMBOL(NetDeviceStoreResetDiagnostics);
#endif

EXTERN_C_END

#endif
