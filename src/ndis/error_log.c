/* SPDX-License-Identifier: MIT */
/* NdisWriteErrorLogEntry: what an administrator reads in Windows' event viewer. */
#include <ndis.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "nt/event.h"
#include "nt/export.h"

static const struct {
	NDIS_ERROR_CODE code;
	const char *name;
} codes[] = {
	{ NDIS_ERROR_CODE_RESOURCE_CONFLICT, "NDIS_ERROR_CODE_RESOURCE_CONFLICT" },
	{ NDIS_ERROR_CODE_OUT_OF_RESOURCES, "NDIS_ERROR_CODE_OUT_OF_RESOURCES" },
	{ NDIS_ERROR_CODE_HARDWARE_FAILURE, "NDIS_ERROR_CODE_HARDWARE_FAILURE" },
	{ NDIS_ERROR_CODE_ADAPTER_NOT_FOUND, "NDIS_ERROR_CODE_ADAPTER_NOT_FOUND" },
	{ NDIS_ERROR_CODE_INTERRUPT_CONNECT, "NDIS_ERROR_CODE_INTERRUPT_CONNECT" },
	{ NDIS_ERROR_CODE_DRIVER_FAILURE, "NDIS_ERROR_CODE_DRIVER_FAILURE" },
	{ NDIS_ERROR_CODE_TIMEOUT, "NDIS_ERROR_CODE_TIMEOUT" },
	{ NDIS_ERROR_CODE_NETWORK_ADDRESS, "NDIS_ERROR_CODE_NETWORK_ADDRESS" },
	{ NDIS_ERROR_CODE_UNSUPPORTED_CONFIGURATION, "NDIS_ERROR_CODE_UNSUPPORTED_CONFIGURATION" },
};

/*
 * NdisWriteErrorLogEntry - an entry in the system's event log
 * @...: NumberOfErrorValues of ULONG
 *
 * The handle is not looked at: a NetAdapterCx driver's is not NDIS's to know here.
 * IRQL: <= DISPATCH_LEVEL. Source: DDI page NdisWriteErrorLogEntry.
 */
NETCX_EXPORT VOID NdisWriteErrorLogEntry(NDIS_HANDLE NdisAdapterHandle, NDIS_ERROR_CODE ErrorCode,
					 ULONG NumberOfErrorValues, ...)
{
	char text[32], room[256];
	struct text values = text_in(room, sizeof(room));
	const char *code = text;
	va_list list;

	snprintf(text, sizeof(text), "0x%08x", ErrorCode);
	for (size_t i = 0; i < RTL_NUMBER_OF(codes); i++) {
		if (codes[i].code == ErrorCode)
			code = codes[i].name;
	}
	va_start(list, NumberOfErrorValues);
	for (ULONG i = 0; i < NumberOfErrorValues && values.length + 12 < sizeof(room); i++)
		text_add(&values, "%s0x%x", i ? " " : "", va_arg(list, ULONG));
	va_end(list);
	NT_EMIT(NT_EVENT_LOG, "", "NdisWriteErrorLogEntry", NT_TEXT("code", code),
		NT_TEXT("values", room));
}
