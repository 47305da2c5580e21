/* SPDX-License-Identifier: MIT */
/* debugapi.h - text for a debugger: an event here. */
#ifndef NETCX_DEBUGAPI_H
#define NETCX_DEBUGAPI_H

#include <minwinbase.h>

EXTERN_C_START

BOOL WINAPI IsDebuggerPresent(VOID);
/* A signal that gdb stops at; without one it ends the driver. */
VOID WINAPI DebugBreak(VOID);
VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString);
VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString);

EXTERN_C_END

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#endif
