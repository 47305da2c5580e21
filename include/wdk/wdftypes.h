/* SPDX-License-Identifier: MIT */
/* wdftypes.h - handles and small enumerations of the framework. Part of wdf.h. */
#ifndef NETCX_WDFTYPES_H
#define NETCX_WDFTYPES_H

#include <ntdef.h>
#include <parts/wdfversion.h>

/* Any handle converts to a WDFOBJECT. */
typedef HANDLE WDFOBJECT, *PWDFOBJECT;
typedef HANDLE WDFCONTEXT;

DECLARE_HANDLE(WDFDRIVER);
DECLARE_HANDLE(WDFDEVICE);
DECLARE_HANDLE(WDFCMRESLIST);
DECLARE_HANDLE(WDFINTERRUPT);
DECLARE_HANDLE(WDFSPINLOCK);
DECLARE_HANDLE(WDFWAITLOCK);
DECLARE_HANDLE(WDFMEMORY);
DECLARE_HANDLE(WDFDMAENABLER);
DECLARE_HANDLE(WDFDMATRANSACTION);
DECLARE_HANDLE(WDFCOMMONBUFFER);
DECLARE_HANDLE(WDFKEY);
DECLARE_HANDLE(WDFSTRING);
DECLARE_HANDLE(WDFCOLLECTION);
DECLARE_HANDLE(WDFTIMER);
DECLARE_HANDLE(WDFWORKITEM);
/* By name only: nothing brings I/O requests to a driver here. */
DECLARE_HANDLE(WDFREQUEST);
DECLARE_HANDLE(WDFQUEUE);
DECLARE_HANDLE(WDFFILEOBJECT);
DECLARE_HANDLE(WDFIOTARGET);

/* From 1.33 on, what is not there is a nullptr in C++. */
#if NETCX_WDF_MINOR >= 33 && defined(__cplusplus) && !defined(WDF_NO_NULLPTR)
#define WDF_NULL_POINTER nullptr
#else
#define WDF_NULL_POINTER NULL
#endif
#define WDF_NO_HANDLE            (WDF_NULL_POINTER)
#define WDF_NO_CONTEXT           (WDF_NULL_POINTER)
#define WDF_NO_OBJECT_ATTRIBUTES (WDF_NULL_POINTER)
#define WDF_NO_EVENT_CALLBACK    (WDF_NULL_POINTER)
#define WDF_NO_SEND_OPTIONS      (WDF_NULL_POINTER)

typedef enum _WDF_TRI_STATE NETCX_INT_ENUM {
	WdfFalse = FALSE,
	WdfTrue = TRUE,
	WdfUseDefault = 2
} WDF_TRI_STATE;

/* Relative time-outs are negative; the unit is 100 ns. */
#define WDF_TIMEOUT_TO_SEC 10000000LL
#define WDF_TIMEOUT_TO_MS  10000LL
#define WDF_TIMEOUT_TO_US  10LL

FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_SEC(ULONGLONG Time)
{
	return (LONGLONG)Time * -1 * WDF_TIMEOUT_TO_SEC;
}

FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_MS(ULONGLONG Time)
{
	return (LONGLONG)Time * -1 * WDF_TIMEOUT_TO_MS;
}

FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_US(ULONGLONG Time)
{
	return (LONGLONG)Time * -1 * WDF_TIMEOUT_TO_US;
}

FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_MS(ULONGLONG Time)
{
	return (LONGLONG)Time * WDF_TIMEOUT_TO_MS;
}

/* A structure's INIT function: all zero, Size set. */
#define WDF_STRUCT_INIT(pointer, type)                  \
	do {                                            \
		RtlZeroMemory((pointer), sizeof(type)); \
		(pointer)->Size = sizeof(type);         \
	} while (0)

#endif
