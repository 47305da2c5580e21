/* SPDX-License-Identifier: MIT */
/* Trace.h - two providers, and functions of every form that a driver's configuration has. */
#pragma once

#define WPP_CONTROL_GUIDS                                                                 \
	WPP_DEFINE_CONTROL_GUID(TracesDriver, (0B5A2E10, 7C11, 4D3E, 9A4B, 1C2D3E4F5A6B), \
				WPP_DEFINE_BIT(TRACE_INIT) WPP_DEFINE_BIT(TRACE_DATA))    \
	WPP_DEFINE_CONTROL_GUID(TracesOther, (1B5A2E10, 7C11, 4D3E, 9A4B, 1C2D3E4F5A6B),  \
				WPP_DEFINE_BIT(OTHER_ALL))

#define WPP_LEVEL_FLAGS_LOGGER(level, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) \
	(WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= level)
#define WPP_FLAG_LEVEL_LOGGER(flag, level)  WPP_LEVEL_LOGGER(flag)
#define WPP_FLAG_LEVEL_ENABLED(flag, level) WPP_LEVEL_FLAGS_ENABLED(level, flag)

/*
 * Recorder macros for conditions that have no other.
 */
#define WPP_RECORDER_FLAG_LEVEL_STATUS_FILTER(flag, level, status) \
	WPP_RECORDER_LEVEL_FLAGS_FILTER(level, flag)
#define WPP_RECORDER_FLAG_LEVEL_STATUS_ARGS(flag, level, status) \
	WPP_RECORDER_LEVEL_FLAGS_ARGS(level, flag)
#define WPP_FLAG_LEVEL_STATUS_PRE(flag, level, status) \
	do {                                           \
		NTSTATUS traced = (status);            \
		if (traced != STATUS_SUCCESS) {
#define WPP_FLAG_LEVEL_STATUS_POST(flag, level, status) \
	;                                               \
	return traced;                                  \
	}                                               \
	}                                               \
	while (0)

typedef enum _TRACE_COLOUR { ColourRed, ColourGreen = 5, ColourBlue } TRACE_COLOUR;

typedef struct _TRACE_BYTES {
	USHORT Length;
	const void *Bytes;
} TRACE_BYTES;

FORCEINLINE TRACE_BYTES TraceBytes(const void *Bytes, USHORT Length)
{
	TRACE_BYTES bytes = { Length, Bytes };

	return bytes;
}

#define WPP_LOGBYTES(x) WPP_LOGPAIR(2, &((x).Length)) WPP_LOGPAIR((x).Length, (x).Bytes)
#define WPP_LOGV6(x)    WPP_LOGPAIR(16, (x))

// begin_wpp config
// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);
// FUNC TraceError{LEVEL=TRACE_LEVEL_ERROR, FLAGS=TRACE_DATA}(MSG, ...);
// USEPREFIX (TraceError, "%!STDPREFIX![%!FUNC!]%!SPACE!");
// USESUFFIX (TraceError, " (%!FILE!, %!LEVEL!, %!FLAGS!)");
// end_wpp

/*
 * begin_wpp config
 * LogOther{LEVEL=TRACE_LEVEL_WARNING,FLAGS=OTHER_ALL}(MSG, ...);
 * FUNC TraceNested((LEVEL, FLAGS, MSG, ...));
 * FUNC TraceInner(LEVEL, FLAGS, (MSG, ...));
 * FUNC TraceLog{LEVEL=TRACE_LEVEL_WARNING, FLAGS=TRACE_INIT}(IFRLOG, MSG, ...);
 * WPP_FLAGS(-public:TraceLog);
 * FUNC TraceEnter{LEVEL=TRACE_LEVEL_VERBOSE}(FLAGS, ...);
 * USEPREFIX (TraceEnter, "--> %!FUNC!");
 * FUNC RETURN_IF_FAILED{FLAG=TRACE_INIT, LEVEL=TRACE_LEVEL_ERROR}(STATUS);
 * USEPREFIX (RETURN_IF_FAILED, "%!STATUS! %s", traced, #STATUS);
 * CUSTOM_TYPE(COLOUR, ItemEnum(_TRACE_COLOUR));
 * CUSTOM_TYPE(STATE, ItemListLong(Idle, Busy=4, Gone, Never=0xffffffff));
 * CUSTOM_TYPE(SET, ItemSetLong(Read, Write, Execute));
 * CUSTOM_TYPE(POWER, ItemEnum(_WDF_POWER_DEVICE_STATE));
 * DEFINE_CPLX_TYPE(BYTES, WPP_LOGBYTES, TRACE_BYTES, ItemHEXDump, "s", _BYTES_, 0, 2);
 * DEFINE_CPLX_TYPE(V6, WPP_LOGV6, const UCHAR *, ItemIPV6Addr, "s", _V6_, 0);
 * WPP_FLAGS(-DTRACE_SEVEN(x)=((x) + 7));
 * end_wpp
 */
