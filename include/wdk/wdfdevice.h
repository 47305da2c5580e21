/* SPDX-License-Identifier: MIT */
/* wdfdevice.h - creating a device and its general properties. Part of wdf.h. */
#ifndef NETCX_WDFDEVICE_H
#define NETCX_WDFDEVICE_H

#include <wdfdriver.h>
#include <parts/wdfpnppower.h>
#include <parts/wdfpowerpolicy.h>
#include <parts/wdfversion.h>

typedef enum _WDF_DEVICE_FAILED_ACTION NETCX_INT_ENUM {
	WdfDeviceFailedUndefined = 0,
	WdfDeviceFailedAttemptRestart,
	WdfDeviceFailedNoRestart
} WDF_DEVICE_FAILED_ACTION;

typedef enum _WDF_DEVICE_IO_TYPE NETCX_INT_ENUM {
	WdfDeviceIoUndefined = 0,
	WdfDeviceIoNeither,
	WdfDeviceIoBuffered,
	WdfDeviceIoDirect,
	WdfDeviceIoBufferedOrDirect,
	WdfDeviceIoMaximum
} WDF_DEVICE_IO_TYPE,
	*PWDF_DEVICE_IO_TYPE;

typedef enum _WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE NETCX_INT_ENUM {
	WdfReleaseHardwareOrderOnFailureInvalid = 0,
	WdfReleaseHardwareOrderOnFailureEarly,
	WdfReleaseHardwareOrderOnFailureAfterDescendants
} WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE;

EXTERN_C_START

/* Before WdfDeviceCreate, on the init structure EvtDriverDeviceAdd was given. */
VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit,
					    PWDF_PNPPOWER_EVENT_CALLBACKS Callbacks);
VOID WdfDeviceInitSetPowerPolicyEventCallbacks(PWDFDEVICE_INIT DeviceInit,
					       PWDF_POWER_POLICY_EVENT_CALLBACKS Callbacks);
VOID WdfDeviceInitSetPowerPolicyOwnership(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsPowerPolicyOwner);
#if !NETCX_UMDF
VOID WdfDeviceInitFree(PWDFDEVICE_INIT DeviceInit);
#endif
VOID WdfDeviceInitSetIoType(PWDFDEVICE_INIT DeviceInit, WDF_DEVICE_IO_TYPE IoType);
#if !NETCX_UMDF
VOID WdfDeviceInitSetDeviceType(PWDFDEVICE_INIT DeviceInit, DEVICE_TYPE DeviceType);
VOID WdfDeviceInitSetCharacteristics(PWDFDEVICE_INIT DeviceInit, ULONG Characteristics,
				     BOOLEAN OrInValues);
VOID WdfDeviceInitSetExclusive(PWDFDEVICE_INIT DeviceInit, BOOLEAN IsExclusive);
VOID WdfDeviceInitSetPowerPageable(PWDFDEVICE_INIT DeviceInit);
VOID WdfDeviceInitSetPowerNotPageable(PWDFDEVICE_INIT DeviceInit);
#endif
VOID WdfDeviceInitSetReleaseHardwareOrderOnFailure(PWDFDEVICE_INIT DeviceInit,
						   WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE Order);

/* Consumes *DeviceInit and sets it to NULL on success. */
NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT *DeviceInit, PWDF_OBJECT_ATTRIBUTES DeviceAttributes,
			 WDFDEVICE *Device);
WDFDRIVER WdfDeviceGetDriver(WDFDEVICE Device);
#if !NETCX_UMDF
PDEVICE_OBJECT WdfDeviceWdmGetDeviceObject(WDFDEVICE Device);
PDEVICE_OBJECT WdfDeviceWdmGetPhysicalDevice(WDFDEVICE Device);
#endif

/*
 * Names under which programs would open the device; here none does. @ReferenceString: tells two of
 * one class apart, or NULL. PASSIVE_LEVEL
 * RetrieveDeviceInterfaceString: into @String, the driver's own. STATUS_INVALID_DEVICE_STATE: the
 * device was not started yet; STATUS_OBJECT_NAME_NOT_FOUND: there is no such interface
 */
NTSTATUS WdfDeviceCreateDeviceInterface(WDFDEVICE Device, const GUID *InterfaceClassGUID,
					PCUNICODE_STRING ReferenceString);
VOID WdfDeviceSetDeviceInterfaceState(WDFDEVICE Device, const GUID *InterfaceClassGUID,
				      PCUNICODE_STRING ReferenceString, BOOLEAN IsInterfaceEnabled);
#if NETCX_WDF_MINOR >= 31 || defined(NETCX_HOST)
VOID WdfDeviceSetDeviceInterfaceStateEx(WDFDEVICE Device, const GUID *InterfaceClassGUID,
					PCUNICODE_STRING ReferenceString,
					BOOLEAN IsInterfaceEnabled);
#endif
NTSTATUS WdfDeviceRetrieveDeviceInterfaceString(WDFDEVICE Device, const GUID *InterfaceClassGUID,
						PCUNICODE_STRING ReferenceString, WDFSTRING String);

/* The device does not work any more: it is taken down, and tried again if the action says so. */
VOID WdfDeviceSetFailed(WDFDEVICE Device, WDF_DEVICE_FAILED_ACTION FailedAction);

#if !NETCX_UMDF
/* @AlignmentRequirement: bytes less one, FILE_256_BYTE_ALIGNMENT for example */
VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement);
ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device);
#endif

/* @DeviceInstanceKeyType: PLUGPLAY_REGKEY_DEVICE or PLUGPLAY_REGKEY_DRIVER */
NTSTATUS WdfDeviceOpenRegistryKey(WDFDEVICE Device, ULONG DeviceInstanceKeyType,
				  ACCESS_MASK DesiredAccess, PWDF_OBJECT_ATTRIBUTES KeyAttributes,
				  WDFKEY *Key);

/* Power policy */
NTSTATUS WdfDeviceAssignS0IdleSettings(WDFDEVICE Device,
				       PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS Settings);
NTSTATUS WdfDeviceAssignSxWakeSettings(WDFDEVICE Device,
				       PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS Settings);
NTSTATUS WdfDeviceStopIdle(WDFDEVICE Device, BOOLEAN WaitForD0);
VOID WdfDeviceResumeIdle(WDFDEVICE Device);
POWER_ACTION WdfDeviceGetSystemPowerAction(WDFDEVICE Device);

EXTERN_C_END

#endif
