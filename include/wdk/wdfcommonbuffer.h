/* SPDX-License-Identifier: MIT */
/* wdfcommonbuffer.h - memory that driver and device share, descriptor rings for example. Part of
 * wdf.h. */
#ifndef NETCX_WDFCOMMONBUFFER_H
#define NETCX_WDFCOMMONBUFFER_H

#include <parts/umdf.h>
#if NETCX_UMDF
#error wdfcommonbuffer.h: kernel mode; UMDF has no common buffers
#endif

#include <wdfobject.h>

typedef struct _WDF_COMMON_BUFFER_CONFIG {
	ULONG Size;
	ULONG AlignmentRequirement; /* bytes less one */
} WDF_COMMON_BUFFER_CONFIG, *PWDF_COMMON_BUFFER_CONFIG;

FORCEINLINE VOID WDF_COMMON_BUFFER_CONFIG_INIT(PWDF_COMMON_BUFFER_CONFIG Config,
					       ULONG AlignmentRequirement)
{
	WDF_STRUCT_INIT(Config, WDF_COMMON_BUFFER_CONFIG);
	Config->AlignmentRequirement = AlignmentRequirement;
}

EXTERN_C_START

/* Aligned as WdfDeviceSetAlignmentRequirement asked, or as the configuration asks. */
NTSTATUS WdfCommonBufferCreate(WDFDMAENABLER DmaEnabler, size_t Length,
			       PWDF_OBJECT_ATTRIBUTES Attributes, WDFCOMMONBUFFER *CommonBuffer);
NTSTATUS WdfCommonBufferCreateWithConfig(WDFDMAENABLER DmaEnabler, size_t Length,
					 PWDF_COMMON_BUFFER_CONFIG Config,
					 PWDF_OBJECT_ATTRIBUTES Attributes,
					 WDFCOMMONBUFFER *CommonBuffer);

/* The same memory as the driver and as the device see it. */
PVOID WdfCommonBufferGetAlignedVirtualAddress(WDFCOMMONBUFFER CommonBuffer);
PHYSICAL_ADDRESS WdfCommonBufferGetAlignedLogicalAddress(WDFCOMMONBUFFER CommonBuffer);
size_t WdfCommonBufferGetLength(WDFCOMMONBUFFER CommonBuffer);

EXTERN_C_END

#endif
