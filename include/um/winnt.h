/* SPDX-License-Identifier: MIT */
/*
 * winnt.h - what user mode and the kernel have in common, and the structures that Win32's locks
 * are. What is in a lock is ours, but its size and what an empty one looks like are Windows'.
 */
#ifndef NETCX_WINNT_H
#define NETCX_WINNT_H

#include <intrin.h>
#include <minwindef.h>
#include <ntdef.h>
#include <parts/interlocked.h>
#include <parts/interlockedfence.h>
#include <parts/wdmrtl.h>

#ifndef _HRESULT_DEFINED
#define _HRESULT_DEFINED
#endif

typedef PVOID PSECURITY_DESCRIPTOR;
typedef PVOID PSID;
typedef DWORD SECURITY_INFORMATION;
typedef LONGLONG USN;
#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR LPTSTR, PTSTR;
typedef LPCWSTR LPCTSTR, PCTSTR;
#define TEXT(text) L##text
#else
typedef CHAR TCHAR, *PTCHAR;
typedef LPSTR LPTSTR, PTSTR;
typedef LPCSTR LPCTSTR, PCTSTR;
#define TEXT(text) text
#endif

#define MINCHAR                                 0x80
#define MAXCHAR                                 0x7f
#define MINSHORT                                0x8000
#define MAXSHORT                                0x7fff
#define MAXBYTE                                 0xff
#define MAXWORD                                 0xffff
#define MAXDWORD                                0xffffffff

#define DELETE                                  0x00010000
#define READ_CONTROL                            0x00020000
#define WRITE_DAC                               0x00040000
#define WRITE_OWNER                             0x00080000
#define SYNCHRONIZE                             0x00100000
#define STANDARD_RIGHTS_REQUIRED                0x000F0000
#define EVENT_MODIFY_STATE                      0x0002
#define EVENT_ALL_ACCESS                        0x001F0003
#define MUTANT_QUERY_STATE                      0x0001
#define MUTANT_ALL_ACCESS                       0x001F0001
#define MUTEX_MODIFY_STATE                      0x0001
#define MUTEX_ALL_ACCESS                        0x001F0001
#define SEMAPHORE_MODIFY_STATE                  0x0002
#define SEMAPHORE_ALL_ACCESS                    0x001F0003
#define TIMER_QUERY_STATE                       0x0001
#define TIMER_MODIFY_STATE                      0x0002
#define TIMER_ALL_ACCESS                        0x001F0003
#define DUPLICATE_CLOSE_SOURCE                  0x00000001
#define DUPLICATE_SAME_ACCESS                   0x00000002

#define MAXIMUM_WAIT_OBJECTS                    64
#define MAXIMUM_SUSPEND_COUNT                   0x7f
#define TLS_MINIMUM_AVAILABLE                   64
#define FLS_MAXIMUM_AVAILABLE                   4080
#define ALL_PROCESSOR_GROUPS                    0xffff

#define THREAD_BASE_PRIORITY_LOWRT              15
#define THREAD_BASE_PRIORITY_MAX                2
#define THREAD_BASE_PRIORITY_MIN                (-2)
#define THREAD_BASE_PRIORITY_IDLE               (-15)

#define HEAP_NO_SERIALIZE                       0x00000001
#define HEAP_GROWABLE                           0x00000002
#define HEAP_GENERATE_EXCEPTIONS                0x00000004
#define HEAP_ZERO_MEMORY                        0x00000008
#define HEAP_REALLOC_IN_PLACE_ONLY              0x00000010
#define HEAP_CREATE_ENABLE_EXECUTE              0x00040000

#define PAGE_NOACCESS                           0x01
#define PAGE_READONLY                           0x02
#define PAGE_READWRITE                          0x04
#define PAGE_EXECUTE                            0x10
#define PAGE_EXECUTE_READ                       0x20
#define PAGE_EXECUTE_READWRITE                  0x40
#define MEM_COMMIT                              0x00001000
#define MEM_RESERVE                             0x00002000
#define MEM_DECOMMIT                            0x00004000
#define MEM_RELEASE                             0x00008000
#define MEM_TOP_DOWN                            0x00100000

#define PROCESSOR_ARCHITECTURE_AMD64            9
#define PROCESSOR_ARCHITECTURE_ARM64            12
#define PROCESSOR_AMD_X8664                     8664

#define EXCEPTION_NONCONTINUABLE                0x1

#define CRITICAL_SECTION_NO_DEBUG_INFO          RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO
#define RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO 0x01000000

typedef struct _RTL_CRITICAL_SECTION_DEBUG *PRTL_CRITICAL_SECTION_DEBUG;

typedef struct _RTL_CRITICAL_SECTION {
	PRTL_CRITICAL_SECTION_DEBUG DebugInfo;
	LONG LockCount;
	LONG RecursionCount;
	HANDLE OwningThread; /* its id */
	HANDLE LockSemaphore;
	ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION;

typedef struct _RTL_SRWLOCK {
	PVOID Ptr;
} RTL_SRWLOCK, *PRTL_SRWLOCK;
#define RTL_SRWLOCK_INIT \
	{                \
		0        \
	}

typedef struct _RTL_CONDITION_VARIABLE {
	PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE;
#define RTL_CONDITION_VARIABLE_INIT \
	{                           \
		0                   \
	}
#define RTL_CONDITION_VARIABLE_LOCKMODE_SHARED 0x1

typedef union _RTL_RUN_ONCE {
	PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE;
#define RTL_RUN_ONCE_INIT \
	{                 \
		0         \
	}
#define RTL_RUN_ONCE_CHECK_ONLY        0x00000001U
#define RTL_RUN_ONCE_ASYNC             0x00000002U
#define RTL_RUN_ONCE_INIT_FAILED       0x00000004U
#define RTL_RUN_ONCE_CTX_RESERVED_BITS 2

C_ASSERT(sizeof(RTL_CRITICAL_SECTION) == 40);
C_ASSERT(sizeof(RTL_SRWLOCK) == 8 && sizeof(RTL_CONDITION_VARIABLE) == 8);
C_ASSERT(sizeof(RTL_RUN_ONCE) == 8);

#define ReadTimeStampCounter()   ((ULONG64)__builtin_ia32_rdtsc())
#define FAST_FAIL_FATAL_APP_EXIT 7
#define FAST_FAIL_INVALID_ARG    5

#endif
