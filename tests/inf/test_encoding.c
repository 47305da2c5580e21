/* SPDX-License-Identifier: MIT */
/* The encodings of INF files. */
#include <stdlib.h>
#include <wdm.h>

#include "base/array.h"
#include "inf/inf.h"
#include "inf/text.h"
#include "test.h"

static struct inf *parse(const char *text)
{
	struct inf_error error;
	struct inf *inf = inf_parse(text, strlen(text), &error);

	if (!inf)
		fail_msg("%u:%u: %s", error.line, error.column, error.text);
	return inf;
}

static void encodings_give_the_same(void **state)
{
	static const char text[] = "\xEF\xBB\xBF[S\xC3\xA4]\nk = \xF0\x9F\x98\x80 \xC3\xA9\n";
	static const WCHAR wide[] = u"\xFEFF[S\u00E4]\nk = \U0001F600 \u00E9\n";
	struct inf_error error;
	struct inf *utf8 = parse(text);
	struct inf *utf16 = inf_parse(wide, sizeof(wide) - 2, &error);
	struct inf *ansi = inf_parse("[S\xE4]\nk = x \xE9\n", 13, &error);

	assert_non_null(utf16);
	assert_non_null(ansi);
	assert_string_equal(inf_value(inf_section(utf8, "S\xC3\xA4")->entries, 0),
			    "\xF0\x9F\x98\x80 \xC3\xA9");
	assert_string_equal(inf_value(inf_section(utf16, "S\xC3\xA4")->entries, 0),
			    "\xF0\x9F\x98\x80 \xC3\xA9");
	assert_string_equal(inf_value(inf_section(ansi, "S\xC3\xA4")->entries, 0), "x \xC3\xA9");
	inf_free(utf8);
	inf_free(utf16);
	inf_free(ansi);
}

/* Without a mark it is the machine's code page for setup, whatever it looks like. Wine's is 1252.
 */
static void bytes_without_a_mark_are_in_a_code_page(void **state)
{
	static const struct {
		unsigned code_page;
		const char *bytes, *expected;
	} cases[] = {
		{ 0, "[a]\n\xC3\xA9", "[a]\n\xC3\x83\xC2\xA9" },
		{ 65001, "[a]\n\xC3\xA9", "[a]\n\xC3\xA9" },
		{ 65001, "[a]\n\xC3;\xFF", "[a]\n\xEF\xBF\xBD;\xEF\xBF\xBD" },
		{ 932, "[a]\n\x83\x5C\xB1", "[a]\n\xE3\x82\xBD\xEF\xBD\xB1" },
		{ 936, "[a]\n\xC4\xE3", "[a]\n\xE4\xBD\xA0" },
		{ 1251, "[a]\n\xC4\xE0", "[a]\n\xD0\x94\xD0\xB0" },
		/* the mark has the last word */
		{ 1251, "\xEF\xBB\xBF[a]\n\xC3\xA9", "[a]\n\xC3\xA9" },
	};
	struct inf_error error;
	size_t length;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		char *text = inf_decode(cases[i].bytes, strlen(cases[i].bytes), cases[i].code_page,
					&length, &error);

		assert_non_null(text);
		assert_string_equal(text, cases[i].expected);
		assert_int_equal(length, strlen(text));
		free(text);
	}
	assert_true(inf_code_page_known(949));
	assert_false(inf_code_page_known(4711));
	assert_null(inf_decode("x", 1, 4711, &length, &error));
	assert_string_equal(error.text, "this system's iconv has no CP4711");
}

static void utf16_may_lack_its_mark(void **state)
{
	static const char le[] = "[\0a\0]\0\n\0x\0=\0\xE9\0\x3D\xD8";
	static const char be[] = "\0[\0a\0]\0\n\0x\0=\0\xE9\x04\x10";
	struct inf_error error;
	struct inf *inf = inf_parse(le, sizeof(le) - 1, &error);

	assert_non_null(inf);
	assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0), "\xC3\xA9\xEF\xBF\xBD");
	inf_free(inf);
	inf = inf_parse(be, sizeof(be) - 1, &error);
	assert_non_null(inf);
	assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0), "\xC3\xA9\xD0\x90");
	inf_free(inf);
}

/*
 * What git 2.39 makes of "\r\n" in UTF-16 that it cannot encode (working-tree-encoding) and writes
 * with eol=crlf all the same: a byte 0D before each 0A. It may be asked of a file that needs none.
 */
static void bytes_that_git_puts_into_utf16_are_left_out(void **state)
{
	static const char mangled[] = "\xFF\xFE[\0a\0]\0\r\0\r\n\0x\0=\0y\0\r\0\r\n\0\x0D\x0A\0";
	static const char sound[] = "\xFF\xFE[\0a\0]\0\r\0\n\0x\0=\0y\0\r\0\n\0\x0D";
	static const char expected[] = "[a]\r\nx=y\r\n\n";
	struct inf_error error;
	size_t length;
	char *text;

	assert_true(inf_is_crlf_utf16(mangled, sizeof(mangled) - 1));
	assert_false(inf_is_crlf_utf16(sound, sizeof(sound) - 1));
	assert_false(inf_is_crlf_utf16("\r\n", 3)); /* no mark */
	text = inf_decode(mangled, sizeof(mangled) - 1, 0, &length, &error);
	assert_string_equal(text, expected);
	free(text);
	text = inf_decode(sound, sizeof(sound) - 1, 0, &length, &error);
	assert_string_equal(text, "[a]\r\nx=y\r\n");
	free(text);
}

/* Code page 1252 is Latin-1 but for 0x80 to 0x9F, where five bytes stay control characters. */
static void ansi_is_that_of_windows(void **state)
{
	struct inf_error error;
	struct inf *inf = inf_parse("[a]\nk = \x80 \x93\xE9\x94 \x81\n", 16, &error);

	assert_non_null(inf);
	assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0),
			    "\xE2\x82\xAC \xE2\x80\x9C\xC3\xA9\xE2\x80\x9D \xC2\x81");
	inf_free(inf);
}

/* Halves of surrogate pairs are replaced, in the middle and at the end; an odd byte is dropped. */
static void what_is_no_utf16_is_replaced(void **state)
{
	static const unsigned char bytes[] = { 0xFE, 0xFF, 0,    '[',  0,    'a',  0,    ']',
					       0,    '\n', 0,    'x',  0,    '=',  0xD8, 0x01,
					       0,    'y',  0xDC, 0x01, 0xD8, 0x01, 0x55 };
	struct inf_error error;
	struct inf *inf = inf_parse(bytes, sizeof(bytes), &error);

	assert_non_null(inf);
	assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0),
			    "\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD");
	inf_free(inf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings_give_the_same),
		cmocka_unit_test(bytes_without_a_mark_are_in_a_code_page),
		cmocka_unit_test(utf16_may_lack_its_mark),
		cmocka_unit_test(bytes_that_git_puts_into_utf16_are_left_out),
		cmocka_unit_test(ansi_is_that_of_windows),
		cmocka_unit_test(what_is_no_utf16_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
