/* SPDX-License-Identifier: MIT */
/* What the example of the offload callback keeps in its adapter's context. Compiled as C and as
 * C++. */
#ifndef TESTS_HEADERS_LSO_PAGE_H
#define TESTS_HEADERS_LSO_PAGE_H

#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

typedef struct _MY_ADAPTER_CONTEXT {
	BOOLEAN LsoIPv4;
	BOOLEAN LsoIPv6;
	SIZE_T LsoMaximumOffloadSize;
	SIZE_T LsoMinimumSegmentCount;
	ULONG HardwareUpdates;
} MY_ADAPTER_CONTEXT, *PMY_ADAPTER_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(MY_ADAPTER_CONTEXT, GetMyAdapterContext)

EXTERN_C EVT_NET_ADAPTER_OFFLOAD_SET_LSO MyEvtAdapterOffloadSetLso;
EXTERN_C VOID MyAdapterSetOffloads(NETADAPTER Adapter);

#endif
