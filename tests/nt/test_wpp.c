/* SPDX-License-Identifier: MIT */
/* WPP's messages: their text against printf's, and values that are not what they should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/event.h"
#include "nt/trace.h"
#include "nt/wpp_text.h"
#include "stage/machine.h"

#define NUMBER(n)                      \
	{                              \
		.number = (ULONG64)(n) \
	}
#define ADDRESS(p)          \
	{                   \
		.data = (p) \
	}
#define PAIR(p, n)                       \
	{                                \
		.data = (p), .size = (n) \
	}
#define COUNT(values) (sizeof(values) / sizeof((values)[0]))

/* One piece with values, in memory of its own size, so that a sanitizer sees what is read beyond.
 */
#define SAYS(kind_, form_, stars_, slots_, expected, ...)                                   \
	do {                                                                                \
		const struct netcx_wpp_piece piece = { "<", form_, kind_, stars_, slots_ }; \
		const struct netcx_wpp_site site = { "f.c", "F", &piece, 1, 1 };            \
		const struct netcx_wpp_value values[] = { __VA_ARGS__ };                    \
		char text[1000];                                                            \
		wpp_text(text, sizeof(text), &site, "Function", values, COUNT(values));     \
		assert_string_equal(text, expected);                                        \
	} while (0)

/* Memory that ends with what is in it. */
static void *exactly(const void *bytes, size_t size)
{
	void *copy = malloc(size);

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	return copy;
}

static void numbers_are_printfs(void **state)
{
	static const long long numbers[] = { 0, 1, -1, 255, -32768, 0x7fffffffffffffff };
	static const char *const forms[] = { "%lld", "%8lld", "%-8lld|", "%08llx", "%#llx",
					     "%llu", "%+lld", "%.3lld",  "%#llo",  "%llX" };
	char expected[200];

	for (size_t f = 0; f < COUNT(forms); f++) {
		for (size_t n = 0; n < COUNT(numbers); n++) {
			expected[0] = '<';
			snprintf(expected + 1, sizeof(expected) - 1, forms[f], numbers[n]);
			SAYS(NETCX_WPP_NUMBER, forms[f], 0, 1, expected, NUMBER(numbers[n]));
		}
	}
	snprintf(expected, sizeof(expected), "<%*lld", 9, 5LL);
	SAYS(NETCX_WPP_NUMBER, "%*lld", 1, 1, expected, NUMBER(9), NUMBER(5));
	snprintf(expected, sizeof(expected), "<%*.*lld", -9, 3, 5LL);
	SAYS(NETCX_WPP_NUMBER, "%*.*lld", 2, 1, expected, NUMBER(-9), NUMBER(3), NUMBER(5));
	snprintf(expected, sizeof(expected), "<%.3f", 2.5);
	{
		struct netcx_wpp_value value = netcx_wpp_real(2.5);

		SAYS(NETCX_WPP_REAL, "%.3f", 0, 1, expected, value);
	}
}

static void a_width_of_the_drivers_is_bounded(void **state)
{
	char text[3000];
	const struct netcx_wpp_piece piece = { "", "%*lld", NETCX_WPP_NUMBER, 1, 1 };
	const struct netcx_wpp_site site = { "f.c", "F", &piece, 1, 1 };
	const struct netcx_wpp_value values[] = { NUMBER(0x7fffffff), NUMBER(1) };

	wpp_text(text, sizeof(text), &site, "", values, 2);
	assert_int_equal(strlen(text), 512);
	wpp_text(text, 10, &site, "", values, 2);
	assert_int_equal(strlen(text), 9);
}

static void no_more_of_a_text_is_read_than_is_shown(void **state)
{
	char *three = exactly("abc", 3);
	WCHAR *two = exactly(u"de", 4);
	STRING narrow = { .Length = 3, .MaximumLength = 3, .Buffer = three };
	UNICODE_STRING wide = { .Length = 4, .MaximumLength = 4, .Buffer = two };

	SAYS(NETCX_WPP_STRING, "%.3s", 0, 1, "<abc", ADDRESS(three));
	SAYS(NETCX_WPP_STRING, "%.*s", 1, 1, "<ab", NUMBER(2), ADDRESS(three));
	SAYS(NETCX_WPP_STRING, "%.0s", 0, 1, "<", ADDRESS(three));
	SAYS(NETCX_WPP_STRING, "%*.*s", 2, 1, "<  abc", NUMBER(5), NUMBER(3), ADDRESS(three));
	SAYS(NETCX_WPP_WIDE_STRING, "%.2s", 0, 1, "<de", ADDRESS(two));
	SAYS(NETCX_WPP_ANSI_STRING, "%s", 0, 1, "<abc", ADDRESS(&narrow));
	SAYS(NETCX_WPP_UNICODE_STRING, "%-4s|", 0, 1, "<de  |", ADDRESS(&wide));
	free(three);
	free(two);
}

static void what_is_missing_is_said(void **state)
{
	UNICODE_STRING empty = { 0 }, lying = { .Length = 4 };

	SAYS(NETCX_WPP_STRING, "%s", 0, 1, "<NULL", ADDRESS(NULL));
	SAYS(NETCX_WPP_GUID, "%s", 0, 1, "<NULL", ADDRESS(NULL));
	SAYS(NETCX_WPP_SID, "%s", 0, 1, "<NULL", ADDRESS(NULL));
	SAYS(NETCX_WPP_UNICODE_STRING, "%s", 0, 1, "<", ADDRESS(&empty));
	SAYS(NETCX_WPP_UNICODE_STRING, "%s", 0, 1, "<NULL", ADDRESS(&lying));
	/* A width without its value, and a kind of the future. */
	SAYS(NETCX_WPP_NUMBER, "%*lld", 1, 1, "<", NUMBER(4));
	SAYS(1000, "%s", 0, 1, "<", NUMBER(4));
}

static void pairs_are_lengths_and_bytes(void **state)
{
	UCHAR *bytes = exactly("\x01\x02\xff", 3);
	USHORT three = 3, many = 300;
	UCHAR *large = calloc(1, 300);
	ULONG v4 = 0x0100007f;

	SAYS(NETCX_WPP_DUMP, "%s", 0, 2, "<01 02 ff", PAIR(&three, 2), PAIR(bytes, 3));
	SAYS(NETCX_WPP_DUMP, "%s", 0, 1, "<01 02 ff", PAIR(bytes, 3));
	/* A length beyond the memory that was given with it. */
	SAYS(NETCX_WPP_DUMP, "%s", 0, 2, "<01 02 ff", PAIR(&many, 2), PAIR(bytes, 3));
	SAYS(NETCX_WPP_ANSI_STRING, "%s", 0, 2, "<\x01\x02\xff", PAIR(&three, 2), PAIR(bytes, 3));
	SAYS(NETCX_WPP_IPV4, "%s", 0, 1, "<127.0.0.1", PAIR(&v4, 4));
	{
		const struct netcx_wpp_piece piece = { "", "%s", NETCX_WPP_DUMP, 0, 1 };
		const struct netcx_wpp_value value = PAIR(large, 300);
		char text[600];

		wpp_value_text(text, sizeof(text), &piece, &value, 1);
		assert_non_null(strstr(text, " 00 ... (300 bytes)"));
	}
	free(bytes);
	free(large);
}

static void names_and_numbers_beyond_them(void **state)
{
	SAYS(NETCX_WPP_LIST, "0Idle,4Busy,5Gone", 0, 1, "<Busy", NUMBER(4));
	SAYS(NETCX_WPP_LIST, "0Idle,4Busy,5Gone", 0, 1, "<7", NUMBER(7));
	SAYS(NETCX_WPP_SET, "0Read,1Write", 0, 1, "<Read|Write|0x8", NUMBER(11));
	SAYS(NETCX_WPP_SET, "0Read,1Write", 0, 1, "<0x0", NUMBER(0));
	SAYS(NETCX_WPP_ENUM, "%s", 0, 1, "<-3", NUMBER(-3));
	SAYS(NETCX_WPP_HRESULT, "%s", 0, 1, "<0x80070002(ERROR_FILE_NOT_FOUND)",
	     NUMBER(0x80070002));
	SAYS(NETCX_WPP_HRESULT, "%s", 0, 1, "<0xd000000d(STATUS_INVALID_PARAMETER)",
	     NUMBER(0xd000000d));
	SAYS(NETCX_WPP_STATUS, "%s", 0, 1, "<0xc1234567", NUMBER(0xc1234567));
	SAYS(NETCX_WPP_WINERROR, "%s", 0, 1, "<0x0000ffff", NUMBER(0xffff));
	SAYS(NETCX_WPP_IRQL, "%s", 0, 1, "<DIRQL(9)", NUMBER(9));
	SAYS(NETCX_WPP_TIME, "%s", 0, 1, "<1970-01-01 00:00:00.000", NUMBER(116444736000000000));
	SAYS(NETCX_WPP_TIME, "%s", 0, 1, "<-1", NUMBER(-1));
	SAYS(NETCX_WPP_DELTA, "%s", 0, 1, "<-0~0:0:5", NUMBER(-5000));
}

/* ---- who listens ---- */
static unsigned heard;

static void count(void *context, const struct nt_event *event)
{
	(void)context;
	heard += event->kind == NT_EVENT_TRACE;
}

static WPP_CB_TYPE control[] = {
	{ { 0, "P", "(00000001,0002,0003,0405,060708090A0B)", "A,B,", { 0 }, 0, 0, 0, 0, 0 } }
};

static unsigned written(LONG level, const char *flag)
{
	const struct netcx_wpp_piece piece = { "x", 0, NETCX_WPP_NOTHING, 0, 0 };
	const struct netcx_wpp_site site = { "f.c", flag, &piece, 1, 1 };
	const struct netcx_wpp_value none = { 0 };

	heard = 0;
	netcx_wpp_write(control[0].Control.Logger, &site, level, "F", &none, 0);
	return heard;
}

static void a_provider_hears_who_listens(void **state)
{
	struct test_machine *m = *state;
	struct nt_trace_rule rule = { "{00000001-0002-0003-0405-060708090A0B}", NT_TRACE_WARNING,
				      "B" };

	m->machine.sink = (struct nt_event_sink){ .emit = count };
	assert_int_equal(written(2, "A"), 0); /* before it is registered */
	netcx_wpp_register(control, 1);
	assert_int_equal(control[0].Control.Level, 255);
	assert_int_equal(written(5, "A"), 1);
	nt_traces_listen(&m->machine, NT_TRACE_OFF);
	assert_int_equal(control[0].Control.Level | control[0].Control.Flags[0], 0);
	assert_int_equal(written(1, "A"), 0);
	assert_true(nt_traces_set(&m->machine, &rule));
	assert_int_equal(control[0].Control.Flags[0], 2);
	assert_int_equal(written(3, "B"), 1);
	assert_int_equal(written(4, "B"), 0);
	assert_int_equal(written(3, "A"), 0);
	nt_traces_reset(&m->machine, rule.provider);
	assert_int_equal(written(3, "B"), 0);
	netcx_wpp_unregister(control, 1);
	nt_traces_listen(&m->machine, NT_TRACE_VERBOSE);
	assert_int_equal(written(1, "A"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_are_printfs),
		TEST(a_width_of_the_drivers_is_bounded),
		TEST(no_more_of_a_text_is_read_than_is_shown),
		TEST(what_is_missing_is_said),
		TEST(pairs_are_lengths_and_bytes),
		TEST(names_and_numbers_beyond_them),
		TEST(a_provider_hears_who_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
