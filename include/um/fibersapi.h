/* SPDX-License-Identifier: MIT */
/* fibersapi.h - values that each thread has its own of, with a callback at its end. No fibers. */
#ifndef NETCX_FIBERSAPI_H
#define NETCX_FIBERSAPI_H

#include <minwinbase.h>

typedef VOID (*PFLS_CALLBACK_FUNCTION)(PVOID lpFlsData);

#define FLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

EXTERN_C_START

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback);
PVOID WINAPI FlsGetValue(DWORD dwFlsIndex);
BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData);
BOOL WINAPI FlsFree(DWORD dwFlsIndex);

EXTERN_C_END

#endif
