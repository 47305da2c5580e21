// SPDX-License-Identifier: MIT
#pragma once

#define WPP_CONTROL_GUIDS                                                              \
	WPP_DEFINE_CONTROL_GUID(PairTrace, (7C2E9A41, 5B0D, 4E63, 9F1A, 2D84C05E7B96), \
				WPP_DEFINE_BIT(PAIR_DRIVER) WPP_DEFINE_BIT(PAIR_WIRE))

#define WPP_LEVEL_FLAGS_LOGGER(level, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) \
	(WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= level)
#define WPP_FLAGS_LEVEL_LOGGER(flags, level)  WPP_LEVEL_FLAGS_LOGGER(level, flags)
#define WPP_FLAGS_LEVEL_ENABLED(flags, level) WPP_LEVEL_FLAGS_ENABLED(level, flags)

// begin_wpp config
// FUNC TraceError{LEVEL=TRACE_LEVEL_ERROR}(FLAGS, MSG, ...);
// FUNC TraceInfo{LEVEL=TRACE_LEVEL_INFORMATION}(FLAGS, MSG, ...);
// end_wpp

// begin_wpp config
// USEPREFIX (RETURN_UNLESS_SUCCESS, "%!FUNC! fails with %!STATUS!", status__wpp);
// FUNC RETURN_UNLESS_SUCCESS{FLAGS=PAIR_DRIVER,LEVEL=TRACE_LEVEL_ERROR}(NTSTATUS);
// end_wpp
#define WPP_FLAGS_LEVEL_NTSTATUS_PRE(flags, level, status) \
	do {                                               \
		NTSTATUS status__wpp = (status);           \
		if (status__wpp != STATUS_SUCCESS) {
#define WPP_FLAGS_LEVEL_NTSTATUS_POST(flags, level, status) \
	;                                                   \
	return status__wpp;                                 \
	}                                                   \
	}                                                   \
	while (0)
#define WPP_RECORDER_FLAGS_LEVEL_NTSTATUS_FILTER(flags, level, status) \
	WPP_RECORDER_LEVEL_FLAGS_FILTER(level, flags)
#define WPP_RECORDER_FLAGS_LEVEL_NTSTATUS_ARGS(flags, level, status) \
	WPP_RECORDER_LEVEL_FLAGS_ARGS(level, flags)
