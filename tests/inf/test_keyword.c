/* SPDX-License-Identifier: MIT */
/*
 * --set: its form, and which values the standardized keywords take. Source: "Standardized INF
 * Keywords for Network Devices", Windows documentation.
 */
#include "inf/keyword.h"
#include "test.h"

static void settings_are_taken_apart(void **state)
{
	struct keyword_setting s;
	struct error why;

	assert_true(keyword_split("*LsoV2IPv4=0", &s, &why));
	assert_string_equal(s.name, "*LsoV2IPv4");
	assert_string_equal(s.value, "0");
	assert_true(keyword_split("Text=a=b c", &s, &why));
	assert_string_equal(s.value, "a=b c");
	assert_true(keyword_split("Empty=", &s, &why));
	assert_string_equal(s.value, "");
}

static void malformed_settings_are_refused(void **state)
{
	static const char *const bad[] = { "",      "=",      "=1",   "*LsoV2IPv4",
					   "a b=1", "a\\b=1", "a=\n", "\x01=1" };
	struct keyword_setting s;
	struct error why;
	char longest[1400];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why.text[0] = '\0';
		assert_false(keyword_split(bad[i], &s, &why));
		assert_string_not_equal(why.text, "");
	}
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	longest[KEYWORD_MAX_NAME] = '=';
	assert_false(keyword_split(longest, &s, &why));
	longest[KEYWORD_MAX_NAME + 1 + KEYWORD_MAX_VALUE] = '\0';
	assert_true(keyword_split(longest, &s, &why));
	longest[KEYWORD_MAX_NAME] = 'a';
	longest[KEYWORD_MAX_NAME + 1] = '=';
	assert_false(keyword_split(longest, &s, &why));
}

static void check(const char *name, const char *good, const char *bad, const char *says)
{
	const struct keyword *k = keyword_standard(name);
	struct error why = { "" };

	assert_non_null(k);
	assert_true(keyword_check(k, good, &why));
	assert_false(keyword_check(k, bad, &why));
	if (says)
		assert_string_equal(why.text, says);
}

static void the_words_are_the_documented_ones(void **state)
{
	check("*LsoV2IPv4", "1", "2", "the keyword takes 0 (off) or 1 (on)");
	check("*lsov1ipv4", "0", "", NULL);
	check("*TCPChecksumOffloadIPv6", "3", "4",
	      "the keyword takes 0 (off), 1 (transmit), 2 (receive) or 3 (both)");
	check("*JumboPacket", "9014", "589", "the keyword takes a number from 590 to 65535");
	check("*JumboPacket", "1514", "1514x", NULL);
	check("*JumboPacket", "1514", "-1514", NULL);
	check("*JumboPacket", "1514", "99999999999999999999", NULL);
	check("*InterruptModeration", "0", "on", NULL);
	check("NetworkAddress", "02AAbb001122", "02:AA:bb:00:11",
	      "the keyword takes 12 hexadecimal digits, such as 02AABBCCDDEE");
	check("*LsoV2IPv6", "1", "+1", NULL);
	check("*LsoV2IPv6", "1", " 1", NULL);
}

static void slips_are_seen(void **state)
{
	assert_null(keyword_standard("*LsoV3IPv4"));
	assert_string_equal(keyword_nearest("*LsoV2IPv"), "*LsoV2IPv4");
	assert_string_equal(keyword_nearest("*JumboPackets"), "*JumboPacket");
	assert_null(keyword_nearest("*SomethingElse"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_taken_apart),
		cmocka_unit_test(malformed_settings_are_refused),
		cmocka_unit_test(the_words_are_the_documented_ones),
		cmocka_unit_test(slips_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
