/* SPDX-License-Identifier: MIT */
/*
 * WDFREQUEST: there are no I/O queues and targets, so that nobody has one. Whatever a driver takes
 * for a request is named.
 */
#include <wdf.h>

#include "nt/export.h"
#include "wdf/object.h"
#include "wdf/private.h"

static const struct wdf_class request_class = { .name = "WDFREQUEST" };

NETCX_EXPORT VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status)
{
	wdf_object_of(Request, &request_class, "WdfRequestComplete");
}

NETCX_EXPORT VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status,
						    ULONG_PTR Information)
{
	wdf_object_of(Request, &request_class, "WdfRequestCompleteWithInformation");
}

NETCX_EXPORT VOID WdfRequestCompleteWithPriorityBoost(WDFREQUEST Request, NTSTATUS Status,
						      CCHAR PriorityBoost)
{
	wdf_object_of(Request, &request_class, "WdfRequestCompleteWithPriorityBoost");
}

NETCX_EXPORT VOID WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information)
{
	wdf_object_of(Request, &request_class, "WdfRequestSetInformation");
}

NETCX_EXPORT ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request)
{
	wdf_object_of(Request, &request_class, "WdfRequestGetInformation");
	return 0;
}

NETCX_EXPORT NTSTATUS WdfRequestGetStatus(WDFREQUEST Request)
{
	wdf_object_of(Request, &request_class, "WdfRequestGetStatus");
	return STATUS_INVALID_DEVICE_REQUEST;
}
