/* SPDX-License-Identifier: MIT */
/* tracevalue.h - TraceLoggingValue(): a field of its value's type, in C++. Part of
 * TraceLoggingProvider.h. */
#ifndef NETCX_TRACEVALUE_H
#define NETCX_TRACEVALUE_H

#include <TraceLoggingProvider.h>

#ifdef __cplusplus

/* MSVC's older dialect, which clang plays, has it as a name of the library. */
#ifdef __is_identifier
#if !__is_identifier(char16_t)
#define NETCX_HAS_CHAR16
#endif
#else
#define NETCX_HAS_CHAR16
#endif

/* Overloads, also for who includes this inside of extern "C". */
extern "C++" {

#define NETCX_TRACE_NUMBER_OF(type, kind)                                               \
	inline struct netcx_trace_field netcx_trace_value(type Value, const char *Name) \
	{                                                                               \
		return netcx_trace_number(kind, (ULONG64)Value, Name);                  \
	}
#define NETCX_TRACE_SIGNED_OF(type)                                                          \
	inline struct netcx_trace_field netcx_trace_value(type Value, const char *Name)      \
	{                                                                                    \
		return netcx_trace_number(NETCX_TRACE_SIGNED, (ULONG64)(LONG64)Value, Name); \
	}

NETCX_TRACE_NUMBER_OF(bool, NETCX_TRACE_BOOLEAN)
NETCX_TRACE_NUMBER_OF(unsigned char, NETCX_TRACE_UNSIGNED)
NETCX_TRACE_NUMBER_OF(unsigned short, NETCX_TRACE_UNSIGNED)
NETCX_TRACE_NUMBER_OF(unsigned int, NETCX_TRACE_UNSIGNED)
NETCX_TRACE_NUMBER_OF(unsigned long, NETCX_TRACE_UNSIGNED)
NETCX_TRACE_NUMBER_OF(unsigned long long, NETCX_TRACE_UNSIGNED)
NETCX_TRACE_SIGNED_OF(signed char)
NETCX_TRACE_SIGNED_OF(short)
NETCX_TRACE_SIGNED_OF(int)
NETCX_TRACE_SIGNED_OF(long)
NETCX_TRACE_SIGNED_OF(long long)
#ifdef NETCX_HAS_CHAR16
NETCX_TRACE_NUMBER_OF(char16_t, NETCX_TRACE_CHARACTER)
#endif
NETCX_TRACE_NUMBER_OF(wchar_t, NETCX_TRACE_CHARACTER)

inline struct netcx_trace_field netcx_trace_value(char Value, const char *Name)
{
	return netcx_trace_number(NETCX_TRACE_CHARACTER, (UCHAR)Value, Name);
}

inline struct netcx_trace_field netcx_trace_value(double Value, const char *Name)
{
	return netcx_trace_float(Value, Name);
}

inline struct netcx_trace_field netcx_trace_value(float Value, const char *Name)
{
	return netcx_trace_float(Value, Name);
}

inline struct netcx_trace_field netcx_trace_value(const void *Value, const char *Name)
{
	return netcx_trace_number(NETCX_TRACE_HEX, (ULONG_PTR)Value, Name);
}

inline struct netcx_trace_field netcx_trace_value(const char *Value, const char *Name)
{
	return netcx_trace_data(NETCX_TRACE_STRING, Value, NETCX_TRACE_TO_ZERO, Name);
}

#ifdef NETCX_HAS_CHAR16
inline struct netcx_trace_field netcx_trace_value(const char16_t *Value, const char *Name)
{
	return netcx_trace_data(NETCX_TRACE_WIDE_STRING, Value, NETCX_TRACE_TO_ZERO, Name);
}
#endif

#if __SIZEOF_WCHAR_T__ == 2
inline struct netcx_trace_field netcx_trace_value(const wchar_t *Value, const char *Name)
{
	return netcx_trace_data(NETCX_TRACE_WIDE_STRING, Value, NETCX_TRACE_TO_ZERO, Name);
}
#endif

inline struct netcx_trace_field netcx_trace_value(const GUID &Value, const char *Name)
{
	return netcx_trace_data(NETCX_TRACE_GUID, &Value, sizeof(Value), Name);
}
}

#define TraceLoggingValue(value, ...) \
	netcx_trace_value((value), NETCX_TRACE_NAME(#value, __VA_ARGS__))

#endif

#endif
