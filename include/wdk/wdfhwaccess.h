/* SPDX-License-Identifier: MIT */
/*
 * wdfhwaccess.h - how a user-mode driver reaches the registers that WdfDeviceMapIoSpace has mapped.
 * Counts are of elements. Kernel mode has READ_REGISTER_... in place of it.
 */
#ifndef NETCX_WDFHWACCESS_H
#define NETCX_WDFHWACCESS_H

#include <wdfdevice.h>

#if NETCX_UMDF || defined(NETCX_HOST)

#include <parts/wdmcaching.h>

typedef enum _WDF_DEVICE_HWACCESS_TARGET_TYPE {
	WdfDeviceHwAccessTargetTypeInvalid,
	WdfDeviceHwAccessTargetTypeRegister,
	WdfDeviceHwAccessTargetTypeRegisterBuffer,
	WdfDeviceHwAccessTargetTypePort,
	WdfDeviceHwAccessTargetTypePortBuffer,
	WdfDeviceHwAccessTargetTypeMaximum
} WDF_DEVICE_HWACCESS_TARGET_TYPE;

typedef enum _WDF_DEVICE_HWACCESS_TARGET_SIZE {
	WdfDeviceHwAccessTargetSizeInvalid,
	WdfDeviceHwAccessTargetSizeUchar,
	WdfDeviceHwAccessTargetSizeUshort,
	WdfDeviceHwAccessTargetSizeUlong,
	WdfDeviceHwAccessTargetSizeUlong64,
	WdfDeviceHwAccessTargetSizeMaximum
} WDF_DEVICE_HWACCESS_TARGET_SIZE;

EXTERN_C_START

/* The INF allows it: UmdfDirectHardwareAccess = AllowDirectHardwareAccess. */
NTSTATUS WdfDeviceMapIoSpace(WDFDEVICE Device, PHYSICAL_ADDRESS PhysicalAddress,
			     SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType,
			     PVOID *PseudoBaseAddress);
VOID WdfDeviceUnmapIoSpace(WDFDEVICE Device, PVOID PseudoBaseAddress, SIZE_T NumberOfBytes);
/* With UmdfRegisterAccessMode = RegisterAccessUsingUserModeMapping. */
PVOID WdfDeviceGetHardwareRegisterMappedAddress(WDFDEVICE Device, PVOID PseudoBaseAddress);
SIZE_T WdfDeviceReadFromHardware(WDFDEVICE Device, WDF_DEVICE_HWACCESS_TARGET_TYPE Type,
				 WDF_DEVICE_HWACCESS_TARGET_SIZE Size, PVOID TargetAddress,
				 PVOID Buffer, ULONG Count);
VOID WdfDeviceWriteToHardware(WDFDEVICE Device, WDF_DEVICE_HWACCESS_TARGET_TYPE Type,
			      WDF_DEVICE_HWACCESS_TARGET_SIZE Size, PVOID TargetAddress,
			      SIZE_T Value, PVOID Buffer, ULONG Count);

EXTERN_C_END

#endif

#if NETCX_UMDF

#define NETCX_HARDWARE_ACCESS(kind, target, suffix, type, size)                                    \
	FORCEINLINE type WDF_READ_##kind##_##suffix(WDFDEVICE Device, type *At)                    \
	{                                                                                          \
		return (type)WdfDeviceReadFromHardware(                                            \
			Device, WdfDeviceHwAccessTargetType##target,                               \
			WdfDeviceHwAccessTargetSize##size, At, NULL, 0);                           \
	}                                                                                          \
	FORCEINLINE VOID WDF_WRITE_##kind##_##suffix(WDFDEVICE Device, type *At, type Value)       \
	{                                                                                          \
		WdfDeviceWriteToHardware(Device, WdfDeviceHwAccessTargetType##target,              \
					 WdfDeviceHwAccessTargetSize##size, At, Value, NULL, 0);   \
	}                                                                                          \
	FORCEINLINE VOID WDF_READ_##kind##_BUFFER_##suffix(WDFDEVICE Device, type *At,             \
							   type *Buffer, ULONG Count)              \
	{                                                                                          \
		WdfDeviceReadFromHardware(Device, WdfDeviceHwAccessTargetType##target##Buffer,     \
					  WdfDeviceHwAccessTargetSize##size, At, Buffer, Count);   \
	}                                                                                          \
	FORCEINLINE VOID WDF_WRITE_##kind##_BUFFER_##suffix(WDFDEVICE Device, type *At,            \
							    type *Buffer, ULONG Count)             \
	{                                                                                          \
		WdfDeviceWriteToHardware(Device, WdfDeviceHwAccessTargetType##target##Buffer,      \
					 WdfDeviceHwAccessTargetSize##size, At, 0, Buffer, Count); \
	}

NETCX_HARDWARE_ACCESS(REGISTER, Register, UCHAR, UCHAR, Uchar)
NETCX_HARDWARE_ACCESS(REGISTER, Register, USHORT, USHORT, Ushort)
NETCX_HARDWARE_ACCESS(REGISTER, Register, ULONG, ULONG, Ulong)
NETCX_HARDWARE_ACCESS(REGISTER, Register, ULONG64, ULONG64, Ulong64)
NETCX_HARDWARE_ACCESS(PORT, Port, UCHAR, UCHAR, Uchar)
NETCX_HARDWARE_ACCESS(PORT, Port, USHORT, USHORT, Ushort)
NETCX_HARDWARE_ACCESS(PORT, Port, ULONG, ULONG, Ulong)

/* An address of WdfDeviceGetHardwareRegisterMappedAddress's: plain accesses. */
#define NETCX_MAPPED_REGISTER(suffix, type)                                                    \
	FORCEINLINE type READ_REGISTER_##suffix(volatile type *Register)                       \
	{                                                                                      \
		return *Register;                                                              \
	}                                                                                      \
	FORCEINLINE VOID WRITE_REGISTER_##suffix(volatile type *Register, type Value)          \
	{                                                                                      \
		*Register = Value;                                                             \
	}                                                                                      \
	FORCEINLINE VOID READ_REGISTER_BUFFER_##suffix(volatile type *Register, type *Buffer,  \
						       ULONG Count)                            \
	{                                                                                      \
		for (ULONG i = 0; i < Count; i++)                                              \
			Buffer[i] = Register[i];                                               \
	}                                                                                      \
	FORCEINLINE VOID WRITE_REGISTER_BUFFER_##suffix(volatile type *Register, type *Buffer, \
							ULONG Count)                           \
	{                                                                                      \
		for (ULONG i = 0; i < Count; i++)                                              \
			Register[i] = Buffer[i];                                               \
	}

NETCX_MAPPED_REGISTER(UCHAR, UCHAR)
NETCX_MAPPED_REGISTER(USHORT, USHORT)
NETCX_MAPPED_REGISTER(ULONG, ULONG)
NETCX_MAPPED_REGISTER(ULONG64, ULONG64)

#endif
#endif
