/* SPDX-License-Identifier: MIT */
/* profileapi.h - the clock for short times: 10,000,000 a second. */
#ifndef NETCX_PROFILEAPI_H
#define NETCX_PROFILEAPI_H

#include <minwinbase.h>

EXTERN_C_START

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

EXTERN_C_END

#endif
