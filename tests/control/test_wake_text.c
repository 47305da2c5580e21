/* SPDX-License-Identifier: MIT */
/* How patterns and addresses are written for `netcx sleep`. */
#include <string.h>

#include "control/wake_text.h"
#include "test.h"

static void patterns_are_read(void **state)
{
	struct wake_pattern p;
	struct error why;

	assert_true(wake_pattern_read("ffFF0806xx0a", &p, &why));
	assert_int_equal(p.length, 6);
	assert_memory_equal(p.bytes, "\xff\xff\x08\x06\x00\x0a", 6);
	assert_int_equal(p.mask[0], 0x2f);
	assert_true(wake_pattern_read("xx:xx:xx:xx:xx:xx:xx:xx:01", &p, &why));
	assert_int_equal(p.length, 9);
	assert_int_equal(p.mask[0], 0);
	assert_int_equal(p.mask[1], 1);
	assert_int_equal(p.bytes[8], 1);
}

static void no_pattern(const char *text, const char *says)
{
	struct wake_pattern p;
	struct error why;

	assert_false(wake_pattern_read(text, &p, &why));
	if (!strstr(why.text, says))
		fail_msg("%.20s: %s", text, why.text);
}

static void bad_patterns_are_told(void **state)
{
	char endless[2 * WAKE_TEXT_BYTES + 3];

	no_pattern("", "at least one byte");
	no_pattern("xxxx", "at least one byte");
	no_pattern("f", "for byte 1, not \"f\"");
	no_pattern("ffx", "for byte 2, not \"x\"");
	no_pattern("ffgg", "for byte 2, not \"gg\"");
	no_pattern(":ff", "for byte 1");
	no_pattern("ff:", "for byte 2");
	no_pattern("ff::ff", "for byte 2");
	memset(endless, 'f', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	no_pattern(endless, "at most 256 bytes");
}

static void arp_addresses(void **state)
{
	uint8_t host[4], remote[4];
	struct error why;

	assert_true(wake_arp_read("10.0.0.5", host, remote, &why));
	assert_memory_equal(host, "\x0a\x00\x00\x05", 4);
	assert_memory_equal(remote, "\0\0\0\0", 4);
	assert_true(wake_arp_read("10.0.0.5,10.0.0.1", host, remote, &why));
	assert_memory_equal(remote, "\x0a\x00\x00\x01", 4);
	assert_false(wake_arp_read("10.0.0", host, remote, &why));
	assert_string_equal(why.text, "an IPv4 address is expected");
	assert_false(wake_arp_read("fe80::1", host, remote, &why));
	assert_false(wake_arp_read("0.0.0.0", host, remote, &why));
	assert_string_equal(why.text, "nobody asks for 0.0.0.0: a host's address is expected");
	assert_false(wake_arp_read("224.0.0.1", host, remote, &why));
	assert_false(wake_arp_read("10.0.0.5,", host, remote, &why));
	assert_string_equal(why.text, "after the comma the address of who asks is expected");
	assert_false(wake_arp_read("10.0.0.5,10.0.0.1,10.0.0.2", host, remote, &why));
}

static void ns_addresses(void **state)
{
	uint8_t targets[2][16];
	static const uint8_t none[16];
	struct error why;

	assert_true(wake_ns_read("fe80::ab:1", targets, &why));
	assert_int_equal(targets[0][0], 0xfe);
	assert_int_equal(targets[0][13], 0xab);
	assert_memory_equal(targets[1], none, 16);
	assert_true(wake_ns_read("fe80::ab:1,2001:db8::ab:1", targets, &why));
	assert_int_equal(targets[1][0], 0x20);
	assert_false(wake_ns_read("fe80::ab:1,2001:db8::ac:1", targets, &why));
	assert_non_null(strstr(why.text, "end in the same three bytes"));
	assert_false(wake_ns_read("10.0.0.1", targets, &why));
	assert_string_equal(why.text, "an IPv6 address is expected");
	assert_false(wake_ns_read("ff02::1", targets, &why));
	assert_non_null(strstr(why.text, "nobody solicits ff02::1"));
	assert_false(wake_ns_read("::", targets, &why));
	assert_false(wake_ns_read("fe80::1,fe80", targets, &why));
	assert_string_equal(why.text, "after the comma a second IPv6 address is expected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_read),
		cmocka_unit_test(bad_patterns_are_told),
		cmocka_unit_test(arp_addresses),
		cmocka_unit_test(ns_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
