/* SPDX-License-Identifier: MIT */
/*
 * TargetOSVersion decorations: which Models section a version of Windows takes. Source: "INF
 * Manufacturer section" and "Combining platform extensions with operating system versions".
 */
#include <stdio.h>

#include "base/array.h"
#include "inf/install.h"
#include "inf/os.h"
#include "test.h"

#define ARCH INF_ARCHITECTURE

static struct inf_os os_of(const char *text)
{
	struct inf_os os = { 0 };
	struct error why = { "" };

	if (!inf_os_parse(text, &os, &why))
		fail_msg("%s: %s", text, why.text);
	return os;
}

static void each_api_came_with_a_windows(void **state)
{
	static const struct {
		unsigned major, minor, build;
	} cases[] = {
		{ 1, 0, 15063 }, { 1, 3, 17763 }, { 1, 4, 17763 }, { 2, 0, 19041 }, { 2, 2, 22000 },
		{ 2, 3, 22621 }, { 2, 5, 26100 }, { 2, 9, 26100 }, { 0, 0, 17763 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct inf_os os = inf_os_of_api(cases[i].major, cases[i].minor);

		assert_int_equal(os.major, 10);
		assert_int_equal(os.minor, 0);
		assert_int_equal(os.build, cases[i].build);
		assert_int_equal(os.product, 1);
	}
}

static void versions_are_read_and_written(void **state)
{
	static const char *const good[] = { "10.0.17763", "6.1.7601", "10.0.20348,server",
					    "10.0.20348,domain-controller" };
	static const char *const bad[] = {
		"",           "10",    "10.0",        "10.0.",         "10.0.x",        "10.0.1.2",
		"+10.0.1",    "0.0.1", "10.0.17763,", "10.0.1,client", "10.0.99999999", " 10.0.1",
		"10.0.17763 "
	};
	struct error why;
	struct inf_os os;
	char text[48];

	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		os = os_of(good[i]);
		assert_string_equal(inf_os_text(&os, text, sizeof(text)), good[i]);
	}
	os = os_of("10.0.1,Workstation");
	assert_string_equal(inf_os_text(&os, text, sizeof(text)), "10.0.1");
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		assert_false(inf_os_parse(bad[i], &os, &why));
		assert_non_null(strstr(why.text, "10.0.17763"));
	}
}

/* The section that is taken from a [Manufacturer] line, whose Models sections are all there. */
static void takes(const char *os_text, const char *decorations, const char *expected)
{
	struct inf_os os = os_of(os_text);
	char text[2048], list[512], *rest = list;
	struct inf_install install;
	struct inf_error error;
	struct inf *inf;
	int n = snprintf(text, sizeof(text), "[Manufacturer]\nM = S%s%s\n[none]\n[S]\nd=none,x\n",
			 *decorations ? "," : "", decorations);

	snprintf(list, sizeof(list), "%s", decorations);
	for (const char *d; (d = strsep(&rest, ", "));) {
		if (*d)
			n += snprintf(text + n, sizeof(text) - (size_t)n,
				      "[S.%s]\nd = %s, x\n[%s]\n", d, d, d);
	}
	inf = inf_parse(text, (size_t)n, &error);
	assert_non_null(inf);
	if (!inf_install(inf, &os, NULL, &install, &error))
		fail_msg("%s, \"%s\": %s", os_text, decorations, error.text);
	if (strcmp(install.section, expected) != 0)
		fail_msg("%s, \"%s\": took %s, not %s", os_text, decorations, install.section,
			 expected);
	inf_free(inf);
}

static void the_highest_version_that_is_not_newer_is_taken(void **state)
{
	const char *three = ARCH ".6.1, " ARCH ".10.0, " ARCH ".10.0...14393";

	takes("6.1.7601", three, ARCH ".6.1");
	takes("6.3.9600", three, ARCH ".6.1");
	takes("10.0.10240", three, ARCH ".10.0");
	takes("10.0.14393", three, ARCH ".10.0...14393");
	takes("10.0.26100", ARCH ".10.0...14393, " ARCH ".10.0, " ARCH ".6.1",
	      ARCH ".10.0...14393");
	takes("10.0.17763", ARCH ".10.0...22000, " ARCH ".10.0...16299, " ARCH,
	      ARCH ".10.0...16299");
	takes("10.0.17763", ARCH ".10.0...17764, " ARCH, ARCH);
	takes("10.0.17763", ARCH ".11, " ARCH ".10.1, " ARCH ".10, " ARCH ".9.9", ARCH ".10");
	takes("10.0.17763", ARCH ".10, " ARCH ".10.0", ARCH ".10.0");
	/* a build counts within its own version only */
	takes("10.0.17763", ARCH ".6.3...20000, " ARCH ".6.2", ARCH ".6.3...20000");
}

static void product_and_suites_must_be_the_systems(void **state)
{
	takes("10.0.17763", ARCH ", " ARCH "...3", ARCH);
	takes("10.0.17763", ARCH ", " ARCH "...1", ARCH "...1");
	takes("10.0.17763,server", ARCH ", " ARCH "...1, " ARCH "...0x3", ARCH "...0x3");
	takes("10.0.17763,domain-controller", ARCH "...3, " ARCH "...0x0000002",
	      ARCH "...0x0000002");
	takes("10.0.17763", ARCH ", " ARCH "....0x80", ARCH);
	takes("10.0.17763", ARCH ", " ARCH "....0x100", ARCH "....0x100");
	takes("10.0.17763,server", ARCH "....0x10, " ARCH "....0x110, " ARCH "....0x190",
	      ARCH "....0x110");
	/* the version comes first */
	takes("10.0.17763", ARCH ".10.0, " ARCH ".6.1.1.0x100", ARCH ".10.0");
	takes("10.0.17763", ARCH ".10.0.1, " ARCH ".10.0...17763", ARCH ".10.0...17763");
}

static void the_architecture_comes_first(void **state)
{
	takes("10.0.17763", "NT, NTia64, " ARCH ", NTx86x", ARCH);
	takes("10.0.17763", ARCH ", NT.10.0...17763", ARCH);
	takes("10.0.17763", "NT.6.1, NT.10.0", "NT.10.0");
	takes("10.0.17763", "NT$ARCH$.10.0...16299, NTia64", "NT$ARCH$.10.0...16299");
	takes("10.0.17763", "NTia64, NTalpha", "none");
	takes("10.0.17763", "", "none");
}

/* Windows before 10.0.14310 did not know builds, and leaves such a decoration out. */
static void what_is_no_decoration_is_left_out(void **state)
{
	takes("10.0.17763",
	      ARCH ".x, " ARCH ".10.0.....1, " ARCH ".-1, " ARCH ".0x, x, " ARCH ".6.1",
	      ARCH ".6.1");
}

static void refuse(const char *text, unsigned line, const char *says)
{
	struct inf_os os = os_of("10.0.17763");
	struct inf_install install;
	struct inf_error error;
	struct inf *inf = inf_parse(text, strlen(text), &error);

	assert_non_null(inf);
	assert_false(inf_install(inf, &os, NULL, &install, &error));
	assert_int_equal(error.line, line);
	if (!strstr(error.text, says))
		fail_msg("\"%s\" does not say \"%s\"", error.text, says);
	inf_free(inf);
}

/* An empty section excludes a version; one that is missing is not replaced by a lower one. */
static void what_is_excluded_does_not_install(void **state)
{
	refuse("[Manufacturer]\nM=S," ARCH ".6.1," ARCH ".10.0\n[S." ARCH ".6.1]\nd=I,x\n[S." ARCH
	       ".10.0]\n[I]\n",
	       2, "no device for Windows 10.0.17763");
	refuse("[Manufacturer]\nM=S," ARCH ".6.1," ARCH ".10.0\n[S." ARCH ".6.1]\nd=I,x\n[I]\n", 2,
	       "[S." ARCH ".10.0], which is not there");
	refuse("[Manufacturer]\n\nM=S," ARCH ".10.0...22000\n[S." ARCH
	       ".10.0...22000]\nd=I,x\n[I]\n",
	       3, "[S] is for " ARCH ".10.0...22000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_api_came_with_a_windows),
		cmocka_unit_test(versions_are_read_and_written),
		cmocka_unit_test(the_highest_version_that_is_not_newer_is_taken),
		cmocka_unit_test(product_and_suites_must_be_the_systems),
		cmocka_unit_test(the_architecture_comes_first),
		cmocka_unit_test(what_is_no_decoration_is_left_out),
		cmocka_unit_test(what_is_excluded_does_not_install),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
