/* SPDX-License-Identifier: MIT */
/* wdmcheck.h - assertions and the check that pageable code runs below DISPATCH_LEVEL. Part of
 * wdm.h. */
#ifndef NETCX_WDMCHECK_H
#define NETCX_WDMCHECK_H

#include <ntdef.h>
#include <parts/umdf.h>

EXTERN_C_START

#if !NETCX_UMDF
/* Reports a violation when the caller's IRQL is DISPATCH_LEVEL or above. @function: who asks */
void netcx_paged_code(const char *function);
#endif

VOID RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message);
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);

#if !NETCX_UMDF
DECLSPEC_NORETURN VOID KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2,
				    ULONG_PTR Parameter3, ULONG_PTR Parameter4);
ULONG DbgPrint(PCSTR Format, ...);
ULONG vDbgPrintEx(ULONG ComponentId, ULONG Level, PCCH Format, va_list Arguments);
DECLSPEC_NORETURN VOID KeBugCheck(ULONG Code);
#endif

EXTERN_C_END

#if !NETCX_UMDF
/* Windows checks this in checked builds only; it costs a comparison, so here it is always on. */
#define PAGED_CODE() netcx_paged_code(__func__)
#endif

/* Return: whether it held, so that a driver can go on with the answer. */
FORCEINLINE BOOLEAN netcx_assert(BOOLEAN Holds, const char *Message, const char *File, ULONG Line)
{
	if (!Holds)
		RtlAssert((PVOID)(ULONG_PTR)Message, (PVOID)(ULONG_PTR)File, Line, NULL);
	return Holds;
}

/* A function, since compilers warn of an expression that nobody uses. */
FORCEINLINE BOOLEAN netcx_verify(BOOLEAN Holds)
{
	return Holds;
}

#define NETCX_ASSERT(expression, message) \
	netcx_assert((expression) ? TRUE : FALSE, message, __FILE__, (ULONG)__LINE__)

#define NT_FRE_ASSERT(expression)             NETCX_ASSERT(expression, #expression)
#define NT_FRE_ASSERTMSG(message, expression) NETCX_ASSERT(expression, message)
#define NT_FRE_VERIFY(expression)             NETCX_ASSERT(expression, #expression)
#if defined(DBG) && DBG
#define NT_ASSERT(expression)             NETCX_ASSERT(expression, #expression)
#define NT_ASSERTMSG(message, expression) NETCX_ASSERT(expression, message)
#define NT_VERIFY(expression)             NETCX_ASSERT(expression, #expression)
#define NT_VERIFYMSG(message, expression) NETCX_ASSERT(expression, message)
#define KdPrint(arguments)                DbgPrint arguments
#define KdPrintEx(arguments)              DbgPrintEx arguments
#else
/* The operand may name things that exist under DBG only, so it is not looked at. */
#define NT_ASSERT(expression)             ((void)0)
#define NT_ASSERTMSG(message, expression) ((void)0)
/* Looked at, and its answer is the result, but what does not hold is not reported. */
#define NT_VERIFY(expression)             netcx_verify((expression) ? TRUE : FALSE)
#define NT_VERIFYMSG(message, expression) netcx_verify((expression) ? TRUE : FALSE)
#define KdPrint(arguments)                ((void)0)
#define KdPrintEx(arguments)              ((void)0)
#endif
#ifndef ASSERT
#define ASSERT(expression) NT_ASSERT(expression)
#endif
#ifndef ASSERTMSG
#define ASSERTMSG(message, expression) NT_ASSERTMSG(message, expression)
#endif

/* Without a debugger it ends the system; none is ever attached to what is played here. */
#define DbgBreakPoint()      __builtin_trap()

#define DPFLTR_ERROR_LEVEL   0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL   2
#define DPFLTR_INFO_LEVEL    3
#define DPFLTR_MASK          0x80000000
typedef enum _DPFLTR_TYPE NETCX_INT_ENUM {
	DPFLTR_IHVDRIVER_ID = 77,
	DPFLTR_IHVNETWORK_ID = 80,
	DPFLTR_DEFAULT_ID = 101
} DPFLTR_TYPE;

#endif
