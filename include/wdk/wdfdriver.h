/* SPDX-License-Identifier: MIT */
/* wdfdriver.h - the driver object. Part of wdf.h. */
#ifndef NETCX_WDFDRIVER_H
#define NETCX_WDFDRIVER_H

#include <wdfobject.h>
#include <parts/wdmio.h>

typedef struct WDFDEVICE_INIT *PWDFDEVICE_INIT;

typedef NTSTATUS EVT_WDF_DRIVER_DEVICE_ADD(_In_ WDFDRIVER Driver,
					   _Inout_ PWDFDEVICE_INIT DeviceInit);
typedef EVT_WDF_DRIVER_DEVICE_ADD *PFN_WDF_DRIVER_DEVICE_ADD;
typedef VOID EVT_WDF_DRIVER_UNLOAD(_In_ WDFDRIVER Driver);
typedef EVT_WDF_DRIVER_UNLOAD *PFN_WDF_DRIVER_UNLOAD;

typedef enum _WDF_DRIVER_INIT_FLAGS NETCX_INT_ENUM {
	WdfDriverInitNonPnpDriver = 0x00000001,
	WdfDriverInitNoDispatchOverride = 0x00000002,
	WdfVerifyOn = 0x00000004,
	WdfVerifierOn = 0x00000008,
	WdfDriverInitCompanion = 0x00000010
} WDF_DRIVER_INIT_FLAGS;

typedef struct _WDF_DRIVER_CONFIG {
	ULONG Size;
	PFN_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd;
	PFN_WDF_DRIVER_UNLOAD EvtDriverUnload;
	ULONG DriverInitFlags;
	ULONG DriverPoolTag;
} WDF_DRIVER_CONFIG, *PWDF_DRIVER_CONFIG;

FORCEINLINE VOID WDF_DRIVER_CONFIG_INIT(PWDF_DRIVER_CONFIG Config,
					PFN_WDF_DRIVER_DEVICE_ADD EvtDriverDeviceAdd)
{
	WDF_STRUCT_INIT(Config, WDF_DRIVER_CONFIG);
	Config->EvtDriverDeviceAdd = EvtDriverDeviceAdd;
}

EXTERN_C_START

/* Called once, in DriverEntry. @Driver: may be NULL */
NTSTATUS WdfDriverCreate(PDRIVER_OBJECT DriverObject, PCUNICODE_STRING RegistryPath,
			 PWDF_OBJECT_ATTRIBUTES DriverAttributes, PWDF_DRIVER_CONFIG DriverConfig,
			 WDFDRIVER *Driver);
/* The calling driver's own object; NULL before WdfDriverCreate. */
WDFDRIVER WdfGetDriver(VOID);
#if !NETCX_UMDF
PDRIVER_OBJECT WdfDriverWdmGetDriverObject(WDFDRIVER Driver);
#endif
PWSTR WdfDriverGetRegistryPath(WDFDRIVER Driver);
NTSTATUS WdfDriverOpenParametersRegistryKey(WDFDRIVER Driver, ACCESS_MASK DesiredAccess,
					    PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key);

/* For a debugger of Windows. Return: NULL here. */
PVOID WdfGetTriageInfo(VOID);

EXTERN_C_END

#endif
