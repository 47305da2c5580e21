/* SPDX-License-Identifier: MIT */
/* wdfresource.h - the list of hardware resources EvtDevicePrepareHardware gets. Part of wdf.h. */
#ifndef NETCX_WDFRESOURCE_H
#define NETCX_WDFRESOURCE_H

#include <wdfobject.h>
#include <parts/wdmio.h>

EXTERN_C_START

ULONG WdfCmResourceListGetCount(WDFCMRESLIST List);

/* Return: NULL past the end. The list belongs to the framework. */
PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List, ULONG Index);

EXTERN_C_END

#endif
