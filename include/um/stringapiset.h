/* SPDX-License-Identifier: MIT */
/* stringapiset.h - text of eight bits to UTF-16, and back. */
#ifndef NETCX_STRINGAPISET_H
#define NETCX_STRINGAPISET_H

#include <minwinbase.h>
#include <winnls.h>

EXTERN_C_START

/* Counts are of bytes and of UTF-16's units; -1: up to the terminator, with it; no room: what is
 * needed. Return: 0 with the last error. */
int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr, int cbMultiByte,
			       LPWSTR lpWideCharStr, int cchWideChar);
int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr, int cchWideChar,
			       LPSTR lpMultiByteStr, int cbMultiByte, LPCCH lpDefaultChar,
			       LPBOOL lpUsedDefaultChar);

EXTERN_C_END

#endif
