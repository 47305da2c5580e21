/* SPDX-License-Identifier: MIT */
/*
 * TraceLoggingProvider.h - self-describing events of a driver. Here they go to netcx's events, with
 * the provider, the event's name, its level and its fields.
 *
 * Each TraceLoggingXxx() argument is an element of an array of fields, so any order, an empty list
 * and a trailing comma are fine, in C and in C++.
 */
#ifndef NETCX_TRACELOGGINGPROVIDER_H
#define NETCX_TRACELOGGINGPROVIDER_H

#include <ntdef.h>
#include <winmeta.h>

enum {
	NETCX_TRACE_NONE, /* describes others; nothing to show */
	/* of the event: @number */
	NETCX_TRACE_LEVEL,
	NETCX_TRACE_KEYWORD,
	NETCX_TRACE_OPCODE,
	/* fields in @number */
	NETCX_TRACE_UNSIGNED,
	NETCX_TRACE_SIGNED,
	NETCX_TRACE_HEX,
	NETCX_TRACE_BOOLEAN,
	NETCX_TRACE_NTSTATUS,
	NETCX_TRACE_CHARACTER,
	NETCX_TRACE_FLOAT, /* a double's bits */
	/* fields at @data, @size bytes */
	NETCX_TRACE_STRING,
	NETCX_TRACE_WIDE_STRING,
	NETCX_TRACE_BINARY,
	NETCX_TRACE_GUID,
	NETCX_TRACE_UNICODE_STRING, /* @data: a UNICODE_STRING */
	NETCX_TRACE_ANSI_STRING,    /* @data: a STRING */
};

#define NETCX_TRACE_TO_ZERO 0xffffffffU /* @size of a string that ends with a zero */

struct netcx_trace_field {
	const char *name;
	const void *data;
	ULONG64 number;
	ULONG size;
	ULONG type;
};

/*
 * A driver's provider. Written by the functions below and by the host: @level is the last level
 * that somebody listens to, 0 while nobody does.
 */
struct _tlgProvider_t {
	ULONG size;
	volatile UCHAR level;
	UCHAR registered;
	const char *name;
	GUID id;
	volatile ULONG64 keywords; /* of which an event has one, if it has any; 0: all */
};

typedef const struct _tlgProvider_t *TraceLoggingHProvider;

struct _EVENT_FILTER_DESCRIPTOR;

typedef VOID (*TLG_PENABLECALLBACK)(const GUID *SourceId, ULONG ControlCode, UCHAR Level,
				    ULONGLONG MatchAnyKeyword, ULONGLONG MatchAllKeyword,
				    struct _EVENT_FILTER_DESCRIPTOR *FilterData,
				    PVOID CallbackContext);

EXTERN_C_START

NTSTATUS netcx_trace_register(TraceLoggingHProvider Provider);
VOID netcx_trace_unregister(TraceLoggingHProvider Provider);
VOID netcx_trace_write(TraceLoggingHProvider Provider, const char *Event,
		       const struct netcx_trace_field *Fields, SIZE_T Count);

EXTERN_C_END

/* ---- providers ---- */
#define TRACELOGGING_DECLARE_PROVIDER(handle)      \
	EXTERN_C_START                             \
	extern TraceLoggingHProvider const handle; \
	EXTERN_C_END

#define NETCX_TRACE_ID(l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	{                                                         \
		l, w1, w2,                                        \
		{                                                 \
			b1, b2, b3, b4, b5, b6, b7, b8            \
		}                                                 \
	}

/* After the identifier, TraceLoggingOptionGroup() and its like may follow. */
#define TRACELOGGING_DEFINE_PROVIDER(handle, text, ...) \
	NETCX_TRACE_DEFINE(handle, text, NETCX_TRACE_FIRST(__VA_ARGS__, 0))
#define NETCX_TRACE_DEFINE(handle, text, id)                                       \
	static struct _tlgProvider_t netcx_trace_##handle = {                      \
		sizeof(struct _tlgProvider_t), 0, 0, "" text, NETCX_TRACE_ID id, 0 \
	};                                                                         \
	TRACELOGGING_DECLARE_PROVIDER(handle)                                      \
	TraceLoggingHProvider const handle = &netcx_trace_##handle

#define TraceLoggingOptionGroup(...)           0
#define TraceLoggingOptionMicrosoftTelemetry() 0

#define TraceLoggingRegister(provider)         netcx_trace_register(provider)
#define TraceLoggingUnregister(provider)       netcx_trace_unregister(provider)
#define TraceLoggingProviderId(provider)       ((provider)->id)

/* Is anybody listening, to this level and keyword? */
#define TraceLoggingProviderEnabled(provider, level, keyword) \
	netcx_trace_enabled((provider), (UCHAR)(level), (ULONG64)(keyword))

FORCEINLINE BOOLEAN netcx_trace_enabled(TraceLoggingHProvider Provider, UCHAR Level,
					ULONG64 Keyword)
{
	/* The host writes them while the driver runs. */
	const UCHAR told = __atomic_load_n(&Provider->level, __ATOMIC_RELAXED);
	ULONG64 keywords;

	if (told == 0 || Level > told)
		return FALSE;
	keywords = __atomic_load_n(&Provider->keywords, __ATOMIC_RELAXED);
	return Keyword == 0 || keywords == 0 || (keywords & Keyword) != 0;
}

FORCEINLINE NTSTATUS TraceLoggingRegisterEx(TraceLoggingHProvider Provider,
					    TLG_PENABLECALLBACK Callback, PVOID Context)
{
	UNREFERENCED_PARAMETER(Callback);
	UNREFERENCED_PARAMETER(Context);
	return netcx_trace_register(Provider);
}

/* ---- how a field comes into the array ---- */
FORCEINLINE struct netcx_trace_field netcx_trace_number(ULONG Type, ULONG64 Number,
							const char *Name)
{
	struct netcx_trace_field field = { Name, NULL, Number, 0, Type };

	return field;
}

FORCEINLINE struct netcx_trace_field netcx_trace_data(ULONG Type, const void *Data, SIZE_T Size,
						      const char *Name)
{
	struct netcx_trace_field field = { Name, Data, 0, (ULONG)Size, Type };

	return field;
}

FORCEINLINE struct netcx_trace_field netcx_trace_float(double Value, const char *Name)
{
	struct netcx_trace_field field = { Name, NULL, 0, 0, NETCX_TRACE_FLOAT };

	memcpy(&field.number, &Value, sizeof(Value));
	return field;
}

FORCEINLINE const char *netcx_trace_name(const char *Expression, const char *Given)
{
	return *Given ? Given : Expression;
}

/* The optional name, the first of what follows a value; else the value's own text. */
#define NETCX_TRACE_FIRST(first, ...) first
#define NETCX_TRACE_NAME(expression, ...) \
	netcx_trace_name(expression, NETCX_TRACE_FIRST("" __VA_ARGS__, 0))

#define NETCX_TRACE_UINT(type, value, ...) \
	netcx_trace_number(NETCX_TRACE_UNSIGNED, (type)(value), NETCX_TRACE_NAME(__VA_ARGS__))
#define NETCX_TRACE_INT(type, value, ...)                                      \
	netcx_trace_number(NETCX_TRACE_SIGNED, (ULONG64)(LONG64)(type)(value), \
			   NETCX_TRACE_NAME(__VA_ARGS__))
#define NETCX_TRACE_HEXINT(type, value, ...) \
	netcx_trace_number(NETCX_TRACE_HEX, (type)(value), NETCX_TRACE_NAME(__VA_ARGS__))

/* ---- fields: (value, [name], [description], [tags]) ---- */
#define TraceLoggingUInt8(value, ...)      NETCX_TRACE_UINT(UINT8, value, #value, __VA_ARGS__)
#define TraceLoggingUInt16(value, ...)     NETCX_TRACE_UINT(UINT16, value, #value, __VA_ARGS__)
#define TraceLoggingUInt32(value, ...)     NETCX_TRACE_UINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingUInt64(value, ...)     NETCX_TRACE_UINT(UINT64, value, #value, __VA_ARGS__)
#define TraceLoggingUIntPtr(value, ...)    NETCX_TRACE_UINT(UINT_PTR, value, #value, __VA_ARGS__)
#define TraceLoggingULong(value, ...)      NETCX_TRACE_UINT(ULONG, value, #value, __VA_ARGS__)
#define TraceLoggingInt8(value, ...)       NETCX_TRACE_INT(INT8, value, #value, __VA_ARGS__)
#define TraceLoggingInt16(value, ...)      NETCX_TRACE_INT(INT16, value, #value, __VA_ARGS__)
#define TraceLoggingInt32(value, ...)      NETCX_TRACE_INT(INT32, value, #value, __VA_ARGS__)
#define TraceLoggingInt64(value, ...)      NETCX_TRACE_INT(INT64, value, #value, __VA_ARGS__)
#define TraceLoggingIntPtr(value, ...)     NETCX_TRACE_INT(INT_PTR, value, #value, __VA_ARGS__)
#define TraceLoggingLong(value, ...)       NETCX_TRACE_INT(LONG, value, #value, __VA_ARGS__)
#define TraceLoggingHexUInt8(value, ...)   NETCX_TRACE_HEXINT(UINT8, value, #value, __VA_ARGS__)
#define TraceLoggingHexUInt16(value, ...)  NETCX_TRACE_HEXINT(UINT16, value, #value, __VA_ARGS__)
#define TraceLoggingHexUInt32(value, ...)  NETCX_TRACE_HEXINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingHexUInt64(value, ...)  NETCX_TRACE_HEXINT(UINT64, value, #value, __VA_ARGS__)
#define TraceLoggingHexInt8(value, ...)    NETCX_TRACE_HEXINT(UINT8, value, #value, __VA_ARGS__)
#define TraceLoggingHexInt16(value, ...)   NETCX_TRACE_HEXINT(UINT16, value, #value, __VA_ARGS__)
#define TraceLoggingHexLong(value, ...)    NETCX_TRACE_HEXINT(ULONG, value, #value, __VA_ARGS__)
#define TraceLoggingHexIntPtr(value, ...)  NETCX_TRACE_HEXINT(UINT_PTR, value, #value, __VA_ARGS__)
#define TraceLoggingHexUIntPtr(value, ...) NETCX_TRACE_HEXINT(UINT_PTR, value, #value, __VA_ARGS__)
#define TraceLoggingPid(value, ...)        NETCX_TRACE_UINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingTid(value, ...)        NETCX_TRACE_UINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingHexInt32(value, ...)   NETCX_TRACE_HEXINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingHexInt64(value, ...)   NETCX_TRACE_HEXINT(UINT64, value, #value, __VA_ARGS__)
#define TraceLoggingHexULong(value, ...)   NETCX_TRACE_HEXINT(ULONG, value, #value, __VA_ARGS__)
#define TraceLoggingPointer(value, ...) \
	NETCX_TRACE_HEXINT(ULONG_PTR, (const volatile void *)(value), #value, __VA_ARGS__)
#define TraceLoggingCodePointer(value, ...) \
	NETCX_TRACE_HEXINT(ULONG_PTR, value, #value, __VA_ARGS__)
#define TraceLoggingHResult(value, ...)  NETCX_TRACE_HEXINT(UINT32, value, #value, __VA_ARGS__)
#define TraceLoggingWinError(value, ...) NETCX_TRACE_UINT(UINT32, value, #value, __VA_ARGS__)

#define TraceLoggingFloat32(value, ...) \
	netcx_trace_float((float)(value), NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingFloat64(value, ...) \
	netcx_trace_float((value), NETCX_TRACE_NAME(#value, __VA_ARGS__))

#define TraceLoggingBoolean(value, ...)                            \
	netcx_trace_number(NETCX_TRACE_BOOLEAN, (value) ? 1u : 0u, \
			   NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingBool TraceLoggingBoolean
#define TraceLoggingNTStatus(value, ...)                                   \
	netcx_trace_number(NETCX_TRACE_NTSTATUS, (ULONG)(NTSTATUS)(value), \
			   NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingChar(value, ...)                              \
	netcx_trace_number(NETCX_TRACE_CHARACTER, (UCHAR)(value), \
			   NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingWChar(value, ...)                              \
	netcx_trace_number(NETCX_TRACE_CHARACTER, (USHORT)(value), \
			   NETCX_TRACE_NAME(#value, __VA_ARGS__))

#define TraceLoggingString(value, ...)                                            \
	netcx_trace_data(NETCX_TRACE_STRING, (PCSTR)(value), NETCX_TRACE_TO_ZERO, \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingUtf8String TraceLoggingString
#define TraceLoggingCountedString(value, count, ...)                  \
	netcx_trace_data(NETCX_TRACE_STRING, (PCSTR)(value), (count), \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingWideString(value, ...)                                              \
	netcx_trace_data(NETCX_TRACE_WIDE_STRING, (PCWSTR)(value), NETCX_TRACE_TO_ZERO, \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingCountedWideString(value, count, ...)                                    \
	netcx_trace_data(NETCX_TRACE_WIDE_STRING, (PCWSTR)(value), (count) * sizeof(WCHAR), \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingUnicodeString(value, ...)                                         \
	netcx_trace_data(NETCX_TRACE_UNICODE_STRING, (const UNICODE_STRING *)(value), \
			 sizeof(UNICODE_STRING), NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingAnsiString(value, ...)                                                 \
	netcx_trace_data(NETCX_TRACE_ANSI_STRING, (const STRING *)(value), sizeof(STRING), \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
#define TraceLoggingBinary(value, bytes, ...)                  \
	netcx_trace_data(NETCX_TRACE_BINARY, (value), (bytes), \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))
/* Addresses as their bytes, a port as a number: in the order that they have in a packet. */
#define TraceLoggingPort(value, ...) \
	NETCX_TRACE_UINT(UINT16, __builtin_bswap16(value), #value, __VA_ARGS__)
#define TraceLoggingIPv4Address(value, ...) \
	NETCX_TRACE_HEXINT(UINT32, __builtin_bswap32(value), #value, __VA_ARGS__)
#define TraceLoggingIPv6Address(value, ...)          TraceLoggingBinary(value, 16, __VA_ARGS__)
#define TraceLoggingSocketAddress(value, bytes, ...) TraceLoggingBinary(value, bytes, __VA_ARGS__)
#define TraceLoggingUInt8Array(value, count, ...) \
	TraceLoggingBinary(value, (count) * sizeof(UINT8), __VA_ARGS__)
#define TraceLoggingGuid(value, ...)                               \
	netcx_trace_data(NETCX_TRACE_GUID, &(value), sizeof(GUID), \
			 NETCX_TRACE_NAME(#value, __VA_ARGS__))

/* ---- settings of the event ---- */
#define TraceLoggingLevel(value)       netcx_trace_number(NETCX_TRACE_LEVEL, (UCHAR)(value), "")
#define TraceLoggingKeyword(value)     netcx_trace_number(NETCX_TRACE_KEYWORD, (ULONG64)(value), "")
#define TraceLoggingOpcode(value)      netcx_trace_number(NETCX_TRACE_OPCODE, (UCHAR)(value), "")
#define TraceLoggingEventTag(value)    netcx_trace_number(NETCX_TRACE_NONE, 0, "")
#define TraceLoggingDescription(text)  netcx_trace_number(NETCX_TRACE_NONE, 0, "")
#define TraceLoggingChannel(value)     netcx_trace_number(NETCX_TRACE_NONE, 0, "")
#define TraceLoggingStruct(count, ...) netcx_trace_number(NETCX_TRACE_NONE, 0, "")

#include <parts/tracevalue.h>

/* ---- the event ---- */
#define TraceLoggingWrite(provider, event, ...)                                          \
	do {                                                                             \
		if ((provider)->level) {                                                 \
			const struct netcx_trace_field netcx_trace_fields[] = {          \
				netcx_trace_number(NETCX_TRACE_NONE, 0, ""), __VA_ARGS__ \
			};                                                               \
			netcx_trace_write((provider), "" event, netcx_trace_fields,      \
					  sizeof(netcx_trace_fields) /                   \
						  sizeof(netcx_trace_fields[0]));        \
		}                                                                        \
	} while (0)

#endif
