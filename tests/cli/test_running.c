/* SPDX-License-Identifier: MIT */
/* A host that runs: its events, its control socket, and how it ends. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "stage/random.h"

static struct command *start_step(const struct surroundings *around, const char *name)
{
	struct command *c = start(around, "run", "@step", "--log", "json", "--name", name, NULL);

	wait_for(c, "\"DeviceStarted\"");
	await_host(c, NULL);
	return c;
}

/* The event of that name, or NULL; the caller's. */
static json_t *event_of(const struct command *c, const char *name)
{
	char *text = strdup(c->stdout_text), *rest, *line;
	json_t *found = NULL;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *e = json_loads(line, 0, NULL);

		if (!e)
			fail_msg("not JSON: %s", line);
		if (strcmp(json_string_value(json_object_get(e, "name")), name) == 0) {
			json_decref(found);
			found = json_incref(e);
		}
		json_decref(e);
	}
	free(text);
	return found;
}

static void events_are_json_lines_in_order(void **state)
{
	static const char *const order[] = { "DriverEntry",
					     "EvtDriverDeviceAdd",
					     "EvtNetAdapterOffloadSetChecksum",
					     "EvtNetAdapterOffloadSetLso",
					     "NetAdapterStart",
					     "EvtDevicePrepareHardware",
					     "EvtDeviceD0Entry",
					     "EvtAdapterCreateTxQueue",
					     "EvtAdapterCreateRxQueue",
					     "DeviceStarted" };
	struct command *c = start_step(NULL, "Ethernet");
	const char *at = c->stdout_text;
	char quoted[64];
	json_t *e;

	assert_int_equal(stop(c), 0);
	assert_string_equal(c->stderr_text, "");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", order[i]);
		at = strstr(at, quoted);
		if (!at)
			fail_msg("%s is not in its place:\n%s", order[i], c->stdout_text);
	}
	e = event_of(c, "EvtNetAdapterOffloadSetLso");
	assert_true(json_is_true(json_object_get(e, "ipv4")));
	assert_true(json_is_false(json_object_get(e, "ipv6")));
	assert_int_equal(json_integer_value(json_object_get(e, "maximum_offload_size")), 60000);
	assert_string_equal(json_string_value(json_object_get(e, "adapter")), "Ethernet");
	assert_true(json_number_value(json_object_get(e, "time_ms")) > 0);
	json_decref(e);
	release(c);
}

/* LSO of IPv4 goes off only when *LsoV1IPv4 and *LsoV2IPv4 are both 0. */
static void keywords_decide_the_defaults(void **state)
{
	struct command *c =
		start(NULL, "run", "@step", "--log", "json", "--set", "*LsoV1IPv4=0", "--set",
		      "*LsoV2IPv4=0", "--set", "*IPChecksumOffloadIPv4=0", NULL);
	json_t *e;

	wait_for(c, "\"DeviceStarted\"");
	assert_int_equal(stop(c), 0);
	e = event_of(c, "EvtNetAdapterOffloadSetLso");
	assert_true(json_is_false(json_object_get(e, "ipv4")));
	json_decref(e);
	e = event_of(c, "EvtNetAdapterOffloadSetChecksum");
	assert_true(json_is_false(json_object_get(e, "ipv4")));
	assert_true(json_is_true(json_object_get(e, "tcp")));
	json_decref(e);
	release(c);
}

static json_t *show(const char *name)
{
	struct command *c = RUN("show", name, "--json");
	json_t *all = json_loads(c->stdout_text, 0, NULL), *one;

	assert_int_equal(c->code, 0);
	assert_int_equal(json_array_size(json_object_get(all, "adapters")), 1);
	one = json_incref(json_array_get(json_object_get(all, "adapters"), 0));
	json_decref(all);
	release(c);
	return one;
}

static bool is_on(json_t *adapter, const char *set, const char *group, const char *member)
{
	json_t *s = json_object_get(json_object_get(adapter, "offloads"), set);
	json_t *value = json_object_get(json_object_get(s, group), member);

	assert_true(json_is_boolean(value));
	return json_is_true(value);
}

static void show_shows_what_runs(void **state)
{
	struct command *c = start_step(NULL, "First"), *text;
	json_t *a = show("First");

	assert_string_equal(json_string_value(json_object_get(a, "state")), "running");
	assert_int_equal(json_integer_value(json_object_get(a, "mtu")), 1500);
	assert_string_equal(json_string_value(json_object_get(a, "mac")), "02:00:00:00:00:09");
	assert_true(json_is_true(json_object_get(json_object_get(a, "link"), "up")));
	assert_true(is_on(a, "hardware", "lso", "ipv4"));
	assert_false(is_on(a, "hardware", "lso", "ipv6"));
	assert_true(is_on(a, "active", "checksum", "tcp"));
	assert_int_equal(json_array_size(json_object_get(a, "queues")), 2);
	assert_non_null(json_object_get(json_object_get(a, "counters"), "tx_lso_segments"));
	json_decref(a);

	text = RUN("show");
	assert_non_null(strstr(text->stdout_text, "First: running"));
	assert_non_null(strstr(text->stdout_text, "tx_packets: 0"));
	release(text);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void offload_reaches_the_driver(void **state)
{
	struct command *c = start_step(NULL, "Nic"), *o;
	json_t *a;

	o = RUN("offload", "Nic", "--lso-v4", "off", "--checksum-tcp", "off");
	assert_int_equal(o->code, 0);
	assert_non_null(strstr(o->stdout_text, "LSO IPv4"));
	release(o);
	a = show("Nic");
	assert_false(is_on(a, "active", "lso", "ipv4"));
	assert_false(is_on(a, "active", "checksum", "tcp"));
	assert_true(is_on(a, "active", "checksum", "ipv4"));
	assert_true(is_on(a, "default", "lso", "ipv4"));
	json_decref(a);

	o = RUN("offload", "--lso-v4", "on", "--json");
	a = json_loads(o->stdout_text, 0, NULL);
	assert_true(json_is_true(
		json_object_get(json_object_get(json_object_get(a, "active"), "lso"), "ipv4")));
	json_decref(a);
	release(o);

	/* The hardware has no IPv6: NDIS does not ask for it. */
	expect(RUN("offload", "--lso-v6", "on"), 1, "the hardware does not do LSO for IPv6");
	expect(RUN("offload", "--uso-v4", "on"), 1, "the hardware does not do USO for IPv4");
	expect(RUN("offload", "--rsc-v6", "on"), 1, "the hardware does not do RSC for IPv6");
	/* One bit of 1.3's is both directions and families. */
	expect(RUN("offload", "--tx-checksum-tcp-v4", "off"), 1,
	       "tx_checksum_tcp_v4: a driver for NetAdapterCx 1.3 knows one setting for both directions");
	o = RUN("offload", "Other");
	assert_int_equal(o->code, 1);
	assert_non_null(strstr(o->stderr_text, "there is no adapter \"Other\"; there is\n  Nic"));
	release(o);
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(c->stdout_text, "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG"));
	release(c);
}

static void several_hosts_are_told_apart(void **state)
{
	struct command *a = start_step(NULL, "A"), *b = start_step(NULL, "B"), *c;
	char pid[32];

	c = RUN("offload");
	assert_int_equal(c->code, 1);
	assert_non_null(strstr(c->stderr_text, "several adapters"));
	assert_non_null(strstr(c->stderr_text, "  A "));
	assert_non_null(strstr(c->stderr_text, "  B "));
	release(c);
	snprintf(pid, sizeof(pid), "%ld", (long)b->pid);
	c = RUN("offload", pid, "--lso-v4", "off");
	assert_int_equal(c->code, 0);
	assert_non_null(strstr(c->stdout_text, "B\n"));
	release(c);
	assert_int_equal(stop(a), 0);
	assert_int_equal(stop(b), 0);
	release(a);
	release(b);
}

static void events_are_followed(void **state)
{
	struct command *c = start_step(NULL, "Nic");
	struct command *json = start(NULL, "events", "--json", "--history", NULL);
	struct command *text = start(NULL, "events", "Nic", NULL);

	wait_for(json, "\"DeviceStarted\"");
	/* Without the history a follower says nothing before something happens. */
	for (int i = 0; i < 40 && !comes(text, "CURRENT_CONFIG", 500); i++)
		release(RUN("offload", "--lso-v4", i % 2 ? "on" : "off"));
	wait_for(text, "CURRENT_CONFIG");
	wait_for(json, "CURRENT_CONFIG");
	assert_null(strstr(text->stdout_text, "DriverEntry"));
	assert_int_equal(stop(text), 0);
	assert_int_equal(stop(c), 0);
	/* The host's end is the follower's; the last events arrive before it. */
	assert_int_equal(finish(json), 0);
	assert_non_null(strstr(json->stdout_text, "DriverUnloaded"));
	release(json);
	release(text);
	release(c);
}

static int connect_to(const struct command *c)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	socket_path(c, address.sun_path, sizeof(address.sun_path));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void garbage_on_the_socket_does_no_harm(void **state)
{
	static const char requests[] = "{]\n{\"op\":\"fly\"}\n"
				       "{\"op\":\"offload\",\"lso_v4\":7}\n"
				       "{\"op\":\"show\",\"adapter\":[]}\n"
				       "{\"op\":\"show\"}\n";
	struct command *c = start_step(NULL, "Nic");
	int fd = connect_to(c), noise = connect_to(c);
	char reply[65536] = "", bytes[70000];
	size_t length = 0;
	struct random r = { 3 };

	random_fill(&r, bytes, sizeof(bytes));
	for (size_t sent = 0; sent < sizeof(bytes);) {
		ssize_t n = send(noise, bytes + sent, sizeof(bytes) - sent, MSG_NOSIGNAL);

		assert_true(n > 0);
		sent += (size_t)n;
		/* Replies are read, or the host stops reading. */
		while (recv(noise, reply, sizeof(reply), MSG_DONTWAIT) > 0)
			;
	}
	close(noise);
	assert_int_equal(send(fd, requests, strlen(requests), MSG_NOSIGNAL), strlen(requests));
	memset(reply, 0, sizeof(reply));
	while (!strstr(reply, "\"ok\"")) {
		ssize_t n = recv(fd, reply + length, sizeof(reply) - 1 - length, 0);

		assert_true(n > 0);
		length += (size_t)n;
	}
	assert_non_null(strstr(reply, "no such op"));
	assert_non_null(strstr(reply, "lso_v4: on, off or same"));
	assert_non_null(strstr(reply, "is a name"));
	close(fd);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void both_signals_end_it_cleanly(void **state)
{
	struct command *c = start_step(NULL, "Nic");
	char path[256];

	socket_path(c, path, sizeof(path));
	assert_int_equal(access(path, F_OK), 0);
	kill(c->pid, SIGTERM);
	assert_int_equal(finish(c), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	release(c);
}

/* NetDeviceRequestReset of 2.x: diagnostics, then the device comes anew, and the run goes on. */
static void a_driver_may_have_its_device_reset(void **state)
{
	struct command *c = start(NULL, "run", "@reset", "--log", "json", NULL);

	wait_for(c, "reset: start 2");
	kill(c->pid, SIGTERM);
	assert_int_equal(finish(c), 0);
	assert_non_null(strstr(c->stdout_text, "{6B0A1B5E-0C1D-4F7A-9C2E-8D1F00112233}"));
	assert_non_null(strstr(c->stdout_text, "\"dead\""));
	assert_non_null(strstr(c->stdout_text, "\"NetDeviceRequestReset\""));
	assert_null(strstr(c->stdout_text, "reset: start 3"));
	assert_non_null(
		strstr(c->stderr_text,
		       "violation 84 PlatformLevelDeviceResetPerformed in NetDeviceRequestReset"));
	release(c);
}

static void a_signal_while_it_comes_up_waits_for_the_driver(void **state)
{
	const struct surroundings slow = { .step = "Slow" };
	struct command *c = start(&slow, "run", "@step", "--log", "json", NULL);

	wait_for(c, "\"NetAdapterCreate\"");
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	release(c);
}

/* Signals that come close together are one wish, and a busy machine may see them so: until it ends.
 */
static void signal_until_it_ends(const struct command *c)
{
	siginfo_t info = { 0 };

	for (int i = 0; i < 60 && !info.si_pid; i++) {
		kill(c->pid, SIGINT);
		usleep(300000);
		assert_int_equal(waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT),
				 0);
	}
}

/* A driver that never comes back: the second signal ends without it. */
static void a_second_signal_does_not_wait(void **state)
{
	static const char *const steps[] = { "Hang", "KeepPackets" };

	for (int i = 0; i < 2; i++) {
		const struct surroundings around = { .step = steps[i] };
		struct command *c = start(&around, "run", "@step", "--log", "json", NULL);
		char path[256];

		wait_for(c, i == 0 ? "\"EvtDriverDeviceAdd\"" : "\"DeviceStarted\"");
		signal_until_it_ends(c);
		assert_int_equal(finish(c), 130);
		assert_non_null(strstr(c->stderr_text, "the driver was not waited for"));
		socket_path(c, path, sizeof(path));
		assert_int_equal(access(path, F_OK), -1);
		release(c);
	}
}

static void a_log_that_nobody_reads_does_not_stop_it(void **state)
{
	struct command *c = start_step(NULL, "Nic"), *o;

	close(c->out);
	c->out = -1;
	for (int i = 0; i < 20; i++) {
		o = RUN("offload", "--lso-v4", i % 2 ? "on" : "off");
		assert_int_equal(o->code, 0);
		release(o);
	}
	assert_int_equal(stop(c), 0);
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_json_lines_in_order),
		cmocka_unit_test(keywords_decide_the_defaults),
		cmocka_unit_test(show_shows_what_runs),
		cmocka_unit_test(offload_reaches_the_driver),
		cmocka_unit_test(several_hosts_are_told_apart),
		cmocka_unit_test(events_are_followed),
		cmocka_unit_test(garbage_on_the_socket_does_no_harm),
		cmocka_unit_test(both_signals_end_it_cleanly),
		cmocka_unit_test(a_driver_may_have_its_device_reset),
		cmocka_unit_test(a_signal_while_it_comes_up_waits_for_the_driver),
		cmocka_unit_test(a_second_signal_does_not_wait),
		cmocka_unit_test(a_log_that_nobody_reads_does_not_stop_it),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
