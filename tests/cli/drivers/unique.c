/* SPDX-License-Identifier: MIT */
/* A driver with a variable as g++ makes the static ones of inline functions: one for the process.
 */
#include <netadaptercx.h>
#include <ntddk.h>
#include <wdf.h>

__asm__(".pushsection .data\n"
	".globl UniqueCount\n"
	".type UniqueCount, @gnu_unique_object\n"
	".size UniqueCount, 4\n"
	"UniqueCount: .long 0\n"
	".popsection");

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	UNREFERENCED_PARAMETER(DriverObject);
	UNREFERENCED_PARAMETER(RegistryPath);
	return STATUS_UNSUCCESSFUL;
}
