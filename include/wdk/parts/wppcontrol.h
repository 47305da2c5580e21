/* SPDX-License-Identifier: MIT */
/*
 * wppcontrol.h - WPP's macros over the driver's WPP_CONTROL_GUIDS. Included by the trace message
 * headers that `netcx build` makes, behind the driver's own definitions.
 */
#ifndef NETCX_WPPCONTROL_H
#define NETCX_WPPCONTROL_H

#include <parts/wpp.h>

#ifdef ENABLE_WPP_RECORDER
#include <WppRecorder.h>
#endif

/* Without them the trace message header says so. */
#ifdef WPP_CONTROL_GUIDS

/* Trace calls, by file and line. */
#define NETCX_WPP_CALL_AT(file, line) WPP_CALL_##file##_##line
#define NETCX_WPP_CALL(file, line)    NETCX_WPP_CALL_AT(file, line)

/* ---- numbers of providers and flags ---- */
#define WPP_DEFINE_CONTROL_GUID(name, guid, flags) WPP_CTL_##name,
enum WPP_CTL_NO { WPP_CONTROL_GUIDS WPP_LAST_CTL };
#undef WPP_DEFINE_CONTROL_GUID

#define WPP_DEFINE_CONTROL_GUID(name, guid, flags) \
	WPP_BLOCK_START_##name = WPP_CTL_##name * 0x10000, flags WPP_BLOCK_END_##name,
#define WPP_DEFINE_BIT(name) WPP_BIT_##name,
enum WPP_DEFINED_BITS { WPP_CONTROL_GUIDS WPP_LAST_BIT };
#undef WPP_DEFINE_CONTROL_GUID
#undef WPP_DEFINE_BIT

#define WPP_CTRL_NO(bit) ((bit) >> 16)
#define WPP_FLAG_NO(bit) ((0xffff & ((bit)-1)) / 32)
#define WPP_BITNO(bit)   (((bit)-1) & 31)
#define WPP_MASK(bit)    (1u << WPP_BITNO(bit))

/* ---- the providers themselves ---- */
#define WPP_DEFINE_CONTROL_GUID(name, guid, flags) \
	{ { 0, #name, #guid, "" flags, { 0 }, 0, 0, 0, 0, 0 } },
#define WPP_DEFINE_BIT(name) #name ","
/* The same in each of the driver's files, and one in the driver. */
EXTERN_C_START
extern WPP_CB_TYPE WPP_CB[];
__attribute__((weak, visibility("hidden"))) WPP_CB_TYPE WPP_CB[] = { WPP_CONTROL_GUIDS };
EXTERN_C_END
#undef WPP_DEFINE_CONTROL_GUID
#undef WPP_DEFINE_BIT

/* ---- is it on? ---- */
#ifndef WPP_CONTROL
#define WPP_CONTROL(bit) (WPP_CB[WPP_CTRL_NO(bit)].Control)
#endif
#ifndef WPP_LEVEL_ENABLED
#define WPP_LEVEL_ENABLED(flags)                                            \
	(WPP_CONTROL(WPP_BIT_##flags).Flags[WPP_FLAG_NO(WPP_BIT_##flags)] & \
	 WPP_MASK(WPP_BIT_##flags))
#endif
#ifndef WPP_LEVEL_LOGGER
#define WPP_LEVEL_LOGGER(flags) (WPP_CONTROL(WPP_BIT_##flags).Logger),
#endif
#ifndef WPP_FLAGS_ENABLED
#define WPP_FLAGS_ENABLED(flags) WPP_LEVEL_ENABLED(flags)
#endif
#ifndef WPP_FLAGS_LOGGER
#define WPP_FLAGS_LOGGER(flags) WPP_LEVEL_LOGGER(flags)
#endif
/* Of the first provider, by a function without conditions. */
#ifndef WPP_ENABLED
#define WPP_ENABLED() (WPP_CB[0].Control.Level != 0)
#endif
#ifndef WPP_LOGGER
#define WPP_LOGGER() (WPP_CB[0].Control.Logger),
#endif

/* The recorder keeps nothing of its own: it hears what those who listen hear. */
#ifndef WPP_RECORDER_LEVEL_FLAGS_FILTER
#define WPP_RECORDER_LEVEL_FLAGS_FILTER(level, flags) \
	(WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= (level))
#define WPP_RECORDER_LEVEL_FLAGS_ARGS(level, flags) (WPP_CONTROL(WPP_BIT_##flags).Logger)
#endif
#ifndef WPP_RECORDER_IFRLOG_LEVEL_FLAGS_FILTER
#define WPP_RECORDER_IFRLOG_LEVEL_FLAGS_FILTER(log, level, flags) \
	WPP_RECORDER_LEVEL_FLAGS_FILTER(level, flags)
#define WPP_RECORDER_IFRLOG_LEVEL_FLAGS_ARGS(log, level, flags) \
	WPP_RECORDER_LEVEL_FLAGS_ARGS(level, flags)
#endif

/* ---- begin and end, in kernel and user mode ---- */
FORCEINLINE VOID netcx_wpp_begin(int First, ...)
{
	UNREFERENCED_PARAMETER(First);
	netcx_wpp_register(WPP_CB, WPP_LAST_CTL);
}

FORCEINLINE VOID netcx_wpp_end(int First, ...)
{
	UNREFERENCED_PARAMETER(First);
	netcx_wpp_unregister(WPP_CB, WPP_LAST_CTL);
}

#define WPP_INIT_TRACING(...) netcx_wpp_begin(0, ##__VA_ARGS__)
/* User mode's looks at nothing: it is handed a call that only kernel mode has. */
#if NETCX_UMDF
#define WPP_CLEANUP(...) netcx_wpp_end(0)
#else
#define WPP_CLEANUP(...) netcx_wpp_end(0, ##__VA_ARGS__)
#endif

/* ---- values of types that a driver defines ---- */
#define WPP_LOGPAIR(bytes, address) { 0, (address), (SIZE_T)(bytes) },
#define WPP_LOGTYPEVAL(type, value) WPP_LOGPAIR(sizeof(type), &(value))
#define WPP_LOGTYPEPTR(value)       WPP_LOGPAIR(sizeof(*(value)), (value))
#define WPP_LOGASTR(value)          { 0, (value), 0 },
#define WPP_LOGWSTR(value)          { 0, (value), 0 },

#endif

#endif
