/* SPDX-License-Identifier: MIT */
/*
 * What lives in the headers only, checked as a driver sees it: checks.inc is compiled as C and as
 * C++, as a free and as a checked build (DBG). test_surface.c runs all four.
 */
#ifndef TESTS_HEADERS_CHECKS_H
#define TESTS_HEADERS_CHECKS_H

#include <ntddk.h>

/* Ends the test that runs unless @Holds. */
EXTERN_C VOID check_that(BOOLEAN Holds, const char *Text, const char *File, int Line);

/* strcmp() is not among what a driver gets of the kit's headers. */
EXTERN_C BOOLEAN is_text(const char *Text, const char *Expected);

#define CHECK(expression) check_that((expression) ? TRUE : FALSE, #expression, __FILE__, __LINE__)

/* What the executive and the framework were asked for: test_surface.c plays both. */
struct played {
	unsigned asserts;      /* calls of RtlAssert */
	char assertion[64];    /* the last one's text */
	BOOLEAN memory_is_out; /* WdfMemoryCreate fails */
	PVOID memory_parent;   /* its attributes' ParentObject */
	unsigned memories;     /* how many it made */
	unsigned events;       /* calls of netcx_trace_write */
	char event[32];
	unsigned event_fields;
	struct {
		char name[32];
		ULONG type, size;
		ULONG64 number;
		const void *data;
	} fields[16];
};
EXTERN_C struct played played;

#define EACH_CHECK(DO)              \
	DO(assertions)              \
	DO(statuses)                \
	DO(places_and_sizes)        \
	DO(words)                   \
	DO(minimum_and_maximum)     \
	DO(ethernet_addresses)      \
	DO(strings_of_constants)    \
	DO(memory)                  \
	DO(interlocked)             \
	DO(checked_sums)            \
	DO(bounded_text)            \
	DO(flags)                   \
	DO(wdf_initialisers)        \
	DO(net_initialisers)        \
	DO(capability_initialisers) \
	DO(request_handlers)        \
	DO(contexts)                \
	DO(packets)                 \
	DO(trace_fields)            \
	DO(trace_events)            \
	DO(interlocked_narrow)      \
	DO(interlocked_by_order)    \
	DO(ordered_accesses)        \
	DO(expressions)             \
	DO(configuration_space)     \
	DO(express_capability)      \
	DO(counted_strings)         \
	DO(trace_values)

#endif
