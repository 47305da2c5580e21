/* SPDX-License-Identifier: MIT */
//
// Trace.h - TraceLogging, and the macros on top of it that jump to Exit when something fails.
//
#pragma once

#include <TraceLoggingProvider.h>
#include <evntrace.h>

TRACELOGGING_DECLARE_PROVIDER(HabitsTraceProvider);

#define HabitsTraceFunction() TraceLoggingWideString(__FUNCTIONW__, "Function")

// Without arguments, a comma stays before an empty __VA_ARGS__.
#define HabitsTraceEntry(...)                                                            \
	TraceLoggingWrite(HabitsTraceProvider, "FunctionEntry",                          \
			  TraceLoggingLevel(TRACE_LEVEL_VERBOSE), HabitsTraceFunction(), \
			  __VA_ARGS__)

// A literal made wide by pasting L to #Expression, and "(0, 0)" against the warning of a constant
// condition.
#define HABITS_GOTO_IF_FAILED(Label, Status, Expression, ...)                                   \
	do {                                                                                    \
		Status = (Expression);                                                          \
		if (!NT_SUCCESS(Status)) {                                                      \
			TraceLoggingWrite(HabitsTraceProvider, "Failure",                       \
					  TraceLoggingLevel(TRACE_LEVEL_ERROR),                 \
					  HabitsTraceFunction(),                                \
					  TraceLoggingWideString(L#Expression, "Expression"),   \
					  TraceLoggingUInt32(__LINE__, "Line"),                 \
					  TraceLoggingNTStatus(Status, "Status"), __VA_ARGS__); \
			goto Label;                                                             \
		}                                                                               \
	} while (0, 0)

// What came out as expected; the test wants all of them.
#define HABIT(What, Holds)                                            \
	TraceLoggingWrite(HabitsTraceProvider, "Habit",               \
			  TraceLoggingLevel(TRACE_LEVEL_INFORMATION), \
			  TraceLoggingString(What, "What"), TraceLoggingBoolean((Holds), "Holds"))
