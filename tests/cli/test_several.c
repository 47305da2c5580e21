/* SPDX-License-Identifier: MIT */
/* Several adapters in one process: by --adapter and --config, each for itself. */
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

/* "NAME,driver=.../cli_step.so" and what follows. Static storage, for four at a time. */
static const char *adapter(const char *name, const char *driver, const char *rest)
{
	static char texts[4][1024];
	static unsigned next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), "%s,driver=%s%s", name, driver_path(driver), rest);
	return text;
}

static struct command *start_two(const struct surroundings *around, const char *rest)
{
	struct command *c = start(around, "run", "--adapter", adapter("left", "@step", rest),
				  "--adapter", adapter("right", "@step", ""), NULL);

	wait_for(c, "right       lifecycle   DeviceStarted");
	await_host(c, "right");
	return c;
}

static int count(const char *in, const char *text)
{
	int n = 0;

	while ((in = strstr(in, text))) {
		n++;
		in++;
	}
	return n;
}

static void says(struct command *c, const char *text)
{
	if (c->code != 0 || !strstr(c->stdout_text, text) || c->stderr_text[0])
		fail_msg("exit code %d, \"%s\" expected:\n%s%s", c->code, text, c->stdout_text,
			 c->stderr_text);
	release(c);
}

/* ---- what is said of them ---- */

static void each_is_said_by_its_own_keys(void **state)
{
	struct command *c = start_two(NULL, ",mtu=1400,mac=02:00:00:00:00:07,set=Note=a,,b");
	struct command *left = RUN("show", "left", "--json"), *all = RUN("show");

	assert_non_null(strstr(left->stdout_text, "\"name\": \"left\""));
	assert_null(strstr(left->stdout_text, "\"name\": \"right\""));
	assert_non_null(strstr(left->stdout_text, "\"Note\": \"a,b\""));
	assert_non_null(strstr(left->stdout_text, "\"NetworkAddress\": \"020000000007\""));
	release(left);
	assert_non_null(strstr(all->stdout_text, "left: running"));
	assert_non_null(strstr(all->stdout_text, "right: running"));
	assert_int_equal(count(all->stdout_text, "Note"), 1);
	release(all);
	/* One driver, loaded once, and each callback is its adapter's. */
	assert_int_equal(stop(c), 0);
	assert_int_equal(count(c->stdout_text, "  DriverEntry  "), 1);
	assert_non_null(strstr(c->stdout_text, "left        callback    EvtDriverDeviceAdd"));
	assert_non_null(strstr(c->stdout_text, "right       callback    EvtDriverDeviceAdd"));
	assert_string_equal(c->stderr_text, "");
	release(c);
}

static void refused(const char *one, const char *other, const char *why)
{
	struct command *c = other ? RUN("run", "--adapter", one, "--adapter", other)
				  : RUN("run", "--adapter", one);

	assert_string_equal(c->stdout_text, "");
	expect(c, 2, why);
}

static void bad_arguments_are_told(void **state)
{
	const char *good = strdup(adapter("left", "@step", ""));

	refused("driver=x.so", NULL, "--adapter driver=x.so: the adapter's name comes first");
	refused("", NULL, "the adapter's name comes first");
	refused("left", NULL, "adapter \"left\": which driver?");
	refused("left,driver=x.so,fly=high", NULL, "adapter \"left\": \"fly=high\": no such key");
	refused("left,driver=x.so,name=b", NULL, "its name stands in front");
	refused("left,driver=x.so,mtu=9,mtu=9", NULL, "--mtu 9: an MTU from");
	refused("left,driver=x.so,mtu=900,mtu=901", NULL,
		"adapter \"left\": --mtu 901: the key is there twice");
	refused("left,driver=x.so,set=*Rss=1,set=*rSS=0", NULL,
		"adapter \"left\": --set *rSS=0: the keyword is there twice");
	refused("left,driver=x.so,wire=tap:w,gso", NULL,
		"adapter \"left\": \"gso\": KEY=VALUE is expected; a comma in a value is written twice");
	refused("left,driver=x.so,tx-queues=0", NULL, "--tx-queues 0: 1 to 64 is expected");
	refused("left,driver=x.so,coalesce=0", NULL, "--coalesce 0: on or off is expected");
	refused("left,driver=x.so,io-uring=no", NULL, "--io-uring no: on or off is expected");
	refused("left,driver=x.so,coalesce=on,coalesce=on", NULL, "the key is there twice");
	refused(good, good, "adapter \"left\": the name is there twice");
	refused(good, adapter("right", "@step", ",mac=02"), "adapter \"right\": --mac 02: ");
	refused(good, adapter("right", "@step", ",set=*LsoV2IPv4=9"),
		"adapter \"right\": --set '*LsoV2IPv4=9': the keyword takes 0 (off) or 1 (on)");
	expect(RUN("run", "--adapter", good, "--mtu", "1500"), 2,
	       "--mtu: with --adapter each adapter says that itself, by the key \"mtu\"");
	expect(RUN("run", "--adapter", good, "--no-coalesce"), 2,
	       "--no-coalesce: with --adapter each adapter says that itself, by the key \"coalesce\"");
	expect(RUN("run", "--adapter", good, "--no-io-uring"), 2,
	       "--no-io-uring: with --adapter each adapter says that itself, by the key \"io-uring\"");
	expect(RUN("run", "x.so", "--adapter", good), 2, "x.so: with --adapter each adapter names");
	expect(RUN("run", "--adapter", good, "--adapter", "right,driver=/nope.so"), 1,
	       "netcx: adapter \"right\": /nope.so: no such file");
	free((char *)good);
}

/* Nothing is made before all are looked at: the TAP would need more than nobody has. */
static void two_cannot_have_one_device(void **state)
{
	const char *left = strdup(adapter("left", "@step", ",stack=tap:same0"));

	refused(left, adapter("right", "@step", ",stack=tap:same0"),
		"adapter \"right\": --stack tap:same0: adapter \"left\" has it already");
	refused(left, adapter("right", "@step", ",device=rtl8168,wire=tap:same0,,gso"),
		"adapter \"right\": --wire tap:same0,gso: adapter \"left\" has it already");
	refused(adapter("left", "@step", ",device=rtl8168,wire=pcap:/tmp/no/out.pcap"),
		adapter("right", "@step", ",device=rtl8168,wire=pcap:/tmp/no/out.pcap"),
		"adapter \"right\": --wire pcap:/tmp/no/out.pcap: adapter \"left\" has it");
	free((char *)left);
}

/* ---- the file ---- */

static const char *config_file(const char *text)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/several.json", scratch());
	file_put_text(path, text);
	return path;
}

static void a_file_says_the_same(void **state)
{
	char text[2048];
	struct command *c, *left;

	snprintf(text, sizeof(text),
		 "{\"adapters\": [{\"name\": \"left\", \"driver\": \"%s\", \"mtu\": 1400,\n"
		 "  \"set\": {\"Note\": \"a,b\", \"Number\": 7}},\n"
		 " {\"name\": \"right\", \"driver\": \"%s\"}],\n"
		 " \"log\": \"text\", \"watchdog\": 20, \"settings\": false,\n"
		 " \"fail\": [\"list\", \"NetAdapterStart:9\"]}",
		 driver_path("@step"), driver_path("@step"));
	/* The command line goes before it, and adds to it. */
	c = start(NULL, "run", "--config", config_file(text), "--log", "json", "--adapter",
		  adapter("third", "@step", ""), NULL);
	wait_for(c, "\"third\",\"name\":\"DeviceStarted\"");
	left = RUN("show", "left", "--json");
	assert_non_null(strstr(left->stdout_text, "\"Note\": \"a,b\""));
	assert_non_null(strstr(left->stdout_text, "\"Number\": \"7\""));
	assert_null(strstr(left->stdout_text, "\"settings\""));
	assert_non_null(strstr(left->stdout_text, "\"fail\": \"NetAdapterStart:9\""));
	assert_non_null(strstr(left->stdout_text, "\"came\": 3"));
	release(left);
	says(RUN("show", "right"), "right: running");
	/* A line that nothing came for is no success. */
	assert_int_equal(stop(c), 1);
	assert_non_null(strstr(c->stderr_text, "'NetAdapterStart:9': no such call was made"));
	release(c);
}

static void a_wrong_file_is_told(void **state)
{
#define ONE(members) "{\"adapters\": [{\"name\": \"A\", " members "}]}"
	static const char *const cases[][2] = {
		{ "{}", "an object with a list \"adapters\" is expected" },
		{ "[]", "an object with a list \"adapters\" is expected" },
		{ "{\"adapters\": []}", "\"adapters\": []: a list of at least one adapter" },
		{ "{\"adapters\": 5}", "\"adapters\": 5: a list" },
		{ "{\"adapters\": [{\"driver\": \"x\"}]}", "adapter 1: an object with a \"name\"" },
		{ "{\"adapters\": [7]}", "adapter 1: an object with a \"name\"" },
		{ "{\"adapters\": [{\"name\": \"A\"}]}", "adapter \"A\": which driver?" },
		{ ONE("\"driver\": 5"), "adapter \"A\": \"driver\": 5: a text is expected" },
		{ ONE("\"driver\": \"x\", \"mtu\": \"1500\""),
		  "adapter \"A\": \"mtu\": \"1500\": a whole number is expected" },
		{ ONE("\"driver\": \"x\", \"mtu\": 15.5"), "\"mtu\": 15.5: a whole number" },
		{ ONE("\"driver\": \"x\", \"mtu\": 5"), "adapter \"A\": --mtu 5: an MTU from" },
		{ ONE("\"driver\": \"x\", \"tx-queues\": -1"), "--tx-queues -1: 1 to 64" },
		{ ONE("\"driver\": \"x\", \"coalesce\": 1"), "\"coalesce\": 1: true or false" },
		{ ONE("\"driver\": \"x\", \"io-uring\": 1"), "\"io-uring\": 1: true or false" },
		{ ONE("\"driver\": \"x\", \"set\": [1]"), "\"set\": [1]: an object" },
		{ ONE("\"driver\": \"x\", \"set\": {\"K\": null}"),
		  "\"K\": null: a text or a whole" },
		{ ONE("\"driver\": \"x\", \"set\": {\"K\": 1, \"k\": 2}"), "the keyword is there" },
		{ ONE("\"driver\": \"x\", \"fly\": true"), "adapter \"A\": \"fly\": no such key" },
		{ ONE("\"driver\": \"x\", \"driver\": \"y\""), "duplicate object key" },
		{ ONE("\"driver\": \"x\"") "x", "end of file expected near 'x'" },
		{ "{\"adapters\": [{\"name\": \"A\", \"driver\": \"x\"}], \"log\": 1}",
		  "\"log\": 1: \"text\" or \"json\" is expected" },
		{ "{\"adapters\": [{\"name\": \"A\", \"driver\": \"x\"}], \"watchdog\": -1}",
		  "--watchdog -1: seconds are expected" },
		{ "{\"adapters\": [{\"name\": \"A\", \"driver\": \"x\"}], \"settings\": 0}",
		  "\"settings\": 0: true or false is expected" },
		{ "{\"adapters\": [{\"name\": \"A\", \"driver\": \"x\"}], \"fail\": 5}",
		  "\"fail\": 5: a text such as \"all-once\", or a list of them is expected" },
		{ "{\"fail\": [\"list\", \"WdfMemoryCreat\"], \"adapters\": []}",
		  "--fail 'WdfMemoryCreat': no call that can fail" },
		{ "{\"adapters\": [{\"name\": \"A\", \"driver\": \"x\"}], \"wings\": 2}",
		  "\"wings\": no such key; it is one of adapters, log" },
	};
#undef ONE

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command *c = RUN("run", "--config", config_file(cases[i][0]));

		assert_non_null(strstr(c->stderr_text, "several.json"));
		expect(c, 2, cases[i][1]);
	}
	expect(RUN("run", "--config", "/nonexistent.json"), 1, "/nonexistent.json");
	expect(RUN("run", "--config", "a", "--config", "b"), 2, "--config b: one file is expected");
}

/* ---- what happens to one ---- */

static void control_is_of_one(void **state)
{
	struct command *c = start_two(NULL, ""), *which;

	which = RUN("restart");
	assert_int_equal(which->code, 1);
	assert_non_null(strstr(which->stderr_text, "there are several adapters; name one"));
	release(which);
	says(RUN("offload", "left", "--lso-v4", "off"), "left");
	assert_true(comes(c, "left        callback    EvtNetAdapterOffloadSetLso  ipv4=no", 9000));
	assert_null(strstr(c->stdout_text, "right       callback    EvtNetAdapterOffloadSetLso  "
					   "ipv4=no"));
	says(RUN("restart", "left"), "left: running");
	says(RUN("set", "left", "Note", "7"), "left");
	says(RUN("remove", "left"), "left: removed");
	says(RUN("show"), "right: running");
	says(RUN("restart", "right"), "right: running");
	says(RUN("remove", "right", "--surprise"), "right: removed");
	/* With the last of them the process ends. */
	assert_int_equal(finish(c), 0);
	assert_int_equal(count(c->stdout_text, "left        lifecycle   DeviceStarted"), 2);
	assert_int_equal(count(c->stdout_text, "right       lifecycle   DeviceStarted"), 2);
	assert_string_equal(c->stderr_text, "");
	release(c);
}

/* Each on its own thread, in one driver. */
static void restarts_at_the_same_time(void **state)
{
	struct command *c = start_two(NULL, "");

	for (int i = 0; i < 10; i++) {
		struct command *one = start(NULL, "restart", "left", NULL);

		says(RUN("restart", "right"), "right: running");
		assert_int_equal(finish(one), 0);
		release(one);
	}
	assert_int_equal(stop(c), 0);
	assert_int_equal(count(c->stdout_text, "lifecycle   DeviceStarted"), 22);
	assert_string_equal(c->stderr_text, "");
	release(c);
}

static void hosts_may_have_the_same_names(void **state)
{
	struct command *one = start_two(NULL, ""), *other = start_two(NULL, ""), *which;
	char full[32];

	which = RUN("restart", "left");
	assert_int_equal(which->code, 1);
	assert_non_null(strstr(which->stderr_text, "several adapters have that name"));
	release(which);
	snprintf(full, sizeof(full), "%ld/left", (long)other->pid);
	says(RUN("restart", full), "left: running");
	assert_int_equal(stop(one), 0);
	assert_int_equal(stop(other), 0);
	assert_null(strstr(one->stdout_text, "AdapterRestart"));
	assert_int_equal(count(other->stdout_text, "left        lifecycle   AdapterRestart"), 1);
	release(one);
	release(other);
}

static void events_are_of_one(void **state)
{
	struct command *c = start_two(NULL, ""), *events, *all;
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", (long)c->pid);
	events = start(NULL, "events", "right", "--history", NULL);
	all = start(NULL, "events", pid, "--history", NULL);
	wait_for(events, "DeviceStarted");
	says(RUN("restart", "left"), "running");
	says(RUN("restart", "right"), "running");
	assert_int_equal(stop(c), 0);
	assert_int_equal(finish(events), 0);
	assert_int_equal(finish(all), 0);
	assert_null(strstr(events->stdout_text, "  left  "));
	assert_non_null(strstr(events->stdout_text, "DriverEntry"));
	assert_int_equal(count(events->stdout_text, "AdapterRestart"), 1);
	assert_int_equal(count(all->stdout_text, "AdapterRestart"), 2);
	release(events);
	release(all);
	release(c);
}

static void a_failed_start_leaves_the_others_alone(void **state)
{
	const struct surroundings second = { .step = "SecondStart" };
	struct command *c = start(&second, "run", "--adapter", adapter("one", "@step", ""),
				  "--adapter", adapter("two", "@step", ""), "--adapter",
				  adapter("three", "@step", ""), NULL);

	wait_for(c, "three       lifecycle   DeviceStarted");
	assert_non_null(strstr(c->stdout_text, "two         lifecycle   AdapterFailed  "));
	says(RUN("show", "one"), "one: running");
	says(RUN("show", "two"), "two: failed, STATUS_DEVICE_CONFIGURATION_ERROR (0xC0000182)");
	says(RUN("show", "two"), "EvtDevicePrepareHardware failed");
	/* What was wrong is right now. */
	says(RUN("restart", "two"), "two: running");
	says(RUN("show", "two", "--json"), "\"state\": \"running\"");
	stop(c);
	expect(c, 1, "netcx: adapter \"two\": ");
}

/* A capture without packets: it is sent at once. */
static const char *empty_capture(void)
{
	static const unsigned char header[24] = {
		0xD4, 0xC3, 0xB2, 0xA1, 2,    0, 4, 0, 0, 0, 0, 0,
		0,    0,    0,    0,    0xFF, 0, 0, 0, 1, 0, 0, 0
	};
	static char rest[160];
	char path[128];

	snprintf(path, sizeof(path), "%s/empty.pcap", scratch());
	file_put(path, header, sizeof(header));
	snprintf(rest, sizeof(rest), ",stack=pcap:%s", path);
	return rest;
}

/* Each tells of its own; the run ends with them, whoever is there without a stack. */
static void captures_end_the_run(void **state)
{
	const struct surroundings second = { .step = "SecondStart" };
	const char *capture = empty_capture();
	struct command *c =
		RUN("run", "--adapter", adapter("one", "@step", capture), "--adapter",
		    adapter("two", "@step", ""), "--adapter", adapter("three", "@step", capture));

	assert_int_equal(c->code, 0);
	assert_int_equal(count(c->stdout_text, "lifecycle   Finished"), 2);
	assert_string_equal(c->stderr_text, "");
	release(c);
	c = RUN_IN(&second, "run", "--adapter", adapter("one", "@step", capture), "--adapter",
		   adapter("two", "@step", capture), "--adapter", adapter("three", "@step", ""));
	assert_int_equal(count(c->stdout_text, "lifecycle   Finished"), 1);
	expect(c, 1, "netcx: adapter \"two\": ");
}

static void what_is_left_ends_with_the_last(void **state)
{
	const struct surroundings second = { .step = "SecondStart" };
	struct command *c = start(&second, "run", "--adapter", adapter("one", "@step", ""),
				  "--adapter", adapter("two", "@step", ""), NULL);

	wait_for(c, "AdapterFailed");
	wait_for(c, "OID_GEN_CURRENT_PACKET_FILTER");
	says(RUN("remove", "one"), "removed");
	finish(c);
	expect(c, 1, "adapter \"two\": ");
}

/* DriverEntry fails: all adapters of that driver are out, and stay so; another's are not. */
static void a_driver_that_does_not_load_is_its_own(void **state)
{
	const struct surroundings entry = { .step = "DriverEntry" };
	struct command *c = start(&entry, "run", "--adapter", adapter("one", "@step", ""),
				  "--adapter", adapter("two", "@step", ""), "--adapter",
				  adapter("other", "@wake", ""), NULL),
		       *restart;

	wait_for(c, "other       lifecycle   DeviceStarted");
	assert_int_equal(count(c->stdout_text, "AdapterFailed"), 2);
	restart = RUN("restart", "two");
	expect(restart, 1, "the driver is not loaded, its DriverEntry failed");
	says(RUN("show", "other"), "other: running");
	stop(c);
	expect(c, 1, "; adapter \"two\": ");
}

/* Two images lie side by side, and what they call alike is each one's own. */
static void drivers_share_no_variables(void **state)
{
	struct command *c = RUN("run", "--adapter", adapter("left", "@unique", ""), "--adapter",
				adapter("right", "@unique_too", ""));

	assert_non_null(strstr(c->stderr_text, "adapter \"right\": "));
	assert_non_null(strstr(c->stderr_text, "cli_unique.so: compile drivers in C++ by clang"));
	expect(c, 1, "cli_unique_too.so: it would share the variable UniqueCount with ");
	/* Alone each is as any other. */
	expect(RUN("run", "@unique_too"), 1, "DriverEntry failed: STATUS_UNSUCCESSFUL");
}

/* What ends the process says in whose name the driver's code ran. */
static void reports_name_the_adapter(void **state)
{
	static const struct {
		const char *step, *says;
		int code;
	} cases[] = {
		{ "Violation", "(adapter \"left\"): ", 158 },
		{ "FreeTwice", " (adapter \"left\"): ", 158 },
		{ "DeleteDevice", " (driver \"cli_step\", adapter \"left\"): ", 158 },
		{ "Exit", "exit() was called in EvtDevicePrepareHardware of \"left\", IRQL 0",
		  158 },
		{ "Hang", "EvtDevicePrepareHardware of \"left\" has not returned for 1 s", 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct surroundings around = { .step = cases[i].step };
		struct command *c = RUN_IN(&around, "run", "--watchdog", "1", "--adapter",
					   adapter("left", "@step", ""), "--adapter",
					   adapter("right", "@step", ""));

		if (!strstr(c->stderr_text, cases[i].says))
			fail_msg("%s: %s", cases[i].step, c->stderr_text);
		assert_int_equal(c->code, cases[i].code);
		release(c);
	}
}

/* ---- with network devices, in a namespace of our own ---- */

static bool run_ip(const char *line)
{
	return system(line) == 0;
}

static void one_tap_is_deleted(void **state)
{
	struct command *c;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	c = start(NULL, "run", "--adapter", adapter("right", "@step", ",stack=tap:left"),
		  "--adapter", adapter("left", "@step", ",stack=tap:other0"), NULL);
	wait_for(c, "left        lifecycle   DeviceStarted");
	assert_true(run_ip("ip link set left up && ip link set other0 up"));
	/* A name goes before that of another's TAP. */
	says(RUN("show", "left"), "tap:other0");
	says(RUN("restart", "left"), "left: running");
	says(RUN("show", "other0"), "left: running");
	assert_true(run_ip("ip link delete left"));
	wait_for(c, "right       lifecycle   AdapterFailed  ");
	wait_for(c, "right       lifecycle   DeviceRemoved");
	says(RUN("show", "right"), "right: failed");
	says(RUN("show", "left"), "left: running");
	expect(RUN("restart", "right"), 1, "it has lost an edge, for good: tap:left");
	says(RUN("restart", "left"), "left: running");
	assert_true(run_ip("ip link set other0 down && ip link set other0 up"));
	says(RUN("remove", "right"), "removed");
	stop(c);
	assert_null(strstr(c->stderr_text, "other0"));
	expect(c, 1, "netcx: adapter \"right\": tap:left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_said_by_its_own_keys),
		cmocka_unit_test(bad_arguments_are_told),
		cmocka_unit_test(two_cannot_have_one_device),
		cmocka_unit_test(a_file_says_the_same),
		cmocka_unit_test(a_wrong_file_is_told),
		cmocka_unit_test(control_is_of_one),
		cmocka_unit_test(restarts_at_the_same_time),
		cmocka_unit_test(hosts_may_have_the_same_names),
		cmocka_unit_test(events_are_of_one),
		cmocka_unit_test(a_failed_start_leaves_the_others_alone),
		cmocka_unit_test(captures_end_the_run),
		cmocka_unit_test(what_is_left_ends_with_the_last),
		cmocka_unit_test(a_driver_that_does_not_load_is_its_own),
		cmocka_unit_test(drivers_share_no_variables),
		cmocka_unit_test(reports_name_the_adapter),
		cmocka_unit_test(one_tap_is_deleted),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
