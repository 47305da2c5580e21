/* SPDX-License-Identifier: MIT */
/* What goes to a debugger: events here, a whole text each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "nt/event.h"
#include "win32/private.h"

/* An event has no newline of its own. @text: is cut there */
static void tell(char *text)
{
	size_t length = strlen(text);

	while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		text[--length] = 0;
	if (length)
		NT_EMIT(NT_EVENT_LOG, "", "OutputDebugString", NT_TEXT("text", text));
}

NETCX_EXPORT VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString)
{
	char *text = lpOutputString ? strdup(lpOutputString) : NULL;

	if (text)
		tell(text);
	free(text);
}

NETCX_EXPORT VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString)
{
	size_t units = 0;
	char *text;

	while (lpOutputString && lpOutputString[units])
		units++;
	/* A unit is three bytes at most. */
	text = malloc(units * 3 + 1);
	if (text) {
		utf8_from_utf16(text, units * 3 + 1, lpOutputString ? lpOutputString : u"", units);
		tell(text);
	}
	free(text);
}

/* One of Linux': gdb, strace. */
NETCX_EXPORT BOOL WINAPI IsDebuggerPresent(VOID)
{
	FILE *status = fopen("/proc/self/status", "re");
	int tracer = 0;
	char line[128];

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	if (status)
		fclose(status);
	return tracer != 0;
}
