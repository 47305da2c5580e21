/* SPDX-License-Identifier: MIT */
/* The command line itself: help, unknown things, malformed values. */
#include <unistd.h>

#include "run.h"

static void every_command_has_help(void **state)
{
	static const char *const commands[] = { "run",   "show",    "offload", "events",
						"trace", "version", "help",    "test" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct command *help = RUN(commands[i], "--help");
		struct command *same = RUN("help", commands[i]);
		char usage[64];

		snprintf(usage, sizeof(usage), "Usage: netcx %s", commands[i]);
		assert_int_equal(help->code, 0);
		assert_memory_equal(help->stdout_text, usage, strlen(usage));
		assert_string_equal(help->stdout_text, same->stdout_text);
		assert_string_equal(help->stderr_text, "");
		release(help);
		release(same);
	}
}

static void run_help_names_every_option(void **state)
{
	static const char *const options[] = { "--device", "--stack", "--wire",     "--mac",
					       "--mtu",    "--set",   "--inf",      "--log",
					       "--trace",  "--os",    "--codepage", "--netns",
					       "--name",   "158",     "rtl8168" };
	struct command *c = RUN("run", "--help");

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		assert_non_null(strstr(c->stdout_text, options[i]));
	release(c);
}

static void the_list_and_the_version(void **state)
{
	struct command *c = RUN("--help");

	assert_int_equal(c->code, 0);
	assert_non_null(strstr(c->stdout_text, "offload"));
	release(c);
	/* What is compiled by clang GNU's gcov does not read. */
	c = RUN("build", "--help");
	assert_non_null(strstr(c->stdout_text, "llvm-cov gcov"));
	release(c);
	c = RUN("--version");
	assert_int_equal(c->code, 0);
	assert_non_null(strstr(c->stdout_text, "NetAdapterCx 1.3"));
	release(c);
}

/* Two lines: what is wrong, and where help is. */
static void expect_usage(struct command *c, const char *says)
{
	assert_int_equal(c->code, 2);
	if (!strstr(c->stderr_text, says))
		fail_msg("\"%s\" is not in: %s", says, c->stderr_text);
	release(c);
}

static void unknown_things_are_usage_errors(void **state)
{
	expect_usage(RUN("fly"), "netcx: fly: no such command");
	expect_usage(RUN("run", "--fly", "x.so"), "netcx: run: --fly: no such option");
	expect_usage(RUN("run", "-x", "x.so"), "netcx: run: -x: no such option");
	expect_usage(RUN("run", "x.so", "--log"), "--log: a value is expected");
	expect_usage(RUN("show", "--json=1"), "--json=1: it takes no value");
	expect_usage(RUN("show", "a", "b"), "b: driver, link, offloads");
	expect_usage(RUN("offload", "--lso-v4", "maybe"), "on, off or same is expected");
	expect_usage(RUN("help", "fly"), "no such command");
}

static void run_options_are_checked(void **state)
{
	expect(RUN("run"), 2, "netcx: run: which driver?");
	expect(RUN("run", "@step", "b.so"), 2, "one driver is expected");
	expect(RUN("run", "@step", "--log", "xml"), 2, "--log xml: text or json");
	expect(RUN("run", "@step", "--mtu", "big"), 2, "--mtu big");
	expect(RUN("run", "@step", "--mtu", "67"), 2, "--mtu 67");
	expect(RUN("run", "@step", "--mtu", "-1"), 2, "--mtu -1");
	expect(RUN("run", "@step", "--mac", "02:00"), 2, "--mac 02:00");
	expect(RUN("run", "@step", "--mac", "01:00:00:00:00:01"), 2, "multicast");
	expect(RUN("run", "@step", "--mac", "00:00:00:00:00:00"), 2, "nobody's address");
	expect(RUN("run", "@step", "--name", ""), 2, "--name");
	expect(RUN("run", "@step", "--device", "ne2000"), 2,
	       "--device ne2000: no such model; there is rtl8168");
	expect(RUN("run", "@step", "--wire", "tap:x"), 2, "--wire needs --device");
}

/* A program that has asked for JSON gets it: the same exit code, the message as well. */
static void refusals_are_json_too(void **state)
{
	static const char *const refused[][6] = {
		{ "show", "Nobody", "--json" },
		{ "show", "a", "b", "--json" },
		{ "set", "A", "1", "--json" },
		{ "restart", "--json" },
		{ "remove", "--json", "--surprise" },
		{ "wake", "--json" },
		{ "sleep", "--json" },
		{ "link", "up", "--json" },
		{ "offload", "--json", "--lso-v4", "x" },
		{ "oid", "--json", "query", "OID_GEN_STATISTICS" },
		{ "events", "--json" },
		{ "trace", "--json" },
		{ "wait", "--json", "--timeout", "x" },
		{ "segment", "--json", "/nonexistent", "/dev/null" },
		{ "coalesce", "--json", "/nonexistent", "/dev/null" },
		{ "explain", "--json", "no such \"thing\"" },
		{ "test", "--json", "/nonexistent.so" },
		{ "version", "--json", "x" },
		{ "run", "--log", "json", "/nonexistent.so" },
		{ "build", "--json", "/nonexistent" },
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct command *c = run_all(NULL, refused[i]);
		json_t *answer = json_loads(c->stdout_text, 0, NULL);
		const char *error = json_string_value(json_object_get(answer, "error"));

		if (c->code == 0 || c->code > 2 || !error || !strstr(c->stderr_text, error))
			fail_msg("%s %s: exit code %d, \"%s\", \"%s\"", refused[i][0],
				 refused[i][1], c->code, c->stdout_text, c->stderr_text);
		/* What prints events prints one more. */
		if (strcmp(refused[i][0], "run") == 0)
			assert_string_equal(json_string_value(json_object_get(answer, "name")),
					    "Refused");
		json_decref(answer);
		release(c);
	}
}

static void names_and_ends_are_checked(void **state)
{
	expect(RUN("run", "@step", "--name", "a\nb"), 2,
	       "no control characters; there is one (0x0A)");
	expect(RUN("run", "@step", "--device", "rtl8168", "--stack", "tap:same", "--wire",
		   "tap:same,gso"),
	       2, "one TAP cannot be both ends of an adapter");
}

static void malformed_keywords_are_told(void **state)
{
	expect(RUN("run", "@step", "--set", "*LsoV2IPv4=2"), 2,
	       "netcx: run: --set '*LsoV2IPv4=2': the keyword takes 0 (off) or 1 (on)");
	expect(RUN("run", "@step", "--set", "*LsoV2IPv4"), 2,
	       "netcx: run: --set '*LsoV2IPv4': KEYWORD=VALUE is expected");
	expect(RUN("run", "@step", "--set", "=1"), 2, "KEYWORD=VALUE is expected");
	expect(RUN("run", "@step", "--set", "*LsoV3IPv4=1"), 2,
	       "there is no standardized keyword *LsoV3IPv4; is it *LsoV1IPv4?");
	expect(RUN("run", "@step", "--set", "*JumboPacket=ten"), 2, "a number from 590 to");
	expect(RUN("run", "@step", "--set", "NetworkAddress=02"), 2, "12 hexadecimal digits");
}

static void without_hosts_there_is_nothing(void **state)
{
	/* Hosts of other users, which are told, are those of other tests. */
	const struct surroundings alone = { .new_network = geteuid() == 0 };
	struct command *c = RUN_IN(&alone, "show");
	json_t *json;

	assert_int_equal(c->code, 0);
	assert_string_equal(c->stdout_text, "no adapter of this user's runs\n");
	release(c);
	c = RUN_IN(&alone, "show", "--json");
	json = json_loads(c->stdout_text, 0, NULL);
	assert_true(json_is_array(json_object_get(json, "adapters")));
	assert_int_equal(json_array_size(json_object_get(json, "others")), 0);
	json_decref(json);
	release(c);
	expect(RUN_IN(&alone, "show", "nic0"), 1, "no adapter of this user's runs");
	expect(RUN_IN(&alone, "offload"), 1, "no adapter of this user's runs");
	expect(RUN_IN(&alone, "events"), 1, "no adapter of this user's runs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_help),
		cmocka_unit_test(run_help_names_every_option),
		cmocka_unit_test(the_list_and_the_version),
		cmocka_unit_test(unknown_things_are_usage_errors),
		cmocka_unit_test(run_options_are_checked),
		cmocka_unit_test(refusals_are_json_too),
		cmocka_unit_test(names_and_ends_are_checked),
		cmocka_unit_test(malformed_keywords_are_told),
		cmocka_unit_test(without_hosts_there_is_nothing),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
