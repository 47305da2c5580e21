/* SPDX-License-Identifier: MIT */
/* errhandlingapi.h - each thread's last error, and the end of a process that cannot go on. */
#ifndef NETCX_ERRHANDLINGAPI_H
#define NETCX_ERRHANDLINGAPI_H

#include <minwinbase.h>

EXTERN_C_START

DWORD WINAPI GetLastError(VOID);
VOID WINAPI SetLastError(DWORD dwErrCode);
/* There is no structured exception handling: nobody handles it, and the process ends. */
VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
			   const ULONG_PTR *lpArguments);
VOID WINAPI RaiseFailFastException(PEXCEPTION_RECORD pExceptionRecord,
				   struct _CONTEXT *pContextRecord, DWORD dwFlags);

EXTERN_C_END

#endif
