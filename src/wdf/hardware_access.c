/* SPDX-License-Identifier: MIT */
/* Registers of a device for a user-mode driver. Source: the pages of wdfhwaccess.h. */
#include <wdf.h>
#include <wdm.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "nt/violation.h"
#include "wdf/device.h"
#include "wdf/private.h"

#define DEMAND "UMDF reaches a device's registers within what WdfDeviceMapIoSpace has mapped."

NT_FAULT_NAMES("WdfDeviceMapIoSpace");

/* Return: what its INF says otherwise. */
static const struct wdf_device_config *allowed(WDFDEVICE handle, const char *call)
{
	const struct wdf_device_config *config = wdf_device_config(wdf_device_of(handle, call));

	if (!config->hardware_access)
		wdf_violation(
			NULL, WDF_VERIFIER_FATAL, 0, call,
			"Its INF lets a user-mode driver reach hardware: UmdfDirectHardwareAccess = AllowDirectHardwareAccess in [DDInstall.Wdf].",
			"the INF does not say so.");
	return config;
}

NETCX_EXPORT NTSTATUS WdfDeviceMapIoSpace(WDFDEVICE Device, PHYSICAL_ADDRESS PhysicalAddress,
					  SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType,
					  PVOID *PseudoBaseAddress)
{
	static const char call[] = "WdfDeviceMapIoSpace";

	allowed(Device, call);
	wdf_check_pointer(PseudoBaseAddress, "PseudoBaseAddress", call);
	if (!NumberOfBytes || CacheType < MmNonCached || CacheType >= MmMaximumCacheType)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call,
			      "It maps a byte or more, cached as MEMORY_CACHING_TYPE has it.",
			      "it was given %zu bytes and type %d.", (size_t)NumberOfBytes,
			      (int)CacheType);
	*PseudoBaseAddress = NULL;
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	*PseudoBaseAddress = MmMapIoSpace(PhysicalAddress, NumberOfBytes, CacheType);
	if (!*PseudoBaseAddress)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call,
			      "What is mapped is of the device's translated resources.",
			      "%zu bytes at 0x%llx are of none.", (size_t)NumberOfBytes,
			      (unsigned long long)PhysicalAddress.QuadPart);
	return STATUS_SUCCESS;
}

NETCX_EXPORT VOID WdfDeviceUnmapIoSpace(WDFDEVICE Device, PVOID PseudoBaseAddress,
					SIZE_T NumberOfBytes)
{
	static const char call[] = "WdfDeviceUnmapIoSpace";

	allowed(Device, call);
	wdf_check_pointer(PseudoBaseAddress, "PseudoBaseAddress", call);
	MmUnmapIoSpace(PseudoBaseAddress, NumberOfBytes);
}

NETCX_EXPORT PVOID WdfDeviceGetHardwareRegisterMappedAddress(WDFDEVICE Device,
							     PVOID PseudoBaseAddress)
{
	static const char call[] = "WdfDeviceGetHardwareRegisterMappedAddress";
	const struct wdf_device_config *config = allowed(Device, call);
	uint64_t offset;

	if (!config->registers_mapped)
		wdf_violation(
			NULL, WDF_VERIFIER_FATAL, 0, call,
			"Its INF has the registers mapped: UmdfRegisterAccessMode = RegisterAccessUsingUserModeMapping in [DDInstall.Wdf].",
			"the INF does not say so.");
	if (!nt_mmio_at(&nt_machine()->mmio, PseudoBaseAddress, 1, &offset))
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call, DEMAND, "%p is not mapped.",
			      PseudoBaseAddress);
	return PseudoBaseAddress;
}

/* Return: the width in bytes of what is asked for. */
static unsigned check_access(WDFDEVICE handle, WDF_DEVICE_HWACCESS_TARGET_TYPE type,
			     WDF_DEVICE_HWACCESS_TARGET_SIZE size, const void *at,
			     const void *buffer, ULONG count, const char *call)
{
	bool buffered = type == WdfDeviceHwAccessTargetTypeRegisterBuffer ||
			type == WdfDeviceHwAccessTargetTypePortBuffer;

	allowed(handle, call);
	if (type <= WdfDeviceHwAccessTargetTypeInvalid ||
	    type >= WdfDeviceHwAccessTargetTypeMaximum ||
	    size <= WdfDeviceHwAccessTargetSizeInvalid ||
	    size >= WdfDeviceHwAccessTargetSizeMaximum)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call,
			      "It takes a register or port of 1, 2, 4 or 8 bytes.",
			      "it was given type %d and size %d.", (int)type, (int)size);
	wdf_check_pointer(at, "TargetAddress", call);
	if (buffered != (buffer != NULL) || buffered != (count != 0))
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call,
			      "What is one value has no buffer, what is several has one.",
			      "it was given the buffer %p of %u.", buffer, count);
	if (type == WdfDeviceHwAccessTargetTypePort ||
	    type == WdfDeviceHwAccessTargetTypePortBuffer)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, 0, call,
			      "A port is one of the device's translated resources.",
			      "the device has none, and %p was accessed.", at);
	return 1u << (size - WdfDeviceHwAccessTargetSizeUchar);
}

static uint64_t read_one(unsigned width, void *at)
{
	switch (width) {
	case 1:
		return READ_REGISTER_UCHAR(at);
	case 2:
		return READ_REGISTER_USHORT(at);
	case 4:
		return READ_REGISTER_ULONG(at);
	default:
		return READ_REGISTER_ULONG64(at);
	}
}

static void write_one(unsigned width, void *at, uint64_t value)
{
	switch (width) {
	case 1:
		WRITE_REGISTER_UCHAR(at, (UCHAR)value);
		break;
	case 2:
		WRITE_REGISTER_USHORT(at, (USHORT)value);
		break;
	case 4:
		WRITE_REGISTER_ULONG(at, (ULONG)value);
		break;
	default:
		WRITE_REGISTER_ULONG64(at, value);
	}
}

NETCX_EXPORT SIZE_T WdfDeviceReadFromHardware(WDFDEVICE Device,
					      WDF_DEVICE_HWACCESS_TARGET_TYPE Type,
					      WDF_DEVICE_HWACCESS_TARGET_SIZE Size,
					      PVOID TargetAddress, PVOID Buffer, ULONG Count)
{
	unsigned width = check_access(Device, Type, Size, TargetAddress, Buffer, Count,
				      "WdfDeviceReadFromHardware");

	if (!Buffer)
		return read_one(width, TargetAddress);
	for (ULONG i = 0; i < Count; i++) {
		uint64_t value = read_one(width, (UCHAR *)TargetAddress + (size_t)i * width);

		memcpy((UCHAR *)Buffer + (size_t)i * width, &value, width);
	}
	return 0;
}

NETCX_EXPORT VOID WdfDeviceWriteToHardware(WDFDEVICE Device, WDF_DEVICE_HWACCESS_TARGET_TYPE Type,
					   WDF_DEVICE_HWACCESS_TARGET_SIZE Size,
					   PVOID TargetAddress, SIZE_T Value, PVOID Buffer,
					   ULONG Count)
{
	unsigned width = check_access(Device, Type, Size, TargetAddress, Buffer, Count,
				      "WdfDeviceWriteToHardware");

	if (!Buffer)
		write_one(width, TargetAddress, Value);
	for (ULONG i = 0; Buffer && i < Count; i++) {
		uint64_t value = 0;

		memcpy(&value, (UCHAR *)Buffer + (size_t)i * width, width);
		write_one(width, (UCHAR *)TargetAddress + (size_t)i * width, value);
	}
}
