/* SPDX-License-Identifier: MIT */
/* evntrace.h - levels of trace events; the smaller, the more severe. */
#ifndef NETCX_EVNTRACE_H
#define NETCX_EVNTRACE_H

#include <ntdef.h>

typedef ULONG64 TRACEHANDLE, *PTRACEHANDLE;

#define TRACE_LEVEL_NONE        0
#define TRACE_LEVEL_CRITICAL    1
#define TRACE_LEVEL_FATAL       1
#define TRACE_LEVEL_ERROR       2
#define TRACE_LEVEL_WARNING     3
#define TRACE_LEVEL_INFORMATION 4
#define TRACE_LEVEL_VERBOSE     5

#define EVENT_TRACE_TYPE_INFO   0x00
#define EVENT_TRACE_TYPE_START  0x01
#define EVENT_TRACE_TYPE_END    0x02
#define EVENT_TRACE_TYPE_STOP   0x02

#endif
