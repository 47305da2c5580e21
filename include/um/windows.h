/* SPDX-License-Identifier: MIT */
/*
 * windows.h - the names of Win32 that drivers of user mode take: docs/win32.md lists them. One
 * topic per header; this one brings them all. What is declared as a function is exported by
 * src/win32.
 */
#ifndef _WINDOWS_
#define _WINDOWS_

/* As a program says that wants neither: there are no windows to draw in. */
#ifndef NOGDI
#define NOGDI
#endif

#include <winbase.h>
#include <windef.h>
#include <winnls.h>
#ifndef WIN32_NO_STATUS
#include <ntstatus.h>
#endif

#endif
