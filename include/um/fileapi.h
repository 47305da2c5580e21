/* SPDX-License-Identifier: MIT */
/* fileapi.h - what wil's types name of files. Drivers have none here: netcx build lists a call. */
#ifndef NETCX_FILEAPI_H
#define NETCX_FILEAPI_H

#include <minwinbase.h>

EXTERN_C_START

BOOL WINAPI FindClose(HANDLE hFindFile);
BOOL WINAPI FindCloseChangeNotification(HANDLE hChangeHandle);

EXTERN_C_END

#endif
