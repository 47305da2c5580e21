/* SPDX-License-Identifier: MIT */
/* DbgPrint, assertions, KeBugCheckEx. */
#include <stdio.h>
#include <string.h>

#include "nt/event.h"
#include "nt/export.h"
#include "nt/format.h"
#include "nt/irql.h"
#include "nt/violation.h"

/* Lines end where the driver ended them; an event has no newline of its own. */
static void print(const char *format, va_list arguments)
{
	char text[1024];
	size_t length = nt_format(text, sizeof(text), format, arguments);

	if (length >= sizeof(text))
		length = sizeof(text) - 1;
	while (length && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		text[--length] = 0;
	if (length)
		NT_EMIT(NT_EVENT_LOG, "", "DbgPrint", NT_TEXT("text", text));
}

NETCX_EXPORT ULONG DbgPrint(PCSTR Format, ...)
{
	va_list arguments;

	va_start(arguments, Format);
	print(Format, arguments);
	va_end(arguments);
	return STATUS_SUCCESS;
}

/* Levels are a debugger's filter; whoever listens to the events filters there. */
NETCX_EXPORT ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
	va_list arguments;

	va_start(arguments, Format);
	print(Format, arguments);
	va_end(arguments);
	return STATUS_SUCCESS;
}

NETCX_EXPORT ULONG vDbgPrintEx(ULONG ComponentId, ULONG Level, PCCH Format, va_list Arguments)
{
	print(Format, Arguments);
	return STATUS_SUCCESS;
}

NETCX_EXPORT void RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message)
{
	const char *slash = FileName ? strrchr(FileName, '/') : NULL;

	/* STATUS_ASSERTION_FAILURE, raised where nobody handles it. */
	nt_violation_say(0x1E, 0xC0000420, "KMODE_EXCEPTION_NOT_HANDLED", "NT_ASSERT", NULL,
			 "What a driver asserts holds.", "the assertion %s failed at %s:%u%s%s.",
			 (const char *)FailedAssertion,
			 slash      ? slash + 1
			 : FileName ? (const char *)FileName
				    : "?",
			 LineNumber, Message ? ": " : "", Message ? Message : "");
}

NETCX_EXPORT void KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2,
			       ULONG_PTR Parameter3, ULONG_PTR Parameter4)
{
	nt_violation(&(struct nt_violation){
		.bugcheck = Code,
		.parameter = { Parameter1, Parameter2, Parameter3, Parameter4 },
		.rule = "KeBugCheckEx",
		.call = "KeBugCheckEx",
		.passed = "the driver itself ended the system.",
		.demand = "Nothing is known of the reason but the number.",
	});
}

NETCX_EXPORT void KeBugCheck(ULONG Code)
{
	KeBugCheckEx(Code, 0, 0, 0, 0);
}
