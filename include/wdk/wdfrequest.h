/* SPDX-License-Identifier: MIT */
/* wdfrequest.h - the end of a request. There are no I/O queues, so that no driver is given one;
 * what mentions them, a library for drivers for one, compiles and links. Part of wdf.h. */
#ifndef NETCX_WDFREQUEST_H
#define NETCX_WDFREQUEST_H

#include <wdfobject.h>

EXTERN_C_START

VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status);
VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Information);
VOID WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information);
ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request);
NTSTATUS WdfRequestGetStatus(WDFREQUEST Request);
#if !NETCX_UMDF
VOID WdfRequestCompleteWithPriorityBoost(WDFREQUEST Request, NTSTATUS Status, CCHAR PriorityBoost);
#endif

EXTERN_C_END

#endif
