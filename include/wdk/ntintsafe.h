/* SPDX-License-Identifier: MIT */
/* ntintsafe.h - integer arithmetic that fails with STATUS_INTEGER_OVERFLOW instead of wrapping. */
#ifndef NETCX_NTINTSAFE_H
#define NETCX_NTINTSAFE_H

#include <ntdef.h>
#include <ntstatus.h>

/* The limits of Windows' types; C's own, in host code, are those of LP64. */
#ifdef _KERNEL_MODE
#ifndef SHORT_MAX
#define SHORT_MAX 32767
#endif
#ifndef USHORT_MAX
#define USHORT_MAX 0xffff
#endif
#ifndef LONG_MAX
#define LONG_MAX 0x7fffffff
#endif
#ifndef ULONG_MAX
#define ULONG_MAX 0xffffffffU
#endif
#ifndef UINT_MAX
#define UINT_MAX 0xffffffffU
#endif
#endif

/* On overflow the result is all ones, as there; a UCHAR's is 0. */
#define NETCX_INTSAFE(name, type, builtin, most)                         \
	FORCEINLINE NTSTATUS name(type First, type Second, type *Result) \
	{                                                                \
		if (!builtin(First, Second, Result))                     \
			return STATUS_SUCCESS;                           \
		*Result = most;                                          \
		return STATUS_INTEGER_OVERFLOW;                          \
	}

NETCX_INTSAFE(RtlUShortAdd, USHORT, __builtin_add_overflow, MAXUSHORT)
NETCX_INTSAFE(RtlUShortSub, USHORT, __builtin_sub_overflow, MAXUSHORT)
NETCX_INTSAFE(RtlUShortMult, USHORT, __builtin_mul_overflow, MAXUSHORT)
NETCX_INTSAFE(RtlULongAdd, ULONG, __builtin_add_overflow, MAXULONG)
NETCX_INTSAFE(RtlULongSub, ULONG, __builtin_sub_overflow, MAXULONG)
NETCX_INTSAFE(RtlULongMult, ULONG, __builtin_mul_overflow, MAXULONG)
NETCX_INTSAFE(RtlULongLongAdd, ULONGLONG, __builtin_add_overflow, MAXULONGLONG)
NETCX_INTSAFE(RtlULongLongSub, ULONGLONG, __builtin_sub_overflow, MAXULONGLONG)
NETCX_INTSAFE(RtlULongLongMult, ULONGLONG, __builtin_mul_overflow, MAXULONGLONG)
NETCX_INTSAFE(RtlSIZETAdd, SIZE_T, __builtin_add_overflow, MAXULONG_PTR)
NETCX_INTSAFE(RtlSIZETSub, SIZE_T, __builtin_sub_overflow, MAXULONG_PTR)
NETCX_INTSAFE(RtlSIZETMult, SIZE_T, __builtin_mul_overflow, MAXULONG_PTR)
NETCX_INTSAFE(RtlSizeTAdd, SIZE_T, __builtin_add_overflow, MAXULONG_PTR)
NETCX_INTSAFE(RtlSizeTSub, SIZE_T, __builtin_sub_overflow, MAXULONG_PTR)
NETCX_INTSAFE(RtlSizeTMult, SIZE_T, __builtin_mul_overflow, MAXULONG_PTR)

FORCEINLINE NTSTATUS RtlULongLongToULong(ULONGLONG Value, ULONG *Result)
{
	*Result = Value <= MAXULONG ? (ULONG)Value : MAXULONG;
	return Value <= MAXULONG ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;
}

FORCEINLINE NTSTATUS RtlSIZETToULong(SIZE_T Value, ULONG *Result)
{
	return RtlULongLongToULong(Value, Result);
}

FORCEINLINE NTSTATUS RtlSizeTToULong(SIZE_T Value, ULONG *Result)
{
	return RtlULongLongToULong(Value, Result);
}

FORCEINLINE NTSTATUS RtlULongToUShort(ULONG Value, USHORT *Result)
{
	*Result = Value <= MAXUSHORT ? (USHORT)Value : (USHORT)MAXUSHORT;
	return Value <= MAXUSHORT ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;
}

FORCEINLINE NTSTATUS RtlULongToUChar(ULONG Value, UCHAR *Result)
{
	*Result = Value <= MAXUCHAR ? (UCHAR)Value : 0;
	return Value <= MAXUCHAR ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;
}

#endif
