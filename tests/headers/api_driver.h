/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HEADERS_API_DRIVER_H
#define TESTS_HEADERS_API_DRIVER_H

#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

typedef struct _API_CONTEXT {
	PVOID Anything;
} API_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(API_CONTEXT, GetApiContext)

EXTERN_C PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfoOfC(VOID);
EXTERN_C PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfoOfCxx(VOID);

#endif
