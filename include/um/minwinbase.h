/* SPDX-License-Identifier: MIT */
/* minwinbase.h - structures and constants that several of Win32's headers share. */
#ifndef NETCX_MINWINBASE_H
#define NETCX_MINWINBASE_H

#include <ntstatus.h>
#include <winnt.h>

#define MoveMemory       RtlMoveMemory
#define CopyMemory       RtlCopyMemory
#define FillMemory       RtlFillMemory
#define ZeroMemory       RtlZeroMemory
#define SecureZeroMemory RtlSecureZeroMemory

/* Looked at: its size. Nothing is inherited and everybody has every access. */
typedef struct _SECURITY_ATTRIBUTES {
	DWORD nLength;
	LPVOID lpSecurityDescriptor;
	BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

typedef struct _OVERLAPPED {
	ULONG_PTR Internal;
	ULONG_PTR InternalHigh;
	__extension__ union {
		__extension__ struct {
			DWORD Offset;
			DWORD OffsetHigh;
		};
		PVOID Pointer;
	};
	HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

typedef struct _SYSTEMTIME {
	WORD wYear;
	WORD wMonth;
	WORD wDayOfWeek;
	WORD wDay;
	WORD wHour;
	WORD wMinute;
	WORD wSecond;
	WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

/* Why a timer may wake the machine: nothing looks at it. */
typedef struct _REASON_CONTEXT *PREASON_CONTEXT;

typedef RTL_CRITICAL_SECTION CRITICAL_SECTION;
typedef PRTL_CRITICAL_SECTION PCRITICAL_SECTION, LPCRITICAL_SECTION;

typedef DWORD (*PTHREAD_START_ROUTINE)(LPVOID lpThreadParameter);
typedef PTHREAD_START_ROUTINE LPTHREAD_START_ROUTINE;

#define STILL_ACTIVE         ((DWORD)0x00000103)
#define WAIT_FAILED          ((DWORD)0xFFFFFFFF)
#define WAIT_OBJECT_0        ((DWORD)0x00000000)
#define WAIT_ABANDONED       ((DWORD)0x00000080)
#define WAIT_ABANDONED_0     ((DWORD)0x00000080)
#define WAIT_IO_COMPLETION   ((DWORD)0x000000C0)

#define INFINITE             0xFFFFFFFF
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

#define LMEM_FIXED           0x0000
#define LMEM_MOVEABLE        0x0002
#define LMEM_ZEROINIT        0x0040
#define LPTR                 (LMEM_FIXED | LMEM_ZEROINIT)
#define GMEM_FIXED           0x0000
#define GMEM_ZEROINIT        0x0040
#define GPTR                 (GMEM_FIXED | GMEM_ZEROINIT)

#endif
