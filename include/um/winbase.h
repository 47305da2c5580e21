/* SPDX-License-Identifier: MIT */
/* winbase.h - what has no header of its own in Win32. */
#ifndef NETCX_WINBASE_H
#define NETCX_WINBASE_H

#include <debugapi.h>
#include <errhandlingapi.h>
#include <fibersapi.h>
#include <handleapi.h>
#include <heapapi.h>
#include <libloaderapi.h>
#include <memoryapi.h>
#include <minwinbase.h>
#include <processthreadsapi.h>
#include <processtopologyapi.h>
#include <profileapi.h>
#include <realtimeapiset.h>
#include <synchapi.h>
#include <sysinfoapi.h>
#include <winerror.h>

#define CREATE_SUSPENDED                  0x00000004
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x00010000

#define THREAD_PRIORITY_LOWEST            THREAD_BASE_PRIORITY_MIN
#define THREAD_PRIORITY_BELOW_NORMAL      (THREAD_PRIORITY_LOWEST + 1)
#define THREAD_PRIORITY_NORMAL            0
#define THREAD_PRIORITY_HIGHEST           THREAD_BASE_PRIORITY_MAX
#define THREAD_PRIORITY_ABOVE_NORMAL      (THREAD_PRIORITY_HIGHEST - 1)
#define THREAD_PRIORITY_ERROR_RETURN      (MAXLONG)
#define THREAD_PRIORITY_TIME_CRITICAL     THREAD_BASE_PRIORITY_LOWRT
#define THREAD_PRIORITY_IDLE              THREAD_BASE_PRIORITY_IDLE
#define THREAD_MODE_BACKGROUND_BEGIN      0x00010000
#define THREAD_MODE_BACKGROUND_END        0x00020000

EXTERN_C_START

HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);
HLOCAL WINAPI LocalFree(HLOCAL hMem);
SIZE_T WINAPI LocalSize(HLOCAL hMem);
DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask);
DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber);
DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber);
WORD WINAPI GetActiveProcessorGroupCount(VOID);

EXTERN_C_END

#endif
