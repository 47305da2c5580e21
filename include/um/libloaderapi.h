/* SPDX-License-Identifier: MIT */
/* libloaderapi.h - the modules of the process, and what they export. */
#ifndef NETCX_LIBLOADERAPI_H
#define NETCX_LIBLOADERAPI_H

#include <minwinbase.h>

#define GET_MODULE_HANDLE_EX_FLAG_PIN                0x00000001
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x00000002
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS       0x00000004

EXTERN_C_START

BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule);
HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName);
/* On drive Z: with backslashes, as Wine shows Linux' files. */
DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);
DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize);
FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName);
BOOL WINAPI FreeLibrary(HMODULE hLibModule);
BOOL WINAPI DisableThreadLibraryCalls(HMODULE hLibModule);

EXTERN_C_END

#define GetModuleHandle   GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#ifdef UNICODE
#define GetModuleFileName GetModuleFileNameW
#else
#define GetModuleFileName GetModuleFileNameA
#endif

#endif
