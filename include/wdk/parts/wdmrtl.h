/* SPDX-License-Identifier: MIT */
/* wdmrtl.h - run-time library: memory and counted strings. Part of wdm.h. */
#ifndef NETCX_WDMRTL_H
#define NETCX_WDMRTL_H

#include <ntdef.h>
#include <ntintsafe.h>
#include <parts/umdf.h>

#define RtlCopyMemory(destination, source, size) memcpy((destination), (source), (size))
#define RtlMoveMemory(destination, source, size) memmove((destination), (source), (size))
#define RtlFillMemory(destination, size, value)  memset((destination), (value), (size))
#define RtlZeroMemory(destination, size)         memset((destination), 0, (size))
#define RtlEqualMemory(a, b, size)               (memcmp((a), (b), (size)) == 0)

/* Unlike RtlZeroMemory, never removed by the compiler. */
FORCEINLINE PVOID RtlSecureZeroMemory(PVOID Destination, SIZE_T Size)
{
	volatile UCHAR *byte = (volatile UCHAR *)Destination;

	while (Size-- > 0)
		*byte++ = 0;
	return Destination;
}

#define RtlUshortByteSwap(value)    __builtin_bswap16(value)
#define RtlUlongByteSwap(value)     __builtin_bswap32(value)
#define RtlUlonglongByteSwap(value) __builtin_bswap64(value)

FORCEINLINE VOID RtlInitEmptyUnicodeString(PUNICODE_STRING Destination, PWCHAR Buffer, USHORT Size)
{
	Destination->Length = 0;
	Destination->MaximumLength = Size;
	Destination->Buffer = Buffer;
}

/* What a function that an exception filter calls is handed. See excpt.h: it is never called. */
#define EXCEPTION_MAXIMUM_PARAMETERS 15

typedef struct _EXCEPTION_RECORD {
	NTSTATUS ExceptionCode;
	ULONG ExceptionFlags;
	struct _EXCEPTION_RECORD *ExceptionRecord;
	PVOID ExceptionAddress;
	ULONG NumberParameters;
	ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;

typedef struct _EXCEPTION_POINTERS {
	PEXCEPTION_RECORD ExceptionRecord;
	struct _CONTEXT *ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS;

EXTERN_C_START

/* Return: how many leading bytes are equal. */
SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length);

VOID RtlInitUnicodeString(PUNICODE_STRING Destination, PCWSTR Source);
BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			      BOOLEAN CaseInSensitive);
LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
			     BOOLEAN CaseInSensitive);
VOID RtlCopyUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);

#if !NETCX_UMDF
WCHAR RtlUpcaseUnicodeChar(WCHAR Character);

/* A number from 0 to MAXLONG - 1, which follows from *Seed, and the seed for the next one. */
ULONG RtlRandomEx(PULONG Seed);
ULONG RtlRandom(PULONG Seed);
#endif

/* @Base: 2, 8, 10, 16, or 0 to go by a 0b, 0o or 0x prefix */
NTSTATUS RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSTATUS RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String);

EXTERN_C_END

#endif
