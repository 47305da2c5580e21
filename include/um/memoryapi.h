/* SPDX-License-Identifier: MIT */
/* memoryapi.h - pages of memory. */
#ifndef NETCX_MEMORYAPI_H
#define NETCX_MEMORYAPI_H

#include <minwinbase.h>

EXTERN_C_START

LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
			   DWORD flProtect);
BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);
/* For wil's types alone: there are no views. */
BOOL WINAPI UnmapViewOfFile(LPCVOID lpBaseAddress);

EXTERN_C_END

#endif
