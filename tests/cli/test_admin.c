/* SPDX-License-Identifier: MIT */
/* netcx set, restart, remove, sleep, wake and oid, as a user has them. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

static struct command *start_step(const struct surroundings *around, const char *name)
{
	struct command *c = start(around, "run", "@step", "--name", name, NULL);

	wait_for(c, "DeviceStarted");
	/* The last of the OIDs that NDIS sends. */
	wait_for(c, "OID_GEN_CURRENT_PACKET_FILTER");
	await_host(c, NULL);
	return c;
}

/* A command that succeeds, and what it says. */
static void says(struct command *c, const char *text)
{
	if (c->code != 0 || !strstr(c->stdout_text, text) || c->stderr_text[0])
		fail_msg("exit code %d, \"%s\" expected:\n%s%s", c->code, text, c->stdout_text,
			 c->stderr_text);
	release(c);
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

static const char *settings_of(const char *adapter)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/netcx/cli_step/%s.conf", scratch(), adapter);
	return path;
}

/* ---- OIDs ---- */

static void ndis_speaks_first(void **state)
{
	struct command *c = start_step(NULL, "Nic");

	assert_non_null(strstr(c->stdout_text, "OID_GEN_VENDOR_DESCRIPTION  type=query"));
	assert_non_null(strstr(c->stdout_text, "Step by step"));
	assert_non_null(strstr(c->stdout_text, "OID_GEN_CURRENT_PACKET_FILTER  type=set"));
	/* What the driver has no handler for is nobody's concern. */
	assert_null(strstr(c->stdout_text, "OID_GEN_VENDOR_ID"));
	/* Its link layer takes directed and broadcast frames only: no more is asked for. */
	says(RUN("oid", "query", "OID_GEN_CURRENT_PACKET_FILTER"), "  directed\n  broadcast\n");
	assert_int_equal(stop(c), 0);
	release(c);
}

static void oids_reach_the_driver(void **state)
{
	struct command *c = start_step(NULL, "Nic"), *o;
	json_t *reply;

	says(RUN("oid", "set", "gen_current_packet_filter", "0x21"),
	     "STATUS_SUCCESS (0x00000000), 4 bytes read");
	says(RUN("oid", "Nic", "query", "0x1010e"), "  directed\n  promiscuous\n");
	says(RUN("oid", "query", "OID_GEN_VENDOR_DESCRIPTION"), "  Step by step\n");
	says(RUN("oid", "method", "0xFF010001", "00:01:fe"), "  01 02 ff\n");
	says(RUN("oid", "method", "0xFF010001", "hex:0a0B", "--length", "1"), "  0b\n");

	/* NDIS' own: the driver has no handler for it. */
	o = RUN("oid", "query", "OID_TCP_OFFLOAD_CURRENT_CONFIG", "--json");
	assert_int_equal(o->code, 0);
	assert_non_null(strstr(o->stdout_text, "\"revision\": 5"));
	assert_non_null(strstr(o->stdout_text, "\"bytes_written\": 188"));
	release(o);
	o = RUN("oid", "query", "OID_GEN_VENDOR_DESCRIPTION", "--length", "5");
	assert_int_equal(o->code, 1);
	assert_non_null(strstr(o->stdout_text, "STATUS_NDIS_INVALID_LENGTH"));
	assert_non_null(strstr(o->stdout_text, "13 bytes needed"));
	release(o);
	o = RUN("oid", "query", "OID_GEN_STATISTICS");
	assert_int_equal(o->code, 1);
	assert_non_null(
		strstr(o->stdout_text, "STATUS_NOT_SUPPORTED (0xC00000BB): nobody handles"));
	release(o);
	o = RUN("oid", "set", "OID_GEN_CURRENT_PACKET_FILTER", "0x80000000", "--json");
	assert_int_equal(o->code, 1);
	reply = json_loads(o->stdout_text, 0, NULL);
	assert_true(json_is_false(json_object_get(reply, "success")));
	assert_string_equal(json_string_value(json_object_get(reply, "status")),
			    "STATUS_NDIS_INVALID_DATA (0xC0230015)");
	json_decref(reply);
	release(o);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void oids_that_make_no_sense(void **state)
{
	struct command *c = start_step(NULL, "Nic");

	expect(RUN("oid", "query", "OID_GEN_NONSENSE"), 1, "OID_GEN_NONSENSE: no OID of that name");
	expect(RUN("oid", "query"), 2, "which OID?");
	expect(RUN("oid"), 2, "query, set or method is expected");
	expect(RUN("oid", "Nic", "fetch", "1"), 2, "fetch: query, set or method is expected");
	expect(RUN("oid", "query", "1", "2"), 2, "2: a query takes no data");
	expect(RUN("oid", "set", "1", "xyz"), 2, "xyz: a number, or up to");
	expect(RUN("oid", "set", "1", "abc"), 2, "abc: a number, or up to");
	expect(RUN("oid", "set", "1", "1", "2"), 2, "2: that is one too many");
	expect(RUN("oid", "query", "1", "--length", "70000"), 2, "--length 70000: bytes");
	assert_int_equal(stop(c), 0);
	release(c);
}

/* ---- restart and settings ---- */

static void settings_last_and_count_after_a_restart(void **state)
{
	struct command *c = start_step(NULL, "Lasting"), *o;
	char text[512];

	says(RUN("set", "*JumboPacket", "4088"), "from the next netcx restart on\nkept in ");
	file_get(settings_of("Lasting"), text, sizeof(text));
	assert_non_null(strstr(text, "\n*JumboPacket=4088\n"));
	o = RUN("show");
	assert_non_null(strstr(o->stdout_text, "MTU          1500"));
	assert_non_null(strstr(o->stdout_text, "  waits for netcx restart, now not set\n"));
	release(o);
	says(RUN("show", "--json"), "\"pending\": {\n        \"*JumboPacket\": \"\"\n      }");
	says(RUN("restart", "--json"),
	     "{\n  \"adapter\": \"Lasting\",\n  \"state\": \"running\"\n}\n");
	o = RUN("show");
	assert_non_null(strstr(o->stdout_text, "MTU          4074"));
	assert_null(strstr(o->stdout_text, "waits for"));
	release(o);
	assert_int_equal(stop(c), 0);
	/* Disabling and enabling runs EvtDriverDeviceAdd anew. */
	assert_int_equal(count(c->stdout_text, "EvtDriverDeviceAdd"), 2);
	assert_int_equal(count(c->stdout_text, "DriverEntry"), 1);
	release(c);

	/* The next run, one that overrides it, one that does not look, another adapter. */
	c = start_step(NULL, "Lasting");
	assert_non_null(strstr(c->stdout_text, "mtu=4074"));
	/* Set back, nothing waits. */
	says(RUN("set", "Lasting", "*jumbopacket", "4000"), "4000");
	says(RUN("show"), "  waits for netcx restart, now 4088\n");
	says(RUN("set", "Lasting", "*jumbopacket", "4088"), "4088");
	says(RUN("show", "--json"), "\"pending\": {}");
	says(RUN("set", "Lasting", "*jumbopacket", "2000"), "2000");
	file_get(settings_of("Lasting"), text, sizeof(text));
	assert_null(strstr(text, "4088"));
	assert_int_equal(stop(c), 0);
	release(c);
	c = start(NULL, "run", "@step", "--name", "Lasting", "--set", "*JumboPacket=3000", NULL);
	wait_for(c, "mtu=2986");
	assert_int_equal(stop(c), 0);
	release(c);
	c = start(NULL, "run", "@step", "--name", "Lasting", "--no-settings", NULL);
	wait_for(c, "mtu=1500");
	says(RUN("set", "*JumboPacket", "1900"), "not kept");
	says(RUN("restart"), "running");
	wait_for(c, "mtu=1886");
	assert_int_equal(stop(c), 0);
	release(c);
	c = start_step(NULL, "Other");
	assert_null(strstr(c->stdout_text, "mtu=1986"));
	assert_int_equal(stop(c), 0);
	release(c);

	c = start_step(NULL, "Lasting");
	assert_non_null(strstr(c->stdout_text, "mtu=1986"));
	says(RUN("set", "*JumboPacket", "--default"), "has its default");
	says(RUN("restart", "--rebalance"), "running");
	wait_for(c, "mtu=1500");
	assert_int_equal(count(c->stdout_text, "EvtDriverDeviceAdd"), 1);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void the_users_own_lines_stay(void **state)
{
	struct command *c;
	char text[512];

	mkdir(scratch(), 0700);
	c = start_step(NULL, "Mine");
	says(RUN("set", "A", "1"), "A is 1");
	file_put_text(settings_of("Mine"), "# mine\n\nB=2\nA=1\n#A=3\nA=5\n");
	says(RUN("set", "A", "7"), "A is 7");
	file_get(settings_of("Mine"), text, sizeof(text));
	assert_string_equal(text, "# mine\n\nB=2\nA=7\n#A=3\n");
	says(RUN("set", "A", "--default"), "default");
	file_get(settings_of("Mine"), text, sizeof(text));
	assert_string_equal(text, "# mine\n\nB=2\n#A=3\n");
	assert_int_equal(stop(c), 0);
	release(c);
}

static void wrong_settings_are_refused(void **state)
{
	struct command *c = start_step(NULL, "Nic");
	char says_line[600];

	expect(RUN("set", "*LsoV2IPv4", "2"), 1, "*LsoV2IPv4: the keyword takes 0 (off) or 1 (on)");
	expect(RUN("set", "*LsoV3IPv4", "1"), 1, "there is no standardized keyword *LsoV3IPv4");
	expect(RUN("set", "A=B", "1"), 1, "A=B: a keyword has no equals sign in its name");
	expect(RUN("set", "A\\B", "1"), 1, "no backslash in its name");
	expect(RUN("set"), 2, "which keyword?");
	expect(RUN("link", "Nic", "down"), 1, "it has no hardware with a cable");
	expect(RUN("link", "sideways"), 2, "sideways: down or up is expected");
	expect(RUN("link"), 2, "nothing: down or up is expected");
	expect(RUN("link", "a", "b", "up"), 2, "up: that is one too many");
	expect(RUN("set", "A"), 2, "a VALUE is expected behind the keyword");
	expect(RUN("set", "Nic", "A", "1", "2"), 2, "2: that is one too many");
	assert_int_equal(stop(c), 0);
	release(c);

	/* A file that somebody has put nonsense into: file and line, and a way out. */
	file_put_text(settings_of("Nic"), "# fine\nA=1\n*LsoV2IPv4=7\n");
	snprintf(says_line, sizeof(says_line),
		 "%s:3: '*LsoV2IPv4=7': the keyword takes 0 (off) or 1 (on)", settings_of("Nic"));
	expect(RUN("run", "@step", "--name", "Nic"), 1, says_line);
	file_put_text(settings_of("Nic"), "nonsense\n");
	expect(RUN("run", "@step", "--name", "Nic"), 1,
	       ":1: 'nonsense': KEYWORD=VALUE is expected");
	unlink(settings_of("Nic"));
}

/* A restart that fails leaves the host running, and the next one may succeed. */
static void a_failed_restart_can_be_tried_again(void **state)
{
	const struct surroundings second = { .step = "SecondStart" };
	struct command *c = start_step(&second, "Nic"), *o;

	expect(RUN("restart"), 1,
	       "Nic: EvtDevicePrepareHardware failed: STATUS_DEVICE_CONFIGURATION_ERROR");
	o = RUN("show");
	assert_non_null(strstr(o->stdout_text,
			       "Nic: failed, STATUS_DEVICE_CONFIGURATION_ERROR (0xC0000182)"));
	release(o);
	expect(RUN("oid", "query", "1"), 1, "Nic: the adapter is failed");
	expect(RUN("sleep"), 1, "the adapter is failed");
	says(RUN("restart"), "Nic: running\n");
	says(RUN("oid", "query", "OID_GEN_VENDOR_DESCRIPTION"), "Step by step");
	assert_int_equal(stop(c), 0);
	release(c);
}

static void many_restarts(void **state)
{
	const struct surroundings two = { .step = "TwoAdapters" };
	struct command *c = start(&two, "run", "@step", NULL), *o;

	wait_for(c, "DeviceStarted");
	for (int i = 0; i < 10; i++)
		says(RUN("restart", "Ethernet"), "running");
	o = RUN("show", "--json");
	/* Two adapters, not twenty. */
	assert_int_equal(count(o->stdout_text, "\"permanent_mac\""), 2);
	/* Each says which shape of API its driver speaks. */
	assert_int_equal(count(o->stdout_text, "\"api\": \"1.3\""), 2);
	release(o);
	assert_int_equal(stop(c), 0);
	release(c);
}

/* ---- removal ---- */

static void removing_the_last_adapter_ends_the_host(void **state)
{
	struct command *c = start_step(NULL, "Nic");

	says(RUN("remove"), "Nic: removed\n");
	assert_int_equal(finish(c), 0);
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	assert_null(strstr(c->stdout_text, "EvtDeviceSurpriseRemoval"));
	release(c);
}

static void surprise_removal_is_told_first(void **state)
{
	struct command *c = start_step(NULL, "Nic");
	const char *told, *down;

	says(RUN("remove", "Nic", "--surprise"), "Nic: removed\n");
	assert_int_equal(finish(c), 0);
	told = strstr(c->stdout_text, "EvtDeviceSurpriseRemoval");
	down = strstr(c->stdout_text, "EvtPacketQueueCancel");
	assert_non_null(told);
	assert_non_null(down);
	assert_true(told < down);
	release(c);
}

/* The driver completes what it holds when it hears of the removal; cancelled is NDIS' aborted. */
static void a_request_in_the_driver_ends_with_the_device(void **state)
{
	struct command *c = start_step(NULL, "Nic");
	struct command *held = start(NULL, "oid", "method", "0xFF010002", NULL);

	usleep(300000);
	says(RUN("remove", "--surprise"), "removed");
	assert_int_equal(finish(held), 1);
	assert_non_null(strstr(held->stdout_text, "STATUS_NDIS_REQUEST_ABORTED"));
	assert_int_equal(finish(c), 0);
	release(held);
	release(c);
}

/* ---- sleep ---- */

static void sleep_arms_and_wake_disarms(void **state)
{
	struct command *c = start_step(NULL, "Nic"), *o;
	const char *armed, *exit;

	says(RUN("sleep", "--wake"), "Nic: asleep\n");
	wait_for(c, "DeviceAsleep  d_state=3  idle=no  armed=yes");
	armed = strstr(c->stdout_text, "armed with 2");
	exit = strstr(c->stdout_text, "DeviceAsleep");
	assert_non_null(armed);
	assert_true(armed < exit);
	expect(RUN("oid", "query", "OID_GEN_VENDOR_DESCRIPTION"), 1, "the adapter is asleep");
	expect(RUN("restart"), 1, "the adapter is asleep");
	o = RUN("show");
	assert_non_null(strstr(o->stdout_text, "Nic: asleep"));
	release(o);
	says(RUN("wake"), "Nic: running\n");
	wait_for(c, "disarmed");
	expect(RUN("wake"), 1, "the adapter is running");
	expect(RUN("sleep", "--idle"), 1, "the driver has not enabled idling in S0");
	says(RUN("sleep"), "asleep");
	assert_int_equal(stop(c), 0);
	assert_int_equal(count(c->stdout_text, "armed with"), 1);
	release(c);
}

static void idle_in_s0(void **state)
{
	const struct surroundings idle = { .step = "Idle" };
	struct command *c = start_step(&idle, "Nic");

	says(RUN("sleep", "--idle", "--wake"), "asleep");
	wait_for(c, "EvtDeviceArmWakeFromS0");
	says(RUN("wake", "--triggered"), "running");
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(c->stdout_text, "EvtDeviceDisarmWakeFromS0"));
	release(c);
}

/* ---- receive scaling ---- */

static json_t *show(const char *name)
{
	struct command *c = RUN("show", name, "--json");
	json_t *all = json_loads(c->stdout_text, 0, NULL), *one;

	assert_int_equal(c->code, 0);
	one = json_incref(json_array_get(json_object_get(all, "adapters"), 0));
	json_decref(all);
	release(c);
	return one;
}

/* @queues: receive queues; @reason: why there is no scaling, NULL: there is */
static void assert_scaling(const char *name, unsigned queues, const char *reason)
{
	json_t *a = show(name), *list = json_object_get(a, "queues");
	json_t *scaling = json_object_get(a, "receive_scaling");

	assert_int_equal(json_array_size(list), 1 + queues);
	for (unsigned i = 0; i < queues; i++) {
		json_t *queue = json_array_get(list, 1 + i);

		assert_string_equal(json_string_value(json_object_get(queue, "kind")), "rx");
		assert_int_equal(json_integer_value(json_object_get(queue, "id")), i);
	}
	assert_int_equal(json_is_true(json_object_get(scaling, "enabled")), !reason);
	assert_int_equal(json_integer_value(json_object_get(scaling, "hardware_queues")), 4);
	if (reason) {
		assert_string_equal(json_string_value(json_object_get(scaling, "reason")), reason);
	} else {
		json_t *protocols = json_object_get(scaling, "protocols");

		assert_int_equal(json_integer_value(json_object_get(scaling, "queues")), queues);
		assert_string_equal(json_string_value(json_object_get(scaling, "hash")),
				    "toeplitz");
		assert_int_equal(json_array_size(protocols), 2);
		assert_string_equal(json_string_value(json_array_get(protocols, 0)), "ipv4");
		assert_string_equal(json_string_value(json_array_get(protocols, 1)), "tcp");
		assert_int_equal(
			json_integer_value(json_object_get(scaling, "indirection_entries")), 128);
	}
	json_decref(a);
}

static bool counts(const char *name, const char *counter)
{
	json_t *a = show(name);
	bool has = json_object_get(json_object_get(a, "counters"), counter);

	json_decref(a);
	return has;
}

static void scaling_follows_its_keywords(void **state)
{
	const struct surroundings scaling = { .step = "Scaling" };
	struct command *c = start_step(&scaling, "Scaled");

	assert_scaling("Scaled", 4, NULL);
	assert_true(counts("Scaled", "rx_queue_0_packets"));
	assert_true(counts("Scaled", "rx_queue_3_bytes"));
	assert_false(counts("Scaled", "rx_queue_4_packets"));
	says(RUN("show"),
	     "  scaling      on, 4 queues, toeplitz hash of ipv4, tcp, 128 table entries\n");
	says(RUN("set", "*RSS", "0"), "from the next netcx restart on");
	assert_scaling("Scaled", 4, NULL);
	says(RUN("restart"), "running");
	assert_scaling("Scaled", 1, "*RSS is 0");
	assert_false(counts("Scaled", "rx_queue_0_packets"));
	says(RUN("show"), "  scaling      off: *RSS is 0\n");
	says(RUN("set", "*RSS", "1"), "*RSS is 1");
	says(RUN("set", "*NumRssQueues", "2"), "2");
	says(RUN("restart", "--rebalance"), "running");
	assert_scaling("Scaled", 2, NULL);
	says(RUN("sleep"), "asleep");
	says(RUN("wake"), "running");
	assert_scaling("Scaled", 2, NULL);
	assert_int_equal(stop(c), 0);
	assert_int_equal(count(c->stdout_text, "EvtAdapterReceiveScalingEnable"), 3);
	assert_int_equal(count(c->stdout_text, "EvtAdapterReceiveScalingDisable"), 3);
	release(c);
}

static void surprise_removal_with_scaling(void **state)
{
	const struct surroundings scaling = { .step = "Scaling" };
	struct command *c = start_step(&scaling, "Scaled");

	says(RUN("remove", "Scaled", "--surprise"), "removed");
	assert_int_equal(finish(c), 0);
	assert_int_equal(count(c->stdout_text, "EvtAdapterReceiveScalingDisable"), 1);
	release(c);
}

static void a_failed_scaling_is_told(void **state)
{
	const struct surroundings fails = { .step = "ScalingFails", .status = "C00000BB" };
	struct command *c = start_step(&fails, "Unscaled");

	assert_scaling("Unscaled", 1, "EvtAdapterReceiveScalingEnable failed (0xc00000bb)");
	says(RUN("restart"), "running");
	assert_scaling("Unscaled", 1, "EvtAdapterReceiveScalingEnable failed (0xc00000bb)");
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(
		c->stdout_text,
		"receive scaling stays off, queue 0 takes all packets: EvtAdapterReceiveScalingEnable"));
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ndis_speaks_first),
		cmocka_unit_test(oids_reach_the_driver),
		cmocka_unit_test(oids_that_make_no_sense),
		cmocka_unit_test(settings_last_and_count_after_a_restart),
		cmocka_unit_test(the_users_own_lines_stay),
		cmocka_unit_test(wrong_settings_are_refused),
		cmocka_unit_test(a_failed_restart_can_be_tried_again),
		cmocka_unit_test(many_restarts),
		cmocka_unit_test(removing_the_last_adapter_ends_the_host),
		cmocka_unit_test(surprise_removal_is_told_first),
		cmocka_unit_test(a_request_in_the_driver_ends_with_the_device),
		cmocka_unit_test(sleep_arms_and_wake_disarms),
		cmocka_unit_test(idle_in_s0),
		cmocka_unit_test(scaling_follows_its_keywords),
		cmocka_unit_test(surprise_removal_with_scaling),
		cmocka_unit_test(a_failed_scaling_is_told),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
