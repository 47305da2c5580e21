/* SPDX-License-Identifier: MIT */
/* sysinfoapi.h - time of day, and time since the start. */
#ifndef NETCX_SYSINFOAPI_H
#define NETCX_SYSINFOAPI_H

#include <minwinbase.h>

EXTERN_C_START

DWORD WINAPI GetTickCount(VOID);
ULONGLONG WINAPI GetTickCount64(VOID);
VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);
VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime);

EXTERN_C_END

#endif
