/* SPDX-License-Identifier: MIT */
/* Exceptions that nobody handles, since there is no structured exception handling here. */
#include <signal.h>
#include <stdio.h>

#include "nt/violation.h"
#include "win32/private.h"

static _Noreturn void end(DWORD code, const char *rule, const char *call)
{
	char passed[64];

	snprintf(passed, sizeof(passed), "the driver raised the exception 0x%X.", code);
	nt_violation(&(struct nt_violation){
		.bugcheck = code,
		.ends_by = "the end of the driver's host process, exception",
		.rule = rule,
		.call = call,
		.passed = passed,
		.demand = "Who raises an exception has it handled; there are no handlers here.",
	});
}

/* A debugger of Linux' is known by the kernel. */
static bool is_traced(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[128];
	int tracer = 0;

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	if (status)
		fclose(status);
	return tracer;
}

NETCX_EXPORT VOID WINAPI DebugBreak(VOID)
{
	if (is_traced())
		raise(SIGTRAP);
	else
		end((DWORD)STATUS_BREAKPOINT, "BREAKPOINT", "DebugBreak");
}

NETCX_EXPORT VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags,
					DWORD nNumberOfArguments, const ULONG_PTR *lpArguments)
{
	end(dwExceptionCode, "UNHANDLED_EXCEPTION", "RaiseException");
}

/* Page RaiseFailFastException: without a record the code is STATUS_FAIL_FAST_EXCEPTION. */
NETCX_EXPORT VOID WINAPI RaiseFailFastException(PEXCEPTION_RECORD pExceptionRecord,
						struct _CONTEXT *pContextRecord, DWORD dwFlags)
{
	end(pExceptionRecord ? (DWORD)pExceptionRecord->ExceptionCode : 0xC0000602, "FAIL_FAST",
	    "RaiseFailFastException");
}
