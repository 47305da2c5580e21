/* SPDX-License-Identifier: MIT */
/* winbase.h - what has no header of its own in Win32. */
#ifndef _WINBASE_
#define _WINBASE_

#include <debugapi.h>
#include <errhandlingapi.h>
#include <fibersapi.h>
#include <fileapi.h>
#include <handleapi.h>
#include <heapapi.h>
#include <libloaderapi.h>
#include <memoryapi.h>
#include <minwinbase.h>
#include <namespaceapi.h>
#include <processthreadsapi.h>
#include <processtopologyapi.h>
#include <profileapi.h>
#include <realtimeapiset.h>
#include <securitybaseapi.h>
#include <stdarg.h>
#include <stringapiset.h>
#include <synchapi.h>
#include <sysinfoapi.h>
#include <threadpoolapiset.h>
#include <winerror.h>

#define CREATE_SUSPENDED                     0x00000004
#define STACK_SIZE_PARAM_IS_A_RESERVATION    0x00010000

#define THREAD_PRIORITY_LOWEST               THREAD_BASE_PRIORITY_MIN
#define THREAD_PRIORITY_BELOW_NORMAL         (THREAD_PRIORITY_LOWEST + 1)
#define THREAD_PRIORITY_NORMAL               0
#define THREAD_PRIORITY_HIGHEST              THREAD_BASE_PRIORITY_MAX
#define THREAD_PRIORITY_ABOVE_NORMAL         (THREAD_PRIORITY_HIGHEST - 1)
#define THREAD_PRIORITY_ERROR_RETURN         (MAXLONG)
#define THREAD_PRIORITY_TIME_CRITICAL        THREAD_BASE_PRIORITY_LOWRT
#define THREAD_PRIORITY_IDLE                 THREAD_BASE_PRIORITY_IDLE
#define THREAD_MODE_BACKGROUND_BEGIN         0x00010000
#define THREAD_MODE_BACKGROUND_END           0x00020000

#define FAIL_FAST_GENERATE_EXCEPTION_ADDRESS 0x1
#define FAIL_FAST_NO_HARD_ERROR_DLG          0x2

#define FORMAT_MESSAGE_ALLOCATE_BUFFER       0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS        0x00000200
#define FORMAT_MESSAGE_FROM_STRING           0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE          0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM           0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY        0x00002000
#define FORMAT_MESSAGE_MAX_WIDTH_MASK        0x000000FF

EXTERN_C_START

HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);
HLOCAL WINAPI LocalFree(HLOCAL hMem);
SIZE_T WINAPI LocalSize(HLOCAL hMem);
HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes);
HGLOBAL WINAPI GlobalFree(HGLOBAL hMem);
SIZE_T WINAPI GlobalSize(HGLOBAL hMem);
DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask);
DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber);
DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber);
WORD WINAPI GetActiveProcessorGroupCount(VOID);
/* The system's messages are the names of its errors. There are no message tables in modules. */
DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
			    LPSTR lpBuffer, DWORD nSize, va_list *Arguments);
DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
			    LPWSTR lpBuffer, DWORD nSize, va_list *Arguments);

EXTERN_C_END

/* What a callback may do, for Create... and TrySubmit... of threadpoolapiset.h. */
FORCEINLINE VOID InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
	RtlZeroMemory(pcbe, sizeof(*pcbe));
	pcbe->Version = 3;
	pcbe->CallbackPriority = TP_CALLBACK_PRIORITY_NORMAL;
	pcbe->Size = sizeof(*pcbe);
}

FORCEINLINE VOID SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON pcbe, PTP_POOL ptpp)
{
	pcbe->Pool = ptpp;
}

FORCEINLINE VOID SetThreadpoolCallbackCleanupGroup(PTP_CALLBACK_ENVIRON pcbe,
						   PTP_CLEANUP_GROUP ptpcg,
						   PTP_CLEANUP_GROUP_CANCEL_CALLBACK pfng)
{
	pcbe->CleanupGroup = ptpcg;
	pcbe->CleanupGroupCancelCallback = pfng;
}

FORCEINLINE VOID SetThreadpoolCallbackPersistent(PTP_CALLBACK_ENVIRON pcbe)
{
	pcbe->u.s.Persistent = 1;
}

FORCEINLINE VOID SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON pcbe)
{
	pcbe->u.s.LongFunction = 1;
}

FORCEINLINE VOID SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON pcbe, PVOID mod)
{
	pcbe->RaceDll = mod;
}

FORCEINLINE VOID SetThreadpoolCallbackPriority(PTP_CALLBACK_ENVIRON pcbe,
					       TP_CALLBACK_PRIORITY Priority)
{
	pcbe->CallbackPriority = Priority;
}

FORCEINLINE VOID DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
	UNREFERENCED_PARAMETER(pcbe);
}

#ifdef UNICODE
#define FormatMessage FormatMessageW
#else
#define FormatMessage FormatMessageA
#endif

#endif
