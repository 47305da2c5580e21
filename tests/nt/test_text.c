/* SPDX-License-Identifier: MIT */
/* Counted strings, conversions, DbgPrint's formats, the registry. */
#include <ntstrsafe.h>
#include <stdio.h>

#include "base/utf.h"
#include "nt/format.h"
#include "nt/registry.h"
#include "stage/machine.h"

static void units_convert_both_ways(void **state)
{
	static const char text[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
	WCHAR wide[16];
	char back[32];

	assert_int_equal(utf16_from_utf8(wide, 16, text), 5);
	assert_int_equal(wide[1], 0xE4);
	assert_int_equal(wide[2], 0x20AC);
	assert_int_equal(wide[3], 0xD83D);
	assert_int_equal(wide[4], 0xDE00);
	assert_int_equal(utf8_from_utf16(back, sizeof(back), wide, 5), strlen(text));
	assert_string_equal(back, text);
}

static void broken_text_becomes_replacement_characters(void **state)
{
	static const WCHAR lone[] = { 'x', 0xD800, 'y', 0xDC00, 0 };
	WCHAR wide[16];
	char narrow[32];

	utf8_from_utf16(narrow, sizeof(narrow), lone, 16);
	assert_string_equal(narrow, "x\xEF\xBF\xBDy\xEF\xBF\xBD");
	/* overlong, a surrogate, beyond Unicode, cut off */
	assert_int_equal(utf16_from_utf8(wide, 16, "\xC0\x80"), 1);
	assert_int_equal(wide[0], 0xFFFD);
	assert_int_equal(utf16_from_utf8(wide, 16, "\xED\xA0\x80z"), 2);
	assert_int_equal(wide[1], 'z');
	assert_int_equal(utf16_from_utf8(wide, 16, "\xF5\x80\x80\x80"), 1);
	assert_int_equal(utf16_from_utf8(wide, 16, "\xE2\x82"), 1);
	assert_int_equal(wide[0], 0xFFFD);
	/* no half characters where there is no room */
	assert_int_equal(utf16_from_utf8(wide, 2, "\xF0\x9F\x98\x80"), 0);
	assert_int_equal(utf8_from_utf16(narrow, 3, (const WCHAR[]){ 0x20AC }, 1), 0);
	assert_string_equal(narrow, "");
}

static UNICODE_STRING counted(const WCHAR *text)
{
	UNICODE_STRING string;

	RtlInitUnicodeString(&string, text);
	return string;
}

static void counted_strings_compare_copy_and_append(void **state)
{
	UNICODE_STRING a = counted(u"Ethernet"), b = counted(u"ETHERNET"), room;
	WCHAR buffer[10];

	assert_int_equal(a.Length, 16);
	assert_int_equal(a.MaximumLength, 18);
	assert_true(RtlEqualUnicodeString(&a, &b, TRUE));
	assert_false(RtlEqualUnicodeString(&a, &b, FALSE));
	assert_true(RtlCompareUnicodeString(&a, &b, FALSE) > 0);
	assert_int_equal(RtlUpcaseUnicodeChar(0xE4), 0xC4);
	RtlInitEmptyUnicodeString(&room, buffer, sizeof(buffer));
	RtlCopyUnicodeString(&room, &a);
	assert_int_equal(RtlAppendUnicodeToString(&room, u" 2"), STATUS_SUCCESS);
	assert_int_equal(room.Length, 20);
	assert_memory_equal(buffer, u"Ethernet 2", 20);
	assert_int_equal(RtlAppendUnicodeToString(&room, u"!"), STATUS_BUFFER_TOO_SMALL);
	room.MaximumLength = 6;
	RtlCopyUnicodeString(&room, &a);
	assert_int_equal(room.Length, 6);
	RtlInitUnicodeString(&room, NULL);
	assert_int_equal(room.Length, 0);
}

static ULONG integer(const WCHAR *text, ULONG base)
{
	UNICODE_STRING string = counted(text);
	ULONG value = 77;

	assert_int_equal(RtlUnicodeStringToInteger(&string, base, &value), STATUS_SUCCESS);
	return value;
}

static void numbers_are_read_and_written(void **state)
{
	UNICODE_STRING string = counted(u"5");
	WCHAR buffer[4];
	ULONG value;

	assert_int_equal(integer(u" 1514x", 0), 1514);
	assert_int_equal(integer(u"0x5Ea", 0), 0x5EA);
	assert_int_equal(integer(u"5ea", 16), 0x5EA);
	assert_int_equal(integer(u"-2", 0), (ULONG)-2);
	assert_int_equal(integer(u"0b101", 0), 5);
	assert_int_equal(integer(u"", 0), 0);
	assert_int_equal(RtlUnicodeStringToInteger(&string, 7, &value), STATUS_INVALID_PARAMETER);
	RtlInitEmptyUnicodeString(&string, buffer, sizeof(buffer));
	assert_int_equal(RtlIntegerToUnicodeString(0x5EA, 16, &string), STATUS_SUCCESS);
	assert_memory_equal(buffer, u"5EA", 8);
	assert_int_equal(RtlIntegerToUnicodeString(12345, 10, &string), STATUS_BUFFER_OVERFLOW);
}

static const char *formatted(const char *format, ...)
{
	static char text[128];
	va_list arguments;

	va_start(arguments, format);
	nt_format(text, sizeof(text), format, arguments);
	va_end(arguments);
	return text;
}

static void formats_of_windows_are_understood(void **state)
{
	UNICODE_STRING name = counted(u"nic");
	char many[300];

	assert_string_equal(formatted("%d %u %x %lu %08lX", -1, 2u, 0xAB, 7u, 0x1Fu),
			    "-1 2 ab 7 0000001F");
	assert_string_equal(formatted("%I64d %llx %Iu", 1LL << 40, 0x1234567890ull, (SIZE_T)9),
			    "1099511627776 1234567890 9");
	assert_string_equal(formatted("%wZ|%ws|%S|%s|%c", &name, u"wide", u"W", "narrow", 'c'),
			    "nic|wide|W|narrow|c");
	assert_string_equal(formatted("%-5s|%5s|%.2s|%*d", "ab", "cd", "xyz", 4, 7),
			    "ab   |   cd|xy|   7");
	assert_string_equal(formatted("%s %ws 100%%", (char *)NULL, (WCHAR *)NULL),
			    "(null) (null) 100%");
	assert_string_equal(formatted("%p", (void *)0x1000), "0000000000001000");
	assert_string_equal(formatted("cut %"), "cut ?");
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = 0;
	assert_int_equal(strlen(formatted("%s", many)), 127);
}

static void floating_point_keeps_its_precision(void **state)
{
	assert_string_equal(formatted("%.2f %8.3e %g", 3.14159, 1234.5, 0.5), "3.14 1.234e+03 0.5");
}

static void strsafe_prints_as_windows(void **state)
{
	UNICODE_STRING name = counted(u"nic");
	CHAR text[8];
	WCHAR wide[8];
	static WCHAR many[3000], copy[3000];

	assert_int_equal(RtlStringCbPrintfA(text, sizeof(text), "%s-%d", "abc", 12345),
			 STATUS_BUFFER_OVERFLOW);
	assert_string_equal(text, "abc-123");
	assert_int_equal(RtlStringCchPrintfA(text, 8, "%lu %wZ", (ULONG)-1 / 429496729, &name),
			 STATUS_SUCCESS);
	assert_string_equal(text, "10 nic");
	assert_int_equal(RtlStringCchPrintfA(text, 8, "%lX%hS", (ULONG)-1, ""),
			 STATUS_BUFFER_OVERFLOW);
	assert_string_equal(text, "FFFFFFF");
	assert_int_equal(RtlStringCbPrintfA(text, 0, "x"), STATUS_INVALID_PARAMETER);
	assert_int_equal(RtlStringCchPrintfW(wide, 8, u"%s%S%wZ", u"a\u00e4", "b", &name),
			 STATUS_SUCCESS);
	assert_memory_equal(wide, u"a\u00e4bnic", 7 * sizeof(WCHAR));
	assert_int_equal(RtlStringCbPrintfW(wide, sizeof(wide), u"%ls", u"\u20ac234567"),
			 STATUS_SUCCESS);
	assert_int_equal(RtlStringCbPrintfW(wide, sizeof(wide), u"%hs%d", "123", 45678),
			 STATUS_BUFFER_OVERFLOW);
	assert_memory_equal(wide, u"1234567", 8 * sizeof(WCHAR));
	assert_int_equal(RtlStringCbPrintfW(wide, 1, u"x"), STATUS_INVALID_PARAMETER);
	for (size_t i = 0; i < 2999; i++)
		many[i] = i % 2 ? 0xDE00 : 0xD83D;
	many[2998] = 0;
	assert_int_equal(RtlStringCchPrintfW(copy, 3000, u"%s", many), STATUS_SUCCESS);
	assert_memory_equal(copy, many, 2999 * sizeof(WCHAR));
}

static void dbgprint_is_a_log_event(void **state)
{
	DbgPrint("link is %s\n", "up");
	assert_true(journal_find(&((struct test_machine *)*state)->journal,
				 "event DbgPrint text=link is up") >= 0);
}

static void set(struct nt_reg_key *key, const char *name, ULONG value)
{
	assert_int_equal(nt_reg_set(key, name, NT_REG_DWORD, &value, sizeof(value)),
			 STATUS_SUCCESS);
}

static void keys_hold_values_of_any_case(void **state)
{
	struct nt_reg_key *root = nt_reg_create(), *key;
	enum nt_reg_type type;
	ULONG value = 0;
	size_t length;

	assert_null(nt_reg_subkey(root, "Ndi", false));
	key = nt_reg_subkey(root, "Ndi", true);
	assert_ptr_equal(nt_reg_subkey(root, "NDI", false), key);
	set(key, "*LsoV2IPv4", 1);
	set(key, "*lsov2ipv4", 2);
	assert_int_equal(nt_reg_query(key, "*LSOV2IPV4", &type, &value, sizeof(value), &length),
			 STATUS_SUCCESS);
	assert_int_equal(value, 2);
	assert_int_equal(type, NT_REG_DWORD);
	assert_int_equal(nt_reg_query(key, "*LsoV2IPv4", &type, &value, 2, &length),
			 STATUS_BUFFER_OVERFLOW);
	assert_int_equal(length, 4);
	assert_int_equal(nt_reg_query(key, "other", &type, &value, 4, &length),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(nt_reg_delete(key, "*LsoV2IPv4"), STATUS_SUCCESS);
	assert_int_equal(nt_reg_delete(key, "*LsoV2IPv4"), STATUS_OBJECT_NAME_NOT_FOUND);
	nt_reg_destroy(root);
}

static void list(void *context, const char *name, const struct nt_reg_value *value)
{
	char *text = context;
	size_t used = strlen(text);

	if (value->type == NT_REG_SZ)
		snprintf(text + used, 100 - used, "%s=%s;", name, (const char *)value->data);
	else
		snprintf(text + used, 100 - used, "%s:%zu;", name, value->length);
}

static void values_are_listed_in_order_texts_in_utf8(void **state)
{
	struct nt_reg_key *root = nt_reg_create();
	char text[100] = "";

	assert_int_equal(nt_reg_set_string(root, "DriverDesc", "Karte f\xC3\xBCr"), STATUS_SUCCESS);
	set(root, "b", 1);
	set(root, "a", 1);
	assert_int_equal(nt_reg_set(root, "empty", NT_REG_BINARY, NULL, 0), STATUS_SUCCESS);
	nt_reg_each(root, list, text);
	assert_string_equal(text, "DriverDesc=Karte f\xC3\xBCr;b:4;a:4;empty:0;");
	nt_reg_destroy(root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(units_convert_both_ways),
		TEST(broken_text_becomes_replacement_characters),
		TEST(counted_strings_compare_copy_and_append),
		TEST(numbers_are_read_and_written),
		TEST(formats_of_windows_are_understood),
		TEST(floating_point_keeps_its_precision),
		TEST(strsafe_prints_as_windows),
		TEST(dbgprint_is_a_log_event),
		TEST(keys_hold_values_of_any_case),
		TEST(values_are_listed_in_order_texts_in_utf8),
	};

	return cmocka_run_group_tests_name("nt text", tests, NULL, NULL);
}
