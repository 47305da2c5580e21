/* SPDX-License-Identifier: MIT */
/* What goes to a debugger: events here, as DbgPrint's text is. */
#include "base/utf.h"
#include "nt/event.h"
#include "win32/private.h"

static size_t length_of(LPCWSTR text)
{
	size_t units = 0;

	while (text[units])
		units++;
	return units;
}

NETCX_EXPORT VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString)
{
	if (lpOutputString)
		DbgPrint("%s", lpOutputString);
}

NETCX_EXPORT VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString)
{
	char text[1024];

	if (!lpOutputString)
		return;
	utf8_from_utf16(text, sizeof(text), lpOutputString, length_of(lpOutputString));
	DbgPrint("%s", text);
}

/* A debugger of Linux' is not told of by Windows' ways. */
NETCX_EXPORT BOOL WINAPI IsDebuggerPresent(VOID)
{
	return FALSE;
}
