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
#include <string.h>

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

#define DLL_PROCESS_DETACH                      0
#define DLL_PROCESS_ATTACH                      1
#define DLL_THREAD_ATTACH                       2
#define DLL_THREAD_DETACH                       3

#define LANG_NEUTRAL                            0x00
#define LANG_ENGLISH                            0x09
#define SUBLANG_NEUTRAL                         0x00
#define SUBLANG_DEFAULT                         0x01
#define SUBLANG_SYS_DEFAULT                     0x02
#define SUBLANG_ENGLISH_US                      0x01
#define MAKELANGID(primary, sub)                ((((WORD)(sub)) << 10) | (WORD)(primary))
#define PRIMARYLANGID(language)                 ((WORD)(language)&0x3ff)
#define SUBLANGID(language)                     ((WORD)(language) >> 10)
#define LANG_SYSTEM_DEFAULT                     (MAKELANGID(LANG_NEUTRAL, SUBLANG_SYS_DEFAULT))
#define LANG_USER_DEFAULT                       (MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT))

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

/* For wil's types alone: there are no tokens. */
typedef struct _TOKEN_LINKED_TOKEN {
	HANDLE LinkedToken;
} TOKEN_LINKED_TOKEN, *PTOKEN_LINKED_TOKEN;

/* The thread pool's objects, and what is told of a callback. Theirs to know. */
typedef struct _TP_POOL TP_POOL, *PTP_POOL;
typedef struct _TP_CLEANUP_GROUP TP_CLEANUP_GROUP, *PTP_CLEANUP_GROUP;
typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TP_WORK TP_WORK, *PTP_WORK;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_WAIT TP_WAIT, *PTP_WAIT;
typedef struct _TP_IO TP_IO, *PTP_IO;
typedef DWORD TP_VERSION, *PTP_VERSION;
typedef DWORD TP_WAIT_RESULT;
typedef VOID (*PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context);
typedef VOID (*PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work);
typedef VOID (*PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Timer);
typedef VOID (*PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Wait,
				  TP_WAIT_RESULT WaitResult);
typedef VOID (*PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID ObjectContext, PVOID CleanupContext);

typedef enum _TP_CALLBACK_PRIORITY {
	TP_CALLBACK_PRIORITY_HIGH,
	TP_CALLBACK_PRIORITY_NORMAL,
	TP_CALLBACK_PRIORITY_LOW,
	TP_CALLBACK_PRIORITY_INVALID,
	TP_CALLBACK_PRIORITY_COUNT = TP_CALLBACK_PRIORITY_INVALID
} TP_CALLBACK_PRIORITY;

typedef struct _TP_CALLBACK_ENVIRON_V3 {
	TP_VERSION Version;
	PTP_POOL Pool;
	PTP_CLEANUP_GROUP CleanupGroup;
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK CleanupGroupCancelCallback;
	PVOID RaceDll;
	struct _ACTIVATION_CONTEXT *ActivationContext;
	PTP_SIMPLE_CALLBACK FinalizationCallback;
	union {
		DWORD Flags;
		struct {
			DWORD LongFunction : 1;
			DWORD Persistent : 1;
			DWORD Private : 30;
		} s;
	} u;
	TP_CALLBACK_PRIORITY CallbackPriority;
	DWORD Size;
} TP_CALLBACK_ENVIRON_V3, TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;

C_ASSERT(sizeof(TP_CALLBACK_ENVIRON) == 72);

/* The registers of a thread (x64), which are handed on and not looked at. */
typedef struct DECLSPEC_ALIGN(16) _M128A {
	ULONGLONG Low;
	LONGLONG High;
} M128A, *PM128A;

typedef struct DECLSPEC_ALIGN(16) _XSAVE_FORMAT {
	WORD ControlWord;
	WORD StatusWord;
	BYTE TagWord;
	BYTE Reserved1;
	WORD ErrorOpcode;
	DWORD ErrorOffset;
	WORD ErrorSelector;
	WORD Reserved2;
	DWORD DataOffset;
	WORD DataSelector;
	WORD Reserved3;
	DWORD MxCsr;
	DWORD MxCsr_Mask;
	M128A FloatRegisters[8];
	M128A XmmRegisters[16];
	BYTE Reserved4[96];
} XSAVE_FORMAT, *PXSAVE_FORMAT, XMM_SAVE_AREA32, *PXMM_SAVE_AREA32;

typedef struct DECLSPEC_ALIGN(16) _CONTEXT {
	DWORD64 P1Home, P2Home, P3Home, P4Home, P5Home, P6Home;
	DWORD ContextFlags;
	DWORD MxCsr;
	WORD SegCs, SegDs, SegEs, SegFs, SegGs, SegSs;
	DWORD EFlags;
	DWORD64 Dr0, Dr1, Dr2, Dr3, Dr6, Dr7;
	DWORD64 Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi;
	DWORD64 R8, R9, R10, R11, R12, R13, R14, R15;
	DWORD64 Rip;
	XMM_SAVE_AREA32 FltSave;
	M128A VectorRegister[26];
	DWORD64 VectorControl;
	DWORD64 DebugControl;
	DWORD64 LastBranchToRip, LastBranchFromRip;
	DWORD64 LastExceptionToRip, LastExceptionFromRip;
} CONTEXT, *PCONTEXT, *LPCONTEXT;

C_ASSERT(sizeof(CONTEXT) == 1232);

#define ReadTimeStampCounter()   ((ULONG64)__builtin_ia32_rdtsc())
#define FAST_FAIL_FATAL_APP_EXIT 7
#define FAST_FAIL_INVALID_ARG    5

#endif
