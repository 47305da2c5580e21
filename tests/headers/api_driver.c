/* SPDX-License-Identifier: MIT */
/* One file of a driver of two, for what each file carries along. */
#include "api_driver.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	UNREFERENCED_PARAMETER(DriverObject);
	UNREFERENCED_PARAMETER(RegistryPath);
	return STATUS_NOT_IMPLEMENTED;
}

PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfoOfC(VOID)
{
	return WDF_GET_CONTEXT_TYPE_INFO(API_CONTEXT);
}
