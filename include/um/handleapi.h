/* SPDX-License-Identifier: MIT */
/* handleapi.h - handles of the objects that a driver makes. */
#ifndef NETCX_HANDLEAPI_H
#define NETCX_HANDLEAPI_H

#include <minwinbase.h>

EXTERN_C_START

BOOL WINAPI CloseHandle(HANDLE hObject);
BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle,
			    HANDLE hTargetProcessHandle, LPHANDLE lpTargetHandle,
			    DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions);
BOOL WINAPI CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle);

EXTERN_C_END

#endif
