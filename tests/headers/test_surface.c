/* SPDX-License-Identifier: MIT */
/* Runs checks.inc in its four variants, and plays the executive and the framework for it. */
#define NETCX_HOST
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <netadaptercx.h>
#include <TraceLoggingProvider.h>
#include "checks.h"

struct played played;

VOID check_that(BOOLEAN Holds, const char *Text, const char *File, int Line)
{
	_assert_true(Holds, Text, File, Line);
}

BOOLEAN is_text(const char *Text, const char *Expected)
{
	return strcmp(Text, Expected) == 0;
}

VOID RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message)
{
	played.asserts++;
	snprintf(played.assertion, sizeof(played.assertion), "%s", (char *)FailedAssertion);
}

NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType, ULONG PoolTag,
			 size_t BufferSize, WDFMEMORY *Memory, PVOID *Buffer)
{
	static _Alignas(16) UCHAR room[64][64];
	static unsigned used;

	assert_int_equal(PoolType, NonPagedPoolNx);
	assert_true(BufferSize <= sizeof(room[0]));
	if (played.memory_is_out)
		return STATUS_INSUFFICIENT_RESOURCES;
	played.memories++;
	played.memory_parent = Attributes ? Attributes->ParentObject : NULL;
	*Buffer = room[used++ % ARRAYSIZE(room)];
	*Memory = (WDFMEMORY)*Buffer;
	return STATUS_SUCCESS;
}

/* A context is what it was asked of. */
PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo)
{
	assert_string_equal(TypeInfo->ContextName, "CHECKED_CONTEXT");
	return Handle;
}

PVOID NetPacketGetTypedContext(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
			       PCNET_CONTEXT_TYPE_INFO TypeInfo)
{
	assert_string_equal(TypeInfo->ContextName, "CHECKED_PACKET");
	return NetPacket;
}

PVOID NetPacketGetContextFromToken(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
				   PNET_PACKET_CONTEXT_TOKEN Token)
{
	return Token;
}

NTSTATUS netcx_trace_register(TraceLoggingHProvider Provider)
{
	((struct _tlgProvider_t *)Provider)->registered = 1;
	((struct _tlgProvider_t *)Provider)->level = 255;
	return STATUS_SUCCESS;
}

VOID netcx_trace_unregister(TraceLoggingHProvider Provider)
{
	((struct _tlgProvider_t *)Provider)->registered = 0;
	((struct _tlgProvider_t *)Provider)->level = 0;
}

/* The first field is there so that the array is never empty. */
VOID netcx_trace_write(TraceLoggingHProvider Provider, const char *Event,
		       const struct netcx_trace_field *Fields, SIZE_T Count)
{
	assert_int_equal(Fields[0].type, NETCX_TRACE_NONE);
	assert_true(Count - 1 <= ARRAYSIZE(played.fields));
	played.events++;
	snprintf(played.event, sizeof(played.event), "%s", Event);
	played.event_fields = (unsigned)Count - 1;
	for (SIZE_T i = 1; i < Count; i++) {
		snprintf(played.fields[i - 1].name, sizeof(played.fields[0].name), "%s",
			 Fields[i].name);
		played.fields[i - 1].type = Fields[i].type;
		played.fields[i - 1].size = Fields[i].size;
		played.fields[i - 1].number = Fields[i].number;
		played.fields[i - 1].data = Fields[i].data;
	}
}

#define DECLARE(name)                                                            \
	VOID name##_c_free(VOID), name##_cxx_free(VOID), name##_c_checked(VOID), \
		name##_cxx_checked(VOID);
EACH_CHECK(DECLARE)

#define RUN(name)                                   \
	static void name(void **state)              \
	{                                           \
		memset(&played, 0, sizeof(played)); \
		name##_c_free();                    \
		name##_cxx_free();                  \
		name##_c_checked();                 \
		name##_cxx_checked();               \
	}
EACH_CHECK(RUN)

#define ENTRY(name) cmocka_unit_test(name),

int main(void)
{
	const struct CMUnitTest tests[] = { EACH_CHECK(ENTRY) };

	return cmocka_run_group_tests_name("headers surface", tests, NULL, NULL);
}
