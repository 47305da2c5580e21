/* SPDX-License-Identifier: MIT */
/* TraceLogging, as a driver in C writes it: what becomes of an event, at the edges too. */
#include <TraceLoggingProvider.h>
#include <evntrace.h>
#include <stdio.h>

#include "nt/event.h"
#include "nt/irql.h"
#include "stage/machine.h"

TRACELOGGING_DECLARE_PROVIDER(Provider);
TRACELOGGING_DEFINE_PROVIDER(Provider, "Netcx.Test",
			     (0x7a1d2c3b, 0x4e5f, 0x4a6b, 0x8c, 0x9d, 0x0e, 0x1f, 0x2a, 0x3b, 0x4c,
			      0x5d),
			     TraceLoggingOptionGroup(1, 2, 3));

/* The last event as "name|field=value|...", and how many there were. */
static struct {
	char text[8192];
	size_t fields;
	unsigned count;
} last;

static void emit(void *context, const struct nt_event *event)
{
	size_t used = (size_t)snprintf(last.text, sizeof(last.text), "%s", event->name);

	assert_int_equal(event->kind, NT_EVENT_TRACE);
	for (size_t i = 0; i < event->field_count; i++) {
		const struct nt_field *f = &event->fields[i];
		char *at = last.text + used;
		size_t room = sizeof(last.text) - used;

		if (f->type == NT_FIELD_TEXT)
			used += (size_t)snprintf(at, room, "|%s=%s", f->name, f->text);
		else
			used += (size_t)snprintf(at, room, "|%s=%c%llu", f->name, "ub?s"[f->type],
						 (unsigned long long)f -> number);
	}
	last.fields = event->field_count;
	last.count++;
}

static int set_up(void **state)
{
	struct test_machine *m;

	if (machine_set_up(state) != 0)
		return -1;
	m = *state;
	m->machine.sink = (struct nt_event_sink){ .emit = emit };
	last.count = 0;
	return TraceLoggingRegister(Provider);
}

static int tear_down(void **state)
{
	TraceLoggingUnregister(Provider);
	return machine_tear_down(state);
}

static void an_event_has_its_provider_and_level(void **state)
{
	TraceLoggingWrite(Provider, "Bare");
	assert_string_equal(last.text, "Bare|provider=Netcx.Test|level=verbose");
	TraceLoggingWrite(Provider, "Levelled", TraceLoggingLevel(TRACE_LEVEL_ERROR), );
	assert_string_equal(last.text, "Levelled|provider=Netcx.Test|level=error");
	for (UCHAR level = TRACE_LEVEL_ERROR; level <= TRACE_LEVEL_VERBOSE; level++) {
		static const char *const names[] = { "=error", "=warning", "=info", "=verbose" };

		TraceLoggingWrite(Provider, "E", TraceLoggingLevel(level),
				  TraceLoggingUInt32(MAXULONG, "most"),
				  TraceLoggingUInt32(0, "least"), TraceLoggingWideString(u"", "w"));
		assert_non_null(strstr(last.text, names[level - TRACE_LEVEL_ERROR]));
		assert_non_null(strstr(last.text, "|most=u4294967295|least=u0|w="));
	}
	TraceLoggingWrite(Provider, "Beyond", TraceLoggingUInt8(1, "a"), TraceLoggingLevel(200),
			  TraceLoggingKeyword(1), TraceLoggingOpcode(WINEVENT_OPCODE_START),
			  TraceLoggingDescription("of no interest"));
	assert_string_equal(last.text, "Beyond|provider=Netcx.Test|level=verbose|a=u1");
}

static void fields_have_their_values(void **state)
{
	UNICODE_STRING wide = RTL_CONSTANT_STRING(u"wide");
	ANSI_STRING narrow = { 3, 8, "narrow" };
	GUID guid = { 1, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };
	int variable = -7;

	TraceLoggingWrite(Provider, "Numbers", TraceLoggingUInt8(256 + 3, "u8"),
			  TraceLoggingInt8(-1, "i8"), TraceLoggingUInt64(~0ull, "u64"),
			  TraceLoggingInt64((LONG)MINLONG, "i64"), TraceLoggingInt32(variable),
			  TraceLoggingHexUInt32(-1, "hex"), TraceLoggingBoolean(2, "yes"),
			  TraceLoggingNTStatus(STATUS_UNSUCCESSFUL, "status"),
			  TraceLoggingPointer((PVOID)0x1000, "pointer"));
	assert_string_equal(
		last.text,
		"Numbers|provider=Netcx.Test|level=verbose|u8=u3|i8=-1|u64=u18446744073709551615|i64=-2147483648|variable=-7|hex=0xffffffff|yes=b1|status=s3221225473|pointer=0x1000");
	TraceLoggingWrite(Provider, "Texts", TraceLoggingString("a", "s", "described", 3),
			  TraceLoggingCountedString("counted", 5, "c"),
			  TraceLoggingWideString(u"w\x20AC", "w"),
			  TraceLoggingCountedWideString(u"counted", 2, "cw"),
			  TraceLoggingUnicodeString(&wide, "u"),
			  TraceLoggingAnsiString(&narrow, "n"), TraceLoggingChar('x', "ch"),
			  TraceLoggingBinary("\x01\xFF", 2, "b"), TraceLoggingGuid(guid, "g"));
	assert_string_equal(
		last.text,
		"Texts|provider=Netcx.Test|level=verbose|s=a|c=count|w=w\xE2\x82\xAC|cw=co|u=wide|n=nar|ch=x|b=01ff|g={00000001-0002-0003-0405-060708090a0b}");
}

static void nothing_is_a_value_too(void **state)
{
	UNICODE_STRING empty = { 0 };

	TraceLoggingWrite(Provider, "Nulls", TraceLoggingString(NULL, "s"),
			  TraceLoggingWideString(NULL, "w"), TraceLoggingUnicodeString(NULL, "u"),
			  TraceLoggingUnicodeString(&empty, "e"), TraceLoggingAnsiString(NULL, "n"),
			  TraceLoggingBinary(NULL, 4, "b"), TraceLoggingPointer(NULL, "p"));
	assert_string_equal(last.text,
			    "Nulls|provider=Netcx.Test|level=verbose|s=|w=|u=|e=|n=|b=|p=0x0");
}

static void what_is_too_long_is_cut(void **state)
{
	struct netcx_trace_field many[200];
	char text[2000];

	memset(text, 'x', sizeof(text));
	TraceLoggingWrite(Provider, "Long", TraceLoggingCountedString(text, sizeof(text), "s"),
			  TraceLoggingBinary(text, sizeof(text), "b"));
	assert_non_null(strstr(last.text, "|s=xxx"));
	assert_true(strlen(last.text) < 600);
	for (size_t i = 0; i < 200; i++)
		many[i] = TraceLoggingUInt32(i, "n");
	netcx_trace_write(Provider, "Many", many, 200);
	assert_true(last.fields >= 32 && last.fields <= 200);
}

static void only_a_registered_provider_is_heard(void **state)
{
	TraceLoggingUnregister(Provider);
	assert_false(TraceLoggingProviderEnabled(Provider, 0, 0));
	TraceLoggingWrite(Provider, "Unheard", TraceLoggingUInt8(*(volatile UCHAR *)NULL, "never"));
	assert_int_equal(last.count, 0);
	assert_int_equal(TraceLoggingRegisterEx(Provider, NULL, NULL), STATUS_SUCCESS);
	assert_true(TraceLoggingProviderEnabled(Provider, 0, 0));
}

static void any_irql_will_do(void **state)
{
	KIRQL before = nt_irql_raise(NT_DIRQL);

	TraceLoggingWrite(Provider, "High");
	nt_irql_lower(before);
	assert_int_equal(last.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_event_has_its_provider_and_level),
		TEST(fields_have_their_values),
		TEST(nothing_is_a_value_too),
		TEST(what_is_too_long_is_cut),
		TEST(only_a_registered_provider_is_heard),
		TEST(any_irql_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
